"""Progress on stderr while a command works: nothing for quick commands, one changing line for slow ones."""

import contextlib
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator

from lambda_slim.base.answer_record import RECORD
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.text import shown

_PATIENCE = 0.5  # seconds before anything is shown
_LEAST_US = 50_000  # of a program's CPU time that -v names


def warn(message: str) -> None:
    """One line on stderr."""
    say(f"warning: {message}")


def say(message: str) -> None:
    """One line on stderr, with any names in it."""
    line = f"{shown(message)}\n"
    RECORD.said.append(line)
    sys.stderr.write(line)


@contextlib.contextmanager
def progress_on_stderr(*, quiet: bool, verbose: int) -> Iterator[Progress]:
    """A `Progress` for a command: every step with its time (-v), a spinner on a terminal, or nothing (-q, pipes)."""
    if quiet:
        yield silent
    elif verbose:
        stages = _Stages()
        yield _log(stages)
        sys.stderr.write(stages.text())
    elif not sys.stderr.isatty():
        yield silent
    else:
        with _spinner() as progress:
            yield progress


class _Stages:
    """CPU time by stage, children included; a stage is the first word of its message."""

    def __init__(self) -> None:
        from lambda_slim.run.runner import STARTED, USED

        self._spent: dict[str, float] = {}
        self._parts: dict[str, Counter[str]] = {}  # stage -> program -> CPU microseconds
        self._used, self._told = USED, Counter(USED)
        self._stage, self._begun = "starting", 0.0
        self._programs, self._before = STARTED, Counter(STARTED)

    def begin(self, message: str) -> None:
        """Ends a stage, and begins the one that a message names."""
        self._end()
        self._stage = message.rpartition(": ")[2].partition(" ")[0].rstrip(",")

    def _end(self) -> None:
        now = sum(os.times()[:4])
        self._spent[self._stage] = self._spent.get(self._stage, 0.0) + now - self._begun
        self._begun = now
        used = Counter(self._used)  # programs may end meanwhile
        self._parts.setdefault(self._stage, Counter()).update(used - self._told)
        self._told = used

    def text(self) -> str:
        """A line a stage, in the order in which they first began, with the programs that it ran for a while."""
        self._end()
        total = sum(self._spent.values())
        rows = (
            f"{spent:7.2f} s {100 * spent / (total or 1):4.0f} %  {name}{self._programs_of(name)}\n"
            for name, spent in self._spent.items()
        )
        started = ", ".join(f"{name} {count}" for name, count in sorted((self._programs - self._before).items()))
        programs = f"programs started: {started}\n" if started else ""
        return f"CPU time by stage, of {total:.2f} s with child processes:\n{''.join(rows)}{programs}"

    def _programs_of(self, stage: str) -> str:
        """The programs of a stage, the dearest first; without those that took no time to speak of."""
        rows = [f"{name} {used / 1e6:.2f} s" for name, used in self._parts[stage].most_common() if used > _LEAST_US]
        return f" ({', '.join(rows)})" if rows else ""


def _log(stages: _Stages) -> Progress:
    started = time.monotonic()

    def say(message: str) -> None:
        stages.begin(message)
        sys.stderr.write(f"{time.monotonic() - started:7.2f} s  {shown(message)}\n")

    return say


@contextlib.contextmanager
def _spinner() -> Iterator[Progress]:
    from rich.console import Console
    from rich.status import Status
    from rich.text import Text

    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        status: Status | None = None

        def say(message: str) -> None:
            nonlocal status
            if status is not None:
                status.update(Text(shown(message)))
            elif time.monotonic() - started > _PATIENCE:
                status = stack.enter_context(Console(stderr=True).status(Text(shown(message))))

        yield say
