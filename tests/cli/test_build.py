"""`build`: a zip per function, nothing half-done."""

import zipfile


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
