"""Gives the answer of an earlier run again for as long as nothing that it came from has changed.

A stamp is kept under the command line, the working directory, the environment, the day, and the state of lambda-slim's
own code and of the folders that it imports from. It names the files and folders that the answer came from and those
that the command has written, and holds a digest of their names, sizes, times and inodes: the change time moves on every
write, also on one that puts the modification time back. This module imports little, because hooks wait for it.
"""

from __future__ import annotations

import marshal
import os
import os.path
import sys
import time

from lambda_slim import __version__
from lambda_slim.base.places import cache_folder
from lambda_slim.base.watched import blake2b, is_seen, look

TYPE_CHECKING = False  # `typing` alone would take longer than all the rest
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from lambda_slim.base.watched import Watched

# Variables of a shell, a terminal or a hook that differ from run to run and say nothing of the project.
_PASSING = frozenset(
    {
        "GIT_AUTHOR_DATE",
        "GIT_EDITOR",
        "GIT_EXEC_PATH",
        "GIT_INDEX_FILE",
        "GIT_PREFIX",
        "GIT_REFLOG_ACTION",
        "OLDPWD",
        "SHLVL",
        "SSH_CLIENT",
        "SSH_CONNECTION",
        "SSH_TTY",
        "TERM_SESSION_ID",
        "WINDOWID",
        "XDG_SESSION_ID",
        "_",
    }
)
_SWITCHES = {
    "check": {"--all", "--no-import", "--exit-zero", "--allow-none"},
    "build": {"--all", "--release", "--no-strip", "--no-guard", "--spare", "--no-verify", "--stub-aws", "--dry-run"},
    "analyze": {"--no-import"},
}
_OF_BOTH = ("-e", "--event", "--startup", "--interpreter")
_VALUED = {
    "check": {"-j", "--jobs", "--shard", "--against"},
    "build": {
        "-j",
        "--jobs",
        "-o",
        "--output",
        "--bytecode",
        "--sdk",
        "--keep",
        "--exclude",
        "--allow-secret",
        "--trace",
        *_OF_BOTH,
    },
    "analyze": {"--runs", "--top", "--sort", *_OF_BOTH},
}
_SWITCHES_OF_ALL = {"-q", "--quiet", "--offline", "--allow-stale-lock"}
_VALUED_OF_ALL = {"-F", "--function", "-C", "--directory", "--config", "--python", "--arch", "--level", "--handler"}
_TICK = 0.02  # seconds by which a file system's clock may be behind
_MOST = 20_000  # files and folders outside of the project: looking at more would take too long
_DAY = 86_400  # seconds: a runtime's end of life is a date


class Stamp:
    """The answer of one command line, from the first look at what it depends on until it is kept."""

    def __init__(self, arguments: list[str]) -> None:
        """Begins to record what is read, where the answer may be kept at all."""
        self._since = time.time()
        self._watched: list[Watched] = []
        self._outputs: list[str] = []
        self._before = self._place = ""
        self.usable = _is_plain(arguments)
        if self.usable:
            from lambda_slim.base.answer_record import RECORD

            self._place = _place(arguments)
            RECORD.start()

    def watch(self, watched: Iterable[Watched], outputs: Iterable[object] = ()) -> None:
        """Looks at what the answer will come from.

        Args:
            watched: How and where; what is read besides is found by itself.
            outputs: Files that the command writes.
        """
        if not self.usable:
            return
        from lambda_slim.base.answer_record import RECORD

        self._outputs = sorted({os.path.abspath(str(path)) for path in outputs})
        self._watched = sorted({(how, os.path.abspath(str(path))) for how, path in watched})
        with RECORD.paused():
            self._before, _ = look(self._watched, self._outputs, _caches())

    def keep(self, answer: tuple[str, int], written: Callable[[], bool] = lambda: True, *, said: str = "") -> None:
        """Remembers an answer, unless something has changed meanwhile; a cache that cannot be written is not used.

        Args:
            answer: What was printed, and the exit code.
            written: Whether the outputs are what they should be.
            said: What the command would say on standard error, in place of what it has said.
        """
        if not self.usable:
            return
        from lambda_slim.base.answer_record import RECORD

        RECORD.stop()
        try:
            table = self._table(answer, written, said)
        except OSError:
            return
        if table is not None:
            _write(self._place, marshal.dumps(table))

    def _read_besides(self) -> Iterator[Watched]:
        """What was read and is not below a tree that is watched."""
        from lambda_slim.base.answer_record import RECORD

        trees = [path for how, path in self._watched if how in ("tree", "whole")]
        for how, path in RECORD.read([cache_folder()]):
            if not any(is_seen(path, tree) for tree in trees):
                yield how, path

    def _table(self, answer: tuple[str, int], written: Callable[[], bool], said: str) -> dict[str, Any] | None:
        from lambda_slim.base.answer_record import RECORD

        every = sorted({*self._watched, *self._read_besides()})
        state, newest = look(every, self._outputs, _caches())
        if len(every) > _MOST or newest > (self._since - _TICK) * 1e9:
            return None
        if look(self._watched, self._outputs, _caches())[0] != self._before:
            return None
        outputs = [("file", path) for path in self._outputs]
        _wait_for_a_tick(look(outputs)[1])
        made = look(outputs)
        if not written() or look(outputs) != made:
            return None
        text, code = answer
        return {
            "watched": every,
            "outputs": self._outputs,
            "state": state,
            "made": made[0],
            "text": text,
            "told": said or "".join(RECORD.said),
            "code": int(code),
            "until": RECORD.until,
        }


