"""What a package did, and in what two packages differ."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a package did, without what may differ between two equal runs.

    Attributes:
        init: How INIT ended: "" when well, else the error.
        results: Event name to (kind, value).
        logs: Lines that it printed.
        exit: Exit code, None where it lived on.
        client: What drove it.
        asked: Addresses off this machine that it asked for.
        unsteady: Events that it does not answer alike twice, and "log" where its log lines vary; `ANY_LOG` where they
            cannot be compared at all.
    """

    init: str
    results: dict[str, tuple[str, Any]]
    logs: tuple[str, ...]
    exit: int | None
    client: str
    asked: tuple[str, ...] = ()
    unsteady: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same: where, and both values as short text."""

    where: str
    full: str
    slim: str
