"""Runs one of our modules in a separate process, so that its memory is freed and its crash ends nothing else."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from lambda_slim.run.foreign import ForeignProgram, Limits
from lambda_slim.run.runner import run_foreign

_DAY = 86_400.0


def run_own(module: str, given: bytes, until: Callable[[], bool]) -> tuple[bytes, str]:
    """Runs a module that reads its standard input and writes its answer to the file that its argument names.

    Args:
        module: Its dotted name.
        given: What it reads.
        until: Looked at often; when true, it is ended.

    Returns:
        The answer, empty where there is none; and the last lines that it printed.
    """
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        answer = Path(folder) / "answer"
        command = [sys.executable, "-P", "-m", module, str(answer)]
        program = ForeignProgram(command, {**os.environ, "TMPDIR": folder}, Path.cwd(), given)
        done = run_foreign(program, Limits(_DAY), until=until, merged=True, private=False)
        said = done.stdout.decode("utf-8", "replace").strip()
        if done.stopped or (done.code and not said):
            said = f"{said}\nit ended with {done.stopped or done.code}".strip()
        return (answer.read_bytes() if answer.is_file() else b""), said[-600:]
