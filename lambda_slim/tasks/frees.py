"""What leaves a package when a distribution leaves the project: the difference of two plans."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from lambda_slim.base.graph import dominated
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import File
from lambda_slim.model.imports import Edge, Imports, OnDemand
from lambda_slim.plan.decide import decide
from lambda_slim.plan.evidence.gather import gather
from lambda_slim.tasks.prepare import Planned

_MOST = 5  # requirements of which a report tells what they free


def leaves_with(resolution: Resolution) -> Mapping[str, frozenset[str]]:
    """By distribution: those that are installed for it alone, itself included."""
    distributions = resolution.distributions
    direct = [row.name for row in distributions if row.direct]
    tree = dominated({row.name: row.requires for row in distributions}, direct)
    return {row.name: tree.get(row.name, frozenset({row.name})) for row in distributions}


def plan_without(planned: Planned, names: Collection[str], paths: Collection[str] = ()) -> Planned:
    """The plan where some distributions are not installed and some files are not there, and nothing imports them.

    What remains is planned anew: a module of another distribution that only they led to is left out as well.
    """

    def is_gone(file: File) -> bool:
        return file.owner in names or file.path in paths

    resolution = replace(
        planned.resolution,
        distributions=tuple(row for row in planned.resolution.distributions if row.name not in names),
    )
    rest = tuple(file for file in planned.inventory.files if not is_gone(file))
    inventory = replace(planned.inventory, files=rest)
    imports = _imports_without(planned.imports, {file.path for file in planned.inventory.files if is_gone(file)})
    facts = gather(replace(planned.facts, resolution=resolution, inventory=inventory, imports=imports))
    return replace(
        planned, resolution=resolution, inventory=inventory, imports=imports, facts=facts, plan=decide(facts)
    )


def direct_frees(planned: Planned) -> Mapping[str, frozenset[str]]:
    """By requirement of the project: the files that ship now and would not without it.

    Each takes a plan of its own, so that is told of the requirements that bring the most bytes. `why` tells it of any.
    """
    tree, shipped = leaves_with(planned.resolution), Counter[str]()
    for file in planned.plan.kept:
        shipped[file.owner] += file.size
    direct = [row.name for row in planned.resolution.distributions if row.direct]
    brought = {name: sum(shipped[member] for member in tree[name]) for name in direct}
    largest = sorted(direct, key=lambda name: (-brought[name], name))[:_MOST]
    return {name: freed_paths(planned, tree[name]) for name in largest}


def freed_paths(planned: Planned, names: Collection[str]) -> frozenset[str]:
    """Package paths of files that ship now and would not without some distributions."""
    rest = {file.path for file in plan_without(planned, names).plan.kept}
    return frozenset(file.path for file in planned.plan.kept) - rest


def _imports_without(imports: Imports, paths: Collection[str]) -> Imports:
    """The graph without the modules of some files."""
    modules = {name: module for name, module in imports.modules.items() if module.path not in paths}
    gone = imports.modules.keys() - modules.keys()

    def edges(name: str) -> tuple[Edge, ...]:
        return tuple(edge for edge in imports.edges.get(name, ()) if edge.target not in gone)

    lost = {*gone, *paths}
    always = tuple(edge for edge in imports.always if edge.target not in gone and edge.importer not in lost)
    return replace(imports, modules=modules, edges=OnDemand(modules, edges), always=always)
