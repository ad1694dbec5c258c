"""Proofs that are kept: what counts as the same question."""

import shutil

import pytest

from lambda_slim.cli import main as cli
from lambda_slim.run.open_watch import OpenWatch
from lambda_slim.tasks import build_fresh as building
from lambda_slim.tasks.proof import prove as proving

LOOKS = """import os

def handler(event, context):
    try:
        open(os.environ["LAMBDA_TASK_ROOT"] + "/c.py").close()
    except OSError:
        pass
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lambda-slim.toml").write_text(
        'level = "reach"\nruntime = "python3.12"\n'
        '[functions.A]\nhandler = "a.handler"\nsource = "src"\nevents = ["event.json"]\n'
        '[functions.B]\nhandler = "b.handler"\nsource = "src"\nevents = ["event.json"]\n'
    )
    (tmp_path / "event.json").write_text("{}")
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text("def handler(event, context):\n    return 'a'\n")
    (tmp_path / "src/b.py").write_text(LOOKS)
    (tmp_path / "src/c.py").write_text("x = 1\n")
    return tmp_path


def proved(monkeypatch):
    """The functions whose packages were run by a build."""
    ran = []
    original = proving.set_up
    monkeypatch.setattr(proving, "set_up", lambda *args: ran.append(args[1].name) or original(*args))
    assert cli.run(["build", "-q"]) == 0
    return ran


@pytest.mark.e2e
def test_a_change_that_no_run_opens_and_no_package_ships_is_no_reason_to_run_again(project, monkeypatch):
    assert proved(monkeypatch) == ["A", "B"]
    (project / "src/c.py").write_text("x = 2\n")
    assert proved(monkeypatch) == ["B"]  # which opens it
    (project / "src/a.py").write_text("def handler(event, context):\n    return 'new'\n")
    assert proved(monkeypatch) == ["A"]
    (project / "src/d.py").write_text("")  # it could be listed
    assert proved(monkeypatch) == ["A", "B"]
    (project / "event.json").write_text('{"n": 1}')
    assert proved(monkeypatch) == ["A", "B"]


@pytest.mark.e2e
def test_a_cache_that_is_restored_elsewhere_is_as_good(project, tmp_path_factory, monkeypatch):
    assert proved(monkeypatch) == ["A", "B"]
    other = tmp_path_factory.mktemp("other")
    for name in ("lambda-slim.toml", "event.json", "src", "cache"):
        copy = shutil.copytree if (project / name).is_dir() else shutil.copyfile
        more = {"copy_function": shutil.copyfile} if (project / name).is_dir() else {}
        copy(project / name, other / name, **more)  # with times of their own
    zips = {path.name: path.read_bytes() for path in (project / "dist").glob("*.zip")}
    shutil.rmtree(project / "src")
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(other / "cache"))
    monkeypatch.chdir(other)
    monkeypatch.setattr(building, "plan_prepared", lambda *_, **__: pytest.fail("planned again"))
    assert proved(monkeypatch) == []
    assert {path.name: path.read_bytes() for path in (other / "dist").glob("*.zip")} == zips


def test_files_that_are_opened_are_noted_and_what_is_missed_is_told(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    watch = OpenWatch([tmp_path])
    (tmp_path / "a.txt").read_text()
    assert watch.opened() == {tmp_path / "a.txt"}
    assert watch.whole
    watch.close()
    assert not watch.whole
    missing = OpenWatch([tmp_path / "nowhere"])
    assert not missing.whole
    missing.close()


@pytest.mark.e2e
def test_a_module_that_fails_only_after_another_one_is_no_less_at_fault(tmp_path, monkeypatch, capsys):
    """Alone in a fresh process `b` loads well; after `a`, which misses a file that was left out, it does not."""
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lambda-slim.toml").write_text('level = "reach"\nruntime = "python3.12"\n')
    (tmp_path / "app.py").write_text("def handler(event, context):\n    if event:\n        import a, b\n")
    (tmp_path / "a.py").write_text(
        "import os, sys\n\nname = ''.join(reversed(['.md', 'ME', 'READ']))\n"
        "sys.missed = not os.path.exists(os.path.join(os.path.dirname(__file__), name))\n"
    )
    (tmp_path / "b.py").write_text(
        "import sys\n\nif getattr(sys, 'missed', False):\n    raise RuntimeError('missed')\n"
    )
    (tmp_path / "README.md").write_text("# Text\n")

    assert cli.run(["build", "-v", "--handler", "app.handler"]) == 0
    assert "brought back: README.md" in capsys.readouterr().out
