"""Copies of installed trees for running a project's code, which never touches the trees themselves.

Packages that are run are laid out as links to such a copy: making a file costs many times what a link does. A copy
belongs to one process at a time. Each file is compared with the tree's before it is used, since an earlier process may
have written to it.
"""

import contextlib
import os
from pathlib import Path

from lambda_slim.base.cache import cache_root
from lambda_slim.base.copying import copy_file
from lambda_slim.base.files import read_regular
from lambda_slim.base.owned import lock, open_lock

# 1980, as in zips: servers of files make Last-Modified and ETag of it, so all packages that are run need the same.
LAID_TIME = 315_532_800
_MOST = 64  # processes that run code of one tree at the same time
_LARGEST = 1 << 31  # bytes of a file that is compared
_leases: dict[str, tuple[Path, int] | None] = {}  # by tree: this process's copy, and the lock on it
_compared: dict[str, tuple[int, int, int]] = {}  # by path in a copy: size, time of content and inode


def run_copy(source: Path) -> Path | None:
    """A file of the same content as one of an installed tree, for a package to link to.

    Returns:
        None where the file is of no installed tree, or the cache cannot be written.
    """
    text, trees = str(source), f"{cache_root()}{os.sep}trees{os.sep}"
    if not text.startswith(trees):
        return None
    parts = text.removeprefix(trees).split(os.sep, 3)  # two letters, entry, folder, path
    if len(parts) < 4 or (root := _lease(f"{parts[1]}/{parts[2]}")) is None:
        return None
    place = root / parts[3]
    try:
        if not _is_same(source, place):
            _renew(source, place)
        state = place.stat()
    except OSError:
        return None
    _compared[str(place)] = state.st_size, state.st_mtime_ns, state.st_ino
    return place


def run_copies(folder: Path) -> Path:
    """A folder with the same files as an installed tree, and no others, that code may run on.

    Returns:
        The tree itself where the cache cannot be written.
    """
    copied: set[str] = set()
    root = None
    for source in sorted(path for path in folder.rglob("*") if path.is_file()):
        place = run_copy(source)
        if place is None:
            return folder
        root = root or Path(str(place)[: -len(str(source.relative_to(folder)))])
        copied.add(str(place))
    if root is None:
        return folder
    for path in list(root.rglob("*")):
        if not path.is_dir() and str(path) not in copied:
            path.unlink()
    return root


def _lease(tree: str) -> Path | None:
    """This process's copy of a tree, by the tree's entry and folder."""
    if tree not in _leases:
        _leases[tree] = _take(cache_root() / "run" / tree)
    taken = _leases[tree]
    return taken[0] if taken else None


def _take(folder: Path) -> tuple[Path, int] | None:
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(_MOST):
            descriptor = open_lock(folder / f"{number}.lock")
            if lock(descriptor, wait=False):
                os.utime(descriptor)
                return folder / str(number), descriptor
            os.close(descriptor)
    return None


def _is_same(source: Path, place: Path) -> bool:
    try:
        state = place.stat(follow_symlinks=False)
    except OSError:
        return False
    if _compared.get(str(place)) == (state.st_size, state.st_mtime_ns, state.st_ino):
        return True
    return not place.is_symlink() and _bytes_of(place) == _bytes_of(source)


def _bytes_of(place: Path) -> bytes | None:
    try:
        return read_regular(place, _LARGEST)
    except OSError:
        return None


def _renew(source: Path, place: Path) -> None:
    """Puts a new file into the copy; links to the one that was there keep what they have."""
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{place.name[:100]}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    copy_file(source, temporary)
    os.utime(temporary, (LAID_TIME, LAID_TIME))
    temporary.replace(place)
