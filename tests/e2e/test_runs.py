"""Handlers run through the real awslambdaric, well and badly behaved."""

import contextlib
import json
import subprocess
import time
from pathlib import Path

import pytest
import uv

from lambda_slim.base.errors import RunError
from lambda_slim.bundle.layout import lay_bytecode
from lambda_slim.model.function import Function
from lambda_slim.model.run import ImportTrial, RunConditions
from lambda_slim.prove.behaviour import differences, tidy
from lambda_slim.run.compiler import compile_modules
from lambda_slim.run.import_trials import try_imports
from lambda_slim.run.lambda_runtime import drive
from lambda_slim.run.tracing import check_session, run_command, run_trace
from lambda_slim.tasks.verify import PackagePair, failing_imports, verify
from tests.e2e.conftest import TARGET

pytestmark = pytest.mark.e2e

EVENTS = (("one", b'{"n": 1}'), ("two", b'{"n": 2}'))


def package(folder, **files):
    for name, text in files.items():
        place = folder / name.replace("__", "/").replace("_json", ".json")
        place = place if place.suffix else place.with_suffix(".py")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


def function(folder, **more):
    return Function("F", "app.handler", folder, TARGET, **more)


def life(interpreter, folder, app, **more):
    package(folder, app=app)
    return drive(interpreter, folder, function(folder), EVENTS, RunConditions(**more))


def behaviour(interpreter, folder, **more):
    return tidy(drive(interpreter, folder, function(folder), EVENTS, RunConditions(**more)), folder)


def bodies(session):
    return [json.loads(answer.body) for answer in session.answers]


@pytest.mark.parametrize("code", ["import boto3\n{}", "{}    import boto3\n"])
def test_boto3_is_there_as_in_the_runtime_where_a_package_has_none(interpreter, tmp_path, code):
    app = (
        code.format("def handler(event, context):\n") + "    return boto3.client('s3').meta.service_model.service_name"
    )
    session = life(interpreter, tmp_path / "own", app)
    without = life(interpreter, tmp_path / "slim", app, sdk=False)

    assert set(bodies(session)) == {"s3"}
    assert session.sdk.startswith("boto3 1.")
    assert "No module named 'boto3'" in (without.init_error or without.answers[0].body)
    request = {"modules": ["app"], "entry_points": [], "libraries": []}
    full, slim = tmp_path / "own", package(tmp_path / "gone", other="")
    assert failing_imports(interpreter, PackagePair(slim, full), function(full), request, RunConditions(sdk=True)) == {
        "app": "ModuleNotFoundError: No module named 'app'"
    }


def test_boto3_is_there_where_a_fallback_hides_that_it_was_missed(interpreter, tmp_path):
    """As in the handler of Zappa, whose settings leave boto3 out."""
    app = "try:\n    import boto3\nexcept ImportError:\n    from .own import boto3\n\n\n"
    app += "def handler(event, context):\n    return boto3.__name__"
    assert set(bodies(life(interpreter, tmp_path, app))) == {"boto3"}


def test_so_is_what_comes_with_boto3(interpreter, tmp_path):
    session = life(interpreter, tmp_path, "import jmespath\ndef handler(event, context):\n    return jmespath.__name__")
    assert set(bodies(session)) == {"jmespath"}


