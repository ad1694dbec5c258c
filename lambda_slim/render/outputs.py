"""Where a report goes: text on stdout, and any number of files, all from one run."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from lambda_slim.base.files import write_text
from lambda_slim.model.report import DistributionRow, Report
from lambda_slim.render.progress import say, warn

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
        replace(function, distributions=tuple(sorted(function.distributions, key=lambda row: (-key(row), row.name))))
        for function in report.functions
    )
    return replace(report, functions=rows)


@dataclass(frozen=True, slots=True)
class View:
    """How a report is printed.

    Attributes:
        name: `analyze` or `build`: what it is the result of.
        quiet: Only the summary lines.
        verbose: Everything, in place of a few lines a function.
        top: Distributions to show; 0 for all.
        printed: False where only files are wanted.
    """

    name: str
    quiet: bool = False
    verbose: bool = False
    top: int = 8
    printed: bool = True


@dataclass(frozen=True, slots=True)
class VerdictView:
    """How a check's verdict is printed.

    Attributes:
        quiet: Only what failed, and the summary line.
        verbose: Also what holds.
        annotations: GitHub's workflow commands in place of text.
        key: Tells apart the comments of several runs on one pull request.
        step_summary: File to append the Markdown to, as GitHub names it; "" for none.
    """

    quiet: bool = False
    verbose: bool = False
    annotations: bool = False
    key: str = "default"
    step_summary: str = ""


def show(report: Report, view: View, files: Mapping[str, Path | None]) -> str:
    """Prints the report, gives the text back, and writes the files that were asked for.

    A file `-` goes to stdout in place of the text.

    Args:
        report: What to show.
        view: How it is printed.
        files: Format (json, markdown, html, speedscope) to where it goes.

    Raises:
        WriteError: a file cannot be written.
    """
    for name, path in files.items():
        if path is None:
            continue
        text = _render(report, name)
        if path == STDOUT:
            sys.stdout.write(text)
        else:
            write_text(path, text)
            say(f"wrote {path}")
    text = _text(report, view) if view.printed and STDOUT not in files.values() else ""
    sys.stdout.write(text)
    return text


def _text(report: Report, view: View) -> str:
    from lambda_slim.render.brief import render_brief
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.terminal import concise, render_terminal

    if view.quiet:
        return concise(report)
    if not view.verbose:
        return render_brief(report, look_of_stdout(), view=view.name)
    return render_terminal(report, look_of_stdout(), view=view.name, top=view.top)


def show_verdict(report: Report, view: VerdictView, files: Mapping[str, Path | None]) -> str:
    """Prints a check's verdict, gives it back, and writes the files asked for; `-` puts one on stdout in its place.

    Args:
        report: With the checks.
        view: How it is printed.
        files: Format (json, markdown, html, junit, sarif) to where it goes.

    Raises:
        WriteError: a file cannot be written.
    """
    on_stdout = [name for name, path in files.items() if path == STDOUT]
    printed = "".join(_verdict_file(report, name, view.key) for name in on_stdout)
    text = "" if on_stdout else _verdict(report, view)
    sys.stdout.write(printed or text)  # before the files: one that cannot be written hides no verdict
    sys.stdout.flush()
    if view.step_summary:
        _append(Path(view.step_summary), _verdict_file(report, "markdown", view.key))
    _write_verdict(report, view, {name: path for name, path in files.items() if path and name not in on_stdout})
    return text


def _write_verdict(report: Report, view: VerdictView, files: Mapping[str, Path]) -> None:
    for name, path in files.items():
        write_text(path, _verdict_file(report, name, view.key))
        if not view.quiet:
            say(f"wrote {path}")


def _verdict_file(report: Report, name: str, key: str) -> str:
    from lambda_slim.render.comment import render_comment

    return render_comment(report, key) if name == "markdown" else _render(report, name)


def _verdict(report: Report, view: VerdictView) -> str:
    from lambda_slim.render.annotations import render_annotations
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.verdict import render_verdict

    text = render_annotations(report) if view.annotations else ""
    return text + render_verdict(report, look_of_stdout(), quiet=view.quiet, verbose=view.verbose)


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        warn(f"the job's summary cannot be written: {error}")


def _render(report: Report, name: str) -> str:
    """A report in one of the formats; only that format's module is loaded."""
    module = import_module("lambda_slim.formats.report_json" if name == "json" else f"lambda_slim.render.{name}")
    render: Callable[[Report], str] = module.report_json if name == "json" else getattr(module, f"render_{name}")
    return render(report)
