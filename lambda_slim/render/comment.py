"""A check's verdict as Markdown: a pull request's comment, a job's summary. The verdict first, changed rows only."""

import itertools
from collections.abc import Iterable, Sequence

from lambda_slim.base.text import clause, shown_all
from lambda_slim.base.units import plural, verb
from lambda_slim.model.report import CheckRow, FunctionReport, Report
from lambda_slim.render.markdown import LONGEST, code, cut, escape
from lambda_slim.render.verdict import headline, show_moved, show_value, value_of, warnings, ways_out

_SIGNS = {"failed": " ❌", "warning": " ⚠️"}
_MOST = 20  # checks, and changes, of one function
_REST = 2_000  # characters for all but the functions


def render_comment(report: Report, key: str = "default") -> str:
    """At most 60,000 characters; the first line is a hidden marker that a later run finds its comment by."""
    report = shown_all(report)
    marker = f"<!-- lambda-slim key={escape(key).replace('--', '')} -->"
    lines = [marker, f"### lambda-slim: {_headline(report)}", "", *_functions(report)]
    if ways := ways_out(report):
        lines += [*(f"- To {aim}: {escape(way)}" for aim, way in ways), ""]
    lines.append(f"<sub>{' · '.join([*_targets(report), f'lambda-slim {report.tool_version}'])}</sub>")
    return cut("\n".join(lines) + "\n")


def _functions(report: Report) -> Iterable[str]:
    """A block for each function that failed or changed, as many as fit, and how many others there are."""
    shown = [function for function in report.functions if function.changed or _not_all_passed(function)]
    failed_first = sorted(shown, key=lambda function: not function.failed_checks)
    blocks = ["\n".join(_function(function)) for function in failed_first]
    ends = itertools.accumulate(len(block) + 1 for block in blocks)
    fit = sum(end < LONGEST - _REST for end in ends)
    yield from blocks[:fit]
    if more := len(shown) - fit:
        yield f"… and {plural(more, 'more function')}; the report has all.\n"
    if quiet := len(report.functions) - len(shown):
        yield f"{plural(quiet, 'other function')} did not change.\n" if shown else "Nothing changed.\n"


def _not_all_passed(function: FunctionReport) -> bool:
    return not all(row.passed for row in function.checks)


def _headline(report: Report) -> str:
    count = len(report.functions)
    statuses = [row.status for function in report.functions for row in function.checks]
    if not statuses:
        return headline(report)
    bad = report.failed
    if len(bad) > 1:
        return f"{len(bad)} of {count} functions fail"
    if bad:
        return _failure(bad[0])
    warned = warnings(statuses.count("warning"))
    return f"{plural(count, 'function')} {verb(count, 'hold')}{clause(', {}', warned)}"


def _failure(function: FunctionReport) -> str:
    """What is wrong with one function: its first failed check, and how many others failed."""
    first, *others = function.failed_checks
    more = clause(", and {} failed", others, lambda rows: plural(len(rows), "more check"))
    if first.unit == "bytes" and first.limit:
        over = show_value(first.value - first.limit, "bytes")
        return f"{escape(function.name)} is {over} over its {code(first.id)} budget{more}"
    return f"{escape(function.name)} fails {code(first.id)}{more}"


def _targets(report: Report) -> tuple[str, ...]:
    """What was built for; packages of several targets are not told apart here."""
    targets = {f"{function.runtime} {function.architecture}" for function in report.functions}
    if len(targets) > 1:
        return ()
    return tuple(map(escape, targets))


def _function(function: FunctionReport) -> Iterable[str]:
    yield f"**{escape(function.name)}**"
    yield ""
    rows = [row for row in function.checks if _is_told(row)]
    if rows:
        yield from _table(rows)
    if function.changed:
        yield from _changes(function)


def _is_told(row: CheckRow) -> bool:
    """Whether a check does not hold, or its value has moved."""
    return not row.passed or row.moved_by != 0


def _table(rows: Sequence[CheckRow]) -> Iterable[str]:
    """The checks, and below them what their messages say."""
    shown = rows[:_MOST]
    yield "| check | now | limit | before |"
    yield "|:--|--:|--:|--:|"
    yield from map(_row, shown)
    if len(rows) > _MOST:
        yield f"| and {len(rows) - _MOST} more | | | |"
    yield ""
    messages = [f"- {code(row.id)}: {escape(_place(row) + row.message)}" for row in shown if row.message]
    if messages:
        yield from [*messages, ""]


def _changes(function: FunctionReport) -> Iterable[str]:
    opened = " open" if function.failed_checks else ""
    yield f"<details{opened}><summary>What changed ({len(function.changed)})</summary>"
    yield ""
    yield "```diff"
    yield from map(_diff, function.changed[:_MOST])
    if len(function.changed) > _MOST:
        yield f"# and {len(function.changed) - _MOST} more"
    yield "```"
    yield "</details>"
    yield ""


def _row(row: CheckRow) -> str:
    limit = show_value(row.limit, row.unit) if row.has_limit else ""
    name = escape(row.id)
    if row.status in _SIGNS:
        name = f"**{name}**{_SIGNS[row.status]}"
    return f"| {name} | {value_of(row)} | {limit} | {_before(row)} |"


def _before(row: CheckRow) -> str:
    if row.baseline is None or not row.unit:
        return ""
    before = show_value(row.baseline, row.unit)
    return f"{before} ({show_moved(row)})" if row.moved_by else before


def _place(row: CheckRow) -> str:
    """The file of a rule; a check with a value needs none."""
    return "" if row.unit else clause("{}: ", row.file)


def _diff(line: str) -> str:
    """A line that closes no code block and that `diff` colours."""
    return line.replace("−", "-", 1).replace("`", "'").replace("~", "!", 1)
