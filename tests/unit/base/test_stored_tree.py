"""Trees that are looked at before they are used."""

import os
import random
import shutil
import threading

import pytest

from lambda_slim.base.manifest import compare, take_manifest, unpacked
from lambda_slim.base.stored_tree import ensure_tree, is_whole, open_tree

FILES = {
    "a/__init__.py": b"A = 1\n",
    "a/data.bin": bytes(range(256)) * 9,
    "b.py": b"",
    "b-1.dist-info/RECORD": b"b.py,,\n",
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache/trees/ab/abcd"


def ensure(place, made=None, *, usable=True, files=None):
    made = [] if made is None else made

    def make(folder):
        made.append("made")
        for name, data in (files or FILES).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)

    return ensure_tree(place, lambda _: usable, make, lambda: made.append("damaged"))


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_made_once(place):
    made = []
    first, second = ensure(place, made), ensure(place, made)

    assert made == ["made"]
    assert first.folder == second.folder
    assert content(first.folder) == FILES


def flip(path):
    data = bytearray(path.read_bytes() or b"\0")
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def same_size_and_times(path):
    """As a disk that lies, or someone who hides it: only the inode's own time moves."""
    state = path.stat()
    flip(path)
    if path.stat().st_size != state.st_size:
        path.write_bytes(b"x" * state.st_size)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


DAMAGES = {
    "emptied": lambda path: path.write_bytes(b"") if path.stat().st_size else path.write_bytes(b"x"),
    "flipped": flip,
    "same size and times": same_size_and_times,
    "removed": lambda path: path.unlink(),
    "longer": lambda path: path.open("ab").write(b"more"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a link": lambda path: (path.unlink(), path.symlink_to("/etc/hostname")),
    "a new file beside it": lambda path: path.with_name("new.py").write_bytes(b"evil = 1\n"),
    "executable": lambda path: path.chmod(0o755),
    "replaced by another": lambda path: shutil.copy(path.parent / ".." / "b.py", path),
}


@pytest.mark.parametrize("name", ["a/__init__.py", "a/data.bin", "b-1.dist-info/RECORD"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_tree_is_made_again(place, name, damage):
    made = []
    tree = ensure(place, made)
    DAMAGES[damage](tree.folder / name)

    assert not is_whole(tree.folder)
    assert open_tree(place) is None
    again = ensure(place, made)
    assert made == ["made", "damaged", "made"]
    assert content(again.folder) == FILES
    assert again.content == tree.content


def test_times_that_moved_alone_are_no_damage(place):
    """As when a CI system restores its cache."""
    made = []
    tree = ensure(place, made)
    for path in tree.folder.rglob("*"):
        os.utime(path, (1, 1))

    assert ensure(place, made).folder == tree.folder
    assert made == ["made"]


def test_a_copy_of_a_cache_is_as_good(place, tmp_path, monkeypatch):
    tree = ensure(place)
    shutil.copytree(tmp_path / "cache", tmp_path / "copy")
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "copy"))
    made = []

    assert ensure(tmp_path / "copy/trees/ab/abcd", made).content == tree.content
    assert made == []


def test_every_damage_of_what_is_kept_about_a_tree(place):
    tree = ensure(place)
    notes = {path: path.read_bytes() for path in (place / "made", place / f"{tree.folder.name}.manifest")}
    dice = random.Random(1)
    for path, data in notes.items():
        for number in range(60):
            at = dice.randrange(len(data))
            path.write_bytes(data[:at] if number % 2 else data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
            assert open_tree(place) is None
        path.write_bytes(data)
    assert open_tree(place) is not None


@pytest.mark.parametrize("name", ["made", "lock", "used", "manifest"])
@pytest.mark.parametrize("what", ["folder", "link", "pipe"])
def test_something_else_in_the_place_of_a_file_is_mended(place, name, what):
    tree = ensure(place)
    path = place / (f"{tree.folder.name}.manifest" if name == "manifest" else name)
    path.unlink()
    {"folder": path.mkdir, "link": lambda: path.symlink_to("/proc/self"), "pipe": lambda: os.mkfifo(path)}[what]()
    if what == "folder":
        (path / "x").write_text("")
    (tree.folder / "b.py").write_text("damaged")

    assert content(ensure(place).folder) == FILES
    assert open_tree(place) is not None


def test_an_entry_in_the_place_of_another_is_none(place):
    ensure(place)
    other = place.with_name("abce")
    shutil.copytree(place, other)

    assert open_tree(other) is None


def test_the_same_again_keeps_its_files_and_other_content_takes_their_place(place):
    tree = ensure(place)
    inode = (tree.folder / "b.py").stat().st_ino

    again = ensure(place, usable=False)
    assert (again.folder, (again.folder / "b.py").stat().st_ino) == (tree.folder, inode)

    newer = ensure(place, usable=False, files={**FILES, "b.py": b"new"})
    assert newer.content != tree.content
    assert content(newer.folder)["b.py"] == b"new"
    assert not tree.folder.exists()
    assert {path.name for path in place.iterdir()} == {
        "lock",
        "used",
        "made",
        newer.folder.name,
        f"{newer.folder.name}.manifest",
    }


def test_many_at_once_make_it_once(place):
    made, trees = [], []
    threads = [threading.Thread(target=lambda: trees.append(ensure(place, made))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == ["made"]
    assert len({tree.folder for tree in trees}) == 1


def test_a_failure_leaves_nothing(place, tmp_path):
    def fail(folder):
        (folder / "half").write_text("x")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure_tree(place, lambda _: True, fail, lambda: None)

    assert open_tree(place) is None
    assert not list((tmp_path / "cache").rglob("half"))


def test_a_manifest_and_back(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b").write_text("x")
    (tmp_path / "a/link").symlink_to("b")
    manifest = take_manifest(tmp_path)

    assert unpacked(manifest.packed()) == manifest
    assert compare(tmp_path, manifest) == (manifest, ())
    assert unpacked(b"nonsense") is None
    os.mkfifo(tmp_path / "a/pipe")
    assert compare(tmp_path, manifest)[1] == ("a/pipe",)
