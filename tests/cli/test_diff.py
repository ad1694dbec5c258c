"""`diff` of reports, zips, folders and git refs."""

import json
import subprocess

import pytest


@pytest.fixture
def two(tool):
    """Zips of the project before and after a module grew, another went and a third came."""
    tool.write("old.py", "x = 1\n")
    app = tool.folder / "app.py"
    app.write_text("import old\n" + app.read_text("utf-8"), "utf-8")
    tool("build", "-o", "../before", "-q", "--json", "../before.json")
    (tool.folder / "old.py").unlink()
    tool.write("new.py", f'TEXT = "{"x" * 50_000}"\n')
    app.write_text(app.read_text("utf-8").replace("import old", "import new"), "utf-8")
    tool("build", "-o", "../after", "-q", "--json", "../after.json")
    return tool


def test_zips(two):
    told = two("diff", "../before/One.zip", "../after/One.zip").stdout

    assert "+ new.py   +48.8 KiB" in told
    assert "− old.py   −6 B" in told
    assert told.splitlines()[0] == "One"


def test_reports_zips_and_the_project_agree(two):
    rows = {}
    for name, pair in {"zip": ("../before/One.zip", "../after/One.zip"), "now": ("../before/One.zip", ".")}.items():
        two("diff", *pair, "--json", f"../{name}.json")
        rows[name] = json.loads((two.folder.parent / f"{name}.json").read_text("utf-8"))["functions"][0]

    assert rows["zip"]["after"] == rows["now"]["after"]
    assert rows["zip"]["files"] == rows["now"]["files"]
    told = two("diff", "../before.json", "../after.json").stdout
    assert "+ 1 module of `new` at INIT" in told
    assert "− 1 module of `old` at INIT" in told


def test_a_ref_and_now(two):
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(two.folder), *words]
        subprocess.run(command, check=True, capture_output=True)
    assert "no difference" in two("diff", "git:HEAD").stdout
    two.write("new.py", "TEXT = 1\n")

    assert "~ new.py   −48.8 KiB" in two("diff", "git:HEAD").stdout
    assert "at git:HEAD: " in two("diff", "git:HEAD", "-F", "Nobody", code=2).stderr


def test_what_is_small_is_hidden_and_markdown_folds_it(two):
    told = two("diff", "../before/One.zip", "../after/One.zip", "--threshold", "10 KiB", "--markdown", "../d.md").stdout

    assert "old.py" not in told
    text = (two.folder.parent / "d.md").read_text("utf-8")
    assert text.startswith("| function | unzipped | zipped | files |")
    assert "- old.py   −6 B" in text


def test_functions_that_came_and_went(two):
    path = two.folder / "lambda-slim.toml"
    two("build", "-o", "../x", "-q", "--json", "../one.json")
    path.write_text(path.read_text("utf-8") + 'Two = "app.handler"\n', "utf-8")
    two("build", "-o", "../x", "-q", "--json", "../both.json")

    assert "Two   is new" in two("diff", "../one.json", "../both.json").stdout
    assert "Two   is gone" in two("diff", "../both.json", "../one.json").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("nowhere",), 2, "`nowhere` is not there"),
        (("git:nowhere",), 2, "git"),
        (("broken.zip",), 3, "broken.zip"),
        (("app.py",), 2, "`app.py` is one module, not a project"),
        ((".", ".", "--threshold", "5"), 2, "is not a size"),
    ],
)
def test_what_cannot_be_compared(tool, arguments, code, told):
    tool.write("broken.zip", "no zip")

    error = tool("diff", *arguments, code=code).stderr
    assert told in error
    assert len(error.splitlines()) <= 4
