"""Where did the time of INIT go? Read from a log of `-X importtime` that was made elsewhere."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from lambda_slim.base.errors import ConfigError, UsageError, error_text
from lambda_slim.base.files import read_loosely
from lambda_slim.formats.importtime_log import LogRow, LogRun, parse_log
from lambda_slim.model.import_report import ImportNode, ImportReport
from lambda_slim.model.imports import Imports
from lambda_slim.model.report import PROJECT, RUNTIME, STDLIB, Finding

# Top-level modules that Lambda's Python runtime imports before the handler: its client, and what that vendors.
_CLIENT = frozenset({"awslambdaric", "bootstrap", "runtime_client", "simplejson", "snapshot_restore_py", "runapi"})


@dataclass(frozen=True, slots=True)
class Log:
    """A log file that has been read; every run is one process."""

    name: str
    runs: tuple[LogRun, ...]


def read_log(path: Path) -> Log:
    """The log in a file.

    Raises:
        UsageError: the file cannot be read.
        ConfigError: it is not a log of `-X importtime`.
    """
    try:
        text = read_loosely(path)
    except OSError as error:
        raise UsageError(f"cannot read `{path}`", cause=error_text(error), hint="check --from-log") from error
    try:
        return Log(path.name, parse_log(text))
    except ValueError as error:
        hint = (
            "make one with `python -X importtime -c 'import app' 2> import.log`, or PYTHONPROFILEIMPORTTIME=1 on Lambda"
        )
        raise ConfigError(f"`{path.name}` is not an import time log", cause=str(error), hint=hint) from error


def logged(log: Log, module: str, imports: Imports) -> tuple[ImportReport, tuple[Finding, ...]]:
    """The imports of the run in the middle, as if they had been measured; and what is doubtful about them.

    Args:
        log: See `read_log`.
        module: The handler's, dotted.
        imports: The static graph: whose modules they are, and on which line they are asked for.
    """
    chosen = sorted((_of_handler(run, module) for run in log.runs), key=_total)
    middle = chosen[(len(chosen) - 1) // 2]
    totals = [_total(rows) for rows in chosen]
    nodes = _nodes(middle, imports)
    report = ImportReport(
        runs=len(chosen),
        total_us=sum(node.self_us for node in nodes),
        spread_us=round((totals[-1] - totals[0]) / 2),
        cpu_us=0,
        bytecode="unknown",
        runtime_client=log.name,
        rss_bytes=0,
        nodes=nodes,
    )
    return report, tuple(_findings(log, middle, imports, median(totals)))


def _total(rows: Sequence[LogRow]) -> int:
    return sum(row.self_us for row in rows)


def _of_handler(run: LogRun, module: str) -> list[LogRow]:
    """The rows of the handler's import, under a row for the handler's module.

    importlib, by which Lambda loads the handler, gives no row to what it is asked for; then it is everything after the
    interpreter's own start and after the runtime's client.
    """
    parents = {module.rpartition(".")[0], module} - {""}
    roots = [index for index, row in enumerate(run.rows) if row.parent is None]
    own = [index for index in roots if run.rows[index].module in parents]
    if any(run.rows[index].module == module for index in own):
        return _cut(run.rows, own, None)
    start = _end_of_start(run.rows)
    return _cut(run.rows, [index for index in roots if index > start], module)


def _end_of_start(rows: Sequence[LogRow]) -> int:
    """The last root that the interpreter's own start or the runtime's client is below; -1 where there is none."""
    starting = [
        top
        for top, row in zip(_tops(rows), rows, strict=True)
        if row.module == "site" or row.module.partition(".")[0] in _CLIENT
    ]
    return max(starting, default=-1)


def _tops(rows: Sequence[LogRow]) -> list[int]:
    """For every row the root that it is below."""
    tops: list[int] = []
    for index, row in enumerate(rows):
        tops.append(index if row.parent is None else tops[row.parent])
    return tops


def _cut(rows: Sequence[LogRow], roots: Sequence[int], under: str | None) -> list[LogRow]:
    """The trees of some roots, numbered anew; with a row above them where `under` names one."""
    tops, chosen = _tops(rows), set(roots)
    cut = [LogRow(under, 0, None)] if under else []
    top = 0 if under else None
    places: dict[int, int] = {}
    for index, row in enumerate(rows):
        if tops[index] in chosen:
            places[index] = len(cut)
            cut.append(LogRow(row.module, row.self_us, places[row.parent] if row.parent is not None else top))
    return cut


def _nodes(rows: Sequence[LogRow], imports: Imports) -> tuple[ImportNode, ...]:
    made: list[ImportNode] = []
    lines = _Lines(imports)
    busy = {row.parent for row in rows}
    for number, row in enumerate(rows):
        above = made[row.parent] if row.parent is not None else None
        known = imports.modules.get(row.module)
        owner, status = _owner(row, above, imports, leaf=number not in busy)
        line = lines.find(above.module, row.module) if above else 0
        made.append(
            ImportNode(
                id=number,
                module=row.module,
                parent=row.parent,
                distribution=owner,
                file=known.path if known and not known.namespace else "",
                line=line or None,
                self_us=row.self_us,
                total_us=row.self_us,
                status=status,
                importer=above.file if above and line else "",
            )
        )
    return _placed(made)


def _owner(row: LogRow, above: ImportNode | None, imports: Imports, *, leaf: bool) -> tuple[str, str]:
    known = imports.modules.get(row.module)
    if known:
        return known.owner or PROJECT, "ok"
    top = row.module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return STDLIB, "ok"
    if above is None:
        return PROJECT, "ok"
    return (above.distribution, "failed") if leaf else (RUNTIME, "ok")


class _Lines:
    """Where a module asks for another, by the static graph."""

    def __init__(self, imports: Imports) -> None:
        self._imports = imports
        self._known: dict[str, dict[str, int]] = {}

    def find(self, importer: str, target: str) -> int:
        if importer not in self._imports.modules:
            return 0
        if importer not in self._known:
            lines: dict[str, int] = {}
            for edge in self._imports.edges.get(importer, ()):
                lines.setdefault(edge.target, edge.line)
            self._known[importer] = lines
        return self._known[importer].get(target, 0)


def _placed(nodes: Sequence[ImportNode]) -> tuple[ImportNode, ...]:
    """With totals, and with starts as if children came first and nothing waited: a log has no clock."""
    totals = [node.self_us for node in nodes]
    for node in reversed(nodes):
        if node.parent is not None:
            totals[node.parent] += totals[node.id]
    starts: list[int] = []
    used: dict[int | None, int] = {}
    for node in nodes:
        begin = (starts[node.parent] if node.parent is not None else 0) + used.get(node.parent, 0)
        used[node.parent] = used.get(node.parent, 0) + totals[node.id]
        starts.append(begin)
    return tuple(replace(node, total_us=totals[node.id], start_us=starts[node.id]) for node in nodes)


def _findings(log: Log, rows: Sequence[LogRow], imports: Imports, middle: float) -> Iterator[Finding]:
    doubtful = max(run.doubtful for run in log.runs)
    if doubtful:
        message = f"{log.name}: {doubtful} rows do not fit together, as when threads import; their times are doubtful"
        yield Finding("import-log", "warning", message)
    if not any(row.module in imports.modules for row in rows[1:]):
        message = f"{log.name}: no module of this package is in it; is it of another function?"
        yield Finding("import-log", "warning", message)
    elif rows and not rows[0].self_us and middle:
        message = f"{log.name}: no row for the handler's own module, so what its body does is not counted"
        yield Finding("import-log", "info", message)


def of_one_function(names: Sequence[str]) -> None:
    """Checks that a log is asked for with one function.

    Raises:
        UsageError: there are several.
    """
    if len(names) > 1:
        raise UsageError(
            "a log is of one function, and there are several",
            cause="nothing says which one it is of",
            hint=f"choose with -F: {', '.join(names)}",
        )
