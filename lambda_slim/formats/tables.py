"""Parts of documents that were parsed; a broken document may have anything in their place."""

from typing import Any


def as_table(value: Any) -> dict[str, Any]:
    """A table as it is; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """A list as it is; anything else is an empty one."""
    return value if isinstance(value, list) else []


def as_rows(value: Any) -> list[dict[str, Any]]:
    """The tables of a list; anything else is left out."""
    return [row for row in as_list(value) if isinstance(row, dict)]
