import os
import subprocess
import sys
import time

import pytest

from lambda_slim import __version__
from lambda_slim.base.answer_record import RECORD
from lambda_slim.base.stamps import Stamp, own_state, replay

CHECK = ["check", "-q"]
BUILD = ["build", "-q", "-o", "dist"]


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


def keep(arguments, project, *, text="", code=0, outputs=(), meanwhile=lambda: None, how="tree", written=lambda: True):
    time.sleep(0.05)  # what was written just now cannot be told from what is written next
    stamp = Stamp(arguments)
    stamp.watch([(how, str(project))], outputs)
    meanwhile()
    stamp.keep((text, code), written)


def test_an_answer_is_given_again(project, capsys):
    assert replay(CHECK) is None
    keep(CHECK, project, text="2 checks hold\n", code=1, meanwhile=lambda: RECORD.said.append("warning: old\n"))

    assert replay(CHECK) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("2 checks hold\n", "warning: old\n")


def replaced(path, text):
    other = path.with_suffix(".new")
    other.write_text(text)
    state = path.stat()
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    other.replace(path)


CHANGES = {
    "written": lambda folder: (folder / "src" / "app.py").write_text("x = 2"),
    "added": lambda folder: (folder / "src" / "new.py").touch(),
    "removed": lambda folder: (folder / "src" / "app.py").unlink(),
    "renamed": lambda folder: (folder / "src" / "app.py").rename(folder / "src" / "app2.py"),
    "mode": lambda folder: (folder / "src" / "app.py").chmod(0o600),
    "folder": lambda folder: (folder / "src" / "empty").mkdir(),
    "link": lambda folder: (folder / "src" / "link.py").symlink_to("app.py"),
    "replaced, with its time": lambda folder: replaced(folder / "src" / "app.py", "x = 2"),
    "folder of another": lambda folder: (folder / "src").rename(folder / "old") and (folder / "src").symlink_to("old"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("how", ["tree", "whole"])
def test_any_change_ends_it(project, how, change):
    keep(CHECK, project, how=how)
    assert replay(CHECK) == 0
    change(project)

    assert replay(CHECK) is None


def test_a_change_whose_time_was_put_back_ends_it(project):
    path = project / "src" / "app.py"
    before = path.stat()
    keep(CHECK, project)
    path.write_text("y = 1")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert replay(CHECK) is None


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_while_it_was_asked_is_not_remembered(project, change):
    keep(CHECK, project, meanwhile=lambda: change(project))

    assert replay(CHECK) is None


def test_another_question_has_another_answer(project, monkeypatch):
    keep(CHECK, project)

    assert replay(["check"]) is None
    monkeypatch.setenv("LAMBDA_SLIM_LEVEL", "reach")
    assert replay(CHECK) is None


def test_any_variable_may_be_named_in_a_file_of_the_project(project, monkeypatch):
    monkeypatch.setenv("STAGE", "prod")
    keep(CHECK, project)
    monkeypatch.setenv("SHLVL", "7")
    assert replay(CHECK) == 0

    monkeypatch.setenv("STAGE", "dev")
    assert replay(CHECK) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--json", "x"],
        ["check", "--against", "git:main"],
        ["check", "--against=git:main"],
        ["check", "--update"],
        ["build", "--html", "x"],
        ["build", "-v"],
        ["build", "--format", "folder"],
        ["build", "--template", "t.yaml"],
        ["build", "--layer", "l.zip"],
        ["build", "--make"],
        ["build", "--all", "--changed", "git:main"],
        ["check", "--all", "--changed", "git:main"],
        ["check", "--all", "--update"],
        ["analyze", "--fresh"],
        ["analyze", "-i"],
        ["slim", "x"],
    ],
)
def test_what_writes_or_looks_elsewhere_is_never_answered_so(project, arguments):
    keep(arguments, project)

    assert replay(arguments) is None


def test_what_was_written_must_be_there_as_it_was(project):
    zipped = project / "dist" / "a.zip"
    zipped.parent.mkdir()
    keep(BUILD, project, outputs=[zipped], meanwhile=lambda: zipped.write_text("package"))
    assert replay(BUILD) == 0

    zipped.write_text("packagf")
    assert replay(BUILD) is None
    keep(BUILD, project, outputs=[zipped])
    zipped.unlink()
    assert replay(BUILD) is None
    keep(BUILD, project, outputs=[zipped], written=lambda: False)
    assert replay(BUILD) is None


