"""Code and files of this user that cannot be read stop a build, data of others does not."""

import os

import pytest

from lambda_slim.base.errors import PackageError
from lambda_slim.inputs.unreadable import refuse_file, refuse_folder
from lambda_slim.model.file import FileKind

DENIED = PermissionError(13, "Permission denied")


@pytest.mark.parametrize(("path", "named"), [("code/inner", "code/inner"), ("", None)])
def test_a_folder_of_this_user_may_hold_code(tmp_path, path, named):
    with pytest.raises(PackageError) as raised:
        refuse_folder(path, str(tmp_path), DENIED)

    assert raised.value.message == f"`{named or tmp_path}` cannot be read"
    assert "chmod +rx" in raised.value.hint


@pytest.mark.parametrize("error", [FileNotFoundError(2, "No such file"), OSError(5, "Input/output error")])
def test_a_folder_that_is_gone_or_broken_is_not_about_rights(tmp_path, error):
    refuse_folder("code", str(tmp_path), error)
    refuse_folder("code", str(tmp_path / "gone"), DENIED)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder away")
def test_a_folder_of_another_user_is_data(tmp_path):
    other = tmp_path / "database"
    other.mkdir()
    os.chown(other, 12345, 12345)

    refuse_folder("database", str(other), DENIED)


@pytest.mark.parametrize("kind", [FileKind.SOURCE, FileKind.BYTECODE, FileKind.LIBRARY, FileKind.DATA])
def test_code_and_files_of_this_user_are_never_left_out(tmp_path, kind):
    (tmp_path / "a.x").write_text("")
    with pytest.raises(PackageError, match=r"`pkg/a.x` cannot be read") as raised:
        refuse_file("pkg/a.x", str(tmp_path / "a.x"), kind)

    assert raised.value.hint == "chmod +r pkg/a.x, or move it out of the folder of the code"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file away")
def test_data_of_another_user_may_be_left_out_and_its_code_may_not(tmp_path):
    (tmp_path / "a.x").write_text("")
    os.chown(tmp_path / "a.x", 12345, 12345)

    refuse_file("pkg/a.x", str(tmp_path / "a.x"), FileKind.DATA)
    with pytest.raises(PackageError):
        refuse_file("pkg/a.x", str(tmp_path / "a.x"), FileKind.SOURCE)
