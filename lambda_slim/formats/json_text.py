"""JSON from outside: one kind of error, however deep or long it is."""

import json
import math
import re
from typing import Any

from lambda_slim.formats.tables import as_table

_ODD = re.compile(
    r"[0-9]{19}|[0-9][eE]\+?[0-9]{3}|NaN|Infinity"
)  # text that may be a number which cannot be calculated with
_ODD_BYTES = re.compile(_ODD.pattern.encode())
_MOST = 1 << 63


def load_json(text: str | bytes, *, any_number: bool = False) -> Any:
    """The value of a JSON text; its whole numbers have 64 bits, its others are finite.

    Args:
        text: The text.
        any_number: Any number will do: nothing is reckoned with it.

    Raises:
        ValueError: it is no JSON, is nested too deeply, or has a number that is too large.
    """
    odd = not any_number and (_ODD.search(text) if isinstance(text, str) else _ODD_BYTES.search(text))
    try:
        if odd:
            return json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=_finite)
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _whole(text: str) -> int:
    if len(text) > 20 or not -_MOST <= int(text) < _MOST:
        raise ValueError("a number in it is too large")
    return int(text)


def _finite(text: str) -> float:
    if not math.isfinite(float(text)):
        raise ValueError("a number in it is too large, or is none")
    return float(text)


def load_table(text: str | bytes) -> dict[str, Any]:
    """A JSON object that foreign code wrote; empty where it is anything else."""
    try:
        value = load_json(text)
    except ValueError:
        return {}
    return as_table(value)
