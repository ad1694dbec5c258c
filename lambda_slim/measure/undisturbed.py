"""What a repeated piece of work takes where other programs do not slow it."""

from collections.abc import Sequence
from statistics import quantiles


def undisturbed(times: Sequence[float]) -> float:
    """The first decile of the times of one piece of work, in their unit; there must be at least one.

    Other programs only ever add to CPU time, by caches that they share, so what is least disturbed lies near the least.
    The least itself gets smaller with every reading, and would make what is read more often look faster.
    """
    return quantiles(times, n=10, method="inclusive")[0] if len(times) > 1 else times[0]
