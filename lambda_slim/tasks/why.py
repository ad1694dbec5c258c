"""Why is a file, module or distribution in the package, or why is it not? Both directions, with the chain."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from lambda_slim.base.units import show_size
from lambda_slim.imports.walk import chain
from lambda_slim.model.decision import Decision
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import Edge
from lambda_slim.tasks.prepare import Planned


def explain(planned: Planned, name: str) -> tuple[str, ...]:
    """Lines that answer for a package path, a distribution or a module; empty where the name is none of them."""
    decisions = {decision.file.path: decision for decision in planned.plan.decisions}
    if name in decisions:
        return tuple(_file(planned, decisions[name]))
    normalised = name.lower().replace("_", "-").replace(".", "-")
    if any(distribution.name == normalised for distribution in planned.resolution.distributions):
        return tuple(_distribution(planned, normalised))
    if name in planned.imports.modules:
        return tuple(_module(planned, name, decisions))
    below = [decision for path, decision in decisions.items() if path.startswith(name.rstrip("/") + "/")]
    return tuple(_folder(name, below)) if below else ()


def users(planned: Sequence[Planned], name: str) -> str:
    """Which of several functions use a distribution, module or own file, and which carry it besides; else "".

    A split of the second kind of function, or level reach, frees its package of it.
    """
    if len(planned) < 2:
        return ""
    using, carrying = [], []
    for one in planned:
        paths = _paths(one, name)
        if not paths:
            continue
        if any(path in one.facts.reach.files for path in paths):
            using.append(one.function.name)
        else:
            ships = sum(file.size for file in one.plan.kept if file.path in paths)
            carrying.append(f"{one.function.name} (ships {show_size(ships)} of it)")
    if not using or not carrying:
        return ""
    return f"used by {', '.join(using)}; not by {', '.join(carrying)}"


def _paths(planned: Planned, name: str) -> frozenset[str]:
    """The files that a name stands for, where it is known of them whether they are used."""
    normalised = name.lower().replace("_", "-").replace(".", "-")
    module = planned.imports.modules.get(name)
    return frozenset(
        file.path
        for file in planned.inventory.files
        if file.owner == normalised
        or (file.path in planned.facts.module_of and file.path in (name, module.path if module else ""))
    )


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
    if module:
        yield from _chain(planned, module)


def _module(planned: Planned, name: str, decisions: dict[str, Decision]) -> Iterable[str]:
    path = planned.imports.modules[name].path
    if path in decisions:
        yield from _file(planned, decisions[path])
    else:
        yield f"{name}   namespace package ({path}/)"
        yield from _chain(planned, name)
    found = (edge for one in planned.facts.reach.modules for edge in planned.imports.edges.get(one, ()))
    importers = sorted({edge.importer for edge in found if edge.target == name})
    if importers:
        shown = ", ".join(importers[:8])
        yield f"  imported by {len(importers)}: {shown}{' …' if len(importers) > 8 else ''}"


def _distribution(planned: Planned, name: str) -> Iterable[str]:
    distributions = {distribution.name: distribution for distribution in planned.resolution.distributions}
    found = distributions[name]
    mine = [decision for decision in planned.plan.decisions if decision.file.owner == name]
    kept = [decision for decision in mine if decision.verdict.keep]
    total, ships = (sum(decision.file.size for decision in some) for some in (mine, kept))
    yield f"{name} {found.version}   {show_size(ships)} of {show_size(total)} ship, {len(kept)} of {len(mine)} files"
    if found.direct:
        yield f"  required by   you{f' ({found.where})' if found.where else ''}"
    parents = sorted(one.name for one in distributions.values() if name in one.requires)
    if parents:
        yield f"  required by   {', '.join(parents)}"
    for path in _requirement_chain(planned, name):
        yield f"  chain         {path}"
    if found.requires:
        yield f"  requires      {', '.join(found.requires)}"
    yield from _first_import(planned, name)
    yield from _freed(planned, name)
    yield from _by_rule(mine)


def _requirement_chain(planned: Planned, name: str) -> Iterable[str]:
    from lambda_slim.base.graph import chain as shortest

    edges = {one.name: one.requires for one in planned.resolution.distributions}
    direct = [one.name for one in planned.resolution.distributions if one.direct]
    path = shortest(edges, direct, name)
    if len(path) > 1:
        yield " → ".join(["you", *path])


def _freed(planned: Planned, name: str) -> Iterable[str]:
    from lambda_slim.base.graph import dominated

    sizes: dict[str, int] = {}
    for file in planned.plan.kept:
        sizes[file.owner] = sizes.get(file.owner, 0) + file.size
    edges = {one.name: one.requires for one in planned.resolution.distributions}
    direct = [one.name for one in planned.resolution.distributions if one.direct]
    freed = dominated(edges, direct)[name]
    total = sum(sizes.get(one, 0) for one in freed)
    rest = sorted(set(freed) - {name})
    yield f"  dropping it   frees {show_size(total)}" + (f", with {', '.join(rest)}" if rest else "")


def _first_import(planned: Planned, name: str) -> Iterable[str]:
    owned = {file.path for file in planned.inventory.files if file.owner == name}
    chains = [
        chain(planned.facts.reach, module.name)
        for module in planned.imports.modules.values()
        if module.path in owned and module.name in planned.facts.reach.modules
    ]
    if not chains:
        yield "  imported      by nothing that the handler reaches"
        return
    yield from (
        f"  imported      {line}"
        for line in _edges(planned, min(chains, key=lambda found: (len(found), [edge.target for edge in found])))
    )


def _by_rule(decisions: Iterable[Decision]) -> Iterable[str]:
    rows: dict[tuple[bool, str], list[int]] = {}
    for decision in decisions:
        rows.setdefault((decision.verdict.keep, decision.verdict.rule), []).append(decision.file.size)
    for (keep, rule), sizes in sorted(rows.items(), key=lambda row: -sum(row[1])):
        yield f"  {'kept' if keep else 'dropped':<13} {show_size(sum(sizes)):>10} in {len(sizes)} files by {rule}"


def _folder(name: str, decisions: list[Decision]) -> Iterable[str]:
    yield f"{name.rstrip('/')}/   {len(decisions)} files, {show_size(sum(one.file.size for one in decisions))}"
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
