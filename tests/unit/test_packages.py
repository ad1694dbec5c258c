"""Packages as folders."""

import pytest

from lambda_slim.inventory import PROJECT, File, Kind
from lambda_slim.packages import file_states, laid_out, lay_files, lay_members, link_members, written_note
from lambda_slim.shape import Member


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


@pytest.mark.parametrize(("owner", "linked"), [(PROJECT, False), ("six", True)])
def test_own_files_are_copied_so_that_a_run_cannot_change_them(tmp_path, owner, linked):
    source = tmp_path / "source.py"
    source.write_bytes(b"x")

    lay_files([File("m/s.py", source, 1, owner, Kind.SOURCE)], tmp_path / "package")

    placed = tmp_path / "package" / "m/s.py"
    assert placed.read_bytes() == b"x"
    assert placed.samefile(source) is linked


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


def test_unchanged_files_of_distributions_are_links_and_the_rest_is_written(tmp_path):
    from lambda_slim.inventory import File, Kind
    from lambda_slim.packages import lay_unchanged
    from lambda_slim.shape import Member

    tree = tmp_path / "tree"
    tree.mkdir()
    files = []
    for name, owner in (("same.py", "lib"), ("other.py", "lib"), ("app.py", "")):
        (tree / name).write_bytes(b"data")
        files.append(File(name, tree / name, 4, owner, Kind.SOURCE))
    members = [
        Member("same.py", b"data"),
        Member("other.py", b"DATA"),
        Member("app.py", b"data"),
        Member("d/n.pyc", b""),
    ]
    place = lay_unchanged(members, files, tmp_path / "task")

    assert {one.name: (place / one.name).read_bytes() for one in members} == {one.name: one.data for one in members}
    assert (place / "same.py").stat().st_ino == (tree / "same.py").stat().st_ino
    for name in ("other.py", "app.py"):
        assert (place / name).stat().st_ino != (tree / name).stat().st_ino
