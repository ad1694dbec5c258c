"""JSON from outside: one kind of error, however deep or long it is."""

import json
from typing import Any


def load_json(text: str | bytes) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is no JSON, or is nested too deeply.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def load_table(text: str | bytes) -> dict[str, Any]:
    """A JSON object that foreign code wrote; empty where it is anything else."""
    try:
        found = load_json(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
