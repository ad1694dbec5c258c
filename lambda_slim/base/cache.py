"""A cache of results between runs, by content; it must never cause a wrong result.

Layout: `<cache>/<shelf>/<first two of key>/<key>`. Every entry carries a digest of its bytes and its name, so that a
damaged or misplaced entry counts as absent and is made again. Writers make a file in a folder of their own
(`<cache>/tmp`) and rename it, so any number of processes share one cache. The cache belongs to its user alone.
"""

import contextlib
import functools
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from lambda_slim.base.errors import WriteError
from lambda_slim.base.files import read_regular
from lambda_slim.base.owned import OwnedFolder, remove, sweep
from lambda_slim.base.places import cache_folder
from lambda_slim.base.sealed import seal, unseal

_DAY = 86_400  # seconds
_MOST = 1 << 31  # bytes of an entry


def cache_root() -> Path:
    """The cache folder; see `cache_folder`."""
    return Path(cache_folder())


def cache_folders() -> tuple[Path, ...]:
    """Folders that the environment names as caches, which CI systems put into projects: ours, uv's, pip's, all."""
    named = (os.environ.get(name) for name in ("UV_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME"))
    return (cache_root(), *(Path(text).expanduser().absolute() for text in named if text))


def digest(*parts: bytes | str) -> str:
    """A key over the parts, each length-prefixed so that no two lists of parts collide (hex, 40 characters)."""
    state = hashlib.blake2b(digest_size=20)
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()


def open_cache() -> None:
    """Makes the cache its user's alone, and removes what killed processes have left in it.

    A cache that cannot be made or written is no failure here; whoever needs one says so.

    Raises:
        WriteError: it belongs to somebody else, who could put anything into it.
    """
    root = cache_root()
    try:
        state = root.stat()
    except OSError:
        return
    if os.name == "posix":
        if state.st_uid != os.geteuid():
            raise WriteError(
                "the cache belongs to another user",
                cause=f"`{root}` is of user id {state.st_uid}, and this is {os.geteuid()}",
                hint="set LAMBDA_SLIM_CACHE to a folder of your own",
            )
        if state.st_mode & 0o077:
            with contextlib.suppress(OSError):
                root.chmod(0o700)
    sweep(root / "tmp")


def make_root() -> Path:
    """The cache folder, made if it is not there.

    Raises:
        OSError: it cannot be made.
    """
    root = cache_root()
    if not root.is_dir():
        root.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            root.mkdir(mode=0o700)
    return root


@functools.lru_cache(maxsize=8)
def _own(root: Path, _process: int) -> OwnedFolder:
    import atexit

    (root / "tmp").mkdir(mode=0o700, exist_ok=True)
    folder = OwnedFolder(root / "tmp")
    atexit.register(_close, folder, os.getpid())
    return folder


def _close(folder: OwnedFolder, process: int) -> None:
    if os.getpid() == process:  # and not one that was forked off
        folder.close()


def draft() -> Path:
    """A path that nothing has, on the file system of the cache; it is gone with this process.

    Raises:
        OSError: the cache cannot be written.
    """
    own = _own(make_root(), os.getpid())
    if not own.path.is_dir():  # somebody has removed the whole cache
        _own.cache_clear()
        own = _own(make_root(), os.getpid())
    return own.path / os.urandom(8).hex()


def discard(place: Path) -> None:
    """Takes a file or folder out of the cache at once, so that nobody sees half of it, and then removes it."""
    with contextlib.suppress(OSError):
        away = draft()
        place.rename(away)
        if away.is_dir() and not away.is_symlink():
            remove(away)
        else:
            away.unlink()


def entry(shelf: str, key: str) -> Path:
    """The path of an entry, whether or not it is there."""
    return cache_root() / shelf / key[:2] / key


def load(shelf: str, key: str) -> bytes | None:
    """The bytes stored under a key, or None; damaged ones are not there."""
    place = entry(shelf, key)
    data = load_file(place, f"{shelf}/{key}")
    if data is not None:
        _used(place)
    return data


def store(shelf: str, key: str, data: bytes) -> None:
    """Keeps bytes under a key; a cache that cannot be written is silently not used."""
    with contextlib.suppress(OSError):
        store_file(entry(shelf, key), f"{shelf}/{key}", data)


def load_file(place: Path, name: str) -> bytes | None:
    """What `store_file` has put at a place under a name, or None."""
    try:
        return unseal(name, read_regular(place, _MOST))
    except OSError:
        return None


def store_file(place: Path, name: str, data: bytes) -> None:
    """Puts bytes at a place in the cache, sealed with a name.

    Raises:
        OSError: the cache cannot be written.
    """
    write_cached(place, [seal(name, data)])


def write_cached(place: Path, parts: Iterable[bytes]) -> None:
    """Puts bytes, given in parts, at a place in the cache; they are there whole or not at all.

    Raises:
        OSError: the cache cannot be written.
    """
    temporary = draft()
    with temporary.open("wb") as file:
        file.writelines(parts)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        temporary.replace(place)
    except IsADirectoryError:
        discard(place)
        temporary.replace(place)


def _used(place: Path) -> None:
    """Notes that an entry was asked for, once a day: those that nobody asks for go first."""
    with contextlib.suppress(OSError):
        if time.time() - place.stat().st_mtime > _DAY:
            os.utime(place)
