"""Collects the evidence: one pass over what the earlier stages found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lambda_slim.imports.services import services
from lambda_slim.imports.walk import filtered, named_modules, reach
from lambda_slim.knowledge.aws import load_aws
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.imports import Edge, How, Imports, Reach
from lambda_slim.model.knowledge import Recipe
from lambda_slim.model.settings import Bytecode, Level, Margin, Settings
from lambda_slim.model.trace import Trace
from lambda_slim.plan.evidence.dynamic_paths import find_told
from lambda_slim.plan.evidence.in_layers import find_in_layers
from lambda_slim.plan.evidence.junk_candidates import find_junk, find_named, find_secrets
from lambda_slim.plan.evidence.linked_libraries import find_idle_gpu, find_libraries, heavy_modules
from lambda_slim.plan.evidence.live_project_files import listen
from lambda_slim.plan.evidence.path_folders import below, named_folders
from lambda_slim.plan.evidence.referenced_data import find_asked, find_beside
from lambda_slim.plan.evidence.sdk import find_sdk
from lambda_slim.plan.evidence.source_readers import asked_sources, opened_sources, plain_sources
from lambda_slim.plan.evidence.started import find_started
from lambda_slim.plan.evidence.uncovered import find_unrun, with_needs
from lambda_slim.plan.evidence.wrong_platform import find_foreign

# The margin follows every import whose name is known. Among the tables and plugins of libraries the trace
# chooses; own files ship whether they were seen or not.
_CHOSEN = frozenset({How.CHOICE, How.TEXT})
_WRITTEN = frozenset({How.TOP, How.DEFERRED, How.OPTIONAL, How.LAZY})


def gather(  # noqa: PLR0913  (this is where all evidence comes together)
    function: Function,
    settings: Settings,
    resolution: Resolution,
    inventory: Inventory,
    imports: Imports,
    *,
    recipes: Mapping[str, Recipe],
    ignore_lines: tuple[str, ...] = (),
    trace: Trace | None = None,
    restored: Mapping[str, str] | None = None,
) -> Evidence:
    """The facts for one function.

    Args:
        function: As found.
        settings: With its own table applied.
        resolution: Its dependency tree.
        inventory: Every file that could ship.
        imports: Their import graph.
        recipes: What is known of the distributions that are installed.
        ignore_lines: The lines of `.lambdaslimignore`.
        trace: What runs of the handler touched.
        restored: Files that failed proofs have brought back.
    """
    module_of = {module.path: module.name for module in imports.modules.values()}
    back = [module_of[path] for path in (*(restored or ()), *_named_by(settings.keep, module_of)) if path in module_of]
    named = named_modules(imports, function.environment.values())
    junk = find_junk(inventory)
    started = [function.module, *find_started(function, inventory, imports)]
    first = reach(imports, [*started, *named]).files
    # What only tests and scripts put paths together to is no evidence: their own folder would come in, and all it asks.
    named_by = (file for file in inventory.files if file.path not in junk or file.path in first)
    by_path = below(named_folders(named_by), inventory.files)
    loaded = [module_of[path] for path in sorted(by_path) if path in module_of]
    from_layers = [module_of[file.path] for file in inventory.beside if not file.owner and file.path in module_of]
    roots = [*started, *named, *loaded, *from_layers, *(trace.modules if trace else ()), *back]
    bold = settings.level is not Level.SAFE
    heard = listen(
        inventory,
        imports,
        junk,
        roots,
        environment=function.environment.values(),
        used=[*(trace.files if trace else ()), *_named_by(settings.keep, (file.path for file in inventory.files))],
        bold=bold,
    )
    imports, reached = heard.imports, heard.reached
    margin, whole, unrun = frozenset[str](), frozenset[str](), frozenset[str]()
    if trace and settings.margin is not Margin.NONE:
        unrun = with_needs(find_unrun(inventory.files, imports, trace), imports, reached)
        margin, whole = find_margin(inventory, imports, trace, [*loaded, *back], settings, unrun)
    by_trace = settings.level is Level.TRACE and trace is not None
    shipped = {*trace.modules.values(), *trace.files, *margin} if by_trace and trace else reached.files
    return Evidence(
        function=function,
        settings=settings,
        resolution=resolution,
        inventory=inventory,
        imports=imports,
        reach=reached,
        ignore_lines=ignore_lines,
        junk=junk,
        secrets=find_secrets(inventory),
        live=heard.live,
        named=find_named(inventory, junk, heard.live),
        recipes=recipes,
        read_sources=_read_sources(imports, recipes, trace)
        | by_path
        | frozenset(restored or ())
        | frozenset(_named_by(settings.keep, module_of))
        | plain_sources(inventory)
        | (
            opened_sources(inventory, heard.live | reached.files)
            | asked_sources(inventory, imports, heard.live | reached.files)
            if settings.bytecode is Bytecode.ONLY
            else frozenset()
        ),
        mentioned=heard.mentioned,
        libraries=find_libraries(inventory, imports, shipped) if bold else {},
        foreign=find_foreign(inventory, function.target.machine),
        idle_gpu=find_idle_gpu(inventory),
        module_of=module_of,
        asked=find_asked(inventory, junk, heard.live),
        beside=find_beside(inventory, shipped) if bold else frozenset(),
        told=find_told(inventory.files, reached.files),
        margin=margin,
        whole=whole,
        unrun=unrun,
        service_names=services(imports, reached).names,
        services=_services(imports, reached),
        sdk=find_sdk(resolution, imports, inventory),
        trace=trace,
        in_layers=find_in_layers(inventory),
        restored=restored or {},
    )


def _named_by(patterns: Sequence[str], paths: Iterable[str]) -> Iterator[str]:
    """Modules' files that `keep` names: a kept module needs what it imports."""
    if not patterns:
        return iter(())
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines(patterns).match_files(paths)


