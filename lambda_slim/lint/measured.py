"""What would deferring an import save? The measured imports of INIT, joined with the static graph."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lambda_slim.base.graph import reachable
from lambda_slim.lint.modules import Import, ParsedModule
from lambda_slim.model.imports import How, Imports
from lambda_slim.model.report import DistributionRow, ImportNode, ImportReport

_AT_INIT = frozenset({How.TOP, How.OPTIONAL, How.PARENT, How.PTH})
_OTHERS = frozenset({"(stdlib)", "(runtime)"})  # who else would import these is not known, so they are not counted
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Weight:
    """What goes from INIT with one import statement.

    Attributes:
        us: Own time of modules that only it brings; the standard library's are not counted, so it is a lower bound.
        modules: How many those are.
        total_us: What the statement costs as things are, with what others need as well.
        anyway: Another importer of the same module, `src/report.py:3`, where nothing goes.
    """

    us: int
    modules: int
    total_us: int
    anyway: str = ""


@dataclass(frozen=True, slots=True)
class Init:
    """A measured INIT.

    Attributes:
        nodes: The module that each import loaded, by name.
        edges: Who imports whom during INIT, among modules that were loaded: as measured, and as written.
        lines: The lines that edges come from.
        roots: Modules that nothing measured imports.
        freed: Bytes that leave the package with a distribution.
        memory_mb: Of the function.
    """

    nodes: Mapping[str, ImportNode]
    edges: Mapping[str, frozenset[str]]
    lines: Mapping[Pair, frozenset[int]]
    roots: frozenset[str]
    freed: Mapping[str, int]
    memory_mb: int
    paths: Mapping[str, str]

    def weigh(self, module: ParsedModule, one: Import) -> Weight | None:
        """What goes with an import statement; None where it was not seen in the run."""
        first, last = one.node.lineno, one.node.end_lineno or one.node.lineno
        cut = {
            target
            for target in self.edges.get(module.name, ())
            if (found := self.lines[module.name, target])
            and all(first <= line <= last for line in found)
            and (f"{target}.".startswith(f"{one.module}.") or one.module.startswith(f"{target}."))
        }
        mine = cut | (self.edges.get(module.name, frozenset()) & {one.module})
        if not mine:
            return None
        rest = {name: targets - cut if name == module.name else targets for name, targets in self.edges.items()}
        gone = reachable(self.edges, self.roots) - reachable(rest, self.roots)
        counted = [self.nodes[name] for name in gone if name in self.nodes and self._counts(name)]
        total = sum(self.nodes[name].total_us for name in cut if self.nodes[name].parent is not None)
        us = sum(_own(node) for node in counted)
        return Weight(us, len(counted), total, "" if counted else self._other(module, mine))

    def _counts(self, name: str) -> bool:
        return self.nodes[name].distribution not in _OTHERS

    def _other(self, module: ParsedModule, targets: Iterable[str]) -> str:
        """Another importer of what an import asks for, the project's own first."""
        wanted = set(targets)
        found = sorted(
            (self.nodes[name].distribution != "(project)", name, target)
            for name, into in self.edges.items()
            if name != module.name and name in self.nodes
            for target in into & wanted
            if not name.startswith(f"{target}.")
        )
        if not found:
            return ""
        _, name, target = found[0]
        lines = self.lines.get((name, target), frozenset())
        return f"{self.paths.get(name, name)}:{min(lines)}" if lines else name


def make_init(report: ImportReport, imports: Imports, rows: Sequence[DistributionRow], memory_mb: int) -> Init:
    """The INIT that a report measured, with the importers that it cannot see: those that found a module loaded."""
    nodes = {node.module: node for node in report.nodes if node.status == "ok"}
    names = {node.id: node.module for node in report.nodes}
    edges: dict[str, set[str]] = {}
    lines: dict[Pair, set[int]] = {}

    def add(importer: str, target: str, line: int) -> None:
        if importer != target and importer in nodes and target in nodes:
            edges.setdefault(importer, set()).add(target)
            lines.setdefault((importer, target), set()).update([line] if line else [])

    for node in report.nodes:
        if node.parent is not None:
            add(names[node.parent], node.module, node.line or 0)
    for name in nodes:
        for edge in imports.edges.get(name, ()):
            if edge.how in _AT_INIT:
                add(edge.importer, edge.target, edge.line)
        if parent := name.rpartition(".")[0]:
            add(name, parent, 0)
    return Init(
        nodes=nodes,
        edges={name: frozenset(targets) for name, targets in edges.items()},
        lines={pair: frozenset(found) for pair, found in lines.items()},
        roots=frozenset(node.module for node in report.nodes if node.parent is None),
        freed={row.name: row.freed_bytes for row in rows if row.direct and row.version},
        memory_mb=memory_mb,
        paths={name: found.path for name in nodes if (found := imports.modules.get(name))},
    )


def _own(node: ImportNode) -> int:
    return node.self_us + sum(call.us for call in node.body_calls)
