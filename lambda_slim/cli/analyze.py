"""`lambda-slim analyze`: where every byte and every cold-start millisecond comes from. Runs the project's INIT."""

import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_slim import __version__
from lambda_slim.base.answer_record import RECORD
from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.files import read_loosely
from lambda_slim.base.stamps import Stamp
from lambda_slim.base.units import plural
from lambda_slim.cli import _options as flags
from lambda_slim.cli._every import EveryFlags, EveryScope
from lambda_slim.cli._session import Session, session
from lambda_slim.cli._spread import spread
from lambda_slim.cli._stamp import can_be_kept, watched_by
from lambda_slim.cli._write import one_on_stdout
from lambda_slim.formats.report_json import is_report, parse_report
from lambda_slim.measure.calibration import PLACE, read_calibration
from lambda_slim.model.report import FunctionReport, Report, is_dead
from lambda_slim.render.progress import say, warn
from lambda_slim.tasks.analyze import AnalyzeOptions
from lambda_slim.tasks.in_common import Plans, sharing_of
from lambda_slim.tasks.kept_analyses import analyze_and_keep, analyzed_before
from lambda_slim.tasks.prepare import Shared

if TYPE_CHECKING:
    from lambda_slim.measure.from_log import Log

FromLog = Annotated[
    Path | None, typer.Option("--from-log", help="take import times from a -X importtime log (also of CloudWatch)")
]
Fresh = Annotated[bool, typer.Option("--fresh", help="measure again, also where nothing changed")]
Interactive = Annotated[bool, typer.Option("--interactive", "-i", help="browse the report in the terminal")]
Runs = Annotated[int, typer.Option("--runs", metavar="N", min=1, max=50, help="how often INIT is timed")]
Top = Annotated[int, typer.Option("--top", metavar="N", min=0, help="distributions to show (0 for all)")]
Sort = Annotated[
    str, typer.Option("--sort", metavar="[frees|own|zipped|import]", help="what the distributions are sorted by")
]


_TOP = 8


@dataclass(frozen=True, slots=True)
class AnalyzeFlags:
    """How imports are timed and what is shown of them."""

    no_import: flags.NoImport = False
    runs: Runs = 5
    top: Top = _TOP
    sort: Sort = "frees"
    from_log: FromLog = None
    interactive: Interactive = False
    fresh: Fresh = False

    @property
    def verbose(self) -> bool:
        """Whether a flag asks for something that only the long report shows."""
        return self.top != _TOP or self.sort != "frees"


@dataclass(frozen=True, slots=True)
class ReportFlags:
    """The files that the report is written to."""

    json: flags.Json = None
    markdown: flags.Markdown = None
    html: flags.Html = None
    speedscope: flags.Speedscope = None

    def files(self) -> dict[str, Path | None]:
        """The kinds of files to write, and where each goes."""
        return {"json": self.json, "markdown": self.markdown, "html": self.html, "speedscope": self.speedscope}


@dataclass(frozen=True, slots=True)
class _Analyzed:
    """A report, the settings file of the project that it is of (None for a saved report), and the exit code."""

    report: Report
    settings_file: Path | None = None
    code: ExitCode = ExitCode.OK
    kept: bool = False  # whether the answer can be given again


