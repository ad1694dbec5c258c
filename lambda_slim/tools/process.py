"""Runs an external program and gives back what it printed."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Done:
    """A finished program."""

    code: int
    stdout: str
    stderr: str


def run(
    command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, timeout: float = 900
) -> Done:
    """Runs a program to its end; it inherits the environment unless one is given.

    Raises:
        TimeoutError: it ran longer than `timeout` seconds and was killed.
        OSError: it could not be started.
    """
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=env,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{command[0]} ran longer than {timeout:.0f} s") from error
    return Done(done.returncode, done.stdout, done.stderr)
