"""Which data lies in a package that nothing imports, and is opened by its path all the same?"""

import functools
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from lambda_slim.base.files import Signature, file_signature, read_regular
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


def find_beside(inventory: Inventory, shipped: Collection[str]) -> frozenset[str]:
    """Data and libraries in folders none of whose modules ships; modules that do ship name the folder or the file.

    `Path(__file__).parent / "tables" / name` opens what lies in `tables/`, also where that has an `__init__.py` and the
    script that made the tables, which nobody imports.

    Args:
        inventory: Every file that could ship.
        shipped: Files of modules that ship.
    """
    alive = {folder for path in shipped for folder in _folders(path)}
    asleep: dict[str, list[File]] = {}
    for file in inventory.files:
        if file.owner != FIRST_PARTY and file.kind in _OPENED and file.path.rpartition("/")[0] not in alive:
            asleep.setdefault(file.owner, []).append(file)
    if not asleep:
        return frozenset()
    words: dict[str, set[bytes]] = {owner: set() for owner in asleep}
    for file in inventory.files:
        if file.owner in asleep and file.kind is FileKind.SOURCE and file.path in shipped:
            words[file.owner] |= _words(file.source, file_signature(file.source))
    return frozenset(
        file.path
        for owner, files in asleep.items()
        for file in files
        if not words[owner].isdisjoint(_names(file.path, alive))
    )


def find_asked(inventory: Inventory, junk: Mapping[str, Junk], live: Collection[str]) -> frozenset[str]:
    """Data of distributions in folders for documents or examples to which live modules put paths together.

    `Path(__file__).parent / "examples" / name` opens what lies in `examples/`. Paths to tests are for who runs them.

    Args:
        inventory: Every file that could ship.
        junk: What looks like junk.
        live: Files of modules that kept code leads to.
    """
    chosen = [
        (file, folder)
        for file in inventory.files
        if file.owner != FIRST_PARTY
        and file.kind is FileKind.DATA
        and (kind := junk.get(file.path))
        and kind.folders
        and kind.check is Check.UNREAD
        and not kind.slug.startswith("test")
        and (folder := next((one for one in _folders(file.path) if kind.matches(f"{one}/x.py")), ""))
    ]
    owners = {file.owner for file, _ in chosen}
    words: dict[str, set[bytes]] = {owner: set() for owner in owners}
    for file in inventory.files:
        if file.owner in owners and file.kind is FileKind.SOURCE and file.path in live and file.path not in junk:
            words[file.owner] |= _words(file.source, file_signature(file.source))
    return frozenset(file.path for file, folder in chosen if folder.rpartition("/")[2].encode() in words[file.owner])


def _names(path: str, alive: Collection[str]) -> set[bytes]:
    """The names that tell a file from what lies in folders with modules: its own, and its folders' below those."""
    idle = [folder for folder in _folders(path) if folder not in alive]
    return {one.rpartition("/")[2].encode() for one in (*idle, path)}


@functools.lru_cache(maxsize=1 << 15)
def _words(path: Path, state: Signature) -> frozenset[bytes]:  # noqa: ARG001  (part of the key)
    """Parts of the paths that a source may put together, where it asks for its own place."""
    try:
        source = read_regular(path)
    except OSError:
        return frozenset()
    if not any(word in source for word in _PLACES) or not _LOCATES.search(source):
        return frozenset()
    source = _EXAMPLE.sub(b"", source)
    places = b" ".join((*_JOINED.findall(source), *_CALLED.findall(source)))
    texts = [*_QUOTED.findall(places), *(text for text in _QUOTED.findall(source) if b"/" in text or b"." in text)]
    return frozenset(part for text in texts for part in text.split(b"/") if part)


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]
