"""Where does the time of INIT go? Measured in a child process with the target's Python."""

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from lambda_slim.formats.python_source import parse_python
from lambda_slim.measure.undisturbed import undisturbed
from lambda_slim.model.import_report import BodyCall, ImportNode, ImportReport
from lambda_slim.model.report import PROJECT, RUNTIME, STDLIB

_LEAST_US = 200  # body calls that take less are part of their module's own time
_RUNTIME_PARTS = ("/awslambdaric/3.", "/boto3/3.")  # folders that stand for what the runtime has
_COMPOUND = ast.If | ast.For | ast.While | ast.With | ast.Try | ast.Import | ast.ImportFrom


@dataclass(slots=True)
class _Import:
    """One import over the central runs: nanoseconds; sums until `average` makes them means."""

    row: Mapping[str, Any]
    parent: int | None
    own: float = 0.0
    start: float = 0.0
    lines: dict[int, float] = field(default_factory=dict)
    runs: int = 0

    def add(self, row: Mapping[str, Any], begun: float, lines: Mapping[str, float]) -> None:
        """Counts one run in."""
        self.runs += 1
        self.start += row["start"] - begun
        self.own += row["self"] - sum(lines.values())
        for line, spent in lines.items():
            self.lines[int(line)] = self.lines.get(int(line), 0.0) + spent

    def average(self) -> None:
        """Sums become means."""
        self.own, self.start = max(0.0, self.own / self.runs), self.start / self.runs
        self.lines = {line: spent / self.runs for line, spent in self.lines.items()}


