"""`lambda-slim calibrate`: fits the cold-start model to your own REPORT lines. Runs the project's INIT to compare."""

import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from lambda_slim.base.errors import ConfigError, ExitCode, UsageError, error_text
from lambda_slim.base.files import read_loosely
from lambda_slim.base.text import shown
from lambda_slim.base.units import plural, show_time
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import session
from lambda_slim.cli._spread import spread
from lambda_slim.formats.report_line import Starts, joined, parse_reports
from lambda_slim.model.function import Function, Project
from lambda_slim.model.import_report import ColdStartReport

Logs = Annotated[list[Path], typer.Argument(help="CloudWatch logs with REPORT lines, text or JSON (- for stdin)")]
Target = Annotated[Path, typer.Option("--target", help="the project, or the package that the logs are of")]
Runs = Annotated[int, typer.Option("--runs", metavar="N", min=1, max=50, help="how often INIT is timed here")]


@spread
def command(
    *,
    logs: Logs,
    target: Target = Path(),
    runs: Runs = 7,
    project: flags.ProjectFlags,
    level: flags.Level = None,
    run: flags.RunFlags,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Compares INIT measured here with Init Durations of one function, and keeps the fit for `analyze` and `check`."""
    from lambda_slim.measure.calibration import PLACE, read_calibration, write_calibration
    from lambda_slim.measure.coldstart import estimate, fit
    from lambda_slim.tasks.analyze import measure_work

    starts = _cold_starts(logs, project.folder)
    with session(target, project, progress, {**run.settings(), "level": level}) as opened:
        function = _only_function(opened.project)
        work = measure_work(function, opened.settings, runs, opened.progress)
        if work.import_cpu_us <= 0:
            hint = "there is nothing to gain at INIT; take a function that imports more"
            raise ConfigError(
                f"INIT of {function.name} is too short here to compare",
                cause="its CPU time is that of an empty one",
                hint=hint,
            )
        calibration = fit([start.init_ms for start in starts.cold], work)
        path = opened.project.root / PLACE
        write_calibration({**read_calibration(path), function.name: calibration}, path)
    lines = _lines(function, starts, estimate(work), estimate(work, calibration))
    sys.stdout.write("\n".join(map(shown, lines)) + "\n")
    sys.stderr.write(f"wrote {PLACE.as_posix()}\n")
    return ExitCode.OK


def _cold_starts(logs: Iterable[Path], folder: Path) -> Starts:
    starts = joined(_read(path, folder) for path in logs)
    if not starts.cold:
        cause = f"{starts.reports} REPORT lines, {starts.restored} of them of SnapStart; {starts.failed} failed INITs"
        hint = "take logs over a time in which new environments were started"
        raise ConfigError("there is no cold start in these logs", cause=cause, hint=hint)
    return starts


def _only_function(project: Project) -> Function:
    names = [function.name for function in project.functions]
    if len(names) > 1:
        hint = f"say -F {names[0]}"
        raise UsageError("which function are these logs of?", cause=f"there are {', '.join(names)}", hint=hint)
    return project.functions[0]


def _lines(function: Function, starts: Starts, before: ColdStartReport, after: ColdStartReport) -> Iterable[str]:
    seen = show_time(median(start.init_ms for start in starts.cold) * 1000)
    counted = f"{plural(len(starts.cold), 'cold start')} in {plural(starts.reports, 'invocation')}"
    yield f"{function.name}: {counted}, median {seen}"
    yield f"  published  {_range(before)}"
    yield f"  calibrated {_range(after)}"
    wide, narrow = ((row.init_high_us - row.init_low_us) / max(1, row.init_us) for row in (before, after))
    if 0 < narrow < wide:
        yield f"  the 80 % range is {narrow / wide:.2f} times as wide as before, beside the likely value"
    elif wide > 0:
        yield "  the cold starts are far from the published figures or from each other; more of them make it narrower"
    if starts.failed:
        yield f"  {plural(starts.failed, 'INIT')} that failed or timed out: left out"
    memory = {start.memory_mb for start in starts.cold if start.memory_mb}
    if memory and memory != {function.memory_mb}:
        yield f"  the logs are of {', '.join(map(str, sorted(memory)))} MB; the function has {function.memory_mb} MB"


def _range(row: ColdStartReport) -> str:
    low, high = show_time(row.init_low_us), show_time(row.init_high_us)
    return f"INIT {show_time(row.init_us)}   80 %: {low} to {high}"


def _read(path: Path, folder: Path) -> Starts:
    try:
        text = sys.stdin.read() if path == Path("-") else read_loosely(folder / path)
        return parse_reports(text)
    except OSError as error:
        raise ConfigError(f"cannot read `{path}`", cause=error_text(error), hint="name a log file") from error
    except ValueError as error:
        hint = "e.g. aws logs tail /aws/lambda/NAME --since 7d --format short > NAME.log"
        raise ConfigError(f"`{path}` is not a log of Lambda", cause=str(error), hint=hint) from error
