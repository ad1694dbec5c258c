"""`lambda-slim merge`: joins the reports of `check --shard` into one."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim import __version__
from lambda_slim.base.errors import ConfigError, ExitCode
from lambda_slim.base.files import read_regular_text
from lambda_slim.cli import _options as flags
from lambda_slim.cli._spread import spread
from lambda_slim.cli._write import one_on_stdout
from lambda_slim.cli.check import check_format, exit_code, verdict_view
from lambda_slim.formats.report_json import parse_report
from lambda_slim.model.report import FunctionReport, Report
from lambda_slim.render.progress import warn

Reports = Annotated[list[Path], typer.Argument(help="reports that `check --json` wrote", show_default=False)]


@spread
def command(
    *,
    reports: Reports,
    exit_zero: flags.ExitZero = False,
    verdict: flags.VerdictFlags,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Joins reports of the same project; exit 1 where a check in any of them failed."""
    from lambda_slim.render.outputs import show_verdict

    check_format(verdict)
    one_on_stdout(verdict.files())
    report = joined([(path.name, _read(path)) for path in reports])
    show_verdict(report, verdict_view(verdict, progress), verdict.files())
    return exit_code(report, forgiven=exit_zero)


def _read(path: Path) -> Report:
    try:
        text = read_regular_text(path)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"cannot read `{path}`", cause=str(error), hint="was it written by `check --json`?"
        ) from error
    return parse_report(text)


def joined(reports: list[tuple[str, Report]]) -> Report:
    """One report with every function once, by name.

    Raises:
        ConfigError: a function is in two reports.
    """
    functions = _functions_once(reports)
    versions = {report.tool_version for _, report in reports}
    if len(versions) > 1:
        warn(f"the reports were written by several versions: {', '.join(sorted(versions))}")
    warnings = tuple(dict.fromkeys(text for _, report in reports for text in report.warnings))
    return Report(
        __version__,
        functions,
        template=_first(report.template for _, report in reports),
        warnings=warnings,
        folder=_first(report.folder for _, report in reports),
    )


def _functions_once(reports: list[tuple[str, Report]]) -> tuple[FunctionReport, ...]:
    """The functions of all reports, by name."""
    functions: dict[str, FunctionReport] = {}
    files: dict[str, str] = {}
    for file, report in reports:
        for function in report.functions:
            if function.name in functions:
                cause, hint = (
                    "shards have no function in common",
                    "name the report of each shard once: --shard 1/2, --shard 2/2",
                )
                raise ConfigError(
                    f"`{function.name}` is in `{files[function.name]}` and in `{file}`", cause=cause, hint=hint
                )
            functions[function.name], files[function.name] = function, file
    return tuple(functions[name] for name in sorted(functions))


def _first(texts: Iterable[str]) -> str:
    """The first text that is not empty."""
    return next(filter(None, texts), "")
