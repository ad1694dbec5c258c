"""Keep or drop, with the reason: one decision for every file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lambda_slim.facts import Facts
from lambda_slim.inventory import File
from lambda_slim.rules import (
    Judge,
    Verdict,
    junk,
    observed,
    overrides,
    platform,
    project,
    provided,
    recipes,
    restored,
    secrets,
    services,
    unreachable,
    untraced,
)

# The order is the policy: what the user and the evidence say comes before what we know, and that before what we infer.
RULES: tuple[Callable[[Facts], Judge], ...] = (
    secrets.judge,
    overrides.judge,
    restored.judge,
    observed.judge,
    provided.judge,
    recipes.judge,
    services.judge,
    platform.judge,
    junk.judge,
    project.judge,
    unreachable.judge,
    untraced.judge,
)

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
    def dropped(self) -> tuple[Decision, ...]:
        """The decisions that leave a file out."""
        return tuple(d for d in self.decisions if not d.verdict.keep)


def decide(facts: Facts, rules: Sequence[Callable[[Facts], Judge]] = RULES) -> Plan:
    """The first opinion on every file; a file that no rule speaks of is kept."""
    judges = [rule(facts) for rule in rules]

    def verdict(file: File) -> Verdict:
        return next((found for judge in judges if (found := judge(file))), DEFAULT)

    return Plan(tuple(Decision(file, verdict(file)) for file in facts.inventory.files))
