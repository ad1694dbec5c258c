"""A package that exists already: a zip or folder that any tool built, read safely."""

import atexit
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lambda_slim.base.errors import PackageError, error_text
from lambda_slim.inputs.zips import DAMAGE, files_of, read_zip, shown

_TAG = re.compile(r"\.cpython-3(\d+)-(?:(x86_64|aarch64)-linux|darwin)")
_PYC = re.compile(r"\.cpython-3(\d+)\.pyc$")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a package says of its target; "" where it says nothing."""

    python: str
    architecture: str


def unpack(path: Path, folder: Path) -> None:
    """Unpacks a zip into an empty folder, files 0644 or 0755.

    Raises:
        PackageError: see `read_zip`; or an entry is damaged or larger than it says.
    """
    with read_zip(path) as file:
        for name, entry in files_of(path, file).items():
            place = folder / name
            with _place(path, entry, place) as out:
                try:
                    with file.open(entry) as source:
                        shutil.copyfileobj(source, out, 1 << 20)
                except DAMAGE as error:
                    raise PackageError(
                        f"`{path.name}` is damaged",
                        cause=f"{shown(entry.filename)}: {error}",
                        hint="build or download it again",
                    ) from error
            if entry.external_attr >> 16 & 0o111:
                place.chmod(0o755)


@contextmanager
def _place(path: Path, entry: zipfile.ZipInfo, place: Path) -> Iterator[IO[bytes]]:
    """The file that an entry is written to."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as out:
            yield out
    except OSError as error:
        raise PackageError(
            f"`{path.name}` cannot be unpacked",
            cause=f"{shown(entry.filename)}: {error_text(error)}",
            hint="two of its names clash, a name is too long, or the temporary folder is full (TMPDIR names another)",
        ) from error


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """The unpacked folder of a package: a folder as it is, a zip in a temporary folder.

    Raises:
        PackageError: see `unpack`.
    """
    if path.is_dir():
        yield path
        return
    folder = Path(tempfile.mkdtemp(prefix="lambda-slim-"))
    try:
        unpack(path, folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unpacked(path: Path) -> Path:
    """Like `opened`, for the rest of the process."""
    if path.is_dir():
        return path
    context = opened(path)
    folder = context.__enter__()
    atexit.register(context.__exit__, None, None, None)
    return folder


def recognise(folder: Path) -> Recognised:
    """The Python and the architecture that a package's compiled modules are for."""
    return recognised((path.name, path) for path in folder.rglob("*"))


def recognised(files: Iterable[tuple[str, Path | bytes]]) -> Recognised:
    """As `recognise`, of names with where their bytes are, or the bytes themselves."""
    python = architecture = ""
    for path, data in files:
        name = path.rpartition("/")[2]
        if tag := _TAG.search(name):
            python = f"3.{tag[1]}"
            if tag[2]:
                return Recognised(python, "arm64" if tag[2] == "aarch64" else "x86_64")
        if not python and (pyc := _PYC.search(name)):
            python = f"3.{pyc[1]}"
        if not architecture and name.endswith(".so") and (head := _head(data))[:4] == b"\x7fELF":
            architecture = {62: "x86_64", 183: "arm64"}.get(int.from_bytes(head[18:20], "little"), "")
    return Recognised(python, architecture)


def _head(data: Path | bytes) -> bytes:
    if isinstance(data, bytes):
        return data[:20]
    if not data.is_file():
        return b""
    with data.open("rb") as file:
        return file.read(20)
