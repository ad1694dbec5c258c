"""Each trap of docs/traps.md as a package with everything in it: the slim one answers as the whole one does.

A case is the handler's module, what distributions have, events, and files that must be gone: a trap that is avoided
by keeping everything proves nothing.
"""

import ctypes.util
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lambda_slim.cli import main as cli

ROOT = Path(__file__).parents[2]
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
RUN = """
import json, sys
package, handler, *events = sys.argv[1:]
sys.path.insert(0, package)
module, name = handler.replace("/", ".").rsplit(".", 1)
__import__(module)
print(json.dumps([getattr(sys.modules[module], name)(json.loads(event), None) for event in events]))
"""


@dataclass(frozen=True)
class Case:
    app: str
    files: dict = field(default_factory=dict)  # distribution ("" for own) to its files
    events: tuple = ({},)
    gone: tuple = ()
    handler: str = "app.handler"
    expected: object = None


LAZY = """
import ast, importlib, pathlib
def attach_stub(package, filename):
    tree = ast.parse(pathlib.Path(filename).with_suffix(".pyi").read_text())
    names = {alias.name: node.module for node in tree.body for alias in node.names}
    def __getattr__(name):
        return getattr(importlib.import_module(f"{package}.{names[name]}"), name)
    return __getattr__, None, list(names)
"""
CASES = {
    1: Case(
        "import json\ndef handler(event, context): return json.load(open('words.json'))",
        {"": {"words.json": '["a"]'}, "lib": {"lib/__init__.py": "", "lib/idle.py": ""}},
        gone=("lib/idle.py",),
    ),
    2: Case(
        "import lib\ndef handler(event, context): return lib.read()",
        {
            "lib": {
                "lib/__init__.py": "import importlib.resources, json, pathlib, pkgutil\n"
                "def read():\n"
                "    beside = pathlib.Path(__file__).with_name('a.json').read_text()\n"
                "    got = pkgutil.get_data('lib', 'data/b.txt').decode()\n"
                "    return [beside, got, (importlib.resources.files('lib') / 'data' / 'c.txt').read_text()]\n",
                "lib/a.json": "a",
                "lib/data/b.txt": "b",
                "lib/data/c.txt": "c",
                "lib/idle.py": "",
            }
        },
        gone=("lib/idle.py",),
    ),
    3: Case(
        "import lib\ndef handler(event, context): return lib.VERSION",
        {
            "lib": {
                "lib/__init__.py": "import pathlib\nplace = pathlib.Path(__file__).parent / 'VERSION'\n"
                "VERSION = place.read_text() if place.exists() else 'unknown'\n",
                "lib/VERSION": "1.2",
                "lib/idle.py": "",
            }
        },
        gone=("lib/idle.py",),
        expected=["1.2"],
    ),
    4: Case(
        "import lib\ndef handler(event, context): return lib.__version__",
        {"lib": {"lib/__init__.py": "import importlib.metadata\n__version__ = importlib.metadata.version('lib')\n"}},
        gone=("lib-1.0.dist-info/RECORD",),
        expected=["1.0"],
    ),
    5: Case(
        "from lib_stubs import Client\ndef handler(event, context): return Client.__name__",
        {
            "lib-stubs": {
                "lib_stubs/__init__.py": "class Client: ...\n",
                "lib_stubs/__init__.pyi": "class Client: ...",
            },
            "types-idle": {"idle-stubs/__init__.pyi": ""},
        },
        gone=("lib_stubs/__init__.pyi", "idle-stubs/__init__.pyi"),
    ),
    6: Case(
        "import lib\ndef handler(event, context): return lib.area(3)",
        {
            "lazy-loader": {"lazy_loader/__init__.py": LAZY},
            "lib": {
                "lib/__init__.py": "import lazy_loader\n"
                "__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)\n",
                "lib/__init__.pyi": "from .shapes import area\n",
                "lib/shapes.py": "def area(n): return n * n\n",
                "lib/shapes.pyi": "def area(n: int) -> int: ...",
            },
        },
        gone=("lib/shapes.pyi",),
        expected=[9],
    ),
    7: Case(
        "import pathlib, loader\nMODEL = loader.load(pathlib.Path(__file__).with_name('model.pkl'))\n"
        "def handler(event, context): return MODEL.area",
        {
            "": {"model.pkl": b"\x80\x02cshapes.square\nSquare\n)\x81."},
            "loader": {"loader.py": "import pickle\ndef load(path): return pickle.loads(path.read_bytes())\n"},
            "shapes": {
                "shapes/__init__.py": "",
                "shapes/square.py": "from shapes import unit\nclass Square: area = 9 * unit.ONE\n",
                "shapes/unit.py": "ONE = 1\n",
                "shapes/idle.py": "",
            },
        },
        gone=("shapes/idle.py",),
    ),
    8: Case(
        "import lib\nBACKENDS = {'fast': 'lib.backends.fast.Backend'}\n"
        "def handler(event, context): return lib.load(BACKENDS[event['use']]).name",
        {
            "lib": {
                "lib/__init__.py": "import importlib\n"
                "def load(path):\n"
                "    module, _, name = path.rpartition('.')\n"
                "    return getattr(importlib.import_module(module), name)\n",
                "lib/backends/__init__.py": "",
                "lib/backends/fast.py": "class Backend: name = 'fast'\n",
            },
            "other": {"other/__init__.py": ""},
        },
        events=({"use": "fast"},),
        gone=("other/__init__.py",),
    ),
    9: Case(
        "import importlib\nimport lib\ndef handler(event, context):\n"
        "    try:\n        return importlib.import_module(f\"lib.kinds.{event['kind']}\").NAME\n"
        "    except ImportError:\n        from lib.errors import page\n        return page(event['kind'])\n",
        {
            "lib": {
                "lib/__init__.py": "",
                "lib/errors.py": "def page(kind): return f'no {kind}'\n",
                "lib/idle.py": "",
                "lib/kinds/__init__.py": "",
                "lib/kinds/png.py": "NAME = 'png'\n",
                "lib/kinds/gif.py": "NAME = 2\n",
            }
        },
        events=({"kind": "png"}, {"kind": "gif"}, {"kind": "bmp"}),
        gone=("lib/idle.py",),
    ),
    10: Case(
        "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'vendor'))\n"
        "def handler(event, context):\n    import helper\n    from plain.inner import Y\n    return [helper.X, Y]\n",
        {
            "": {"vendor/helper.py": "X = 1\n", "vendor/idle.py": "", "plain/inner.py": "Y = 2\n"},
            "lib": {"lib/__init__.py": ""},
        },
        gone=("lib/__init__.py",),
    ),
    12: Case(
        "import lib\ndef handler(event, context): return [lib.tool.__doc__, handler.__doc__]\nhandler.__doc__ = 'own'",
        {"lib": {"lib/__init__.py": 'def tool():\n    """Finds orders."""\n', "lib/idle.py": ""}},
        gone=("lib/idle.py",),
        expected=[["Finds orders.", "own"]],
    ),
    13: Case(
        "import lib\ndef handler(event, context): return lib.respond(event)",
        {
            "lib": {
                "lib/__init__.py": "def respond(event):\n"
                "    try:\n        from lib.views import show\n        return {'status': 200, 'body': show()}\n"
                "    except Exception:\n        return {'status': 500}\n",
                "lib/views.py": "from . import texts\ndef show(): return texts.HELLO\n",
                "lib/idle.py": "",
                "lib/texts.py": "HELLO = 'hello'\n",
            }
        },
        gone=("lib/idle.py",),
        expected=[{"status": 200, "body": "hello"}],
    ),
    14: Case(
        "import lib\ndef handler(event, context): return lib.MODE",
        {
            "lib": {
                "lib/__init__.py": "try:\n    import uvloop_of_nobody\n    MODE = 'fast'\n"
                "except ImportError:\n    from lib.pure import MODE\n",
                "lib/pure.py": "MODE = 'pure'\n",
                "lib/idle.py": "",
            }
        },
        gone=("lib/idle.py",),
        expected=["pure"],
    ),
    16: Case(
        "from cloud import storage, mail\ndef handler(event, context): return [storage.X, mail.X]",
        {
            "cloud-storage": {"cloud/storage.py": "X = 1\n", "cloud/version.py": "V = 1\n"},
            "cloud-mail": {
                "cloud/mail.py": "from cloud import version as v\nX = v.V\n",
                "cloud/version.py": "V = 1\n",
            },
            "lib": {"lib/__init__.py": ""},
        },
        gone=("lib/__init__.py",),
    ),
    18: Case(
        "class App:\n    def __call__(self, event, context): return event['n'] + 1\nhandler = App()",
        {"lib": {"lib/__init__.py": ""}},
        events=({"n": 1},),
        gone=("lib/__init__.py",),
        handler="src/app.handler",
        expected=[2],
    ),
    20: Case(
        "import lib\ndef handler(event, context): return lib.resource('store')",
        {
            "lib": {
                "lib/__init__.py": "from lib.utils import lazy\nMAKERS = {'store': lazy('lib.store.inject.make')}\n"
                "def resource(name): return MAKERS[name]()\n",
                "lib/utils.py": "import sys\n"
                "def import_module(name):\n    __import__(name)\n    return sys.modules[name]\n"
                "def lazy(full):\n    module, name = full.rsplit('.', 1)\n"
                "    return lambda: getattr(import_module(module), name)()\n",
                "lib/store/__init__.py": "",
                "lib/store/inject.py": "def make(): return 'made'\n",
            },
            "other": {"other/__init__.py": ""},
        },
        gone=("other/__init__.py",),
        expected=["made"],
    ),
}


