"""Where results are kept between runs, by content: never a reason for a wrong answer.

Layout: `<cache>/<shelf>/<first two of key>/<key>`. Every entry carries a digest of its bytes and its name, so that one
that is damaged, or lies where it was not put, is as good as absent and is made again. Writers make a file in a folder
of their own (`<cache>/tmp`) and rename it, so any number of processes share one cache. The cache is its user's alone.
"""

import contextlib
import functools
import hashlib
import mmap
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Generic, TypeVar

from lambda_slim.base.errors import WriteError
from lambda_slim.base.owned import OwnedFolder, lock, remove, sweep
from lambda_slim.base.places import cache_folder
from lambda_slim.base.sealed import seal, unseal

V = TypeVar("V")
_DAY = 86_400  # seconds


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
        return unseal(name, place.read_bytes())
    except OSError:
        return None


def store_file(place: Path, name: str, data: bytes) -> None:
    """Puts bytes at a place in the cache, sealed with a name.

    Raises:
        OSError: the cache cannot be written.
    """
    write_cached(place, seal(name, data))


def write_cached(place: Path, data: bytes) -> None:
    """Puts bytes at a place in the cache; they are there whole or not at all.

    Raises:
        OSError: the cache cannot be written.
    """
    temporary = draft()
    temporary.write_bytes(data)
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(place)


def _used(place: Path) -> None:
    """Notes that an entry was asked for, once a day: those that nobody asks for go first."""
    with contextlib.suppress(OSError):
        if time.time() - place.stat().st_mtime > _DAY:
            os.utime(place)


class Memory(Generic[V]):
    """Values that this process made, up to a number of bytes; what was not asked for longest goes first.

    Functions that share requirements ask for the same files one after the other.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self.values: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()

    def find(self, key: Hashable) -> V | None:
        """The value under a key, or None."""
        if key not in self.values:
            return None
        self.values.move_to_end(key)
        return self.values[key][0]

    def put(self, key: Hashable, value: V, size: int) -> V:
        """Keeps a value of so many bytes, and gives it back."""
        if key in self.values:
            self.held -= self.values.pop(key)[1]
        self.values[key] = value, size
        self.held += size
        while self.held > self.limit:
            self.held -= self.values.popitem(last=False)[1][1]
        return value


class Shelf:
    """Many small values in one file: read once, appended to, shared by processes.

    The file is a sequence of records (key, length, digest of all, bytes); what lies behind a damaged length is not
    seen. Writers append under a lock; a damaged file, or one of more than `limit` bytes, is replaced by a new one.
    """

    _HEAD = 44

    def __init__(self, name: str, limit: int = 1 << 30) -> None:
        self.path = cache_root() / f"{name}.2.shelf"
        self.limit = limit
        self.index: dict[bytes, tuple[int, int]] = {}
        self.new: dict[bytes, bytes] = {}
        self.view: mmap.mmap | None = None
        self.clean = True  # whether the file ended with a whole record
        self.size = 0
        self._load()

    def _load(self) -> None:
        try:
            with self.path.open("rb") as file:
                self.view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            return
        place, end, view = 0, len(self.view), self.view
        while place + self._HEAD <= end:
            size = int.from_bytes(view[place + 20 : place + 28], "little")
            start = place + self._HEAD
            if start + size > end:
                break
            self.index[view[place : place + 20]] = (start, size)
            place = start + size
        self.clean, self.size = place == end, end

    @staticmethod
    def key(*parts: bytes) -> bytes:
        """A key over parts, 20 bytes."""
        return bytes.fromhex(digest(*parts))

    def find(self, key: bytes) -> bytes | None:
        """The value under a key, or None; a record that does not match its digest is not there."""
        if key in self.new:
            return self.new[key]
        if key not in self.index or self.view is None:
            return None
        start, size = self.index[key]
        data = self.view[start : start + size]
        if _checksum(key, data) == self.view[start - 16 : start]:
            return data
        self.clean = False
        return None

    def is_whole(self) -> bool:
        """Whether every record of the file can be read and matches its digest."""
        return self.clean and all(self.find(key) is not None for key in self.index)

    def put(self, key: bytes, data: bytes) -> None:
        """Keeps a value; written by `close`."""
        self.new[key] = data

    def get(self, label: bytes, data: bytes, make: Callable[[bytes], bytes]) -> bytes:
        """`make(data)`, made once; where it gives `data` back, only that is remembered."""
        key = self.key(label, data)
        found = self.find(key)
        if found is None:
            made = make(data)
            self.put(key, b"" if made is data else made)
            return made
        return found or data

    def close(self) -> None:
        """Appends what is new; a cache that cannot be written is silently not used."""
        if not self.new:
            return
        records = []
        for key, data in self.new.items():
            records += [key, len(data).to_bytes(8, "little"), _checksum(key, data), data]
        with contextlib.suppress(OSError):
            make_root()
            if not self.clean or self.size > self.limit:
                # Replaced, never truncated: another process may have it mapped.
                write_cached(self.path, b"".join(records))
            else:
                with self.path.open("ab") as file:
                    lock(file.fileno())
                    file.write(b"".join(records))
        self.new = {}


def _checksum(key: bytes, data: bytes) -> bytes:
    state = hashlib.blake2b(key + len(data).to_bytes(8, "little"), digest_size=16)
    state.update(data)
    return state.digest()
