"""Parts of documents that were parsed; a broken document may have anything in their place."""

from collections.abc import Iterable, Mapping
from typing import Any

MOST_NUMBER = 1_000_000
UNKNOWN = "(unknown)"  # stands for a value that only the deployment knows


def as_table(value: Any) -> dict[str, Any]:
    """A table as it is; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """A list as it is; anything else is an empty one."""
    return value if isinstance(value, list) else []


def as_several(value: Any) -> list[Any]:
    """A list as it is; anything else is a list of it alone."""
    return value if isinstance(value, list) else [value]


def as_given(value: Any) -> list[Any]:
    """The values that are given: of a list all, of None none, of anything else it alone."""
    return [] if value is None else as_several(value)


def as_text(value: Any) -> str:
    """A text as it is; anything else is an empty one."""
    return value if isinstance(value, str) else ""


def text_at(table: Mapping[str, Any], key: str, default: str = "") -> str:
    """An entry as text; the default where it is not there, or nothing."""
    return str(table.get(key) or default)


def sure_text(value: Any) -> str:
    """A text as it is; anything else is `UNKNOWN`."""
    return value if isinstance(value, str) else UNKNOWN


def texts_among(values: Iterable[Any]) -> list[str]:
    """Those of some values that are texts."""
    return [value for value in values if isinstance(value, str)]


def first_of(value: Any) -> Any:
    """The first of a list that has any; anything else as it is."""
    return value[0] if isinstance(value, list) and value else value


def as_spec(value: Any) -> dict[str, Any]:
    """What a dependency asks for: a table as it is; anything else is its version."""
    return value if isinstance(value, dict) else {"version": value}


def known_text(value: Any) -> str | None:
    """A text that is known; None for anything else."""
    return value if isinstance(value, str) and value != UNKNOWN else None


def table_at(value: Any, *keys: str) -> dict[str, Any]:
    """The table at the end of some keys, of which each leads to a table; an empty one where it is not there.

    >>> table_at({"tool": {"uv": {"index": []}}}, "tool", "uv")
    {'index': []}
    """
    for key in keys:
        value = as_table(value).get(key)
    return as_table(value)


def as_number(value: Any, default: int) -> int:
    """A whole number of seconds or MiB, above 0 and up to a million; the default where it is none."""
    try:
        number = int(value) if isinstance(value, int | float) else int(str(value))
    except (ValueError, OverflowError):
        return default
    return number if 0 < number <= MOST_NUMBER else default


def as_rows(value: Any) -> list[dict[str, Any]]:
    """The tables of a list; anything else is left out."""
    return [row for row in as_list(value) if isinstance(row, dict)]
