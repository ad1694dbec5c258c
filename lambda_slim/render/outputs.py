"""Where a report goes: text on stdout, and any number of files, all from one run."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import UsageError
from lambda_slim.base.files import write_text
from lambda_slim.formats.report_json import report_json
from lambda_slim.model.report import DistributionRow, Report

STDOUT = Path("-")

ORDERS: dict[str, Callable[[DistributionRow], int]] = {
    "frees": lambda row: row.freed_bytes,
    "own": lambda row: row.own_bytes,
    "zipped": lambda row: row.zipped_bytes,
    "import": lambda row: row.import_self_us,
}


def sorted_by(report: Report, order: str) -> Report:
    """The report with every function's distributions in another order, largest first."""
    key = ORDERS[order]
    rows = tuple(
        replace(one, distributions=tuple(sorted(one.distributions, key=lambda row: (-key(row), row.name))))
        for one in report.functions
    )
    return replace(report, functions=rows)


def show(  # noqa: PLR0913  (one argument a format)
    report: Report,
    *,
    view: str,
    quiet: bool = False,
    top: int = 8,
    json: Path | None = None,
    markdown: Path | None = None,
    html: Path | None = None,
    speedscope: Path | None = None,
    printed: bool = True,
) -> None:
    """Prints the report where `printed` is on, and writes the files that were asked for.

    A file `-` goes to stdout in place of the text.

    Raises:
        WriteError: a file cannot be written.
    """
    wanted = {"json": json, "markdown": markdown, "html": html, "speedscope": speedscope}
    for name, path in wanted.items():
        if path is None:
            continue
        text = _render(report, name)
        if path == STDOUT:
            sys.stdout.write(text)
        else:
            write_text(path, text)
            sys.stderr.write(f"wrote {path}\n")
    if not printed or STDOUT in wanted.values():
        return
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.terminal import concise, render_terminal

    sys.stdout.write(concise(report) if quiet else render_terminal(report, look_of_stdout(), view=view, top=top))


def show_verdict(
    report: Report,
    files: Mapping[str, Path | None],
    *,
    quiet: bool,
    verbose: bool,
    annotations: bool,
    key: str,
    step_summary: str,
) -> str:
    """Prints a check's verdict, gives it back, and writes the files asked for; `-` puts one on stdout in its place.

    Args:
        report: With the checks.
        files: Format (json, markdown, html, junit, sarif) to where it goes.
        quiet: Only what failed, and the summary line.
        verbose: Also what holds.
        annotations: GitHub's workflow commands in place of text.
        key: Tells apart the comments of several runs on one pull request.
        step_summary: File to append the Markdown to, as GitHub names it; "" for none.

    Raises:
        WriteError: a file cannot be written.
    """
    wanted = {name: path for name, path in files.items() if path is not None}

    def rendered(name: str) -> str:
        from lambda_slim.render.comment import render_comment

        return render_comment(report, key) if name == "markdown" else _render(report, name)

    printed = [rendered(name) for name, path in wanted.items() if path == STDOUT]
    text = "" if printed else _verdict(report, quiet=quiet, verbose=verbose, annotations=annotations)
    sys.stdout.write("".join(printed) or text)  # before the files: one that cannot be written hides no verdict
    sys.stdout.flush()
    if step_summary:
        _append(Path(step_summary), rendered("markdown"))
    for name, path in wanted.items():
        if path != STDOUT:
            write_text(path, rendered(name))
            sys.stderr.write("" if quiet else f"wrote {path}\n")
    return text


def one_on_stdout(files: Mapping[str, Path | None]) -> None:
    """Two formats on standard output would be neither.

    Raises:
        UsageError: that was asked for.
    """
    names = [f"--{name} -" for name, path in files.items() if path == STDOUT]
    if len(names) > 1:
        raise UsageError(f"{' and '.join(names)} would both go to standard output", hint="name a file for one of them")


def _verdict(report: Report, *, quiet: bool, verbose: bool, annotations: bool) -> str:
    from lambda_slim.render.annotations import render_annotations
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.verdict import render_verdict

    text = render_annotations(report) if annotations else ""
    return text + render_verdict(report, look_of_stdout(), quiet=quiet, verbose=verbose)


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        sys.stderr.write(f"warning: the job's summary cannot be written: {error}\n")


def _render(report: Report, name: str) -> str:
    if name == "json":
        return report_json(report)
    if name == "markdown":
        from lambda_slim.render.markdown import render_markdown

        return render_markdown(report)
    if name == "junit":
        from lambda_slim.render.junit import render_junit

        return render_junit(report)
    if name == "sarif":
        from lambda_slim.render.sarif import render_sarif

        return render_sarif(report)
    if name == "html":
        from lambda_slim.render.html import render_html

        return render_html(report)
    from lambda_slim.render.speedscope import render_speedscope

    return render_speedscope(report)
