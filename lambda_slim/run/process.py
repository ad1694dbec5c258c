"""Runs an external program and gives back what it printed."""

import contextlib
import os
import signal
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
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    timeout: float = 900,
) -> Done:
    """Runs a program to its end; it inherits the environment unless one is given.

    Raises:
        TimeoutError: it ran longer than `timeout` seconds and was killed.
        OSError: it could not be started.
    """
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=os.name == "posix",
    ) as child:
        try:
            out, err = child.communicate(stdin, timeout=timeout)
        except subprocess.TimeoutExpired as error:
            _end(child)
            message = f"{Path(command[0]).name} ran longer than {timeout:.0f} s"
            raise TimeoutError(message) from error
        except BaseException:
            _end(child)
            raise
    return Done(child.returncode, out, err)


def _end(child: subprocess.Popen[str]) -> None:
    """Ends a child and all that it started."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()
