"""Following the edges: what the roots reach, and the chain that leads to a module."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lambda_slim.model.imports import Edge, How, Imports, Module, OnDemand, Reach, Unresolved


def reach(imports: Imports, roots: Iterable[str], *, extra: Iterable[Edge] = ()) -> Reach:
    """Everything that importing the roots, and calling any function of what they reach, could import.

    Breadth first, so each module's `first` edge lies on a shortest chain. Adding roots or extra edges only adds
    modules; an extra edge whose importer is no module of the graph holds from the start.
    """
    more: dict[str, list[Edge]] = {}
    first: dict[str, Edge] = {}
    reached: dict[str, None] = {}
    queue: deque[Edge] = deque(Edge("", root, 0, How.TOP) for root in roots)
    for edge in (*imports.always, *extra):
        if edge.importer in imports.modules:
            more.setdefault(edge.importer, []).append(edge)
        else:
            queue.append(edge)
    unresolved: list[Unresolved] = []
    for edge in _new_steps(queue, imports):
        name = edge.target
        if name in reached:
            continue
        reached[name] = None
        if edge.importer:
            first[name] = edge
        queue.extend(imports.edges.get(name, ()))
        queue.extend(more.get(name, ()))
        unresolved.extend(imports.gaps.get(name, ()))
    paths = frozenset(path for name in reached for path in files(imports.modules[name]))
    return Reach(frozenset(reached), paths, first, tuple(sorted(set(unresolved), key=lambda u: (u.path, u.line))))


def named_modules(imports: Imports, texts: Iterable[str]) -> tuple[str, ...]:
    """The modules that some texts name, as environment variables do: `app.settings`, `pkg.module:attribute`."""
    named: dict[str, None] = {}
    for text in texts:
        name = text.replace("/", ".").partition(":")[0]
        while name and name not in imports.modules:
            name = name.rpartition(".")[0]
        if name:
            named[name] = None
    return tuple(named)


def filtered(imports: Imports, keep: Callable[[Edge], bool]) -> Imports:
    """The same graph with only some of its edges; as lazy as it was."""
    edges = OnDemand(imports.modules, lambda name: tuple(e for e in imports.edges.get(name, ()) if keep(e)))
    return replace(imports, edges=edges, always=tuple(edge for edge in imports.always if keep(edge)))


_AT_INIT = frozenset({How.TOP, How.OPTIONAL, How.PARENT, How.PTH})


def at_init(imports: Imports, module: str) -> frozenset[str]:
    """The modules that importing a module loads: through module-level imports, also those that may fail."""
    return reach(filtered(imports, lambda edge: edge.how in _AT_INIT), [module]).modules


_LOADED = _AT_INIT | {How.BINARY}


def loaded_at_init(imports: Imports, modules: Iterable[str]) -> frozenset[str]:
    """The modules that importing some modules loads: as `at_init`, and through compiled modules.

    The graph alone decides, so the same input gives the same modules on every machine, with or without a run.
    """
    return reach(filtered(imports, lambda edge: edge.how in _LOADED), modules).modules


_EARLY = _AT_INIT | {How.BINARY, How.DATA, How.ENTRY_POINT}


def in_use(imports: Imports, module: str) -> frozenset[str]:
    """The modules that INIT or the first events are likely to import.

    They are what importing the handler's module loads, also through compiled modules and data files, and all that
    first-party code asks for.
    What libraries import inside their functions, lazily, or by name is for paths that few programs take.
    """

    def likely(edge: Edge) -> bool:
        importer = imports.modules.get(edge.importer)
        return edge.how in _EARLY or (importer is not None and not importer.owner)

    return reach(filtered(imports, likely), [module]).modules


def _new_steps(queue: deque[Edge], imports: Imports) -> Iterator[Edge]:
    """The steps of each edge of a queue that grows; a further edge to the same target leads nowhere else."""
    asked: set[str] = set()
    while queue:
        edge = queue.popleft()
        if edge.target not in asked:
            asked.add(edge.target)
            yield from steps(edge, imports)


def steps(edge: Edge, imports: Imports) -> Iterable[Edge]:
    """The edge itself and those to the parent packages of its target, as far as they are in the graph."""
    name = edge.target
    if name in imports.modules:
        yield edge
    parent = name.rpartition(".")[0]
    while parent:
        if parent in imports.modules:
            importer = name if name in imports.modules else edge.importer
            how = How.PARENT if name in imports.modules else edge.how
            yield Edge(importer, parent, 0 if name in imports.modules else edge.line, how)
        parent = parent.rpartition(".")[0]


def files(module: Module) -> tuple[str, ...]:
    """The package paths that make up a module; none for a namespace package."""
    return () if module.namespace else (module.path, *module.twins)


def chain(reached: Reach, module: str) -> tuple[Edge, ...]:
    """The edges from a root (or a data file) to a module, in order; empty for a root or what is not reached."""
    edges: list[Edge] = []
    seen = set()
    while module not in seen and (edge := reached.first.get(module)):
        seen.add(module)
        edges.append(edge)
        module = edge.importer
    return tuple(reversed(edges))
