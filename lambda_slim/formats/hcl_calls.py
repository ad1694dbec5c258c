"""Functions of Terraform's language that need nothing but their arguments."""

from collections.abc import Callable
from itertools import chain
from typing import Any

from lambda_slim.formats.hcl_value import shown
from lambda_slim.formats.tables import UNKNOWN


def _format(pattern: str, *values: Any) -> str:
    return pattern.replace("%v", "%s").replace("%q", '"%s"') % tuple(values)


def _lookup(table: dict[str, Any], key: Any, otherwise: Any = UNKNOWN) -> Any:
    return table.get(shown(key), otherwise)


def _merge(*tables: Any) -> Any:
    return {key: value for table in tables if table for key, value in table.items()}


def _flatten(rows: list[Any]) -> list[Any]:
    return list(chain.from_iterable(_flatten(row) if isinstance(row, list) else [row] for row in rows))


def _unique(rows: list[Any]) -> list[Any]:
    return [row for place, row in enumerate(rows) if row not in rows[:place]]


_CALLS: dict[str, Callable[..., Any]] = {
    "format": _format,
    "join": lambda sign, *rows: sign.join(map(shown, _flatten(list(rows)))),
    "split": lambda sign, text: text.split(sign),
    "lower": lambda text: text.lower(),
    "upper": lambda text: text.upper(),
    "title": lambda text: text.title(),
    "replace": lambda text, old, new: text.replace(old, new),
    "trimsuffix": lambda text, end: text.removesuffix(end),
    "trimprefix": lambda text, start: text.removeprefix(start),
    "trimspace": lambda text: text.strip(),
    "basename": lambda path: path.rpartition("/")[2],
    "dirname": lambda path: path.rpartition("/")[0] or ".",
    "abspath": lambda path: path,
    "pathexpand": lambda path: path,
    "lookup": _lookup,
    "merge": _merge,
    "concat": lambda *lists: list(chain(*lists)),
    "keys": sorted,
    "values": lambda table: [table[key] for key in sorted(table)],
    "element": lambda rows, index: rows[int(index) % len(rows)],
    "length": len,
    "contains": lambda rows, value: value in rows,
    "distinct": _unique,
    "flatten": _flatten,
    "toset": _unique,
    "tolist": lambda rows: rows,
    "tomap": lambda table: table,
    "tostring": shown,
    "tonumber": int,
    "zipmap": lambda keys, values: dict(zip(map(shown, keys), values, strict=False)),
    "compact": lambda rows: [row for row in rows if row not in (None, "")],
    "sensitive": lambda value: value,
    "nonsensitive": lambda value: value,
}


def call(name: str, values: list[Any]) -> Any:
    """What a function gives; `UNKNOWN` where it is not known, or one of its arguments is not."""
    if name in ("coalesce", "try"):
        empty = (UNKNOWN, None, "") if name == "coalesce" else (UNKNOWN,)
        return next((value for value in values if value not in empty), UNKNOWN)
    if name not in _CALLS or UNKNOWN in values:
        return UNKNOWN
    try:
        return _CALLS[name](*values)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ZeroDivisionError):
        return UNKNOWN
