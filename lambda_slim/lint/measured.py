"""What would deferring an import save? The measured imports of INIT, joined with the static graph."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lambda_slim.base.graph import reachable
from lambda_slim.base.rows import values_by_key
from lambda_slim.lint.modules import Import, ParsedModule
from lambda_slim.lint.syntax import prefixes
from lambda_slim.model.import_report import ImportNode, ImportReport
from lambda_slim.model.imports import How, Imports
from lambda_slim.model.report import PROJECT, RUNTIME, STDLIB, DistributionRow

_AT_INIT = frozenset({How.TOP, How.OPTIONAL, How.PARENT, How.PTH})
_OTHERS = frozenset({STDLIB, RUNTIME})  # not counted: who else would import these is not known
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

    def weigh(self, module: ParsedModule, imported: Import) -> Weight:
        """What goes with an import statement; nothing where it was not seen in the run."""
        targets = self.edges.get(module.name, frozenset())
        cut = frozenset(target for target in targets if self._brings(module, imported, target))
        asked = cut | (targets & {imported.module})
        if not asked:
            return Weight(0, 0, 0)
        counted = self._counted(self._gone({**self.edges, module.name: targets - cut}))
        total = sum(self.nodes[name].total_us for name in cut if self.nodes[name].parent is not None)
        if not counted:
            return Weight(0, 0, total, self._other(module, asked))
        return Weight(sum(map(_own_us, counted)), len(counted), total)

    def _gone(self, edges: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """The modules that are not loaded any more where only some edges are left."""
        return reachable(self.edges, self.roots) - reachable(edges, self.roots)

    def _counted(self, names: Iterable[str]) -> list[ImportNode]:
        nodes = [self.nodes[name] for name in names if name in self.nodes]
        return [node for node in nodes if node.distribution not in _OTHERS]

    def _brings(self, module: ParsedModule, imported: Import, target: str) -> bool:
        """Whether an import statement is what makes a module import a target."""
        lines = self.lines[module.name, target]
        first, last = imported.node.lineno, imported.node.end_lineno or imported.node.lineno
        if not lines or min(lines) < first or max(lines) > last:
            return False
        return target in prefixes(imported.module) or imported.module in prefixes(target)

    def _other(self, module: ParsedModule, targets: frozenset[str]) -> str:
        """Another importer of what an import asks for, first-party modules first."""
        importers = []
        for name in (self.edges.keys() & self.nodes.keys()) - {module.name}:
            third_party = self.nodes[name].distribution != PROJECT
            others = (self.edges[name] & targets).difference(prefixes(name.rpartition(".")[0]))
            importers += [(third_party, name, target) for target in others]
        if not importers:
            return ""
        _, name, target = min(importers)
        lines = self.lines.get((name, target), frozenset())
        return f"{self.paths.get(name, name)}:{min(lines)}" if lines else name


def make_init(report: ImportReport, imports: Imports, rows: Sequence[DistributionRow], memory_mb: int) -> Init:
    """The INIT that a report measured, with the importers that it cannot see: those that found a module loaded."""
    nodes = {node.module: node for node in report.loaded}
    lines = _lines(nodes, (*_measured_edges(report), *_written_edges(nodes, imports)))
    return Init(
        nodes=nodes,
        edges=_edges(lines),
        lines=lines,
        roots=frozenset(node.module for node in report.nodes if node.parent is None),
        freed={row.name: row.freed_bytes for row in rows if row.direct and row.version},
        memory_mb=memory_mb,
        paths={name: imports.modules[name].path for name in nodes if name in imports.modules},
    )


def _edges(pairs: Iterable[Pair]) -> dict[str, frozenset[str]]:
    return {name: frozenset(targets) for name, targets in values_by_key(pairs).items()}


def _lines(nodes: Mapping[str, ImportNode], edges: Iterable[tuple[str, str, int]]) -> dict[Pair, frozenset[int]]:
    """The lines of each edge between modules that were loaded; none where only a package around a module is meant."""
    lines = values_by_key(((importer, target), line) for importer, target, line in edges)
    loaded = {pair: numbers for pair, numbers in lines.items() if nodes.keys() >= {*pair}}
    return {(name, to): frozenset(filter(None, numbers)) for (name, to), numbers in loaded.items() if name != to}


def _measured_edges(report: ImportReport) -> Iterator[tuple[str, str, int]]:
    """(importer, module, line) of the imports that loaded a module."""
    names = {node.id: node.module for node in report.nodes}
    for node in report.nodes:
        if node.parent is not None:
            yield names[node.parent], node.module, node.line or 0


def _written_edges(nodes: Iterable[str], imports: Imports) -> Iterator[tuple[str, str, int]]:
    """(importer, module, line) of the imports that code makes at INIT; a module imports the package around it."""
    for name in nodes:
        for edge in imports.edges.get(name, ()):
            if edge.how in _AT_INIT:
                yield edge.importer, edge.target, edge.line
        if parent := name.rpartition(".")[0]:
            yield name, parent, 0


def _own_us(node: ImportNode) -> int:
    return node.self_us + sum(call.us for call in node.body_calls)
