"""A check's verdict as text: what failed first, what changed, and how to accept it."""

import functools
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from lambda_slim.base.rows import values_by_key
from lambda_slim.base.text import clause, shown_all, shown_place
from lambda_slim.base.units import plural, show_added, show_count, show_size, show_time, verb
from lambda_slim.model.report import CheckRow, FunctionReport, Report
from lambda_slim.render.console import Look

_SIGNS = {"passed": "✓", "failed": "✗", "warning": "!", "noise": "!", "skipped": "-"}
_COLOURS = {"passed": "32", "failed": "1;31", "warning": "33", "noise": "33", "skipped": "2"}
_BLAMED = 5  # changes that a hook shows
_LAST = 4  # the column that ends a row
_PAINT = 9  # signs of a line that colour its first


def render_verdict(report: Report, look: Look, *, quiet: bool = False, verbose: bool = False) -> str:
    """One block a function, one line a check; functions that hold take none unless `verbose`."""
    report = shown_all(replace(report, functions=tuple(replace(row, files=()) for row in report.functions)))
    lines = _failures(report) if quiet else _blocks(report, look, verbose=verbose)
    lines.append(headline(report))
    lines += [f"  to {aim}: {way}" for aim, way in ways_out(report)]
    return look.plain("\n".join(lines)) + "\n"


def _blocks(report: Report, look: Look, *, verbose: bool) -> list[str]:
    blocks = (_function(function, look, verbose=verbose) for function in report.functions)
    lines = [*itertools.chain.from_iterable(blocks), *_changed(report.functions)]
    return [*lines, ""] if lines else []


def _failures(report: Report) -> list[str]:
    return [*itertools.chain.from_iterable(map(_quiet, report.functions))]


def _changed(functions: Iterable[FunctionReport]) -> Iterator[str]:
    """What changed, once for all functions in which it is the same."""
    names = values_by_key((function.changed, function.name) for function in functions)
    names.pop((), None)  # where nothing changed
    for lines, where in names.items():
        yield from ("", f"What changed in {', '.join(where)}", *(f"  {line}" for line in lines))


def _quiet(function: FunctionReport) -> Iterable[str]:
    """A line a failed check, and the changes that are most to blame."""
    bad = function.failed_checks
    if not bad:
        return
    yield from (f"{function.name}: {summary(row)}" for row in bad)
    yield from (f"  {line}" for line in function.changed[:_BLAMED])
    if more := len(function.changed[_BLAMED:]):
        yield f"  … and {plural(more, 'more change')}"


def headline(report: Report) -> str:
    """The verdict in one line."""
    statuses = Counter(row.status for function in report.functions for row in function.checks)
    count = plural(len(report.functions), "function")
    if not report.functions:
        return "no function in this part"
    if not statuses:
        return f"{count}: there is neither a budget nor an earlier lock; `lambda-slim init` proposes both"
    passed = statuses["passed"]
    verdict = f"{count}: {plural(passed, 'check')} {verb(passed, 'hold')}"
    if statuses["failed"]:
        verdict = f"{statuses['failed']} of {plural(statuses.total(), 'check')} failed in {count}"
    return ", ".join((verdict, *_others(statuses)))


def _others(statuses: Mapping[str, int]) -> Iterable[str]:
    """What is neither passed nor failed."""
    noise = clause("{} within noise", statuses["noise"])
    unknown = clause("{} not known", statuses["skipped"])
    return filter(None, (warnings(statuses["warning"]), noise, unknown))


def warnings(count: int) -> str:
    """How many warnings there are; "" for none."""
    return plural(count, "warning") if count else ""


_SAY_ALL = frozenset({"lock", "package"})  # no rules: their message says what to do


def ways_out(report: Report) -> tuple[tuple[str, str], ...]:
    """What to do about failed checks, as (aim, how); empty where none failed."""
    return tuple(_ways_out(report.failed))


def _ways_out(functions: Sequence[FunctionReport]) -> Iterator[tuple[str, str]]:
    rows = [row for function in functions for row in function.failed_checks]
    accept = "; ".join(_acceptances(rows))
    if accept:
        yield "reduce", _reduction(functions)
        yield "accept", accept
    broken = {row.id for row in rows if not row.unit}
    if rules := sorted(broken - _SAY_ALL):
        yield "understand", f"`lambda-slim explain {rules[0]}`"


def _reduction(functions: Sequence[FunctionReport]) -> str:
    """The command that shows what to reduce; it names the first new distribution, if there is one."""
    changes = itertools.chain.from_iterable(function.changed for function in functions)
    added = [line for line in changes if line.startswith("+ ")]
    new = added[0].split(" ")[1] if added else ""
    if not new.strip("0123456789"):
        return "`lambda-slim analyze`"
    return f"`lambda-slim why {new}` says why it is there"


