"""Where does the time of INIT go? Measured in a child of the target's Python."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from lambda_slim.formats.python_source import parse_python
from lambda_slim.model.report import PROJECT, RUNTIME, STDLIB, BodyCall, ImportNode, ImportReport

_LEAST_US = 200  # body calls that take less are part of their module's own time


@dataclass(slots=True)
class _Import:
    """One import over the central runs: nanoseconds, means."""

    row: Mapping[str, Any]
    parent: int | None
    own: float = 0.0
    start: float = 0.0
    lines: dict[int, float] = field(default_factory=dict)


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
    found = _averaged(ranked[len(ranked) // 2], central)
    total = median(totals)
    counted = sum(one.own + sum(one.lines.values()) for one in found if one.row["thread"] == 0)
    factor = total / counted if counted else 1.0
    nodes = _nodes(found, factor, owners, sources)
    compiled = ranked[0]["source"], ranked[0]["pyc"]
    return ImportReport(
        runs=len(ranked),
        total_us=round(total / 1000),
        spread_us=round((totals[-1 - quarter] - totals[quarter]) / 2000),
        cpu_us=round(median(answer["cpu"] for answer in answers) / 1000),
        bytecode="source" if not compiled[1] else "mixed" if compiled[0] else "pyc",
        runtime_client=client,
        rss_bytes=round(median(answer["rss"] for answer in answers)),
        nodes=nodes,
    )


def _keys(answer: Mapping[str, Any]) -> list[tuple[str, int]]:
    """A name for every node that is the same in every run: the module, and which import of it."""
    seen: dict[str, int] = {}
    found = []
    for row in answer["nodes"]:
        seen[row["name"]] = seen.get(row["name"], 0) + 1
        found.append((row["name"], seen[row["name"]]))
    return found


def _averaged(chosen: Mapping[str, Any], central: Sequence[Mapping[str, Any]]) -> list[_Import]:
    """The imports of one run, with the means of several."""
    keys = _keys(chosen)
    found = [_Import(row, row["parent"]) for row in chosen["nodes"]]
    places = {key: index for index, key in enumerate(keys)}
    counts = [0] * len(found)
    for answer in central:
        for number, (key, row) in enumerate(zip(_keys(answer), answer["nodes"], strict=True)):
            if key not in places:
                continue
            one = found[places[key]]
            counts[places[key]] += 1
            lines = answer["lines"].get(str(number), {})
            one.start += row["start"] - answer["begun"]
            one.own += row["self"] - sum(lines.values())
            for line, spent in lines.items():
                one.lines[int(line)] = one.lines.get(int(line), 0.0) + spent
    for one, count in zip(found, counts, strict=True):
        one.own, one.start = max(0.0, one.own / count), one.start / count
        one.lines = {line: spent / count for line, spent in one.lines.items()}
    return found


def _nodes(
    found: Sequence[_Import], factor: float, owners: Mapping[str, str], sources: Mapping[str, str]
) -> tuple[ImportNode, ...]:
    """Nodes in time order, with sums that hold exactly: a node's total is its own, its calls' and its children's."""
    tops = {path.partition("/")[0]: owner for path, owner in owners.items() if "/" in path}
    trees = {path: Statements(source) for path, source in sources.items()}
    made: list[ImportNode] = []
    for number, one in enumerate(found):
        parent = made[one.parent] if one.parent is not None else None
        calls, rest = _body_calls(one, factor, trees)
        path = str(one.row["file"])
        outside = path.startswith("/") or not path
        made.append(
            ImportNode(
                id=number,
                module=one.row["name"],
                parent=one.parent,
                distribution=_distribution(one.row, owners, tops, parent),
                file="" if outside else path,
                line=one.row["line"] or None if one.row["importer"] else None,
                self_us=round((one.own + rest) * factor / 1000),
                total_us=0,
                start_us=round(one.start * factor / 1000),
                status="failed" if one.row["status"] != "ok" else "ok",
                thread=one.row["thread"],
                body_calls=calls,
                importer=one.row["importer"],
            )
        )
    return _totalled(made)


def _totalled(nodes: Sequence[ImportNode]) -> tuple[ImportNode, ...]:
    from dataclasses import replace

    totals = [node.self_us + sum(call.us for call in node.body_calls) for node in nodes]
    for node in reversed(nodes):
        if node.parent is not None:
            totals[node.parent] += totals[node.id]
    return tuple(replace(node, total_us=totals[node.id]) for node in nodes)


def _distribution(
    row: Mapping[str, Any], owners: Mapping[str, str], tops: Mapping[str, str], parent: ImportNode | None
) -> str:
    path = str(row["file"])
    if not path and row["status"] != "ok":
        return parent.distribution if parent else PROJECT  # what a failed import costs, its importer costs
    if not path or path.startswith("/"):
        return RUNTIME if "/awslambdaric/3." in path or "/boto3/3." in path else STDLIB
    owner = owners.get(path)
    if owner is None:
        owner = owners.get(path.removesuffix("c")) or tops.get(path.partition("/")[0], "")
    return owner or PROJECT


def _body_calls(one: _Import, factor: float, trees: Mapping[str, "Statements"]) -> tuple[tuple[BodyCall, ...], float]:
    """The calls in a module's body that took long, dearest first; and the time of its other lines (ns)."""
    statements = trees.get(str(one.row["file"]))
    spent: dict[tuple[int, str], float] = {}
    rest = 0.0
    for line, time in one.lines.items():
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
                first = min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", ()))])
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
    decorators = getattr(statement, "decorator_list", ())
    if isinstance(statement, ast.ClassDef):
        bases = ", ".join(ast.unparse(base) for base in statement.bases)
        return f"class {statement.name}({bases})" if bases else f"class {statement.name}"
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return f"@{_short(decorators[0])}" if decorators else ""
    if isinstance(statement, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.Import | ast.ImportFrom):
        heads = [getattr(statement, name, None) for name in ("test", "iter")]
        heads += [item.context_expr for item in getattr(statement, "items", ())]
        return next((label for head in heads if head is not None and (label := _call(head))), "")
    return _call(statement)


def _call(node: ast.AST) -> str:
    """The outermost call in a node, without its arguments; a call on a call's result shows both."""
    found = next((one for one in ast.walk(node) if isinstance(one, ast.Call)), None)
    return _short(found) if found else ""


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        return f"{_short(node.func)}({'...' if node.args or node.keywords else ''})"
    if isinstance(node, ast.Attribute):
        return f"{_short(node.value)}.{node.attr}"
    text = ast.unparse(node)
    return text if len(text) <= 40 else f"{text[:39]}…"