def test_what_was_read_outside_of_the_project_counts(project, tmp_path):
    shared = tmp_path / "shared.txt"
    shared.write_text("a==1\n")
    (tmp_path / "lib").mkdir()

    def read():
        shared.read_text()
        list((tmp_path / "lib").iterdir())

    keep(CHECK, project, meanwhile=read)
    assert replay(CHECK) == 0
    shared.write_text("a==2\n")
    assert replay(CHECK) is None

    keep(CHECK, project, meanwhile=read)
    (tmp_path / "lib" / "new.py").touch()
    assert replay(CHECK) is None


def test_a_package_that_is_called_venv_is_no_environment(project):
    (project / "venv").mkdir()
    (project / "venv" / "mod.py").write_text("x = 1")
    keep(CHECK, project)
    (project / "venv" / "mod.py").write_text("x = 2")
    assert replay(CHECK) is None

    (project / "venv" / "pyvenv.cfg").touch()
    keep(CHECK, project)
    (project / "venv" / "mod.py").write_text("x = 3")
    assert replay(CHECK) == 0


def test_files_behind_a_link_count_and_a_folder_above_never_is_the_same(project, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "mod.py").write_text("x = 1")
    (project / "link").symlink_to(other)
    (project / "round").symlink_to(project / "src")
    (project / "src" / "circle").symlink_to(project / "src")
    keep(CHECK, project)
    assert replay(CHECK) == 0
    (other / "mod.py").write_text("x = 2")
    assert replay(CHECK) is None

    (project / "above").symlink_to(tmp_path)
    keep(CHECK, project)
    assert replay(CHECK) is None


def test_two_files_of_one_time_and_size_are_two(tmp_path):
    """A file system counts time in ticks of some milliseconds: what a link led to before can have the same times."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_text(f"x = '{name}'")
    (tmp_path / "now").symlink_to("a")
    keep(CHECK, tmp_path / "now")
    (tmp_path / "now").unlink()
    (tmp_path / "now").symlink_to("b")

    assert replay(CHECK) is None


def test_an_answer_holds_no_longer_than_what_it_rests_on(project):
    keep(CHECK, project, meanwhile=lambda: RECORD.ends(time.time() - 1))
    assert replay(CHECK) is None
    keep(CHECK, project, meanwhile=lambda: RECORD.ends(time.time() + 600))
    assert replay(CHECK) == 0


def test_an_answer_of_another_day_is_none(project, monkeypatch):
    keep(CHECK, project)
    later = time.time() + 86_400
    monkeypatch.setattr("lambda_slim.base.stamps.time.time", lambda: later)

    assert replay(CHECK) is None


def test_a_damaged_stamp_is_no_answer(project, tmp_path):
    keep(CHECK, project)
    for stamp in (tmp_path / "cache" / "stamps").iterdir():
        stamp.write_text("{")

    assert replay(CHECK) is None


def test_hardly_anything_is_imported_for_it():
    """A hook waits for this: `pathlib`, `json`, `typing` or `hashlib` would each double its time."""
    ask = "import sys; import lambda_slim.base.stamps as s; s.replay(['build']); print(*sorted(sys.modules))"
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
        "lambda_slim.base.watched",
    }


def test_the_state_of_an_installation_is_that_of_its_record_and_of_a_checkout_that_of_each_file(tmp_path):
    package = tmp_path / "lambda_slim"
    package.mkdir()
    module = package / "module.py"
    module.write_text("x = 1\n", "utf-8")
    checkout = own_state(str(package))
    module.write_text("x = 10\n", "utf-8")
    assert own_state(str(package)) != checkout

    record = tmp_path / f"lambda_slim-{__version__}.dist-info" / "RECORD"
    record.parent.mkdir()
    record.write_text("module.py,sha256=a,6\n", "utf-8")
    installed = own_state(str(package))
    assert own_state(str(package)) == installed
    record.write_text("module.py,sha256=b,7\n", "utf-8")
    assert own_state(str(package)) != installed
