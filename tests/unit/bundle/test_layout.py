"""Packages as folders."""

import os
from pathlib import Path

import pytest

from lambda_slim.base import run_copies
from lambda_slim.bundle.layout import (
    Variants,
    file_states,
    laid_out,
    lay_bytecode,
    lay_files,
    lay_members,
    link_members,
    still,
    written_note,
)
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.member import Member


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


MEMBERS = [Member("a/b.py", b"x"), Member("run", b"#!/bin/sh", executable=True)]


def test_members_as_lambda_unpacks_them(tmp_path):
    lay_members(MEMBERS, tmp_path)

    assert content(tmp_path) == {"a/b.py": b"x", "run": b"#!/bin/sh"}
    assert (tmp_path / "run").stat().st_mode & 0o111
    assert not (tmp_path / "a/b.py").stat().st_mode & 0o111


def test_links_to_what_was_laid_before(tmp_path):
    lay_members(MEMBERS, tmp_path / "whole")

    link_members([MEMBERS[0], Member("new.py", b"n")], tmp_path / "whole", tmp_path / "part")

    assert content(tmp_path / "part") == {"a/b.py": b"x", "new.py": b"n"}


@pytest.mark.parametrize("owner", [FIRST_PARTY, "six"])
@pytest.mark.parametrize("name", ["s.py", "l.so.1", "english"])
def test_what_is_laid_out_shares_nothing_with_its_source(tmp_path, owner, name):
    """Code that runs may write to its package; what it came from, ships."""
    source = tmp_path / name
    source.write_bytes(b"x")
    source.chmod(0o755)

    lay_files([File(f"m/{name}", source, 1, owner, FileKind.DATA)], tmp_path / "package")

    placed = tmp_path / "package/m" / name
    assert placed.read_bytes() == b"x"
    assert placed.stat().st_mode & 0o111
    assert not placed.samefile(source)
    assert source.stat().st_nlink == 1


@pytest.mark.parametrize(("name", "linked"), [("s.py", True), ("english", False)])
def test_code_of_one_function_is_linked_between_its_packages(tmp_path, name, linked):
    """nltk opens no data file that has a second name."""
    lay_members([Member(f"m/{name}", b"x")], tmp_path / "package")
    link_members([Member(f"m/{name}", b"x")], tmp_path / "package", tmp_path / "again")

    assert (tmp_path / "again/m" / name).samefile(tmp_path / "package/m" / name) is linked


def stored(root, **files):
    """An installed tree in the cache."""
    tree = root / "trees/ab/abcdef/folder"
    for name, text in files.items():
        path = tree / "lib" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tree


