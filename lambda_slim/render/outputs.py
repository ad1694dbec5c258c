"""Where a report goes: text on stdout, and any number of files, all from one run."""

import sys
from pathlib import Path

from lambda_slim.files import write_text
from lambda_slim.report import Report, report_json

STDOUT = Path("-")


def show(
    report: Report,
    *,
    view: str,
    quiet: bool = False,
    top: int = 8,
    json: Path | None = None,
    markdown: Path | None = None,
) -> None:
    """Prints the report, and writes the files that were asked for; `-` puts one of them on stdout in place of the text.

    Raises:
        WriteError: a file cannot be written.
    """
    wanted = {"json": json, "markdown": markdown}
    for name, path in wanted.items():
        if path is None:
            continue
        text = _render(report, name)
        if path == STDOUT:
            sys.stdout.write(text)
        else:
            write_text(path, text)
            sys.stderr.write(f"wrote {path}\n")
    if STDOUT in wanted.values():
        return
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.terminal import concise, render_terminal

    sys.stdout.write(concise(report) if quiet else render_terminal(report, look_of_stdout(), view=view, top=top))


def _render(report: Report, name: str) -> str:
    if name == "json":
        return report_json(report)
    from lambda_slim.render.markdown import render_markdown

    return render_markdown(report)