@spread
def command(
    *,
    target: flags.Target = Path(),
    analyze: AnalyzeFlags,
    every: EveryFlags,
    project: flags.ProjectFlags,
    level: flags.Level = None,
    startup: flags.Startup = None,
    event: flags.Event = None,
    run: flags.RunFlags,
    reports: ReportFlags,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Reports sizes, imports and the cold start of every function; a saved report is shown again."""
    from lambda_slim.measure.from_log import read_log
    from lambda_slim.render import outputs

    one_on_stdout(reports.files())
    every.check(project.handler, reports.html)
    if every.all:
        settings = {**run.settings(), "level": level, "startup": startup}
        scope = EveryScope(project.folder / target, project, settings, every)
        return _every(scope, analyze, event, reports, progress)
    _check(analyze)
    stamp = Stamp(sys.argv[1:])
    log = read_log(analyze.from_log) if analyze.from_log else None
    verbose = analyze.verbose or bool(progress.verbose)
    analyzed = _saved(project.folder / target)
    if analyzed is None:
        with session(target, project, progress, {**run.settings(), "level": level, "startup": startup}) as opened:
            functions = tuple(flags.with_events(function, event) for function in opened.project.functions)
            run_with = replace(opened, project=replace(opened.project, functions=functions))
            whole = any((verbose, *reports.files().values()))
            stamp.watch(watched_by(run_with))
            analyzed = _analyzed(run_with, analyze, log, quiet=progress.quiet, whole=whole)
    view = outputs.View("analyze", progress.quiet, verbose, analyze.top, printed=not analyze.interactive)
    text = outputs.show(outputs.sorted_by(analyzed.report, analyze.sort), view, reports.files())
    if analyze.interactive:
        from lambda_slim.render.tui.app import run as run_screen

        run_screen(analyzed.report, analyzed.settings_file)
    code = ExitCode.FINDINGS if any(map(is_dead, analyzed.report.functions)) else analyzed.code
    if analyzed.kept:
        stamp.keep((text, code), said=_said_again(len(analyzed.report.functions), quiet=progress.quiet))
    return code


def _said_again(count: int, *, quiet: bool) -> str:
    """What the next run says on standard error, where it finds every report in the cache."""
    lines = [line for line in RECORD.said if "(--fresh measures again)" not in line]
    return "".join(lines if quiet else [*lines, f"{from_cache(count)}\n"])


def _check(analyze: AnalyzeFlags) -> None:
    from lambda_slim.render.outputs import ORDERS

    if analyze.interactive:
        check_interactive()
    if analyze.sort not in ORDERS:
        raise flags.unknown_choice("--sort", analyze.sort, ORDERS)


def _every(
    scope: EveryScope,
    analyze: AnalyzeFlags,
    event: list[Path] | None,
    reports: ReportFlags,
    progress: flags.ProgressFlags,
) -> ExitCode:
    from lambda_slim.cli._every_analyze import analyze_every
    from lambda_slim.tasks.every.job import AnalysisJob

    of_one = {
        "--interactive": analyze.interactive,
        "--from-log": analyze.from_log,
        "--speedscope": reports.speedscope,
        "--event": event,
        "--sort": analyze.sort != "frees",
        "--top": analyze.top != _TOP,
    }
    for name in (name for name, given in of_one.items() if given):
        raise UsageError(
            f"--all and {name} exclude each other", cause=f"{name} is about one project", hint="leave one of them out"
        )
    asked = AnalysisJob(not analyze.no_import, analyze.runs, analyze.fresh)
    return analyze_every(scope, asked, progress, {"json": reports.json, "markdown": reports.markdown})


def _saved(place: Path) -> _Analyzed | None:
    """The report that a file holds; None where the place is no report."""
    if place.suffix != ".json" or not place.is_file() or not is_report(text := read_loosely(place)):
        return None
    return _Analyzed(parse_report(text))


def _analyzed(opened: Session, analyze: AnalyzeFlags, log: "Log | None", *, quiet: bool, whole: bool) -> _Analyzed:
    """The report on every function of a project; `whole`: with what they have in common, which takes plans."""
    from lambda_slim.measure.from_log import of_one_function
    from lambda_slim.render.tui.exclude import settings_place

    project = opened.project
    started = time.monotonic()
    if log:
        of_one_function([function.name for function in project.functions])
    shared = Shared()
    rows = _rows(opened, analyze, log, shared, quiet=quiet)
    timed = analyze.no_import or all(row.imports is not None or is_dead(row) for row in rows)
    if not timed and not quiet:
        warn("there is no Python of the target's version here, so INIT was not timed")
    report = Report(
        __version__,
        tuple(rows),
        template=project.template.name if project.template else "",
        warnings=project.warnings,
        sharing=sharing_of(rows, Plans(project.functions, opened.settings, shared)) if whole else None,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        duration_us=round((time.monotonic() - started) * 1e6),
    )
    place = settings_place(project.root, opened.settings.file)
    return _Analyzed(report, place, opened.code(), can_be_kept(opened))


def _rows(
    opened: Session, analyze: AnalyzeFlags, log: "Log | None", shared: Shared, *, quiet: bool
) -> list[FunctionReport]:
    """The report of each function; the one made earlier today where nothing has changed since."""
    calibrations = read_calibration(opened.project.root / PLACE)
    rows, kept = list[FunctionReport](), 0
    for function, attempt in opened.each():
        options = AnalyzeOptions(not analyze.no_import, analyze.runs, calibrations.get(function.name), log)
        with attempt:
            work = function, opened.settings, options, opened.progress
            known = None if analyze.fresh else analyzed_before(*work, shared=shared)
            kept += known is not None
            rows.append(known or analyze_and_keep(*work, shared=shared))
    if kept and not quiet:
        say(from_cache(kept))
    return rows


def from_cache(count: int) -> str:
    """The note on reports that are not measured again."""
    return f"{plural(count, 'report')} from today's cache, as nothing changed (--fresh measures again)"


def check_interactive() -> None:
    """Fails before anything is measured where the screen cannot be shown.

    Raises:
        UsageError: textual is not installed, or this is not a terminal.
    """
    from importlib.util import find_spec

    if find_spec("textual") is None:
        hint = 'pip install "lambda-slim[tui]"'
        raise UsageError("--interactive needs textual", cause="it is not installed with lambda-slim", hint=hint)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "--interactive needs a terminal",
            cause="input or output is a pipe or a file",
            hint="leave it out for text, or write a page with --html report.html",
        )
