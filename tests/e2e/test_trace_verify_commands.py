"""`trace` and `verify` as a user runs them."""

import json
import zipfile

import pytest

from tests.e2e.conftest import PYTHON

pytestmark = pytest.mark.e2e

APP = """import importlib, json, os

def handler(event, context):
    if event.get("late"):
        importlib.import_module(event["late"])
    with open(os.path.join(os.path.dirname(__file__), "data.json")) as file:
        return json.load(file)
"""


@pytest.fixture
def project(tool):
    folder = tool.folder / "project"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    (folder / "late.py").write_text("")
    (folder / "other.py").write_text("")
    (folder / "data.json").write_text('{"n": 1}')
    (folder / "event.json").write_text('{"late": "late"}')
    (folder / "plain.json").write_text("{}")
    (folder / "check.py").write_text("import app, other\n")
    table = f'[tool.lambda-slim]\npython = "{PYTHON}"\n[tool.lambda-slim.functions.F]\nhandler = "app.handler"\n'
    (folder / "pyproject.toml").write_text(table)
    return folder


def test_a_trace_is_made_committed_and_merged(tool, project):
    told = tool("trace", project, "-e", project / "plain.json", "-o", "one.json")
    assert "1 event" in told
    one = json.loads((tool.folder / "one.json").read_text())
    assert "late" not in one["modules"]
    assert {"app.py", "data.json"} <= set(one["files"])
    assert str(tool.folder) not in (tool.folder / "one.json").read_text()

    tool("trace", project, "-e", project / "event.json", "--merge", "one.json", "-o", "both.json")
    both = json.loads((tool.folder / "both.json").read_text())
    assert "late" in both["modules"]
    assert both["events"] == ["event", "plain"]

    tool("trace", project, "-e", project / "event*.json", "-o", "again.json")  # a pattern that no shell has expanded
    tool("trace", project, "-e", project / "event.json", "-o", "second.json")
    assert (tool.folder / "again.json").read_bytes() == (tool.folder / "second.json").read_bytes()


def test_a_pattern_of_events_that_matches_nothing(tool, project):
    told = tool("trace", project, "-e", "no/*.json", "-o", "one.json", code=2)
    assert "no event matches `no/*.json`" in told


def test_a_program_of_the_project_is_traced(tool, project):
    tool("trace", project, "--command", "python check.py", "-o", "t.json")
    assert "other" in json.loads((tool.folder / "t.json").read_text())["modules"]


def test_a_trace_for_other_code_is_recognised(tool, project):
    tool("trace", project, "-e", project / "plain.json", "-o", "t.json")
    fresh = tool("build", project, "--trace", "t.json", "--json", "-", "-o", "a.zip")
    assert "recorded for other code" not in fresh
    (project / "app.py").write_text(APP + "\nMORE = 1\n")
    stale = tool("build", project, "--trace", "t.json", "--json", "-", "-o", "b.zip")
    assert "recorded for other code" in stale


def test_a_failed_event_is_told(tool, project):
    (project / "bad.json").write_text('{"late": "not_there"}')
    told = tool("trace", project, "-e", project / "bad.json", "-o", "t.json")
    assert "warning: event bad failed" in told
    assert "not_there" in told


@pytest.mark.parametrize(
    ("content", "message"), [("{nope", "is not JSON"), (None, "cannot read the event")], ids=["not JSON", "missing"]
)
def test_events_that_are_none(tool, project, content, message):
    event = project / "odd.json"
    if content:
        event.write_text(content)
    told = tool("trace", project, "-e", event, code=2)
    assert message in told
    assert "Traceback" not in told


def test_a_package_is_verified_against_its_project(tool, project):
    tool("build", project, "-o", "F.zip")
    told = tool("verify", "F.zip", "--project", project, "-e", project / "event.json")
    assert "behaves like the full package (1 event," in told

    told = tool("verify", "F.zip", "--project", project)
    assert "no events to compare" in told


def test_a_difference_is_an_exit_code_and_is_named(tool, project):
    for name, files in {"full.zip": ("app.py", "data.json", "late.py"), "slim.zip": ("app.py", "data.json")}.items():
        with zipfile.ZipFile(tool.folder / name, "w") as archive:
            for file in files:
                archive.write(project / file, file)
    arguments = ["verify", "slim.zip", "--against", "full.zip", "--handler", "app.handler", "--python", PYTHON]
    told = tool(*arguments, "-e", project / "event.json", code=1)
    assert "different  event event" in told
    assert "No module named 'late'" in told

    told = tool(*arguments, "-e", project / "event.json", "--json", "-", code=1)
    assert json.loads(told)["differences"][0]["where"] == "event event"

    tool(*arguments, "-e", project / "plain.json")


