"""Every fixture behaves the same from the built package as from the whole one, at every level."""

import json
import shutil
import subprocess
import sys

import pytest
import uv

from tests.e2e.conftest import PYTHON, ROOT

FIXTURES = {
    "orders": ("OrdersFunction", "orders.app.handler", "src"),
    "svc": ("Svc", "svc.app.handler", "."),
    "telemetry": ("telemetry", "app.handler", "."),
}
pytestmark = [pytest.mark.e2e, pytest.mark.network]


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """A fixture's code with everything that pip would install beside it."""
    made = {}

    def make(name):
        if name not in made:
            folder = tmp_path_factory.mktemp("whole") / name
            source = ROOT / "fixtures" / name / FIXTURES[name][2]
            shutil.copytree(source, folder)
            command = [uv.find_uv_bin(), "pip", "install", "-q", "--python", sys.executable, "--target", str(folder)]
            subprocess.run([*command, "-r", str(folder / "requirements.txt")], check=True)
            made[name] = folder
        return made[name]

    return make


@pytest.mark.parametrize("level", ["safe", "reach", "trace"])
@pytest.mark.parametrize("name", sorted(FIXTURES))
def test_same_results_from_the_built_package(tool, whole, name, level):
    function, handler, _ = FIXTURES[name]
    project = ROOT / "fixtures" / name
    events = sorted((project / "events").glob("*.json"))
    given = [word for event in events for word in ("-e", event)]

    tool("build", project, "-F", function, "--python", PYTHON, "--level", level, "-o", tool.folder, *given)

    package = tool.unpack(tool.folder / f"{function}.zip")
    assert tool.invoke(package, handler, events) == tool.invoke(whole(name), handler, events)


@pytest.mark.parametrize("bytecode", ["none", "only"])
def test_and_with_or_without_bytecode(tool, whole, bytecode):
    project = ROOT / "fixtures" / "svc"
    events = sorted((project / "events").glob("*.json"))

    tool("build", project, "--python", PYTHON, "--level", "reach", "--bytecode", bytecode, "-o", tool.folder / "x.zip")

    package = tool.unpack(tool.folder / "x.zip")
    assert tool.invoke(package, "svc.app.handler", events) == tool.invoke(whole("svc"), "svc.app.handler", events)
    assert any(package.rglob("*.pyc")) == (bytecode == "only")


def test_what_peers_get_wrong_in_svc(tool):
    tool("build", ROOT / "fixtures" / "svc", "--python", PYTHON, "-o", tool.folder)

    package = tool.unpack(tool.folder / "Svc.zip")
    names = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert {"env/stage.py", "svc/templates/page.html", "words.txt", "svc/plugins/loud.py"} <= names
    assert not names & {".env.local", ".secret", "requirements.txt", "docs/design.md", "tests/test_app.py"}
    assert not any(name.startswith("bin/") or name.endswith(("/RECORD", "/direct_url.json", ".lock")) for name in names)


def test_an_error_in_a_data_file_is_found_and_taken_back(tool):
    """A function that reads a data file of a distribution by a computed name, which the static pass cannot see."""
    project = tool.folder / "project"
    project.mkdir()
    (project / "requirements.txt").write_text("jsonschema-specifications>=2023\n")
    (project / "app.py").write_text(
        "import importlib.util, json, pathlib\n\n"
        "def handler(event, context):\n"
        "    spec = importlib.util.find_spec('jsonschema_' + 'specifications')\n"
        "    root = pathlib.Path(spec.origin).parent\n"
        "    name = '/'.join(event['path'])\n"
        "    return json.loads((root / name).read_text())['$id']\n"
    )
    (project / "event.json").write_text('{"path": ["schemas", "draft7", "metaschema.json"]}')

    told = tool(
        "build",
        project,
        "--python",
        PYTHON,
        "--level",
        "reach",
        "-e",
        project / "event.json",
        "-o",
        tool.folder / "x.zip",
    )

    assert "same results" in told
    package = tool.unpack(tool.folder / "x.zip")
    assert tool.invoke(package, "app.handler", [project / "event.json"]) == ["http://json-schema.org/draft-07/schema#"]


def test_a_silent_fallback_is_found_by_search_and_taken_back(tool):
    """No error names the file: the handler only answers otherwise where it is missing."""
    project = tool.folder / "project"
    (project / "tests").mkdir(parents=True)
    for number in range(60):
        (project / "tests" / f"test_{number}.py").write_text(f"def test(): assert {number} == {number}\n")
    (project / "app.py").write_text(
        "import pathlib\n\n"
        "def handler(event, context):\n"
        "    place = pathlib.Path(__file__).with_name(event['folder']) / event['name']\n"
        "    return place.read_text() if place.exists() else 'unknown'\n"
    )
    (project / "event.json").write_text('{"folder": "tests", "name": "test_41.py"}')

    arguments = ["--python", PYTHON, "--handler", "app.handler", "--level", "reach", "-e", project / "event.json"]
    tool("build", project, *arguments, "-o", tool.folder / "x.zip", "--json", "report.json")

    proof = json.loads((tool.folder / "report.json").read_text())["functions"][0]["proof"]
    assert proof["result"] == "same"
    assert [line.partition(" ")[0] for line in proof["rolled_back"]] == ["tests/test_41.py"]
    assert 'to keep it from the start, in the settings: keep = ["/tests/test_41.py"]' in proof["notes"]
    package = tool.unpack(tool.folder / "x.zip")
    assert "41 == 41" in tool.invoke(package, "app.handler", [project / "event.json"])[0]
    assert [path.name for path in (package / "tests").rglob("*.py")] == ["test_41.py"]


def test_two_builds_give_the_same_bytes(tool):
    told = tool("reproduce", ROOT / "fixtures" / "svc", "--python", PYTHON)

    assert "Svc: same bytes twice" in told
