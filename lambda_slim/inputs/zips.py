"""Zips that any tool built, read safely: no entry leads out of the zip, and its size has a limit."""

import errno
import os
import posixpath
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

import deflate

from lambda_slim.base.errors import PackageError
from lambda_slim.formats.zip_layout import layout_fault

# Lambda takes 250 MiB unzipped; a package may be looked at because it is over that, but not without end.
MOST_BYTES = 2 * 1024**3
MOST_FILES = 200_000
MOST_RATIO = 200  # deflate cannot do better than 1032; real packages stay below 20 as a whole

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error)

# `C:\\x` and `C:/x` lead to a drive; `a:b.py` is a file's name but on Windows.
_DRIVE = re.compile(r"[A-Za-z]:" if os.name == "nt" else r"[A-Za-z]:[/\\]")


def check_names(names: list[str]) -> None:
    """Refuses names that would leave the folder that they are unpacked into.

    Raises:
        PackageError: an absolute name, one with `..`, a drive letter or a NUL.
    """
    for name in names:
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if name.startswith(("/", "\\")) or ".." in parts or "\0" in name or _DRIVE.match(name):
            raise PackageError(
                "the zip has a name that leads out of it",
                cause=f"`{name[:80]}`",
                hint="Lambda would refuse it too; build it again",
            )


def _check_entries(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    check_names([entry.filename for entry in entries])
    if any(entry.flag_bits & 1 for entry in entries):
        raise PackageError(
            f"`{path.name}` is encrypted",
            cause="at least one of its files has a password",
            hint="Lambda cannot unpack it; build it without a password",
        )
    _check_size(path, entries)


def _check_size(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    packed = max(1, path.stat().st_size)
    if total > MOST_BYTES or len(entries) > MOST_FILES or (total > 64 * 1024**2 and total / packed > MOST_RATIO):
        raise PackageError(
            f"`{path.name}` unpacks to {total} bytes in {len(entries)} files",
            cause="it looks like a zip bomb",
            hint="Lambda's limit is 262144000 bytes",
        )


def read_zip(path: Path) -> zipfile.ZipFile:
    """Opens a zip after looking at its directory.

    Raises:
        PackageError: not a zip, truncated, encrypted, too large, or with names or entries that are not safe.
    """
    try:
        if not path.is_file():  # a pipe would be waited for
            raise FileNotFoundError(errno.ENOENT, "there is no such file", str(path))
        file = zipfile.ZipFile(path)
    except (
        OSError,
        struct.error,
        OverflowError,
        MemoryError,
        zipfile.BadZipFile,
        ValueError,
        NotImplementedError,
    ) as error:
        raise PackageError(
            f"`{path.name}` cannot be read as a zip",
            cause=str(error) or "truncated or not a zip",
            hint="build or download it again",
        ) from error
    try:
        _check_entries(path, file.infolist())
        _check_layout(path, file)
    except PackageError:
        file.close()
        raise
    return file


def _check_layout(path: Path, file: zipfile.ZipFile) -> None:
    with path.open("rb") as raw:
        fault = layout_fault(raw, path.stat().st_size, file.infolist(), file.start_dir)
    if fault:
        raise PackageError(
            f"`{path.name}` is damaged or made to deceive",
            cause=fault,
            hint="what unpacks it may see another package; build or download it again",
        )


_UNIX = 3  # zips of this system have modes (APPNOTE 4.4.2)


def is_hidden(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry's mode lets nobody but the owner read it."""
    return entry.create_system == _UNIX and not entry.external_attr >> 16 & 0o004


def files_of(path: Path, file: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Every file of a zip by its name, links followed: what is behind a link has the link's name as well.

    Raises:
        PackageError: a link leads out of the zip, or there is too much behind the links.
    """
    every = _by_name(file.infolist())
    links = {name: entry for name, entry in every.items() if stat.S_ISLNK(entry.external_attr >> 16)}
    files = {name: entry for name, entry in every.items() if name not in links}
    leads = {name: _target(path, name, file.read(entry)) for name, entry in links.items()}
    while behind := _all_behind(leads, files):
        for name, more in behind.items():
            files |= more
            del leads[name]
        _check_size(path, list(files.values()))
    return files  # what is left in `leads` leads to nothing


def _by_name(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    return {posixpath.normpath(row.filename.replace("\\", "/")): row for row in entries if not row.is_dir()}


def _all_behind(
    leads: Mapping[str, str], files: Mapping[str, zipfile.ZipInfo]
) -> dict[str, dict[str, zipfile.ZipInfo]]:
    """What is behind each link, as far as it leads to files."""
    return {name: more for name, target in leads.items() if (more := _behind(name, target, files))}


def _target(path: Path, name: str, data: bytes) -> str:
    """Where a link leads, as a name of the zip."""
    text = data.decode("utf-8", "surrogateescape")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), text))
    if text.startswith("/") or target.startswith("..") or target == "." or f"{name}/".startswith(f"{target}/"):
        raise PackageError(
            f"`{path.name}` has a link that leads out of it",
            cause=f"{shown(name)} -> {shown(text)}",
            hint="build it with the links followed",
        )
    return target


def _behind(name: str, target: str, files: Mapping[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if target in files:
        return {name: files[target]}
    return {name + path[len(target) :]: entry for path, entry in files.items() if path.startswith(f"{target}/")}


def shown(name: str) -> str:
    """A name of a zip as messages show it."""
    return name if len(name) <= 80 else f"{name[:80]}…"


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every file of a zip, in its order; nothing is unpacked to disk.

    Raises:
        PackageError: see `unpack`.
    """
    with read_zip(path) as file, path.open("rb") as raw:
        entries = files_of(path, file)
        _check_places(path, list(entries))
        for name, entry in entries.items():
            try:
                yield name, _inflated(file, raw, entry)
            except (*DAMAGE, deflate.DeflateError, OSError) as error:
                raise PackageError(
                    f"`{path.name}` is damaged", cause=f"{shown(name)}: {error}", hint="build or download it again"
                ) from error


def _check_places(path: Path, names: list[str]) -> None:
    """Refuses what no file system takes: a file that is a folder too, a name that is too long."""
    files = set(names)
    for name in names:
        parts = name.split("/")
        clash = next((above for n in range(1, len(parts)) if (above := "/".join(parts[:n])) in files), "")
        if clash or any(len(part.encode("utf-8", "surrogateescape")) > 255 for part in parts):
            raise PackageError(
                f"`{path.name}` cannot be unpacked",
                cause=f"{shown(name)}: " + (f"`{clash}` is a file" if clash else "the name is too long"),
                hint="Lambda could not unpack it either; rename the file, and build it again",
            )


def _inflated(file: zipfile.ZipFile, raw: IO[bytes], entry: zipfile.ZipInfo) -> bytes:
    """One file's bytes; libdeflate is twice as quick as zlib."""
    if entry.compress_type != zipfile.ZIP_DEFLATED or not entry.file_size:
        return file.read(entry)
    raw.seek(entry.header_offset)
    head = raw.read(30)
    raw.seek(sum(struct.unpack("<HH", head[26:30])), 1)  # past the name and the extra field
    packed = raw.read(entry.compress_size)
    data = bytes(deflate.deflate_decompress(packed, entry.file_size))
    if len(data) != entry.file_size or zlib.crc32(data) != entry.CRC:
        raise zipfile.BadZipFile("its checksum is wrong")
    return data
