"""The work on one deployable of a repository: its functions one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import SlimError
from lambda_slim.model.deployable import Deployable
from lambda_slim.model.function import Function
from lambda_slim.model.report import FunctionReport, Sizes
from lambda_slim.tasks.build import BuildOptions, build_function
from lambda_slim.tasks.prepare import Shared, plan_function


@dataclass(frozen=True, slots=True)
class EveryJob:
    """What is to be done for a deployable.

    Attributes:
        outs: Where the package of each function goes; None where nothing is written.
        options: As for one build.
    """

    deployable: Deployable
    outs: tuple[Path | None, ...]
    options: BuildOptions


@dataclass(frozen=True, slots=True)
class EveryAnswer:
    """What came of one function: a report, without what is said of single files; or an error."""

    function: str
    report: FunctionReport | None = None
    error: SlimError | None = None


def work(job: EveryJob) -> Iterator[EveryAnswer]:
    """Builds the functions of a deployable one after the other; what fails stops no other one."""
    shared = Shared()
    for function, out in zip(job.deployable.functions, job.outs, strict=True):
        try:
            report = _built(function, out, job, shared)
        except SlimError as error:
            yield EveryAnswer(function.name, None, error)
        else:
            yield EveryAnswer(function.name, _short(report))


def _built(function: Function, out: Path | None, job: EveryJob, shared: Shared) -> FunctionReport:
    settings = job.deployable.settings
    if out is None:
        from lambda_slim.tasks.build_fresh import planned_report

        return planned_report(plan_function(function, settings, trace=job.options.trace, shared=shared))
    return build_function(function, settings, out, job.options, shared=shared).report


def _short(report: FunctionReport) -> FunctionReport:
    """A report without its files; of one that was only planned, with the bytes that would ship."""
    kept = [row.bytes for row in report.files if row.decision == "kept"]
    return replace(report, files=(), after=report.after or Sizes(sum(kept), 0, len(kept)))
