"""By what a zip or folder that lambda-slim built is known without its manifest."""

import zipfile
from itertools import islice
from pathlib import Path
from posixpath import basename, dirname, join

from lambda_slim.base.files import is_odd
from lambda_slim.formats.pyc import parse_pyc

GUARD = "_lambda_slim_guard."  # at the root of a package that leaves modules out
_DATE = (1980, 1, 1, 0, 0, 0)
_HEADER = 16  # bytes of a .pyc before its code
_LARGEST = 4 << 20  # bytes of bytecode that is read
_BYTECODE = ("*.pyc", "__pycache__/*.pyc", "*/*.pyc", "*/__pycache__/*.pyc")
_MOST = 200  # files of bytecode in a folder that are looked at
_TASK = b"/var/task/"  # where Lambda puts a package


def is_own_zip(path: Path) -> bool:
    """Whether a zip has what only lambda-slim puts into one: its guard, or bytecode as it is compiled for Lambda."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            return any(entry.filename.startswith(GUARD) for entry in entries) or _has_bytecode(archive, entries)
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, NotImplementedError):
        return False


def _has_bytecode(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> bool:
    """Whether the smallest bytecode is never held against its source, has our date, and names its place on Lambda."""
    compiled = [entry for entry in entries if entry.filename.endswith(".pyc") and entry.file_size <= _LARGEST]
    if not compiled:
        return False
    entry = min(compiled, key=lambda row: (row.file_size, row.filename))
    if entry.date_time != _DATE:
        return False
    return _is_own_bytecode(entry.filename, archive.read(entry))


def is_own_folder(folder: Path) -> bool:
    """The same of a folder; only the bytecode that lies near its root is looked at."""
    try:
        if any(folder.glob(f"{GUARD}*")):
            return True
        places = (place for pattern in _BYTECODE for place in folder.glob(pattern) if not is_odd(place))
        return any(_is_own_file(folder, place) for place in islice(places, _MOST))
    except OSError:
        return False


def _is_own_file(folder: Path, place: Path) -> bool:
    with place.open("rb") as file:
        data = file.read(_HEADER)
        header = parse_pyc(data)
        if header is None or header.kind != "unchecked-hash":
            return False
        return _is_own_bytecode(place.relative_to(folder).as_posix(), data + file.read(_LARGEST))


def _is_own_bytecode(name: str, data: bytes) -> bool:
    """Whether bytecode is never held against its source, and names its place on Lambda."""
    header = parse_pyc(data)
    if header is None or header.kind != "unchecked-hash":
        return False
    return _TASK + _source(name).encode("utf-8", "surrogateescape") in data


def _source(name: str) -> str:
    """`a/__pycache__/b.cpython-312.pyc`, or `a/b.pyc`, to `a/b.py`."""
    folder, base = dirname(name), basename(name)
    if basename(folder) == "__pycache__":
        folder, base = dirname(folder), base.partition(".")[0]
    return join(folder, f"{base.removesuffix('.pyc')}.py")
