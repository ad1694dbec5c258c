"""Failed checks and findings as GitHub workflow commands, which show beside the code."""

from collections.abc import Iterable

from lambda_slim.base.text import clause, shown
from lambda_slim.model.report import CheckRow, Finding, FunctionReport, Report
from lambda_slim.render.verdict import summary

_MOST = 9  # GitHub shows ten of a level for a step; the tenth says how many more there are
_BLAMED = 3  # changes under a failed check
_LEVELS = {"failed": "error", "warning": "warning", "noise": "notice"}


def render_annotations(report: Report) -> str:
    """At most ten lines a level: `::error file=pyproject.toml,line=12,title=unzipped::…`."""
    return _lines(
        (_LEVELS[row.status], _place(report.from_repository(row.file), row.line), row.id, _told(function, row))
        for function in report.functions
        for row in function.checks
        if row.status in _LEVELS
    )


def finding_annotations(findings: Iterable[Finding]) -> str:
    """The same for findings alone."""
    levels = {"error": "error", "warning": "warning", "info": "notice"}
    return _lines(
        (levels[finding.level], _place(finding.file, finding.line, finding.column), finding.rule, finding.message)
        for finding in findings
    )


def _told(function: FunctionReport, row: CheckRow) -> str:
    """The check in one line, and under it what most likely broke it."""
    told = f"{function.name}: {summary(row)}"
    if row.failed and row.baseline is not None:
        return "\n".join((told, *function.changed[:_BLAMED]))
    return told


def _place(file: str, line: int, column: int = 0) -> str:
    if not file:
        return ""
    place = f"file={_property(file)},"
    if not line:
        return place
    return f"{place}line={line},{clause('col={},', column)}"


def _lines(rows: Iterable[tuple[str, str, str, str]]) -> str:
    by_level: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for level, place, title, text in rows:
        by_level[level].append(f"::{level} {place}title={_property(title)}::{_data(text)}")
    shown: list[str] = []
    for level, lines in by_level.items():
        shown += lines[:_MOST]
        if len(lines) > _MOST:
            shown.append(f"::{level} title=lambda-slim::and {len(lines) - _MOST} more; see the report")
    return "".join(f"{line}\n" for line in shown)


def _data(text: str) -> str:
    """As workflow commands escape it; a line end in it is one in the annotation."""
    text = "\n".join(map(shown, text.split("\n")))
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
