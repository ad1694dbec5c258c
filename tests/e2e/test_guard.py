"""Packages that were pruned too boldly, driven by the real awslambdaric: what the log says, and what a spare gives."""

import json
import zipfile

import pytest

from lambda_slim.bundle.guard import HOOK, INDEX, SPARE
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.function import Function
from lambda_slim.model.target import Target
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.run.lambda_runtime import drive
from tests.e2e.conftest import PYTHON

pytestmark = pytest.mark.e2e

TARGET = Target(runtimes()[f"python{PYTHON}"], "x86_64")
# The name of the module comes with the event, in pieces that no analysis puts together.
APP = """
import idna
def handler(event, context):
    module, value = "".join(event["module"]), event.get("value")
    if module:
        try:
            found = __import__(module, fromlist=["x"])
        except ModuleNotFoundError as error:
            if event.get("catch"):
                return [type(error).__name__, error.name]
            raise
        return [found.__name__, found.__file__.rpartition("/task/")[2]]
    return idna.encode("grün.de").decode()
"""
PLAIN = {"module": []}
COMPAT = {"module": ["idna", ".", "compat"]}


@pytest.fixture
def project(tmp_path):
    place = tmp_path / "project"
    place.mkdir()
    (place / "app.py").write_text(APP)
    (place / "requirements.txt").write_text("idna==3.10\n")
    for name, event in (("plain", PLAIN), ("compat", COMPAT)):
        (tmp_path / f"{name}.json").write_text(json.dumps(event))
    return place


def build(tool, project, *flags, event="plain"):
    out = tool.folder / f"{len(list(tool.folder.iterdir()))}" / "out.zip"
    events = ("-e", tool.folder / f"{event}.json")
    flags = ("--level", "trace", "--quiet", *flags)
    said = tool("build", project, "--handler", "app.handler", "--python", PYTHON, "-o", out, *events, *flags)
    return out, said


def run(archive, *events):
    place = archive.parent / "task"
    if not place.exists():
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(place)
    given = [(str(number), json.dumps(event).encode()) for number, event in enumerate(events)]
    session = drive(find_interpreter(TARGET, None), place, Function("F", "app.handler", place, TARGET), given)
    assert session.init_error is None
    return [json.loads(answer.body) for answer in session.answers], session.logs


def test_the_log_names_the_rule_and_the_remedy(tool, project):
    archive, _ = build(tool, project)

    (plain, failed, caught), logs = run(archive, PLAIN, COMPAT, {**COMPAT, "catch": True})

    assert plain == "xn--grn-ioa.de"
    assert failed["errorType"] == "ModuleNotFoundError"
    assert failed["errorMessage"].startswith("No module named 'idna.compat' (lambda-slim left out idna/compat.py: ")
    assert failed["errorMessage"].endswith('rule untraced; [tool.lambda-slim] keep = ["/idna/compat.py"] ships it)')
    assert failed["errorMessage"] in logs
    assert caught == ["ModuleNotFoundError", "idna.compat"]


def test_the_remedy_works(tool, project):
    archive, _ = build(tool, project, "--keep", "/idna/compat.py")

    (found,), _ = run(archive, COMPAT)

    assert found == ["idna.compat", "idna/compat.py"]


def test_a_spare_loads_on_demand_and_says_so(tool, project):
    archive, _ = build(tool, project, "--spare")

    (plain, loaded, again), logs = run(archive, PLAIN, COMPAT, COMPAT)

    assert plain == "xn--grn-ioa.de"
    assert loaded == again == ["idna.compat", "idna/compat.py"]
    assert logs.count("lambda-slim: No module named 'idna.compat' in the package, loaded from its spare archive") == 1


def test_what_a_proof_takes_from_the_spare_ships(tool, project):
    archive, _ = build(tool, project, "--spare")
    trace = tool.folder / "plain.trace.json"
    flags = ("--handler", "app.handler", "--python", PYTHON)
    tool("trace", project, *flags, "-e", tool.folder / "plain.json", "-o", trace, "--quiet")

    proved, _ = build(tool, project, "--spare", "--trace", trace, event="compat")

    (loaded,), logs = run(proved, COMPAT)
    assert loaded == ["idna.compat", "idna/compat.py"]
    assert "lambda-slim" not in logs
    with zipfile.ZipFile(archive) as first, zipfile.ZipFile(proved) as second:
        assert "idna/compat.py" not in first.namelist()
        assert "idna/compat.py" in second.namelist()


def test_verify_names_what_came_from_the_spare(tool, project):
    archive, _ = build(tool, project, "--spare")

    said = tool(
        "verify", archive, "--against", project, "--handler", "app.handler", "--python", PYTHON,
        "-e", tool.folder / "compat.json", code=1,
    )  # fmt: skip

    assert "idna.compat" in said
    assert "spare" in said


def test_the_same_input_gives_the_same_bytes(tool, project):
    first, _ = build(tool, project, "--spare")
    second, _ = build(tool, project, "--spare", "--release")
    third, _ = build(tool, project, "--spare")

    assert first.read_bytes() == third.read_bytes()
    assert second.stat().st_size <= first.stat().st_size


def test_no_guard_leaves_nothing(tool, project):
    archive, _ = build(tool, project, "--no-guard")

    with zipfile.ZipFile(archive) as opened:
        assert not {HOOK, INDEX, SPARE} & set(opened.namelist())
    (failed,), _ = run(archive, COMPAT)
    assert failed["errorMessage"] == "No module named 'idna.compat'"


def test_a_package_with_a_guard_is_slimmed_again(tool, project):
    archive, _ = build(tool, project)

    again = tool.folder / "again.zip"
    tool("build", archive, "--handler", "app.handler", "--python", PYTHON, "-o", again, "--level", "reach", "--quiet")

    with zipfile.ZipFile(again) as opened:
        assert len(opened.namelist()) == len(set(opened.namelist()))
    again.rename(tool.folder / "out.zip")
    (plain,), _ = run(tool.folder / "out.zip", PLAIN)
    assert plain == "xn--grn-ioa.de"
