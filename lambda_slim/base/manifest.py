"""Has a folder changed? A list of its files with a digest of each; files are read only where their stat differs."""

import errno
import hashlib
import marshal
import os
import stat
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.machine import usable_cores

_WORTH_THREADS = 64  # files from which a second thread pays

State = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a folder.

    Attributes:
        digests: POSIX path below the folder to the sha256 of the file's bytes (hex); of a link, of what it says.
        states: The same paths to mode, bytes, times of content and inode (ns), and inode.
    """

    digests: dict[str, str]
    states: dict[str, State]

    @property
    def content(self) -> str:
        """A digest of all paths, contents and whether each may be executed; the same wherever the folder lies."""
        rows = [(path, self.digests[path], self.states[path][0] & 0o100) for path in sorted(self.digests)]
        return hashlib.sha256(repr(rows).encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(state[1] for state in self.states.values())

    def packed(self) -> bytes:
        """The manifest as bytes; see `unpacked`."""
        return marshal.dumps((self.digests, self.states))


def unpacked(data: bytes) -> Manifest | None:
    """The inverse of `packed`, of bytes that are known to be whole; None where they are something else."""
    try:
        digests, states = marshal.loads(data)
        return Manifest(dict(digests), dict(states))
    except (ValueError, EOFError, TypeError):
        return None


def take_manifest(folder: Path) -> Manifest:
    """Reads every file of a folder.

    Raises:
        OSError: a file cannot be read.
    """
    states = dict(_states(folder, ""))
    return Manifest(_digests(folder, sorted(states)), states)


def compare(folder: Path, manifest: Manifest) -> tuple[Manifest, tuple[str, ...]]:
    """A folder against its manifest: files whose state moved are read.

    Returns:
        The manifest with the states of now, and the paths that are missing, new or of other content, sorted.
    """
    try:
        states = dict(_states(folder, ""))
    except OSError:
        return manifest, tuple(sorted(manifest.digests))
    damaged = states.keys() ^ manifest.digests.keys()
    moved = [path for path, state in states.items() if path not in damaged and state != manifest.states[path]]
    now = _readable(folder, sorted(moved))
    damaged |= {path for path in moved if now.get(path) != manifest.digests[path]}
    damaged |= {path for path in moved if (states[path][0] ^ manifest.states[path][0]) & 0o100}
    return Manifest(manifest.digests, {**manifest.states, **states}), tuple(sorted(damaged))


def digest_file(path: Path) -> str:
    """The sha256 of a file's bytes (hex); of a link, of what it says.

    Raises:
        OSError: it cannot be read.
    """
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return hashlib.sha256(os.fsencode(path.readlink())).hexdigest()
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "neither a file nor a link", str(path))
    with path.open("rb", 0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _states(folder: Path | str, prefix: str) -> Iterator[tuple[str, State]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _states(entry.path, f"{prefix}{entry.name}/")
            else:
                status = entry.stat(follow_symlinks=False)
                times = status.st_mtime_ns, status.st_ctime_ns
                kind = stat.S_IFMT(status.st_mode) | stat.S_IMODE(status.st_mode)
                yield f"{prefix}{entry.name}", (kind, status.st_size, *times, status.st_ino)


def _digests(folder: Path, paths: Sequence[str]) -> dict[str, str]:
    if len(paths) < _WORTH_THREADS:
        return {path: digest_file(folder / path) for path in paths}
    with ThreadPoolExecutor(min(8, usable_cores())) as pool:
        return dict(zip(paths, pool.map(lambda path: digest_file(folder / path), paths), strict=True))


def _readable(folder: Path, paths: Sequence[str]) -> dict[str, str]:
    """The digests of those files that can be read."""
    try:
        return _digests(folder, paths)
    except OSError:
        digests = {}
        for path in paths:
            try:
                digests[path] = digest_file(folder / path)
            except OSError:
                continue
        return digests
