"""`build`: a zip per function, nothing half-done."""

import zipfile

from tests.cli.conftest import PYTHON


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
