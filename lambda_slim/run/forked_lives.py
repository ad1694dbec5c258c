"""Lives of several functions that begin with the same imports: a process does these once, and forks for each life.

A life that was forked is good for one thing: to show that two packages do the same. Where it did anything but answer
every event, and wherever two of them differ, the function gets lives of its own.
"""

import contextlib
import json
import os
import shutil
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lambda_slim.base.files import text_or_nothing
from lambda_slim.formats.json_text import load_table
from lambda_slim.model.function import Function
from lambda_slim.model.run import Run, RunConditions
from lambda_slim.run.child import Ended, clean_environment, run_child
from lambda_slim.run.foreign import MOST_RECORDED, ForeignProgram
from lambda_slim.run.lambda_runtime import (
    asks_for_sdk,
    beside,
    bootstrap,
    client_name,
    kept_in_sight,
    places,
    told,
    version_in,
)
from lambda_slim.run.runtime_api import RuntimeApi
from lambda_slim.run.search_path import layer_path

Opening = tuple[tuple[str, tuple[str, ...]], ...]  # modules, with the names that are taken from each
_DIFFER = frozenset({"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_LOG_GROUP_NAME", "_HANDLER"})
_PATIENCE = 60.0  # seconds for imports, and for ending a life
_LONGEST = 6 * 3600.0  # seconds, for all lives together


def in_common(function: Function, package: Path) -> dict[str, str]:
    """The environment of a function in a package and its layers, but for what names the function."""
    layers = {"SLIM_LAYERS": os.pathsep.join(layer_path(function)), "SLIM_OPT": str(function.opt)}
    return {name: value for name, value in clean_environment(function, package).items() if name not in _DIFFER} | layers


