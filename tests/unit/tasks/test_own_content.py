"""What first-party files hold, read once."""

import os
import time

import pytest

from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.tasks import own_content
from lambda_slim.tasks.own_content import content_digest


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    place = tmp_path / "src" / "app.py"
    place.parent.mkdir()
    place.write_text("x = 1\n")
    time.sleep(0.05)  # what was written this very moment is not remembered
    return [File("app.py", place, 6, FIRST_PARTY, FileKind.SOURCE)]


def forgetting(files):
    own_content._read.clear()  # as in the next process
    return content_digest(files)


def test_a_file_is_read_again_only_where_its_state_moved(files, monkeypatch):
    first = content_digest(files)
    with monkeypatch.context() as patch:
        patch.setattr(own_content, "_file_digest", lambda _: pytest.fail("read again"))
        assert forgetting(files) == first
        files[0].source.touch()
        with pytest.raises(pytest.fail.Exception, match="read again"):
            forgetting(files)
    assert forgetting(files) == first  # the same content, whatever its times


def test_a_change_shows_also_where_size_and_time_were_put_back(files):
    first, state = content_digest(files), files[0].source.stat()
    files[0].source.write_text("x = 2\n")
    os.utime(files[0].source, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert forgetting(files) != first


def test_where_files_lie_does_not_matter(files, tmp_path):
    files[0].source.rename(tmp_path / "moved.py")
    moved = [File("app.py", tmp_path / "moved.py", 6, FIRST_PARTY, FileKind.SOURCE)]
    (tmp_path / "src/app.py").write_text("x = 1\n")
    assert forgetting(moved) == forgetting(files)
