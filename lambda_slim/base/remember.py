"""Answers about objects that the functions of one run share: asked again of the very same ones, they are known."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def of_same_objects(most: int = 8) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keeps the last answers of a function of records that nobody changes, by the identity of its arguments.

    Comparing two lists of thousands of files costs as much as the answer, and functions that share a folder share the
    list itself.

    Args:
        most: Answers that are kept, with the objects they are about.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        kept: dict[tuple[int, ...], tuple[object, T]] = {}

        @functools.wraps(function)
        def ask(*args: P.args, **named: P.kwargs) -> T:
            if named:
                return function(*args, **named)
            key = tuple(map(id, args))
            # The arguments are kept as well, so that no other object gets their ids.
            known = kept.pop(key, None) or (args, function(*args, **named))
            kept[key] = known
            for stale in list(kept)[:-most]:
                kept.pop(stale, None)
            return known[1]

        return ask

    return decorate
