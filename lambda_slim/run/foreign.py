"""The description of a foreign program: its command, its limits, what it may write, and how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_RECORDED = 1 << 30  # bytes of what a run writes down for us


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may use; 0 for no limit.

    Attributes:
        seconds: Time in which it runs or waits; what it waits for a processor does not count.
        memory_mb: MiB of memory, all processes together.
        output_mb: MiB that it prints.
        file_mb: MiB of one file that it writes.
        processes: Processes and threads.
    """

    seconds: float
    memory_mb: int = 0
    output_mb: int = 64
    file_mb: int = 0
    processes: int = 0


@dataclass(frozen=True, slots=True)
class Disk:
    """What a program can do to the file system, where there are namespaces.

    Attributes:
        writable: Folders that it may write to; all else is read-only.
        copied: A folder that it may write to without changing it, and an empty folder for what it writes.
        private_tmp: An empty folder that stands for /tmp; None leaves /tmp as it is, and writable.
        keep: What stays visible below /tmp.
        needed: Of the places with credentials in a home those that stay visible.
        replaced: Files, each with what is seen in its place.
        shared_tmp: Whether /tmp and /var/tmp can be written where /tmp has no stand-in.
    """

    writable: tuple[Path, ...] = ()
    copied: tuple[tuple[Path, Path], ...] = ()
    private_tmp: Path | None = None
    keep: tuple[Path, ...] = ()
    needed: tuple[str, ...] = ()
    replaced: tuple[tuple[Path, Path], ...] = ()
    shared_tmp: bool = True


@dataclass(frozen=True, slots=True)
class ForeignProgram:
    """What to run.

    Attributes:
        command: The program and its arguments.
        env: The whole environment. A `TMPDIR` of its own tells its processes from those of others.
        cwd: Its working directory.
        stdin: What it reads.
    """

    command: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    stdin: bytes = b""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended.

    Attributes:
        code: Exit code, negative for a signal; None where it was stopped after its work.
        stdout: What it printed.
        stderr: The same; "" where both go to `stdout`.
        stopped: "time", "memory", "output" or "processes" where it came to a limit.
        seconds: Time that it had, as `Limits` counts it.
        private: Whether it ran in namespaces of its own.
    """

    code: int | None
    stdout: bytes
    stderr: bytes
    stopped: str = ""
    seconds: float = 0.0
    private: bool = False