def test_installed_trees_are_never_reached_from_a_package(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(run_copies, "_leases", {})
    tree = stored(tmp_path / "cache", a="1", b="2")
    files = [File(f"lib/{n}.py", tree / f"lib/{n}.py", 1, "lib", FileKind.SOURCE) for n in "ab"]
    lay_files(files, tmp_path / "first")
    with (tmp_path / "first/lib/a.py").open("a") as file:
        file.write("POISON")

    lay_files(files, tmp_path / "second")
    monkeypatch.setattr(run_copies, "_compared", {})  # as in another process
    os.utime(tmp_path / "first/lib/b.py", (1, 1))
    (tmp_path / "first/lib/b.py").write_text("P")
    os.utime(tmp_path / "first/lib/b.py", (run_copies.LAID_TIME, run_copies.LAID_TIME))
    lay_files(files, tmp_path / "third")

    assert (tmp_path / "second/lib/a.py").read_text() == "1"
    assert (tmp_path / "third/lib/b.py").read_text() == "2"
    assert [(tree / f"lib/{n}.py").read_text() for n in "ab"] == ["1", "2"]
    assert [(tree / f"lib/{n}.py").stat().st_nlink for n in "ab"] == [1, 1]


def test_the_folder_goes_at_the_end_whatever_happens():
    def fail():
        with laid_out() as folder:
            lay_members(MEMBERS, folder)
            seen.append(folder)
            raise KeyboardInterrupt

    seen = []
    with pytest.raises(KeyboardInterrupt):
        fail()

    assert not seen[0].exists()


def test_writing_to_its_own_folder_is_noted(tmp_path):
    lay_members(MEMBERS, tmp_path)
    before = file_states(tmp_path)
    assert written_note(before, tmp_path) == []

    (tmp_path / "cache.db").write_bytes(b"")

    assert "cache.db" in written_note(before, tmp_path)[0]


def test_unchanged_files_of_distributions_are_copied_and_the_rest_is_written(tmp_path):
    from lambda_slim.bundle.layout import lay_unchanged
    from lambda_slim.model.file import File, FileKind
    from lambda_slim.model.member import Member

    tree = tmp_path / "tree"
    tree.mkdir()
    files = []
    for name, owner in (("same.py", "lib"), ("other.py", "lib"), ("app.py", "")):
        (tree / name).write_bytes(b"data")
        files.append(File(name, tree / name, 4, owner, FileKind.SOURCE))
    members = [
        Member("same.py", b"data"),
        Member("other.py", b"DATA"),
        Member("app.py", b"data"),
        Member("d/n.pyc", b""),
    ]
    place = lay_unchanged(members, files, tmp_path / "task")

    assert {one.name: (place / one.name).read_bytes() for one in members} == {one.name: one.data for one in members}
    for name in ("same.py", "other.py", "app.py"):
        assert (place / name).stat().st_ino != (tree / name).stat().st_ino


def test_files_come_and_go_beside_the_members(tmp_path):
    lay_members(MEMBERS, tmp_path / "slim")
    files = {}
    for path in ("a/b.py", "a/c/d.py", "e/f/g.txt", "a/h.py"):
        source = tmp_path / "env" / path
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text("of the distribution")
        files[path] = File(path, source, 1, "lib", FileKind.SOURCE)
    variants = Variants(MEMBERS, tmp_path / "slim", tmp_path / "try")

    for wanted in (["a/b.py", "a/c/d.py"], ["a/c/d.py", "e/f/g.txt"], ["a/h.py"], []):
        place = variants.hold([files[path] for path in wanted])
        assert content(place).keys() == {"a/b.py", "run", *wanted}
        assert (place / "a/b.py").read_text() == "x"
    assert {path.name for path in place.iterdir()} == {"a", "run"}
    assert [path.name for path in (place / "a").iterdir()] == ["b.py"]


def test_a_run_that_writes_to_its_package_is_noted(tmp_path):
    (tmp_path / "app.py").write_text("")
    before = file_states(tmp_path)
    assert written_note(before, tmp_path) == []
    (tmp_path / "cache.json").write_text("{}")
    assert "cache.json" in written_note(before, tmp_path)[0]


def test_files_of_both_packages_are_of_the_same_age(tmp_path):
    """Last-Modified and ETag are made of it."""
    (tmp_path / "page.html").write_text("x")
    (tmp_path / "unpacked/static").mkdir(parents=True)
    (tmp_path / "unpacked/static/page.html").write_text("x")
    full = lay_files(
        [File("static/page.html", tmp_path / "page.html", 1, FIRST_PARTY, FileKind.DATA)], tmp_path / "full"
    )
    slim = lay_members([Member("static/page.html", b"x")], tmp_path / "slim")

    places = full, slim, still(tmp_path / "unpacked")
    assert len({(place / "static/page.html").stat().st_mtime_ns for place in places}) == 1
    assert (tmp_path / "page.html").stat().st_mtime_ns != (full / "static/page.html").stat().st_mtime_ns


def test_bytecode_lies_where_python_looks_for_it_and_not_in_the_package(tmp_path):
    package, cache = tmp_path / "task", tmp_path / "cache"
    package.mkdir()
    lay_bytecode({"app.py": b"1", "lib/__init__.py": b"2"}, package, cache, "cpython-312")
    lay_bytecode({"app.py": b"other", "lib/more.py": b"3"}, package, cache, "cpython-312")

    below = Path(f"{cache}{package}")
    assert {path.relative_to(below).as_posix(): path.read_bytes() for path in below.rglob("*.pyc")} == {
        "app.cpython-312.pyc": b"1",  # what is there already stays
        "lib/__init__.cpython-312.pyc": b"2",
        "lib/more.cpython-312.pyc": b"3",
    }
    assert list(package.iterdir()) == []
