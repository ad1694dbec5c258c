"""Runs an external program and returns its output."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.run.foreign import Disk, ForeignProgram, Limits
from lambda_slim.run.runner import run_foreign

_BUILD = Limits(0, memory_mb=8192, file_mb=8192, processes=4096)
_FORBIDDEN: list[bool] = []  # one for each `without_builds` that is open


@contextmanager
def without_builds() -> Iterator[None]:
    """A context in which uv builds nothing, so that no code of a source distribution runs."""
    _FORBIDDEN.append(True)
    try:
        yield
    finally:
        _FORBIDDEN.pop()


def _without_building(command: Sequence[str]) -> list[str]:
    """A command of uv that may only use wheels; `--no-build` takes the place of `--only-binary`."""
    words = [word for word in command if not word.startswith("--only-binary") and word != ":all:"]
    return [*words[:3], "--no-build", *words[3:]]


@dataclass(frozen=True, slots=True)
class Done:
    """A finished program."""

    code: int
    stdout: str
    stderr: str


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    timeout: float = 900,
    disk: Disk | None = None,
) -> Done:
    """Runs a program to its end; it inherits the environment unless one is given.

    Args:
        command: The program and its arguments.
        cwd: Its working directory.
        env: Its whole environment.
        stdin: What it reads.
        timeout: Seconds in which it may run or wait.
        disk: What it can write to, and it is held to what a build may use; None for a program that is ours.

    Raises:
        TimeoutError: it ran or waited longer than `timeout` seconds and was ended.
        OSError: it could not be started.
    """
    if _FORBIDDEN and list(command[1:3]) in (["pip", "install"], ["pip", "compile"]):
        command = _without_building(command)
    # A folder of its own: what a program leaves running is known by it, and must not be taken for another's.
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        own = {**(os.environ if env is None else env), "TMPDIR": folder}
        held = replace(_BUILD, seconds=timeout) if disk else Limits(timeout)
        own_disk = replace(disk, writable=(*disk.writable, Path(folder))) if disk else None
        program = ForeignProgram(command, own, cwd or Path.cwd(), stdin.encode())
        done = run_foreign(program, held, disk=own_disk)
    name = Path(command[0]).name
    if done.stopped == "time":
        message = f"{name} ran longer than {timeout:.0f} s"
        raise TimeoutError(message)
    said = done.stderr.decode("utf-8", "replace")
    if done.stopped:
        said += f"\nerror: {name} was ended: it came to its limit of {done.stopped}"
    return Done(done.code or 0, done.stdout.decode("utf-8", "replace"), said)
