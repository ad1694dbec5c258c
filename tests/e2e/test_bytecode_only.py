"""Bytecode in place of source: what differs only in quoted lines is the same; a source that is read comes back."""

import json

import pytest

from tests.e2e.conftest import PYTHON

pytestmark = [pytest.mark.e2e, pytest.mark.network]

APP = """
import inspect, logging
import idna
def handler(event, context):
    if event.get("read"):
        return inspect.getsource(idna.encode)[:10]
    try:
        return idna.encode(event["name"]).decode()
    except idna.IDNAError:
        logging.getLogger().exception("no domain")
        return idna.encode("a" * 64)
"""


LATER = "idna/uts46data.py"  # imported inside a function, so its source is smaller and quick enough


@pytest.mark.parametrize(("event", "back"), [({"name": "\u2260"}, []), ({"read": 1}, ["idna/core.py"])])
def test_what_bytecode_cannot_stand_for(tool, tmp_path, event, back):
    project, given = tmp_path / "project", tmp_path / "event.json"
    project.mkdir()
    (project / "app.py").write_text(APP)
    (project / "requirements.txt").write_text("idna==3.10\n")
    given.write_text(json.dumps(event))
    plain = tmp_path / "plain.json"  # one that succeeds: events that all fail prove nothing
    plain.write_text(json.dumps({"name": "example"}))
    events = ("-e", given, "-e", plain)
    flags = ("--handler", "app.handler", "--python", PYTHON, "--level", "reach", "--bytecode", "only", *events)

    said = tool("build", project, *flags, "-v", "-o", tool.folder / "out.zip")

    package = tool.unpack(tool.folder / "out.zip")
    sources = {path.relative_to(package).as_posix() for path in package.rglob("idna/*.py")}
    assert sorted(sources - {LATER}) == back
    assert ("brought back" in said) == bool(back)


LOADING = """
import importlib, os
if os.environ.get("SELDOM"):
    import seldom
importlib.import_module("pl" + "ug")
def handler(event, context):
    import later
    return 1
"""


def test_what_a_run_loads_at_init_is_compiled_and_what_it_does_not_load_is_not(tool, tmp_path):
    project, given = tmp_path / "project", tmp_path / "event.json"
    project.mkdir()
    given.write_text("{}")
    (project / "app.py").write_text(LOADING + f"# {'x' * 9_000}\n")  # a smaller one is not compiled
    for name in ("seldom", "plug", "later"):
        (project / f"{name}.py").write_text("x = 1\n")
    flags = ("--handler", "app.handler", "--python", PYTHON, "--level", "reach", "-e", given)

    zips = [tool.folder / f"{number}.zip" for number in (1, 2)]
    for out in zips:
        tool("build", project, *flags, "-q", "-o", out)
        given.write_text("{ }")  # so that it is built and proved again

    names = [path.stem.partition(".")[0] for path in tool.unpack(zips[0]).rglob("__pycache__/*.pyc")]
    assert sorted(names) == ["app", "plug"]
    assert zips[0].read_bytes() == zips[1].read_bytes()
