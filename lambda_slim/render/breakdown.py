"""Where bytes and time come from, as text: by distribution, by kind, by folder, by line of the project."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from lambda_slim.base.units import show_size, show_time
from lambda_slim.model.report import DistributionRow, FunctionReport, ImportNode, ImportReport
from lambda_slim.render.console import Look, fold, grid
from lambda_slim.render.sizes import NARROW

_OWN = "(project)"
_LIBRARY = ("(stdlib)", "(runtime)")
_TIMED = "IMPORT       "  # with a bar
_NEWS = 100  # microseconds below which a line is no news
_HALF = 42  # columns of the left of two tables side by side
_FREES = "FREES = bytes that leave the package if you drop it, with everything that only it needs"


def distributions(function: FunctionReport, look: Look, top: int) -> list[str]:
    """One row a distribution, then the rest of INIT, so that the columns add up; `top` 0 shows all."""
    rows = [row for row in function.distributions if row.name != _OWN and (row.own_bytes or row.version)]
    own = next((row for row in function.distributions if row.name == _OWN), None)
    if not rows:
        return []
    heads = _heads(function, rows, look)
    shown = rows if top == 0 or len(rows) <= top + 1 else rows[:top]
    rest = rows[len(shown) :]
    most = max((row.import_self_us for row in rows), default=0)
    lines = [(f"{row.name} {row.version}".rstrip(), *_cells(row, heads, look, most), _required(row)) for row in shown]
    if rest:
        total = _sum(rest)
        lines.append((f"… {len(rest)} smaller", *_cells(total, heads, look, most, frees=False), "--top 0 = all"))
    if own:
        lines.append(("your code", *_cells(own, heads, look, most, frees=False), ""))
    if function.imports:
        lines += _unowned(function.imports, heads, look, most)
    widest = max(14, look.width - 24 - 11 * (len(heads) - 2)) if look.width < NARROW else 30
    lines = [(row[0] if len(row[0]) <= widest else row[0][: widest - 1] + "…", *row[1:]) for row in lines]
    right = range(1, len(heads) - 1)
    styles = [""] * len(shown) + ["dim"] * (len(lines) - len(shown))
    return [*grid(heads, lines, look, right=right, cut=True, styles=styles), "  ", fold(2, _FREES, look, "dim"), "\n"]


def _heads(function: FunctionReport, rows: Sequence[DistributionRow], look: Look) -> list[str]:
    timed, narrow = function.imports is not None, look.width < NARROW
    heads = ["DISTRIBUTION", "OWN", "FREES"]
    heads += ["ZIPPED"] if any(row.zipped_bytes for row in rows) and not (narrow and timed) else []
    heads += ["IMPORT" if narrow else _TIMED] if timed else []
    heads += ["MODULES"] if timed and not narrow else []
    return [*heads, "REQUIRED BY"]


def _required(row: DistributionRow) -> str:
    return "you" if row.direct else ", ".join(row.required_by)


def _cells(
    row: DistributionRow, heads: Sequence[str], look: Look, most: int, *, frees: bool = True, bytes_: bool = True
) -> list[str]:
    bar = look.bar(row.import_self_us / most, 5).rstrip("░.") if most and frees else ""
    time = show_time(row.import_self_us) if row.import_self_us else ""
    values = {
        "OWN": show_size(row.own_bytes) if bytes_ else "",
        "FREES": show_size(row.freed_bytes) if frees else "",
        "ZIPPED": show_size(row.zipped_bytes) if bytes_ else "",
        "IMPORT": time,
        _TIMED: f"{time}  {bar if time else '':<5}",
        "MODULES": str(row.modules_loaded) if row.modules_loaded else "",
    }
    return [values[head] for head in heads[1:-1]]


def _unowned(imports: ImportReport, heads: Sequence[str], look: Look, most: int) -> list[tuple[str, ...]]:
    """The rows of INIT that are of no distribution: calls in the project's module bodies, and the standard library."""
    library = [node for node in imports.nodes if node.distribution in _LIBRARY]
    calls = [call for node in imports.nodes for call in node.body_calls]
    found = []
    for name, us, modules in (
        ("calls in module bodies", sum(call.us for call in calls), 0),
        ("standard library", sum(node.self_us for node in library), sum(node.status == "ok" for node in library)),
    ):
        if us or modules:
            row = _row(import_self_us=us, modules_loaded=modules)
            found.append((name, *_cells(row, heads, look, most, frees=False, bytes_=False), ""))
    return found


def _row(**values: int) -> DistributionRow:
    known = {"own_bytes": 0, "freed_bytes": 0, "zipped_bytes": 0, "files": 0, **values}
    return DistributionRow("", "", direct=False, required_by=(), freed_with=(), **known)  # type: ignore[arg-type]


