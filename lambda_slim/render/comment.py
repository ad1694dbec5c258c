"""A check's verdict as Markdown: a pull request's comment, a job's summary. The verdict first, changed rows only."""

import itertools
from collections.abc import Iterable

from lambda_slim.base.units import plural
from lambda_slim.model.report import CheckRow, FunctionReport, Report
from lambda_slim.render.markdown import LONGEST, cut, escape
from lambda_slim.render.verdict import failed, headline, show_value, ways_out

_SIGNS = {"failed": " ❌", "warning": " ⚠️"}
_MOST = 20  # checks, and changes, of one function
_REST = 2_000  # characters for all but the functions


def render_comment(report: Report, key: str = "default") -> str:
    """At most 60,000 characters; the first line is a hidden marker that a later run finds its comment by."""
    marker = f"<!-- lambda-slim key={escape(key).replace('-->', '')} -->"
    shown = [one for one in report.functions if one.changed or any(row.status != "passed" for row in one.checks)]
    blocks = ["\n".join(_function(one)) for one in sorted(shown, key=lambda one: not failed(one))]
    fit = sum(size < LONGEST - _REST for size in itertools.accumulate(len(block) + 1 for block in blocks))
    lines = [marker, f"### lambda-slim: {_headline(report)}", "", *blocks[:fit]]
    if more := len(shown) - fit:
        lines += [f"… and {plural(more, 'more function')}; the report has all.", ""]
    if quiet := len(report.functions) - len(shown):
        lines += [f"{plural(quiet, 'other function')} did not change." if shown else "Nothing changed.", ""]
    if ways := ways_out(report):
        lines += [*(f"- To {aim}: {escape(way)}" for aim, way in ways), ""]
    lines.append(f"<sub>{' · '.join([*_targets(report), f'lambda-slim {report.tool_version}'])}</sub>")
    return cut("\n".join(lines) + "\n")


def _headline(report: Report) -> str:
    bad = [one for one in report.functions if failed(one)]
    if not any(one.checks for one in report.functions):
        return headline(report)
    if not bad:
        warned = sum(row.status == "warning" for one in report.functions for row in one.checks)
        warnings = f", {plural(warned, 'warning')}" if warned else ""
        return f"{plural(len(report.functions), 'function')} hold{'s' if len(report.functions) == 1 else ''}{warnings}"
    if len(bad) > 1:
        return f"{len(bad)} of {len(report.functions)} functions fail"
    rows = failed(bad[0])
    first = rows[0]
    more = f", and {plural(len(rows) - 1, 'more check')} failed" if len(rows) > 1 else ""
    if first.unit == "bytes" and first.limit:
        over = show_value(first.value - first.limit, "bytes")
        return f"{escape(bad[0].name)} is {over} over its `{escape(first.id)}` budget{more}"
    return f"{escape(bad[0].name)} fails `{escape(first.id)}`{more}"


def _targets(report: Report) -> tuple[str, ...]:
    """What was built for; packages of several targets are not told apart here."""
    found = {f"{one.runtime} {one.architecture}" for one in report.functions}
    return (escape(next(iter(found))),) if len(found) == 1 else ()


def _function(function: FunctionReport) -> Iterable[str]:
    yield f"**{escape(function.name)}**"
    yield ""
    rows = [row for row in function.checks if row.status != "passed" or _moved(row)]
    if rows:
        yield "| check | now | limit | before |"
        yield "|:--|--:|--:|--:|"
        yield from (_row(row) for row in rows[:_MOST])
        if len(rows) > _MOST:
            yield f"| and {len(rows) - _MOST} more | | | |"
        yield ""
    if told := [row for row in rows[:_MOST] if row.message]:
        yield from (f"- `{escape(row.id)}`: {escape(_place(row) + row.message)}" for row in told)
        yield ""
    if function.changed:
        yield f"<details{' open' if failed(function) else ''}><summary>What changed ({len(function.changed)})</summary>"
        yield ""
        yield "```diff"
        yield from (_diff(line) for line in function.changed[:_MOST])
        if len(function.changed) > _MOST:
            yield f"# and {len(function.changed) - _MOST} more"
        yield "```"
        yield "</details>"
        yield ""


def _moved(row: CheckRow) -> bool:
    return row.baseline is not None and row.baseline != row.value


def _row(row: CheckRow) -> str:
    value = show_value(row.value, row.unit) if row.unit else ""
    limited = row.limit or (row.unit not in ("", "count") and row.status != "skipped")
    limit = show_value(row.limit, row.unit) if limited else ""
    before = ""
    if row.baseline is not None and row.unit:
        delta = row.value - row.baseline
        before = show_value(row.baseline, row.unit)
        before += f" ({_moved_by(delta, row.unit)})" if delta else ""
    name = f"**{escape(row.id)}**{_SIGNS.get(row.status, '')}" if row.status in _SIGNS else escape(row.id)
    return f"| {name} | {value} | {limit} | {before} |"


def _moved_by(delta: int, unit: str) -> str:
    return f"{'+' if delta >= 0 else '−'}{show_value(abs(delta), unit)}"


def _place(row: CheckRow) -> str:
    return f"{row.file}: " if row.file and not row.unit else ""


def _diff(line: str) -> str:
    """A line that closes no code block and that `diff` colours."""
    return line.replace("−", "-", 1).replace("`", "'").replace("~", "!", 1)
