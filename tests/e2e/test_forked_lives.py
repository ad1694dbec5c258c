"""Lives of functions that begin with the same imports: like lives of their own, or none at all."""

import json
import re
import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from lambda_slim.bundle.guard import _FIND, _HOOK
from lambda_slim.model.function import Function
from lambda_slim.model.run import RunConditions
from lambda_slim.run.forked_lives import Beginning, ForkedLives
from lambda_slim.run.lambda_runtime import drive
from lambda_slim.tasks.proof.openings import SharedLives
from tests.e2e.conftest import TARGET

pytestmark = pytest.mark.e2e

EVENTS = (("one", b'{"n": 1}'), ("two", b'{"n": 2}'))
OPENING = (("lib", ()),)
CONDITIONS = RunConditions(loaded=True)
APP = (
    "import lib\n\ndef handler(e, c):\n    lib.SEEN.append(e['n'])\n    return [lib.SEEN, c.function_name, __name__]\n"
)


def lay(folder, lib="SEEN = []\n", **apps):
    (folder / "lib").mkdir(exist_ok=True)
    (folder / "lib/__init__.py").write_text(lib)
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data/x.json").write_text("1")
    for name, text in (apps or {"app": APP}).items():
        (folder / f"{name}.py").write_text(text)
    return folder


def function(folder, name="app", **environment):
    return Function(name, f"{name}.handler", folder, TARGET, environment=environment)


def start(interpreter, folder, first, opening=OPENING):
    own = frozenset({"app.py", "other.py", "data/x.json"})
    return ForkedLives(Beginning(interpreter, folder, opening, own), first, CONDITIONS)


def bodies(run):
    return [json.loads(answer.body) for answer in run.answers]


def test_lives_are_like_those_of_their_own_and_leave_nothing_to_the_next(interpreter, tmp_path):
    lay(tmp_path, app=APP, other=APP.replace("__name__", "__file__"))
    lives = start(interpreter, tmp_path, function(tmp_path))
    assert lives.usable
    for name in ("app", "other", "app"):
        own = drive(interpreter, tmp_path, function(tmp_path, name), EVENTS, CONDITIONS)
        forked = lives.live(function(tmp_path, name), EVENTS, 60)
        assert bodies(forked) == bodies(own)
        assert bodies(forked)[1][:2] == [[1, 2], name]
        assert (forked.loaded, forked.loaded_at_init, forked.client, forked.logs) == (
            own.loaded,
            own.loaded_at_init,
            own.client,
            own.logs,
        )
        assert forked.init_us > 0
    lives.close()
    assert not lives._folder.exists()


@pytest.mark.parametrize(
    "lib",
    {
        "a thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n",
        "an open file": "KEPT = open(__file__)\n",
        "the function's name": "import os\nNAME = os.getenv('AWS_LAMBDA_FUNCTION_NAME')\n",
        "all variables": "import os\nALL = dict(os.environ)\n",
        "is it there": "import os\nTHERE = os.path.exists(os.path.join(os.getcwd(), 'data', 'x.json'))\n",
        "by pathlib": "import pathlib\nTHERE = pathlib.Path('data/x.json').is_file()\n",
        "a list": "import os\nNAMES = os.listdir()\n",
        "its own code": "import app\n",
        "what is printed": "print('hello')\n",
        "the network": "import socket\ntry:\n    socket.getaddrinfo('example.com', 80)\nexcept OSError:\n    pass\n",
        "a file in /tmp": "open('/tmp/mark', 'w').write('1')\n",
        "a failure": "raise ImportError('no')\n",
    }.values(),
)
def test_what_a_fork_does_not_keep_or_what_depends_on_the_function_is_refused(interpreter, tmp_path, lib):
    lay(tmp_path, lib + "SEEN = []\n")
    assert not start(interpreter, tmp_path, function(tmp_path)).usable


