"""`cost` with real wheels."""

import json
import sys

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.network]


def test_a_new_one_a_shared_one_and_one_that_is_not_there(tool):
    tool.write("requirements.txt", "six==1.17.0\n")
    text = (tool.folder / "lambda-slim.toml").read_text("utf-8")
    tool.write("lambda-slim.toml", text)
    out = tool.folder.parent / "cost.json"
    told = tool("cost", "python-dateutil==2.9.0.post0", "six", "no-such-thing-zz", "--json", out, "--runs", "1", code=3)

    found = json.loads(out.read_text("utf-8"))
    dateutil, six = found["prices"]
    assert dateutil["here"]["distributions"] == ["python-dateutil 2.9.0.post0"]
    assert dateutil["alone"]["distributions"] == ["python-dateutil 2.9.0.post0", "six 1.17.0"]
    assert dateutil["shared"] == ["six 1.17.0"]
    assert 0 < dateutil["here"]["sizes"]["zipped_bytes"] < dateutil["alone"]["sizes"]["zipped_bytes"]
    assert six["here"]["sizes"] == {"unzipped_bytes": 0, "zipped_bytes": 0, "files": 0}
    assert found["failed"][0]["requirement"] == "no-such-thing-zz"
    assert "side by side in One" in told.stdout
    if sys.platform == "linux":
        assert dateutil["module"] == "dateutil"
        assert dateutil["alone"]["import_us"] > 0
    assert (tool.folder / "requirements.txt").read_text("utf-8") == "six==1.17.0\n"


def test_a_wheel_that_does_not_fit_the_target_is_said(tool):
    before = sorted(path.name for path in tool.folder.iterdir())
    told = tool("cost", "cryptography==43.0.1", "--python", "3.11", "--arch", "x86_64", "--no-import", "-q", code=0)

    assert "cryptography" in told.stdout
    told = tool("cost", "pywin32", "--no-import", "-q", code=3)
    assert "pywin32: " in told.stdout
    assert "no wheel for python" in told.stdout
    assert sorted(path.name for path in tool.folder.iterdir()) == before
