"""What a tree of processes uses of the machine, and how much of its time has passed."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_PROC = "/proc"


@dataclass(frozen=True, slots=True)
class Usage:
    """The resources that a tree of processes uses at one moment.

    Attributes:
        cpu: Seconds, with those of processes that have ended.
        running: Whether a thread runs, is ready to run or waits for a disk.
        resident: Bytes of memory, shared pages once for each process.
        processes: How many processes and threads there are.
    """

    cpu: float = 0.0
    running: bool = False
    resident: int = 0
    processes: int = 0


class Clock:
    """The time that a program has had: it stands still while the program is ready to run and is not let.

    A loaded machine hands out little CPU time. What a program has had is what it could use: all the time in which it
    ran or waited for something, and of the rest only the CPU time that it got.
    """

    def __init__(self, most_step: float = 0.5) -> None:
        """Counts from 0; of a step that was longer than `most_step` seconds, we ourselves were held up in the rest."""
        self.spent = 0.0
        self._cpu = 0.0
        self._most = most_step

    def tick(self, usage: Usage, elapsed: float) -> float:
        """Counts a step of `elapsed` seconds at whose end the program is as `usage` says; gives the sum."""
        used, self._cpu = max(0.0, usage.cpu - self._cpu), max(self._cpu, usage.cpu)
        self.spent += min(elapsed, used) if usage.running else min(elapsed, max(used, self._most))
        return self.spent


def look(root: int) -> Usage:
    """The resources of all processes below one; zeros if the system has no /proc."""
    cpu, running, resident, count = 0.0, False, 0, 0
    for pid in tree(root):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = _stat(f"{_PROC}/{pid}/stat")
            cpu += sum(map(int, fields[11:15])) / _TICK
            resident += int(fields[21]) * _PAGE
            states = [_stat(f"{_PROC}/{pid}/task/{task}/stat")[0] for task in _tasks(pid)]
            running = running or bool({"R", "D"} & {*states})
            count += len(states)
    return Usage(cpu, running, resident, count)


def tree(root: int) -> Iterator[int]:
    """All processes below one."""
    todo = [root]
    while todo:
        pid = todo.pop()
        with contextlib.suppress(OSError):
            for task in _tasks(pid):
                children = [int(child) for child in _read(f"{_PROC}/{pid}/task/{task}/children").split()]
                todo += children
                yield from children


def marked(variable: str) -> list[int]:
    """Processes of ours whose environment has a variable, `NAME=value`."""
    wanted = variable.encode() + b"\0"
    pids = []
    for place in Path(_PROC).glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(place.name) != os.getpid() and wanted in (place / "environ").read_bytes():
                pids.append(int(place.name))
    return pids


def _tasks(pid: int) -> list[str]:
    return os.listdir(f"{_PROC}/{pid}/task")  # noqa: PTH208  (often, and a path is slow to make)


def _stat(path: str) -> list[str]:
    """The fields of a stat file after the name of the program, state first."""
    return _read(path).rpartition(")")[2].split()


def _read(path: str) -> str:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        data = b""
        while part := os.read(descriptor, 4096):
            data += part
    finally:
        os.close(descriptor)
    return data.decode("utf-8", "replace")
