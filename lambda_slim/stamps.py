"""Was this very check made before, on files that are as they were? Then its answer still holds.

A stamp is kept under the command line, the working directory, the environment that matters and lambda-slim's own
code. It names the folders and files that the answer came from, and holds a digest of their names, sizes, modification
and change times: the change time moves on every write, also on one that puts the modification time back.
Nothing is imported here that a hook would have to wait for.
"""

import json
import os
import stat
import sys
import time
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

_ENVIRONMENT = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "PYTHONIOENCODING", "PATH", "VIRTUAL_ENV", "HOME")
_PREFIXES = ("LAMBDA_SLIM_", "UV_", "PIP_")
_AS_IS = frozenset({"check", "-q", "--quiet", "--no-import", "--offline", "--exit-zero", "--allow-none"})
_VALUED = frozenset({"-F", "--function", "-C", "--directory", "--python", "--arch", "--level", "--shard", "--handler"})
_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__"})
_LONGEST = 86_400  # seconds: a runtime's end of life is a date
FRESH = 600  # seconds: as long as an unpinned resolution is reused


def replay(arguments: list[str]) -> int | None:
    """Prints an earlier answer again and gives its exit code; None where it must be made anew."""
    if not _plain(arguments):
        return None
    try:
        table = json.loads(_place(arguments).read_bytes())
        if time.time() > table["until"] or state_of(table["watched"]) != table["state"]:
            return None
        sys.stderr.write(table["told"])
        sys.stdout.write(table["text"])
        return int(table["code"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(arguments: list[str], watched: Iterable[Path], text: str, told: str, code: int, *, fresh: bool) -> None:
    """Remembers an answer; a cache that cannot be written is silently not used.

    Args:
        arguments: The command line.
        watched: Folders and files that the answer came from.
        text: What was printed.
        told: What was said on standard error.
        code: The exit code.
        fresh: The answer came from an index that may change its mind.
    """
    if not _plain(arguments):
        return
    places = sorted({str(path) for path in watched})
    until = time.time() + (FRESH if fresh else _LONGEST)
    table = {"watched": places, "state": state_of(places), "text": text, "told": told, "code": code, "until": until}
    place = _place(arguments)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary = place.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(table), "utf-8")
        temporary.replace(place)
    except OSError:
        return


def _plain(arguments: list[str]) -> bool:
    """Whether an answer depends on nothing but watched files: no output file, no git, no lock to be written."""
    if os.environ.get("GITHUB_STEP_SUMMARY") or arguments[:1] != ["check"]:
        return False
    words = iter(arguments)
    for word in words:
        if word in _VALUED:
            next(words, None)
        elif word.startswith("-") and word not in _AS_IS:
            return False
    return True


def _place(arguments: list[str]) -> Path:
    look: list[object] = [sys.stdout.isatty(), sys.stdout.encoding]
    if look[0]:
        look.append(os.get_terminal_size(sys.stdout.fileno()).columns)
    environment = sorted(
        (name, value) for name, value in os.environ.items() if name in _ENVIRONMENT or name.startswith(_PREFIXES)
    )
    key = repr((arguments, str(Path.cwd()), environment, look, sys.version, own_state()))
    return _root() / "stamps" / blake2b(key.encode(), digest_size=16).hexdigest()


def _root() -> Path:
    from lambda_slim.cache import cache_root

    return cache_root()


def own_state() -> str:
    """A digest of the state of lambda-slim's own files."""
    return state_of([str(Path(__file__).parent)])


def state_of(places: Iterable[str]) -> str:
    """A digest of names, sizes and times of everything below some places; a missing one has a state too."""
    state = blake2b(digest_size=16)
    for place in places:
        try:
            found = os.stat(place)  # noqa: PTH116  (pathlib is slower, and this runs in a hook)
        except OSError:
            state.update(f"{place}\0missing\n".encode())
            continue
        if stat.S_ISDIR(found.st_mode):
            _walk(place, state)
        else:
            state.update(_line(place, found))
    return state.hexdigest()


def _walk(folder: str, state: blake2b) -> None:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        state.update(f"{folder}\0unreadable\n".encode("utf-8", "surrogateescape"))
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            state.update(f"{entry.path}/\n".encode("utf-8", "surrogateescape"))
            if entry.name not in _SKIPPED:
                _walk(entry.path, state)
        elif entry.is_symlink():
            _link(entry, state)
        else:
            state.update(_line(entry.path, entry.stat(follow_symlinks=False)))


def _link(entry: os.DirEntry[str], state: blake2b) -> None:
    """What a link leads to; a folder behind one could be anywhere and in a circle, so nothing is the same as it."""
    try:
        found = entry.stat()
    except OSError:
        state.update(f"{entry.path}\0broken\n".encode("utf-8", "surrogateescape"))
        return
    state.update(os.urandom(8) if stat.S_ISDIR(found.st_mode) else _line(entry.path, found))


def _line(path: str, found: os.stat_result) -> bytes:
    text = f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0{found.st_ctime_ns}\0{found.st_mode}\n"
    return text.encode("utf-8", "surrogateescape")
