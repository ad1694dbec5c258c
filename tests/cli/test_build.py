"""`build`: a zip per function, nothing half-done."""

import platform
import time
import zipfile

import pytest

from tests.cli.conftest import PYTHON, start

READY = True  # many commands, see `run` in conftest.py


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
    tool.write("idle.py", f"x = {'1' * 13_000!r}\n")
    said = tool("build", LAMBDA_SLIM_LEVEL="auto").stdout.splitlines()
    names = zipfile.ZipFile(tool.folder / "dist/One.zip").namelist()

    assert "idle.py" not in names
    assert {"app.py", "helper.py"} <= set(names)
    rows = dict(line.split(None, 1) for line in said[1 : said.index("")] if line[2:3].strip())
    assert [name for name in rows if name != "INIT"] == ["zip", "proof", "next"]  # so small an INIT may take no time
    assert rows["proof"].startswith("level reach, provable here: 2 modules import alike")

    told = tool("build", "--no-verify", LAMBDA_SLIM_LEVEL="auto").stdout
    assert "level safe: the proof is switched off" in told
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


def test_folders_hold_what_the_zips_do(tool):
    tool("build", "-o", "dist", "-q")
    tool("build", "-o", "first", "--format", "folder", "-q")
    again = tool("build", "-o", "first", "--format", "folder")

    folder = tool.folder / "first/One"
    with zipfile.ZipFile(tool.folder / "dist/One.zip") as archive:
        names = [entry for entry in archive.namelist() if not entry.endswith("/")]
        assert all((folder / name).read_bytes() == archive.read(name) for name in names)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == len(names)
    assert {path.stat().st_mode & 0o777 for path in files} == {0o644}
    assert {path.stat().st_mtime for path in (folder, *folder.rglob("*"))} == {315532800}
    assert "COPY first/One/ ${LAMBDA_TASK_ROOT}/" in again.stdout


def test_a_folder_that_is_not_ours_is_not_replaced(tool):
    tool.write("out/One/mine.txt", "mine")

    failed = tool("build", "-o", "out", "--format", "folder", code=2)

    assert "lambda-slim did not write it" in failed.stderr
    assert (tool.folder / "out/One/mine.txt").read_text() == "mine"


def test_a_copy_of_the_template_names_the_zips(tool):
    (tool.folder / "lambda-slim.toml").unlink()
    text = """# mine
Resources:
  Two:
    Type: AWS::Serverless::Function  # here
    Properties: {CodeUri: ., Handler: app.handler, Runtime: pythonVERSION, Role: !GetAtt Role.Arn}
"""
    text = text.replace("VERSION", PYTHON)
    tool.write("template.yaml", text)

    tool("build", "--template", "dist/deploy.yaml", "-q")

    assert (tool.folder / "dist/deploy.yaml").read_text() == text.replace("CodeUri: .,", "CodeUri: Two.zip,")
    assert (tool.folder / "template.yaml").read_text() == text
    again = tool("build", "dist/deploy.yaml", "-o", "again", "-q")
    assert "taking its source" not in again.stdout
    assert (tool.folder / "again/Two.zip").read_bytes() == (tool.folder / "dist/Two.zip").read_bytes()
    assert "is the template that is built from" in tool("build", "--template", "template.yaml", code=2).stderr


def test_an_unchanged_build_loads_only_what_answers_it(tool):
    heavy = (
        "lambda_slim.plan.decide",
        "lambda_slim.imports.read",
        "lambda_slim.tasks.proof.prove",
        "packaging",
        "pathspec",
        "yaml",
    )

    time.sleep(0.05)  # what was written just now cannot be told from what is written next

    def loaded(*words):
        env = {**tool.env, "PYTHONPROFILEIMPORTTIME": "1"}
        lines = start(["build", "-q", *words], tool.folder, env).stderr.splitlines()
        return {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}

    assert {*heavy[:2]} <= loaded()
    assert {*heavy} & loaded("--function", "One") == set()
    assert {name for name in loaded("--function", "One") if name.startswith("lambda_slim.")} == {
        "lambda_slim.base",
        "lambda_slim.base.places",
        "lambda_slim.base.stamps",
        "lambda_slim.base.watched",
    }