def test_a_life_that_fails_or_ends_is_none(interpreter, tmp_path):
    lay(tmp_path, app=APP, other="import lib, os\ndef handler(e, c):\n    os._exit(3)\n", bad="import lib\n1 / 0\n")
    (tmp_path / "late.py").write_text("import lib, time\ndef handler(e, c):\n    time.sleep(60)\n")
    lives = start(interpreter, tmp_path, function(tmp_path))
    for name in ("other", "bad"):
        assert lives.live(function(tmp_path, name), EVENTS, 60) is None
    assert lives.live(function(tmp_path, "late"), EVENTS, 1) is None
    assert bodies(lives.live(function(tmp_path), EVENTS, 60))[1][0] == [1, 2]


def test_what_a_life_leaves_is_gone(interpreter, tmp_path):
    writes = "import lib, os, pathlib\nhere = pathlib.Path('/tmp/a')\n\ndef handler(e, c):\n    was = here.exists()\n"
    writes += "    here.mkdir(exist_ok=True)\n    (here / 'x').write_text('1')\n    return was\n"
    lay(tmp_path, app=writes)
    lives = start(interpreter, tmp_path, function(tmp_path))
    for _ in range(2):
        assert bodies(lives.live(function(tmp_path), EVENTS, 60)) == [False, True]

    starts = "import lib, subprocess\n\ndef handler(e, c):\n    subprocess.Popen(['sleep', '600'])\n    return 1\n"
    lay(tmp_path, app=starts)
    assert bodies(lives.live(function(tmp_path), EVENTS, 60)) == [1, 1]
    assert not lives.usable


def test_only_functions_that_begin_alike_fit(interpreter, tmp_path):
    lay(tmp_path)
    lives = start(interpreter, tmp_path, function(tmp_path, A="1"))
    assert lives.fits(function(tmp_path, "other", A="1"), CONDITIONS, (*OPENING, ("json", ())))
    assert not lives.fits(function(tmp_path, A="2"), CONDITIONS, OPENING)
    assert not lives.fits(function(tmp_path, A="1"), CONDITIONS, (("json", ()), *OPENING))
    assert not lives.fits(function(tmp_path, A="1"), CONDITIONS, (*OPENING, ("requests", ())))
    assert not lives.fits(function(tmp_path, A="1"), RunConditions(), OPENING)
    assert not lives.fits(replace(function(tmp_path, A="1"), opt=tmp_path / "opt"), CONDITIONS, OPENING)


def test_a_first_party_file_that_compiled_code_opens_is_seen(interpreter, tmp_path):
    lib = "import ctypes\nSEEN = []\nLIBC = ctypes.CDLL(None)\nLIBC.close(LIBC.open(b'data/x.json', 0))\n"
    folder = lay(tmp_path, lib)
    beginning = Beginning(interpreter, folder, OPENING, frozenset({"app.py", "data/x.json"}))
    assert SharedLives().of_full(function(folder), beginning, CONDITIONS) is None
    lay(folder, "import ctypes\nSEEN = []\n")
    assert SharedLives().of_full(function(folder), beginning, CONDITIONS) is not None


def test_openings_that_nobody_shares_are_not_tried_for_ever(interpreter, tmp_path):
    lay(tmp_path, app="")
    for number in range(9):
        (tmp_path / f"lib{number}.py").write_text("")
    shared, own = SharedLives(), frozenset({"app.py"})

    def has_one(*names):
        beginning = Beginning(interpreter, tmp_path, tuple((name, ()) for name in names), own)
        return shared.of_full(function(tmp_path), beginning, CONDITIONS) is not None

    assert [has_one(f"lib{number}") for number in range(6)] == [True] * 4 + [False] * 2
    assert has_one("lib3")
    assert [has_one("lib7"), has_one("lib8")] == [True, False]
    shared.close()


def guard(folder, name):
    (folder / "_lambda_slim_guard.pth").write_text(_HOOK.format(tops=f"'{name}'", find=_FIND))
    (folder / "_lambda_slim_guard.txt").write_text(f"\t.py\tunreachable\tnothing leads to it\n\n{name} 0\n")


