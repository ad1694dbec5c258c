"""Which first-party files count as evidence? A template or a test in the code folder is none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from lambda_slim.imports.walk import reach
from lambda_slim.model.evidence import PlanInputs
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.imports import Imports, Reach
from lambda_slim.model.knowledge import Check, Junk
from lambda_slim.model.settings import Level
from lambda_slim.plan.evidence.junk_candidates import find_live
from lambda_slim.plan.evidence.roots import kept_by_setting
from lambda_slim.plan.evidence.source_syntax import first_party_sources
from lambda_slim.plan.evidence.string_literals import find_mentions, mentions


@dataclass(frozen=True, slots=True)
class LiveProject:
    """What follows from the live first-party files.

    Attributes:
        imports: The graph without what files name that nothing reads.
        reach: From the roots, in that graph.
        live: See `find_live`.
        literals: Words in the string literals of first-party code that may ship, and of paths in data that it reads.
    """

    imports: Imports
    reach: Reach
    live: frozenset[str]
    literals: frozenset[str]


def find_live_project(inputs: PlanInputs, junk: Mapping[str, Junk], roots: Sequence[str]) -> LiveProject:
    """Follows the imports; a test or script counts only if something leads to it.

    Each round may find more first-party sources live. Their texts count in the next round, until there are no more.

    Args:
        inputs: See `PlanInputs`.
        junk: What looks like junk.
        roots: Modules to start from.
    """
    sources = first_party_sources(inputs.inventory.files)
    counting = frozenset(file.path for file in sources if file.path not in junk)
    while True:
        project = _follow(inputs, junk, roots, [file for file in sources if file.path in counting])
        reached = project.live | project.reach.files
        more = frozenset(file.path for file in sources if file.path in reached)
        if more <= counting:
            return project
        counting |= more


def _follow(inputs: PlanInputs, junk: Mapping[str, Junk], roots: Sequence[str], sources: Sequence[File]) -> LiveProject:
    """What follows when only some of the first-party sources count."""
    inventory, imports = inputs.inventory, inputs.imports
    own = [file for file in inventory.files if file.owner == FIRST_PARTY]
    data = [file for file in own if file.kind is FileKind.DATA and file.path not in junk]
    literals = find_mentions((*sources, *data), inputs.function.environment.values())
    unread = find_unread(inventory, junk, literals) - _used_anyway(inputs)
    graph = replace(imports, always=tuple(edge for edge in imports.always if edge.importer not in unread))
    reached = reach(graph, roots)
    live = find_live(graph, junk, roots) if inputs.settings.level is Level.SAFE else reached.files
    return LiveProject(graph, reached, live, literals)


def _used_anyway(inputs: PlanInputs) -> frozenset[str]:
    """Files that ship whether anything reads them or not: a traced run used them, or `keep` names them."""
    paths = (file.path for file in inputs.inventory.files)
    return frozenset(kept_by_setting(inputs.settings, paths)) | (inputs.trace.files if inputs.trace else frozenset())


def find_unread(inventory: Inventory, junk: Mapping[str, Junk], literals: frozenset[str]) -> frozenset[str]:
    """First-party files that look like junk and that nothing reads, so the names in them are no evidence.

    A SAM template in the code folder names the handlers of all functions; a runbook may name any module. Of folders,
    only those without modules: what lies beside code that may ship is judged with it.
    """
    places = (file.path.partition("/") for file in first_party_sources(inventory.files))
    code_folders = {folder for folder, below, _ in places if below}
    own = [file.path for file in inventory.files if file.owner == FIRST_PARTY and file.path in junk]
    return frozenset(path for path in own if _is_unread(path, junk[path], literals, code_folders))


def _is_unread(path: str, kind: Junk, literals: Collection[str], code_folders: Collection[str]) -> bool:
    """Whether nothing names a junk candidate, which does not lie in a folder of code."""
    if kind.folders and path.partition("/")[0] in code_folders:
        return False
    return kind.check is Check.ALWAYS or not mentions(literals, path)
