"""Why a file stays or goes. A rule is a pure function `(File, Facts) -> Verdict | None`; None is "no opinion"."""

from dataclasses import dataclass


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
