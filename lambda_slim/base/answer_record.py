"""What the answer of this process came from: what it has read and said, and until when it holds.

A stamp needs it, which gives the answer again where nothing has changed. What is read is seen by an audit hook, so that
no reader can be forgotten: an included file of requirements, a template beside the project, a local dependency.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lambda_slim.base.watched import Watched

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_SYSTEM = ("/proc", "/dev", "/sys")
_LISTS = frozenset({"os.scandir", "os.listdir"})


class AnswerRecord:
    """What the process has read (from when on it is recorded) and said, and until when the answer holds.

    Attributes:
        said: Lines of standard error.
        until: Seconds since 1970.
    """

    def __init__(self) -> None:
        self.said: list[str] = []
        self.until = float("inf")
        self._read: set[tuple[str, object]] = set()
        self._hooked = self._recording = False

    def start(self) -> None:
        """Records from now on what is read and said."""
        self.said.clear()
        self.until = float("inf")
        self._read.clear()
        self._recording = True
        if not self._hooked:
            self._hooked = True
            sys.addaudithook(self._note)  # it stays until the process ends

    def stop(self) -> None:
        """Records nothing more."""
        self._recording = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Does not record what is read within: a look at the state of places is no reading of them."""
        recording, self._recording = self._recording, False
        try:
            yield
        finally:
            self._recording = recording

    def ends(self, until: float) -> None:
        """The answer rests on something that holds no longer than that (seconds since 1970)."""
        self.until = min(self.until, until)

    def add(self, read: Iterable[Watched], until: float) -> None:
        """What another process has read that worked for this one, and until when that holds."""
        self._read.update(read)
        self.ends(until)

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._recording:
            return
        if event == "open":
            flags = arguments[2]
            if not (isinstance(flags, int) and flags & _WRITES):
                self._read.add(("file", arguments[0]))
        elif event in _LISTS:
            self._read.add(("flat", arguments[0]))

    def read(self, apart: Collection[str]) -> Iterator[Watched]:
        """What was read outside of some folders, of the system and of the interpreter."""
        folders = [*apart, *_SYSTEM, *_own()]
        beginnings = tuple(os.path.join(folder, "") for folder in folders)
        for how, place in [*self._read]:
            if isinstance(place, str | bytes | os.PathLike):
                path = os.path.abspath(os.fsdecode(place))
                if not path.startswith(beginnings) and path not in folders:
                    yield how, path


def _own() -> list[str]:
    """Folders of the interpreter, of lambda-slim and of this process."""
    parts = ("lib", "lib64", "bin", "include", "share")
    places = [os.path.join(prefix, part) for prefix in {sys.prefix, sys.base_prefix} for part in parts]
    temporary = os.environ.get("TMPDIR", "")
    own = os.path.basename(temporary).startswith("lambda-slim-")
    return [*places, os.path.dirname(os.path.dirname(__file__)), *([temporary] if own else [])]


RECORD = AnswerRecord()
