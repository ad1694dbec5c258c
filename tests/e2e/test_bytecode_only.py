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
    assert ("rolled back" in said) == bool(back)
