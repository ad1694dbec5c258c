"""`trace`: what a function touches, as a file that can be committed."""

import json


def test_modules_and_files_of_an_event(tool):
    tool.write("event.json", "{}")
    tool("trace", "-e", "event.json", "-o", "trace.json", "-q")

    trace = json.loads((tool.folder / "trace.json").read_text())

    assert trace["modules"]["helper"] == "helper.py"
    assert trace["events"] == ["event"]


def test_an_event_that_is_not_json_is_refused(tool):
    tool.write("event.json", "{")

    assert "is not JSON" in tool("trace", "-e", "event.json", code=2).stderr
