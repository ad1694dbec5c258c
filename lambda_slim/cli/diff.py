"""`lambda-slim diff`: compare two reports, zips, folders, or the project at two git refs. Runs no code."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.files import write_text
from lambda_slim.base.units import parse_size
from lambda_slim.budgets.difference import compare
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import override
from lambda_slim.inputs.settings.load import load
from lambda_slim.tasks.diff import read_state

Old = Annotated[str, typer.Argument(help="a report, zip, folder or git:REF", show_default=False)]
New = Annotated[str, typer.Argument(help="the same; `.` is the project as it is now", show_default=False)]
Threshold = Annotated[str, typer.Option("--threshold", help="hide files that changed by less: 10 KiB")]
Top = Annotated[int, typer.Option("--top", min=0, help="files to show (0 for all)")]


def command(
    old: Old,
    new: New = ".",
    threshold: Threshold = "0 B",
    top: Top = 12,
    directory: flags.Directory = None,
    function: flags.Functions = None,
    interpreter: flags.Interpreter = None,
    offline: flags.Offline = False,
    allow_stale_lock: flags.StaleLock = False,
    json: flags.Json = None,
    markdown: flags.Markdown = None,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Says what is different, by distribution and by file, largest first; projects are built, not proved."""
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.difference import difference_json, difference_markdown, render_difference
    from lambda_slim.render.progress import progress_on_stderr

    here = directory or Path()
    try:
        least = parse_size(threshold)
    except ValueError as error:
        raise UsageError(
            f"`--threshold {threshold}` is not a size", cause=str(error), hint="--threshold '10 KiB'"
        ) from error
    given = override(
        select=tuple(function or ()), interpreter=interpreter, offline=offline, allow_stale_lock=allow_stale_lock
    )
    settings = load(here, overrides=given)
    with progress_on_stderr(quiet=quiet, verbose=verbose) as progress:
        before, after = (read_state(name, here, settings, progress) for name in (old, new))
    rows = compare(before, after)
    for path, render in ((json, difference_json), (markdown, difference_markdown)):
        if path == Path("-"):
            sys.stdout.write(render(rows))
        elif path:
            write_text(path, render(rows))
    if Path("-") not in (json, markdown):
        sys.stdout.write(render_difference(rows, look_of_stdout(), least=least, top=top))
    return ExitCode.OK