def distributed(opening: Opening) -> list[str]:
    """The modules of an opening that are not of the standard library: what takes long to import."""
    return [name for name, _ in opening if name.partition(".")[0] not in sys.stdlib_module_names]


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where lives begin.

    Attributes:
        interpreter: A Python of the target's minor version.
        package: The unpacked package.
        opening: What is imported first.
        own: Package paths of first-party files of the full package.
    """

    interpreter: Path
    package: Path
    opening: Opening
    own: Collection[str]


class ForkedLives:
    """A process that has imported what functions begin with; it ends with this object.

    Attributes:
        usable: Whether lives can be had.
    """

    def __init__(self, beginning: Beginning, function: Function, conditions: RunConditions) -> None:
        """Starts it, and waits until the imports are done; `function` gives it its environment."""
        self.beginning, self.usable = beginning, False
        self._lives, self._read = 0, 0
        client, sdk = beside(beginning.interpreter, conditions)
        self._provided = client, sdk
        self._environment = in_common(function, beginning.package)
        self._conditions = conditions
        self.close: Callable[[], object] = lambda: None
        if client is None or not hasattr(os, "mkfifo"):
            return
        self._server = RuntimeApi(())
        self._folder = Path(tempfile.mkdtemp(prefix="lambda-slim-"))
        self._closing, self._ended = threading.Event(), threading.Event()
        os.mkfifo(self._folder / "orders")
        self._orders = os.open(self._folder / "orders", os.O_RDWR | os.O_NONBLOCK)
        asked = {"imports": beginning.opening, "own": sorted(beginning.own)}
        (self._folder / "opening.json").write_text(json.dumps(asked), "utf-8")
        program, keep = self._program(function), kept_in_sight(client, sdk, conditions)
        thread = threading.Thread(
            target=_run, args=(program, function, self._folder, keep, (self._closing, self._ended)), daemon=True
        )
        self.close = weakref.finalize(self, _close, self._closing, thread, self._server, self._orders, self._folder)
        thread.start()
        row = self._wait("ready", _PATIENCE)
        record = text_or_nothing(self._folder / "record.jsonl", MOST_RECORDED)
        self.usable = row is not None and not row["odd"] and not record
        self._there = frozenset(row["there"]) if row else frozenset()
        if not self.usable:
            self.close()

    def _program(self, function: Function) -> ForeignProgram:
        package, place = self.beginning.package, self._folder
        env = clean_environment(function, package)
        env |= places(function, self._server, self._provided, self._conditions)
        env |= {"TMPDIR": f"{place}/tmp", "SLIM_RECORD": f"{place}/record.jsonl", "SLIM_OPENING": str(place)}
        return ForeignProgram(bootstrap(self.beginning.interpreter), env, package)

    def fits(self, function: Function, conditions: RunConditions, opening: Opening) -> bool:
        """Whether a function may live from here: it begins with these imports, and finds the same environment."""
        ours = self.beginning.opening
        same = ours == opening[: len(ours)] and distributed(ours) == distributed(opening)
        conditions = replace(conditions, timeout=self._conditions.timeout)
        common = in_common(function, self.beginning.package)
        return same and conditions == self._conditions and common == self._environment

    def live(self, function: Function, events: Sequence[tuple[str, bytes]], seconds: float) -> Run | None:
        """One life; None where it did anything but answer every event, within so many seconds."""
        self._lives += 1
        record, out = (self._folder / f"{name}-{self._lives}" for name in ("record", "out"))
        whole = clean_environment(function, self.beginning.package)
        order = {"env": {name: whole[name] for name in _DIFFER}, "record": str(record), "out": str(out)}
        (self._folder / "order.json").write_text(json.dumps(order), "utf-8")
        self._server.renew(events)
        begun = time.monotonic()
        answered, ended = self._lived(seconds)
        run = self._told(record, out, time.monotonic() - begun)
        if not self.usable:
            self.close()
        return run if ended and answered and _is_plain(run, len(events)) else None

    def _lived(self, seconds: float) -> tuple[bool, bool]:
        """Has a life begin and end; whether it asked for all events, and whether it is known to have ended."""
        os.write(self._orders, b"L")
        died = self._wait("died", seconds, self._server.finished)
        answered = self._server.finished() and died is None
        os.write(self._orders, b"E")
        row = self._wait("ended", _PATIENCE)
        self.usable = row is not None and not row["left"] and self._cleared()
        return answered, row is not None

    def _told(self, record: Path, out: Path, seconds: float) -> Run:
        """What a life that has ended reported."""
        ended = Ended(None, text_or_nothing(out, MOST_RECORDED), seconds=seconds)
        run = told(self._server, ended, text_or_nothing(record, MOST_RECORDED), scratch=self._folder / "tmp")
        client, sdk = self._provided
        return replace(run, client=client_name(client), sdk=version_in(sdk, "boto3") if sdk else "")

    def _cleared(self) -> bool:
        """Removes what lives have left in /tmp; whether that was possible."""
        folder = self._folder / "tmp"
        for path in folder.iterdir():
            if path.name not in self._there:
                shutil.rmtree(path, ignore_errors=True)
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        return {path.name for path in folder.iterdir()} <= self._there

    def _wait(self, kind: str, seconds: float, until: Callable[[], bool] = lambda: False) -> dict[str, Any] | None:
        """What the process says next of a kind; None where it does not, or where something else happens first."""
        pause, end = 0.001, time.monotonic() + seconds
        while time.monotonic() < end and not until():
            lines = text_or_nothing(self._folder / "told").splitlines()
            fresh, self._read = lines[self._read :], len(lines)
            rows = [row for row in map(load_table, fresh) if row.get("kind") == kind]
            if rows or self._ended.is_set():
                return rows[0] if rows else None
            time.sleep(pause)
            pause = min(0.02, pause * 1.5)
        return None


def _is_plain(run: Run, events: int) -> bool:
    """Whether a life answered every event, without a failure that may be due to how it began."""
    answers = [answer.kind for answer in run.answers]
    return run.init_error is None and answers == ["response"] * events and not asks_for_sdk(run)


def _run(
    program: ForeignProgram,
    function: Function,
    folder: Path,
    keep: Sequence[Path],
    events: tuple[threading.Event, threading.Event],
) -> None:
    """Runs the process until it is to end, in a thread that does not hold what began it; says when it has ended."""
    closing, ended = events
    try:
        with contextlib.suppress(OSError):
            run_child(program, function, seconds=_LONGEST, folder=folder, until=closing.is_set, keep=keep)
    finally:
        ended.set()


def _close(closing: threading.Event, thread: threading.Thread, server: RuntimeApi, orders: int, folder: Path) -> None:
    """Ends the process with all of its lives, and removes what it had."""
    closing.set()
    thread.join(_PATIENCE)
    server.close()
    os.close(orders)
    shutil.rmtree(folder, ignore_errors=True)