def _acceptances(rows: Sequence[CheckRow]) -> Iterable[str]:
    """How to accept that checks fail: the lock, and the lines that have the limits."""
    if any(map(_of_lock, rows)):
        yield "the same command with `--update` writes a new lock"
    limits: dict[str, set[int]] = defaultdict(set)
    for row in itertools.filterfalse(_of_lock, rows):
        if row.unit and row.line:
            limits[row.file].add(row.line)
    for file, lines in sorted(limits.items()):
        yield f"{file}:{','.join(map(str, sorted(lines)))} has the limits"


def _of_lock(row: CheckRow) -> bool:
    """Whether a check compares with what was accepted."""
    return row.id.startswith(("growth of ", "new at INIT"))


def summary(row: CheckRow) -> str:
    """One check in a few words: `unzipped 61.2 MiB over 60 MiB`."""
    if not row.unit:
        return f"{row.id} {shown_place(row.file, row.line, ': ')}{row.message}"
    if row.unit == "count" and not row.limit:
        return f"{row.id}: {row.message or row.value}"
    over = f"{row.id} {show_value(row.value, row.unit)} over {show_value(row.limit, row.unit)}"
    return over + clause(" ({})", row.message)


_SHOWN: dict[str, Callable[[int], str]] = {
    "bytes": show_size,
    "us": show_time,
    "ppm": lambda value: f"{value / 10_000:+.1f} %",
}


def show_value(value: int, unit: str) -> str:
    """A value in its unit, for people."""
    return _SHOWN.get(unit, show_count)(value)


def value_of(row: CheckRow) -> str:
    """A check's value; "" of a rule, which has none."""
    return show_value(row.value, row.unit) if row.unit else ""


def show_moved(row: CheckRow) -> str:
    """How far a check's value is from its baseline, with the sign."""
    return show_added(row.moved_by, functools.partial(show_value, unit=row.unit))


def _function(function: FunctionReport, look: Look, *, verbose: bool) -> Iterable[str]:
    if _is_silent(function, verbose=verbose):
        return
    shown = sorted(function.checks, key=attrgetter("passed"))
    first = sum(not row.passed for row in shown)
    passed = shown[first:]
    if not verbose:
        shown = shown[:first]
    yield _paint(function.name, "1", look)
    for row, line in zip(shown, _aligned([_cells(row) for row in shown]), strict=True):
        yield from _wrapped(f"  {_sign(row.status, look)} {line}", row.message, look)
    if passed and not verbose:
        yield f"  {_sign('passed', look)} {len(passed)} hold: {_names(passed, look.width - 12)}"


def _is_silent(function: FunctionReport, *, verbose: bool) -> bool:
    """Whether all checks hold, which the headline says, or there are none."""
    if verbose:
        return not function.checks
    return all(row.passed for row in function.checks)


def _names(rows: Iterable[CheckRow], room: int) -> str:
    names = ", ".join(row.id for row in rows)
    return names if len(names) < room else names[: room - 1] + "…"


def _wrapped(line: str, message: str, look: Look) -> Iterable[str]:
    """The line with its message, or the message on a line of its own where both do not fit."""
    whole = line + clause("   {}", message)
    room = look.width + _PAINT * look.colour
    if not message or len(whole) <= room:
        yield whole
    else:
        yield line
        yield f"      {message}"


def _aligned(rows: list[tuple[str, ...]]) -> Iterable[str]:
    """Columns: the name to the left, values to the right, as wide as their widest; a row of one cell takes no part."""
    columns = itertools.zip_longest(*(row for row in rows if len(row) > 1), fillvalue="")
    widths = [max(map(len, column)) for column in columns]
    for row in rows:
        if len(row) == 1:
            yield row[0]
            continue
        name, *values = (cell.rjust(width) for cell, width in zip(row, widths, strict=False))
        yield "   ".join([name.lstrip().ljust(widths[0]), *values[: _LAST - 1], *row[_LAST:]])


def _cells(row: CheckRow) -> tuple[str, ...]:
    """Name, value, limit, distance from it and baseline, as far as they are known."""
    if not row.unit:
        return (f"{row.id}  {shown_place(row.file, row.line)}".rstrip(),)
    return (row.id, show_value(row.value, row.unit), *_limit(row), *_baseline(row))


def _limit(row: CheckRow) -> Iterable[str]:
    """The limit, and the distance from it."""
    if not row.has_limit:
        return
    yield f"limit {show_value(row.limit, row.unit)}"
    if row.status == "skipped" or row.unit == "ppm":
        return
    away = show_value(abs(row.value - row.limit), row.unit)
    yield f"over by {away}" if row.value > row.limit else f"{away} left"


def _baseline(row: CheckRow) -> Iterable[str]:
    if row.moved_by and row.limit:
        before = row.value - row.moved_by
        yield f"was {show_value(before, row.unit)} ({show_moved(row)})"


def _sign(status: str, look: Look) -> str:
    return _paint(_SIGNS[status], _COLOURS[status], look)


def _paint(text: str, code: str, look: Look) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if look.colour else text
