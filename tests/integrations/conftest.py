"""The tools that people deploy with, each in a folder of its own that is kept; skipped where one cannot be had."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import PYTHON, ROOT

HELLO = ROOT / "integrations" / "hello"
BIN = Path(sys.executable).parent
EVENT = {"host": "bücher.example"}
ANSWER = {"host": "xn--bcher-kva.example"}
_CALL = """
import json, sys
sys.path.insert(0, sys.argv[1])
module, _, name = sys.argv[2].rpartition(".")
handler = getattr(__import__(module, fromlist=["x"]), name)
print("answer", json.dumps(handler(json.loads(sys.argv[3]), None)))
"""


def _folder(name: str) -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "lambda-slim-tools" / name


def _made(name: str, *commands: list[str]) -> Path:
    """A tool's folder; one that was not made whole is made again."""
    folder = _folder(name)
    if (folder / ".whole").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for command in commands:
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"{name} cannot be had here: {error}")
    (folder / ".whole").touch()
    return folder


def node_tool(name: str, *packages: str) -> Path:
    """The folder with the programs of packages from npm."""
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    return _made(name, ["npm", "install", "--prefix", ".", *quiet, *packages]) / "node_modules" / ".bin"


def python_tool(name: str, *packages: str) -> Path:
    """The folder with the programs of packages from the index."""
    make = ["uv", "venv", "--quiet", "--seed", "--python", sys.executable, "."]
    install = ["uv", "pip", "install", "--quiet", "--python", "bin/python", *packages]
    return _made(name, make, install) / "bin"


class Flow:
    """A project with a tool's programs on the path."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.paths = [BIN]
        foreign = ("LAMBDA_SLIM_", "GITHUB_", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        self.env |= {
            "LAMBDA_SLIM_CACHE": str(cache),
            "SAM_CLI_TELEMETRY": "0",
            "SLS_TELEMETRY_DISABLED": "1",
            "SLS_NOTIFICATIONS_MODE": "off",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def run(self, line: str, code: int = 0) -> str:
        """A line of shell."""
        path = os.pathsep.join([*map(str, self.paths), self.env["PATH"]])
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env={**self.env, "PATH": path},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, f"{line}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def call(self, package: Path, handler: str = "app.handler", event: object = EVENT) -> object:
        """What a function gives, from its package alone."""
        if package.is_file():
            folder = package.with_name(f"{package.name}-{package.stat().st_mtime_ns}")
            shutil.unpack_archive(package, folder)
            answer = self.call(folder, handler, event)
            shutil.rmtree(folder)
            return answer
        command = [sys.executable, "-I", "-S", "-B", "-c", _CALL, package, handler, json.dumps(event)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self.env, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.rpartition("answer ")[2])

    def edit(self, old: str, new: str, name: str = "app.py") -> None:
        path = self.folder / name
        path.write_text(path.read_text().replace(old, new))


def adapted(text: str) -> str:
    """An example for the Python that runs the tests."""
    return text.replace("python3.12", f"python{PYTHON}").replace("3.12", PYTHON)


def lines_of(heading: str) -> list[str]:
    """The lines for a tool, as docs/deploying.md has them."""
    text = (ROOT / "docs/deploying.md").read_text("utf-8")
    found = re.search(rf"^### {re.escape(heading)}\n+```sh\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    assert found
    return adapted(found[1]).splitlines()


def state(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, or one file."""
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    return {
        str(path): path.read_bytes() for path in paths if path.is_file() and ".lambda-slim-before" not in path.parts
    }


@pytest.fixture
def flow(tmp_path):
    folder = tmp_path / "hello"
    shutil.copytree(HELLO, folder)
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_text(adapted(path.read_text("utf-8")), "utf-8")
    return Flow(folder, tmp_path / "cache")
