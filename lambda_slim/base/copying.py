"""Copies of files that share nothing with their source but, where the file system can, the blocks on disk."""

import contextlib
import os
import stat
from pathlib import Path

_CLONE = 0x40049409  # FICLONE of linux/fs.h: the copy gets the source's blocks until one of the two is written to
_unable: set[int] = set()  # devices that cannot clone


def clone_file(source: Path, place: Path) -> bool:
    """Makes `place` a clone of `source`, which costs no data; False where the file system cannot, and nothing is made.

    Raises:
        OSError: the source cannot be read, or the place is taken or cannot be written.
    """
    with source.open("rb", 0) as given:
        state = os.fstat(given.fileno())
        if state.st_dev in _unable:
            return False
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IMODE(state.st_mode))
        try:
            import fcntl

            fcntl.ioctl(handle, _CLONE, given.fileno())
        except (ImportError, OSError):
            place.unlink()
            if state.st_size:
                _unable.add(state.st_dev)
            return False
        finally:
            os.close(handle)
    return True


def copy_file(source: Path, place: Path) -> None:
    """Makes `place` a copy of `source` with its rights: a clone where the file system can.

    Raises:
        OSError: the source cannot be read, or the place is taken or cannot be written.
    """
    if clone_file(source, place):
        return
    with source.open("rb", 0) as given:
        state = os.fstat(given.fileno())
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IMODE(state.st_mode))
        try:
            while data := given.read(1 << 22):
                _write(handle, data)
        except BaseException:
            with contextlib.suppress(OSError):
                place.unlink()
            raise
        finally:
            os.close(handle)


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]
