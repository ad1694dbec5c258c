"""`build`: a zip per function, nothing half-done."""

import platform
import zipfile

import pytest


def test_a_zip_of_every_function(tool):
    tool("build", "-o", "dist", "-q")

    with zipfile.ZipFile(tool.folder / "dist/One.zip") as archive:
        assert {"app.py", "helper.py"} <= set(archive.namelist())


def test_the_same_bytes_again(tool):
    tool("build", "-o", "one", "-q")
    tool("build", "-o", "two", "-q")

    assert (tool.folder / "one/One.zip").read_bytes() == (tool.folder / "two/One.zip").read_bytes()


def test_a_dry_run_writes_nothing(tool):
    tool("build", "-o", "dist", "--dry-run")

    assert not (tool.folder / "dist").exists()


@pytest.mark.skipif(platform.system() != "Linux", reason="packages are proved on Linux")
def test_the_default_is_proved_small_and_told_in_five_lines(tool):
    tool.write("idle.py", "x = 1\n")
    said = tool("build", LAMBDA_SLIM_LEVEL="auto").stdout.splitlines()
    names = zipfile.ZipFile(tool.folder / "dist/One.zip").namelist()

    assert "idle.py" not in names
    assert {"app.py", "helper.py"} <= set(names)
    assert [line.split()[0] for line in said[1:5]] == ["zip", "INIT", "proof", "next"]
    assert said[3].split(None, 1)[1].startswith("level reach, provable here: 2 modules import alike")

    told = tool("build", "--no-verify", LAMBDA_SLIM_LEVEL="auto").stdout
    assert "level safe, the proof is switched off" in told
    assert "idle.py" in zipfile.ZipFile(tool.folder / "dist/One.zip").namelist()


@pytest.mark.skipif(platform.system() != "Linux", reason="packages are proved on Linux")
def test_what_only_misses_something_here_is_built_at_level_safe_and_said(tool):
    """An `environment` that nobody wrote down is there on Lambda; code that cannot be imported is not."""
    tool.write("app.py", "import os\nTABLE = os.environ['TABLE']\n\n\ndef handler(event, context):\n    return TABLE\n")
    said = tool("build", LAMBDA_SLIM_LEVEL="auto").stdout

    assert "level safe, not provable here" in said
    assert "TABLE" in said
    tool("build", "--level", "reach", code=1)
    tool.write("app.py", "from helper import gone\n\n\ndef handler(event, context):\n    return gone\n")
    assert "Not to be deployed: dist/One.zip" in tool("build", code=1, LAMBDA_SLIM_LEVEL="auto").stdout
