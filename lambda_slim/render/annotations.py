"""Failed checks and findings as GitHub workflow commands, which show beside the code."""

from collections.abc import Iterable

from lambda_slim.render.verdict import summary
from lambda_slim.report import Finding, Report

_MOST = 9  # GitHub shows ten of a level for a step; the tenth says how many more there are
_LEVELS = {"failed": "error", "warning": "warning", "noise": "notice"}


def render_annotations(report: Report) -> str:
    """At most ten lines a level: `::error file=pyproject.toml,line=12,title=unzipped::…`."""
    rows = [
        (_LEVELS[row.status], row.file, row.line, row.id, f"{function.name}: {summary(row)}")
        for function in report.functions
        for row in function.checks
        if row.status in _LEVELS
    ]
    return _lines(rows)


def finding_annotations(findings: Iterable[Finding]) -> str:
    """The same for findings alone."""
    levels = {"error": "error", "warning": "warning", "info": "notice"}
    return _lines((levels[one.level], one.file, one.line, one.rule, one.message) for one in findings)


def _lines(rows: Iterable[tuple[str, str, int, str, str]]) -> str:
    by_level: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for level, file, line, title, text in rows:
        by_level[level].append(_command(level, file, line, title, text))
    found: list[str] = []
    for level, lines in by_level.items():
        found += lines[:_MOST]
        if len(lines) > _MOST:
            found.append(_command(level, "", 0, "lambda-slim", f"and {len(lines) - _MOST} more; see the report"))
    return "".join(f"{line}\n" for line in found)


def _command(level: str, file: str, line: int, title: str, text: str) -> str:
    parts = [f"file={_property(file)}"] if file else []
    parts += [f"line={line}"] if file and line else []
    parts.append(f"title={_property(title)}")
    return f"::{level} {','.join(parts)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
