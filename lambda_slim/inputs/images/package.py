"""An image as a package: the function's files in a folder, as they would lie in a zip."""

import atexit
import functools
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lambda_slim.base.errors import PackageError, error_text
from lambda_slim.base.files import read_regular
from lambda_slim.base.rows import total_size, values_by_key
from lambda_slim.formats.oci import ARCHITECTURES, ImageConfig
from lambda_slim.inputs.images.archive import ImageParts, image_parts, is_layout, opened_blobs
from lambda_slim.inputs.images.layers import read_folder, read_layers, take_files
from lambda_slim.inputs.images.recognise import (
    ImageKind,
    function_files,
    libc_of,
    libraries_of,
    recognise_image,
)
from lambda_slim.inputs.images.tree import ImageEntry, ImageTree
from lambda_slim.inputs.zips import MOST_BYTES, MOST_FILES
from lambda_slim.knowledge.modules import runtime_modules, unpromised_modules
from lambda_slim.model.image import ImageReport

_UNREAD = {".tar.xz": "unxz", ".tar.bz2": "bunzip2"}
_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.zst", ".oci", *_UNREAD)
_TOOLS = frozenset({"pip", "setuptools", "wheel", "_distutils_hack", "distutils-precedence", "pkg-resources"})
_CLIENT = frozenset({"awslambdaric", "simplejson", "snapshot-restore-py", "snapshot_restore_py", "python-dateutil"})
_GLIBC = re.compile(rb"release version (\d+)\.(\d+)")
_LARGEST_LIBC = 8 * 1024**2
_ROOTS = (("usr", "etc", "bin"), ("usr", "etc", "lib"), ("var/lang", "var/runtime"))  # signs of a root file system


@dataclass(frozen=True, slots=True)
class OpenedImage:
    """An image that was read.

    Attributes:
        folder: The function's files, for the rest of the process.
        architecture: As Lambda calls it.
        glibc: The version of its C library; (0, 0) where it is another one, or none.
        libraries: Names of all its shared libraries.
    """

    folder: Path
    kind: ImageKind
    config: ImageConfig
    architecture: str
    glibc: tuple[int, int]
    libraries: frozenset[str]
    report: ImageReport


def is_image(path: Path) -> bool:
    """Whether a path is a container image: a layout, a tar of one, or an unpacked root file system."""
    if path.is_file():
        return path.name.endswith(_SUFFIXES)
    return path.is_dir() and (is_layout(path) or _is_root(path))


def _is_root(path: Path) -> bool:
    return any(all((path / name).is_dir() for name in names) for names in _ROOTS)


@functools.cache
def open_image(path: Path, architecture: str | None = None) -> OpenedImage:
    """Reads an image; the function's files are copied to a temporary folder.

    Args:
        path: See `is_image`.
        architecture: Which image of several is meant.

    Raises:
        PackageError: it is damaged, not safe to read, or too large.
        NothingToDoError: there is no Python in it.
        UsageError: it is not clear which image is meant.
    """
    if path.is_dir() and not is_layout(path):
        tree = read_folder(path)
        return _opened(path, tree, None, (tree.size,))
    _check_packing(path)
    with opened_blobs(path) as blobs:
        parts = image_parts(blobs, path.name, architecture)
        tree, sizes = read_layers(parts, path.name)
        return _opened(path, tree, parts, sizes)


def _check_packing(path: Path) -> None:
    if tool := next((tool for ending, tool in _UNREAD.items() if path.name.endswith(ending) and path.is_file()), ""):
        raise PackageError(
            f"`{path.name}` is packed in a way that is not read",
            cause="gzip and Zstandard are",
            hint=f"{tool} it first",
        )


