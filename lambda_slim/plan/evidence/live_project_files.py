"""Which of the project's own files have a say? A template or a test in the code folder names what no function needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lambda_slim.imports.walk import reach
from lambda_slim.model.file import FIRST_PARTY, FileKind, Inventory
from lambda_slim.model.imports import Imports, Reach
from lambda_slim.model.knowledge import Check, Junk
from lambda_slim.plan.evidence.junk_candidates import find_live
from lambda_slim.plan.evidence.string_literals import find_mentions, mentions


@dataclass(frozen=True, slots=True)
class Heard:
    """What follows from the files that have a say.

    Attributes:
        imports: The graph without what files name that nothing reads.
        live: See `find_live`.
        mentioned: Words in the string literals of own code that may ship, and of paths in data that it reads.
    """

    imports: Imports
    reached: Reach
    live: frozenset[str]
    mentioned: frozenset[str]


def listen(
    inventory: Inventory,
    imports: Imports,
    junk: Mapping[str, Junk],
    roots: Iterable[str],
    *,
    environment: Iterable[str],
    used: Iterable[str],
    bold: bool,
) -> Heard:
    """Follows the imports; tests and scripts are heard only where something leads to them.

    Args:
        inventory: Every file that could ship.
        imports: Their import graph.
        junk: What looks like junk.
        roots: Modules to start from.
        environment: Values of the function's environment variables.
        used: Files that ship whoever reads them.
        bold: Whether only what is reached ships.
    """
    start, values, seen = tuple(roots), tuple(environment), frozenset(used)
    own = [file for file in inventory.files if file.owner == FIRST_PARTY and file.kind is FileKind.SOURCE]
    data = [f for f in inventory.files if f.owner == FIRST_PARTY and f.kind is FileKind.DATA and f.path not in junk]
    awake: frozenset[str] = frozenset(file.path for file in own if file.path not in junk)
    while True:
        mentioned = find_mentions((*(file for file in own if file.path in awake), *data), values)
        unread = find_unread(inventory, junk, mentioned) - seen
        graph = replace(imports, always=tuple(edge for edge in imports.always if edge.importer not in unread))
        reached = reach(graph, start)
        live = find_live(graph, junk, reached if bold else None)
        more = frozenset(file.path for file in own if file.path in live or file.path in reached.files)
        if more <= awake:
            return Heard(graph, reached, live, mentioned)
        awake |= more


def find_unread(inventory: Inventory, junk: Mapping[str, Junk], mentioned: frozenset[str]) -> frozenset[str]:
    """Own files that look like junk and that nothing reads, so that what they name is imported by nobody.

    A SAM template in the code folder names the handlers of all functions; a runbook may name any module. Of folders,
    only those without modules: what lies beside code that may ship is judged with it.
    """
    modules = [file.path for file in inventory.files if file.owner == FIRST_PARTY and file.kind is FileKind.SOURCE]
    coded = {path.partition("/")[0] for path in modules if "/" in path}
    return frozenset(
        file.path
        for file in inventory.files
        if file.owner == FIRST_PARTY
        and (kind := junk.get(file.path))
        and (kind.check is Check.ALWAYS or not mentions(mentioned, file.path))
        and not (kind.folders and file.path.partition("/")[0] in coded)
    )
