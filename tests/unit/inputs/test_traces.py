"""Traces: records, merging, what is kept of them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_slim.base.errors import ConfigError, RunError, UsageError
from lambda_slim.inputs.traces import code_digest, only_known, parse_trace, read_events, read_traces, trace_json
from lambda_slim.model.function import Function
from lambda_slim.model.run import Answer, Run
from lambda_slim.model.trace import Trace, merge
from lambda_slim.run.tracing import asked_hint, check_session, parse_record
from tests.unit import factory
from tests.unit.factory import TARGET

names = st.text(min_size=1, max_size=8)
sets = st.frozensets(names, max_size=4)
traces = st.builds(
    Trace,
    modules=st.dictionaries(names, names, max_size=4),
    init_modules=st.lists(names, max_size=4, unique=True).map(tuple),
    files=sets,
    folders=sets,
    read_sources=sets,
    distributions=sets,
    groups=sets,
    calls=sets,
    events=st.lists(names, max_size=3, unique=True).map(tuple),
    code=st.sampled_from(["", "a", "b"]),
)


@settings(max_examples=25)
@given(traces)
def test_a_trace_survives_being_saved(trace):
    assert parse_trace(trace_json(trace)) == trace


@settings(max_examples=25)
@given(st.lists(traces, min_size=1, max_size=3))
def test_merging_loses_nothing(found):
    whole = merge(found)
    for one in found:
        assert one.files <= whole.files
        assert set(one.modules) <= set(whole.modules)
        assert set(one.init_modules) <= set(whole.init_modules)


def test_what_is_saved_does_not_depend_on_the_order_things_were_seen_in():
    one = Trace(modules={"b": "b.py", "a": "a.py"}, files=frozenset({"x", "y"}))
    other = Trace(modules={"a": "a.py", "b": "b.py"}, files=frozenset({"y", "x"}))
    assert trace_json(one) == trace_json(other)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"trace_version": 9}', '{"trace_version": 1, "files": 3}'])
def test_what_is_no_trace_is_refused(text):
    with pytest.raises(ConfigError):
        parse_trace(text)


def test_a_trace_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.json"):
        read_traces([tmp_path / "none.json"])


def test_a_record_is_read_though_its_last_line_is_cut():
    rows = [
        {"kind": "open", "what": "data/x.json", "phase": "init", "importer": False},
        {"kind": "open", "what": "lib/a.py", "phase": "init", "importer": False},
        {"kind": "open", "what": "lib/b.py", "phase": "init", "importer": True},
        {"kind": "open", "what": "thing-1.0.dist-info/METADATA", "phase": "event", "importer": False},
        {"kind": "network", "what": "example.com:443"},
        {"kind": "list", "what": "plugins", "phase": "event"},
        {"kind": "module", "what": "lib.b", "phase": "init", "path": "lib/b.py", "cached": ""},
        {"kind": "module", "what": "late", "phase": "event", "path": "late.py", "cached": ""},
    ]
    trace = parse_record("\n".join(map(json.dumps, rows)) + '\n{"kind": "op', ("put",))
    assert trace.read_sources == {"lib/a.py"}
    assert trace.init_modules == ("lib.b",)
    assert trace.distributions == {"thing"}
    assert "data/x.json" in trace.files
    assert trace.folders == {"plugins"}
    assert not any("example" in path for path in trace.files)


def test_only_files_of_the_package_stay_and_bytecode_stands_for_its_source():
    trace = Trace(
        modules={"a": "a.py", "pytest": "_pytest/x.py", "space": "", "other": ""},
        init_modules=("a", "pytest"),
        files=frozenset({"lib/__pycache__/b.cpython-312.pyc", "gone.txt"}),
        folders=frozenset({"lib", "elsewhere"}),
    )
    known = only_known(trace, [factory.file("a.py"), factory.file("lib/b.py"), factory.file("space/c.py")])
    assert known.modules == {"a": "a.py", "space": ""}
    assert known.init_modules == ("a",)
    assert known.files == {"lib/b.py"}
    assert known.folders == {"lib"}


def test_the_digest_is_of_code_and_versions(tmp_path):
    place = tmp_path / "app.py"
    place.write_text("x = 1\n")
    app = factory.File("app.py", place, 6, "", factory.FileKind.SOURCE)
    first = code_digest([app, factory.file("a-1.0.dist-info/METADATA", "a")])
    assert first == code_digest([factory.file("a-1.0.dist-info/METADATA", "a"), app])
    assert first != code_digest([app, factory.file("a-1.1.dist-info/METADATA", "a")])
    place.write_text("x = 2\n")
    assert first != code_digest([app, factory.file("a-1.0.dist-info/METADATA", "a")])


def session(**more):
    values = {"init_error": None, "answers": (), "code": None, "logs": "", "client": ""}
    return Run(**{**values, **more})


FUNCTION = Function("Orders", "app.handler", None, TARGET)


@pytest.mark.parametrize(
    ("ran", "message", "cause"),
    [
        (session(init_error='{"errorType": "E", "errorMessage": "m"}', code=1), "importing `app` failed", "E: m"),
        (session(stopped="time", logs="waiting\n"), "no answer", "waiting"),
        (session(code=3), "exit 3", "it printed nothing"),
    ],
)
def test_a_run_that_did_not_end_well_is_told(ran, message, cause):
    with pytest.raises(RunError, match=message) as caught:
        check_session(ran, FUNCTION)
    assert caught.value.cause == cause


def test_what_was_asked_of_the_network_is_the_hint():
    ran = session(init_error='{"errorType": "E", "errorMessage": "m"}', asked=("db.example:5432",))
    with pytest.raises(RunError) as caught:
        check_session(ran, FUNCTION)
    assert "db.example:5432" in caught.value.hint
    assert asked_hint(()) == ""
    assert "2 more" in asked_hint(tuple("abcde"))


def test_an_event_that_is_answered_with_an_error_is_no_failure_of_the_run():
    check_session(session(answers=(Answer("put", "error", "{}"),)), FUNCTION)


def test_events_must_be_json(tmp_path):
    (tmp_path / "good.json").write_text("{}")
    (tmp_path / "bad.json").write_text("{nope")
    assert read_events([tmp_path / "good.json"]) == (("good", b"{}"),)
    (tmp_path / "shell.json").write_bytes('{"a": "\u00e9"}'.encode("utf-16"))
    assert read_events([tmp_path / "shell.json"]) == (("shell", '{"a": "\u00e9"}'.encode()),)
    (tmp_path / "old.json").write_bytes('{"a": "\u00e9"}'.encode("cp1252"))
    with pytest.raises(UsageError) as caught:
        read_events([tmp_path / "old.json"])
    assert "not UTF-8" in caught.value.cause
    with pytest.raises(UsageError, match=r"bad\.json"):
        read_events([tmp_path / "bad.json"])
    with pytest.raises(UsageError, match=r"cannot read"):
        read_events([tmp_path / "none.json"])
