"""Where results are kept between runs, by content: never a reason for a wrong answer.

Layout: `<cache>/<shelf>/<first two of key>/<key>`. Writers put a temporary file beside the entry and rename it,
so any number of processes share one cache; readers treat anything unreadable as absent.
"""

import contextlib
import hashlib
import mmap
import os
import tempfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Generic, TypeVar

from lambda_slim.base.places import cache_folder

V = TypeVar("V")


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
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()


def entry(shelf: str, key: str) -> Path:
    """The path of an entry, whether or not it is there."""
    return cache_root() / shelf / key[:2] / key


def load(shelf: str, key: str) -> bytes | None:
    """The bytes stored under a key, or None."""
    try:
        return entry(shelf, key).read_bytes()
    except OSError:
        return None


def store(shelf: str, key: str, data: bytes) -> None:
    """Keeps bytes under a key; a cache that cannot be written is silently not used."""
    place = entry(shelf, key)
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(place)


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

    The file is a sequence of records (key, length, checksum, bytes); what lies behind a damaged one is not seen.
    Writers append under a lock; a damaged file, or one of more than `limit` bytes, is replaced by a new one.
    """

    _HEAD = 32

    def __init__(self, name: str, limit: int = 1 << 30) -> None:
        self.path = cache_root() / f"{name}.shelf"
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
        """The value under a key, or None; a value that does not match its checksum is not there."""
        if key in self.new:
            return self.new[key]
        if key not in self.index or self.view is None:
            return None
        start, size = self.index[key]
        data = self.view[start : start + size]
        return data if zlib.crc32(data).to_bytes(4, "little") == self.view[start - 4 : start] else None

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
            records += [key, len(data).to_bytes(8, "little"), zlib.crc32(data).to_bytes(4, "little"), data]
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.clean or self.size > self.limit:
                # Replaced, never truncated: another process may have it mapped.
                self._replace(b"".join(records))
            else:
                with self.path.open("ab") as file:
                    _lock(file.fileno())
                    file.write(b"".join(records))
        self.new = {}

    def _replace(self, data: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=".")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(self.path)


def _lock(descriptor: int) -> None:
    """Waits until no other process appends; where the system has no such lock, one `write` is all there is."""
    with contextlib.suppress(ImportError):
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)
