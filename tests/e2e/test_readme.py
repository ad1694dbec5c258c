"""The commands that the README shows work on a fresh copy, in a fresh virtual environment."""

import os
import re
import shutil
import subprocess

import pytest

from tests.e2e.conftest import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.network, pytest.mark.slow]


def commands():
    return re.findall(r"```sh\n(.*?)\n```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme") / "lambda-slim"
    ignore = shutil.ignore_patterns(".git", ".venv", "*_cache", "__pycache__", "dist")
    shutil.copytree(ROOT, folder, ignore=ignore)
    return folder


def run(command, folder):
    keep = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VIRTUAL_ENV", "PYTHONPATH", "PYTEST"))
    }
    return subprocess.run(
        command, shell=True, cwd=folder, env=keep, capture_output=True, text=True, timeout=3000, check=False
    )


def test_the_first_command_builds_the_bundled_project(copy):
    done = run(commands()[0], copy)

    assert done.returncode == 0, done.stderr
    assert "OrdersFunction" in done.stdout
    assert (copy / "dist" / "OrdersFunction.zip").stat().st_size < 8_000_000


def shape(text):
    """Words of each line; figures, which the index and the machine decide, are all alike."""
    lines = [re.sub(r"\d[\d.]*(?: (?:[KM]iB|m?s)\b)?", "N", line).split() for line in text.splitlines()]
    return [line for line in lines if line]


def test_the_first_screen_is_as_shown(copy):
    shown = re.search(r"```console\n\$ (lambda-slim .+)\n([\s\S]+?)```", (ROOT / "README.md").read_text("utf-8"))
    done = run(f".venv/bin/{shown[1]}", copy)  # the test before made the environment

    assert done.returncode == 0, done.stderr
    assert shape(done.stdout) == shape(shown[2])


@pytest.mark.timeout(3300)
def test_the_second_command_runs_the_tests(copy):
    done = run(commands()[1], copy)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert re.search(r"\d+ passed", done.stdout)
