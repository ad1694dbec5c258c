"""A file is there whole or not at all."""

import os
import stat

import pytest

from lambda_slim.base.errors import WriteError
from lambda_slim.base.files import atomic, is_folder, is_there, write_all, write_text


def test_new_folders_are_made(tmp_path):
    write_text(tmp_path / "a" / "b.txt", "text é")

    assert (tmp_path / "a" / "b.txt").read_bytes() == "text é".encode()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_what_was_there_stays_when_the_block_fails(tmp_path, error):
    (tmp_path / "x").write_text("old")

    def fail():
        with atomic(tmp_path / "x") as file:
            file.write(b"half of the new")
            raise error

    with pytest.raises(error):
        fail()

    assert (tmp_path / "x").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_rights_are_those_that_a_new_file_gets(tmp_path):
    old = os.umask(0o027)
    try:
        write_text(tmp_path / "x", "")
    finally:
        os.umask(old)

    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640


def test_a_folder_in_the_way_is_said(tmp_path):
    with pytest.raises(WriteError, match="cannot write") as caught:
        write_text(tmp_path, "")

    assert caught.value.cause == "it is a folder"


def test_names_that_no_file_system_takes(tmp_path):
    assert is_folder(tmp_path)
    assert not is_there(tmp_path / ("x" * 300))
    assert not is_folder(tmp_path / "a\0b")


def test_several_files_are_written_all_or_none(tmp_path):
    (tmp_path / "a").write_text("old")
    (tmp_path / "taken").mkdir()

    with pytest.raises(WriteError, match="taken"):
        write_all({tmp_path / "a": b"new", tmp_path / "new" / "b": b"", tmp_path / "taken": b""})

    assert (tmp_path / "a").read_text() == "old"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "a"]


def test_links_are_followed_and_rights_kept(tmp_path):
    (tmp_path / "there").write_text("old")
    (tmp_path / "there").chmod(0o640)
    (tmp_path / "link").symlink_to("there")
    write_all({tmp_path / "link": b"new"})

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "there").stat().st_mode) == 0o640
