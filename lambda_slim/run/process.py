"""Runs an external program and gives back what it printed."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.run.runner import ForeignProgram, Limits, run_foreign


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
) -> Done:
    """Runs a program to its end; it inherits the environment unless one is given.

    Args:
        command: The program and its arguments.
        cwd: Its working directory.
        env: Its whole environment.
        stdin: What it reads.
        timeout: Seconds in which it may run or wait.

    Raises:
        TimeoutError: it ran or waited longer than `timeout` seconds and was ended.
        OSError: it could not be started.
    """
    program = ForeignProgram(command, os.environ if env is None else env, cwd or Path.cwd(), stdin.encode())
    done = run_foreign(program, Limits(timeout))
    name = Path(command[0]).name
    if done.stopped == "time":
        message = f"{name} ran longer than {timeout:.0f} s"
        raise TimeoutError(message)
    said = done.stderr.decode("utf-8", "replace")
    if done.stopped:
        said += f"\nerror: {name} was ended: it came to its limit of {done.stopped}"
    return Done(done.code or 0, done.stdout.decode("utf-8", "replace"), said)
