"""What ships at level trace although no run used it; see `settings.Margin`."""

from collections.abc import Iterable
from dataclasses import replace

from lambda_slim.imports.walk import filtered, reach
from lambda_slim.model.evidence import TraceEvidence
from lambda_slim.model.file import FIRST_PARTY, Inventory
from lambda_slim.model.imports import Edge, How, Imports, Reach
from lambda_slim.model.settings import Margin, Settings
from lambda_slim.model.trace import Trace
from lambda_slim.plan.evidence.linked_libraries import heavy_modules
from lambda_slim.plan.evidence.live_project_files import LiveProject
from lambda_slim.plan.evidence.uncovered import find_uncovered, with_needs

# The margin follows every import whose name is known. Among the tables and plugins of libraries the trace chooses;
# first-party files ship whether they were seen or not.
_CHOSEN = frozenset({How.CHOICE, How.TEXT})
_GUESSED = _CHOSEN | {How.UNKNOWN}
_WRITTEN = frozenset({How.TOP, How.DEFERRED, How.OPTIONAL, How.LAZY})


def gather_unseen(
    inventory: Inventory, settings: Settings, trace: Trace | None, project: LiveProject, added: Iterable[str]
) -> TraceEvidence:
    """What must ship although no run used it; nothing where there is no trace.

    Args:
        inventory: Every file that could ship.
        settings: `margin`.
        trace: What runs of the handler touched.
        project: The import graph, and what it reaches.
        added: Modules that ship whether a run used them or not.
    """
    if trace is None or settings.margin is Margin.NONE:
        return TraceEvidence()
    imports = project.imports
    uncovered = with_needs(find_uncovered(inventory.files, imports, trace), imports, project.reach)
    margin, unvisited = find_margin(inventory, imports, trace, added, settings, uncovered)
    return TraceEvidence(margin, unvisited, uncovered)


def find_margin(
    inventory: Inventory,
    imports: Imports,
    trace: Trace,
    added: Iterable[str],
    settings: Settings,
    uncovered: frozenset[str] = frozenset(),
) -> tuple[frozenset[str], frozenset[str]]:
    """The files of the margin, and distributions that ship whole because no run tells what is needed of them.

    Of distributions that first-party functions use which no run entered (`uncovered`), as much ships as at level reach.
    """
    if settings.margin is Margin.NONE:
        return frozenset(), frozenset()

    def follows(edge: Edge) -> bool:
        importer = imports.modules.get(edge.importer)
        owner = importer.owner if importer else None
        if owner in uncovered:
            return True
        return edge.how is not How.UNKNOWN and (owner == FIRST_PARTY or edge.how not in _CHOSEN)

    reached = reach(filtered(imports, follows), [*trace.modules, *added])
    aside = _unvisited(imports, reached, trace)
    seen_owners = {imports.modules[name].owner for name in trace.modules if name in imports.modules}
    owners = {imports.modules[name].owner for name in aside.modules} - seen_owners - {FIRST_PARTY}
    if settings.margin is Margin.STATIC:
        return reached.files, frozenset(owners)
    free = {file.path for file in inventory.files if file.owner in uncovered}
    heavy = heavy_modules(inventory, reached.files, trace.files) - aside.files - free
    return reached.files - heavy, frozenset(owners)


def _unvisited(imports: Imports, reached: Reach, trace: Trace) -> Reach:
    """What imports in first-party code load on paths that no run took.

    What a module that was seen loads when it is imported was seen too; what its functions could load besides, a run
    has not asked for.
    """
    modules = imports.modules
    asked: set[str] = set()
    for name in reached.modules:
        if modules[name].owner == FIRST_PARTY:
            asked.update(edge.target for edge in imports.edges.get(name, ()) if edge.how in _WRITTEN)
    unseen = (asked & modules.keys()) - trace.modules.keys()
    known = filtered(imports, lambda edge: edge.how not in _GUESSED and edge.importer not in trace.modules)
    return reach(replace(known, always=()), sorted(unseen))