def _read_sources(imports: Imports, recipes: Mapping[str, Recipe], trace: Trace | None) -> frozenset[str]:
    """Sources that recipes or a trace say are opened as text."""
    known = {name for recipe in recipes.values() for name in recipe.reads_source}
    seen = trace.read_sources if trace else frozenset()
    return frozenset(module.path for name, module in imports.modules.items() if name in known) | seen


def find_margin(
    inventory: Inventory,
    imports: Imports,
    trace: Trace,
    back: Iterable[str],
    settings: Settings,
    unrun: frozenset[str] = frozenset(),
) -> tuple[frozenset[str], frozenset[str]]:
    """What ships although no run used it; see `settings.Margin`.

    Of distributions that functions of yours use which no run entered (`unrun`), as much ships as at level reach.

    Returns:
        Files; and distributions that ship whole, as no run can say what own code needs of them.
    """
    if settings.margin is Margin.NONE:
        return frozenset(), frozenset()

    def follows(edge: Edge) -> bool:
        importer = imports.modules.get(edge.importer)
        owner = importer.owner if importer else None
        return owner in unrun or (edge.how is not How.UNKNOWN and (owner == FIRST_PARTY or edge.how not in _CHOSEN))

    found = reach(filtered(imports, follows), [*trace.modules, *back])
    aside = _aside(imports, found, trace)
    whole = {imports.modules[name].owner for name in aside.modules} - _owners(imports, trace.modules)
    if settings.margin is Margin.STATIC:
        return found.files, frozenset(whole)
    free = {file.path for file in inventory.files if file.owner in unrun}
    heavy = heavy_modules(inventory, found.files, trace.files) - aside.files - free
    return found.files - heavy, frozenset(whole)


def _aside(imports: Imports, found: Reach, trace: Trace) -> Reach:
    """What imports in own code load on paths that no run took.

    What a module that was seen loads when it is imported was seen too; what its functions could load besides, a run
    has not asked for.
    """
    modules = imports.modules
    own = (edge for name in found.modules if modules[name].owner == FIRST_PARTY for edge in imports.edges.get(name, ()))
    asked = {edge.target for edge in own if edge.how in _WRITTEN and edge.target in modules} - trace.modules.keys()
    known = filtered(
        imports, lambda edge: edge.how not in {How.UNKNOWN, *_CHOSEN} and edge.importer not in trace.modules
    )
    return reach(replace(known, always=()), sorted(asked))


def _owners(imports: Imports, names: Iterable[str]) -> set[str]:
    return {FIRST_PARTY, *(imports.modules[name].owner for name in names if name in imports.modules)}


def _services(imports: Imports, reached: Reach) -> frozenset[str] | None:
    """The AWS services that reached code names; None where one is only known at run time.

    A project that takes the SDK in hand and names no service itself hands on what it made, or is told the name: as
    good as a name that is only known at run time.
    """
    found = services(imports, reached)
    return None if found.dynamic or _names_elsewhere(imports, reached) else found.names


def _names_elsewhere(imports: Imports, reached: Reach) -> bool:
    own = [name for name in reached.modules if imports.modules[name].owner == FIRST_PARTY]
    if any((clients := imports.services.get(name)) and clients.names for name in own):
        return False
    return any(edge.target in load_aws().entrances for name in own for edge in imports.edges.get(name, ()))
