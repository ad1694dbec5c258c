"""Folders that belong to a running process. The next run removes those whose process has ended.

The process holds a lock on a file in its folder. The system releases the lock when the process ends, however it ends.
"""

import contextlib
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = ".owner"
_NAME = re.compile(r"(?P<prefix>[a-z-]*?)(?P<pid>\d+)-[0-9a-f]{12}")
_GRACE = 60  # seconds after which a folder that nobody locks is left over, whatever its process id says


class OwnedFolder:
    """A folder of this process, for its user alone."""

    def __init__(self, parent: Path, prefix: str = "") -> None:
        """Makes the folder below `parent`.

        Raises:
            OSError: it cannot be made.
        """
        self.path = parent / f"{prefix}{os.getpid()}-{os.urandom(6).hex()}"
        self.path.mkdir(mode=0o700)
        self._descriptor = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        lock(self._descriptor, wait=False)

    def close(self) -> None:
        """Removes the folder and all in it."""
        remove(self.path)
        os.close(self._descriptor)


def open_lock(place: Path) -> int:
    """Opens a file that is only there to be locked; what is damaged in its place is removed.

    Raises:
        OSError: it cannot be made.
    """
    with contextlib.suppress(OSError):
        if not stat.S_ISREG(place.lstat().st_mode):
            remove(place) if place.is_dir() and not place.is_symlink() else place.unlink()
    return os.open(place, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)


def lock(descriptor: int, *, wait: bool = True, shared: bool = False) -> bool:
    """Locks an open file against other processes; False if another process has the lock.

    On a system or file system without such locks the result is True.
    """
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def sweep(parent: Path, prefix: str = "") -> int:
    """Removes what ended processes of this user have left below a folder; returns how many folders that were."""
    swept = 0
    with contextlib.suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            named = _NAME.fullmatch(entry.name)
            if named and named["prefix"] == prefix and _is_own(entry) and _is_left(Path(entry.path), int(named["pid"])):
                remove(Path(entry.path))
                swept += 1
    return swept


def _is_own(entry: os.DirEntry[str]) -> bool:
    with contextlib.suppress(OSError):
        state = entry.stat(follow_symlinks=False)
        return stat.S_ISDIR(state.st_mode) and (os.name != "posix" or state.st_uid == os.getuid())
    return False


def _is_left(folder: Path, pid: int) -> bool:
    try:
        descriptor = os.open(folder / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return not _is_alive(pid)  # it was killed between making the folder and the lock
    except OSError:
        return False
    try:
        old = time.time() - os.fstat(descriptor).st_mtime > _GRACE
        return lock(descriptor, wait=False) and (old or not _is_alive(pid))
    finally:
        os.close(descriptor)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def remove(folder: Path) -> None:
    """Removes a folder and all below it; what cannot be removed stays."""
    for place, folders, files in os.walk(folder, topdown=False):
        with contextlib.suppress(OSError):
            Path(place).chmod(0o700)
        for name in files:
            with contextlib.suppress(OSError):
                os.unlink(os.path.join(place, name))  # noqa: PTH108, PTH118  (thousands of them)
        for name in folders:
            _remove_folder(Path(place, name))
    _remove_folder(folder)


def _remove_folder(place: Path) -> None:
    with contextlib.suppress(OSError):
        if place.is_symlink():
            place.unlink()
        else:
            place.rmdir()


@contextmanager
def own_temporary() -> Iterator[None]:
    """Has all temporary files of this process and its children in a folder that it owns, which is gone afterwards.

    Those of earlier processes that were killed are removed. Where the folder cannot be made, all is as it was.
    """
    before = os.environ.get("TMPDIR")
    parent = Path(before or "/tmp")  # what `tempfile` takes without TMPDIR
    if os.name != "posix":
        yield
        return
    sweep(parent, "lambda-slim-")
    try:
        folder = OwnedFolder(parent.absolute(), "lambda-slim-")
    except OSError:
        yield
        return
    os.environ["TMPDIR"] = str(folder.path)
    known = sys.modules.get("tempfile")
    earlier = getattr(known, "tempdir", None)
    if known is not None:
        known.tempdir = str(folder.path)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        os.environ.pop("TMPDIR")
        if before is not None:
            os.environ["TMPDIR"] = before
        if tempfile := sys.modules.get("tempfile"):
            tempfile.tempdir = earlier  # type: ignore[attr-defined]
        folder.close()
