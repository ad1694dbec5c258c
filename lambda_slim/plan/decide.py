"""Keep or drop, with the reason: one decision for every file."""

from collections.abc import Callable, Sequence

from lambda_slim.model.decision import DEFAULT, Decision, Judge, Plan, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File
from lambda_slim.plan.rules import (
    bytecode,
    junk,
    languages,
    layer,
    observed,
    overrides,
    platform,
    project,
    provided,
    recipes,
    restored,
    secrets,
    services,
    started,
    unreachable,
    untraced,
)

# The order is the policy: what the user and the evidence say comes before what we know, and that before what we infer.
RULES: tuple[Callable[[Evidence], Judge], ...] = (
    bytecode.judge,
    secrets.judge,
    overrides.judge,
    provided.judge,
    restored.judge,
    layer.judge,
    started.judge,
    observed.judge,
    recipes.judge,
    services.judge,
    languages.judge,
    platform.judge,
    junk.judge,
    project.judge,
    unreachable.judge,
    untraced.judge,
)


def decide(evidence: Evidence, rules: Sequence[Callable[[Evidence], Judge]] = RULES) -> Plan:
    """The decision for every file: that of the first rule that has an opinion. A file without one is kept."""
    judges = [rule(evidence) for rule in rules]

    def verdict(file: File) -> Verdict:
        return next((opinion for judge in judges if (opinion := judge(file))), DEFAULT)

    return Plan(tuple(Decision(file, verdict(file)) for file in evidence.inventory.files))
