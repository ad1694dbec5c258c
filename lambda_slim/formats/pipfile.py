"""What Pipfile and Pipfile.lock ask for, as lines of a requirements file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def lock_lines(lock: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """The `default` packages of a Pipfile.lock, each in its version; where nothing is locked, none.

    Args:
        lock: Pipfile.lock.
        folder: Where relative paths begin.
    """
    yield from _lines(lock.get("default"), folder)


def pipfile_lines(pipfile: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """The `packages` of a Pipfile, which says what may be installed and locks nothing."""
    yield from _lines(pipfile.get("packages"), folder)


def _lines(packages: object, folder: Path) -> Iterator[str]:
    for name, spec in packages.items() if isinstance(packages, dict) else ():
        table = spec if isinstance(spec, dict) else {"version": spec}
        extras = ",".join(str(one) for one in table.get("extras", ()))
        head = f"{name}[{extras}]" if extras else name
        marker = f" ; {table['markers']}" if table.get("markers") else ""
        version = str(table.get("version", "*"))
        yield f"{head}{_place(table, folder) or ('' if version == '*' else version)}{marker}"


def _place(table: Mapping[str, Any], folder: Path) -> str:
    if git := table.get("git"):
        return f" @ git+{git}" + (f"@{table['ref']}" if table.get("ref") else "")
    if path := table.get("path") or table.get("file"):
        text = str(path)
        return f" @ {text}" if "://" in text else f" @ {(folder / text).resolve().as_uri()}"
    return ""
