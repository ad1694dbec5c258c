"""Reads a package's import graph."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from lambda_slim.base.progress import Progress, silent
from lambda_slim.imports.binary.binaries import Binaries
from lambda_slim.imports.data import data_edges, is_pickle, shipped_pickles
from lambda_slim.imports.index import index_modules
from lambda_slim.imports.link.linker import Linker
from lambda_slim.imports.link.lookups import Lookups
from lambda_slim.imports.metadata import read_entry_points, read_pth
from lambda_slim.imports.scan.facts import SourceFacts
from lambda_slim.imports.store import Store
from lambda_slim.knowledge.stdlib import stdlib_imports
from lambda_slim.model.file import Inventory
from lambda_slim.model.imports import Edge, How, Imports, Module, OnDemand, Unresolved
from lambda_slim.model.target import Target


def read_imports(
    inventory: Inventory,
    target: Target,
    *,
    hints: Mapping[str, tuple[str, ...]] | None = None,
    named: Callable[[str], bool] = lambda _: False,
    sought: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    progress: Progress = silent,
) -> Imports:
    """The import graph of everything that could ship, as the target would import it.

    Every source is parsed once and remembered by content; modules are linked when their edges are asked for. Hints are
    hidden imports by module, from knowledge; a hint `pkg.*` means all modules inside. `named` says of a module that its
    computed imports load only what strings name, `sought` which applications look for a submodule in all others.
    """
    files = inventory.importable
    store = Store(files, target.runtime.version, progress)
    store.prepare()
    index = index_modules(files, target)
    known = {**stdlib_imports(), **(hints or {})}
    always = [*data_edges(files, index)]
    linker = Linker(
        Lookups(index, store, named, sought),
        read_entry_points(files),
        known,
        Binaries(index, files).targets,
        explained=any(is_pickle(edge.importer) for edge in always),
    )
    for path, facts in read_pth(files, target.runtime.version):
        always += _pth_edges(path, facts, linker)
    graph = _Graph(linker, shipped_pickles(files, index))
    return Imports(
        index.modules,
        OnDemand(index.modules, lambda name: graph.link(name)[0]),
        OnDemand(index.modules, lambda name: graph.link(name)[1]),
        tuple(always),
        OnDemand(index.modules, linker.clients),
        OnDemand(index.modules, lambda name: linker.exports.facts(index.modules[name])),
    )


def _pth_edges(path: str, facts: SourceFacts, linker: Linker) -> Iterator[Edge]:
    """The modules that the import lines of a `.pth` file lead to."""
    module = Module(path, path, package=False)
    lines: dict[str, int] = {}
    for statement in facts.imports:
        lines.update((target, line) for target, line, _ in linker.statement(module, statement))
    for call in facts.dynamic:  # `enabled and __import__("_distutils_hack").add_shim()`
        targets = (linker.names.imported(name, module) for name in call.patterns)
        lines.update((target, call.line) for target in targets if target)
    for target, line in lines.items():
        yield Edge(path, target, line, How.PTH)


class _Graph:
    """The edges and gaps of each module, linked once; with what pickles beside a library name."""

    def __init__(self, linker: Linker, pickled: Mapping[str, tuple[str, ...]]) -> None:
        self.linker = linker
        self.pickled = pickled
        self._linked: dict[str, tuple[tuple[Edge, ...], tuple[Unresolved, ...]]] = {}

    def link(self, name: str) -> tuple[tuple[Edge, ...], tuple[Unresolved, ...]]:
        """The edges that leave a module, and its gaps."""
        if name not in self._linked:
            edges, gaps = self.linker.link(name)
            known = {name, *(edge.target for edge in edges)}
            pickled = (target for target in self.pickled.get(name, ()) if target not in known)
            self._linked[name] = (*edges, *(Edge(name, target, 0, How.DATA) for target in pickled)), gaps
        return self._linked[name]
