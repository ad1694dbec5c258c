"""What first-party files hold, as one digest: read once, and again when a file's size, times or inode moved."""

import functools
import hashlib
import marshal
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from lambda_slim import __version__
from lambda_slim.base.cache import digest, load, store
from lambda_slim.base.files import Signature, file_signature
from lambda_slim.model.file import File
from lambda_slim.model.member import UNZIPPED_LIMIT

_SHELF = "contents"
TICK = 20_000_000  # nanoseconds by which a file system's clock may be behind


def content_digest(files: Sequence[File]) -> bytes:
    """A digest of the paths and contents of files, wherever they lie; of what is too large to ship, of its state."""
    begun = time.time_ns()
    states = [file_signature(file.source) for file in files]
    key = _states_key([(file.path, str(file.source)) for file in files], states)
    known = _read.get(key) or load(_SHELF, key)
    if known is None:
        known = _content(files, states)
        if max((state[2] for state in states), default=0) < begun - TICK:
            store(_SHELF, key, known)
    _read.clear()
    _read[key] = known
    return known


_read: dict[str, bytes] = {}  # the last answer: functions that share code ask for it one after the other


def _states_key(names: list[tuple[str, str]], states: list[Signature]) -> str:
    return digest(_SHELF, "1", marshal.dumps((names, states), 2))


def uninstalled(files: Iterable[File], tree: Path | None) -> tuple[File, ...]:
    """The files that no dependency tree has: the project's, also of distributions that lie in its folders."""
    inside = f"{tree}/" if tree else None
    return tuple(file for file in files if inside is None or not str(file.source).startswith(inside))


def contents_by_path(files: Sequence[File], states: Sequence[Signature]) -> dict[str, bytes]:
    """As `content_digest`, of each file; one whose state is as it was is not read again.

    Args:
        files: Some files.
        states: Their states, which were looked at just now.
    """
    begun = time.time_ns()
    place = digest(_SHELF, "by path", *(str(file.source) for file in files))
    kept: dict[str, tuple[Signature, bytes]] = marshal.loads(load(_SHELF, place) or marshal.dumps({}))
    contents = {}
    for file, state in zip(files, states, strict=True):
        old_state, old_content = kept.get(file.path, (None, b""))
        contents[file.path] = old_content if old_state == state else _content_of(file, state)
    settled = {
        file.path: (state, contents[file.path])
        for file, state in zip(files, states, strict=True)
        if state[2] < begun - TICK
    }
    if settled != kept:
        store(_SHELF, place, marshal.dumps(settled))
    return contents


def _content(files: Sequence[File], states: Sequence[Signature]) -> bytes:
    total = hashlib.sha256()
    for file, state in zip(files, states, strict=True):
        total.update(file.path.encode("utf-8", "surrogateescape") + b"\0")
        total.update(_content_of(file, state))
    return total.digest()


def _content_of(file: File, state: Signature) -> bytes:
    return repr(state).encode() if file.size > UNZIPPED_LIMIT else _file_digest(file.source)


def _file_digest(path: Path) -> bytes:
    with path.open("rb", 0) as opened:
        return hashlib.file_digest(opened, "sha256").digest()


@functools.cache
def own_code() -> str:
    """A digest of lambda-slim's own files, so that a change in it makes every build anew; the same on every machine."""
    folder = Path(__file__).parents[1]
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".toml"))
    names = [(path.relative_to(folder).as_posix(), str(path)) for path in paths]
    key = _states_key(names, [file_signature(path) for path in paths])
    known = load(_SHELF, key)
    if known is None:
        known = b"".join(name.encode() + _file_digest(path) for (name, _), path in zip(names, paths, strict=True))
        known = digest(__version__, known).encode()
        store(_SHELF, key, known)
    return known.decode()
