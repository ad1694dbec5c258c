"""Compares the slim package with the full one: both are folders, and each runs through INIT and every event.

`search` finds the files that make a difference.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lambda_slim.model.behaviour import Difference
from lambda_slim.model.function import Function
from lambda_slim.model.run import PLAIN, ImportTrial, RunConditions
from lambda_slim.prove.behaviour import differences, tidy
from lambda_slim.prove.elsewhere import variable_hint
from lambda_slim.run.import_trials import try_imports
from lambda_slim.run.lambda_runtime import drive
from lambda_slim.tasks.baseline import first_life, run_again

_LIVES_MORE = 2  # of the full package, before a difference counts


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison of two packages found.

    Attributes:
        notes: What it cannot vouch for.
        dead: Why the full package proves nothing, "" where it does; see `Baseline.death`.
    """

    differences: tuple[Difference, ...]
    events: int
    modules: int
    libraries: int
    client: str
    notes: tuple[str, ...] = ()
    dead: str = ""


@dataclass(frozen=True, slots=True)
class PackagePair:
    """Two packages of one function, unpacked: the one to prove, and the one that it is compared with."""

    slim: Path
    full: Path


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """How two packages are compared.

    Attributes:
        ignore: Fields of results that may differ, dotted or by their last name.
        timeout: Seconds for INIT and for each event; 0 for 30 or the function's own limit.
        offline: awslambdaric is not fetched where it is not cached.
        stub_aws: AWS clients get empty successes.
    """

    ignore: Sequence[str] = ()
    timeout: float = 0
    offline: bool = False
    stub_aws: bool = False


def verify(
    interpreter: Path,
    packages: PackagePair,
    function: Function,
    events: Sequence[tuple[str, bytes]],
    request: dict[str, Any],
    options: VerifyOptions | None = None,
) -> Comparison:
    """Runs both packages, and compares what they did and what imports in them.

    The full one runs twice more where they differ: what differs between its own runs proves nothing.

    Args:
        interpreter: A Python of the target's minor version.
        packages: What is compared.
        function: Its handler and environment.
        events: (name, JSON) pairs; without any, only INIT and imports are compared.
        request: modules, entry_points and libraries that must load as in the full package.
        options: How they are compared.
    """
    options = options or VerifyOptions()
    slim, full = packages.slim, packages.full
    limit = options.timeout or max(30.0, float(function.timeout_s))
    conditions = RunConditions(timeout=limit, offline=options.offline, stub_aws=options.stub_aws)
    base = first_life(lambda: drive(interpreter, full, function, events, conditions), full, options.ignore)
    conditions = replace(conditions, sdk=bool(base.session.sdk))
    ran = drive(interpreter, slim, function, events, conditions)
    changes = differences(base.behaviour, tidy(ran, slim, base.ignore))
    for _ in range(_LIVES_MORE if changes else 0):  # by chance, or has only the clock moved on?
        base = run_again(base, lambda: drive(interpreter, full, function, events, conditions), full)
        changes = differences(base.behaviour, tidy(ran, slim, base.ignore))
        if not changes:
            break
    failed = failing_imports(interpreter, packages, function, request, conditions)
    changes += tuple(Difference(f"import {what}", "well", error) for what, error in sorted(failed.items()))
    counts = len(events), len(request["modules"]), len(request["libraries"])
    notes = (*base.notes, *filter(None, (variable_hint(function.name, base.behaviour.init),)))
    return Comparison(changes, *counts, base.behaviour.client, notes, base.death if base.dead else "")


@dataclass(frozen=True, slots=True)
class ImportComparison:
    """What imports and loads in two packages.

    Attributes:
        failed: What does in the full one and not in the slim one, to the error.
        touched: Modules of others whose import brought first-party modules.
        whole: Whether one process of the slim package tried everything.
    """

    failed: dict[str, str]
    touched: frozenset[str] = frozenset()
    whole: bool = False


def failing_imports(
    interpreter: Path,
    packages: PackagePair,
    function: Function,
    request: dict[str, Any],
    conditions: RunConditions = PLAIN,
) -> dict[str, str]:
    """What imports or loads in the full package and not in the slim one, to the error."""

    def ask(package: Path, asked: dict[str, Any]) -> ImportTrial | None:
        return try_imports(interpreter, package, function, asked, conditions)

    return compare_imports(ask, packages.slim, packages.full, request).failed


AskImports = Callable[[Path, dict[str, Any]], ImportTrial | None]


def compare_imports(ask: AskImports, slim: Path, full: Path, request: dict[str, Any]) -> ImportComparison:
    """What imports in the slim package; what does not is tried in the full one.

    Args:
        ask: Tries a request in a package, see `try_imports`.
        slim: The package to prove.
        full: The full package.
        request: See `try_imports`.
    """
    trial = ask(slim, request)
    failed = trial.failed if trial else _one_by_one(ask, slim, request)
    touched = trial.touched if trial else frozenset[str]()
    if failed:
        asked = part_of(request, failed)
        other = ask(full, asked)
        before = other.failed if other else _one_by_one(ask, full, asked)
        failed = {what: error for what, error in failed.items() if what not in before}
    return ImportComparison(failed, touched, whole=trial is not None)


def part_of(request: dict[str, Any], failed: Collection[str]) -> dict[str, Any]:
    """The part of a request that failed."""
    return {
        "modules": [name for name in request["modules"] if name in failed],
        "entry_points": [row for row in request["entry_points"] if f"{row[0]}: {row[1]} = {row[2]}" in failed],
        "libraries": [path for path in request["libraries"] if path in failed],
    }


def _one_by_one(ask: AskImports, package: Path, request: dict[str, Any]) -> dict[str, str]:
    """A module killed the child: halves are tried until it is known which."""
    modules = request["modules"]
    if len(modules) <= 1:
        return dict.fromkeys(modules, "ended the process")
    middle = len(modules) // 2
    failed: dict[str, str] = {}
    for part in (modules[:middle], modules[middle:]):
        asked = {"modules": part, "entry_points": [], "libraries": []}
        trial = ask(package, asked)
        failed |= trial.failed if trial else _one_by_one(ask, package, asked)
    return failed
