"""A check's verdict as text: what failed first, what changed, and how to accept it."""

from collections.abc import Iterable

from lambda_slim.render.console import Look
from lambda_slim.report import CheckRow, FunctionReport, Report
from lambda_slim.units import show_size, show_time

_SIGNS = {"passed": "✓", "failed": "✗", "warning": "!", "noise": "!", "skipped": "-"}
_COLOURS = {"passed": "32", "failed": "1;31", "warning": "33", "noise": "33", "skipped": "2"}
_VALUE = 10


def render_verdict(report: Report, look: Look, *, quiet: bool = False, verbose: bool = False) -> str:
    """One block a function, one line a check; functions that hold take one line unless `verbose`."""
    lines: list[str] = []
    for function in report.functions:
        if not quiet:
            lines += _function(function, look, verbose=verbose)
        elif any(row.status == "failed" for row in function.checks):
            lines.append(f"{function.name}: {'; '.join(summary(row) for row in failed(function))}")
    if not quiet:
        for function in report.functions:
            if function.changed:
                lines += ["", f"What changed in {function.name}", *(f"  {line}" for line in function.changed)]
        lines.append("")
    lines.append(headline(report))
    return look.plain("\n".join(lines)) + "\n"


def failed(function: FunctionReport) -> tuple[CheckRow, ...]:
    """A function's failed checks."""
    return tuple(row for row in function.checks if row.status == "failed")


def headline(report: Report) -> str:
    """The verdict in one line."""
    rows = [row for function in report.functions for row in function.checks]
    bad, warned = (sum(row.status == status for row in rows) for status in ("failed", "warning"))
    count = f"{len(report.functions)} function{'s' if len(report.functions) != 1 else ''}"
    warnings = f", {warned} warning{'s' if warned != 1 else ''}" if warned else ""
    if bad:
        accept = "accept on purpose with `lambda-slim check --update`"
        return f"{bad} of {len(rows)} checks failed in {count}{warnings}; {accept}"
    if not rows:
        return f"{count}: no budget and no lock to hold; `lambda-slim init` proposes both"
    return f"{count}: {len(rows) - warned} checks hold{warnings}"


def summary(row: CheckRow) -> str:
    """One check in a few words: `unzipped 61.2 MiB over 60 MiB`."""
    if not row.unit:
        place = f"{row.file}: " if row.file else ""
        return f"{row.id} {place}{row.message}"
    if row.unit == "count" and not row.limit:
        return f"{row.id}: {row.message or row.value}"
    over = f"{row.id} {show_value(row.value, row.unit)} over {show_value(row.limit, row.unit)}"
    return f"{over} ({row.message})" if row.message else over


def show_value(value: int, unit: str) -> str:
    """A value in its unit, for people."""
    if unit == "bytes":
        return show_size(value)
    if unit == "us":
        return show_time(value)
    if unit == "ppm":
        return f"{value / 10_000:+.1f} %"
    return f"{value:,}"


def _function(function: FunctionReport, look: Look, *, verbose: bool) -> Iterable[str]:
    shown = [row for row in function.checks if verbose or row.status != "passed"]
    held = len(function.checks) - len(shown)
    if not function.checks:
        return
    yield _paint(function.name, "1", look)
    width = max((len(row.id) for row in shown if row.unit), default=0)
    for row in sorted(shown, key=lambda row: row.status == "passed"):
        yield from _wrapped(_row(row, look, width), row.message, look)
    if held and not verbose:
        names = ", ".join(row.id for row in function.checks if row.status == "passed")
        room = look.width - 12
        yield f"  {_sign('passed', look)} {held} hold: {names if len(names) < room else names[: room - 1] + '…'}"


def _wrapped(line: str, message: str, look: Look) -> Iterable[str]:
    """The line with its message, or the message on a line of its own where both do not fit."""
    if not message or len(line) + len(message) + 3 <= look.width + (9 if look.colour else 0):
        yield f"{line}   {message}" if message else line
    else:
        yield line
        yield f"      {message}"


def _row(row: CheckRow, look: Look, width: int) -> str:
    sign = f"  {_sign(row.status, look)} "
    if not row.unit:
        return f"{sign}{row.id}  {row.file}".rstrip()
    value = f"{show_value(row.value, row.unit):>{_VALUE}}"
    parts = [f"{sign}{row.id:<{width}} {value}"]
    if row.limit or row.unit != "count":
        parts.append(f"limit {show_value(row.limit, row.unit)}")
        away = row.value - row.limit
        if row.status != "skipped" and row.unit != "ppm":
            parts.append(f"over by {show_value(away, row.unit)}" if away > 0 else f"{show_value(-away, row.unit)} left")
    if row.baseline is not None and row.value != row.baseline and row.limit:
        delta = row.value - row.baseline
        sign_of = "+" if delta > 0 else "−"
        parts.append(f"was {show_value(row.baseline, row.unit)} ({sign_of}{show_value(abs(delta), row.unit)})")
    return "   ".join(parts)


def _sign(status: str, look: Look) -> str:
    return _paint(_SIGNS[status], _COLOURS[status], look)


def _paint(text: str, code: str, look: Look) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if look.colour else text
