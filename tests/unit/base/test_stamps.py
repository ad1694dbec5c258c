import os
import subprocess
import sys
import time

import pytest

from lambda_slim.base.stamps import keep, replay, state_of

CHECK = ["check", "-q"]
LATER = time.time() + 3600  # asked after all that the tests write


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "app.py").write_text("x = 1")
    return folder


def test_an_answer_is_given_again(project, capsys):
    assert replay(CHECK) is None
    keep(CHECK, [project], ("2 checks hold\n", "warning: old\n", 1), fresh=False, since=LATER)

    assert replay(CHECK) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("2 checks hold\n", "warning: old\n")


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "src" / "app.py").write_text("x = 2"),
        lambda folder: (folder / "src" / "new.py").touch(),
        lambda folder: (folder / "src" / "app.py").unlink(),
        lambda folder: (folder / "src" / "app.py").rename(folder / "src" / "app2.py"),
        lambda folder: (folder / "src" / "app.py").chmod(0o600),
        lambda folder: (folder / "src" / "empty").mkdir(),
    ],
)
def test_any_change_ends_it(project, change):
    keep(CHECK, [project], ("", "", 0), fresh=False, since=LATER)
    change(project)

    assert replay(CHECK) is None


def test_a_change_whose_time_was_put_back_ends_it(project):
    path = project / "src" / "app.py"
    before = path.stat()
    keep(CHECK, [project], ("", "", 0), fresh=False, since=LATER)
    path.write_text("y = 1")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert replay(CHECK) is None


def test_another_question_has_another_answer(project, monkeypatch):
    keep(CHECK, [project], ("", "", 0), fresh=False, since=LATER)

    assert replay(["check"]) is None
    monkeypatch.setenv("LAMBDA_SLIM_LEVEL", "reach")
    assert replay(CHECK) is None


@pytest.mark.parametrize(
    "arguments", [["check", "--json", "x"], ["check", "--against", "git:main"], ["check", "--update"], ["build"]]
)
def test_what_writes_or_looks_elsewhere_is_never_answered_so(project, arguments):
    keep(arguments, [project], ("", "", 0), fresh=False, since=LATER)

    assert replay(arguments) is None


def test_a_linked_folder_is_never_the_same(project):
    (project / "link").symlink_to(project / "src")

    assert state_of([str(project)]) != state_of([str(project)])


def test_an_answer_grows_old(project, monkeypatch):
    keep(CHECK, [project], ("", "", 0), fresh=True, since=LATER)
    monkeypatch.setattr("lambda_slim.base.stamps.time.time", lambda: 4e9)

    assert replay(CHECK) is None


def test_a_damaged_stamp_is_no_answer(project, tmp_path):
    keep(CHECK, [project], ("", "", 0), fresh=False, since=LATER)
    for stamp in (tmp_path / "cache" / "stamps").iterdir():
        stamp.write_text("{")

    assert replay(CHECK) is None


def test_what_changed_while_it_was_asked_is_not_remembered(project):
    keep(CHECK, [project], ("", "", 0), fresh=False, since=time.time() - 60)

    assert replay(CHECK) is None


def test_hardly_anything_is_imported_for_it():
    """A hook waits for this: `pathlib`, `json`, `typing` or `hashlib` would each double its time."""
    ask = "import sys; import lambda_slim.base.stamps as s; s.replay(['check']); print(*sorted(sys.modules))"
    plain = "import sys; print(*sorted(sys.modules))"
    loaded, before = (
        set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
        for code in (ask, plain)
    )

    assert loaded - before <= {
        "__future__",
        "_blake2",
        "lambda_slim",
        "lambda_slim.base",
        "lambda_slim.base.places",
        "lambda_slim.base.stamps",
    }
