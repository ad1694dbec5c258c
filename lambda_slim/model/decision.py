"""Keep or drop, with the reason: the verdict of a rule, one decision a file, the plan of all."""

from collections.abc import Callable
from dataclasses import dataclass

from lambda_slim.model.file import File


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's opinion of a file.

    Attributes:
        keep: Whether it ships.
        rule: The rule's id, as `lambda-slim explain` knows it.
        why: One clause for people: `test suite; nothing that ships imports it`.
    """

    keep: bool
    rule: str
    why: str


Judge = Callable[[File], Verdict | None]


DEFAULT = Verdict(keep=True, rule="default", why="nothing says that it can go")


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one file, and why."""

    file: File
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Plan:
    """One decision for every file of the inventory, in its order."""

    decisions: tuple[Decision, ...]

    @property
    def kept(self) -> tuple[File, ...]:
        """The files that ship."""
        return tuple(d.file for d in self.decisions if d.verdict.keep)

    @property
    def kept_paths(self) -> frozenset[str]:
        """The package paths of the files that ship."""
        return frozenset(file.path for file in self.kept)

    @property
    def dropped(self) -> tuple[Decision, ...]:
        """The decisions that leave a file out."""
        return tuple(d for d in self.decisions if not d.verdict.keep)
