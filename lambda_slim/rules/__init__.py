"""Why a file stays or goes.

Each rule is a module with one function `judge(facts)`, which looks at the evidence once and returns a pure function
`File -> Verdict | None`; None is "no opinion". `plan.RULES` has their order; the first opinion wins.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lambda_slim.inventory import File


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's opinion of a file.

    Attributes:
        keep: Whether it ships.
        rule: The rule's id, as `lambda-slim explain` knows it.
        why: One clause for people: `test suite; nothing kept imports it`.
    """

    keep: bool
    rule: str
    why: str


Judge = Callable[[File], Verdict | None]
