"""Where bytes and time come from, distribution by distribution, as text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lambda_slim.base.units import show_count, show_size, show_time
from lambda_slim.model.import_report import ImportReport
from lambda_slim.model.report import PROJECT, RUNTIME, STDLIB, DistributionRow, FunctionReport
from lambda_slim.render.console import GridStyle, Look, fold, grid
from lambda_slim.render.sizes import NARROW

_LIBRARY = (STDLIB, RUNTIME)
_TIMED = "IMPORT       "  # with a bar
_FREES = "FREES = bytes that leave the package if you drop it, with everything that only it needs"


def distributions(function: FunctionReport, look: Look, top: int) -> list[str]:
    """One row a distribution, then the rest of INIT, so that the columns add up; `top` 0 shows all."""
    rows = [row for row in function.distributions if _is_listed(row)]
    if not rows:
        return []
    columns = _Columns(_heads(function, rows, look), look, max(row.import_self_us for row in rows))
    shown = rows if top == 0 or len(rows) <= top + 1 else rows[:top]
    lines = [(f"{row.name} {row.version}".rstrip(), *columns.cells(row), _required(row)) for row in shown]
    lines += _remainder(function, rows[len(shown) :], columns)
    styles = [""] * len(shown) + ["dim"] * (len(lines) - len(shown))
    style = GridStyle(right=range(1, len(columns.heads) - 1), cut=True, rows=styles)
    table = grid(columns.heads, [columns.fitted(line) for line in lines], look, style)
    return [*table, "  ", fold(2, _FREES, look, "dim"), "\n"]


def _is_listed(row: DistributionRow) -> bool:
    return row.name != PROJECT and bool(row.own_bytes or row.version)


def _remainder(
    function: FunctionReport, smaller: Sequence[DistributionRow], columns: "_Columns"
) -> Iterator[tuple[str, ...]]:
    """The rows below the distributions: those that are not shown, first-party code, and the rest of INIT."""
    if smaller:
        yield f"… {len(smaller)} smaller", *columns.cells(_sum(smaller), frees=False), "--top 0 = all"
    for row in function.distributions:
        if row.name == PROJECT:
            yield "your code", *columns.cells(row, frees=False), ""
    if function.imports:
        for name, row in _unowned(function.imports):
            yield name, *columns.cells(row, frees=False, bytes_=False), ""


def _heads(function: FunctionReport, rows: Sequence[DistributionRow], look: Look) -> list[str]:
    timed, narrow = function.imports is not None, look.width < NARROW
    zipped = any(row.zipped_bytes for row in rows) and not (narrow and timed)
    heads = ["DISTRIBUTION", "OWN", "FREES", *(["ZIPPED"] if zipped else [])]
    if timed:
        heads += ["IMPORT"] if narrow else [_TIMED, "MODULES"]
    return [*heads, "REQUIRED BY"]


def _required(row: DistributionRow) -> str:
    return "you" if row.direct else ", ".join(row.required_by)


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of the table.

    Attributes:
        heads: Their names.
        look: How text may look.
        longest_us: The time that fills a bar.
    """

    heads: Sequence[str]
    look: Look
    longest_us: int

    def cells(self, row: DistributionRow, *, frees: bool = True, bytes_: bool = True) -> list[str]:
        """A row's cells between its name and who requires it; `frees` and `bytes_` are off where they mean nothing."""
        time = show_time(row.import_self_us) if row.import_self_us else ""
        values = {
            "OWN": show_size(row.own_bytes) if bytes_ else "",
            "FREES": show_size(row.freed_bytes) if frees and row.freed_bytes else "",
            "ZIPPED": show_size(row.zipped_bytes) if bytes_ else "",
            "IMPORT": time,
            _TIMED: f"{time}  {self._bar(row) if time and frees else '':<5}",
            "MODULES": show_count(row.modules_loaded) if row.modules_loaded else "",
        }
        return [values[head] for head in self.heads[1:-1]]

    def fitted(self, line: Sequence[str]) -> tuple[str, ...]:
        """A line with its name cut to the width of the first column."""
        width = self.look.width
        widest = max(14, width - 24 - 11 * (len(self.heads) - 2)) if width < NARROW else 30
        name = line[0] if len(line[0]) <= widest else line[0][: widest - 1] + "…"
        return (name, *line[1:])

    def _bar(self, row: DistributionRow) -> str:
        return self.look.bar(row.import_self_us / self.longest_us, 5).rstrip("░.") if self.longest_us else ""


def _unowned(imports: ImportReport) -> Iterator[tuple[str, DistributionRow]]:
    """The parts of INIT that are of no distribution: calls in first-party module bodies, and the standard library."""
    calls = sum(call.us for node in imports.nodes for call in node.body_calls)
    if calls:
        yield "calls in module bodies", _row(import_self_us=calls, modules_loaded=0)
    library = [node for node in imports.nodes if node.distribution in _LIBRARY]
    us, modules = sum(node.self_us for node in library), sum(node.status == "ok" for node in library)
    if us or modules:
        yield "standard library", _row(import_self_us=us, modules_loaded=modules)


def _row(**values: int) -> DistributionRow:
    known = {"own_bytes": 0, "freed_bytes": 0, "zipped_bytes": 0, "files": 0, **values}
    return DistributionRow("", "", direct=False, required_by=(), freed_with=(), **known)  # type: ignore[arg-type]


def _sum(rows: Iterable[DistributionRow]) -> DistributionRow:
    names = ("own_bytes", "zipped_bytes", "files", "modules_loaded", "import_self_us")
    some = list(rows)
    return _row(**{name: sum(getattr(row, name) for row in some) for name in names})
