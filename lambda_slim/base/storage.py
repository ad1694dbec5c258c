"""What the cache holds, how much of it is kept, and whether it is whole."""

import json
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.cache import cache_root, discard, load_file, write_cached
from lambda_slim.base.errors import ConfigError
from lambda_slim.base.manifest import digest_file, unpacked
from lambda_slim.base.owned import lock
from lambda_slim.base.shelf import Shelf
from lambda_slim.base.stored_tree import in_use
from lambda_slim.base.units import parse_size

LIMIT = 10 << 30  # bytes
AGE = 60 * 86_400  # seconds since an entry was used last
_DAY = 86_400
_SPARED = 3600  # seconds: what was used so lately, a build that runs may still need
_UNSEALED = frozenset({"tmp", "builds", "trees", "run", "stamps"})  # shelves that have forms of their own


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """One thing that is kept, and can go by itself.

    Attributes:
        shelf: What kind of thing: `trees`, `builds`, …
        path: A file or folder.
        size: Bytes.
        used: When it was used last, in seconds since 1970.
        busy: Whether a process uses it now.
    """

    shelf: str
    path: Path
    size: int
    used: float
    busy: bool = False


def cache_limit() -> int:
    """How many bytes the cache may hold: `LAMBDA_SLIM_CACHE_LIMIT` (`20 GiB`), else 10 GiB.

    Raises:
        ConfigError: it is no size.
    """
    text = os.environ.get("LAMBDA_SLIM_CACHE_LIMIT")
    if not text:
        return LIMIT
    try:
        return parse_size(text)
    except ValueError as error:
        raise ConfigError(
            "LAMBDA_SLIM_CACHE_LIMIT must be a size", cause=f"it is {text!r}", hint="write it as `20 GiB`"
        ) from error


def list_entries() -> tuple[CacheEntry, ...]:
    """Everything in the cache, by path; leftovers of other processes aside."""
    root = cache_root()
    rows: list[CacheEntry] = []
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        if path.is_dir() and path.name != "tmp":
            rows += _entries_of(path)
        elif path.suffix == ".shelf":
            state = path.stat()
            rows.append(CacheEntry(path.stem.partition(".")[0], path, state.st_size, state.st_mtime))
    return tuple(rows)


def _entries_of(shelf: Path) -> Iterator[CacheEntry]:
    if shelf.name == "trees":
        yield from (_tree(path) for path in sorted(shelf.glob("*/*")))
    elif shelf.name == "run":
        yield from (_copy(path) for path in sorted(shelf.glob("*/*/*.lock")))
    elif shelf.name in ("builds", "stamps"):
        yield from (_plain(shelf.name, path) for path in sorted(shelf.iterdir()))
    else:
        yield from (_plain(shelf.name, path) for path in sorted(shelf.glob("*/*")))


def _tree(path: Path) -> CacheEntry:
    note = load_file(path / "made", f"tree/{path.name}/made")
    size = int(json.loads(note).get("bytes") or 0) if note else 0
    used = path / "used"
    return CacheEntry("trees", path, size or _size(path), _time(used if used.exists() else path), in_use(path))


def _copy(held: Path) -> CacheEntry:
    descriptor = os.open(held, os.O_RDWR)
    try:
        busy = not lock(descriptor, wait=False)
    finally:
        os.close(descriptor)
    return CacheEntry("run", held.with_suffix(""), _size(held.with_suffix("")), _time(held), busy)


def _plain(shelf: str, path: Path) -> CacheEntry:
    newest = max([_time(path), *(_time(file) for file in path.glob("*"))]) if path.is_dir() else _time(path)
    return CacheEntry(shelf, path, _size(path), newest)


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _size(path: Path) -> int:
    total = 0
    try:
        state = path.lstat()
        if not stat.S_ISDIR(state.st_mode):
            return state.st_size
        for folder, _, files in os.walk(path):
            total += sum(Path(folder, name).lstat().st_size for name in files)
    except OSError:
        pass  # another process has removed it meanwhile
    return total


def prune(limit: int, age: float, *, spare: float = _SPARED) -> tuple[CacheEntry, ...]:
    """Removes what was not used for long, and what was not used longest until the rest is within the limit.

    What a process uses now stays, and so does what was used a moment ago.

    Args:
        limit: Bytes that may stay.
        age: Seconds since the last use after which an entry goes anyway.
        spare: Seconds since the last use within which it stays anyway.

    Returns:
        What was removed.
    """
    now = time.time()
    rows = sorted(list_entries(), key=lambda row: -row.used)
    held, gone = 0, []
    for row in rows:
        idle = now - row.used
        kept = row.busy or idle < spare
        if kept or (idle <= age and held + row.size <= limit):
            held += row.size
        else:
            discard(row.path)
            if row.shelf == "run":
                discard(row.path.with_name(f"{row.path.name}.lock"))
            gone.append(row)
    return tuple(gone)


def prune_daily() -> None:
    """Prunes once a day, and never lets that stand in the way of anything."""
    note = cache_root() / "pruned"
    try:
        if time.time() - note.stat().st_mtime < _DAY:
            return
    except FileNotFoundError:
        if not cache_root().is_dir():
            return
    except OSError:
        return
    try:
        write_cached(note, ())
        prune(cache_limit(), AGE)
    except OSError:
        return


def verify_cache() -> tuple[CacheEntry, ...]:
    """Reads everything in the cache; gives back, and removes, what is not what it was."""
    damaged = []
    for row in list_entries():
        if not row.busy and not _is_whole(row):
            discard(row.path)
            damaged.append(row)
    return tuple(damaged)


def _is_whole(row: CacheEntry) -> bool:
    path = row.path
    if path.suffix == ".shelf":
        shelf = Shelf(row.shelf)
        return shelf.path == path and shelf.is_whole()
    if row.shelf == "trees":
        return _tree_is_whole(path)
    if row.shelf == "builds":
        return _build_is_whole(path)
    if row.shelf in _UNSEALED:
        return True  # copies are compared whenever they are used; a stamp is read by its digest
    return load_file(path, f"{row.shelf}/{path.name}") is not None


def _tree_is_whole(place: Path) -> bool:
    """Whether every file of a tree has its digest, without regard to size and times."""
    if not (place / "made").exists():
        return True  # nothing came of it
    note = load_file(place / "made", f"tree/{place.name}/made")
    if note is None:
        return False
    folder = place / str(json.loads(note)["folder"])
    packed = load_file(place / f"{folder.name}.manifest", f"tree/{place.name}/{folder.name}")
    manifest = unpacked(packed) if packed else None
    if manifest is None:
        return False
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    try:
        read = {path: digest_file(folder / path) for path in there}
    except OSError:
        return False
    return read == manifest.digests


def _build_is_whole(folder: Path) -> bool:
    report = load_file(folder / "report.json", f"builds/{folder.name}/report")
    try:
        table = json.loads(report or b"")
        return bool(digest_file(folder / "package.zip") == table["functions"][0]["package"]["sha256"])
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return False
