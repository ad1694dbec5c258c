"""From a function to a decision for every file; functions of one folder share one analysis."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lambda_slim.base.errors import ConfigError, SlimError
from lambda_slim.base.files import read_regular_text
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.units import plural
from lambda_slim.inputs.inventory import take_inventory
from lambda_slim.inputs.layers import lay_opt, read_layers
from lambda_slim.inputs.project.entries import inner_handler
from lambda_slim.inputs.project.handlers import missing_handler
from lambda_slim.inputs.resolve import resolve, with_carried
from lambda_slim.model.decision import Plan
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.evidence import Evidence, PlanInputs
from lambda_slim.model.file import Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.imports import Imports
from lambda_slim.model.knowledge import Recipe
from lambda_slim.model.layer import LayerContents
from lambda_slim.model.run import LoadedModules
from lambda_slim.model.settings import Level, Sdk, Settings
from lambda_slim.model.trace import Trace
from lambda_slim.run.interpreter import cannot_run, find_interpreter
from lambda_slim.tasks.proof.grounds import Grounds


class Shared:
    """What the functions of one run have in common.

    Those from one folder, with the same requirements and target, have one dependency tree, one list of files and one
    import graph: only where the handler leads and what follows from it is their own.
    """

    def __init__(self, functions: Iterable[Function] = ()) -> None:
        """Takes the functions that will be built, as far as they are known."""
        self.grounds = Grounds()
        self._sharing = Counter(map(_common, functions))
        self._files: dict[object, tuple[Resolution, Inventory, LayerContents]] = {}
        self._graphs: dict[object, Imports] = {}

    def files(
        self, function: Function, settings: Settings, progress: Progress
    ) -> tuple[Resolution, Inventory, LayerContents]:
        """The dependency tree of a function, every file that could ship, and the layers at /opt."""
        key = _common(function)
        if key not in self._files:
            resolution = resolve(function, settings, progress)
            layers = read_layers(function, settings, progress)
            inventory = take_inventory(function, resolution, settings, layers.importable)
            self._files[key] = with_carried(resolution, inventory), inventory, layers
        return self._files[key]

    def is_shared(self, function: Function) -> bool:
        """Whether a function is one of several that have these files in common."""
        return self._sharing[_common(function)] > 1

    def close(self) -> None:
        """Ends the processes that functions lived from; all else is gone with this object."""
        self.grounds.lives.close()

    def graph(self, prepared: "Prepared", recipes: Mapping[str, Recipe], progress: Progress) -> Imports:
        """The import graph of all that could ship."""
        key = _common(prepared.function)
        if key not in self._graphs:
            from lambda_slim.imports.read import read_imports
            from lambda_slim.knowledge.recipes import hints, named_modules, sought_modules

            files = prepared.inventory.files
            hidden = hints(recipes, (file.installed_path for file in files))
            target = prepared.function.target
            self._graphs[key] = read_imports(
                prepared.inventory,
                target,
                hints=hidden,
                named=named_modules(recipes),
                sought=sought_modules(recipes),
                progress=progress,
            )
        return self._graphs[key]


def _common(function: Function) -> object:
    path = function.environment.get("PYTHONPATH")
    return function.parts, function.artifact, function.requirements, function.target, function.layers, path


@dataclass(frozen=True, slots=True)
class Prepared:
    """One function with every file that could ship; nothing has been decided."""

    function: Function
    settings: Settings  # with the function's own table applied
    resolution: Resolution
    inventory: Inventory
    shared: Shared = field(default_factory=Shared, compare=False)
    layers: LayerContents = field(default_factory=LayerContents)


@dataclass(frozen=True, slots=True)
class Planned:
    """One function with a decision for every file; nothing has been written.

    Attributes:
        loaded: What a run of the full package loaded, where there was one.
    """

    function: Function
    settings: Settings
    resolution: Resolution
    inventory: Inventory
    imports: Imports
    facts: Evidence
    plan: Plan
    loaded: LoadedModules = field(default_factory=LoadedModules)


def settings_for(settings: Settings, name: str) -> Settings:
    """The settings with the function's own table applied; its patterns come after the project's."""
    own = next((table for table in settings.functions if table.name == name), None)
    if own is None:
        return settings
    return replace(
        settings,
        level=own.level or settings.level,
        startup=own.startup or settings.startup,
        lazy=own.lazy or settings.lazy,
        eager=settings.eager + own.eager,
        keep=settings.keep + own.keep,
        exclude=settings.exclude + own.exclude,
        budgets={**settings.budgets, **own.budgets},
    )


def with_level(settings: Settings, function: Function) -> Settings:
    """The settings with a level in the place of `auto`: reach where the package can be proved here, else safe."""
    if settings.level is not Level.AUTO:
        return settings
    if not settings.proof:
        return replace(settings, level=Level.SAFE, level_why="the proof is switched off")
    why = cannot_run(function, find_interpreter(function.target, settings.interpreter))
    if why:
        return replace(settings, level=Level.SAFE, level_why=why.removesuffix(", so nothing was run"))
    return replace(settings, level=Level.REACH, level_why="provable here")


def prepare(
    function: Function, settings: Settings, progress: Progress = silent, shared: Shared | None = None
) -> Prepared:
    """Resolves a function's dependencies and lists every file that could ship."""
    own, common = with_level(settings_for(settings, function.name), function), shared or Shared()
    progress(f"{function.name}: resolving")
    try:
        resolution, inventory, layers = common.files(function, own, progress)
    except SlimError as error:
        if function.name not in error.message:
            error.message = f"{function.name}: {error.message}"
        raise
    function = _with_handler(replace(function, opt=lay_opt(layers)), inventory)
    return Prepared(function, own, resolution, inventory, common, layers)


