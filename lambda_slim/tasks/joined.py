"""One package for several functions: what any of them needs."""

import functools
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from lambda_slim.model.function import Function
from lambda_slim.model.package_report import Proof
from lambda_slim.model.settings import Startup
from lambda_slim.model.startup_report import StartReport
from lambda_slim.tasks.prepare import Planned, replan

# What a proof said, the worst first: the package is as good as its worst function.
_RESULTS = ("does-not-start", "events-fail", "different", "not-run", "imports-only", "same")


@dataclass(frozen=True, slots=True)
class ProvedPlan:
    """A function's plan, as its own proof left it."""

    planned: Planned
    proof: Proof | None


def join(first: Planned, others: Sequence[ProvedPlan]) -> Planned:
    """The first function's plan with every file that the plans of the others keep.

    Imports of a shared package do not wait: a lazy import is proved with one function's events.
    """
    kept = first.plan.kept_paths
    needed = {
        file.path: f"{other.planned.function.name} has the same package, and needs it"
        for other in others
        for file in other.planned.plan.kept
        if file.path not in kept
    }
    settings = replace(first.settings, startup=Startup.EAGER)
    loaded = functools.reduce(operator.or_, (other.planned.loaded for other in others), first.loaded)
    return replace(replan(first, {**first.facts.restored, **needed}, settings), loaded=loaded)


def join_proofs(first: Proof | None, others: Sequence[ProvedPlan]) -> Proof | None:
    """One proof from the proofs of all functions."""
    every = [first, *(other.proof for other in others)]
    proofs = [proof for proof in every if proof]
    if not proofs:
        return None
    worst = min(proofs, key=lambda proof: _RESULTS.index(proof.result))
    return Proof(
        worst.result,
        sum(proof.events for proof in proofs),
        max(proof.modules for proof in proofs),
        _each_once(proof.rolled_back for proof in proofs),
        _each_once(proof.notes for proof in (worst, *proofs)),
    )


def _each_once(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(groups)))


def worst_start(verdicts: Sequence[tuple[Function, StartReport]]) -> StartReport:
    """The verdict of the first function that cannot start, else of the first whose verdict is not known."""
    for verdict in ("no", "unknown"):
        for function, report in verdicts:
            if report.verdict == verdict:
                return replace(report, why=f"{function.name}: {report.why}")
    return verdicts[0][1]
