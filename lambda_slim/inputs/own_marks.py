"""By what a zip that lambda-slim built is known without its manifest."""

import zipfile
from pathlib import Path
from posixpath import basename, dirname, join

from lambda_slim.formats.pyc import parse_pyc

GUARD = "_lambda_slim_guard."  # at the root of a package that leaves modules out
_DATE = (1980, 1, 1, 0, 0, 0)
_LARGEST = 4 << 20  # bytes of bytecode that is read
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
    data = archive.read(entry)
    header = parse_pyc(data)
    return bool(header and header.kind == "unchecked-hash") and _TASK + _source(entry.filename).encode() in data


def _source(name: str) -> str:
    """`a/__pycache__/b.cpython-312.pyc`, or `a/b.pyc`, to `a/b.py`."""
    folder, base = dirname(name), basename(name)
    if basename(folder) == "__pycache__":
        folder, base = dirname(folder), base.partition(".")[0]
    return join(folder, f"{base.removesuffix('.pyc')}.py")
