"""The whole tool on one screen: which stage gives what to which. Read this first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.distinfo import merge_licences, mergeable, trim_metadata
from lambda_slim.facts import Facts
from lambda_slim.facts.gather import gather
from lambda_slim.imports import Imports, read_imports
from lambda_slim.inventory import Inventory, take_inventory
from lambda_slim.knowledge.recipes import hints, load_recipes
from lambda_slim.plan import Plan, decide
from lambda_slim.progress import Progress, silent
from lambda_slim.project import Function
from lambda_slim.resolve import Resolution, resolve
from lambda_slim.settings import Settings
from lambda_slim.shape import Member, Shaped, shape
from lambda_slim.trace import Trace


@dataclass(frozen=True, slots=True)
class Prepared:
    """One function with every file that could ship; nothing has been decided."""

    function: Function
    settings: Settings  # with the function's own table applied
    resolution: Resolution
    inventory: Inventory


@dataclass(frozen=True, slots=True)
class Planned:
    """One function with a decision for every file; nothing has been written."""

    function: Function
    settings: Settings
    resolution: Resolution
    inventory: Inventory
    imports: Imports
    facts: Facts
    plan: Plan


def settings_for(settings: Settings, name: str) -> Settings:
    """The settings with the function's own table applied; its patterns come after the project's."""
    own = next((table for table in settings.functions if table.name == name), None)
    if own is None:
        return settings
    return replace(
        settings,
        level=own.level or settings.level,
        keep=settings.keep + own.keep,
        exclude=settings.exclude + own.exclude,
        budgets={**settings.budgets, **own.budgets},
    )


def prepare(function: Function, settings: Settings, progress: Progress = silent) -> Prepared:
    """Resolves a function's dependencies and lists every file that could ship."""
    own = settings_for(settings, function.name)
    progress(f"{function.name}: resolving")
    resolution = resolve(function, own, progress)
    return Prepared(function, own, resolution, take_inventory(function, resolution, own))


def plan_prepared(
    prepared: Prepared,
    progress: Progress = silent,
    *,
    trace: Trace | None = None,
    restored: Mapping[str, str] | None = None,
) -> Planned:
    """Reads the imports and decides about every file."""
    function, settings = prepared.function, prepared.settings
    progress(f"{function.name}: reading imports")
    recipes = load_recipes(distribution.name for distribution in prepared.resolution.distributions)
    hidden = hints(recipes, (file.path for file in prepared.inventory.files))
    imports = read_imports(prepared.inventory, function.target, hints=hidden, progress=progress)
    facts = gather(
        function,
        settings,
        prepared.resolution,
        prepared.inventory,
        imports,
        recipes=recipes,
        ignore_lines=_ignore_lines(function.source, settings.root),
        trace=trace,
        restored=restored,
    )
    return Planned(function, settings, prepared.resolution, prepared.inventory, imports, facts, decide(facts))


def plan_function(
    function: Function, settings: Settings, progress: Progress = silent, *, trace: Trace | None = None
) -> Planned:
    """`prepare` and `plan_prepared` in one."""
    return plan_prepared(prepare(function, settings, progress), progress, trace=trace)


def replan(planned: Planned, restored: Mapping[str, str]) -> Planned:
    """The same plan with some files brought back."""
    facts = replace(planned.facts, restored={**planned.facts.restored, **restored})
    return replace(planned, facts=facts, plan=decide(facts))


def shape_function(planned: Planned) -> Shaped:
    """The members of the zip: kept files compiled, stripped, or as they are; metadata trimmed, licences merged."""
    kept = planned.plan.kept
    trace = planned.facts.trace
    shaped = shape(
        [file for file in kept if not mergeable(file)],
        planned.function.target,
        planned.settings,
        init_modules=frozenset(trace.init_modules if trace else ()),
        read_sources=planned.facts.read_sources,
    )
    notices = merge_licences(file for file in kept if mergeable(file))
    members = (*map(_trimmed, shaped.members), *([notices] if notices else []))
    return replace(shaped, members=tuple(sorted(members, key=lambda member: member.name)))


def _trimmed(member: Member) -> Member:
    if member.name.endswith(".dist-info/METADATA"):
        return replace(member, data=trim_metadata(member.data))
    return member


def _ignore_lines(*folders: Path) -> tuple[str, ...]:
    """The lines of the first `.lambdaslimignore` there is."""
    for folder in folders:
        file = folder / ".lambdaslimignore"
        if file.is_file():
            return tuple(file.read_text("utf-8").splitlines())
    return ()