def test_a_trace_sees_modules_files_folders_and_metadata(interpreter, tmp_path):
    app = """
import os, pathlib, importlib.metadata
from lib import early
VERSION = importlib.metadata.version("thing")
def handler(event, context):
    from lib import late
    here = os.path.dirname(__file__)
    if event["n"] == 2:
        open(os.path.join(here, "data.json")).read()
        os.listdir(os.path.join(here, "lib"))
        pathlib.Path(here, "lib", "early.py").read_text()
    return VERSION
"""
    package(tmp_path, app=app, lib__early="", lib__late="", data_json="{}", unused="")
    (tmp_path / "lib/__init__.py").write_text("")
    (tmp_path / "thing-1.2.dist-info").mkdir()
    (tmp_path / "thing-1.2.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1.2\n")
    trace, session = run_trace(tmp_path, function(tmp_path), interpreter, EVENTS)
    assert bodies(session) == ["1.2", "1.2"]
    assert set(trace.init_modules) == {"app", "lib", "lib.early"}
    assert trace.modules["lib.late"] == "lib/late.py"
    assert {"data.json", "thing-1.2.dist-info/METADATA"} <= trace.files
    assert "lib" in trace.folders
    assert trace.read_sources == {"lib/early.py"}
    assert trace.distributions == {"thing"}
    assert "unused" not in trace.modules
    assert not list(tmp_path.rglob("*.pyc"))


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        ("import os, sys\nos.chdir('/tmp')\nsys.path.append('/tmp/x')\ndef handler(e, c): return e['n']\n", [1, 2]),
        ("import sys, types\nsys.modules['odd'] = object()\ndef handler(e, c): return e['n']\n", [1, 2]),
        ("import threading\nthreading.Thread(target=print).start()\ndef handler(e, c): return e['n']\n", [1, 2]),
        ("import os\ndef handler(e, c):\n    if os.fork() == 0: os._exit(0)\n    return e['n']\n", [1, 2]),
        ("def handler(e, c): return 'x' * 5_000_000\n", ["x" * 5_000_000] * 2),
        ("print('{' * 200_000)\ndef handler(e, c): return e['n']\n", [1, 2]),
    ],
    ids=["chdir and sys.path", "sys.modules", "threads", "fork", "big answers", "prints"],
)
def test_odd_handlers_are_driven_and_traced(interpreter, tmp_path, app, expected):
    session = life(interpreter, tmp_path, app, trace=True)
    check_session(session, function(tmp_path))
    assert bodies(session) == expected


def test_a_crash_in_an_event_is_an_answer(interpreter, tmp_path):
    session = life(interpreter, tmp_path, "def handler(e, c): raise KeyError(e['n'])\n")
    assert [(answer.kind, json.loads(answer.body)["errorType"]) for answer in session.answers] == [
        ("error", "KeyError"),
        ("error", "KeyError"),
    ]


@pytest.mark.parametrize(
    ("app", "message", "cause"),
    [
        ("import nothing_like_it\n", "importing `app` failed", "nothing_like_it"),
        ("import sys\nsys.exit(4)\n", "ended by itself|failed", ""),
        ("import os\ndef handler(e, c): os._exit(9)\n", "exit 9", "it printed nothing"),
    ],
)
def test_lives_that_end_early_are_told(interpreter, tmp_path, app, message, cause):
    with pytest.raises(RunError, match=message) as caught:
        check_session(life(interpreter, tmp_path, app), function(tmp_path))
    assert cause in caught.value.cause


def alive(word):
    """Whether a process runs that has a word in its command line."""
    lines = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            lines.append(place.read_bytes())
    return any(word.encode() in line for line in lines)


def test_a_handler_that_never_returns_is_stopped_with_all_that_it_started(interpreter, tmp_path):
    app = """
import subprocess, time
subprocess.Popen(["sleep", "600.125"])
subprocess.Popen(["sleep", "600.126"], start_new_session=True)
print("started", flush=True)
def handler(e, c): time.sleep(600)
"""
    begun = time.monotonic()
    session = life(interpreter, tmp_path, app, timeout=1)
    assert session.late
    assert "started" in session.logs
    assert time.monotonic() - begun < 15
    assert not alive("600.125")
    assert not alive("600.126")