def _sum(rows: Iterable[DistributionRow]) -> DistributionRow:
    names = ("own_bytes", "zipped_bytes", "files", "modules_loaded", "import_self_us")
    some = list(rows)
    return _row(**{name: sum(getattr(row, name) for row in some) for name in names})


def details(function: FunctionReport, look: Look) -> list[str]:
    """Kinds of bytes beside the lines that INIT's time goes to, then folders and duplicates."""
    kinds, slow = _kinds(function, look), _slowest(function, look)
    if kinds and slow and look.width >= NARROW:
        kinds = [line.ljust(_HALF) for line in kinds]
        pairs = zip_longest(kinds, slow, fillvalue=" " * _HALF)
        lines = [f"{left}  {right}".rstrip() for left, right in pairs]
    else:
        lines = [*kinds, *([""] if kinds and slow else []), *slow]
    if not lines:
        return []
    lines[0] = look.paint(lines[0], "dim")
    return [*(look.plain(line + "\n") for line in lines), "\n", *_small(function, look)]


def _kinds(function: FunctionReport, look: Look) -> list[str]:
    total = sum(size for _, size in function.by_kind)
    if not total:
        return []
    rows = list(function.by_kind[:7])
    rest = function.by_kind[7:]
    rows += [(f"{len(rest)} more kinds", sum(size for _, size in rest))] if rest else []
    return [
        "  WHAT THE BYTES ARE",
        *(f"  {kind:<17}{show_size(size):>10}  {look.bar(size / total, 10)}" for kind, size in rows if size),
    ]


def _slowest(function: FunctionReport, look: Look, top: int = 7) -> list[str]:
    """The project's lines by the time that INIT spends in them, with what they call or import."""
    if function.imports is None:
        return []
    rows = sorted((row for row in lines_of(function.imports) if row[0] >= _NEWS), key=lambda row: (-row[0], row[1]))
    width = look.width - (_HALF + 2 if look.width >= NARROW else 2) - 10
    lines = []
    for us, what, place in rows[:top]:
        room = max(12, width - len(place) - 2)
        label, more = look.plain(what), look.plain("…")
        label = label if len(label) <= room else label[: room - len(more)] + more
        lines.append(f"{show_time(us):>8}  {label:<{room}}  {place}")
    margin = "" if look.width >= NARROW and function.by_kind else "  "
    if rows[top:]:
        lines.append(f"{show_time(sum(row[0] for row in rows[top:])):>8}  {len(rows) - top} more lines")
    return [margin + line for line in ("WHERE INIT'S TIME GOES (the first importer pays)", *lines)] if lines else []


def lines_of(imports: ImportReport) -> list[tuple[int, str, str]]:
    """Lines of the project's own modules: µs, what happens there, `src/app.py:8`. No time is counted twice."""
    nodes = {node.id: node for node in imports.nodes}
    spent: dict[tuple[str, int], int] = {}
    words: dict[tuple[str, int], list[str]] = {}
    for node in imports.nodes:
        above = nodes[node.parent] if node.parent is not None else None
        if above and above.distribution == _OWN and node.distribution != _OWN:
            key = (node.importer or above.file, node.line or 0)
            spent[key] = spent.get(key, 0) + node.total_us
            words.setdefault(key, []).append(_imported(node))
        for call in node.body_calls:
            key = (node.file, call.line)
            spent[key] = spent.get(key, 0) + call.us
            words.setdefault(key, []).insert(0, call.call)
    return [(us, _said(words[key]), f"{key[0]}:{key[1]}" if key[1] else key[0]) for key, us in spent.items()]


def _imported(node: ImportNode) -> str:
    return node.module + (" (not there)" if node.status == "failed" else "")


def _said(words: Sequence[str]) -> str:
    first, rest = words[0], words[1:]
    if not rest:
        return first
    more = f"{rest[0]} and {len(rest) - 1} more" if len(rest) > 1 else rest[0]
    return f"{first} → {more}" if first.endswith(")") else f"{first}, {more}"


def _small(function: FunctionReport, look: Look) -> list[str]:
    lines = []
    folders = [(name, size) for name, size in function.by_folder if size]
    if len(folders) > 1:
        shown = [f"{'beside them' if name == '.' else name} {show_size(size)}" for name, size in folders[:5]]
        shown += [f"{len(folders) - 5} more"] if len(folders) > 5 else []
        lines.append("your folders: " + " · ".join(shown))
    if function.duplicates:
        wasted = sum(size * (len(paths) - 1) for _, size, paths in function.duplicates)
        first = function.duplicates[0][2]
        lines.append(f"same content twice: {show_size(wasted)} in {len(function.duplicates)} groups, e.g. {first[0]}")
    if not lines:
        return []
    return [*(part for line in lines for part in ("  ", fold(2, line, look, "dim"))), "\n"]
