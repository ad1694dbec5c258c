"""Folders of processes, and what is left of those that were killed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from lambda_slim.base.owned import OwnedFolder, own_temporary, remove, sweep

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
HOLD = """
import sys, time
from pathlib import Path
from lambda_slim.base.owned import OwnedFolder
folder = OwnedFolder(Path(sys.argv[1]), "x-")
(folder.path / "data").write_text("x" * 1000)
print(folder.path.name, flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    child.stdout.readline()
    yield child
    child.kill()
    child.wait()


def test_the_folder_of_a_running_process_stays_and_that_of_a_killed_one_goes(tmp_path, holder):
    assert sweep(tmp_path, "x-") == 0
    assert len(list(tmp_path.iterdir())) == 1

    holder.send_signal(signal.SIGKILL)
    holder.wait()

    assert sweep(tmp_path, "x-") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_was_killed_before_it_took_the_lock(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True, text=True
    )
    left = tmp_path / f"x-{done.stdout.strip()}-0123456789ab"
    left.mkdir()
    alive = tmp_path / f"x-{os.getpid()}-0123456789ab"
    alive.mkdir()

    assert sweep(tmp_path, "x-") == 1
    assert list(tmp_path.iterdir()) == [alive]


def test_what_has_another_name_or_is_no_folder_is_left_alone(tmp_path):
    for name in ("x-1", "y-999999-0123456789ab", "x-999999-0123456789ab.txt", "pip-999999-0123456789ab"):
        (tmp_path / name).mkdir()
    (tmp_path / "x-999999-0123456789ab").write_text("a file")
    (tmp_path / "x-999998-0123456789ab").symlink_to(tmp_path / "x-1")
    before = set(tmp_path.iterdir())

    assert sweep(tmp_path, "x-") == 0
    assert set(tmp_path.iterdir()) == before


def test_folders_that_cannot_be_entered_and_links_are_removed(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/kept").write_text("x")
    inner = tmp_path / "folder/inner"
    inner.mkdir(parents=True)
    (inner / "file").write_text("x")
    (inner / "link").symlink_to(tmp_path / "outside")
    inner.chmod(0o500)

    remove(tmp_path / "folder")

    assert not (tmp_path / "folder").exists()
    assert (tmp_path / "outside/kept").exists()


def test_temporary_files_are_in_one_folder_that_goes(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)

    with own_temporary():
        made = tempfile.mkdtemp()
        command = [sys.executable, "-c", "import tempfile; print(tempfile.mkdtemp())"]
        child = subprocess.run(command, capture_output=True, check=True)
        own = Path(os.environ["TMPDIR"])
        assert Path(made).parent == own
        assert Path(child.stdout.decode().strip()).parent == own
        assert own.stat().st_mode & 0o777 == 0o700

    assert os.environ["TMPDIR"] == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_old_folder_whose_process_id_another_process_has_now(tmp_path):
    left = tmp_path / f"x-{os.getpid()}-0123456789ab"
    left.mkdir()
    (left / ".owner").touch()
    assert sweep(tmp_path, "x-") == 0

    os.utime(left / ".owner", (time.time() - 100,) * 2)

    assert sweep(tmp_path, "x-") == 1


def test_it_is_removed_when_it_is_closed(tmp_path):
    folder = OwnedFolder(tmp_path)
    (folder.path / "a").mkdir()
    folder.close()

    assert list(tmp_path.iterdir()) == []