def install(package, distribution, files):
    info = f"{distribution.replace('-', '_')}-1.0.dist-info"
    if distribution:
        files = {**files, f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n"}
        files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    for name, text in files.items():
        place = package / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())


def make(case, package):
    install(package, "", {case.handler.rpartition(".")[0] + ".py": case.app})
    for distribution, files in case.files.items():
        install(package, distribution, files)


def answers(package, case):
    command = [sys.executable, "-I", "-S", "-B", "-c", RUN, package, case.handler, *map(json.dumps, case.events)]
    done = subprocess.run(list(map(str, command)), cwd=package, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def slimmed(whole, out, case, *flags):
    asked = ["--handler", case.handler, "--python", PYTHON, "--arch", "x86_64", "--level", "reach", "--no-verify", "-q"]
    assert cli.run(["build", str(whole), "-o", str(out.with_suffix(".zip")), *asked, *flags]) == 0
    with zipfile.ZipFile(out.with_suffix(".zip")) as archive:
        archive.extractall(out)
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.mark.parametrize("trap", sorted(CASES))
def test_trap(trap, tmp_path):
    case, whole = CASES[trap], tmp_path / "whole"
    make(case, whole)
    names = slimmed(whole, tmp_path / "slim", case, "--bytecode", "only")

    found = answers(whole, case)
    assert answers(tmp_path / "slim", case) == found
    assert case.expected is None or found == case.expected
    assert not names & {*case.gone, *(f"{name}c" for name in case.gone)}


def test_trap_11_a_library_that_is_opened_by_its_path(tmp_path):
    name = ctypes.util.find_library("m")
    source = next((path for path in Path("/lib").glob(f"*/{name}") if sys.platform == "linux"), None)
    if source is None:
        pytest.skip("no C library to copy")
    whole = tmp_path / "whole"
    app = (
        "import ctypes, pathlib\nLIB = ctypes.CDLL(str(pathlib.Path(__file__).parent / 'native' / 'libthing.so'))\n"
        "LIB.fabs.restype = ctypes.c_double\n"
        "def handler(event, context): return LIB.fabs(ctypes.c_double(-3))"
    )
    case = Case(app, {"lib": {"lib/__init__.py": ""}}, expected=[3.0])
    make(case, whole)
    (whole / "native").mkdir()
    (whole / "native" / "libthing.so").write_bytes(source.read_bytes())
    slimmed(whole, tmp_path / "slim", case)

    assert answers(tmp_path / "slim", case) == answers(whole, case) == case.expected


COMPILED = """
#include <Python.h>
static PyObject *price(PyObject *self, PyObject *args) {
    PyObject *module = PyImport_ImportModule("lib._rates"), *found;
    if (!module) return NULL;
    found = PyObject_GetAttrString(module, "RATE");
    Py_DECREF(module);
    return found;
}
static PyMethodDef methods[] = {{"price", price, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef fast = {PyModuleDef_HEAD_INIT, "_fast", NULL, -1, methods};
PyMODINIT_FUNC PyInit__fast(void) { return PyModule_Create(&fast); }
"""


def test_trap_15_a_compiled_module_that_imports_by_name(tmp_path):
    compiler, headers = shutil.which("cc"), sysconfig.get_path("include")
    if compiler is None or not Path(headers, "Python.h").exists() or sys.platform != "linux":
        pytest.skip("no compiler, or no headers of Python")
    files = {"lib/__init__.py": "from lib._fast import price\n", "lib/_rates.py": "from lib._tables import RATE\n"}
    case = Case(
        "import lib\ndef handler(event, context): return lib.price()",
        {"lib": {**files, "lib/_tables.py": "RATE = 7\n", "lib/idle.py": "", "lib/_fast.so": ""}},
        expected=[7],
    )
    whole = tmp_path / "whole"
    make(case, whole)
    (tmp_path / "fast.c").write_text(COMPILED)
    command = [compiler, "-shared", "-fPIC", f"-I{headers}", "-o", whole / "lib/_fast.so", tmp_path / "fast.c"]
    subprocess.run(list(map(str, command)), check=True)
    names = slimmed(whole, tmp_path / "slim", case, "--bytecode", "only")

    assert answers(tmp_path / "slim", case) == answers(whole, case) == case.expected
    assert not names & {"lib/idle.py", "lib/idle.pyc"}


def test_trap_19_a_package_over_the_limit_is_brought_under_it(tmp_path, capsys):
    case = Case(
        "import lib\ndef handler(event, context): return lib.size()",
        {
            "lib": {
                "lib/__init__.py": "import pathlib\nplace = pathlib.Path(__file__).with_name('words.bin')\n"
                "def size(): return place.stat().st_size\n",
                "lib/words.bin": "",
            },
            "idle": {"idle/__init__.py": "", "idle/weights.bin": ""},
        },
        expected=[1 << 20],
    )
    whole = tmp_path / "whole"
    make(case, whole)
    for name, mebibytes in (("lib/words.bin", 1), ("idle/weights.bin", 250)):
        with (whole / name).open("wb") as file:
            file.truncate(mebibytes << 20)
    asked = ["build", str(whole), "--handler", case.handler, "--python", PYTHON, "-q", "-o", str(tmp_path / "safe.zip")]

    assert cli.run([*asked, "--level", "safe"]) == 3
    assert "try a higher --level" in capsys.readouterr().err
    assert not (tmp_path / "safe.zip").exists()
    names = slimmed(whole, tmp_path / "slim", case)
    assert answers(tmp_path / "slim", case) == case.expected
    assert "idle/weights.bin" not in names


def rows():
    text = (ROOT / "docs" / "traps.md").read_text("utf-8")
    return dict(re.findall(r"^\| (\d+) \|.*\| ([^|]+) \|$", text, re.MULTILINE))


def test_every_trap_has_tests_that_are_there():
    table = rows()

    assert sorted(map(int, table)) == list(range(1, 21))
    assert {trap for trap, tests in table.items() if tests.startswith("here")} == {*map(str, CASES), "11", "15", "19"}
    for tests in table.values():
        named = re.findall(r"`([\w/.]+\.py)::(\w+)`", tests)
        assert named or tests.startswith("here")
        for path, name in named:
            assert f"def {name}(" in (ROOT / "tests" / path).read_text("utf-8"), f"{path}::{name}"
