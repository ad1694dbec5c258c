"""`lambda-slim analyze`: where every byte and every cold-start millisecond comes from. Runs the project's INIT."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim import __version__
from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import override, session
from lambda_slim.formats.report_json import is_report, parse_report
from lambda_slim.measure.calibration import PLACE, read_calibration
from lambda_slim.model.report import Report
from lambda_slim.tasks.analyze import AnalyzeOptions, analyze_function
from lambda_slim.tasks.assemble import sharing_of
from lambda_slim.tasks.prepare import Shared

NoImport = Annotated[bool, typer.Option("--no-import", help="do not run and time INIT")]
FromLog = Annotated[
    Path | None, typer.Option("--from-log", help="take import times from a -X importtime log (also of CloudWatch)")
]
Interactive = Annotated[bool, typer.Option("--interactive", "-i", help="walk through it in the terminal")]
Runs = Annotated[int, typer.Option("--runs", min=1, max=50, help="how often INIT is timed")]
Top = Annotated[int, typer.Option("--top", min=0, help="distributions to show (0 for all)")]
Sort = Annotated[str, typer.Option("--sort", help="frees, own, zipped or import")]


def command(
    target: flags.Target = Path(),
    no_import: NoImport = False,
    runs: Runs = 5,
    top: Top = 8,
    sort: Sort = "frees",
    from_log: FromLog = None,
    interactive: Interactive = False,
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
    json: flags.Json = None,
    markdown: flags.Markdown = None,
    html: flags.Html = None,
    speedscope: flags.Speedscope = None,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Reports sizes, imports and the cold start of every function; a saved report is shown again."""
    from lambda_slim.measure.from_log import of_one_function, read_log
    from lambda_slim.render import outputs
    from lambda_slim.render.tui.exclude import settings_place

    if interactive:
        check_interactive()
    log = read_log(from_log) if from_log else None
    settings_file = None
    if sort not in outputs.ORDERS:
        raise UsageError(f"`--sort {sort}` is not known", hint=f"one of {', '.join(outputs.ORDERS)}")
    place = (directory or Path()) / target
    if place.suffix == ".json" and place.is_file() and is_report(place.read_text("utf-8", "replace")):
        report = parse_report(place.read_text("utf-8"))
    else:
        overrides = override(
            select=tuple(function or ()),
            runtime=flags.runtime(python),
            architecture=arch,
            level=level,
            interpreter=interpreter,
            offline=offline,
            allow_stale_lock=allow_stale_lock,
        )
        started = time.monotonic()
        with session(
            target,
            directory=directory,
            config=config,
            handler=handler,
            overrides=overrides,
            quiet=quiet,
            verbose=verbose,
        ) as opened:
            if log:
                of_one_function([one.name for one in opened.project.functions])
            shared = Shared()
            known = read_calibration(opened.project.root / PLACE)
            rows = tuple(
                analyze_function(
                    one,
                    opened.settings,
                    AnalyzeOptions(not no_import, runs, known.get(one.name), log),
                    opened.progress,
                    shared,
                )
                for one in opened.project.functions
            )
            if not no_import and any(row.imports is None for row in rows) and not quiet:
                sys.stderr.write("warning: no Python of the target's version here, so INIT was not timed\n")
        settings_file = settings_place(opened.project.root, opened.settings.file)
        template = opened.project.template.name if opened.project.template else ""
        took = round((time.monotonic() - started) * 1e6)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        sharing = sharing_of(rows)
        report = Report(__version__, rows, template, opened.project.warnings, sharing, started=now, duration_us=took)
    outputs.show(
        outputs.sorted_by(report, sort),
        view="analyze",
        quiet=quiet,
        top=top,
        json=json,
        markdown=markdown,
        html=html,
        speedscope=speedscope,
        printed=not interactive,
    )
    if interactive:
        from lambda_slim.render.tui.app import run

        run(report, settings_file)
    return ExitCode.OK


def check_interactive() -> None:
    """Says before anything is measured whether the screen can be shown.

    Raises:
        UsageError: textual is not installed, or this is no terminal.
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
