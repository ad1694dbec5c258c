"""Writes that replace a file only when they are complete, and reads that never wait for a pipe or device."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from lambda_slim.base.errors import WriteError, error_text
from lambda_slim.base.text import decode
from lambda_slim.base.units import show_size

MOST_TEXT = 64 * 1024**2  # bytes; no template, lock, report or source is that long


@contextmanager
def atomic(path: Path) -> Iterator[IO[bytes]]:
    """A binary file that replaces `path` when the block ends well, and leaves it alone when it does not.

    Raises:
        WriteError: the folder cannot be written, or the disk is full.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(temporary).chmod(_new_mode())
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise WriteError(
            f"cannot write `{path}`",
            cause="it is a folder" if is_folder(path) else error_text(error),
            hint="check the folder's rights and free space, or choose another",
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _new_mode() -> int:
    """The mode of a new file, as the umask has it."""
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def write_text(path: Path, text: str) -> None:
    """Writes text as UTF-8 through `atomic`; bytes of names that are no text are escaped as JSON would."""
    with atomic(path) as file:
        file.write(text.encode("utf-8", "backslashreplace"))


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Writes several files, all or none: each is made beside its place first, and what was there comes back on failure.

    Links are followed and rights kept.

    Raises:
        WriteError: a folder cannot be written, or the disk is full.
    """
    made: dict[Path, Path] = {}
    done: dict[Path, bytes | None] = {}
    path = Path()
    try:
        for path, data in contents.items():
            made[path.resolve()] = _beside(path.resolve(), data)
        for path, temporary in made.items():
            old = path.read_bytes() if path.exists() else None
            temporary.replace(path)
            done[path] = old
    except OSError as error:
        for place, before in done.items():
            _restore(place, before)
        cause = error_text(error)
        raise WriteError(
            f"cannot write `{path}`", cause=cause, hint="check the folder's rights; nothing was changed"
        ) from error
    finally:
        for temporary in made.values():
            temporary.unlink(missing_ok=True)


def _beside(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else _new_mode())
    return Path(temporary)


def _restore(path: Path, before: bytes | None) -> None:
    with suppress(OSError):
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


Signature = tuple[int, int, int, int]


def file_signature(path: Path) -> Signature:
    """What changes whenever a file's content does: size, times of content and inode, inode."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0, 0, 0
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def repository(root: Path) -> Path:
    """The folder with `.git` at or above a folder; its own where there is none."""
    own = root.resolve()
    return next((folder for folder in (own, *own.parents) if is_there(folder / ".git")), own)


def in_repository(root: Path) -> str:
    """A folder's path below its repository's; "" where they are one."""
    return root.resolve().relative_to(repository(root)).as_posix().removeprefix(".")


def first_file(folder: Path, names: Iterable[str]) -> Path | None:
    """The first of some files that is in a folder."""
    return next((folder / name for name in names if (folder / name).is_file()), None)


def is_there(path: Path) -> bool:
    """Whether something has this name; a name that no file system takes has nothing."""
    try:
        return path.exists()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether a folder has this name; see `is_there`."""
    return is_there(path) and path.is_dir()


class OddFileError(OSError):
    """Something from outside that is no regular file, or is too long."""


def read_regular(path: Path, most: int = MOST_TEXT) -> bytes:
    """The bytes of a file from outside: never of a pipe or a device, never more than `most`.

    Raises:
        OSError: it cannot be read; an `OddFileError` where it is no regular file or longer than `most`.
    """
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(number, "rb") as file:
        status = os.fstat(number)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
        if not stat.S_ISREG(status.st_mode):
            raise OddFileError(errno.EINVAL, "it is a pipe or a device, not a file", str(path))
        data = file.read(status.st_size + 1) if status.st_size <= most else b""  # `most` would be allocated at once
        if len(data) > status.st_size:  # it grows, or is of a kernel that knows no sizes
            data += file.read(most + 1 - len(data))
    if max(status.st_size, len(data)) > most:
        raise OddFileError(errno.EFBIG, f"it is longer than {show_size(most)}", str(path))
    return data


def read_regular_text(path: Path, most: int = MOST_TEXT) -> str:
    """As `read_regular`, in the encoding that the file says; see `decode`.

    Raises:
        OSError: see `read_regular`.
        ValueError: it is no text of that encoding; the message names it.
    """
    return decode(read_regular(path, most))


def read_loosely(path: Path, most: int = MOST_TEXT) -> str:
    """As `read_regular_text`; of what is no text, what can be made out of it.

    Raises:
        OSError: see `read_regular`.
    """
    data = read_regular(path, most)
    try:
        return decode(data)
    except ValueError:
        return data.decode("utf-8", "replace")


def text_or_nothing(path: Path, most: int = MOST_TEXT) -> str:
    """As `read_loosely`; "" of what cannot be read, which may be what foreign code has put in a file's place."""
    with suppress(OSError):
        return read_loosely(path, most)
    return ""


def is_odd(path: Path) -> bool:
    """Whether something is at a path that is no file or folder: a pipe, a device, a link that leads nowhere."""
    return os.path.lexists(path) and not path.is_file() and not path.is_dir()
