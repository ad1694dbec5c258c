"""The one table of a run over all that a repository deploys: text, JSON and Markdown."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial

from lambda_slim.base.text import clause, shown
from lambda_slim.base.units import plural, show_both, show_share, show_size, show_time
from lambda_slim.model.deployable import EveryReport, EveryRow
from lambda_slim.render.console import GridStyle, Look, fold, grid, grid_width

_HEADS = {
    "build": ("deployable", "function", "zip", "proved", "result"),
    "check": ("deployable", "function", "baseline → zip", "proved", "result"),
    "analyze": ("deployable", "function", "unzipped", "zipped", "INIT here", "Init Duration", "result"),
}
_GOOD = frozenset({"built", "planned", "same", "holds", "unchecked", "analyzed"})


def render_every(report: EveryReport, look: Look, *, quiet: bool = False) -> str:
    """The table, then the failures with their causes, then a summary line; `quiet` leaves out the table."""
    lines: list[str] = []
    if report.rows and not quiet:
        head, cells = _HEADS[report.command], [_cells(row, report.command) for row in report.rows]
        styles = ["" if row.result in _GOOD else "error" for row in report.rows]
        if grid_width(head, cells, look) <= look.width:
            lines += grid(head, cells, look, GridStyle(rows=styles))
        else:
            lines += _stacked(head, cells, styles, look)
        lines.append("\n")
    lines += [look.plain(line + "\n") for row in report.rows for line in _failure(row)]
    return "".join(lines) + look.plain(summary(report) + "\n")


def _stacked(head: Sequence[str], rows: Iterable[Sequence[str]], styles: Sequence[str], look: Look) -> Iterator[str]:
    """The table where it is wider than the terminal: what was a row has lines of its own, its path is never broken."""
    deployable = ""
    for row, style in zip(rows, styles, strict=True):
        if row[0] != deployable:
            yield fold(2, f"  {row[0]}", look, "bold")
        deployable, name = row[0], f"    {look.paint(row[1], style)}"
        figures = "   ".join(map(" ".join, zip(head[2:-1], row[2:-1], strict=True)))
        if len(f"    {row[1]}   {figures}") <= look.width:
            yield look.plain(f"{name}   {figures}\n")
        else:
            yield look.plain(f"{name}\n")
            yield "      " + fold(6, figures, look)
        yield look.plain(f"      {row[-1]}\n")


def _cells(row: EveryRow, command: str) -> tuple[str, ...]:
    name, result = (shown(row.deployable), shown(row.function or "?")), shown(_result(row, command))
    if command != "analyze":
        return (*name, _sizes(row), row.proved or "no", result)
    times = (_or_dash(row.init_us, show_time), _or_dash(row.cold_start_us, show_time))
    if not row.before:
        return (*name, "–", "–", *times, result)
    return (*name, show_size(row.before), show_size(row.zipped), *times, result)


def _or_dash(value: int, show: Callable[[int], str]) -> str:
    return show(value) if value else "–"


_UNDONE = {"build": "not built", "check": "not checked", "analyze": "not analysed"}


def _result(row: EveryRow, command: str) -> str:
    told = {
        "failed": _UNDONE[command],
        "dead": "built, does not start" if command == "build" else "does not start",
        "same": f"same as {row.message}",
        "holds": f"{row.message} hold" if row.message != "1" else "1 holds",
        "refused": f"{row.message} failed",
        "unchecked": "no budget, no lock",
        "analyzed": row.message or "start not known",
    }
    return told.get(row.result) or row.path or "would be built"


def _sizes(row: EveryRow) -> str:
    sizes = _or_dash(row.zipped, partial(show_both, row.before_zipped, show=show_size))
    if row.zipped and row.before_zipped:
        return f"{sizes} {show_share(row.before_zipped, row.zipped)}"
    return sizes


def _failure(row: EveryRow) -> Iterator[str]:
    """What is wrong with a function that has no package or does not start."""
    if row.result not in ("failed", "dead"):
        return
    name = row.deployable + clause(": {}", row.function)
    yield f"✗ {shown(name)}: {shown(row.message)}"
    if row.hint:
        yield f"    {shown(row.hint)}"


def summary(report: EveryReport) -> str:
    """The number of functions by outcome, in one line."""
    counts = Counter(row.result for row in report.rows)
    names = {row.deployable for row in report.rows}
    built = counts.total() - sum(map(counts.__getitem__, ("same", "failed", "dead")))
    verb = "would be built" if counts["planned"] else _DONE[report.command]
    parts = (
        (len(names), f"{plural(len(names), 'deployable')}: {plural(built, 'function')} {verb}"),
        (counts["same"], f"{counts['same']} the same as another"),
        (report.unchanged, f"{plural(report.unchanged, 'function')} unchanged"),
        (counts["failed"] + counts["dead"], f"{counts['failed'] + counts['dead']} failed"),
    )
    told = [text for count, text in parts if count]
    zipped = sum(row.zipped for row in report.rows if row.result == "built")
    return (", ".join(told) or "no function in this part") + clause("; {} zipped", zipped, show_size)


_DONE = {"build": "built", "check": "checked", "analyze": "analysed"}


def every_json(report: EveryReport) -> str:
    """The rows as JSON."""
    rows = [asdict(row) for row in report.rows]
    return json.dumps({"rows": rows, "unchanged": report.unchanged, "notes": report.notes}, indent=1) + "\n"


def every_markdown(report: EveryReport) -> str:
    """The table as Markdown."""
    from lambda_slim.render.markdown import escape

    head = _HEADS[report.command]
    rows = [head, ("---",) * len(head), *(_cells(row, report.command) for row in report.rows)]
    table = "".join("| " + " | ".join(map(escape, row)) + " |\n" for row in rows)
    failed = "".join(f"- {escape(line)}\n" for row in report.rows for line in _failure(row))
    return "\n".join((table, *filter(None, [failed]), f"{summary(report)}\n"))
