"""Fixtures are built for the Python that runs the tests, so that they can be driven on any machine."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.target import Target
from lambda_slim.run.interpreter import find_interpreter

TARGET = Target(runtimes()["python3.12"], "x86_64")
ROOT = Path(__file__).parents[2]
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
INVOKE = """
import importlib, json, os, sys
package, handler, *events = sys.argv[1:]
sys.path.insert(0, package)
os.chdir(package)
module, _, name = handler.rpartition(".")
call = getattr(importlib.import_module(module), name)
print(json.dumps([call(json.load(open(event)), None) for event in events]))
"""


class Tool:
    """lambda-slim as a user runs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: object, code: int = 0, cwd: Path | None = None, env: dict | None = None) -> str:
        command = [sys.executable, "-m", "lambda_slim", *map(str, arguments)]
        import os

        done = subprocess.run(
            command,
            cwd=cwd or self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "LAMBDA_SLIM_LEVEL": "safe", **(env or {})},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def unpack(self, archive: Path) -> Path:
        place = self.folder / f"{archive.stem}-unpacked"
        with zipfile.ZipFile(archive) as file:
            file.extractall(place)
        return place

    def invoke(self, package: Path, handler: str, events: list[Path]) -> list:
        """The handler's results in a bare interpreter that has nothing but the package."""
        command = [sys.executable, "-I", "-S", "-B", "-c", INVOKE, str(package), handler, *map(str, events)]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=False, env={"PATH": "/usr/bin:/bin"}
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def interpreter():
    """A Python of `TARGET`, where there is one."""
    place = find_interpreter(TARGET, None)
    if place is None:
        pytest.skip("no Python 3.12 here")
    return place


@pytest.fixture
def tool(tmp_path):
    return Tool(tmp_path)
