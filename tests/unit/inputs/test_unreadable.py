"""Code that cannot be read stops a build, data of others does not."""

import os

import pytest

from lambda_slim.base.errors import PackageError
from lambda_slim.inputs.unreadable import refuse_code, refuse_folder
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


@pytest.mark.parametrize("kind", [FileKind.SOURCE, FileKind.BYTECODE, FileKind.LIBRARY])
def test_code_is_never_left_out(kind):
    with pytest.raises(PackageError, match=r"`pkg/a.x` cannot be read") as raised:
        refuse_code("pkg/a.x", kind)

    assert raised.value.hint == "chmod +r pkg/a.x, or move it out of the folder of the code"


def test_data_may_be_left_out():
    refuse_code("pkg/data.json", FileKind.DATA)