def test_each_life_has_the_guard_of_its_own_package(interpreter, tmp_path):
    app = "import lib\n\ndef handler(e, c):\n    try:\n        import NAME\n    except ImportError as error:\n"
    app += "        return str(error)\n"
    lay(
        tmp_path,
        "SEEN = []\ntry:\n    import gone_a\nexcept ImportError:\n    pass\n",
        app=app.replace("NAME", "gone_a"),
    )
    shutil.copy(str(files("lambda_slim.run.probe").joinpath("guard.py")), tmp_path / "_lambda_slim_guard.py")
    guard(tmp_path, "gone_a")
    lives = start(interpreter, tmp_path, function(tmp_path))
    assert "lambda-slim left out gone_a.py" in bodies(lives.live(function(tmp_path), EVENTS, 60))[0]
    lay(tmp_path, "SEEN = []\n", app=app.replace("NAME", "gone_b"), other=app.replace("NAME", "gone_a"))
    guard(tmp_path, "gone_b")
    assert "lambda-slim left out gone_b.py" in bodies(lives.live(function(tmp_path), EVENTS, 60))[0]
    assert bodies(lives.live(function(tmp_path, "other"), EVENTS, 60))[0] == "No module named 'gone_a'"


HEAD = "Resources:\n"
ROW = "  {0}:\n    Type: AWS::Serverless::Function\n"
ROW += "    Properties: {{CodeUri: src/, Handler: {0}.handler, Runtime: python3.12}}\n"


def project(folder, **apps):
    (folder / "src").mkdir(parents=True)
    (folder / "event.json").write_text('{"n": 1}')
    (folder / "src/requirements.txt").write_text("click==8.1.7\n")
    rows = [ROW.format(name) for name in apps]
    (folder / "template.yaml").write_text("Transform: AWS::Serverless-2016-10-31\n" + HEAD + "".join(rows))
    tables = "".join(f'\n[functions.{name}]\nevents = ["event.json"]\n' for name in apps)
    (folder / "lambda-slim.toml").write_text('level = "reach"\n' + tables)
    for name, text in apps.items():
        (folder / f"src/{name}.py").write_text(text)
    return folder


@pytest.mark.skipif(not Path("/proc/sys/user").is_dir(), reason="namespaces of Linux")
def test_functions_that_begin_alike_are_proved_by_two_processes_more(tool):
    same = "import click\n\ndef handler(e, c):\n    return [e, click.__name__, {0}]\n"
    clock = "import click, time\n\ndef handler(e, c):\n    return {'at': time.time_ns()}\n"
    apps = {f"f{number}": same.format(number) for number in range(5)}
    folder = project(tool.folder / "alike", **apps)
    said = tool(
        "build", "-v", env={"LAMBDA_SLIM_LEVEL": "reach", "LAMBDA_SLIM_CACHE": str(tool.folder / "c")}, cwd=folder
    )
    assert said.count("same results as the full package on 1 event") == 5
    assert "bootstrap.py 4" in said
    assert int(re.search(r"compile\.py (\d+)", said)[1]) <= 4, "the modules of the other functions are compiled at once"

    parent = (
        "import click\nimport os\n\ndef handler(e, c):\n    place = '/'.join([os.getcwd(), 'xhelper'[1:] + '.py'])\n"
    )
    parent += "    return {'parent': os.getppid(), 'rows': open(place).read()}\n"
    folder = project(tool.folder / "missing", f0=same.format(0), f1=parent)
    (folder / "src/helper.py").write_text("A = 1\n")
    said = tool("build", "-v", env={"LAMBDA_SLIM_LEVEL": "reach"}, cwd=folder)
    assert said.count("same results as the full package on 1 event") == 2
    assert "helper.py (the proof needs it" in said
    assert "not compared" not in said, "a life that was forked is not compared with one that was not"

    folder = project(tool.folder / "clock", f0=same.format(0), f1=clock, f2=same.format(2))
    said = tool("build", "-v", env={"LAMBDA_SLIM_LEVEL": "reach"}, cwd=folder)
    assert said.count("same results as the full package on 1 event") == 3
    assert "so not compared: " in " ".join(said.split()), said  # the field; the event where a busy machine ended a life
