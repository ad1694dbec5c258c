"""The report as the page takes it: columns in place of rows, names in place of what can be told from others.

5,000 files and 1,000 modules are then well under 100 KB compressed. `open` in assets/report.js is the inverse.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from lambda_slim.base.rows import by_name
from lambda_slim.base.text import clause, shown_all, shown_place
from lambda_slim.base.units import show_count
from lambda_slim.model.import_report import ImportReport
from lambda_slim.model.report import PROJECT, DistributionRow, FileRow, FunctionReport, Report
from lambda_slim.model.startup_report import LazyRow
from lambda_slim.render.page import shared_tables, texts
from lambda_slim.render.requirers import asked_by, requirers

Column = tuple[str, str, str]

_COLUMNS: tuple[Column, ...] = (  # of the table of distributions: key, heading, and how a figure is shown
    ("name", "distribution", ""),
    ("own", "own", "size"),
    ("frees", "frees", "size"),
    ("zipped", "zipped", "size"),
    ("us", "import", "time"),
    ("loaded", "modules", "of"),
    ("first", "first imported at", ""),
    ("by", "required by", ""),
)


class _Numbers:
    """Numbers values in the order of their first use."""

    def __init__(self) -> None:
        self.values: dict[Any, int] = {}

    def of(self, value: Any) -> int:
        return self.values.setdefault(value, len(self.values))


def pack(report: Report) -> dict[str, Any]:
    """The document of the page's data element; what differs between equal runs is left out."""
    report = shown_all(report)
    functions = [pack_function(function) for function in report.functions]
    return {
        "tool_version": report.tool_version,
        "functions": functions,
        "tables": shared_tables(report.sharing),
        "columns": filled(_COLUMNS, functions),
        "sort": "frees",
    }


def filled(columns: Sequence[Column], functions: Sequence[dict[str, Any]]) -> list[Column]:
    """The columns of the table of distributions that have something in them."""
    rows = [row for function in functions for row in function["rows"]]
    return [column for column in columns if any(row.get(column[0]) for row in rows)]


def pack_function(function: FunctionReport) -> dict[str, Any]:
    """One function of the document."""
    owners = _Numbers()
    rows = sorted(function.files, key=lambda row: (row.path.rpartition("/")[0], row.distribution, row.path))
    known = by_name(function.distributions)
    own = {row.path for row in rows if row.distribution == PROJECT}
    places = {row.path: number for number, row in enumerate(rows)}
    return {
        "name": function.name,
        **texts(function),
        "rows": [_distribution(row, own, known) for row in function.distributions if row.listed],
        "files": _files(rows, owners, places),
        "imports": _imports(function.imports, places, owners) if function.imports else None,
        "lazy": [_waiting(row) for row in function.lazy_rows],
        "owners": list(owners.values),
    }


def _waiting(row: LazyRow) -> tuple[str, str, int, int]:
    """What waits until it is used: target, file and line of the import, microseconds."""
    return row.target, row.file, row.line, row.saves_us


def _distribution(row: DistributionRow, own: Container[str], known: Mapping[str, DistributionRow]) -> dict[str, Any]:
    """A row of the table of distributions; the first importer is the last of the project's lines on the way to it."""
    lines = [shown_place(file, line) for _, file, line in row.first_import if file in own]
    loaded = clause(f"{{}} of {show_count(row.modules_shipped)}", row.modules_loaded, show_count)
    return {
        "name": row.name,
        "version": row.version,
        "own": row.own_bytes,
        "frees": row.freed_bytes,
        "zipped": row.zipped_bytes,
        "us": row.import_self_us,
        "loaded": row.modules_loaded,
        "modules": loaded,
        "first": "".join(lines[-1:]),
        "by": asked_by(row),
        "chain": " → ".join(requirers(known, row.name)),
        "with": clause(", with {}", row.freed_with, ", ".join),
    }


def _files(rows: Iterable[FileRow], owners: _Numbers, places: dict[str, int]) -> dict[str, Any]:
    """Names by (folder, distribution), joined with slashes; sizes, kinds and fates one a file.

    `ways` has (file, importer's number, line, how) of those that the handler reaches; -1 where it begins.
    """
    kinds, fates, hows = _Numbers(), _Numbers(), _Numbers()
    ways: list[int] = []
    folders: list[tuple[str, int]] = []
    names: list[str] = []
    columns: dict[str, Any] = {"bytes": [], "zipped": [], "kind": [], "fate": []}
    for row in rows:
        folder, _, name = row.path.rpartition("/")
        key = (folder, owners.of(row.distribution))
        if folders and folders[-1] == key:
            names[-1] += f"/{name}"
        else:
            folders.append(key)
            names.append(name)
        columns["bytes"].append(row.bytes)
        columns["zipped"].append(row.zipped_bytes)
        columns["kind"].append(kinds.of(row.kind))
        columns["fate"].append(fates.of((row.decision, row.rule, row.why)))
        if row.importer in places:
            ways += (places[row.path], places[row.importer], row.line, hows.of(row.how))
        elif row.reached and not row.importer:
            ways += (places[row.path], -1, 0, hows.of("where the handler is"))
    lists = {"kinds": list(kinds.values), "fates": list(fates.values), "hows": list(hows.values)}
    return {"folders": folders, "names": names, **columns, "ways": ways, **lists}


def _imports(imports: ImportReport, places: dict[str, int], owners: _Numbers) -> dict[str, Any]:
    """One entry a node: the numbers of its importer and its file (-1 for none), and what cannot be told from them."""
    columns: dict[str, Any] = {name: [] for name in ("up", "file", "name", "owner", "line", "own", "calls", "failed")}
    for number, node in enumerate(imports.nodes):
        columns["up"].append(-1 if node.parent is None else node.parent)
        columns["file"].append(places.get(node.file, -1))
        columns["name"].append(node.module)
        columns["owner"].append(owners.of(node.distribution))
        columns["line"].append(node.line or 0)
        columns["own"].append(node.self_us)
        columns["calls"] += [(number, call.line, call.call, call.us) for call in node.body_calls]
        if node.status == "failed":
            columns["failed"].append(number)
    return columns
