"""A pylock.toml is for the target, whatever Python runs uv."""

import pytest

from lambda_slim.run.pylock import for_any_python

LOCK = """\
lock-version = "1.0"
requires-python = ">=3.13"
[[packages]]
name = "a"
requires-python = ">=3.8"
wheels = [{path = "dist/a.whl", hashes = {}}, {path = '/b.whl'}, {name = "c.whl", url = "https://x/c.whl"}]
[packages.directory]
path = "../\\u006fther"
"""


def test_a_copy_of_a_lock_asks_for_no_python_at_its_head_and_its_paths_still_lead_where_they_did(tmp_path):
    (lock := tmp_path / "pylock.prod.toml").write_text(LOCK, encoding="utf-16")

    with for_any_python((lock,)) as (copy,):
        text = copy.read_text("utf-8")
        assert (copy.name, copy != lock) == ("pylock.prod.toml", True)

    assert not copy.exists()
    assert text.count("requires-python") == 1
    assert f'path = "{tmp_path}/dist/a.whl"' in text
    assert 'path = "/b.whl"' in text
    assert f'path = "{tmp_path}/../other"' in text


@pytest.mark.parametrize("name", ["pylock.toml", "requirements.txt"])
def test_what_asks_for_no_python_is_taken_as_it_is(tmp_path, name):
    (path := tmp_path / name).write_text(LOCK.replace('requires-python = ">=3.13"\n', "", 1))

    with for_any_python((path,)) as files:
        assert files == (path,)
