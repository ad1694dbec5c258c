"""A check's verdict as Markdown: a pull request's comment, a job's summary. The verdict first, changed rows only."""

from collections.abc import Iterable

from lambda_slim.render.markdown import cut, escape
from lambda_slim.render.verdict import failed, show_value
from lambda_slim.report import CheckRow, FunctionReport, Report

_SIGNS = {"failed": " ❌", "warning": " ⚠️"}


def render_comment(report: Report, key: str = "default") -> str:
    """At most 60,000 characters; the first line is a hidden marker that a later run finds its comment by."""
    lines = [f"<!-- lambda-slim key={escape(key).replace('-->', '')} -->", f"### lambda-slim: {_headline(report)}", ""]
    shown = [one for one in report.functions if one.changed or any(row.status != "passed" for row in one.checks)]
    for function in shown:
        lines += _function(function)
    if quiet := len(report.functions) - len(shown):
        lines += [f"{quiet} function{'s hold' if quiet != 1 else ' holds'} and did not change.", ""]
    if any(failed(one) for one in report.functions):
        lines += ["To accept on purpose: `lambda-slim check --update`, and commit `lambda-slim.lock`.", ""]
    lines.append(f"<sub>lambda-slim {report.tool_version}</sub>")
    return cut("\n".join(lines) + "\n")


def _headline(report: Report) -> str:
    bad = [one for one in report.functions if failed(one)]
    if not bad:
        count = len(report.functions)
        return f"{count} function{'s hold' if count != 1 else ' holds'}"
    if len(bad) > 1:
        return f"{len(bad)} of {len(report.functions)} functions fail"
    rows = failed(bad[0])
    first = rows[0]
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    if first.unit == "bytes" and first.limit:
        over = show_value(first.value - first.limit, "bytes")
        return f"{escape(bad[0].name)} is {over} over its `{escape(first.id)}` budget{more}"
    return f"{escape(bad[0].name)} fails `{escape(first.id)}`{more}"


def _function(function: FunctionReport) -> Iterable[str]:
    yield f"**{escape(function.name)}**"
    yield ""
    rows = [row for row in function.checks if row.status != "passed" or _moved(row)]
    if rows:
        yield "| check | now | limit | before |"
        yield "|:--|--:|--:|--:|"
        yield from (_row(row) for row in rows)
        yield ""
    if told := [row for row in rows if row.message]:
        yield from (f"- `{escape(row.id)}`: {escape(_place(row) + row.message)}" for row in told)
        yield ""
    if function.changed:
        yield f"<details><summary>What changed ({len(function.changed)})</summary>"
        yield ""
        yield "```diff"
        yield from (_diff(line) for line in function.changed)
        yield "```"
        yield "</details>"
        yield ""


def _moved(row: CheckRow) -> bool:
    return row.baseline is not None and row.baseline != row.value


def _row(row: CheckRow) -> str:
    value = show_value(row.value, row.unit) if row.unit else ""
    limit = show_value(row.limit, row.unit) if row.unit and (row.limit or row.unit != "count") else ""
    before = ""
    if row.baseline is not None and row.unit:
        delta = row.value - row.baseline
        before = f"{show_value(row.baseline, row.unit)} ({_moved_by(delta, row.unit)})"
    name = f"**{escape(row.id)}**{_SIGNS.get(row.status, '')}" if row.status in _SIGNS else escape(row.id)
    return f"| {name} | {value} | {limit} | {before} |"


def _moved_by(delta: int, unit: str) -> str:
    return f"{'+' if delta >= 0 else '−'}{show_value(abs(delta), unit)}"


def _place(row: CheckRow) -> str:
    return f"{row.file}: " if row.file and not row.unit else ""


def _diff(line: str) -> str:
    """A line that closes no code block and that `diff` colours."""
    return line.replace("−", "-", 1).replace("`", "'").replace("~", "!", 1)
