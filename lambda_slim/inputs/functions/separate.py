"""Several handlers in a folder that nothing else speaks of: is each a function of its own?"""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from lambda_slim.base.files import read_regular
from lambda_slim.formats.python_source import parse_python
from lambda_slim.inputs.functions.code import LIKELY, USUAL, HandlerCandidate, handler_of
from lambda_slim.inputs.functions.code_roots import resolved, root_of

_EVENT_FIRST = re.compile(r"takes \((?:_?event|evt|events|_)\b|is ")
_SAYS_SO = re.compile(r"handler|lambda", re.IGNORECASE)
_MOST = 60


@dataclass(frozen=True, slots=True)
class HandlerPlace:
    """A handler that was chosen.

    Attributes:
        handler: As Lambda reads it, from `root`.
        root: The folder of its code.
        name: What the function is called.
        others: Handlers that lie beside it.
    """

    handler: str
    root: Path
    name: str
    others: tuple[str, ...] = ()


def separate_functions(seen: Sequence[HandlerCandidate], place: Path) -> list[HandlerPlace]:
    """Each handler as a function of its own; nothing where that is not clear.

    It is clear where each takes an event first, or is an object that Lambda calls, and is called as handlers are,
    unless several of one folder lie in modules with usual names, as two versions of one function do. A handler whose
    module another one's module imports is what that one calls.
    """
    imported = set(chain.from_iterable(map(_imported, {row.file for row in seen})))
    first = [row for row in seen if row.file.stem not in imported]
    clear = 0 < len(first) <= _MOST and all(map(_is_clear, first)) and not _are_versions(first)
    return _named(_of_one_root(first, [_placed(row, place) for row in first])) if clear else []


def _of_one_root(rows: Sequence[HandlerCandidate], placed: list[HandlerPlace]) -> list[HandlerPlace]:
    """Handlers of one folder count from one root: that of the one whose imports need the highest."""
    highest: dict[Path, Path] = {}
    for row, chosen in zip(rows, placed, strict=True):
        known = highest.setdefault(row.file.parent, chosen.root)
        if chosen.root in known.parents:
            highest[row.file.parent] = chosen.root
    return [_moved(row, chosen, highest[row.file.parent]) for row, chosen in zip(rows, placed, strict=True)]


def _moved(candidate: HandlerCandidate, chosen: HandlerPlace, root: Path) -> HandlerPlace:
    """A handler that counts from a root above its own, unless its imports are only found from its own."""
    if len(resolved(candidate.file, root)) < len(resolved(candidate.file, chosen.root)):
        return chosen
    name = candidate.handler.rpartition(".")[2]
    return replace(chosen, root=root, handler=handler_of(candidate.file.relative_to(root), name))


def _is_clear(candidate: HandlerCandidate) -> bool:
    name = candidate.handler.rpartition(".")[2]
    return bool(_EVENT_FIRST.match(candidate.why)) and (candidate.sure > LIKELY or bool(_SAYS_SO.search(name)))


def _are_versions(rows: Iterable[HandlerCandidate]) -> bool:
    usual = {row.file for row in rows if row.file.name in USUAL}
    return len({file.parent for file in usual}) < len(usual)


def _imported(file: Path) -> set[str]:
    """Last parts of the names that a module imports."""
    try:
        tree = parse_python(read_regular(file))
    except (OSError, SyntaxError, ValueError):
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names.update(name.rpartition(".")[2] for name in (*module, *(alias.name for alias in node.names)))
    return names


def _placed(candidate: HandlerCandidate, place: Path) -> HandlerPlace:
    """A handler with its root: its own folder, unless its imports are found from one above."""
    folder = candidate.file.parent
    alone = not (folder / "__init__.py").is_file() and len(resolved(candidate.file, folder)) >= len(
        resolved(candidate.file, root_of(candidate.file, place))
    )
    root = folder if alone else root_of(candidate.file, place)
    name = candidate.handler.rpartition(".")[2]
    return HandlerPlace(handler_of(candidate.file.relative_to(root), name), root, "-".join(_parts(candidate, place)))


def _parts(candidate: HandlerCandidate, place: Path) -> Iterable[str]:
    """The folders of a handler's module; of one at the root the module itself."""
    parts = candidate.file.relative_to(place).with_suffix("").parts
    return [re.sub(r"[^\w.-]+", "-", part) for part in (parts[:-1] or parts)]


def _named(rows: list[HandlerPlace]) -> list[HandlerPlace]:
    """Functions with names of their own: of several in one folder, each is called after its module, and its handler."""
    modules = {(row.name, _module(row)) for row in rows}
    for ending, several in ((_module, Counter(name for name, _ in modules)), (_function, None)):
        counts = several or Counter(row.name for row in rows)
        rows = [replace(row, name=f"{row.name}-{ending(row)}") if counts[row.name] > 1 else row for row in rows]
    return rows if len({row.name for row in rows}) == len(rows) else []


def _module(row: HandlerPlace) -> str:
    return re.sub(r"[^\w.-]+", "-", row.handler.rpartition(".")[0].rpartition("/")[2].rpartition(".")[2])


def _function(row: HandlerPlace) -> str:
    return row.handler.rpartition(".")[2]