def make_report(
    answers: Sequence[Mapping[str, Any]], owners: Mapping[str, str], client: str, sources: Mapping[str, str]
) -> ImportReport:
    """The report of some runs; see `measure`.

    Args:
        answers: What the probe said of each run.
        owners: Package path to distribution.
        client: What stood for the runtime.
        sources: The project's modules: package path to source.
    """
    ranked = sorted(answers, key=lambda answer: answer["total"])
    totals = [answer["total"] for answer in ranked]
    quarter = len(ranked) // 4
    central = ranked[quarter : len(ranked) - quarter]
    imports = _averaged(ranked[len(ranked) // 2], central)
    total = median(totals)
    counted = sum(row.own + sum(row.lines.values()) for row in imports if row.row["thread"] == 0)
    factor = total / counted if counted else 1.0
    nodes = _nodes(imports, factor, owners, sources)
    return ImportReport(
        runs=len(ranked),
        total_us=round(total / 1000),
        spread_us=round((totals[-1 - quarter] - totals[quarter]) / 2000),
        cpu_us=round(undisturbed([answer["cpu"] for answer in answers]) / 1000),
        bytecode=_bytecode(ranked[0]["source"], ranked[0]["pyc"]),
        runtime_client=client,
        rss_bytes=round(median(answer["rss"] for answer in answers)),
        nodes=nodes,
    )


def _bytecode(from_source: int, from_bytecode: int) -> str:
    """What modules were loaded from: `pyc`, `source` or `mixed`."""
    if not from_bytecode:
        return "source"
    return "mixed" if from_source else "pyc"


def _keys(answer: Mapping[str, Any]) -> list[tuple[str, int]]:
    """A name for every node that is the same in every run: the module, and which import of it."""
    seen = Counter[str]()
    keys = []
    for row in answer["nodes"]:
        seen[row["name"]] += 1
        keys.append((row["name"], seen[row["name"]]))
    return keys


def _averaged(chosen: Mapping[str, Any], central: Sequence[Mapping[str, Any]]) -> list[_Import]:
    """The imports of one run, with the means of several."""
    imports = [_Import(row, row["parent"]) for row in chosen["nodes"]]
    by_key = dict(zip(_keys(chosen), imports, strict=True))
    for answer in central:
        for number, (key, row) in enumerate(zip(_keys(answer), answer["nodes"], strict=True)):
            if key in by_key:
                by_key[key].add(row, answer["begun"], answer["lines"].get(str(number), {}))
    for imported in imports:
        imported.average()
    return imports


def _nodes(
    imports: Sequence[_Import], factor: float, owners: Mapping[str, str], sources: Mapping[str, str]
) -> tuple[ImportNode, ...]:
    """Nodes in time order, with sums that hold exactly: a node's total is its own, its calls' and its children's."""
    tops = {path.partition("/")[0]: owner for path, owner in owners.items() if "/" in path}
    trees = {path: Statements(source) for path, source in sources.items()}
    nodes: list[ImportNode] = []
    for number, imported in enumerate(imports):
        parent = nodes[imported.parent] if imported.parent is not None else None
        distribution = _distribution(imported.row, owners, tops, parent)
        nodes.append(_node(number, imported, factor, distribution, trees))
    return _totalled(nodes)


def _node(
    number: int, imported: _Import, factor: float, distribution: str, trees: Mapping[str, "Statements"]
) -> ImportNode:
    """A node without its total, which its children decide."""
    row = imported.row
    calls, rest = _body_calls(imported, factor, trees)
    path = str(row["file"])
    return ImportNode(
        id=number,
        module=row["name"],
        parent=imported.parent,
        distribution=distribution,
        file="" if path.startswith("/") else path,
        line=row["line"] or None if row["importer"] else None,
        self_us=round((imported.own + rest) * factor / 1000),
        total_us=0,
        start_us=round(imported.start * factor / 1000),
        status="ok" if row["status"] == "ok" else "failed",
        thread=row["thread"],
        body_calls=calls,
        importer=row["importer"],
    )


def _totalled(nodes: Sequence[ImportNode]) -> tuple[ImportNode, ...]:
    from dataclasses import replace

    totals = [node.self_us + sum(call.us for call in node.body_calls) for node in nodes]
    for node in reversed(nodes):
        if node.parent is not None:
            totals[node.parent] += totals[node.id]
    return tuple(replace(node, total_us=totals[node.id]) for node in nodes)


def _outside(path: str) -> str:
    """Who has a module that is not in the package."""
    return RUNTIME if any(part in path for part in _RUNTIME_PARTS) else STDLIB


def _distribution(
    row: Mapping[str, Any], owners: Mapping[str, str], tops: Mapping[str, str], parent: ImportNode | None
) -> str:
    path = str(row["file"])
    if not path and row["status"] != "ok":
        return parent.distribution if parent else PROJECT  # what a failed import costs, its importer costs
    if not path or path.startswith("/"):
        return _outside(path)
    owner = owners.get(path)
    if owner is None:
        owner = owners.get(path.removesuffix("c")) or tops.get(path.partition("/")[0], "")
    return owner or PROJECT


def _body_calls(
    imported: _Import, factor: float, trees: Mapping[str, "Statements"]
) -> tuple[tuple[BodyCall, ...], float]:
    """The calls in a module's body that took long, dearest first; and the time of its other lines (ns)."""
    statements = trees.get(str(imported.row["file"]))
    spent: dict[tuple[int, str], float] = {}
    rest = 0.0
    for line, time in imported.lines.items():
        place = statements.find(line) if statements else None
        if place is None:
            rest += time
        else:
            spent[place] = spent.get(place, 0.0) + time
    calls = []
    for (line, call), time in spent.items():
        us = round(time * factor / 1000)
        if us >= _LEAST_US:
            calls.append(BodyCall(line, call, us))
        else:
            rest += time
    return tuple(sorted(calls, key=lambda call: (-call.us, call.line))), rest


class Statements:
    """The statements of a module's body that do something when they run, by line."""

    def __init__(self, source: str) -> None:
        try:
            tree = parse_python(source)
        except SyntaxError:
            tree = ast.Module([], [])
        self.places: dict[int, tuple[int, str]] = {}
        self._add(tree.body)

    def _add(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            label = describe(statement)
            if label:
                decorators = getattr(statement, "decorator_list", ())
                first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
                for line in range(first, (statement.end_lineno or statement.lineno) + 1):
                    self.places[line] = (statement.lineno, label)
            if isinstance(statement, ast.If | ast.For | ast.While | ast.With | ast.Try):
                for part in ("body", "orelse", "finalbody"):
                    self._add(getattr(statement, part, None) or ())
                for handler in getattr(statement, "handlers", ()):
                    self._add(handler.body)

    def find(self, line: int) -> tuple[int, str] | None:
        """(line, label) of the statement that a line belongs to; None where it calls nothing."""
        return self.places.get(line)


def describe(statement: ast.stmt) -> str:
    """What a statement of a module's body does that may take time: a call, a class, a decorator; "" for others.

    >>> describe(ast.parse("s3 = boto3.client('s3')").body[0])
    'boto3.client(...)'
    """
    if isinstance(statement, ast.ClassDef):
        bases = ", ".join(ast.unparse(base) for base in statement.bases)
        return f"class {statement.name}({bases})" if bases else f"class {statement.name}"
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return f"@{_short(statement.decorator_list[0])}" if statement.decorator_list else ""
    if isinstance(statement, _COMPOUND):
        return next(filter(None, map(_call, _heads(statement))), "")
    return _call(statement)


def _heads(statement: ast.stmt) -> list[ast.expr]:
    """The expressions in the first line of a statement with a body."""
    heads = [getattr(statement, name, None) for name in ("test", "iter")]
    return [*filter(None, heads), *(item.context_expr for item in getattr(statement, "items", ()))]


def _call(node: ast.AST) -> str:
    """The outermost call in a node, without its arguments; a call on a call's result shows both."""
    call = next((inner for inner in ast.walk(node) if isinstance(inner, ast.Call)), None)
    return _short(call) if call else ""


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        return f"{_short(node.func)}({'...' if node.args or node.keywords else ''})"
    if isinstance(node, ast.Attribute):
        return f"{_short(node.value)}.{node.attr}"
    text = ast.unparse(node)
    return text if len(text) <= 40 else f"{text[:39]}…"
