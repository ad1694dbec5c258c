"""`lambda-slim calibrate`: fits the cold-start model to your own REPORT lines. Runs the project's INIT to compare."""

import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from lambda_slim.base.errors import ConfigError, ExitCode, UsageError
from lambda_slim.base.units import show_time
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import override, session
from lambda_slim.formats.report_line import Starts, joined, parse_reports
from lambda_slim.model.function import Function
from lambda_slim.model.report import ColdStartReport

Logs = Annotated[list[Path], typer.Argument(help="CloudWatch logs with REPORT lines, text or JSON (- for stdin)")]
Target = Annotated[Path, typer.Option("--target", help="the project, or the package that the logs are of")]
Runs = Annotated[int, typer.Option("--runs", min=1, max=50, help="how often INIT is timed here")]


def command(
    logs: Logs,
    target: Target = Path(),
    runs: Runs = 7,
    directory: flags.Directory = None,
    config: flags.ConfigFile = None,
    function: flags.Functions = None,
    handler: flags.Handler = None,
    python: flags.Python = None,
    arch: flags.Arch = None,
    level: flags.Level = None,
    interpreter: flags.Interpreter = None,
    offline: flags.Offline = False,
    allow_stale_lock: flags.StaleLock = False,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Compares INIT measured here with Init Durations of one function, and keeps the fit for `analyze` and `check`."""
    from lambda_slim.measure.calibration import PLACE, read_calibration, write_calibration
    from lambda_slim.measure.coldstart import estimate, fit
    from lambda_slim.tasks.analyze import measure_work

    starts = joined(_read(path, directory or Path()) for path in logs)
    if not starts.cold:
        cause = f"{starts.reports} REPORT lines, {starts.restored} of them of SnapStart; {starts.failed} failed INITs"
        hint = "take logs over a time in which new environments were started"
        raise ConfigError("there is no cold start in these logs", cause=cause, hint=hint)
    overrides = override(
        select=tuple(function or ()),
        runtime=flags.runtime(python),
        architecture=arch,
        level=level,
        interpreter=interpreter,
        offline=offline,
        allow_stale_lock=allow_stale_lock,
    )
    with session(
        target,
        directory=directory,
        config=config,
        handler=handler,
        overrides=overrides,
        quiet=quiet,
        verbose=verbose,
    ) as opened:
        names = [one.name for one in opened.project.functions]
        if len(names) > 1:
            hint = f"say -F {names[0]}"
            raise UsageError("which function are these logs of?", cause=f"there are {', '.join(names)}", hint=hint)
        one = opened.project.functions[0]
        work = measure_work(one, opened.settings, runs, opened.progress)
        found = fit([start.init_ms for start in starts.cold], work)
        path = opened.project.root / PLACE
        write_calibration({**read_calibration(path), one.name: found}, path)
    sys.stdout.write("\n".join(_lines(one, starts, estimate(work), estimate(work, found))) + "\n")
    sys.stderr.write(f"wrote {PLACE.as_posix()}\n")
    return ExitCode.OK


def _lines(function: Function, starts: Starts, before: ColdStartReport, after: ColdStartReport) -> Iterable[str]:
    seen = show_time(median(start.init_ms for start in starts.cold) * 1000)
    yield f"{function.name}: {len(starts.cold)} cold starts in {starts.reports} invocations, median {seen}"
    yield f"  published  {_range(before)}"
    yield f"  calibrated {_range(after)}"
    wide, narrow = ((row.init_high_us - row.init_low_us) / max(1, row.init_us) for row in (before, after))
    if wide > 0:
        yield f"  the 80 % range, as a share of the likely value, is {narrow / wide:.2f} of what it was"
    if starts.failed:
        yield f"  {starts.failed} INITs that failed or timed out were left out"
    memory = {start.memory_mb for start in starts.cold if start.memory_mb}
    if memory and memory != {function.memory_mb}:
        yield f"  the logs are of {', '.join(map(str, sorted(memory)))} MB; the function has {function.memory_mb} MB"


def _range(row: ColdStartReport) -> str:
    low, high = show_time(row.init_low_us), show_time(row.init_high_us)
    return f"INIT {show_time(row.init_us)}   80 %: {low} to {high}"


def _read(path: Path, folder: Path) -> Starts:
    try:
        text = sys.stdin.read() if path == Path("-") else (folder / path).read_text("utf-8", "replace")
        return parse_reports(text)
    except OSError as error:
        raise ConfigError(
            f"cannot read `{path}`", cause=error.strerror or str(error), hint="name a log file"
        ) from error
    except ValueError as error:
        hint = "e.g. aws logs tail /aws/lambda/NAME --since 7d --format short > NAME.log"
        raise ConfigError(f"`{path}` is no log of Lambda", cause=str(error), hint=hint) from error
