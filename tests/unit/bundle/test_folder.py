"""A package as a folder: the same dates and modes on every machine."""

import zipfile

import pytest

from lambda_slim.base.errors import WriteError
from lambda_slim.bundle.folder import lay_zip


def test_a_zip_as_a_folder(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, mode in (("a/b.py", 0o644), ("run.sh", 0o755), ("odd", 0o600)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, name)

    lay_zip(tmp_path / "a.zip", tmp_path / "new/out")

    out = tmp_path / "new/out"
    files = {path.relative_to(out).as_posix(): path.stat() for path in [out, *out.rglob("*")]}
    assert {name: stat.st_mode & 0o777 for name, stat in files.items()} == {
        ".": 0o755, "a": 0o755, "a/b.py": 0o644, "run.sh": 0o755, "odd": 0o644,
    }  # fmt: skip
    assert len({stat.st_mtime for stat in files.values()}) == 1
    assert (out / "a/b.py").read_text() == "a/b.py"


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(WriteError, match="cannot write"):
        lay_zip(tmp_path / "a.zip", tmp_path / "file/out")
