"""Functions in parts, so that a CI system's own matrix shares the work."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from lambda_slim.base.errors import UsageError
from lambda_slim.model.function import Project

_SHARD = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")
_Item = TypeVar("_Item")


def shard(project: Project, text: str) -> Project:
    """Every n-th function by name: `2/8` is the second of eight parts, the same on every machine.

    Raises:
        UsageError: not of the form i/n with 1 ≤ i ≤ n.
    """
    ordered = sorted(project.functions, key=lambda function: function.name)
    return replace(project, functions=tuple(part_of(ordered, text)))


def part_of(ordered: Sequence[_Item], text: str) -> Sequence[_Item]:
    """Every n-th item of what has the same order on every machine.

    Raises:
        UsageError: not of the form i/n with 1 ≤ i ≤ n.
    """
    match = _SHARD.fullmatch(text)
    first, second = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= first <= second:
        raise UsageError(
            f"`--shard {text}` is not i/n",
            cause="i and n are whole numbers, i from 1 to n",
            hint="e.g. --shard 2/8 for the second of eight",
        )
    return ordered[first - 1 :: second]
