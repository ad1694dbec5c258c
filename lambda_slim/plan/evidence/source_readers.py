"""Which sources are read, or looked for by their ending, rather than just imported?"""

import functools
import posixpath
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.files import Signature, file_signature, read_regular
from lambda_slim.base.package_paths import folders, nearest
from lambda_slim.base.remember import of_same_objects
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.imports import How, Imports, Module

_LISTS = re.compile(rb"\b(?:listdir|scandir|iterdir|r?glob|walk)\(")
_LOADS = re.compile(rb"\b(?:__import__|import_module|spec_from_file_location|load_module|exec)\(")
_LISTED = re.compile(rb"\b__all__\s*\+?=\s*[\[(]?[^\n]*\bfor\b")  # … of which `from . import *` makes imports
_INSPECTS = re.compile(rb"\b(?:getsource|getsourcelines|findsource)\(")
_ITSELF = re.compile(
    rb"__file__\)*\s*(?:\[|\.(?:replace|rstrip|rsplit|endswith|removesuffix|read_text|read_bytes|open)\()"
    rb"|\b(?:open|getlines?|parse|run_path)\(\s*__file__"
    rb"|\bformat_(?:exc|tb|stack|exception)\([^)\n]*\)[^\n]*\.split(?:lines)?\("  # counts on the lines that they quote
)
_COLUMNS = re.compile(
    rb"\b(?:co_positions|end_colno)\b"
    rb"|(?:[=(\[,]|\b(?:in|return|yield))\s*[\w.]+\.co_linetable\b(?!\s*,)|\.co_linetable(?:\[|\.\w)"
)
# What means columns only beside something else: `colno` is a field of JSONDecodeError too, a plain word is anything.
_COLUMNS_BESIDE = (
    (re.compile(rb"\bcolno\b"), re.compile(rb"\btraceback\b")),
    (re.compile(rb"\.positions\b"), re.compile(rb"\b(?:inspect|dis)\b")),
)
_TABLE_ARGUMENT = re.compile(
    rb"\.co_linetable\s*,"
)  # handed on: into a copy where there is a CodeType (cloudpickle, dill)
_PLACE = re.compile(rb"(?<![\w.\"'])__(?:file|path)__\b")
_WRITTEN = frozenset({How.TOP, How.DEFERRED, How.OPTIONAL, How.LAZY})
_NAMED = re.compile(rb"""["']((?:[\w.-]+/)*\w+\.py)["']""")
_ENDING = re.compile(rb"""\.py[)?$]*["']""")


@of_same_objects()
def plain_sources(inventory: Inventory) -> frozenset[str]:
    """Sources in a folder without `__init__` that lies in a package with one: templates such as alembic's `env.py`."""
    sources = [file for file in inventory.files if file.kind is FileKind.SOURCE]
    packages = {file.path.removesuffix("/__init__.py") for file in sources if file.path.endswith("/__init__.py")}
    return frozenset(
        file.path for file in sources if file.owner != FIRST_PARTY and _is_in_plain_folder(file.path, packages)
    )


def _is_in_plain_folder(path: str, packages: Collection[str]) -> bool:
    """Whether a file lies in no package itself, but below one."""
    folder = path.rpartition("/")[0]
    return folder not in packages and bool(nearest(folder, packages))


def opened_sources(inventory: Inventory, imports: Imports, live: Collection[str]) -> frozenset[str]:
    """Sources that may be opened or listed by their name, so that bytecode cannot stand for them.

    Those are sources below a module that loads what it finds by the ending `.py` in a folder, as apprise does, where
    it or a module beside it asks for its own place: what lists folders of others (jinja2, the reloader of werkzeug)
    does not find itself. And all first-party sources: libraries read a user's functions and classes with
    `inspect.getsource` (pydantic's attribute docstrings, langchain), and first-party code derives names from
    `__file__` or loads a file of a computed name.

    Args:
        inventory: Every file that could ship.
        imports: Their import graph.
        live: Files of modules that shipped code leads to.
    """
    sources = [file for file in inventory.files if file.kind is FileKind.SOURCE]
    listers = (file for file in sources if file.path in live)
    loaders = {(file.owner, file.path.rpartition("/")[0]) for file in listers if _finds_itself(file, sources, imports)}
    return frozenset(file.path for file in sources if file.owner == FIRST_PARTY or _is_below(file, loaders))


def _is_below(file: File, loaders: Collection[tuple[str, str]]) -> bool:
    return any((file.owner, folder) in loaders for folder in ("", *folders(file.path)))


def _finds_itself(lister: File, sources: Collection[File], imports: Imports) -> bool:
    """Whether a source loads what it lists, and it or a module beside it uses its own location."""
    if not looked_at(lister).loads:
        return False
    names = {module.path: name for name, module in imports.modules.items()}
    name = names.get(lister.path, "")
    placed = (file for file in sources if file.owner == lister.owner and looked_at(file).placed)
    return any(file == lister or _are_linked(name, names.get(file.path, ""), imports) for file in placed)


