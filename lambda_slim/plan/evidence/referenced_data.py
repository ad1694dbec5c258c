"""Data in packages that nothing imports, but that code opens by its path."""

import functools
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from lambda_slim.base.files import Signature, file_signature, read_regular
from lambda_slim.base.package_paths import folders, folders_of
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.knowledge import Check, Junk

_OPENED = frozenset(
    {FileKind.DATA, FileKind.LIBRARY}
)  # `ctypes.CDLL(HERE / "lib" / "libx.so")`; modules have their own rule
_PLACES = (b"__file__", b"__path__", b"resources", b"pkgutil", b"getfile(", b"find_spec")  # quicker than the pattern
_LOCATES = re.compile(rb"__file__|__path__|\bresources\b|pkg_resources|pkgutil|getfile\(|find_spec")
_EXAMPLE = re.compile(rb"^\s*(?:>>>|\.\.\.|#).*$", re.MULTILINE)
_QUOTED = re.compile(rb"""["']([^"'\s\\]{1,100})["']""")
# A folder of one word is only meant where a path is put together: `/ "data"`, `join(HERE, "data")`.
_JOINED = re.compile(rb"""/\s*f?(["'][^"'\s\\]{1,100}["'])""")
_CALLED = re.compile(rb"""\b(?:join|joinpath|Path|open|files|get_data|resource_\w+)\(((?:[^()]|\([^()]*\))*)\)""")


def find_referenced_data(inventory: Inventory, shipped: Collection[str]) -> frozenset[str]:
    """Data and libraries in folders without a shipped module, where a shipped module names the folder or the file.

    `Path(__file__).parent / "tables" / name` opens what lies in `tables/`, also where that has an `__init__.py` and the
    script that made the tables, which nobody imports.

    Args:
        inventory: Every file that could ship.
        shipped: Files of modules that ship.
    """
    alive = folders_of(shipped)
    idle = [file for file in inventory.files if _is_idle(file, alive)]
    words = _words_by_owner(inventory, {file.owner for file in idle}, shipped)
    return frozenset(file.path for file in idle if not words[file.owner].isdisjoint(_names(file.path, alive)))


def _is_idle(file: File, alive: Collection[str]) -> bool:
    """Whether a distribution's file is data or a library in a folder none of whose modules ships."""
    third_party = file.owner != FIRST_PARTY
    return third_party and file.kind in _OPENED and file.path.rpartition("/")[0] not in alive


def find_referenced_junk(inventory: Inventory, junk: Mapping[str, Junk], live: frozenset[str]) -> frozenset[str]:
    """Data in a distribution's folders for documents or examples, where live modules join paths to those folders.

    `Path(__file__).parent / "examples" / name` opens what lies in `examples/`. Paths to tests do not count: only the
    tests use them.

    Args:
        inventory: Every file that could ship.
        junk: What looks like junk.
        live: Files of modules that shipped code leads to.
    """
    named: dict[File, str] = {}
    for file in inventory.files:
        if file.owner != FIRST_PARTY and file.kind is FileKind.DATA and file.path in junk:
            folder = _junk_folder(file.path, junk[file.path])
            if folder:
                named[file] = folder
    words = _words_by_owner(inventory, {file.owner for file in named}, live - junk.keys())
    return frozenset(file.path for file, name in named.items() if name.encode() in words[file.owner])


def _junk_folder(path: str, kind: Junk) -> str:
    """The name of the outermost folder of a kind that may be read; "" where there is none."""
    if not kind.folders or kind.check is not Check.UNREAD or kind.slug.startswith("test"):
        return ""
    for folder in folders(path):
        if kind.matches(f"{folder}/x.py"):
            return folder.rpartition("/")[2]
    return ""


def _words_by_owner(inventory: Inventory, owners: Collection[str], paths: Collection[str]) -> dict[str, set[bytes]]:
    """The parts of the paths that sources among `paths` join, by distribution."""
    words: dict[str, set[bytes]] = {owner: set() for owner in owners}
    for file in inventory.files if owners else ():
        if file.owner in owners and file.kind is FileKind.SOURCE and file.path in paths:
            words[file.owner] |= _words(file.source, file_signature(file.source))
    return words


def _names(path: str, alive: Collection[str]) -> set[bytes]:
    """The names that identify a data file: its own, and those of its folders below the folders with modules."""
    idle = [folder for folder in folders(path) if folder not in alive]
    return {place.rpartition("/")[2].encode() for place in (*idle, path)}


@functools.lru_cache(maxsize=1 << 15)
def _words(path: Path, state: Signature) -> frozenset[bytes]:  # noqa: ARG001  (part of the key)
    """Parts of the paths that a source may join, where the source uses its own location."""
    try:
        source = read_regular(path)
    except OSError:
        return frozenset()
    asks = any(word in source for word in _PLACES) and _LOCATES.search(source)
    return frozenset(_path_parts(_EXAMPLE.sub(b"", source))) if asks else frozenset()


def _path_parts(source: bytes) -> Iterator[bytes]:
    """The parts of texts that are joined to paths, or that look like a path."""
    places = b" ".join((*_JOINED.findall(source), *_CALLED.findall(source)))
    paths = (text for text in _QUOTED.findall(source) if b"/" in text or b"." in text)
    for text in (*_QUOTED.findall(places), *paths):
        yield from filter(None, text.split(b"/"))