def test_what_a_handler_writes_outside_its_own_folders_is_refused_or_gone(interpreter, tmp_path):
    app = """
import pathlib
def attempt(path):
    try:
        pathlib.Path(path).write_text("x")
    except OSError as error:
        return error.errno
    return 0
def handler(e, c): return [attempt(%r), attempt("/tmp/lambda-slim-written-by-a-handler")]
"""
    outside = tmp_path / "project"
    outside.mkdir()
    session = life(interpreter, tmp_path / "package", app % str(outside / "x"))
    if bodies(session)[0][0] == 0:
        pytest.skip("no user namespaces here")
    assert bodies(session)[0] == [30, 0]
    assert not list(outside.iterdir())
    assert not Path("/tmp/lambda-slim-written-by-a-handler").exists()


def test_the_network_is_closed_and_what_was_asked_is_told(interpreter, tmp_path):
    app = """
import socket
def attempt(host):
    try:
        socket.create_connection((host, 443), timeout=5)
    except OSError as error:
        return error.errno
    return "open"
def handler(e, c): return [attempt("secrets.example.com"), attempt("169.254.169.254")]
"""
    session = life(interpreter, tmp_path, app)
    assert bodies(session)[0] == [101, 101]
    assert session.asked == ("secrets.example.com:443", "169.254.169.254:443")


def test_network_at_import_is_a_clear_failure(interpreter, tmp_path):
    app = "import urllib.request\nurllib.request.urlopen('http://config.example.com/x')\n"
    with pytest.raises(RunError) as caught:
        check_session(life(interpreter, tmp_path, app), function(tmp_path))
    assert "config.example.com" in caught.value.hint


