"""The cache as a user sees it: damage is mended, leftovers go, and there is a command."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.cli import here
from tests.cli.conftest import PYTHON, ROOT
from tests.indexes import Locked, served, wheel, write_project


@pytest.fixture
def project(tool, tmp_path):
    with served({"private": {"1.0": wheel("us")}}) as indexes:
        write_project(tmp_path / "p", "poetry", Locked(indexes.url("private"), indexes.sha("private")), PYTHON)
        tool.env["UV_CACHE_DIR"] = str(tmp_path / "uv")
        yield tmp_path / "p"


def built(tool, project, *flags):
    out = project.parent / "out.zip"
    out.unlink(missing_ok=True)
    tool("build", project, "-q", "-o", out, *flags)
    return hashlib.sha256(out.read_bytes()).hexdigest()


@pytest.mark.parametrize("level", ["safe", pytest.param("reach", marks=pytest.mark.slow)])
@pytest.mark.parametrize("damage", ["flipped", "emptied"])
def test_whatever_is_damaged_is_made_again(tool, project, tmp_path, level, damage):
    """All files of the cache at once, those of the installed tree too."""
    wanted = built(tool, project, "--level", level)
    for path in (tmp_path / "cache").rglob("*"):
        if path.is_file() and path.stat().st_size:
            data = path.read_bytes()
            middle = len(data) // 2
            flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
            path.write_bytes(flipped if damage == "flipped" else b"")

    assert built(tool, project, "--level", level) == wanted


def test_files_that_were_added_to_a_tree_do_not_ship(tool, project, tmp_path):
    wanted = built(tool, project)
    (tree,) = (path.parent for path in (tmp_path / "cache/trees").rglob("internal_lib.py"))
    (tree / "sitecustomize.py").write_text("print('not asked for')\n")
    for path in (tmp_path / "cache/builds").rglob("*.zip"):
        path.unlink()

    assert built(tool, project) == wanted


@here.apart
def test_show_prune_and_verify(tool, project, tmp_path):
    built(tool, project)

    shown = json.loads(tool("cache", "--json", "-").stdout)
    assert shown["shelves"]["trees"]["entries"] == 1
    assert shown["bytes"] == sum(row["bytes"] for row in shown["entries"])
    assert "trees" in tool("cache").stdout
    assert tool("cache", "verify").stdout == "all entries are whole\n"

    (path,) = (tmp_path / "cache/trees").rglob("internal_lib.py")
    path.write_text("WHO = 'somebody else'\n")
    assert "1 damaged" in tool("cache", "verify", code=1).stdout
    assert tool("cache", "verify").stdout == "all entries are whole\n"

    tool("cache", "prune", "--all")
    assert json.loads(tool("cache", "show", "--json", "-").stdout)["entries"] == []
    assert "must be a size" in tool("cache", "prune", "--limit", "much", code=2).stderr
    assert "does not take limits" in tool("cache", "--all", code=2).stderr


@here.apart
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_what_a_killed_run_leaves_is_gone_after_the_next(tool, project, tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    (project / "app.py").open("a").write("import time\ntime.sleep(60)\n")
    command = [sys.executable, "-m", "lambda_slim", "analyze", str(project), "-q"]
    env = {**tool.env, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(temporary.rglob("app.py")) and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert list(temporary.iterdir())

    tool("cache", TMPDIR=str(temporary))

    assert [path.name for path in temporary.iterdir()] == []
    assert list((tmp_path / "cache/tmp").iterdir()) == []


def test_the_cache_is_private(tool, project, tmp_path):
    built(tool, project)

    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700
    (tmp_path / "cache").chmod(0o755)
    tool("lint", project)
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700
