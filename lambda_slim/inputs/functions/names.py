"""What a function is called that nothing names."""

import tomllib
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_regular_text
from lambda_slim.formats.tables import as_table, table_at


def plain_name(place: Path) -> str:
    """The name of a folder's project, which is the same wherever it lies; else that of the folder."""
    table = _project_table(place / "pyproject.toml")
    poetry = table_at(table, "tool", "poetry")
    for name in (as_table(table.get("project")).get("name"), poetry.get("name")):
        if isinstance(name, str) and name:
            return name
    return place.name or "function"


def _project_table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_regular_text(path)) if path.is_file() else {}
    except (OSError, ValueError, RecursionError):
        return {}