def _are_linked(first: str, second: str, imports: Imports) -> bool:
    """Whether one of two modules imports the other by an import statement."""
    return _leads_to(first, second, imports) or _leads_to(second, first, imports)


def _leads_to(target: str, importer: str, imports: Imports) -> bool:
    return any(edge.target == target and edge.how in _WRITTEN for edge in imports.edges.get(importer, ()))


def asked_sources(inventory: Inventory, imports: Imports, live: Collection[str]) -> frozenset[str]:
    """Sources of distributions that inspect themselves: through the text or ending of `__file__`, or with `inspect`.

    A source that takes the text of a traceback apart needs the lines that it quotes of its own frames (glom). A
    function that calls `inspect.getsource` mostly reads the modules that import it, as decorators do. A path to a
    `.py` beside `__file__` means that this source is opened (scikit-learn reads its version out of `../__init__.py`).

    Args:
        inventory: Every file that could ship.
        imports: Their import graph.
        live: Files of modules that shipped code leads to.
    """
    modules = {module.path: module for module in imports.modules.values()}
    asking: set[str] = set()
    readers: set[str] = set()
    for file in _third_party_sources(inventory, live):
        source = looked_at(file)
        if source.itself:
            readers.add(file.path)
        readers.update(_named_by(file, live))
        if file.path in modules and source.inspects:
            asking.add(modules[file.path].name)
    if asking:
        candidates = filter(None, map(modules.get, live))
        readers.update(module.path for module in candidates if _is_asked(module, imports, asking))
    return frozenset(readers)


def _named_by(file: File, live: Collection[str]) -> set[str]:
    """The live sources that a source which uses its own location names by their paths from there."""
    source = looked_at(file)
    if not source.placed:
        return set()
    folder = file.path.rpartition("/")[0]
    return {posixpath.normpath(posixpath.join(folder, name)) for name in source.named}.intersection(live)


def _third_party_sources(inventory: Inventory, live: Collection[str]) -> list[File]:
    """The live sources of distributions."""
    sources = [file for file in inventory.files if file.kind is FileKind.SOURCE and file.path in live]
    return [file for file in sources if file.owner != FIRST_PARTY]


def _is_asked(module: Module, imports: Imports, asking: Collection[str]) -> bool:
    """Whether a module inspects sources, or imports a module of its distribution that does."""
    if module.name in asking:
        return True
    targets = (edge.target for edge in imports.edges.get(module.name, ()))
    return any(target in asking and imports.modules[target].owner == module.owner for target in targets)


def asks_for_columns(files: Iterable[File]) -> bool:
    """Whether a source among some files asks in which columns instructions are, which not all bytecode knows."""
    return any(looked_at(file).columns for file in files if file.kind is FileKind.SOURCE)


@dataclass(frozen=True, slots=True)
class ReadingSource:
    """What a source does with sources: loads what it lists, inspects itself, calls `inspect`, uses its own location.

    Attributes:
        columns: Whether it asks for the columns of instructions.
        named: Relative paths of sources that stand in its strings, in order.
    """

    loads: bool
    itself: bool
    inspects: bool
    placed: bool
    columns: bool
    named: tuple[str, ...]


def looked_at(file: File) -> ReadingSource:
    """What a source does with sources; read once for all functions that have it."""
    return _source(file.source, file_signature(file.source))


@functools.lru_cache(maxsize=1 << 15)
def _source(path: Path, _: Signature) -> ReadingSource:
    """What a source does; remembered, since the functions of a run share their distributions."""
    source = _read(path)
    listed = b".py" in source and bool(_ENDING.search(source) and _LISTS.search(source))
    return ReadingSource(
        loads=listed and bool(_LOADS.search(source) or _LISTED.search(source)),
        itself=_has(source, _ITSELF, b"__file__", b"format_"),
        inspects=_has(source, _INSPECTS, b"source"),
        placed=_has(source, _PLACE, b"__file__", b"__path__"),
        columns=_asks_for_columns(source),
        named=tuple(name.decode() for name in _NAMED.findall(source)) if b".py" in source else (),
    )


def _asks_for_columns(source: bytes) -> bool:
    """Whether code asks for the columns of instructions; code that only copies their table does not."""
    if _has(source, _COLUMNS, b"co_positions", b"co_linetable", b"end_colno"):
        return True
    if _has(source, _TABLE_ARGUMENT, b"co_linetable") and b"CodeType" not in source:
        return True
    return any(
        _has(source, word, b"colno", b".positions") and beside.search(source) for word, beside in _COLUMNS_BESIDE
    )


def _has(source: bytes, pattern: re.Pattern[bytes], *words: bytes) -> bool:
    """Whether a source matches a pattern; searched for only where one of the words is in it, which is quick to see."""
    return any(word in source for word in words) and bool(pattern.search(source))


def _read(path: Path) -> bytes:
    try:
        return read_regular(path)
    except OSError:
        return b""