def test_no_credentials_and_no_variables_of_the_caller_reach_the_handler(interpreter, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("MY_TOKEN", "real")
    session = life(interpreter, tmp_path, "import os\ndef handler(e, c): return dict(os.environ)\n")
    seen = bodies(session)[0]
    assert "real" not in seen.values()
    assert "PYTHONPATH" not in seen


def test_home_and_temporary_files_are_not_the_callers_nor_shared(interpreter, tmp_path):
    app = """
import os, pathlib, tempfile
def handler(e, c):
    place = pathlib.Path(tempfile.gettempdir(), "kept.txt")
    before = place.exists()
    place.write_text("x")
    try:
        pathlib.Path("~/.cache/x").expanduser().mkdir(parents=True)
        home = "writable"
    except OSError:
        home = "not writable"
    return [before, str(place), home, pathlib.Path("~/.aws").expanduser().exists()]
"""
    package(tmp_path, app=app)
    for _ in range(2):
        first, second = bodies(drive(interpreter, tmp_path, function(tmp_path), EVENTS))
        assert first == [False, "/tmp/kept.txt", "not writable", False]
        assert second[0], "one environment lives on from event to event"


def test_without_awslambdaric_our_own_client_does_the_same(interpreter, tmp_path, monkeypatch):
    app = "def handler(e, c):\n    if e['n'] == 2: raise ValueError('no')\n"
    app += "    return {'n': e['n'], 'f': c.function_name}\n"
    real = behaviour(interpreter, package(tmp_path / "a", app=app))
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    own = behaviour(interpreter, tmp_path / "a", offline=True)
    assert (real.client.startswith("awslambdaric "), own.client) == (True, "own client")
    assert own.results == real.results


def test_two_packages_are_compared(interpreter, tmp_path):
    app = "import time, os\ndef handler(e, c):\n    here = os.path.dirname(__file__)\n"
    app += "    return {'t': time.time_ns(), 'x': os.path.exists(os.path.join(here, 'x.json')), 'n': e['n']}\n"
    full = package(tmp_path / "full", app=app, extra="", x_json="1")
    slim = package(tmp_path / "slimmer", app=app)
    request = {"modules": ["app", "extra"], "entry_points": [], "libraries": []}
    found = verify(interpreter, PackagePair(slim, full), function(full), EVENTS, request)
    assert [one.where for one in found.differences] == ["event one", "event two", "import extra"]
    assert any("not compared: t (ignore-fields)" in note for note in found.notes)
    same = verify(interpreter, PackagePair(full, full), function(full), EVENTS, request)
    assert same.differences == ()


def test_packages_that_fail_alike_are_alike(interpreter, tmp_path):
    app = "raise RuntimeError('no config at ' + __file__)\n"
    one, other = package(tmp_path / "a", app=app), package(tmp_path / "bb", app=app)
    first, second = (behaviour(interpreter, folder) for folder in (one, other))
    assert first.init == "RuntimeError: no config at /var/task/app.py"
    assert differences(first, second) == ()


def test_a_module_that_kills_the_process_is_named(interpreter, tmp_path):
    good = package(tmp_path / "full", app="", a="", b="", c="")
    bad = package(tmp_path / "slim", app="", a="", b="import os\nos._exit(3)\n", c="")
    request = {"modules": ["a", "app", "b", "c"], "entry_points": [], "libraries": []}
    assert failing_imports(interpreter, PackagePair(bad, good), function(good), request) == {"b": "ended the process"}


def test_imports_are_tried_when_all_events_are_answered_and_nothing_else_is_told_of_them(interpreter, tmp_path):
    app = "import early\ndef handler(event, context):\n    print('event', event['n'])\n    return event['n']\n"
    loud = "import socket\nprint('loud')\nsocket.create_connection(('example.org', 80))\n"
    package(tmp_path, early="", rest="import early", gone="import nothing_like_it", loud=loud)
    request = {"modules": ["early", "gone", "loud", "rest"], "entry_points": [["g", "n", "rest:x"]], "libraries": []}
    ran = life(interpreter, tmp_path, app, trial=request, loaded=True)

    assert bodies(ran) == [1, 2]
    assert (ran.code, ran.stopped, ran.asked) == (None, "", ())
    assert ("event 2" in ran.logs, "loud" in ran.logs, "rest" in ran.loaded) == (True, False, False)
    assert ran.trial is not None
    assert ran.trial.failed["gone"] == "ModuleNotFoundError: No module named 'nothing_like_it'"
    assert ran.trial.failed.keys() == {"gone", "loud", "g: n = rest:x"}


def test_a_life_is_what_it_was_where_an_import_after_it_ends_the_process(interpreter, tmp_path):
    package(tmp_path, dead="import os\nos._exit(3)\n")
    request = {"modules": ["dead"], "entry_points": [], "libraries": []}
    ran = life(interpreter, tmp_path, "def handler(event, context):\n    return 1\n", trial=request)

    assert (bodies(ran), ran.code, ran.trial) == ([1, 1], None, None)


@pytest.mark.slow
def test_a_module_that_waits_for_ever_is_named_and_those_after_it_are_tried(interpreter, tmp_path):
    good = package(tmp_path / "full", app="", a="", b="")
    waiting = "import threading\ntry:\n    threading.Event().wait()\nexcept Exception:\n    pass\n"
    bad = package(tmp_path / "slim", app="", a=waiting, b="import nothing_like_it\n")
    request = {"modules": ["a", "app", "b"], "entry_points": [], "libraries": []}
    found = failing_imports(interpreter, PackagePair(bad, good), function(good), request)
    assert list(found) == ["a", "b"]
    assert found["a"] == "Late: no end within 20 s"


def test_bytecode_beside_a_package_is_run_and_shows_in_no_listing(interpreter, tmp_path):
    text = """import colorsys, os
def handler(event, context):
    return VALUE, sorted(os.listdir(os.path.dirname(__file__))), colorsys.__cached__.startswith("{}")
VALUE = "{}"
"""
    folder = package(tmp_path / "task", app=text.format(tmp_path, "source"))
    other = compile_modules(interpreter, [("app.py", text.format(tmp_path, "bytecode").encode())])[0]
    lay_bytecode({"app.py": other}, folder, tmp_path / "bytecode", "cpython-312")

    ran = drive(
        interpreter, folder, function(folder), EVENTS, RunConditions(bytecode=tmp_path / "bytecode", loaded=True)
    )
    assert bodies(ran) == [["bytecode", ["app.py"], False]] * 2  # the standard library is not compiled again
    assert "app" in ran.loaded
    assert bodies(drive(interpreter, folder, function(folder), EVENTS))[0] == ["source", ["app.py"], False]


def test_a_library_that_imports_first_party_code_is_named(interpreter, tmp_path):
    folder = package(tmp_path, app="import lib", lib="try:\n    import settings\nexcept ImportError: pass", settings="")
    request = {"modules": ["app", "lib"], "entry_points": [], "libraries": [], "own": ["app", "settings"]}
    assert try_imports(interpreter, folder, function(folder), request) == ImportTrial({}, frozenset({"lib"}))
    (folder / "settings.py").unlink()
    assert try_imports(interpreter, folder, function(folder), request) == ImportTrial({})


def test_results_that_follow_the_clock_are_no_difference(interpreter, tmp_path):
    app = "import time\ndef handler(e, c): return {'day': int(time.time()) // 2, 'n': e['n']}\n"
    full, slim = package(tmp_path / "full", app=app), package(tmp_path / "slim", app=app)
    request = {"modules": ["app"], "entry_points": [], "libraries": []}
    time.sleep(2 - time.time() % 2)
    first = verify(interpreter, PackagePair(slim, full), function(full), EVENTS, request)
    assert first.differences == ()


def test_any_program_can_be_traced(interpreter, tmp_path):
    folder = package(tmp_path / "pkg", app="", lib="")
    work = package(
        tmp_path / "work", check="import app, lib\nopen(lib.__file__).read()\n", sitecustomize="import csv\n"
    )
    trace = run_command(f"{interpreter} check.py", folder, folder, work)
    assert set(trace.modules) == {"app", "lib"}
    assert trace.init_modules == ()
    with pytest.raises(RunError, match="exit 2"):
        run_command(f"{interpreter} -c 'import sys; sys.exit(2)'", folder, folder, work)
    with pytest.raises(RunError, match="cannot be started"):
        run_command("no-such-program-here x", folder, folder, work)


def test_no_temporary_folder_is_left(interpreter, tmp_path, monkeypatch):
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr("tempfile.tempdir", None)
    life(interpreter, tmp_path / "pkg", "def handler(e, c): return 1\n")
    assert list(place.iterdir()) == []


@pytest.mark.network
def test_aws_at_import_fails_clearly_or_is_stubbed(interpreter, tmp_path):
    app = """
import boto3
REGION = {"region_name": "us-east-1"}
SETTING = boto3.client("ssm", **REGION).get_parameter(Name="x").get("Parameter", "none")
boto3.client("sts", **REGION).get_caller_identity()
boto3.client("ec2", **REGION).describe_instances()
S3 = boto3.client("s3", **REGION)
def handler(e, c):
    S3.put_object(Bucket="b", Key="k", Body=b"x")
    return [SETTING, S3.get_object(Bucket="b", Key="k")["Body"].read().decode()]
"""
    command = [uv.find_uv_bin(), "pip", "install", "-q", "--target", str(tmp_path), "--python", str(interpreter)]
    subprocess.run([*command, "boto3"], check=True)
    session = life(interpreter, tmp_path, app, timeout=20, stub_aws=True)
    check_session(session, function(tmp_path))
    assert bodies(session)[0] == ["none", ""]
    asked = ("ssm: GetParameter", "sts: GetCallerIdentity", "ec2: DescribeInstances", "s3: PUT /b/k", "s3: GET /b/k")
    assert session.asked == asked
    with pytest.raises(RunError) as caught:
        check_session(life(interpreter, tmp_path, app, timeout=20), function(tmp_path))
    assert "ssm.us-east-1.amazonaws.com:443" in caught.value.hint
