"""The one table of a run over all that a repository deploys: text, JSON and Markdown."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from lambda_slim.base.text import shown
from lambda_slim.base.units import plural, show_size
from lambda_slim.model.deployable import EveryReport, EveryRow
from lambda_slim.render.console import GridStyle, Look, grid

_HEAD = ("deployable", "function", "zip", "proved", "result")
_GOOD = frozenset({"built", "planned", "same"})


def render_every(report: EveryReport, look: Look, *, quiet: bool = False) -> str:
    """The table, then what failed with its cause, then one line that counts; `quiet` leaves out the table."""
    lines: list[str] = []
    if report.rows and not quiet:
        cells = [_cells(row) for row in report.rows]
        styles = ["" if row.result in _GOOD else "error" for row in report.rows]
        lines += grid(_HEAD, cells, look, GridStyle(rows=styles))
        lines.append("\n")
    lines += [look.plain(line + "\n") for row in report.rows if row.code for line in _failure(row)]
    return "".join(lines) + look.plain(summary(report) + "\n")


def _cells(row: EveryRow) -> tuple[str, ...]:
    results = {"failed": "not built", "dead": "built, does not start", "same": f"same as {row.message}"}
    result = results.get(row.result) or row.path or "would be built"
    return shown(row.deployable), shown(row.function or "?"), _sizes(row), row.proved or "–", shown(result)


def _sizes(row: EveryRow) -> str:
    if not row.zipped:
        return "–"
    if not row.before_zipped:
        return show_size(row.zipped)
    change = round(100 * (row.zipped - row.before_zipped) / row.before_zipped)
    sign = "−" if change < 0 else "+" if change else "±"
    return f"{show_size(row.before_zipped)} → {show_size(row.zipped)} {sign}{abs(change)} %"


def _failure(row: EveryRow) -> Iterator[str]:
    name = f"{row.deployable}: {row.function}" if row.function else row.deployable
    yield f"✗ {shown(name)}: {shown(row.message)}"
    if row.hint:
        yield f"    {shown(row.hint)}"


def summary(report: EveryReport) -> str:
    """What there was, in one line."""
    counts = Counter(row.result for row in report.rows)
    built, names = counts["built"] + counts["planned"], {row.deployable for row in report.rows}
    verb = "would be built" if counts["planned"] else "built"
    parts = (
        (len(names), f"{plural(len(names), 'deployable')}: {plural(built, 'function')} {verb}"),
        (counts["same"], f"{counts['same']} the same as another"),
        (report.unchanged, f"{plural(report.unchanged, 'function')} unchanged"),
        (counts["failed"] + counts["dead"], f"{counts['failed'] + counts['dead']} failed"),
    )
    told = ", ".join(text for count, text in parts if count) or "no function in this part"
    zipped = sum(row.zipped for row in report.rows if row.result == "built")
    return f"{told}; {show_size(zipped)} zipped" if zipped else told


def every_json(report: EveryReport) -> str:
    """The rows as JSON."""
    rows = [asdict(row) for row in report.rows]
    return json.dumps({"rows": rows, "unchanged": report.unchanged, "notes": report.notes}, indent=1) + "\n"


def every_markdown(report: EveryReport) -> str:
    """The table as Markdown."""
    rows = [_HEAD, ("---",) * len(_HEAD), *(_cells(row) for row in report.rows)]
    table = "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in rows)
    failed = "".join(f"- {line}\n" for row in report.rows if row.code for line in _failure(row))
    return f"{table}\n{failed}\n{summary(report)}\n" if failed else f"{table}\n{summary(report)}\n"
