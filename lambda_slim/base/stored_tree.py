"""Folders in the cache: verified before every use, and made again where they have changed.

An entry holds a folder, its manifest, and a note that says which folder it is. A folder that replaces another has a
name of its own, so that no files change while a process reads them.
"""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.cache import discard, draft, load_file, make_root, store_file
from lambda_slim.base.manifest import Manifest, compare, take_manifest, unpacked
from lambda_slim.base.owned import lock, open_lock, remove

_held: dict[Path, int] = {}  # descriptors of entries in use: while one is open, nobody prunes the entry


@dataclass(frozen=True, slots=True)
class StoredTree:
    """A folder of the cache that is as it was made.

    Attributes:
        folder: Never write into it, and never run code of a project on its files.
        content: A digest of all paths and contents.
        made: When it was made or last made again, in seconds since 1970.
        manifest: Its files.
    """

    folder: Path
    content: str
    made: float
    manifest: Manifest


def open_tree(place: Path) -> StoredTree | None:
    """The tree of an entry; None where there is none, or where it is damaged.

    Files are looked at by their size, times and inode, and read where one of these has changed.
    """
    try:
        note = json.loads(load_file(place / "made", _name(place, "made")) or b"")
        folder, made = place / str(note["folder"]), float(note["made"])
    except (ValueError, KeyError, TypeError):
        return None
    packed = load_file(place / f"{folder.name}.manifest", _name(place, folder.name))
    manifest = unpacked(packed) if packed else None
    if manifest is None or not folder.is_dir():
        return None
    now, damaged = compare(folder, manifest)
    if damaged or manifest.content != note["content"]:
        return None
    if now.states != manifest.states:
        with contextlib.suppress(OSError):
            store_file(place / f"{folder.name}.manifest", _name(place, folder.name), now.packed())
    _use(place)
    return StoredTree(folder, str(note["content"]), made, now)


def is_whole(folder: Path) -> bool:
    """Whether the folder of a tree that was opened is still what it was."""
    packed = load_file(folder.with_name(f"{folder.name}.manifest"), _name(folder.parent, folder.name))
    manifest = unpacked(packed) if packed else None
    return manifest is not None and not compare(folder, manifest)[1]


def ensure_tree(
    place: Path,
    usable: Callable[[StoredTree], bool],
    make: Callable[[Path], Manifest | None],
    damaged: Callable[[], None],
) -> StoredTree:
    """The tree of an entry, made where there is none that can be used; by one process at a time.

    Args:
        place: The entry.
        usable: Whether a whole tree may be used, by its age.
        make: Fills an empty folder; gives back its manifest if it has read all files anyway.
        damaged: Told where there is a tree that is not what it was.

    Raises:
        OSError: the cache cannot be written.
    """
    tree = open_tree(place)
    if tree is not None and usable(tree):
        return tree
    make_root()
    place.mkdir(parents=True, exist_ok=True)
    with _alone(place):
        tree = open_tree(place)
        if tree is not None and usable(tree):
            return tree
        if tree is None and (place / "made").exists():
            damaged()
        folder = draft()
        folder.mkdir()
        try:
            return _keep(place, folder, make(folder) or take_manifest(folder), tree)
        finally:
            remove(folder)


def _keep(place: Path, folder: Path, manifest: Manifest, known: StoredTree | None) -> StoredTree:
    if known is not None and known.content == manifest.content:
        _note(place, known.folder.name, known.content)  # the same again: whatever was learnt of its files still holds
        return StoredTree(known.folder, known.content, time.time(), known.manifest)
    name = os.urandom(6).hex()
    folder.rename(place / name)
    store_file(place / f"{name}.manifest", _name(place, name), manifest.packed())
    _note(place, name, manifest.content, manifest.size)
    _use(place)
    _clear(place, name)
    return StoredTree(place / name, manifest.content, time.time(), manifest)


def _note(place: Path, folder: str, content: str, size: int = 0) -> None:
    note = {"folder": folder, "content": content, "made": time.time(), "bytes": size}
    store_file(place / "made", _name(place, "made"), json.dumps(note).encode())


def _name(place: Path, part: str) -> str:
    return f"tree/{place.name}/{part}"


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    descriptor = open_lock(place / "lock")
    try:
        lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _use(place: Path) -> None:
    """Notes that an entry was used now, and keeps others from pruning it while this process lives."""
    with contextlib.suppress(OSError):
        if place not in _held:
            _held[place] = open_lock(place / "used")
            lock(_held[place], shared=True)
        os.utime(_held[place])


def _clear(place: Path, current: str) -> None:
    """Removes earlier trees of an entry, unless another process uses one."""
    if lock(_held.get(place, -1), wait=False):
        for path in place.iterdir():
            if path.name not in ("made", "lock", "used", current, f"{current}.manifest"):
                discard(path)
        lock(_held.get(place, -1), wait=False, shared=True)


def in_use(place: Path) -> bool:
    """Whether a process uses an entry."""
    try:
        descriptor = os.open(place / "used", os.O_RDWR)
    except OSError:
        return False
    try:
        return not lock(descriptor, wait=False)
    finally:
        os.close(descriptor)
