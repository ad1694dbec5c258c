"""Every function against its budgets and the baseline."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from lambda_slim.base.errors import ConfigError, LimitError, ResolveError, SlimError
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.units import show_size
from lambda_slim.budgets.budgets import Budget, parse_budgets
from lambda_slim.budgets.difference import entry_of, explained
from lambda_slim.budgets.evaluate import Measured, Timing, contradictions, evaluate
from lambda_slim.budgets.lock import NAME, LockEntry
from lambda_slim.model.function import Function, Project
from lambda_slim.model.report import PROJECT, CheckRow, Finding, FunctionReport, Sizes
from lambda_slim.model.settings import Settings
from lambda_slim.tasks.analyze import AnalyzeOptions as AskedToAnalyze
from lambda_slim.tasks.analyze import analyze_function
from lambda_slim.tasks.build import BuildOptions, build_function, known_build
from lambda_slim.tasks.check_base import GIT, CheckBase, base_at, baseline, told_of
from lambda_slim.tasks.paired_runs import time_init
from lambda_slim.tasks.prepare import Shared

_TIMED = frozenset({"import-time", "cold-start", "import-growth"})
_REFUSED = frozenset({"LS109"})  # a case collision: harmless on Lambda, lost on the way there


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a check was asked for.

    Attributes:
        against: `lock`, `none`, `git:REF`, or a file with a lock or a report.
        run: Whether the project's code may run: the proof of a package, and INIT where a budget is about time.
        offline: What is not cached counts as unknown, not as wrong.
        damaged: Whether a lock that cannot be read counts as none, since it is about to be written anew.
    """

    against: str = "lock"
    run: bool = True
    offline: bool = False
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """One function's verdict.

    Attributes:
        report: With its `checks` and what `changed`.
        facts: None where nothing is known: offline with a cold cache, or over a hard limit.
        before: The baseline, where there is one.
    """

    report: FunctionReport
    facts: LockEntry | None
    before: LockEntry | None


@dataclass(frozen=True, slots=True)
class _CheckWork:
    """What every function of one run shares.

    Attributes:
        folder: For zips; it is gone afterwards.
        locked: Whether a lock is there to compare with: then every function must be in it.
        shared: What the functions have in common; the base has its own.
        alone: Whether there is no other function, which the failure of this one must not stop.
    """

    settings: Settings
    asked: CheckOptions
    known: Mapping[str, LockEntry]
    base: CheckBase | None
    folder: Path
    progress: Progress
    shared: Shared
    locked: bool = False
    alone: bool = True


def check_project(
    project: Project, settings: Settings, asked: CheckOptions, progress: Progress = silent
) -> tuple[Checked, ...]:
    """Checks every function.

    Raises:
        ConfigError: a budget, the lock or the baseline cannot be used.
        SlimError: as the pipeline says.
    """
    budgets = {function.name: budgets_of(settings, function.name) for function in project.functions}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lambda-slim-")))
        base = base_at(project, settings, asked.against, folder)
        known = {} if asked.against.startswith(GIT) else _baseline(project.root, asked)
        locked = asked.against == "lock" and (project.root / NAME).is_file()
        alone = len(project.functions) + len(project.failures) == 1
        shared = Shared(project.functions)
        for common in (shared, base.shared) if base else (shared,):
            stack.callback(common.close)
        work = _CheckWork(settings, asked, known, base, folder, progress, shared, locked, alone)
        return tuple(_check(function, budgets[function.name], work) for function in project.functions)


def _baseline(root: Path, asked: CheckOptions) -> Mapping[str, LockEntry]:
    try:
        return baseline(root, asked.against)
    except ConfigError:
        if not asked.damaged:
            raise
        return {}


def budgets_of(settings: Settings, name: str) -> tuple[Budget, ...]:
    """A function's budgets: the project's, with its own in their place.

    Raises:
        ConfigError: a budget that cannot be used, or two that contradict each other.
    """
    own = settings.table_of(name)
    shared = {budget.key: budget for budget in parse_budgets(settings, settings.budgets)}
    mine = parse_budgets(settings, own.budgets, f"functions.{name}.budgets")
    budgets = tuple({**shared, **{budget.key: budget for budget in mine}}.values())
    if wrong := contradictions(budgets):
        budget, why = wrong[0]
        where = f"{settings.file.name}:{budget.line}: " if settings.file and budget.line else ""
        hint = "a part cannot be larger than the whole: lower one, or raise the other"
        raise ConfigError(f"{where}the budgets of {name} contradict each other", cause=why, hint=hint)
    return budgets


def _check(function: Function, budgets: tuple[Budget, ...], work: _CheckWork) -> Checked:
    out = work.folder / "head" / f"{function.name}.zip"
    locked = work.known.get(function.name)
    try:
        now = _package(function, out, work, timed=bool(_limits(function, budgets, work)))
    except SlimError as error:
        return Checked(_unknown(function, _not_built(error, work)), None, locked)
    entry = entry_of(now)
    base = _built_base(function, work, timed=bool(_limits(function, budgets, work)))
    before = base.entry if base else locked
    times = _times(function, out, base, budgets, work)
    rows = evaluate(budgets, _measured(function, now, times), before)
    if work.locked and before is None:
        rows = (*rows, _not_locked(function, work.known))
    changed = _changed(now, entry, before, work)
    return Checked(replace(now, checks=_placed(rows, work.settings), changed=changed), entry, before)


