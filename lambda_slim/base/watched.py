"""The state of places on disk, as a digest that changes whenever anything in them does.

What is looked at is a pair: how, and a path. `tree`: all below a folder, but folders that never ship. `whole`: all
below a folder. `flat`: the files directly in a folder. `names`: what is in a folder, by name. `self`: a folder's own
times, which move when a name in it comes or goes. `file`: a file's own state. This module imports little, because hooks
wait for it.
"""

from __future__ import annotations

import os
import os.path
import stat

TYPE_CHECKING = False  # `typing` alone would take longer than all the rest
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

try:
    from _blake2 import blake2b  # hashlib's own, without OpenSSL, which would take longer than all the rest
except ImportError:
    from hashlib import blake2b

__all__ = ["SKIPPED", "Watched", "blake2b", "is_seen", "look"]

Watched = tuple[str, str]  # how it is looked at, and an absolute path

_CACHES = frozenset({"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
SKIPPED = _CACHES | {".git", ".hg", ".svn", "node_modules"}
_ENVIRONMENTS = frozenset({".venv", "venv"})  # only with a pyvenv.cfg: a package may have such a name
_COARSE = 2_000_000_000  # nanoseconds: what a file system counts by that knows whole seconds only
_SECOND = 1_000_000_000
_MOST = 400_000  # names: looking at more takes longer than most answers


def look(watched: Iterable[Watched], apart: Collection[str] = (), caches: Collection[str] = ()) -> tuple[str, int]:
    """A digest of the state of places, and when anything in them changed last, in nanoseconds since 1970.

    Args:
        watched: How and where; a place that is missing has a state too.
        apart: Files that do not count, nor do the folders above them: what the command itself writes.
        caches: Folders that are passed over wherever they lie.
    """
    above = {folder for path in apart for folder in _above(path)}
    glance = _Glance(frozenset(apart), above, frozenset(caches))
    for how, place in watched:
        glance.at(how, place)
    text = "".join(glance.lines).encode("utf-8", "surrogateescape")
    return blake2b(text, digest_size=16).hexdigest(), glance.newest


def _above(path: str) -> list[str]:
    folders = []
    while (folder := os.path.dirname(path)) != path:
        folders.append(folder)
        path = folder
    return folders


class _Glance:
    """What one look sees: a line for every name, and the newest change."""

    def __init__(self, apart: frozenset[str], above: Collection[str], caches: frozenset[str]) -> None:
        self.apart, self.above, self.caches = apart, above, caches
        self._unlisted = {*apart, *above, *caches}
        self.lines: list[str] = []
        self.newest = 0
        self._within: list[str] = []  # the real paths of the folders that are being walked

    def at(self, how: str, place: str) -> None:
        """Looks at one place."""
        try:
            status = os.stat(place)
        except (OSError, ValueError):
            self.lines.append(f"{place}\0missing\n")
            return
        if not stat.S_ISDIR(status.st_mode):
            self._file(place, status)
        elif how == "self":
            self.lines.append(f"{place}\0{status.st_mtime_ns}\0{status.st_ctime_ns}\0{status.st_ino}\n")
        elif how == "file":
            self.lines.append(f"{place}/\n")
        elif how in ("flat", "names"):
            self._flat(place, states=how == "flat")
        else:
            self._walk(place, skipping=how == "tree")

    def _file(self, path: str, status: os.stat_result) -> None:
        if path in self.apart:
            return
        changed = status.st_ctime_ns
        self.newest = max(self.newest, changed if changed % _SECOND else changed + _COARSE)
        self.lines.append(
            f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0{changed}\0{status.st_mode}"
            f"\0{status.st_uid}\0{status.st_ino}\0{status.st_dev}\n"
        )

    def _flat(self, folder: str, *, states: bool) -> None:
        for entry in self._entries(folder):
            if entry.path in self._unlisted or entry.name in _CACHES:
                continue
            if states and not entry.is_dir() and not entry.is_symlink():
                self._file(entry.path, entry.stat(follow_symlinks=False))
            else:
                self.lines.append(f"{entry.path}\n")

    def _walk(self, folder: str, *, skipping: bool) -> None:
        """Looks at all below a folder. A folder's own times are no matter: the names in it are."""
        real = os.path.realpath(folder)
        if real in self._within:
            return
        if len(self.lines) > _MOST:
            self.lines.append(os.urandom(8).hex())
            return
        self._within.append(real)
        for entry in self._entries(folder):
            if entry.is_symlink() and not self._link(entry):
                continue
            if entry.is_dir():
                self._folder(entry, skipping=skipping)
            else:
                self._file(entry.path, entry.stat())
        self._within.pop()

    def _folder(self, entry: os.DirEntry[str], *, skipping: bool) -> None:
        if entry.path in self.caches or (skipping and entry.name in _CACHES):
            return
        if entry.path not in self.above:
            self.lines.append(f"{entry.path}/\n")
        if not (skipping and _is_skipped(entry)):
            self._walk(entry.path, skipping=skipping)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            return sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            self.lines.append(f"{folder}\0unreadable\n")
            return []

    def _link(self, entry: os.DirEntry[str]) -> bool:
        """Notes where a link leads; False where there is nothing behind it that would be looked at."""
        status = entry.stat(follow_symlinks=False)
        self.newest = max(self.newest, status.st_ctime_ns)
        self.lines.append(f"{entry.path}\0link\0{os.readlink(entry.path)}\0{os.path.realpath(entry.path)}\n")
        try:
            behind = entry.stat()
        except OSError:
            return False
        if stat.S_ISDIR(behind.st_mode) and entry.name not in SKIPPED | _ENVIRONMENTS:
            target = os.path.realpath(entry.path)
            first = self._within[0]
            if first.startswith(os.path.join(target, "")) and first != target:
                self.lines.append(os.urandom(8).hex())  # a folder above: it could hold anything, so nothing is the same
                return False
        return True


def _is_skipped(entry: os.DirEntry[str]) -> bool:
    if entry.name in SKIPPED:
        return True
    return entry.name in _ENVIRONMENTS and os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))


def is_seen(path: str, tree: str) -> bool:
    """Whether a look at a tree sees a path below it."""
    if path != tree and not path.startswith(os.path.join(tree, "")):
        return False
    folders = os.path.relpath(path, tree).split(os.sep)
    return SKIPPED.isdisjoint(folders) and _ENVIRONMENTS.isdisjoint(folders)
