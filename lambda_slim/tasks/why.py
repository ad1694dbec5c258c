"""Why a file, module or distribution is in the package or not, in both directions, with the chain."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from lambda_slim.base.rows import size_of, values_by_key
from lambda_slim.base.text import clause
from lambda_slim.base.units import plural, show_count, show_size
from lambda_slim.imports.walk import chain
from lambda_slim.model.decision import Decision
from lambda_slim.model.distribution import Distribution
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import Edge
from lambda_slim.tasks.frees import freed_paths, leaves_with
from lambda_slim.tasks.prepare import Planned
from lambda_slim.tasks.shape_function import shape_function


def explain(planned: Planned, name: str) -> tuple[str, ...]:
    """The lines about a package path, a distribution or a module; empty for any other name."""
    decisions = {decision.file.path: decision for decision in planned.plan.decisions}
    if name in decisions:
        return tuple(_file(planned, decisions[name]))
    normalised = _normalised(name)
    if any(distribution.name == normalised for distribution in planned.resolution.distributions):
        return tuple(_distribution(planned, normalised))
    if name in planned.imports.modules:
        return tuple(_module(planned, name, decisions))
    below = [decision for path, decision in decisions.items() if path.startswith(name.rstrip("/") + "/")]
    return tuple(_folder(name, below)) if below else ()


def users(planned: Sequence[Planned], name: str) -> str:
    """Which of several functions use a distribution, module or first-party file, and which only ship it; else "".

    A split of the second kind of function, or level reach, frees its package of it.
    """
    if len(planned) < 2:
        return ""
    using, carrying = [], []
    for plan in planned:
        paths = _paths(plan, name)
        if not paths:
            continue
        if not paths.isdisjoint(plan.facts.reach.files):
            using.append(plan.function.name)
        else:
            ships = size_of(paths, shipped_bytes(plan))
            carrying.append(f"{plan.function.name} (ships {show_size(ships)} of it)")
    return f"used by {', '.join(using)}; not by {', '.join(carrying)}" if using and carrying else ""


def _paths(planned: Planned, name: str) -> frozenset[str]:
    """The files of a name, if it is known whether they are used."""
    module = planned.imports.modules.get(name)
    named = {name, module.path if module else name} & planned.facts.module_of.keys()
    owner = _normalised(name)
    return frozenset(file.path for file in planned.inventory.files if file.owner == owner or file.path in named)


def _normalised(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def nearest(planned: Planned, name: str) -> list[str]:
    """Names like the one asked for."""
    known = [
        *(distribution.name for distribution in planned.resolution.distributions),
        *planned.imports.modules,
        *(decision.file.path for decision in planned.plan.decisions),
    ]
    return get_close_matches(name, known, 3)


def _file(planned: Planned, decision: Decision) -> Iterable[str]:
    file = decision.file
    owner = "your code" if file.owner == FIRST_PARTY else file.owner
    yield f"{file.path}   {show_size(file.size)}   {file.kind.value} of {owner}"
    yield f"  {_verdict(decision)}"
    module = planned.facts.module_of.get(file.path)
    if module and decision.verdict.rule != "unreachable":  # whose reason says it already
        yield from _chain(planned, module)


def _module(planned: Planned, name: str, decisions: dict[str, Decision]) -> Iterable[str]:
    path = planned.imports.modules[name].path
    if path in decisions:
        yield from _file(planned, decisions[path])
    else:
        yield f"{name}   namespace package ({path}/)"
        yield from _chain(planned, name)
    importers = _importers(planned, name)
    if importers:
        shown = ", ".join(importers[:8])
        yield f"  imported by {plural(len(importers), 'module')}: {shown}{' …' if len(importers) > 8 else ''}"


def _importers(planned: Planned, name: str) -> list[str]:
    importers: set[str] = set()
    for module in planned.facts.reach.modules:
        importers.update(edge.importer for edge in planned.imports.edges.get(module, ()) if edge.target == name)
    return sorted(importers)


def _distribution(planned: Planned, name: str) -> Iterable[str]:
    distribution = next(row for row in planned.resolution.distributions if row.name == name)
    decisions = [decision for decision in planned.plan.decisions if decision.file.owner == name]
    kept = [decision.file.path for decision in decisions if decision.verdict.keep]
    shipped, total = shipped_bytes(planned), sum(decision.file.size for decision in decisions)
    ship = f"{show_count(len(kept))} of {plural(len(decisions), 'file')} ship, {show_size(size_of(kept, shipped))}"
    yield f"{name} {distribution.version}   {ship} (installed {show_size(total)})"
    yield from _requirers(planned, distribution)
    yield from _requirement_chain(planned, name)
    if distribution.requires:
        yield f"  requires      {', '.join(distribution.requires)}"
    yield from _first_import(planned, name)
    yield from _freed(planned, name, shipped)
    yield from _by_rule(decisions)
    yield from _made_smaller(decisions, size_of(kept, shipped))


def _made_smaller(decisions: Iterable[Decision], ships: int) -> Iterable[str]:
    """The difference between the files and what ships of them, so that the rows add up."""
    installed = sum(decision.file.size for decision in decisions if decision.verdict.keep)
    if ships != installed:
        sign = "−" if ships < installed else "+"
        changed = f"{sign}{show_size(abs(ships - installed))}"
        yield f"  {'as shipped':<13} {changed:>10}   compiled to bytecode, stripped, or cut to what is read"


def shipped_bytes(planned: Planned) -> Mapping[str, int]:
    """Bytes in the package by the file that they are made from: compiled, stripped and trimmed, as a build has them."""
    sizes = Counter[str]()
    for member in shape_function(planned).members:
        sizes[member.origin] += len(member.data)
    return sizes


def _requirers(planned: Planned, distribution: Distribution) -> Iterable[str]:
    if distribution.direct:
        yield f"  required by   you{clause(' ({})', distribution.where)}"
    parents = sorted(row.name for row in planned.resolution.distributions if distribution.name in row.requires)
    if parents:
        yield f"  required by   {', '.join(parents)}"


def _requirements(planned: Planned) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """What every distribution requires, and the requirements of the project."""
    distributions = planned.resolution.distributions
    requires = {row.name: tuple(row.requires) for row in distributions}
    return requires, [row.name for row in distributions if row.direct]


def _requirement_chain(planned: Planned, name: str) -> Iterable[str]:
    from lambda_slim.base.graph import chain as shortest

    path = shortest(*_requirements(planned), name)
    if len(path) > 1:
        yield f"  chain         {' → '.join(['you', *path])}"


def _freed(planned: Planned, name: str, shipped: Mapping[str, int]) -> Iterable[str]:
    freed = leaves_with(planned.resolution)[name]
    total = size_of(freed_paths(planned, freed), shipped)
    others = sorted(freed - {name})
    yield f"  dropping it   frees {show_size(total)}" + clause(", with {}", ", ".join(others))


def _first_import(planned: Planned, name: str) -> Iterable[str]:
    owned = {file.path for file in planned.inventory.files if file.owner == name}
    modules = [module.name for module in planned.imports.modules.values() if module.path in owned]
    chains = [chain(planned.facts.reach, module) for module in modules if module in planned.facts.reach.modules]
    if not chains:
        yield "  imported      by nothing that the handler reaches"
        return
    shortest = min(chains, key=lambda edges: (len(edges), [edge.target for edge in edges]))
    yield from (f"  imported      {line}" for line in _edges(planned, shortest))


def _by_rule(decisions: Iterable[Decision]) -> Iterable[str]:
    rows = values_by_key(((row.verdict.keep, row.verdict.rule), row.file.size) for row in decisions)
    for (keep, rule), sizes in sorted(rows.items(), key=lambda row: -sum(row[1])):
        label = "kept" if keep else "dropped"
        yield f"  {label:<13} {show_size(sum(sizes)):>10} in {plural(len(sizes), 'file')}   [{rule}]"


def _folder(name: str, decisions: list[Decision]) -> Iterable[str]:
    size = sum(decision.file.size for decision in decisions)
    yield f"{name.rstrip('/')}/   {plural(len(decisions), 'file')}, {show_size(size)}"
    yield from _by_rule(decisions)


def _verdict(decision: Decision) -> str:
    return f"{'ships' if decision.verdict.keep else 'is left out'}   [{decision.verdict.rule}] {decision.verdict.why}"


def _chain(planned: Planned, module: str) -> Iterable[str]:
    if module not in planned.facts.reach.modules:
        yield "  no import path from the handler leads to it"
        return
    yield from (f"  {line}" for line in _edges(planned, chain(planned.facts.reach, module)))


def _edges(planned: Planned, edges: tuple[Edge, ...]) -> Iterable[str]:
    for edge in edges:
        module = planned.imports.modules.get(edge.importer)
        place = f"{module.path}:{edge.line}" if module and edge.line else edge.importer
        yield f"{place}   {edge.importer} → {edge.target}   {edge.how.value}"
