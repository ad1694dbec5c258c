"""`build --layer`: what several functions share, once, with the functions without it."""

import random
import zipfile

import pytest

from tests.cli.conftest import PYTHON

FUNCTION = (
    "  {name}:\n    Type: AWS::Serverless::Function\n"
    f"    Properties: {{{{CodeUri: {{code}}/, Handler: app.handler, Runtime: python{PYTHON}}}}}\n"
)


@pytest.fixture
def project(tool):
    """Two functions with one large distribution, as `sam build` leaves them, and one without."""
    for name in ("lambda-slim.toml", "app.py", "helper.py"):
        (tool.folder / name).unlink()
    names = ("Orders", "Users", "Tiny")
    rows = "".join(FUNCTION.format(name=name, code=name.lower()) for name in names)
    tool.write("template.yaml", f"Transform: AWS::Serverless-2016-10-31\nResources:\n{rows}")
    tool.write("tiny/app.py", "def handler(event, context):\n    return 1\n")
    data = random.Random(1).randbytes(1_300_000)
    for name in ("orders", "users"):
        record = ["paper/__init__.py", "paper/tables.bin", "paper-1.0.dist-info/METADATA", "paper-1.0.dist-info/RECORD"]
        tool.write(
            f"{name}/app.py", f"import paper\n\n\ndef handler(event, context):\n    return '{name}', paper.SIZE\n"
        )
        tool.write(
            f"{name}/paper/__init__.py",
            "import pathlib\n\nSIZE = len((pathlib.Path(__file__).parent / 'tables.bin').read_bytes())\n",
        )
        (tool.folder / name / "paper/tables.bin").write_bytes(data)
        metadata = "Metadata-Version: 2.1\nName: paper\nVersion: 1.0\n"
        tool.write(f"{name}/paper-1.0.dist-info/METADATA", metadata)
        tool.write(f"{name}/paper-1.0.dist-info/RECORD", "".join(f"{row},,\n" for row in record))
    return tool


def names(path):
    with zipfile.ZipFile(path) as archive:
        return {name for name in archive.namelist() if not name.startswith("_lambda_slim")}


def test_what_two_functions_share_is_in_the_layer_and_in_neither_of_them(project):
    tool, dist = project, project.folder / "dist"
    (tool.folder / "event.json").write_text("{}")

    asked = ("build", "--layer", "dist/shared.zip", "--level", "reach", "--bytecode", "all", "-e", "event.json")
    done = tool(*asked, "-v")

    assert {"python/paper/__init__.py", "python/paper/tables.bin"} <= names(dist / "shared.zip")
    assert not any("paper" in name for zipped in ("Orders", "Users", "Tiny") for name in names(dist / f"{zipped}.zip"))
    assert "same results as the full package on 1 event" in done.stdout
    assert f"CompatibleRuntimes: [python{PYTHON}]" in done.stderr
    assert "Layers: [!Ref SharedLayer]   # in Orders, Users" in done.stderr
    before = (dist / "shared.zip").read_bytes()
    tool(*asked, "-q")
    assert (dist / "shared.zip").read_bytes() == before


def test_where_no_layer_pays_each_function_keeps_its_own(project):
    done = project("build", "--layer", "dist/shared.zip", "-F", "Orders", "-F", "Tiny")

    assert "no layer pays" in done.stderr
    assert not (project.folder / "dist/shared.zip").exists()
    assert "paper/tables.bin" in names(project.folder / "dist/Orders.zip")
    assert "is not a zip" in project("build", "--layer", "shared", code=2).stderr
    assert "zips of one project" in project("build", "--layer", "x.zip", "--dry-run", code=2).stderr