def _opened(path: Path, tree: ImageTree, parts: ImageParts | None, sizes: tuple[int, ...]) -> OpenedImage:
    config = parts.config if parts else ImageConfig()
    kind = recognise_image(tree, config, path.name)
    files = function_files(tree, kind, _of_base(kind))
    _check(path, files)
    folder = Path(tempfile.mkdtemp(prefix="lambda-slim-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    package = folder / "package"
    package.mkdir()
    wanted = values_by_key((entry, package / name) for name, entry in files.items())
    libc, beside = libc_of(tree), folder / "libc"
    for library in filter(None, [tree.file(libc)]):
        wanted.setdefault(library, []).append(beside)
    _copy(path, parts, wanted)
    glibc = _glibc(beside)
    function_bytes = total_size(files.values())
    report = ImageReport(
        base=kind.base,
        python=kind.python,
        libc=f"glibc {glibc[0]}.{glibc[1]}" if any(glibc) else "musl" if "musl" in libc else "",
        task_root=kind.task_root,
        layers=len(sizes),
        total_bytes=tree.size,
        base_bytes=max(0, tree.size - function_bytes),
        function_bytes=function_bytes,
        hidden_bytes=tree.hidden,
        packed_bytes=parts.packed if parts else 0,
    )
    machine = config.architecture or _machine(tree)
    return OpenedImage(package, kind, config, machine, glibc, libraries_of(tree), report)


def _of_base(kind: ImageKind) -> frozenset[str]:
    """Names of packages and distributions that a base has, for an image that does not show it as layers."""
    version = (3, int(kind.version.partition(".")[2]))
    given = runtime_modules(version) | unpromised_modules(version) | _CLIENT if kind.managed else frozenset()
    return _TOOLS | given


def _glibc(library: Path) -> tuple[int, int]:
    """What a C library says of itself."""
    try:
        match = _GLIBC.search(read_regular(library, _LARGEST_LIBC))
    except OSError:
        match = None
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _machine(tree: ImageTree) -> str:
    """The architecture by the names of folders and loaders."""
    names = {*tree.names("lib64"), *tree.names("lib"), *tree.names("usr/lib")}
    for name in names:
        for machine in ("x86_64", "x86-64", "aarch64"):
            if machine in name:
                return ARCHITECTURES[machine.replace("-", "_")]
    return ""


def _check(path: Path, files: Mapping[str, ImageEntry]) -> None:
    total = total_size(files.values())
    if total > MOST_BYTES or len(files) > MOST_FILES:
        raise PackageError(
            f"the function in `{path.name}` has {total} bytes in {len(files)} files",
            cause="its code and its distributions are taken together",
            hint="is the working directory the one of the code?",
        )


def _copy(path: Path, parts: ImageParts | None, wanted: Mapping[ImageEntry, list[Path]]) -> None:
    """Writes the bytes of files to their places."""
    places = {(entry.layer, entry.name): (entry, rows) for entry, rows in wanted.items()}

    def take(key: str, stream: IO[bytes]) -> None:
        layer, _, name = key.partition(":")
        entry, rows = places[int(layer), name]
        _write(stream, entry, rows)

    try:
        if parts:
            take_files(parts, places, take, path.name)
            return
        for entry, rows in wanted.items():
            with open(path / entry.name, "rb", opener=_no_links) as stream:
                _write(stream, entry, rows)
    except OSError as error:
        raise PackageError(
            f"`{path.name}` cannot be read",
            cause=f"`{error.filename or ''}`: {error_text(error)}",
            hint="check its rights, and the free space of the temporary folder (TMPDIR names another)",
        ) from error


def _no_links(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NOFOLLOW", 0))


def _write(stream: IO[bytes], entry: ImageEntry, rows: list[Path]) -> None:
    first, *others = rows
    first.parent.mkdir(parents=True, exist_ok=True)
    with first.open("wb") as out:
        shutil.copyfileobj(stream, out, 1 << 20)
    first.chmod((0o755 if entry.mode & 0o111 else 0o644) & (0o777 if entry.mode & 0o004 else 0o700))
    for other in others:
        other.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(first, other)