def _not_built(error: SlimError, work: _CheckWork) -> CheckRow:
    """The check of a function that could not be built; of an only function the error is raised."""
    if isinstance(error, LimitError):
        return _failed("LS112", error.message)
    if work.asked.offline and isinstance(error, ResolveError):
        return CheckRow("size", "skipped", "warning", 0, 0, "", message=f"not known offline: {error.message}")
    if work.alone:
        raise error
    return _failed("package", f"it cannot be built: {error.reason}")


def _changed(now: FunctionReport, entry: LockEntry, before: LockEntry | None, work: _CheckWork) -> tuple[str, ...]:
    if before:
        return explained(now, entry, before)
    compared = work.base or work.known
    return (f"~ a new function   +{show_size(entry.unzipped)}",) if compared else ()


@dataclass(frozen=True, slots=True)
class _BuiltBase:
    """A function's package as it was at a ref."""

    function: Function
    zip: Path
    entry: LockEntry


def _built_base(function: Function, work: _CheckWork, *, timed: bool) -> _BuiltBase | None:
    """The function of the same name at the ref, built; None where there is none."""
    functions = work.base.project.functions if work.base else ()
    other = next((candidate for candidate in functions if candidate.name == function.name), None)
    if other is None or work.base is None:
        return None
    place = work.folder / "base" / f"{function.name}.zip"
    with told_of(work.asked.against):
        report = _report(other, place, replace(work, settings=work.base.settings, shared=work.base.shared), timed=timed)
    return _BuiltBase(other, place, entry_of(report))


def _times(
    function: Function, out: Path, base: _BuiltBase | None, budgets: Iterable[Budget], work: _CheckWork
) -> dict[str, Timing] | None:
    """The times that budgets are about; None where there are none, or nothing may run."""
    limits = _limits(function, budgets, work)
    if not limits:
        return None
    pair = (base.zip, base.function) if base else None
    return time_init((out, function), pair, work.settings, work.progress, limits=limits)


def _limits(function: Function, budgets: Iterable[Budget], work: _CheckWork) -> dict[str, int]:
    """The limits of times that are to be measured, by budget."""
    if not work.asked.run or function.artifact is not None:
        return {}
    return {budget.key: budget.limit for budget in budgets if budget.key in _TIMED}


def _measured(function: Function, now: FunctionReport, times: dict[str, Timing] | None) -> Measured:
    shipped = function.artifact is not None
    return Measured(
        entry_of(now),
        frozenset(row.path for row in now.files if shipped or row.decision == "kept"),
        frozenset(now.init_modules),
        _own(now),
        times,
        (*_serious(now.findings, shipped=shipped), *_old(function)),
    )


def _placed(rows: Iterable[CheckRow], settings: Settings) -> tuple[CheckRow, ...]:
    """The rows with the settings file beside their lines in it."""
    name = os.path.relpath(settings.file, settings.root) if settings.file else ""
    return tuple(replace(row, file=name) if row.line and not row.file else row for row in rows)


def _not_locked(function: Function, known: Mapping[str, LockEntry]) -> CheckRow:
    names = ", ".join(sorted(known)) or "none"
    message = f"{NAME} has no {function.name} (it has {names}); the same command with `--update` accepts it"
    return _failed("lock", message)


def _failed(rule: str, message: str) -> CheckRow:
    return CheckRow(rule, "failed", "error", 0, 0, "", message=message)


def _package(function: Function, out: Path, work: _CheckWork, *, timed: bool) -> FunctionReport:
    """What ships: the built package of a project, or the unchanged package of another tool."""
    if function.artifact is not None:
        return analyze_function(function, work.settings, AskedToAnalyze(imports=False), work.progress)
    return _report(function, out, work, timed=timed)


def _report(function: Function, out: Path, work: _CheckWork, *, timed: bool) -> FunctionReport:
    """What is said of the built package; the zip itself is at `out` where it is to be timed."""
    options = BuildOptions(prove=work.asked.run)
    known = None if timed else known_build(function, work.settings, options, work.progress, work.shared)
    if known and known.package:
        return known
    report = build_function(function, work.settings, out, options, work.progress, work.shared).report
    return replace(report, package=report.package and replace(report.package, path=""))  # it is gone when we end


def _own(report: FunctionReport) -> frozenset[str]:
    paths = [row.path for row in report.files if row.distribution in ("", PROJECT)]
    return frozenset(path.partition("/")[0].removesuffix(".py") for path in paths)


def _serious(findings: Iterable[Finding], *, shipped: bool) -> tuple[Finding, ...]:
    """What would break on Lambda fails, and so does a secret that ships; `build` leaves secrets out and says so."""
    refused = _REFUSED | {"secret"} if shipped else _REFUSED
    loud = (finding for finding in findings if finding.level != "info")
    return tuple(replace(finding, level="error") if finding.rule in refused else finding for finding in loud)


def _old(function: Function) -> Iterable[Finding]:
    runtime = function.target.runtime
    if runtime.deprecated and runtime.deprecated <= datetime.now(UTC).date():
        message = f"{runtime.name} has had no patches from AWS since {runtime.deprecated}"
        yield Finding("runtime", "warning", message, hint="move to a newer Python")


def _unknown(function: Function, row: CheckRow) -> FunctionReport:
    target = function.target
    return FunctionReport(
        function.name,
        function.handler,
        target.runtime.name,
        target.architecture,
        function.memory_mb,
        Sizes(0, 0, 0),
        checks=(row,),
    )
