"""The work on one deployable of a repository: its functions one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_slim.base.errors import SlimError
from lambda_slim.base.rows import total_bytes
from lambda_slim.model.deployable import Deployable
from lambda_slim.model.function import Function
from lambda_slim.model.report import FunctionReport, Sizes
from lambda_slim.tasks.build import BuildOptions, build_function
from lambda_slim.tasks.prepare import Shared, plan_function

if TYPE_CHECKING:
    from lambda_slim.budgets.lock import LockEntry
    from lambda_slim.tasks.check import CheckOptions


@dataclass(frozen=True, slots=True)
class AnalysisJob:
    """What an analysis of all functions should measure.

    Attributes:
        imports: Whether INIT is run and timed.
        runs: How many times.
        fresh: Whether it is measured again where nothing has changed.
    """

    imports: bool = True
    runs: int = 5
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class EveryJob:
    """What is to be done for a deployable.

    Attributes:
        outs: Where the package of each function goes; None where nothing is written.
        options: As for one build; those of a check or an analysis where that is the work.
    """

    deployable: Deployable
    outs: tuple[Path | None, ...] = ()
    options: "BuildOptions | CheckOptions | AnalysisJob" = field(default_factory=BuildOptions)


@dataclass(frozen=True, slots=True)
class EveryAnswer:
    """The result of one function: a report without its files, or an error.

    Attributes:
        facts: What a lock keeps of it, where it was checked and built.
        before: The baseline that it was compared with, where there is one.
    """

    function: str
    report: FunctionReport | None = None
    error: SlimError | None = None
    facts: "LockEntry | None" = None
    before: "LockEntry | None" = None


@dataclass(frozen=True, slots=True)
class JobDone:
    """What a process hands back after a job.

    Attributes:
        answers: One for each function.
        read: What the process has read so far, see `AnswerRecord.read`.
        until: Until when that holds, in seconds since 1970.
    """

    answers: list[EveryAnswer]
    read: tuple[tuple[str, str], ...] = ()
    until: float = float("inf")


def work(job: EveryJob) -> Iterator[EveryAnswer]:
    """Works on the functions of a deployable one after the other; what fails stops no other one."""
    if isinstance(job.options, BuildOptions):
        return _builds(job, job.options)
    if isinstance(job.options, AnalysisJob):
        return _analyses(job, job.options)
    return _checks(job, job.options)


def _builds(job: EveryJob, options: BuildOptions) -> Iterator[EveryAnswer]:
    shared = Shared(job.deployable.functions)
    for function, out in zip(job.deployable.functions, job.outs, strict=True):
        try:
            report = _built(function, out, job, options, shared)
        except SlimError as error:
            yield EveryAnswer(function.name, None, error)
        else:
            yield EveryAnswer(function.name, _short(report))


def _built(
    function: Function, out: Path | None, job: EveryJob, options: BuildOptions, shared: Shared
) -> FunctionReport:
    settings = job.deployable.settings
    if out is None:
        from lambda_slim.tasks.build_fresh import planned_report

        return planned_report(plan_function(function, settings, trace=options.trace, shared=shared))
    return build_function(function, settings, out, options, shared=shared).report


def _analyses(job: EveryJob, asked: AnalysisJob) -> Iterator[EveryAnswer]:
    from lambda_slim.measure.calibration import PLACE, read_calibration
    from lambda_slim.tasks.analyze import AnalyzeOptions
    from lambda_slim.tasks.kept_analyses import analyze_and_keep, analyzed_before

    row, shared = job.deployable, Shared()
    settings, root = row.settings, row.project.root if row.project else row.folder
    for function in row.functions:
        try:
            calibration = read_calibration(root / PLACE).get(function.name)
            options = AnalyzeOptions(asked.imports, asked.runs, calibration)
            known = None if asked.fresh else analyzed_before(function, settings, options, shared=shared)
            report = known or analyze_and_keep(function, settings, options, shared=shared)
        except SlimError as error:
            yield EveryAnswer(function.name, None, error)
        else:
            yield EveryAnswer(function.name, _short(report))


def _checks(job: EveryJob, asked: "CheckOptions") -> Iterator[EveryAnswer]:
    from lambda_slim.tasks.check import check_project

    row = job.deployable
    if row.project is None:
        return
    try:
        checked = check_project(row.project, row.settings, asked)
    except SlimError as error:
        yield from (EveryAnswer(function.name, None, error) for function in row.functions)
        return
    for answer in checked:
        yield EveryAnswer(answer.report.name, replace(answer.report, files=()), None, answer.facts, answer.before)


def _short(report: FunctionReport) -> FunctionReport:
    """A report without its files; of one that was only planned, with the bytes that would ship."""
    kept = report.shipped
    return replace(report, files=(), after=report.after or Sizes(total_bytes(kept), 0, len(kept)))
