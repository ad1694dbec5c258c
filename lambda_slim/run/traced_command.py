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
from lambda_slim.base.files import text_or_nothing
from lambda_slim.run.foreign import MOST_RECORDED, Disk, ForeignProgram, Limits
from lambda_slim.run.runner import run_foreign

# What a test runner may need of the caller's environment. The rest stays behind: it may open doors.
_PASSED = re.compile(
    r"PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLUMNS|NO_COLOR|CI|VIRTUAL_ENV|LD_LIBRARY_PATH|SSL_CERT_(?:FILE|DIR)"
    r"|(?:CONDA|PYENV|ASDF|MISE|NVM|PYTEST|COVERAGE|TOX|NOX|HYPOTHESIS)_[A-Z_]+"
)
_OPENS = re.compile(r"TOKEN|SECRET|PASS|CREDENTIAL|KEY|AUTH", re.IGNORECASE)
# Tools look for what they made below the caller's home, which is not the home of the program.
_TOOLS = {
    "PYENV_ROOT": ".pyenv",
    "ASDF_DATA_DIR": ".asdf",
    "POETRY_CACHE_DIR": ".cache/pypoetry",
    "WORKON_HOME": ".local/share/virtualenvs",
    "HATCH_DATA_DIR": ".local/share/hatch",
    "UV_PYTHON_INSTALL_DIR": ".local/share/uv/python",
}
_MEMORY_MB, _FILE_MB, _PROCESSES = 8192, 4096, 4096


@dataclass(frozen=True, slots=True)
class TracedCommand:
    """How the program ended, and what was recorded (a JSON document a line)."""

    code: int | None
    late: bool
    output: str
    record: str
    stopped: str = ""  # the limit that it came to


def run_traced(command: str, source: Path, package: Path, root: Path, *, timeout: float) -> TracedCommand:
    """Runs it in a clean environment, with a home of its own; dependencies come from the package.

    Where there are namespaces, what it writes to the project's folder is thrown away afterwards.

    Raises:
        RunError: no such program.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise RunError(f"`{command}` is not a command", cause=str(error), hint="quote it as a shell does") from error
    if not words or shutil.which(words[0], path=os.environ.get("PATH", os.defpath)) is None:
        raise RunError(f"`{command}` cannot be started", cause="there is no such program", hint="is it on PATH?")
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as name:
        folder = Path(name).resolve()
        record = folder / "record.jsonl"
        for made in ("home", "tmp", "written"):
            (folder / made).mkdir()
        for script in ("sitecustomize.py", "tracer.py"):
            shutil.copyfile(str(files("lambda_slim.run.probe").joinpath(script)), folder / script)
        env = passed_environment() | {
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "PYTHONPATH": os.pathsep.join((str(folder), str(package))),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SLIM_TRACE": str(record),
            "SLIM_ROOTS": os.pathsep.join((str(package), str(source))),
            "AWS_ACCESS_KEY_ID": "lambda-slim",
            "AWS_SECRET_ACCESS_KEY": "lambda-slim",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        limits = Limits(timeout, memory_mb=_MEMORY_MB, file_mb=_FILE_MB, processes=_PROCESSES)
        disk = Disk(writable=(folder,), copied=((root, folder / "written"),))
        ended = run_foreign(ForeignProgram(words, env, root), limits, disk=disk, merged=True)
        recorded = text_or_nothing(record, MOST_RECORDED)
    said = ended.stdout.decode("utf-8", "replace")
    return TracedCommand(ended.code, ended.stopped == "time", said, recorded, ended.stopped)


def passed_environment() -> dict[str, str]:
    """The part of the caller's environment that a program of the project gets; it opens no doors."""
    env = {
        name: value
        for name, value in os.environ.items()
        if _PASSED.fullmatch(name) and not _OPENS.search(name.replace("PATH", ""))
    }
    places = {name: Path.home() / place for name, place in _TOOLS.items()}
    return {name: str(place) for name, place in places.items() if place.is_dir()} | env
