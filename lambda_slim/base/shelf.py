"""Many small values, in one file of the cache or in this process's memory."""

import contextlib
import hashlib
import mmap
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

from lambda_slim.base.cache import cache_root, digest, make_root, write_cached
from lambda_slim.base.owned import lock

V = TypeVar("V")

_LARGE = 1 << 20  # bytes of a value


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
        except FileNotFoundError:
            return
        except (OSError, ValueError):
            self.clean = False
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
        if size > _LARGE and hasattr(self.view, "madvise"):  # the copy is enough: pages of the file would count twice
            self.view.madvise(mmap.MADV_DONTNEED, start - start % mmap.PAGESIZE, size)
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
        known = self.find(key)
        if known is None:
            made = make(data)
            self.put(key, b"" if made is data else made)
            return made
        return known or data

    def close(self) -> None:
        """Appends what is new; a cache that cannot be written is silently not used."""
        if not self.new:
            return
        with contextlib.suppress(OSError):
            make_root()
            if not self.clean or self.size > self.limit:
                # Replaced, never truncated: another process may have it mapped.
                write_cached(self.path, self._records())
            else:
                with self.path.open("ab") as file:
                    lock(file.fileno())
                    file.writelines(self._records())
        self.new = {}

    def _records(self) -> Iterator[bytes]:
        """What is new, as the file has it; never all of it at once, since it may be a large part of the memory."""
        for key, data in self.new.items():
            yield b"".join((key, len(data).to_bytes(8, "little"), _checksum(key, data)))
            yield data


def _checksum(key: bytes, data: bytes) -> bytes:
    state = hashlib.blake2b(key + len(data).to_bytes(8, "little"), digest_size=16)
    state.update(data)
    return state.digest()
