"""What strings could an expression be? Patterns, found without running anything.

A pattern is a string in which `*` stands for any text, and control characters for what only the place of the file
decides: `OWN` its module's name, `HERE` its package, `ASKED` the attribute that a module's `__getattr__` was asked for.
`evaluation` finds the patterns of an expression.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

OWN, HERE, ASKED = "\x01", "\x02", "\x03"
ANY = "*"
_MOST = 400  # patterns of one expression; more are answered by ANY

PARAMETER, COMPUTED = "p", "c"


class Value(NamedTuple):
    """What an expression could be.

    Attributes:
        patterns: At least one.
        origin: For patterns with ANY, where the unknown text comes from: `PARAMETER` (only from parameters of the
            enclosing function, so from its callers), `COMPUTED`, or "" when nothing is unknown.
    """

    patterns: frozenset[str]
    origin: str = ""


COMPUTED_TEXT = Value(frozenset({ANY}), COMPUTED)
GIVEN_TEXT = Value(frozenset({ANY}), PARAMETER)


def exactly(*patterns: str) -> Value:
    """Known text."""
    return Value(frozenset(patterns))


def union(values: Iterable[Value]) -> Value:
    """Any one of the values."""
    patterns: frozenset[str] = frozenset()
    origin = ""
    for value in values:
        patterns |= value.patterns
        origin = COMPUTED if COMPUTED in {origin, value.origin} else origin or value.origin
    if not patterns or len(patterns) > _MOST:
        return COMPUTED_TEXT
    return Value(patterns, origin)


def joined(values: Sequence[Value]) -> Value:
    """The values, one after the other."""
    patterns = frozenset({""})
    for value in values:
        if len(patterns) * len(value.patterns) > _MOST:
            return COMPUTED_TEXT
        patterns = frozenset(left + right for left in patterns for right in value.patterns)
    origins = {value.origin for value in values}
    return Value(patterns, next((origin for origin in (COMPUTED, PARAMETER) if origin in origins), ""))
