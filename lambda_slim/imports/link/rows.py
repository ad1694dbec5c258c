"""The rows that become edges: which target, on which line, in what way."""

from collections.abc import Iterable

from lambda_slim.imports.scan import facts as f
from lambda_slim.model.imports import How

HOW = {f.TOP: How.TOP, f.DEFERRED: How.DEFERRED, f.OPTIONAL: How.OPTIONAL, f.LAZY: How.LAZY}
_GUESSES = {How.TEXT: 1, How.CHOICE: 1, How.UNKNOWN: 2}

Row = tuple[str, int, How]  # target, line, how


def add_rows(rows: dict[str, Row], more: Iterable[Row]) -> None:
    """Adds rows whose target is new; a stronger way of leading there replaces a guess."""
    for row in more:
        target, _, how = row
        known = rows.get(target)
        if known is None or _GUESSES.get(how, 0) < _GUESSES.get(known[2], 0):
            rows[target] = row