def test_what_cannot_be_verified_is_told(tool, project):
    assert "is not there" in tool("verify", "none.zip", code=2)
    (tool.folder / "x.zip").write_bytes(b"PK\x03\x04 cut short")
    told = tool("verify", "x.zip", "--project", project, code=3)
    assert "cannot be read as a zip" in told
    (tool.folder / "empty").mkdir()
    told = tool("verify", "x.zip", "--project", tool.folder / "empty", code=2)
    assert "hint:" in told


@pytest.mark.network
def test_a_function_that_asks_aws_at_import_is_proved_with_the_stub(tool):
    app = 'import boto3\nFOUND = boto3.client("ssm").get_parameters_by_path(Path="/shop").get("Parameters", [])\n'
    (tool.folder / "app.py").write_text(f"{app}def handler(event, context): return [len(FOUND), event['n']]\n")
    (tool.folder / "requirements.txt").write_text("boto3\n")
    (tool.folder / "event.json").write_text('{"n": 1}')
    asked = ("--handler", "app.handler", "--python", PYTHON, "--level", "reach", "-e", "event.json", "-o", "x.zip")

    plain = " ".join(tool("build", ".", *asked, "-v", code=1).split())
    assert "the full package does not start" in plain
    assert "--stub-aws answers AWS clients" in plain
    stubbed = " ".join(tool("build", ".", *asked, "--stub-aws", "-v").split())
    assert "same results as the full package on 1 event" in stubbed
    assert "it asked for ssm: GetParametersByPath and got empty successes" in stubbed


def test_a_full_package_that_fails_proves_nothing(tool):
    (tool.folder / "app.py").write_text("import os\nTABLE = os.environ['TABLE']\ndef handler(e, c): return e['n']\n")
    (tool.folder / "idle.py").write_text("")
    (tool.folder / "event.json").write_text("{}")
    asked = ("--handler", "app.handler", "--python", PYTHON, "--level", "reach", "-o", "x.zip")

    told = " ".join(tool("build", ".", *asked, code=1).split())
    assert "the full package does not start: " in told
    assert "KeyError" in told
    with zipfile.ZipFile(tool.folder / "x.zip") as archive:
        assert "idle.py" in archive.namelist()  # level safe
    told = tool("verify", "x.zip", "--handler", "app.handler", "--python", PYTHON, code=1)
    assert "proves nothing" in told
    assert "behaves like" not in told

    (tool.folder / "app.py").write_text("def handler(e, c): return e['n']\n")
    told = " ".join(tool("build", ".", *asked, "-e", "event.json", code=1).split())
    assert "every event fails in the full package" in told
    told = tool("verify", "x.zip", "--handler", "app.handler", "--python", PYTHON, "-e", "event.json", code=1)
    assert "behaves like" not in told


def test_a_secret_that_is_missed_stops_the_build(tool):
    read = "import os\nHERE = os.path.dirname(__file__)\ndef handler(e, c): return os.path.exists(HERE + '/.env')\n"
    (tool.folder / "app.py").write_text(read)
    (tool.folder / ".env").write_text("PAGE_SIZE=50\n")
    (tool.folder / "event.json").write_text("{}")
    asked = ("--handler", "app.handler", "--python", PYTHON, "--level", "reach", "-e", "event.json", "-o", "x.zip")

    told = tool("build", ".", *asked, code=3)
    assert "it needs what is left out because it looks secret: .env" in told
    tool("build", ".", *asked, "--allow-secret", ".env")


def test_log_lines_of_chance_do_not_stop_a_build(tool):
    app = "import random\ndef handler(e, c):\n    print(''.join(random.choices('abcdefgh', k=12)))\n    return 1\n"
    (tool.folder / "app.py").write_text(app)
    (tool.folder / "idle.py").write_text("")
    (tool.folder / "event.json").write_text("{}")
    asked = ("--handler", "app.handler", "--python", PYTHON, "--level", "reach", "-e", "event.json", "-o", "x.zip")

    told = " ".join(tool("build", ".", *asked, "-v").split())
    assert "same results as the full package on 1 event" in told
    assert "log lines differ with everything brought back as well, so not compared" in told
    with zipfile.ZipFile(tool.folder / "x.zip") as archive:
        assert "idle.py" not in archive.namelist()


@pytest.mark.parametrize(
    "line", ["import sys; sys.exit(3)", "import os; os._exit(0)", "import collections; collections.Mapping"]
)
def test_a_function_that_starts_on_no_machine_is_never_green(tool, line):
    (tool.folder / "app.py").write_text(f"{line}\ndef handler(event, context): return 1\n")

    told = tool("build", ".", "--handler", "app.handler", "--python", PYTHON, "--level", "auto", "-o", "x.zip", code=1)

    assert "does not start" in " ".join(told.split())
