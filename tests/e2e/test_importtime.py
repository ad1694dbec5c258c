"""INIT timed in real children, through the real awslambdaric, by every Python that is here."""

import subprocess
import time

import pytest

from lambda_slim.base.errors import RunError
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.function import Function
from lambda_slim.model.run import Rounds
from lambda_slim.model.settings import Settings
from lambda_slim.model.target import Target
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.tasks.measure import measure

pytestmark = pytest.mark.e2e

PYTHONS = ("3.10", "3.11", "3.12", "3.13")
APP = """from __future__ import annotations
import threading
import time
import lib
try:
    import not_there
except ImportError:
    pass

def slow(seconds):
    time.sleep(seconds)

if True:
    value = slow(
        0.05
    )

worker = threading.Thread(target=__import__, args=("late",))
worker.start()
worker.join()

def handler(event, context):
    return event
"""


@pytest.fixture
def package(tmp_path):
    def make(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        return tmp_path

    return make


def function(python, package, timeout_s=3):
    target = Target(runtimes()[f"python{python}"], "x86_64")
    if find_interpreter(target, None) is None:
        pytest.skip(f"no Python {python} here")
    return Function("F", "app.handler", package, target, timeout_s=timeout_s)


LOADING = "def load():\n    import late\n"
OWNERS = {"app.py": "", "lib.py": "lib", "late.py": "late"}


@pytest.mark.parametrize("python", PYTHONS)
def test_every_python(python, package):
    folder = package(app=APP, lib="import time\ntime.sleep(0.02)\nimport decimal\n", late="import csv\n")
    report = measure(folder, function(python, folder), Settings(root=folder), OWNERS, rounds=Rounds(3))
    nodes = {node.module: node for node in report.nodes}
    assert (14, "slow(...)") in [(call.line, call.call) for call in nodes["app"].body_calls]
    assert max(call.us for call in nodes["app"].body_calls) > 40_000
    assert nodes["lib"].self_us > 15_000
    assert (nodes["lib"].distribution, nodes["lib"].importer, nodes["lib"].line) == ("lib", "app.py", 4)
    assert nodes["not_there"].status == "failed"
    assert nodes["late"].thread == 1
    assert "decimal" not in nodes, "the runtime has loaded it already"
    first = [node for node in report.nodes if node.thread == 0]
    assert sum(n.self_us + sum(c.us for c in n.body_calls) for n in first) == pytest.approx(report.total_us, rel=0.02)
    assert report.runtime_client.startswith("awslambdaric ")
    assert report.bytecode == "source"
    assert not list(folder.rglob("*.pyc")), "nothing is written to the package"


@pytest.mark.parametrize("python", ["3.11", "3.12"])
def test_what_a_library_imports_for_a_call_is_asked_for_by_the_line_of_the_call(python, package):
    """As `joblib.load` does, which imports what a model was made with."""
    folder = package(app="import lib\n\nmodel = lib.load()\ndef handler(e, c): ...\n", lib=LOADING, late="")
    report = measure(folder, function(python, folder), Settings(root=folder), OWNERS, rounds=Rounds(1))
    late = next(node for node in report.nodes if node.module == "late")
    assert (late.importer, late.line) == ("app.py", 3)


def test_bytecode_without_source(package):
    folder = package(app="import time\ntime.sleep(0.01)\ndef handler(e, c): ...\n")
    target = function("3.12", folder)
    compiling = "import py_compile as c; c.compile('app.py', 'app.pyc', '/var/task/app.py')"
    subprocess.run([find_interpreter(target.target, None), "-c", compiling], cwd=folder, check=True)
    (folder / "app.py").unlink()
    report = measure(folder, target, Settings(root=folder), {"app.pyc": ""}, rounds=Rounds(1, kernel=True))
    assert len(report.kernel_us) == 2  # before and after the run
    assert (report.bytecode, report.nodes[0].file, report.nodes[0].distribution) == ("pyc", "app.pyc", "(project)")


@pytest.mark.parametrize(
    ("app", "message", "cause"),
    [
        ("import lib\n", "importing `app` failed", "ModuleNotFoundError: No module named 'zz' (app.py:1 → lib.py:2)"),
        ("import sys\nsys.exit(3)\n", "importing `app` failed", "SystemExit: 3 (app.py:2)"),
        ("import os\nprint('bye', flush=True)\nos._exit(7)\n", "(exit 7)", "bye"),
        ("def broken(:\n", "importing `app` failed", "SyntaxError: invalid syntax (app.py, line 1) (app.py:1)"),
        ("x = 1\n", "importing `app` failed", "AttributeError: module 'app' has no attribute 'handler'"),
    ],
)
def test_failures_are_told(package, app, message, cause):
    folder = package(app=app, lib="\nimport zz\n")
    with pytest.raises(RunError) as caught:
        measure(folder, function("3.12", folder), Settings(root=folder), OWNERS, rounds=Rounds(1))
    assert message in caught.value.message
    assert caught.value.cause == cause


def test_a_handler_that_never_returns_is_stopped_and_says_where(package, monkeypatch):
    monkeypatch.setattr("lambda_slim.tasks.measure.LEAST_LIMIT_S", 2.0)
    folder = package(app="import time\n\ntime.sleep(600)\n")
    begun = time.monotonic()
    with pytest.raises(RunError) as caught:
        measure(folder, function("3.12", folder), Settings(root=folder), OWNERS, rounds=Rounds(1))
    assert caught.value.cause == "it was at app.py:3"
    assert time.monotonic() - begun < 20


def test_prints_and_forks_do_not_disturb(package):
    app = "import os\nprint('{' * 100000)\nchild = os.fork()\n"
    app += "if child: os.waitpid(child, 0)\ndef handler(e, c): ...\n"
    folder = package(app=app)
    report = measure(folder, function("3.12", folder), Settings(root=folder), OWNERS, rounds=Rounds(1))
    assert report.nodes[0].module == "app"
