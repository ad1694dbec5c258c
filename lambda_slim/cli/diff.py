"""`lambda-slim diff`: compare two reports, zips, folders, or the project at two git refs. Runs no code."""

import sys
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.units import parse_size
from lambda_slim.budgets.difference import compare
from lambda_slim.cli import _options as flags
from lambda_slim.cli._spread import Without, spread
from lambda_slim.cli._write import STDOUT, one_on_stdout, write_result
from lambda_slim.inputs.settings.load import load
from lambda_slim.tasks.diff import read_state

Old = Annotated[str, typer.Argument(help="a report, zip, folder, container image or git:REF", show_default=False)]
New = Annotated[str, typer.Argument(help="the same; `.` is the project as it is now", show_default=False)]
Threshold = Annotated[str, typer.Option("--threshold", help="hide files that changed by less than this: 10 KiB")]
Top = Annotated[int, typer.Option("--top", metavar="N", min=0, help="files to show (0 for all)")]


@spread
def command(
    *,
    old: Old,
    new: New = ".",
    threshold: Threshold = "0 B",
    top: Top = 12,
    project: Annotated[flags.ProjectFlags, Without("config", "handler", "python", "arch")],
    run: flags.RunFlags,
    json: flags.Json = None,
    markdown: flags.Markdown = None,
    html: flags.Html = None,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Says what is different, by distribution and by file, largest first; projects are built, not proved."""
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.difference import difference_json, difference_markdown, render_difference
    from lambda_slim.render.progress import progress_on_stderr

    one_on_stdout({"json": json, "markdown": markdown, "html": html})
    least = _size(threshold)
    settings = load(project.folder, overrides=flags.given({**project.settings(), **run.settings()}))
    with progress_on_stderr(quiet=progress.quiet, verbose=progress.verbose) as told:
        before, after = (read_state(name, project.folder, settings, told) for name in (old, new))
    differences = compare(before, after)
    if json:
        write_result(json, difference_json(differences))
    if markdown:
        write_result(markdown, difference_markdown(differences))
    if html:
        from lambda_slim.render.diff_html import difference_html

        write_result(html, difference_html(differences, (old, new), before, after))
    if STDOUT not in (json, markdown, html):
        sys.stdout.write(render_difference(differences, look_of_stdout(), least=least, top=top))
    return ExitCode.OK


def _size(threshold: str) -> int:
    try:
        return parse_size(threshold)
    except ValueError as error:
        raise UsageError(
            f"`--threshold {threshold}` is not a size", cause=str(error), hint="--threshold '10 KiB'"
        ) from error
