"""From the plan of a function to the members of its zip."""

import re
from collections.abc import Iterable
from dataclasses import replace

from lambda_slim.base.remember import of_same_objects
from lambda_slim.bundle.distinfo import merge_licences, mergeable, trim_metadata
from lambda_slim.bundle.endpoints import Cut, cut_endpoints, cut_in
from lambda_slim.bundle.guard import MODULE, compiled_only, guard_file, guard_members, is_guard
from lambda_slim.bundle.scripts import lambda_script
from lambda_slim.bundle.shape import shape
from lambda_slim.imports.walk import in_use, loaded_at_init
from lambda_slim.model.decision import Plan
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import File, FileKind, Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.imports import How, Imports
from lambda_slim.model.member import Member, Shaped
from lambda_slim.model.settings import Bytecode, Level, Startup
from lambda_slim.model.target import Target
from lambda_slim.model.trace import Trace
from lambda_slim.plan.starts.verdict import judge_start
from lambda_slim.tasks.prepare import Planned

_LITTLE = 8 << 10  # bytes of source that compile in less than 5 ms on Lambda: bytecode would outweigh what it saves


def shape_function(planned: Planned, also: Iterable[str] = ()) -> Shaped:
    """The members of the zip: kept files compiled, stripped, or as they are; metadata trimmed, licences merged.

    Args:
        planned: What ships.
        also: Modules that INIT is taken to import besides.
    """
    target = planned.function.target
    guards, notes = _guards(planned)
    kept = [file for file in planned.plan.kept if not (guards and is_guard(file.path))]
    licences, others = _split(kept)
    shaped = shape(
        [*others, *([guard_file()] if guards else [])],
        target,
        planned.settings,
        chosen=_chosen(planned, also),
        read_sources=planned.facts.files.read_sources | (compiled_before(planned.inventory) or frozenset()),
    )
    notices = merge_licences(licences)
    cut = cut_in(planned.plan)
    trimmed = [_trimmed(member, target, cut) for member in compiled_only(shaped.members)]
    members = (*trimmed, *guards, *([notices] if notices else []))
    ordered = tuple(sorted(members, key=lambda member: member.name))
    return replace(shaped, members=ordered, notes=(*shaped.notes, *notes))


def _split(files: Iterable[File]) -> tuple[list[File], list[File]]:
    """The licences that are merged into one file, and all other files."""
    licences: list[File] = []
    others: list[File] = []
    for file in files:
        (licences if mergeable(file) else others).append(file)
    return licences, others


def _guards(planned: Planned) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    """The members of the guard, which explains a missing module; none at level safe, which drops no module in use."""
    settings = planned.settings
    if settings.level is Level.SAFE or not (settings.guard or settings.spare):
        return (), ()
    return guard_members(planned.plan, planned.facts.module_of, spare=settings.spare, release=settings.release)


def _trimmed(member: Member, target: Target, cut: Cut) -> Member:
    if member.name in cut.paths:
        return replace(member, data=cut_endpoints(member.data, cut.names))
    if member.name.startswith("bin/"):
        return replace(member, data=lambda_script(member.data, target))
    if member.name.endswith(".dist-info/METADATA"):
        return replace(member, data=trim_metadata(member.data))
    return member


def _chosen(planned: Planned, also: Iterable[str]) -> frozenset[str] | None:
    """Package paths of the modules to compile where not all are: those that INIT loads, by a run or the static graph.

    Bytecode is larger than source when packed, so in its place it pays only for what is imported. Of what the graph
    says INIT may load, what no run loads stays source. So does what only an event loads, unless `startup` asks for more
    than the default.
    """
    modules, trace, mode = planned.imports.modules, planned.facts.trace, planned.settings.bytecode
    if mode in (Bytecode.ALL, Bytecode.NONE):
        return None
    if mode is not Bytecode.INIT and (compiled := compiled_before(planned.inventory)) is not None:
        return compiled | {MODULE}
    if mode is Bytecode.ONLY:
        names: Iterable[str] = trace.modules if trace else in_use(planned.imports, planned.function.module)
        names = {*names, *planned.loaded.ever}
    elif planned.loaded.at_init:
        names = _loaded_in_runs(planned)
    else:
        names = trace.init_modules if trace else _loaded_at_init(planned)
    names = {*names, *loaded_at_init(planned.imports, also)}
    paths = {modules[name].path for name in names if name in modules}
    return _worth_it(paths | _tried(trace), planned)


def _loaded_in_runs(planned: Planned) -> frozenset[str]:
    """What runs loaded at INIT; for events only what INIT may load too, or all where the first event counts as well."""
    for_events = planned.loaded.ever
    if planned.settings.startup is Startup.EAGER:
        for_events &= _loaded_at_init(planned)
    return planned.loaded.at_init | for_events


def _worth_it(paths: set[str], planned: Planned) -> frozenset[str]:
    """Modules to compile, with the guard; none where that would save next to nothing, and nobody has asked for it."""
    size = sum(file.size for file in planned.plan.kept if file.path in paths)
    little = planned.settings.bytecode is Bytecode.AUTO and size < _LITTLE
    return frozenset() if little else frozenset({*paths, MODULE})


def _tried(trace: Trace | None) -> frozenset[str]:
    """Sources that were imported in vain: each process compiles them, until their import fails.

    They are among the files of a trace and not among its modules; what code opened as text is none of them.
    """
    if trace is None:
        return frozenset()
    return trace.files - frozenset(trace.modules.values()) - trace.read_sources


def _loaded_at_init(planned: Planned) -> frozenset[str]:
    return _init_loads(planned.function, planned.imports, planned.facts, planned.plan)


@of_same_objects(2)
def _init_loads(function: Function, imports: Imports, facts: Evidence, plan: Plan) -> frozenset[str]:
    """The modules that INIT loads by the import graph, with those of functions that it calls: `app = create_app()`."""
    module = function.module
    names = loaded_at_init(imports, [module])
    own = (name for name in names if not imports.modules[name].owner)
    if any(edge.how is How.DEFERRED for name in own for edge in imports.edges.get(name, ())):
        names = loaded_at_init(imports, [module, *judge_start(facts, plan).modules])
    return names


def compiled_before(inventory: Inventory) -> frozenset[str] | None:
    """Sources that have bytecode beside them, in a package where bytecode stands in the place of others; else None.

    Somebody chose there already, by sources that are gone now.
    """
    paths = {file.path for file in inventory.files}
    bytecode = [file.path for file in inventory.files if file.kind is FileKind.BYTECODE]
    if not any(path[:-1] not in paths and _is_in_place(path) for path in bytecode):
        return None
    beside = (re.sub(r"__pycache__/([^/]+)\.cpython-\d+\.pyc$", r"\1.py", path) for path in bytecode)
    return frozenset(path for path in beside if path in paths)


def _is_in_place(path: str) -> bool:
    """Whether bytecode lies where its source would, and is not the guard."""
    return "__pycache__/" not in path and not is_guard(path)
