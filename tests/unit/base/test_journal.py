"""Moves that are made together: at whatever moment the process is killed, the next one finishes them."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from lambda_slim.base.journal import PlaceMove, commit, digest_place, recover

ROOT = Path(__file__).parents[3]

# Dies at the nth call that touches a file.
CHILD = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from tests.unit.base.test_journal import commit, moves
from pathlib import Path
left = [int(sys.argv[3])]
def hook(name, arguments):
    if name in ("os.rename", "os.remove", "os.rmdir", "os.link", "os.mkdir", "ctypes.dlopen", "open"):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
place = Path(sys.argv[2])
rows = moves(place)
sys.addaudithook(hook)
commit(place / "aside", rows)
"""


def lay(folder):
    """A build with a package as a folder, one as a zip, one that gets another name, and a manifest: all old."""
    for name in ("fn", "asset.old"):
        (folder / name).mkdir(parents=True)
        (folder / name / "app.py").write_text("old")
    (folder / "a.zip").write_text("old")
    (folder / "manifest.json").write_text("old")
    new = folder / "aside" / "new"
    for name in ("fn", "asset.new"):
        (new / name).mkdir(parents=True)
        (new / name / "app.py").write_text("new")
    (new / "a.zip").write_text("new")
    (new / "manifest.json").write_text("new")


def moves(folder):
    aside = folder / "aside"

    def move(name, *, new=True, keep=True):
        staged = aside / "new" / name
        before, after = digest_place(folder / name), digest_place(staged) if new else ""
        kept = str(aside / "kept" / name) if keep else ""
        return PlaceMove(str(folder / name), str(staged) if new else "", kept, before, after)

    return [
        move("asset.new", keep=False),
        move("fn"),
        move("a.zip"),
        move("manifest.json"),
        move("asset.old", new=False),
    ]


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "journal.json"
    }


DONE = {
    "a.zip": "new",
    "fn/app.py": "new",
    "asset.new/app.py": "new",
    "manifest.json": "new",
    "aside/kept/a.zip": "old",
    "aside/kept/fn/app.py": "old",
    "aside/kept/asset.old/app.py": "old",
    "aside/kept/manifest.json": "old",
}


def test_all_moves_are_made_and_the_former_states_kept(tmp_path):
    lay(tmp_path)

    commit(tmp_path / "aside", moves(tmp_path))

    assert content(tmp_path) == DONE
    assert not recover(tmp_path / "aside", tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_kill_at_any_moment_loses_nothing_and_is_finished(tmp_path):
    died = finished = number = 0
    while not finished:
        place = tmp_path / str(number)
        lay(place)
        before = content(place)
        child = subprocess.run([sys.executable, "-c", CHILD, ROOT, place, str(number)], check=False)
        finished = child.returncode == 0
        assert finished or child.returncode == -signal.SIGKILL
        for name in ("fn/app.py", "a.zip", "manifest.json"):
            assert (place / name).read_text() in ("old", "new"), f"at call {number}"
        begun = recover(place / "aside", place)
        now = {name: text for name, text in content(place).items() if not name.startswith("aside/journal")}
        if begun or finished:
            assert now == DONE, f"at call {number}"
        else:
            rest = {name: text for name, text in now.items() if not name.startswith("aside/kept")}
            assert rest == before, f"at call {number}"
        died += not finished
        number += 2
    assert died > 8


def test_what_was_built_anew_since_the_kill_is_left_alone(tmp_path):
    lay(tmp_path)
    journal = json.dumps([asdict(move) for move in moves(tmp_path)])
    (tmp_path / "aside" / "journal.json").write_text(journal)
    (tmp_path / "manifest.json").write_text("built anew")

    assert recover(tmp_path / "aside", tmp_path)
    assert (tmp_path / "manifest.json").read_text() == "built anew"
    assert (tmp_path / "fn/app.py").read_text() == "old"
