"""Remembers the result of a check for as long as the files that it depends on do not change.

A stamp is kept under the command line, the working directory, the environment that matters and lambda-slim's own code.
It names the folders and files that the result came from, and holds a digest of their names, sizes, modification and
change times: the change time moves on every write, also on one that puts the modification time back. This module
imports little, because hooks wait for it.
"""

from __future__ import annotations

import marshal
import os
import os.path
import stat
import sys
import time

from lambda_slim.base.places import cache_folder

TYPE_CHECKING = False  # `typing` alone would take longer than all the rest
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

try:
    from _blake2 import blake2b  # hashlib's own, without OpenSSL, which would take longer than all the rest
except ImportError:
    from hashlib import blake2b

_ENVIRONMENT = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "PYTHONIOENCODING", "PATH", "VIRTUAL_ENV", "HOME")
_PREFIXES = ("LAMBDA_SLIM_", "UV_", "PIP_")
_AS_IS = frozenset(
    {"check", "-q", "--quiet", "--no-import", "--offline", "--allow-stale-lock", "--exit-zero", "--allow-none"}
)
_VALUED = frozenset({"-F", "--function", "-C", "--directory", "--python", "--arch", "--level", "--shard", "--handler"})
_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__"})
_LONGEST = 86_400  # seconds: a runtime's end of life is a date
_TICK = 0.02  # seconds by which a file system's clock may be behind
FRESH = 600  # seconds: as long as an unpinned resolution is reused


def replay(arguments: list[str]) -> int | None:
    """Prints an earlier answer again and gives its exit code; None where it must be made anew."""
    if not _plain(arguments):
        return None
    table = _read(_place(arguments))
    try:
        if time.time() > table["until"] or state_of(table["watched"]) != table["state"]:
            return None
        told, text, code = str(table["told"]), str(table["text"]), int(table["code"])
    except (KeyError, TypeError, ValueError):
        return None
    sys.stderr.write(told)
    sys.stdout.write(text)
    return code


def _read(place: str) -> dict[str, Any]:
    """What was kept; nothing where it is missing or damaged."""
    try:
        with open(place, "rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_uid != os.geteuid():
                return {}  # somebody else's answer
            data = file.read()
        table = marshal.loads(data[16:]) if _digest(place, data[16:]) == data[:16] else {}
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return table if isinstance(table, dict) else {}


def _digest(place: str, data: bytes) -> bytes:
    """Of an answer and of the name that it is kept under, so that no other is taken for it."""
    return blake2b(os.path.basename(place).encode() + data, digest_size=16).digest()


def keep(
    arguments: list[str], watched: Iterable[object], answer: tuple[str, str, int], *, fresh: bool, since: float
) -> None:
    """Remembers an answer; a cache that cannot be written is silently not used.

    Args:
        arguments: The command line.
        watched: Folders and files that the answer came from.
        answer: What was printed, what was said on standard error, and the exit code.
        fresh: The answer came from an index that may change its mind.
        since: When the question was asked, in seconds since 1970: what changed later may not be what was looked at.
    """
    if not _plain(arguments):
        return
    places = sorted({str(path) for path in watched})
    state, newest = _look(places)
    if newest > (since - _TICK) * 1e9:
        return
    until = time.time() + (FRESH if fresh else _LONGEST)
    text, told, code = answer
    table = {"watched": places, "state": state, "text": text, "told": told, "code": int(code), "until": until}
    place, data = _place(arguments), marshal.dumps(table)
    temporary = f"{place}.{os.getpid()}"
    try:
        os.makedirs(cache_folder(), mode=0o700, exist_ok=True)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(_digest(place, data) + data)
        os.replace(temporary, place)
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


def _place(arguments: list[str]) -> str:
    look: list[object] = [sys.stdout.isatty(), sys.stdout.encoding]
    if look[0]:
        look.append(os.get_terminal_size(sys.stdout.fileno()).columns)
    environment = sorted(
        (name, value) for name, value in os.environ.items() if name in _ENVIRONMENT or name.startswith(_PREFIXES)
    )
    key = repr((arguments, os.getcwd(), environment, look, sys.version, own_state()))
    return os.path.join(
        cache_folder(), "stamps", blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    )


def own_state() -> str:
    """A digest of the state of lambda-slim's own files."""
    return state_of([os.path.dirname(__file__)])


def state_of(places: Iterable[str]) -> str:
    """A digest of names, sizes and times of everything below some places; a missing one has a state too."""
    return _look(places)[0]


def _look(places: Iterable[str]) -> tuple[str, int]:
    """The digest, and when anything changed last, in nanoseconds since 1970."""
    lines: list[str] = []
    newest = 0
    for place in places:
        try:
            status = os.stat(place)
        except OSError:
            lines.append(f"{place}\0missing\n")
            continue
        if stat.S_ISDIR(status.st_mode):
            newest = max(newest, _walk(place, lines))
        else:
            newest = max(newest, status.st_ctime_ns)
            lines.append(_line(place, status))
    return blake2b("".join(lines).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest(), newest


def _walk(folder: str, lines: list[str]) -> int:
    """Adds a folder's lines; gives the newest change below it. A folder's own times are no matter: names are."""
    newest = 0
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        lines.append(f"{folder}\0unreadable\n")
        return newest
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            lines.append(f"{entry.path}/\n")
            if entry.name not in _SKIPPED:
                newest = max(newest, _walk(entry.path, lines))
        elif entry.is_symlink():
            lines.append(_link(entry))
        else:
            status = entry.stat(follow_symlinks=False)
            newest = max(newest, status.st_ctime_ns)
            lines.append(_line(entry.path, status))
    return newest


def _link(entry: os.DirEntry[str]) -> str:
    """What a link leads to; a folder behind one could be anywhere and in a circle, so nothing is the same as it."""
    try:
        status = entry.stat()
    except OSError:
        return f"{entry.path}\0broken\n"
    return os.urandom(8).hex() if stat.S_ISDIR(status.st_mode) else _line(entry.path, status)


def _line(path: str, status: os.stat_result) -> str:
    return f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ctime_ns}\0{status.st_mode}\n"
