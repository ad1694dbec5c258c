"""Runs a program of the project's own, such as its test suite, with the tracer in every Python that it starts."""

import os
import re
import shlex
import shutil
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from lambda_slim.base.errors import RunError
from lambda_slim.run.child import run_child

_SECRET = re.compile(r"^AWS_|TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|PRIVATE_KEY|ACCESS_KEY", re.IGNORECASE)
_OURS = ("PYTHONPATH", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONOPTIMIZE")


@dataclass(frozen=True, slots=True)
class TracedCommand:
    """How the program ended, and what was recorded (a JSON document a line)."""

    code: int | None
    late: bool
    output: str
    record: str


def run_traced(command: str, source: Path, package: Path, root: Path, *, timeout: float) -> TracedCommand:
    """Runs it with the caller's environment, less what opens doors; dependencies come from the package.

    Raises:
        RunError: no such program.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise RunError(f"`{command}` is not a command", cause=str(error)) from error
    if not words or shutil.which(words[0], path=os.environ.get("PATH", os.defpath)) is None:
        raise RunError(f"`{command}` cannot be started", cause="there is no such program", hint="is it on PATH?")
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        record = Path(folder) / "record.jsonl"
        for name in ("sitecustomize.py", "tracer.py"):
            shutil.copyfile(str(files("lambda_slim.run.probe").joinpath(name)), Path(folder) / name)
        env = {name: value for name, value in os.environ.items() if not _SECRET.search(name) and name not in _OURS}
        env |= {
            "PYTHONPATH": os.pathsep.join((folder, str(package))),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SLIM_TRACE": str(record),
            "SLIM_ROOTS": os.pathsep.join((str(package), str(source))),
            "AWS_ACCESS_KEY_ID": "lambda-slim",
            "AWS_SECRET_ACCESS_KEY": "lambda-slim",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        ended = run_child(words, env=env, cwd=root, timeout=timeout)
        recorded = record.read_text("utf-8", "replace") if record.exists() else ""
    return TracedCommand(ended.code, ended.late, ended.output, recorded)
