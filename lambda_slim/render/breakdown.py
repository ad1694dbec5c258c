"""Where bytes and time come from, distribution by distribution, as text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lambda_slim.base.text import clause
from lambda_slim.base.units import show_count, show_size, show_time
from lambda_slim.model.import_report import ImportReport
from lambda_slim.model.report import PROJECT, RUNTIME, STDLIB, DistributionRow, FunctionReport
from lambda_slim.render.console import GridStyle, Look, fold, grid
from lambda_slim.render.sizes import NARROW

_LIBRARY = (STDLIB, RUNTIME)
_TIMED = "IMPORT       "  # with a bar
_BAR = 5
_FREES = "FREES = bytes that leave the package if you drop it, with everything that only it needs"


def distributions(function: FunctionReport, look: Look, top: int) -> list[str]:
    """One row a distribution, then the rest of INIT, so that the columns add up; `top` 0 shows all."""
    rows = [row for row in function.distributions if _is_listed(row)]
    if not rows:
        return []
    columns = _Columns(_heads(function, rows, look), look, max(row.import_self_us for row in rows))
    fits = len(rows) <= top + 1  # a line that says `1 smaller` takes as much room
    shown = rows if fits or top == 0 else rows[:top]
    lines = [(f"{row.name} {row.version}".rstrip(), *columns.cells(row), _required(row)) for row in shown]
    lines += _remainder(function, rows[len(shown) :], columns)
    styles = [""] * len(shown) + ["dim"] * (len(lines) - len(shown))
    style = GridStyle(right=range(1, len(columns.heads) - 1), cut=True, rows=styles)
    table = grid(columns.heads, [columns.fitted(line) for line in lines], look, style)
    return [*table, "  ", fold(2, _FREES, look, "dim"), "\n"]


def _is_listed(row: DistributionRow) -> bool:
    return row.listed and row.name != PROJECT


def _remainder(
    function: FunctionReport, smaller: Sequence[DistributionRow], columns: "_Columns"
) -> Iterator[tuple[str, ...]]:
    """The rows below the distributions: those that are not shown, first-party code, and the rest of INIT."""
    if smaller:
        yield f"… {len(smaller)} smaller", *columns.remaining(_sum(smaller)), "--top 0 = all"
    for row in function.distributions:
        if row.name == PROJECT:
            yield "your code", *columns.remaining(row), ""
    if function.imports:
        for name, row in _unowned(function.imports):
            yield name, *columns.remaining(row, blank=("FREES", "OWN", "ZIPPED")), ""


def _heads(function: FunctionReport, rows: Sequence[DistributionRow], look: Look) -> list[str]:
    timed, narrow = function.imports is not None, look.width < NARROW
    heads = ["DISTRIBUTION", "OWN", "FREES"]
    crowded = narrow and timed
    if not crowded and any(row.zipped_bytes for row in rows):
        heads.append("ZIPPED")
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

    def cells(self, row: DistributionRow) -> list[str]:
        """A distribution's cells between its name and who requires it."""
        share = row.import_self_us / max(1, self.longest_us)
        bar = self.look.bar(share, _BAR).rstrip("░.")
        return self._in_order(_values(row, bar))

    def remaining(self, row: DistributionRow, blank: Iterable[str] = ("FREES",)) -> list[str]:
        """The cells of a row that is no distribution, without a bar and without the columns that mean nothing there."""
        return self._in_order({**_values(row), **dict.fromkeys(blank, "")})

    def _in_order(self, values: Mapping[str, str]) -> list[str]:
        return [values[head] for head in self.heads[1:-1]]

    def fitted(self, line: Sequence[str]) -> tuple[str, ...]:
        """A line with its name cut to the width of the first column."""
        name, *others = line
        widest = self._widest()
        if len(name) > widest:
            name = f"{name[: widest - 1]}…"
        return (name, *others)

    def _widest(self) -> int:
        """Columns that a name may take."""
        if self.look.width >= NARROW:
            return 30
        return max(14, self.look.width - 24 - 11 * (len(self.heads) - 2))


def _values(row: DistributionRow, bar: str = "") -> dict[str, str]:
    """What the columns say of a row."""
    time = clause("{}", row.import_self_us, show_time)
    return {
        "OWN": show_size(row.own_bytes),
        "FREES": clause("{}", row.freed_bytes, show_size),
        "ZIPPED": show_size(row.zipped_bytes),
        "IMPORT": time,
        _TIMED: f"{time}  {bar:<{_BAR}}",
        "MODULES": clause("{}", row.modules_loaded, show_count),
    }


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
