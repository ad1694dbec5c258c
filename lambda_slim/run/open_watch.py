"""Watches which files of a folder any program opens, by inotify; on Linux only."""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_OPEN, _OVERFLOW = 0x20, 0x4000
_NONBLOCK, _CLOEXEC = 0o4000, 0o2000000
_HEAD = struct.Struct("iIII")  # watch, mask, cookie, bytes of the name


class OpenWatch:
    """Notes the files that are opened below some folders, from now on.

    Attributes:
        whole: Whether nothing was missed so far.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        """Watches these folders, each without those below it."""
        self._watched: dict[int, Path] = {}
        self._opened: set[Path] = set()
        self._descriptor = -1
        self.whole = False
        try:
            library = ctypes.CDLL(None, use_errno=True)
            self._descriptor = library.inotify_init1(_NONBLOCK | _CLOEXEC)
            for folder in folders:
                watch = library.inotify_add_watch(self._descriptor, os.fsencode(folder), _OPEN)
                if watch < 0:
                    return
                self._watched[watch] = folder
        except (OSError, AttributeError):
            return
        self.whole = self._descriptor >= 0

    def opened(self) -> frozenset[Path]:
        """The files that were opened so far; only where nothing was missed do these say which were not."""
        while self.whole:
            try:
                data = os.read(self._descriptor, 1 << 16)
            except BlockingIOError:
                break
            except OSError:
                self.whole = False
                break
            self._take(data)
        return frozenset(self._opened)

    def _take(self, data: bytes) -> None:
        start = 0
        while start + _HEAD.size <= len(data):
            watch, mask, _, size = _HEAD.unpack_from(data, start)
            name = data[start + _HEAD.size : start + _HEAD.size + size].rstrip(b"\0")
            start += _HEAD.size + size
            if mask & _OVERFLOW or watch not in self._watched:
                self.whole = False
            elif name:
                self._opened.add(self._watched[watch] / os.fsdecode(name))

    def close(self) -> None:
        """Stops watching."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            self.whole = False
