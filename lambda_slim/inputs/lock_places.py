"""Where a distribution comes from, as uv.lock and as `[tool.uv.sources]` say it, so that the two can be compared."""

import posixpath
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lambda_slim.formats.names import normalise
from lambda_slim.formats.tables import as_rows, as_several, as_table

ANY = "a place of its own"  # a workspace, several places, or an address in the requirement itself
_FOLDERS = ("path", "directory", "editable", "virtual")
_KINDS = ("git", "url", *_FOLDERS)
_REVISIONS = ("rev", "tag", "branch", "subdirectory")


def is_own(place: str) -> bool:
    """Whether a place is no index."""
    return place == ANY or place.startswith(("git ", "url ", "path "))


def locked_place(row: Mapping[str, Any], *, exact: bool) -> str:
    """The place of a row of `requires-dist`; the address of its index, "" for the default one.

    Args:
        row: The row.
        exact: Whether it is compared with a place that is known.
    """
    kind = next((key for key in _KINDS if key in row), "")
    text = str(row.get(kind, ""))
    if not kind:
        return str(row.get("index", "")).rstrip("/")
    if not exact:
        return ANY
    if kind == "git":
        return _git(text, dict(parse_qsl(urlsplit(text).query)))
    return f"url {_address(text)}" if kind == "url" else f"path {posixpath.normpath(text)}"


def asked_place(name: str, tables: Sequence[tuple[Mapping[str, Any], str]]) -> str:
    """The place that a project's settings name for a distribution.

    Args:
        name: Normalised.
        tables: `[tool.uv]` of the project and of its workspace, each with its folder below that of the lock.
    """
    for uv, folder in tables:
        for key, entry in as_table(uv.get("sources")).items():
            rows = [row for row in as_several(entry) if isinstance(row, dict)]
            if rows and normalise(str(key)) == name:
                return _index(str(rows[0]["index"]), tables) if "index" in rows[0] else _own(rows, folder)
    return ""


def _index(name: str, tables: Sequence[tuple[Mapping[str, Any], str]]) -> str:
    indexes = {str(row.get("name")): str(row.get("url", "")) for uv, _ in tables for row in as_rows(uv.get("index"))}
    return indexes.get(name, "").rstrip("/")


def _own(rows: list[dict[str, Any]], folder: str) -> str:
    row = rows[0]
    if len(rows) > 1:
        return ANY
    if "git" in row:
        return _git(str(row["git"]), row)
    if "url" in row:
        return f"url {_address(str(row['url']))}"
    path = str(row.get("path", "/"))
    return ANY if posixpath.isabs(path) else f"path {posixpath.normpath(posixpath.join(folder, path))}"


def _git(address: str, said: Mapping[str, Any]) -> str:
    revision = urlencode([(key, str(said[key])) for key in _REVISIONS if said.get(key)])
    return f"git {_address(address).removesuffix('.git')}{revision and '?' + revision}"


def _address(text: str) -> str:
    """An address without its user, query and fragment."""
    parts = urlsplit(text)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))
