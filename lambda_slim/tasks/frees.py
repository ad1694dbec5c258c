"""What leaves a package when a distribution leaves the project: the difference of two plans."""

import functools
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from lambda_slim.base.graph import dominated
from lambda_slim.base.remember import of_same_objects
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import File, Inventory
from lambda_slim.model.imports import Edge, Imports, OnDemand
from lambda_slim.plan.decide import decide
from lambda_slim.plan.evidence.gather import gather
from lambda_slim.tasks.prepare import Planned

_MOST = 5  # requirements of which a report tells what they free


@of_same_objects()
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
    resolution, inventory, imports = _without(planned.resolution, planned.inventory, planned.imports, names, paths)
    facts = gather(replace(planned.facts, resolution=resolution, inventory=inventory, imports=imports))
    return replace(
        planned, resolution=resolution, inventory=inventory, imports=imports, facts=facts, plan=decide(facts)
    )


def direct_frees(planned: Planned) -> Mapping[str, frozenset[str]]:
    """By requirement of the project: the files that ship now and would not without it.

    Each needs a plan of its own, so only the requirements with the most bytes are planned. `why` plans any.
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
    rest = plan_without(planned, names).plan.kept_paths
    return planned.plan.kept_paths - rest


@of_same_objects()
def _without(
    resolution: Resolution, inventory: Inventory, imports: Imports, names: Collection[str], paths: Collection[str]
) -> tuple[Resolution, Inventory, Imports]:
    """What there is without some distributions and files; the functions of one folder have that in common."""

    def is_gone(file: File) -> bool:
        return file.owner in names or file.path in paths

    rest = replace(resolution, distributions=tuple(row for row in resolution.distributions if row.name not in names))
    files = replace(inventory, files=tuple(file for file in inventory.files if not is_gone(file)))
    return rest, files, _imports_without(imports, {file.path for file in inventory.files if is_gone(file)})


def _imports_without(imports: Imports, paths: Collection[str]) -> Imports:
    """The graph without the modules of some files."""
    modules = {name: module for name, module in imports.modules.items() if module.path not in paths}
    gone = imports.modules.keys() - modules.keys()

    @functools.cache
    def edges(name: str) -> tuple[Edge, ...]:
        return tuple(edge for edge in imports.edges.get(name, ()) if edge.target not in gone)

    lost = {*gone, *paths}
    always = tuple(edge for edge in imports.always if edge.target not in gone and edge.importer not in lost)
    return replace(imports, modules=modules, edges=OnDemand(modules, edges), always=always)
