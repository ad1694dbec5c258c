"""What a function is called that nothing names."""

import tomllib
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_regular_text


def plain_name(place: Path) -> str:
    """The name of a folder's project, which is the same wherever it lies; else that of the folder."""
    project = place / "pyproject.toml"
    try:
        table: dict[str, Any] = tomllib.loads(read_regular_text(project)) if project.is_file() else {}
    except (OSError, ValueError, RecursionError):
        table = {}
    own, tools = table.get("project"), table.get("tool", {})
    poetry = tools.get("poetry") if isinstance(tools, dict) else None
    names = [rows.get("name") for rows in (own, poetry) if isinstance(rows, dict)]
    said = [str(name) for name in names if isinstance(name, str) and name]
    return said[0] if said else place.name or "function"