def _with_handler(function: Function, inventory: Inventory) -> Function:
    """The function with a handler that is there: where a vendor's handler is only in a layer, the one behind it.

    Raises:
        HandlerError: no file that could ship has the handler's module, nor has a layer that can be read.
    """
    if function.script or not function.handler or _has_module(function.module, inventory, function.python_path):
        return function
    inner = replace(function, entry=inner_handler(function))
    if inner.entry and _has_module(inner.module, inventory, function.python_path):
        return inner
    raise missing_handler(function)


def _has_module(name: str, inventory: Inventory, places: tuple[str, ...]) -> bool:
    base = name.replace(".", "/")
    bases = (base, *(f"{place}/{base}" for place in places))
    beginnings = tuple(f"{place}{end}" for place in bases for end in (".", "/__init__."))
    return any(file.path.startswith(beginnings) for file in inventory.importable)


def plan_prepared(
    prepared: Prepared,
    progress: Progress = silent,
    *,
    trace: Trace | None = None,
    restored: Mapping[str, str] | None = None,
    recipes: Mapping[str, Recipe] | None = None,
) -> Planned:
    """Reads the imports and decides about every file, by the recipes given or those of what is installed."""
    function, settings = prepared.function, prepared.settings
    progress(f"{function.name}: reading imports")
    if recipes is None:
        from lambda_slim.knowledge.recipes import load_recipes

        recipes = load_recipes(distribution.name for distribution in prepared.resolution.distributions)
    imports = prepared.shared.graph(prepared, recipes, progress)
    inputs = PlanInputs(
        function,
        settings,
        prepared.resolution,
        prepared.inventory,
        imports,
        recipes=recipes,
        ignore_lines=_ignore_lines(function.source, settings.root),
        trace=trace,
        restored=restored or {},
    )
    progress(f"{function.name}: deciding about {plural(len(prepared.inventory.files), 'file')}")
    facts, plan = _decided(inputs)
    return Planned(function, settings, prepared.resolution, prepared.inventory, imports, facts, plan)


def plan_function(
    function: Function,
    settings: Settings,
    progress: Progress = silent,
    *,
    trace: Trace | None = None,
    shared: Shared | None = None,
) -> Planned:
    """`prepare` and `plan_prepared` in one."""
    return plan_prepared(prepare(function, settings, progress, shared), progress, trace=trace)


def replan(planned: Planned, restored: Mapping[str, str], settings: Settings | None = None) -> Planned:
    """The same plan with some files brought back and with what they import, or by other settings."""
    settings = settings or planned.settings
    facts, plan = _decided(replace(planned.facts, settings=settings, imports=planned.imports, restored=restored))
    return replace(planned, settings=settings, facts=facts, plan=plan)


def with_sdk(planned: Planned, sdk: Sdk) -> Planned:
    """The same plan with another AWS SDK, which is for the rules to say: no evidence depends on it."""
    from lambda_slim.plan.decide import decide

    settings = replace(planned.settings, sdk=sdk)
    facts = replace(planned.facts, settings=settings)
    return replace(planned, settings=settings, facts=facts, plan=decide(facts))


def _decided(inputs: PlanInputs) -> tuple[Evidence, Plan]:
    from lambda_slim.plan.decide import decide  # deciding is a third of the tool, which an earlier build does without
    from lambda_slim.plan.evidence.gather import gather

    facts = gather(inputs)
    plan, settings = decide(facts), inputs.settings
    if settings.level_why and settings.guard:  # the level is ours to choose: nothing is left out that is not worth it
        from lambda_slim.bundle.guard import with_little

        plan = with_little(plan, facts.module_of)
    return facts, plan


def _ignore_lines(*folders: Path) -> tuple[str, ...]:
    """The lines of the first `.lambdaslimignore` there is."""
    for folder in folders:
        file = folder / ".lambdaslimignore"
        if file.is_file():
            return _read_lines(file)
    return ()


def _read_lines(file: Path) -> tuple[str, ...]:
    try:
        return tuple(read_regular_text(file).splitlines())
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"cannot read `{file.name}`", cause=str(error), hint="it must be text in gitignore syntax"
        ) from error