def _wait_for_a_tick(changed: int) -> None:
    """Waits until a later change has another time."""
    while time.time() < changed / 1e9 + _TICK <= time.time() + 3:
        time.sleep(_TICK)


def replay(arguments: list[str]) -> int | None:
    """Prints an earlier answer again and gives its exit code; None where it must be made anew."""
    if not _is_plain(arguments):
        return None
    table = _read(_place(arguments))
    try:
        if time.time() > table["until"] or look(table["watched"], table["outputs"], _caches())[0] != table["state"]:
            return None
        if look([("file", path) for path in table["outputs"]])[0] != table["made"]:
            return None
        told, text, code = str(table["told"]), str(table["text"]), int(table["code"])
    except (KeyError, TypeError, ValueError, OSError):
        return None
    return _say(told, text, code) if (told + text).isascii() or _is_unicode() else None


def _is_unicode() -> bool:
    """Whether all that is printed can be shown as it is."""
    encodings = (sys.stdout.encoding, sys.stderr.encoding)
    return all(name.lower().replace("-", "").startswith("utf") for name in encodings)


def _say(told: str, text: str, code: int) -> int:
    try:
        sys.stderr.write(told)
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left in the buffer has nowhere to go
        return 0
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


def _write(place: str, data: bytes) -> None:
    temporary = f"{place}.{os.getpid()}"
    try:
        os.makedirs(cache_folder(), mode=0o700, exist_ok=True)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(_digest(place, data) + data)
        os.replace(temporary, place)
    except OSError:
        return


def _digest(place: str, data: bytes) -> bytes:
    """Of an answer and of the name that it is kept under, so that no other is taken for it."""
    return blake2b(os.path.basename(place).encode() + data, digest_size=16).digest()


def _is_plain(arguments: list[str]) -> bool:
    """Whether an answer depends on nothing but files: no other file is written, no git is asked, nothing is timed."""
    command = arguments[0] if arguments else ""
    if command not in _SWITCHES or os.environ.get("GITHUB_STEP_SUMMARY") or None in (sys.stdout, sys.stderr):
        return False
    switches, valued = _SWITCHES[command] | _SWITCHES_OF_ALL, _VALUED[command] | _VALUED_OF_ALL
    words = iter(arguments[1:])
    return all(_is_plain_word(word, words, switches, valued) for word in words)


def _is_plain_word(word: str, rest: Iterator[str], switches: set[str], valued: set[str]) -> bool:
    """Whether a flag is one of those; takes its value from the words that follow."""
    name, equals, value = word.partition("=")
    if name not in valued:
        return not word.startswith("-") or word in switches
    if not equals:
        value = next(rest, "")
    return name != "--against" or value in ("lock", "none")


def _place(arguments: list[str]) -> str:
    shown: list[object] = [sys.stdout.isatty(), sys.stderr.isatty(), sys.stdout.encoding]
    if shown[0]:
        shown.append(os.get_terminal_size(sys.stdout.fileno()).columns)
    environment = sorted((name, value) for name, value in os.environ.items() if name not in _PASSING | {"TMPDIR"})
    day = int(time.time() // _DAY)
    key = repr((arguments, os.getcwd(), environment, shown, day, sys.version, own_state(), _imports()))
    return os.path.join(
        cache_folder(), "stamps", blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    )


def own_state(package: str = os.path.dirname(os.path.dirname(__file__))) -> str:
    """A digest of the state of lambda-slim's own code.

    An installer writes RECORD anew with every installation, so one file tells the state of all where it lies beside the
    package. A checkout has none there, and each of its files is looked at.

    Args:
        package: The folder of the code.
    """
    record = os.path.join(os.path.dirname(package), f"lambda_slim-{__version__}.dist-info", "RECORD")
    installed = os.path.isfile(record)
    return look([("file", record), ("self", package)] if installed else [("tree", package)])[0]


def _imports() -> str:
    """A digest of the names in the folders that Python imports from; those of distributions have their version."""
    here = os.getcwd()
    return look([("names", path) for path in sys.path if path and os.path.abspath(path) != here])[0]


def _caches() -> list[str]:
    """Folders that CI systems put into projects: our cache, uv's, pip's, all."""
    named = (os.environ.get(name) for name in ("UV_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME"))
    return [cache_folder(), *(os.path.abspath(os.path.expanduser(text)) for text in named if text)]
