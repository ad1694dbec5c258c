"""The project's own metadata: its code may ask for its version although the project is not installed."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lambda_slim.base.cache import digest, entry
from lambda_slim.base.files import read_regular, read_regular_text, write_text
from lambda_slim.formats.names import normalise
from lambda_slim.formats.tables import as_table, as_text
from lambda_slim.model.file import FIRST_PARTY, File, FileKind

_ASKS = re.compile(rb"importlib[._]metadata|pkg_resources")
_DEPTH = 4  # folders above the function's that may have the project file


def own_metadata(own: Mapping[str, File], installed: Iterable[str], source: Path, root: Path) -> File | None:
    """The METADATA of the project, where first-party code asks for it by name and nothing installed has that name.

    Args:
        own: First-party files by package path.
        installed: Package paths of what is installed.
        source: The function's folder.
        root: The project's folder; a pyproject.toml above it is another project's.

    Returns:
        A file in the cache; None where nobody asks, or where the project file does not say name and version.
    """
    name, version = _project(source, root)
    if not (name and version and _is_asked_for(name, own)):
        return None
    folder = f"{normalise(name).replace('-', '_')}-{version}.dist-info"
    if normalise(name) in _installed_names(installed) or f"{folder}/METADATA" in own:
        return None
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    place = entry("own-metadata", digest(text))
    if not place.is_file():
        write_text(place, text)
    return File(f"{folder}/METADATA", place, len(text.encode()), FIRST_PARTY, FileKind.METADATA)


def _is_asked_for(name: str, own: Mapping[str, File]) -> bool:
    sources = (file for file in own.values() if file.kind is FileKind.SOURCE)
    return any(_asks(file, name.encode()) for file in sources)


def _installed_names(paths: Iterable[str]) -> set[str]:
    """The normalised names of the distributions whose metadata is among some package paths."""
    folders = {path.partition(".dist-info/")[0] for path in paths if ".dist-info/" in path}
    return {normalise(folder.rpartition("-")[0]) for folder in folders}


def _asks(file: File, name: bytes) -> bool:
    try:
        data = read_regular(file.source)
    except OSError:
        return False
    spelled = rb"[-_.]+".join(map(re.escape, re.split(rb"[-_.]+", name)))
    asked = re.search(rb"""["']""" + spelled + rb"""["']""", data, re.IGNORECASE) or b"__package__" in data
    return bool(_ASKS.search(data) and (asked or b"__name__" in data))


def _project(source: Path, root: Path) -> tuple[str, str]:
    """Name and version of the nearest project file at or above a folder; "" where it does not say them."""
    for count, folder in enumerate((source, *source.parents)):
        path = folder / "pyproject.toml"
        if path.is_file():
            table = _table_of(path)
            poetry = _table(_table(table, "tool"), "poetry")
            rows = ({**poetry, **_table(table, "project")}.get(key) for key in ("name", "version"))
            name, version = (as_text(row) for row in rows)
            return name, version
        if count >= _DEPTH or folder == root or not folder.is_relative_to(root):
            break
    return "", ""


def _table_of(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_regular_text(path))
    except (OSError, ValueError, RecursionError):
        return {}


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    return as_table(table.get(key))
