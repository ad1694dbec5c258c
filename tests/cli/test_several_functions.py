"""Functions of one template, in one folder: one analysis, each its own plan."""

import json

import pytest

from tests.cli.conftest import PYTHON

TEMPLATE = f"""
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {{CodeUri: ., Handler: src.orders.handler, Runtime: python{PYTHON}}}
  Health:
    Type: AWS::Serverless::Function
    Properties: {{CodeUri: ., Handler: src.health.handler, Runtime: python{PYTHON}}}
"""


@pytest.fixture
def project(tool):
    (tool.folder / "lambda-slim.toml").unlink()
    tool.write("template.yaml", TEMPLATE)
    tool.write("src/__init__.py", "")
    tool.write("src/orders.py", "from src import prices\n\ndef handler(event, context):\n    return prices.ALL\n")
    tool.write("src/prices.py", "ALL = {}\n")
    tool.write("src/health.py", "def handler(event, context):\n    return 'ok'\n")
    tool.write("tests/test_template.py", "TEMPLATE = open('template.yaml').read()\n")
    return tool


def shipped(done):
    return {
        function["name"]: {row[0] for row in function["files"]["rows"] if row[5] == "kept"}
        for function in json.loads(done.stdout)["functions"]
    }


def test_the_handlers_that_a_template_names_do_not_join_every_package(project):
    found = shipped(project("build", "--level", "reach", "--dry-run", "--json", "-"))

    assert found["Orders"] >= {"src/orders.py", "src/prices.py"}
    assert not found["Health"] & {"src/orders.py", "src/prices.py"}


def test_a_template_that_the_function_reads_has_a_say(project):
    project.write(
        "src/health.py", "TEMPLATE = open('template.yaml').read()\n\ndef handler(event, context):\n    pass\n"
    )
    found = shipped(project("build", "--level", "reach", "--dry-run", "--json", "-"))

    assert found["Health"] >= {"template.yaml", "src/orders.py"}


def test_analyze_and_why_say_who_uses_what(project):
    said = project("analyze", "--no-import", "-v").stdout

    assert "src/prices.py" in said
    assert "A SPLIT WOULD SAVE" in said
    assert (
        "used by Orders; not by Health (ships 9 B of it)" in project("why", "src/prices.py", "--level", "safe").stdout
    )


def test_build_has_it_in_its_report(project):
    done = project("build", "--level", "reach", "--no-verify", "--json", "-")
    sharing = json.loads(done.stdout)["sharing"]

    assert {row["name"]: row["used_by"] for row in sharing["partly_used"]}["src/prices.py"] == ["Orders"]
    assert sharing["layer"] is None


def test_what_only_source_has_shows_in_the_first_run_of_the_full_package(tool):
    """Bytecode in the place of source has no columns, and that which runs of the full package get has none either."""
    tool.write("lib.py", "def columns():\n    return next(iter(columns.__code__.co_positions()))[2] is not None\n")
    tool.write("lib-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: lib\nVersion: 1\n")
    tool.write("lib-1.dist-info/RECORD", "lib.py,,\nlib-1.dist-info/METADATA,,\nlib-1.dist-info/RECORD,,\n")
    tool.write("app.py", "import lib\n\n\ndef handler(event, context):\n    return lib.columns()\n" + "# text\n" * 2000)
    event = tool.write("event.json", "{}")
    done = tool("build", "--level", "reach", "--event", event, "--bytecode", "only", "--json", "-")
    (row,) = json.loads(done.stdout)["functions"]

    assert "answered differently in two runs of the full package" in " ".join(row["proof"]["notes"])


def test_init_of_every_function_is_told_before_and_after(project):
    done = project("build", "--level", "reach", "--json", "-")
    proofs = {row["name"]: row["proof"] for row in json.loads(done.stdout)["functions"]}

    assert proofs.keys() == {"Orders", "Health"}
    assert all(min(proof["init_us"]) > 0 for proof in proofs.values()), [row["init_us"] for row in proofs.values()]


def test_the_full_package_runs_from_the_bytecode_that_is_made_anyway(tool):
    tool.write("lib.py", "import os\n\n\ndef compiled():\n    return os.path.exists(__cached__)\n")
    tool.write("lib-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: lib\nVersion: 1\n")
    tool.write("lib-1.dist-info/RECORD", "lib.py,,\nlib-1.dist-info/METADATA,,\nlib-1.dist-info/RECORD,,\n")
    tool.write("app.py", "import lib\n\n\ndef handler(event, context):\n    return {'compiled': lib.compiled()}\n")
    event = tool.write("event.json", "{}")
    done = tool("build", "--level", "reach", "--event", event, "--bytecode", "none", "--json", "-")
    (row,) = json.loads(done.stdout)["functions"]

    assert "not compared: compiled (ignore-fields)" in " ".join(row["proof"]["notes"])


def test_imports_are_proved_in_the_two_processes_that_ran_the_events(tool):
    tool.write("late.py", "VALUE = 1\n")
    tool.write("other.py", "import nothing_like_it\n")
    late = "    if event.get('late'):\n        import late\n        import other\n"
    tool.write("app.py", f"def handler(event, context):\n{late}    return 1\n")
    event = tool.write("event.json", "{}")
    done = tool("build", "--level", "reach", "--event", event, "-v")

    assert "same results of 1 event" in done.stdout or "same results as the full package on 1 event" in done.stdout
    assert "bootstrap.py 2" in done.stderr
    assert "imports.py" not in done.stderr
