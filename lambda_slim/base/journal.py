"""Moves several files and folders as one step: after a kill, a journal says which moves are left.

Everything new is first written beside its place. Then the journal is written, and only then do the moves begin. Each
move is atomic: a place holds the old or the new content, never less. The next run finishes the moves of a journal.
"""

import contextlib
import ctypes
import errno
import hashlib
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from lambda_slim.base.errors import PackageError, WriteError, error_text
from lambda_slim.base.files import read_regular_text
from lambda_slim.base.manifest import digest_file, take_manifest
from lambda_slim.base.owned import remove

NAME = "journal.json"
_EXCHANGE = 2  # of renameat2(2)
_HERE = -100  # AT_FDCWD


@dataclass(frozen=True, slots=True)
class PlaceMove:
    """One place that changes. Paths are absolute.

    Attributes:
        place: Where it happens.
        new: What comes there, written already; "" where the place becomes empty.
        keep: Where what was there goes; "" where it is removed.
        before: Digest of what was there, "" for nothing; see `digest_place`.
        after: Digest of what comes there, "" for nothing.
    """

    place: str
    new: str = ""
    keep: str = ""
    before: str = ""
    after: str = ""


def digest_place(place: Path) -> str:
    """What a file or folder holds, with whether its files may be executed; "" where nothing is.

    Raises:
        PackageError: it holds a pipe, a socket or a device, or cannot be read.
    """
    try:
        return _digest(place)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise PackageError(
                f"`{place.name}` cannot be read",
                cause=f"`{error.filename or place}`: {error_text(error)}",
                hint="make it readable, or build again as this user",
            ) from error
        raise PackageError(
            f"`{place.name}` holds what no package can: a pipe, a socket or a device",
            cause=f"`{error.filename}` is neither a file nor a link",
            hint="remove it, and build again",
        ) from error


def check_movable(place: Path) -> None:
    """Checks that this user may put something else in a place and keep what is there.

    Raises:
        WriteError: the file system would refuse.
    """
    near = [place, place.parent] if place.is_dir() and not place.is_symlink() else [place.parent]
    if fixed := next((folder for folder in near if not os.access(folder, os.W_OK | os.X_OK)), None):
        raise WriteError(
            f"`{place.name}` cannot be changed",
            cause=f"`{fixed}` is not writable for this user",
            hint="packages are changed where they lie: make the folder writable, or slim a copy of it",
        )


def _digest(place: Path) -> str:
    if place.is_dir():
        return take_manifest(place).content
    if not os.path.lexists(place):
        return ""
    return hashlib.sha256(digest_file(place).encode()).hexdigest()


def commit(folder: Path, moves: Iterable[PlaceMove]) -> None:
    """Makes moves, all or none as far as whoever comes next can see.

    Args:
        folder: Where the journal lies; on the file system of all places.
        moves: In the order in which they are made.

    Raises:
        WriteError: the file system refuses; `recover` finishes it or leaves it.
    """
    rows = tuple(moves)
    try:
        for row in rows:
            _keep_file(row)
        _write(folder / NAME, json.dumps([asdict(row) for row in rows], indent=1))
        for row in rows:
            _make(row)
        (folder / NAME).unlink()
    except OSError as error:
        raise WriteError(
            f"cannot change `{error.filename or folder}`",
            cause=error_text(error),
            hint="check the folder's rights and free space, and run the same command again",
        ) from error


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path names something below a folder, links above it followed; a repository may bring any path."""
    return ".." not in path.parts and path.parent.resolve().is_relative_to(folder.resolve())


def recover(folder: Path, within: Path) -> bool:
    """Finishes what a killed process had begun; what somebody has built anew since then is left alone.

    Args:
        folder: Where the journal lies.
        within: The folder that may change.

    Returns:
        Whether there was something to finish.

    Raises:
        PackageError: it is no journal of ours: it names something that lies elsewhere.
        WriteError: see `commit`.
    """
    path = folder / NAME
    try:
        rows = [PlaceMove(**row) for row in json.loads(read_regular_text(path))]
        elsewhere = _elsewhere(rows, within)
    except (OSError, ValueError, TypeError):
        return False
    if elsewhere:
        raise PackageError(
            f"`{path}` is not one that lambda-slim wrote",
            cause=f"it would change `{elsewhere}`, which lies outside of `{within}`",
            hint=f"remove `{folder}`: it came with the project or from another place",
        )
    if all(map(_is_under_way, rows)):
        for row in rows:
            _make(row)
    path.unlink()
    return True


def _elsewhere(rows: Iterable[PlaceMove], within: Path) -> str:
    """Something that moves name outside of a folder, or ""."""
    named = (name for row in rows for name in (row.place, row.new, row.keep))
    return next((name for name in named if name and not is_inside(Path(name), within)), "")


def _is_under_way(row: PlaceMove) -> bool:
    """Whether a place holds what it held or what it gets, or nothing in between."""
    now = digest_place(Path(row.place))
    return now in (row.before, row.after) or bool(not now and row.new and Path(row.new).exists())


def _write(path: Path, text: str) -> None:
    beside = path.with_suffix(".tmp")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _keep_file(row: PlaceMove) -> None:
    """A file that will be replaced gets its second name before anything moves."""
    place = Path(row.place)
    if not (row.keep and row.new and place.is_file()):
        return
    keep = Path(row.keep)
    keep.parent.mkdir(parents=True, exist_ok=True)
    keep.unlink(missing_ok=True)
    try:
        os.link(place, keep)
    except OSError:
        keep.write_bytes(place.read_bytes())


def _make(row: PlaceMove) -> None:
    """One move; of one that was made already what is left of it."""
    place, new = Path(row.place), Path(row.new) if row.new else None
    if new is None:
        if digest_place(place) == row.before:
            _take_away(place, row.keep)
        return
    if digest_place(place) != row.after:
        place.parent.mkdir(parents=True, exist_ok=True)
        _put(new, place, row.keep)
    if new.is_dir():  # it was exchanged: what was there lies here now
        _take_away(new, row.keep)


def _put(new: Path, place: Path, keep: str) -> None:
    if not place.is_dir():
        new.replace(place)
    elif not _exchanged(new, place):
        _take_away(place, keep)
        new.rename(place)


def _take_away(place: Path, keep: str) -> None:
    if keep and not os.path.lexists(keep):
        Path(keep).parent.mkdir(parents=True, exist_ok=True)
        place.rename(keep)
    elif place.is_dir() and not place.is_symlink():
        remove(place)
    else:
        with contextlib.suppress(FileNotFoundError):
            place.unlink()


def _exchanged(first: Path, second: Path) -> bool:
    """Whether two folders have changed places in one step, as Linux can."""
    if not sys.platform.startswith("linux"):
        return False
    with contextlib.suppress(OSError, AttributeError):
        call = ctypes.CDLL(None, use_errno=True).renameat2
        return bool(call(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE) == 0)
    return False
