"""Budgets for a project as it is today, and a little more."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lambda_slim.base.errors import UsageError
from lambda_slim.base.units import parse_size
from lambda_slim.budgets.lock import LockEntry
from lambda_slim.model.member import UNZIPPED_LIMIT

Limits = Mapping[str, int]  # unzipped and zipped in bytes, modules

_LEAST = {"unzipped": 16 * 1024, "zipped": 16 * 1024, "modules": 5}  # one more helper is not a regression
_DECIDING = ("unzipped", "zipped")
_FAR = 0.5  # a function that needs less than this share of the largest gets budgets of its own
_UNITS = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


@dataclass(frozen=True, slots=True)
class Budgets:
    """What to write: limits for every function, and by name for those that are far smaller."""

    shared: Limits
    own: Mapping[str, Limits] = field(default_factory=dict)


def parse_headroom(text: str) -> float:
    """The share that a package may grow: `5%` is 0.05.

    Raises:
        UsageError: no percentage from 0 to 1000.
    """
    match = re.fullmatch(r"\s*([0-9]{1,4}(?:\.[0-9]+)?)\s*%?\s*", text)
    if not match or float(match[1]) > 1000:
        raise UsageError(
            f"`--headroom {text}` is not a percentage",
            cause="it is a number from 0 to 1000, and `%`",
            hint="e.g. --headroom 5%",
        )
    return float(match[1]) / 100


def propose_budgets(functions: Mapping[str, LockEntry], headroom: float) -> Budgets:
    """Every function's size and modules with headroom: the largest for all, and where one is far smaller its own."""
    each = {name: _limits(facts, headroom) for name, facts in sorted(functions.items())}
    shared = {key: max(limits[key] for limits in each.values()) for key in _LEAST}
    far = {name for name, limits in each.items() if any(limits[key] < shared[key] * _FAR for key in _DECIDING)}
    return Budgets(shared, {name: limits for name, limits in each.items() if name in far})


def _limits(facts: LockEntry, headroom: float) -> Limits:
    today = {"unzipped": facts.unzipped, "zipped": facts.zipped, "modules": facts.modules}
    least = _LEAST if headroom else dict.fromkeys(_LEAST, 0)
    limits = {key: max(math.ceil(value * (1 + headroom)), value + least[key]) for key, value in today.items()}

    limits["unzipped"] = min(max(limits["unzipped"], limits["zipped"]), UNZIPPED_LIMIT)
    limits["zipped"] = min(limits["zipped"], limits["unzipped"])
    return limits


def show_limit(size: int) -> str:
    """A size of three digits that is no smaller: `42.4 MiB`.

    >>> show_limit(42_341_000), show_limit(900)
    ('40.4 MiB', '900 B')
    """
    unit, name = next(((unit, name) for unit, name in _UNITS if size >= unit), (1, "B"))
    if unit == 1:
        return f"{size} B"
    digits = 2 if size < 10 * unit else 1 if size < 100 * unit else 0
    steps = math.ceil(size / unit * 10**digits)
    text = f"{steps / 10**digits:.{digits}f} {name}"
    return text if parse_size(text) >= size else f"{(steps + 1) / 10**digits:.{digits}f} {name}"


def show_limits(limits: Limits) -> tuple[str, ...]:
    """TOML lines."""
    return tuple(
        f"{key} = {value}" if key == "modules" else f'{key} = "{show_limit(value)}"' for key, value in limits.items()
    )
