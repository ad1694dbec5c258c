"""Which files look like junk, and which modules would still be imported without them?"""

import functools
import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from lambda_slim.base.files import Signature, file_signature, read_regular
from lambda_slim.base.remember import of_same_objects
from lambda_slim.imports.walk import filtered, reach
from lambda_slim.knowledge.junk import load_junk
from lambda_slim.knowledge.secrets import Secret, load_secrets
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.imports import How, Imports
from lambda_slim.model.knowledge import Check, Junk, JunkScope

_LISTS_FILES = re.compile(rb"\bmetadata\.files\(|\)\.files\b|\bpackages_distributions\(")
# Whose files they are is told of every distribution. One that looks up a name it is given (click) is not after all.
_LISTS_ALL = re.compile(rb"^(?!.*>>>).*(?<!def )\bpackages_distributions\(\)(?!\.get\()", re.MULTILINE)
_RECORD = "RECORD"
_ANYBODY = "(anybody)"  # no name of a distribution
_KERNELS = frozenset({".c", ".h", ".cc", ".cpp", ".hpp"})  # what is compiled at run time; other endings say little
_QUOTED = re.compile(rb"""["']([^"'\s\\]{2,100})["']""")


@of_same_objects()
def find_junk(inventory: Inventory) -> dict[str, Junk]:
    """The files that look like junk, each with the first kind of junk that matches."""
    paths = {file.path for file in inventory.files}
    candidates = {}
    for file in inventory.files:
        kind = _junk(file.path, JunkScope.DISTRIBUTION if file.owner == FIRST_PARTY else JunkScope.PROJECT)
        if kind and (not kind.beside or _with_ending(file.path, kind.beside) in paths):
            candidates[file.path] = kind
    return candidates


def _with_ending(path: str, ending: str) -> str:
    return path[: len(path) - len(posixpath.splitext(path)[1])] + ending


@functools.lru_cache(maxsize=1 << 17)
def _junk(path: str, foreign: JunkScope) -> Junk | None:
    """The first kind of junk that matches a path; remembered, since functions share their requirements."""
    return next((kind for kind in load_junk() if kind.scope is not foreign and kind.matches(path)), None)


@of_same_objects()
def find_secrets(inventory: Inventory) -> dict[str, str]:
    """First-party files that look secret by name or content, with the reason; the reason never quotes a value.

    What an index gives to everybody is no secret: botocore's examples hold private keys.
    """
    reasons: dict[str, str] = {}
    for file in inventory.files:
        if file.owner == FIRST_PARTY:
            why = secret_in(file)
            if why:
                reasons[file.path] = why
    return reasons


def secret_in(file: File) -> str:
    """Why a first-party file looks secret, by name or content; "" where it does not."""
    return next((kind.why for kind in load_secrets() if _is_secret(file, kind)), "")


def _is_secret(file: File, kind: Secret) -> bool:
    """Whether a file has a secret's name and, where the kind asks for it, a secret's content."""
    if not kind.suspects(file.path):
        return False
    return not kind.content or (file.size <= kind.limit and kind.found_in(_bytes(file.source)))


def find_live(imports: Imports, junk: Mapping[str, Junk], roots: Iterable[str]) -> frozenset[str]:
    """Files of the modules that shipped code leads to, where everything ships but the candidates.

    Args:
        imports: The import graph.
        junk: The candidates; see `find_junk`.
        roots: What starts, a candidate or not: a handler may lie in `examples/`.
    """
    candidates = {module.name for module in imports.modules.values() if module.path in junk}
    shipped = [name for name in imports.modules if name not in candidates]
    return reach(_without_guesses(imports, candidates), [*shipped, *roots]).files


def find_named(inventory: Inventory, junk: Mapping[str, Junk], live: frozenset[str]) -> dict[str, frozenset[str]]:
    """Third-party files that may go only when unread, and that live modules of their distribution mention.

    A mention is a quoted string that ends in the file's name, or a `*.ext` or `.ext` that fits it. Anybody's code may
    ask for the installer's lists of files.
    """
    wanted: dict[str, set[str]] = {}
    for file in inventory.files:
        if file.owner != FIRST_PARTY and file.path in junk and junk[file.path].check is Check.UNREAD:
            wanted.setdefault(file.owner, set()).add(file.path.rpartition("/")[2])
    words = _words_of_live_sources(inventory, live, wanted.keys())
    for_all = words.pop(_ANYBODY)
    return {owner: frozenset(_mentioned(names, words[owner] | for_all)) for owner, names in wanted.items()}


def _words_of_live_sources(inventory: Inventory, live: Collection[str], owners: Collection[str]) -> dict[str, set[str]]:
    """What live sources mention, by their distribution; mentions that concern all distributions under `_ANYBODY`."""
    words: dict[str, set[str]] = {owner: set() for owner in (*owners, _ANYBODY)}
    asked = {FIRST_PARTY, *owners}
    for file in inventory.files:
        if file.kind is FileKind.SOURCE and file.path in live and file.owner in asked:
            if file.owner == FIRST_PARTY:
                words[_ANYBODY] |= {_RECORD} if lists_files(file) else set()
            else:
                own, others = _mentions_of(file)
                words[file.owner] |= own
                words[_ANYBODY] |= others
    return words


def lists_files(file: File) -> bool:
    """Whether a source mentions or asks for an installer's list of files."""
    return _RECORD in _mentions_of(file)[0]


def _mentions_of(file: File) -> tuple[frozenset[str], frozenset[str]]:
    return _named_in(file.source, file_signature(file.source), file.path.rpartition("/")[2])


@functools.lru_cache(maxsize=1 << 15)
def _named_in(path: Path, state: Signature, name: str) -> tuple[frozenset[str], frozenset[str]]:  # noqa: ARG001  (a key)
    """What a source mentions of its own distribution, and of all distributions, in strings and in calls.

    Read once for all functions that have it.
    """
    source = _bytes(path)
    words, others = _tails(source), frozenset[str]()
    if b"attach_stub" in source:
        words.add(f"{name}i")  # lazy_loader reads the stub beside the file
    if b"metadata" in source and _LISTS_FILES.search(source):
        words.add(_RECORD)  # importlib.metadata.files reads it
        others = frozenset({_RECORD} if _LISTS_ALL.search(source) else ())
    return frozenset(words), others


def _tails(source: bytes) -> set[str]:
    names = [text.rpartition(b"/")[2].decode("utf-8", "replace") for text in _QUOTED.findall(source)]
    endings = {name.rpartition("}")[2] for name in names if "}." in name}  # `f"{name}.c"` ends in `.c`
    return {*names, *(endings & _KERNELS)}


def _mentioned(names: set[str], words: set[str]) -> set[str]:
    """The names that are among some words, whole or as `.ext` or `*.ext`."""
    return {name for name in names if name in words or not words.isdisjoint(_patterns(name))}


def _patterns(name: str) -> tuple[str, ...]:
    _, dot, extension = name.rpartition(".")
    return (f".{extension}", f"*.{extension}") if dot else ()


def _bytes(path: Path) -> bytes:
    try:
        return read_regular(path)
    except OSError:
        return b""


def _without_guesses(imports: Imports, candidates: set[str]) -> Imports:
    """The graph without the edges to a candidate that exist only because an import could be anything."""
    return filtered(imports, lambda edge: not (edge.how is How.UNKNOWN and edge.target in candidates))
