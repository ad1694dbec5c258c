"""`lambda-slim merge`: the reports of `check --shard` as one."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim import __version__
from lambda_slim.base.errors import ConfigError, ExitCode, UsageError
from lambda_slim.cli import _options as flags
from lambda_slim.cli.check import CommentKey, ExitZero, Format, Junit, MarkdownOut, Sarif, verdict
from lambda_slim.formats.report_json import parse_report
from lambda_slim.model.report import FunctionReport, Report

Reports = Annotated[list[Path], typer.Argument(help="reports that `check --json` wrote", show_default=False)]


def command(
    reports: Reports,
    exit_zero: ExitZero = False,
    format: Format = "text",  # noqa: A002  (the flag's name)
    json: flags.Json = None,
    markdown: MarkdownOut = None,
    html: flags.Html = None,
    junit: Junit = None,
    sarif: Sarif = None,
    comment_key: CommentKey = "default",
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Joins reports of the same project; exit 1 where a check in any of them failed."""
    import os

    from lambda_slim.render.outputs import one_on_stdout, show_verdict

    if format not in ("text", "github"):
        raise UsageError(f"`--format {format}` is not known", hint="one of text, github")
    files = {"json": json, "markdown": markdown, "html": html, "junit": junit, "sarif": sarif}
    one_on_stdout(files)
    report = joined([(path.name, _read(path)) for path in reports])
    show_verdict(
        report,
        files,
        quiet=quiet,
        verbose=bool(verbose),
        annotations=format == "github",
        key=comment_key,
        step_summary=os.environ.get("GITHUB_STEP_SUMMARY", ""),
    )
    return verdict(report, forgiven=exit_zero)


def _read(path: Path) -> Report:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot read `{path}`", cause=str(error), hint="was it written by `check --json`?"
        ) from error
    return parse_report(text)


def joined(reports: list[tuple[str, Report]]) -> Report:
    """One report with every function once, by name.

    Raises:
        ConfigError: a function is in two reports.
    """
    seen: dict[str, tuple[str, FunctionReport]] = {}
    for name, report in reports:
        for one in report.functions:
            if one.name in seen:
                hint = "each shard's report once: --shard 1/2, --shard 2/2"
                raise ConfigError(f"`{one.name}` is in `{seen[one.name][0]}` and in `{name}`", hint=hint)
            seen[one.name] = (name, one)
    versions = {report.tool_version for _, report in reports}
    if len(versions) > 1:
        sys.stderr.write(f"warning: the reports are of several versions: {', '.join(sorted(versions))}\n")
    template = next((report.template for _, report in reports if report.template), "")
    warnings = tuple(dict.fromkeys(text for _, report in reports for text in report.warnings))
    folder = next((report.folder for _, report in reports if report.folder), "")
    return Report(__version__, tuple(one for _, (_, one) in sorted(seen.items())), template, warnings, folder=folder)
