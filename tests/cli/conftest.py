"""Commands as a user types them, in a process of their own, on a project that needs no index."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import here, ready

ROOT = Path(__file__).parents[2]
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
APP = "import helper\n\n\ndef handler(event, context):\n    return helper.answer(event)\n"


_PARENTS: list[ready.Parent] = []


def run(arguments, folder, env):
    """A command to its end, in a process of its own that is spared its imports where that makes no difference."""
    if not _PARENTS and hasattr(os, "fork"):
        _PARENTS.append(ready.Parent(env))
    for parent in _PARENTS:
        if parent.fits(env):
            return parent.run(arguments, folder, env)
    return start(arguments, folder, env)


def start(arguments, folder, env):
    """A command to its end, from the start of its interpreter."""
    command = [sys.executable, "-m", "lambda_slim", *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)


class Tool:
    """lambda-slim in a folder; gives back the finished process."""

    def __init__(self, folder: Path, cache: Path, *, ready: bool = False) -> None:
        self.folder = folder
        self.run = here.run if here.ASKED else run if ready else start
        foreign = ("LAMBDA_SLIM_", "GITHUB_", "PYTHONDONTWRITEBYTECODE", "COLUMNS", "FORCE_COLOR")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        self.env |= {"PYTHONPATH": str(ROOT), "LAMBDA_SLIM_CACHE": str(cache), "PYTHONUTF8": "1"}
        self.env["LAMBDA_SLIM_LEVEL"] = "safe"  # no proof where a test does not ask for one

    def __call__(self, *arguments: object, code: int = 0, **env: str) -> subprocess.CompletedProcess[str]:
        done = self.run(list(map(str, arguments)), self.folder, {**self.env, **env})
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path


@pytest.fixture
def tool(request, tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    made = Tool(folder, tmp_path / "cache", ready=getattr(request.module, "READY", False))
    made.write("lambda-slim.toml", f'python = "{PYTHON}"\n[functions]\nOne = "app.handler"\n')
    made.write(
        "app.py", "import json\nimport helper\n\n\ndef handler(event, context):\n    return helper.answer(event)\n"
    )
    made.write("helper.py", "def answer(event):\n    return {'ok': True}\n")
    return made
