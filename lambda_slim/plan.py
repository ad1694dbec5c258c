"""Keep or drop, with the reason: one decision for every file."""

from dataclasses import dataclass

from lambda_slim.inventory import File
from lambda_slim.rules import Verdict


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
    def dropped(self) -> tuple[Decision, ...]:
        """The decisions that leave a file out."""
        return tuple(d for d in self.decisions if not d.verdict.keep)
