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


@pytest.mark.timeout(3300)
def test_the_second_command_runs_the_tests(copy):
    done = run(commands()[1], copy)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert re.search(r"\d+ passed", done.stdout)


def test_documents_that_the_readme_names_are_there():
    for name in re.findall(r"\]\(((?:docs/)?[\w./-]+\.md)\)", (ROOT / "README.md").read_text("utf-8")):
        assert (ROOT / name).is_file(), name
