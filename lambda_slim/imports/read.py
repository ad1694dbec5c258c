"""Reading a package's import graph."""

from collections.abc import Callable, Mapping

from lambda_slim.base.progress import Progress, silent
from lambda_slim.imports.binary.binaries import Binaries
from lambda_slim.imports.data import data_edges, is_pickle, shipped_pickles
from lambda_slim.imports.index import index_modules
from lambda_slim.imports.link.linker import Linker
from lambda_slim.imports.metadata import read_entry_points, read_pth
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
    progress: Progress = silent,
) -> Imports:
    """The import graph of everything that could ship, as the target would import it.

    Every source is parsed once and remembered by content; modules are linked when their edges are asked for. Hints are
    hidden imports by module, from knowledge; a hint `pkg.*` means all modules inside. `named` says of a module that its
    computed imports load only what strings name.
    """
    files = inventory.importable
    store = Store(files, target.runtime.version, progress)
    store.prepare()
    index = index_modules(files, target)
    known = {**stdlib_imports(), **(hints or {})}
    always = [*data_edges(files, index)]
    linker = Linker(
        index,
        store,
        read_entry_points(files),
        known,
        Binaries(index, files).targets,
        named=named,
        explained=any(is_pickle(edge.importer) for edge in always),
    )
    for path, facts in read_pth(files, target.runtime.version):
        module = Module(path, path, package=False)
        rows = {row[0]: row[1] for one in facts.imports for row in linker.statement(module, one)}
        for call in facts.dynamic:  # `enabled and __import__("_distutils_hack").add_shim()`
            rows |= {found: call.line for name in call.patterns if (found := linker.names.imported(name, module))}
        always += [Edge(path, name, line, How.PTH) for name, line in rows.items()]
    pickled = shipped_pickles(files, index)
    linked: dict[str, tuple[tuple[Edge, ...], tuple[Unresolved, ...]]] = {}

    def link(name: str) -> tuple[tuple[Edge, ...], tuple[Unresolved, ...]]:
        if name not in linked:
            edges, gaps = linker.link(name)
            there = {edge.target for edge in edges}
            more = (target for target in pickled.get(name, ()) if target not in there and target != name)
            linked[name] = ((*edges, *(Edge(name, target, 0, How.DATA) for target in more)), gaps)
        return linked[name]

    return Imports(
        index.modules,
        OnDemand(index.modules, lambda name: link(name)[0]),
        OnDemand(index.modules, lambda name: link(name)[1]),
        tuple(always),
        OnDemand(index.modules, linker.clients),
        OnDemand(index.modules, lambda name: linker.exports.facts(index.modules[name])),
    )
