"""Can it start? Small projects, each with what is said of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.formats.shell import parse_shell
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.function import Function
from lambda_slim.model.image import ImageFacts, ImageReport
from lambda_slim.model.layer import Layer
from lambda_slim.model.settings import Level, Settings
from lambda_slim.model.target import Target
from lambda_slim.plan.starts import Given, judge_start
from lambda_slim.tasks.audit_start import judge_whole
from lambda_slim.tasks.prepare import plan_function

HANDLER = "\ndef handler(event, context): return 1\n"


def told(judged):
    return [(one.rule, one.level, one.file, one.line) for one in judged.findings]


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("import json, boto3, botocore.config, dateutil.parser, simplejson, urllib3", "3.12"),
        ("try:\n    import pandas\nexcept ImportError:\n    pandas = None", "3.12"),
        ("try:\n    import pandas\nexcept ModuleNotFoundError:\n    pass\nelse:\n    import pandas.core", "3.12"),
        ("try:\n    import ujson as json\nexcept ImportError:\n    import json", "3.12"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import mypy_boto3_s3", "3.12"),
        ("import typing as t\nif t.TYPE_CHECKING:\n    import mypy_boto3_s3", "3.12"),
        ("import sys\nif sys.platform == 'win32':\n    import winreg", "3.12"),
        ("import os\nif os.name == 'nt':\n    import msvcrt\nelse:\n    import fcntl", "3.12"),
        ("import sys\nif sys.version_info >= (3, 11):\n    import tomllib\nelse:\n    import tomli as tomllib", "3.12"),
        ("import sys\nif sys.version_info < (3, 11):\n    import tomli\nelse:\n    import tomllib", "3.11"),
        ("import importlib.util\nif importlib.util.find_spec('pandas'):\n    import pandas", "3.12"),
        ("from importlib.util import find_spec\nHAS = find_spec('numpy')\nif HAS:\n    import numpy", "3.12"),
        ("import contextlib\nwith contextlib.suppress(ImportError):\n    import pandas", "3.12"),
        ("if __name__ == '__main__':\n    import pytest", "3.12"),
        ("def f():\n    try:\n        import pandas\n    except Exception:\n        return None", "3.12"),
        ("import cgi, telnetlib", "3.12"),
        ("import aws_durable_execution_sdk_python", "3.13"),
        ("import importlib.metadata as m\ntry:\n    m.version('x')\nexcept m.PackageNotFoundError: ...", "3.12"),
        ("from collections.abc import Mapping\nfrom typing import Self", "3.12"),
        ("import os.path, xml.etree.ElementTree, concurrent.futures", "3.12"),
        ("from __future__ import annotations\nimport _thread, _json\nfrom _collections_abc import Set", "3.12"),
        ("def f():\n    try:\n        import ujson\n    except ImportError:\n        import other_json", "3.12"),
    ],
)  # fmt: skip
def test_nothing_is_said_of(judged, source, python):
    found = judged(source, python=python)

    assert (found.report.verdict, found.findings) == ("yes", ())


@pytest.mark.parametrize(
    ("source", "python", "rule", "line", "hint"),
    [
        ("import requests", "3.12", "LS130", 1, "no requirements file was found; write requests"),
        ("import yaml", "3.12", "LS130", 1, "the import is yaml, the distribution PyYAML"),
        ("import os\nfrom google.cloud import storage", "3.12", "LS130", 2, "google"),
        ("import cgi", "3.13", "LS130", 1, "it left the standard library in Python 3.13; instead: legacy-cgi"),
        ("import distutils.util", "3.12", "LS130", 1, "left the standard library in Python 3.12; instead: setuptools"),
        ("import imp", "3.12", "LS130", 1, "importlib"),
        ("import tomllib", "3.10", "LS130", 1, "has it since Python 3.11; instead: tomli"),
        ("import winreg", "3.12", "LS130", 1, "only Python for Windows has `winreg`"),
        ("from collections import Mapping", "3.12", "LS131", 1, "Python 3.10 took it out; instead: collections.abc"),
        ("from enum import StrEnum", "3.10", "LS131", 1, "Python 3.11 brought it"),
        ("import xml.etree.cElementTree", "3.12", "LS130", 1, "xml.etree.ElementTree"),
        ("from .helper import x", "3.12", "LS130", 1, "absolute name"),
        ("from . import helper", "3.12", "LS130", 1, "absolute name"),
        ("try:\n    import tomllib\nexcept ImportError:\n    import tomli as tomllib", "3.10", "LS130", 4, "tomli"),
        ("try:\n    import pandas\nexcept ImportError:\n    raise SystemExit", "3.12", "LS130", 2, "pandas"),
        ("try:\n    import pandas\nexcept KeyError:\n    pass", "3.12", "LS130", 2, "pandas"),
        ("class A:\n    import pandas", "3.12", "LS130", 2, "pandas"),
        ("import aws_durable_execution_sdk_python", "3.12", "LS130", 1, "aws_durable"),
        ("from importlib.metadata import version\nV = version('orders')", "3.12", "LS132", 2, "PackageNotFoundError"),
        ("import importlib.metadata as m\nV = m.version('orders')", "3.12", "LS132", 2, "PackageNotFoundError"),
        ("import importlib\nm = importlib.import_module('pandas')", "3.12", "LS130", 2, "pandas"),
        ("m = __import__('pandas')", "3.12", "LS130", 1, "pandas"),
        ("def setup():\n    import pandas\nsetup()", "3.12", "LS130", 2, "pandas"),
        ("class Store:\n    def __init__(self):\n        import pandas\nSTORE = Store()", "3.12", "LS130", 3, "pandas"),
        ("def a():\n    import pandas\ndef b(n):\n    return [a()]\nX = b(1) or 2", "3.12", "LS130", 2, "pandas"),
        ("import datetime.datetime", "3.12", "LS130", 1, "from datetime import datetime"),
        ("import os.paths", "3.13", "LS130", 1, "`os` has no such module"),
        ("from concurrent.future import Future", "3.9", "LS130", 1, "`concurrent` has no such module"),
        ("import sys\nsys.exit(3)", "3.12", "LS134", 2, "__main__"),
        ("raise RuntimeError('run setup first')", "3.12", "LS134", 1, "__main__"),
        ("import sys\ndef main():\n    sys.exit(0)\nmain()", "3.12", "LS134", 3, "__main__"),
        ("def main():\n    import sys\n    sys.exit(0)\nmain()", "3.12", "LS134", 3, "__main__"),
        ("from sys import exit as leave\nleave(0)", "3.12", "LS134", 2, "__main__"),
        ("import os.path\nimport os\nos._exit(0)", "3.12", "LS134", 3, "__main__"),
        ("exit()", "3.12", "LS134", 1, "__main__"),
        ("def setup():\n    import pandas\nX = 1 == setup()", "3.12", "LS130", 2, "pandas"),
        ("try:\n    import pandas\nexcept ImportError:\n    exit(1)", "3.12", "LS130", 2, "pandas"),
        ("import sys\nsys.path.append('/mnt/efs')\nimport os.paths", "3.13", "LS130", 3, "no such module"),
        ("x = (", "3.12", "LS200", 1, ""),
        ("match x:\n    case 1: pass", "3.9", "LS200", 3, ""),
    ],
)  # fmt: skip
def test_it_does_not_start(judged, source, python, rule, line, hint):
    found = judged(source, python=python)

    assert found.report.verdict == "no"
    assert told(found) == [(rule, "error", "app.py", line)]
    assert hint in found.findings[0].hint


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    import pandas",
        "import os\nif os.environ.get('LOCAL'):\n    import pandas",
        "for name in ():\n    import pandas",
        "def setup():\n    import pandas\nSETUP = setup",
        "def setup():\n    import pandas\ndef later():\n    setup()",
        "def setup():\n    import pandas\nX = lambda: setup()",
        "def setup():\n    import pandas\nX = [setup() for _ in ()]",
        "def setup():\n    import pandas\nX = False and setup()",
        "def setup():\n    import pandas\ntry:\n    setup()\nexcept Exception:\n    pass",
        "def setup(n):\n    if n:\n        return\n    import pandas\nsetup(1)",
        "import functools\n@functools.partial\ndef setup():\n    import pandas\nsetup()",
        "def setup():\n    import pandas\n    yield 1\nX = setup()",
        "async def setup():\n    import pandas\nX = setup()",
        "import functools\n@functools.cache\nclass S:\n    def __init__(self):\n        import pandas\nS()",
        "def setup():\n    import pandas\nmatch 1:\n    case 2:\n        setup()",
        "def setup():\n    import pandas\nassert True, setup()",
        "def setup():\n    import pandas\nX = 1 < 0 < setup()",
        "def setup():\n    import pandas\ndef run(setup):\n    setup()\nrun(print)",
        "def setup():\n    import pandas\ndef run(*, setup=print):\n    setup()\nrun()",
        "def setup():\n    import pandas\ndef run():\n    setup = print\n    setup()\nrun()",
        "def setup():\n    import pandas\ndef run():\n    def setup(): ...\n    setup()\nrun()",
        "def setup():\n    import pandas\nsetup = print\nsetup()",
        "def setup():\n    import pandas\nfor setup in (print,):\n    setup()",
        "def setup():\n    import pandas\ntry:\n    from os import getcwd as setup\nexcept ImportError: ...\nsetup()",
        "def setup():\n    import pandas\ndef swap():\n    global setup\n    setup = print\nswap()\nsetup()",
    ],
)
def test_what_may_never_run_is_a_warning(judged, source):
    found = judged(source)

    assert found.report.verdict == "yes"
    assert [(one.rule, one.level) for one in found.findings] == [("LS130", "warning")]


def test_it_follows_first_party_modules(judged):
    found = judged({"app.py": "import shop.cart", "shop/__init__.py": "", "shop/cart.py": "from shop import pricing\n",
                    "shop/pricing.py": "import requests\n", "unused.py": "import numpy\n"})  # fmt: skip

    assert told(found) == [("LS130", "error", "shop/pricing.py", 1)]


@pytest.mark.parametrize(
    ("app", "package"),
    [
        ("from shop import create\nAPP = create()", "from .factory import make as create\n"),
        ("from shop.factory import make\nAPP = make()", ""),
        ("import shop.factory\nAPP = shop.factory.make()", ""),
        ("import shop.factory as f\nAPP = f.make()", ""),
        ("from shop import factory\nAPP = str(factory.make())", ""),
    ],
)
def test_it_follows_what_a_function_of_another_module_imports_at_init(judged, app, package):
    factory = "from . import routes\ndef make():\n    from .views import register\n    register()\n"
    files = {"app.py": app, "shop/__init__.py": package, "shop/factory.py": factory, "shop/routes.py": ""}

    found = judged({**files, "shop/views.py": "import requests\ndef register(): ...\n"})

    assert told(found) == [("LS130", "error", "shop/views.py", 1)]


def test_a_function_that_its_module_replaces_is_not_followed(judged):
    shop = "def make():\n    import pandas\nmake = print\n"

    assert judged({"app.py": "from shop import make\nmake()", "shop.py": shop}).report.verdict == "yes"


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nif __name__ == '__main__':\n    sys.exit(0)",
        "import os, sys\nif 'X' in os.environ:\n    sys.exit(0)",
        "try:\n    raise ValueError\nexcept ValueError:\n    pass",
        "import sys\ndef main():\n    sys.exit(0)",
        "def main(n):\n    if n:\n        return\n    raise ValueError\nmain(1)",
        "def setup():\n    import pandas\nwith open('x'), optional():\n    setup()",
        "def exit(code): ...\nexit(0)",
        "def quit(): ...\ndef main():\n    quit()\nmain()",
        "from json import dumps as exit\nexit(0)",
        "import json as sys\nsys.exit = print\nsys.exit(0)",
        "try:\n    import shop\nexcept Exception:\n    shop = None",
    ],
)
def test_what_may_go_on_is_no_end(judged, source):
    found = judged({"app.py": source, "shop.py": "raise RuntimeError\n"})

    assert [one.rule for one in found.findings if one.level == "error"] == []


@pytest.mark.parametrize(
    ("handler", "verdict"),
    [("app.handler", "yes"), ("app.handle", "no"), ("shop.run", "yes"), ("shop.walk", "no"), ("made.any", "yes")],
)
def test_the_handler_is_looked_for_in_its_module(judged, handler, verdict):
    files = {"app.py": "", "shop/__init__.py": "from shop.more import *\n", "shop/more.py": "def run(e, c): ...\n"}

    found = judged({**files, "made.py": "def __getattr__(name): return print\n"}, handler=handler)

    assert found.report.verdict == verdict
    assert [one.rule for one in found.findings] == (["LS131"] if verdict == "no" else [])


ASYNC = "import asyncio\nasync def handle(e, c): ...\n"


@pytest.mark.parametrize(
    ("source", "rule", "line", "why"),
    [
        ("handle = 'core.run'", "LS135", 1, "is a string"),
        ("handle: object = {}", "LS135", 1, "is a dictionary"),
        ("handle = None", "LS135", 1, "is None"),
        ("import json as handle", "LS135", 1, "is the module `json`"),
        ("import core.sub\nhandle = core.sub", "LS135", 2, "is the module `core.sub`"),
        ("from core import sub as handle", "LS135", 1, "did you mean `core.sub.main`?"),
        ("def handle(event): ...", "LS135", 1, "takes one argument"),
        ("def handle(): ...", "LS135", 1, "takes no argument"),
        ("def handle(event, context, table): ...", "LS135", 1, "needs 3 arguments"),
        ("def handle(event, context, *, table): ...", "LS135", 1, "needs the keyword argument `table`"),
        ("handle = lambda event: 1", "LS135", 1, "takes one argument"),
        ("@logger.inject_lambda_context(log_event=True)\ndef handle(event): ...", "LS135", 2, "takes one argument"),
        ("async def handle(event, context): ...", "LS136", 1, "is `async def`"),
        ("async def handle(event, context):\n    yield 1", "LS136", 1, "is an async generator"),
        ("def handle(event, context):\n    yield from ()", "LS136", 1, "is a generator function"),
        ("class handle:\n    def __init__(self, event, context): ...", "LS136", 1, "is a class"),
        ("class handle:\n    def __init__(self, event): ...", "LS135", 1, "whose `__init__` takes one argument"),
        ("class handle: ...", "LS135", 1, "takes no arguments"),
        ("class App: ...\nhandle = App()", "LS135", 1, "has no `__call__`"),
        ("class App:\n    async def __call__(self, e, c): ...\nhandle = App()", "LS136", 1, "whose `__call__` is"),
        ("class App:\n    def run(self, e, c): ...\nhandle = App.run", "LS135", 1, "needs 3 arguments"),
        ("class App:\n    async def run(self, e, c): ...\napp = App()\nhandle = app.run", "LS136", 1, "is `async def`"),
        ("from core.sub import serve as handle", "LS136", 1, "is `async def`"),
        ("from core import sub\nhandle = sub.serve", "LS136", 1, "is `async def`"),
        ("from core.sub import *\nhandle = serve\nfrom core.sub import serve as handle", "LS136", 1, "is `async def`"),
        ("from core.sub import Server\nhandle = Server()", "LS135", 2, "has no `__call__`"),
        ("from fastapi import FastAPI\nhandle = FastAPI()", "LS135", 2, "is an ASGI application"),
        ("import flask\nhandle = app = flask.Flask(__name__)\napp.debug = True", "LS135", 2, "is a WSGI application"),
        ("def handle(e, c): ...\ndel handle", "LS131", 2, "is deleted here"),
        ("if __name__ == '__main__':\n    def handle(e, c): ...", "LS131", 2, "a condition that never holds"),
        ("import typing\nif typing.TYPE_CHECKING:\n    from x import handle", "LS131", 3, "a condition that"),
        ("from typing import Callable\nhandle: Callable", "LS131", 2, "only annotated"),
    ],
)  # fmt: skip
def test_lambda_cannot_call_such_a_handler(judged, source, rule, line, why):
    core = "async def serve(e, c): ...\nclass Server: ...\ndef main(e, c): ...\n"
    stubs = {"fastapi.py": "class FastAPI: ...\n", "flask.py": "class Flask:\n    def __init__(self, n): ...\n"}
    files = {"job.py": source, "core/__init__.py": "", "core/sub.py": core, **stubs}

    found = judged(files, handler="job.handle")

    errors = [one for one in found.findings if one.level == "error"]
    assert found.report.verdict == "no"
    assert [(one.rule, one.line) for one in errors] == [(rule, line)]
    assert why in f"{errors[0].message} {errors[0].hint}"


@pytest.mark.parametrize(
    "source",
    [
        "def handle(*args): ...",
        "def handle(event, context=None, *more, key=1, **rest): ...",
        "def handle(event, /, context): ...",
        "import wrap\n@wrap.run_async\nasync def handle(event, context): ...",
        "import wrap\n@wrap.with_table\ndef handle(event, context, table): ...",
        "import functools\ndef run(a, e, c): ...\nhandle = functools.partial(run, 1)",
        f"{ASYNC}run = handle\ndef handle(e, c): return asyncio.run(run(e, c))",
        f"{ASYNC}def make(f): return lambda e, c: asyncio.run(f(e, c))\nhandle = make(handle)",
        f"{ASYNC}if asyncio:\n    def handle(e, c): ...",
        f"{ASYNC}try:\n    from core import handle\nexcept ImportError:\n    pass",
        f"{ASYNC}def patch():\n    global handle\n    handle = print\npatch()",
        f"{ASYNC}globals()['handle'] = print",
        f"{ASYNC}from core import *",
        "class handle(dict):\n    def __init__(self, event, context): super().__init__(event)",
        "class handle:\n    def __new__(cls, event, context): return 1",
        "class Meta(type): ...\nclass App(metaclass=Meta): ...\nhandle = App()",
        "class App: ...\nApp.__call__ = lambda self, e, c: 1\nhandle = App()",
        "class App:\n    def __call__(self, event, context): ...\nhandle = App()",
        "class App:\n    @staticmethod\n    def run(event, context): ...\nhandle = App.run",
        "class App:\n    @classmethod\n    def run(cls, event, context): ...\nhandle = App.run",
        "class App:\n    def __init__(self): self.run = print\n    def run(self): ...\nhandle = App().run",
        "if __name__ == '__main__':\n    pass\nelse:\n    def handle(e, c): ...",
        "handle: object\ndef handle(e, c): ...",
        "import odd as handle",
        "from core import handle",
    ],
)
def test_such_a_handler_may_work(judged, source):
    core = "def handle(e, c): ...\n"
    wrap = "def run_async(f): return print\nwith_table = run_async\n"
    odd = "import sys\nsys.modules[__name__] = print\n"

    found = judged({"job.py": source, "core.py": core, "wrap.py": wrap, "odd.py": odd}, handler="job.handle")

    assert (found.report.verdict, [one for one in found.findings if one.level == "error"]) == ("yes", [])


def test_a_module_is_no_handler(judged):
    found = judged({"jobs/__init__.py": "", "jobs/run.py": "def lambda_handler(e, c): ...\n"}, handler="jobs.run")

    assert told(found) == [("LS135", "error", "jobs/__init__.py", 1)]
    assert "did you mean `jobs.run.lambda_handler`?" in found.findings[0].hint


@pytest.mark.parametrize("folder", ["examples/job", "docs", "tests"])
def test_a_handler_in_a_folder_that_is_usually_left_out_ships(tmp_path, monkeypatch, folder):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    module = folder.replace("/", ".")
    texts = {"main.py": f"import {module}.util{HANDLER}", "util.py": "", "test_main.py": "import pytest\n"}
    for name, text in texts.items():
        place = tmp_path / "code" / folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    function = Function("F", f"{module}.main.handler", tmp_path / "code", Target(runtimes()["python3.12"], "x86_64"))
    planned = plan_function(function, Settings(root=tmp_path / "code", level=Level.SAFE))

    assert [file.path for file in planned.plan.kept] == [f"{folder}/main.py", f"{folder}/util.py"]
    assert judge_start(planned.facts, planned.plan).report.verdict == "yes"


def test_a_function_of_a_dependency_is_not_followed(judged):
    found = judged("import json\nfrom boto3 import setup_default_session\nsetup_default_session()\njson.dumps(1)")

    assert found.report.verdict == "yes"


def test_a_name_that_a_first_party_module_does_not_have(judged):
    files = {"app.py": "from helpers import nothing, here, star, sub", "helpers/sub.py": ""}
    files |= {"helpers/__init__.py": "from helpers.more import *\nhere = 1\n", "helpers/more.py": "star = 1\n"}

    found = judged(files)

    assert told(found) == [("LS131", "error", "app.py", 1)]
    assert "`helpers` has no `nothing`" in found.findings[0].message


@pytest.mark.parametrize(
    "text", ["def __getattr__(name): return name\n", "globals().update(a=1)\n", "exec('nothing = 1')\n"]
)
def test_names_that_nobody_can_list(judged, text):
    assert judged({"app.py": "from helpers import nothing", "helpers.py": text}).report.verdict == "yes"


def test_a_module_in_a_folder_that_is_not_on_the_path(judged):
    files = {"src/app.py": "import utils", "src/utils.py": ""}

    found = judged(files, handler="src.app.handler")

    assert told(found) == [("LS130", "error", "src/app.py", 1)]
    assert "import `src.utils`" in found.findings[0].hint


def test_a_module_in_a_folder_that_is_put_on_the_path(judged):
    path = "import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\nimport utils"

    assert judged({"src/app.py": path, "src/utils.py": ""}, handler="src.app.handler").report.verdict == "yes"


def test_what_pip_has_put_into_a_folder_beside_the_code(judged):
    """`pip install -t package`: its content has to lie at the root, or has to be on the path."""
    wheel = installed("import lib.deep", lib__init="", lib__deep="")
    found = judged({path if path == "app.py" else f"package/{path}": text for path, text in wheel.items()})

    assert found.report.verdict == "no"
    assert found.findings[0].hint == (
        "package/ has it, and an import does not look into package/: list it in requirements.txt, "
        "or set PYTHONPATH=/var/task/package"
    )


def test_a_path_beyond_the_package_leaves_it_open(judged):
    found = judged("import sys\nsys.path.append('/mnt/efs/lib')\nimport torch")

    assert told(found) == [("LS130", "warning", "app.py", 3)]


def test_layers_leave_it_open(judged):
    found = judged("import pandas", layers=(Layer("arn:aws:lambda:eu-west-1:1:layer:x:1"),))

    assert found.report.verdict == "unknown"
    assert [one.level for one in found.findings] == ["warning"]
    assert "layers" in found.findings[0].hint


def test_a_public_layer_provides_what_it_documents(judged):
    layer = Layer("arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertools:1", provides=("pandas",), known="P")

    assert judged("import pandas.core", layers=(layer,)).report.verdict == "yes"
    assert judged("import numpy", layers=(layer,)).report.verdict == "no"


def test_a_provider_of_ones_own(judged, tmp_path):
    class Everything:
        def module(self, name):
            return Given.YES

        def member(self, module, name):
            return Given.YES

    judged("import pandas")
    root = tmp_path / "code"
    planned = plan_function(
        Function("F", "app.handler", root, Target(runtimes()["python3.12"], "x86_64")), Settings(root=root)
    )

    assert judge_start(planned.facts, planned.plan, providers=[Everything()]).report.verdict == "yes"


DIST = "lib-1.0.dist-info"


def installed(app, **modules):
    files = {f"{name.replace('__', '/')}.py": text for name, text in modules.items()}
    files = {path.replace("/init.py", "/__init__.py"): text for path, text in files.items()}
    record = "".join(f"{path},,\n" for path in files) + f"{DIST}/METADATA,,\n"
    return {"app.py": app, **files, f"{DIST}/METADATA": "Name: lib\nVersion: 1.0\n", f"{DIST}/RECORD": record}


def test_third_party_imports_are_errors_where_they_are_certain(judged):
    found = judged(installed("\nimport lib", lib__init="import absent\n"), built=True)

    assert told(found) == [("LS130", "error", "lib/__init__.py", 1)]
    assert "(app.py:2 leads there)" in found.findings[0].message


@pytest.mark.parametrize(
    "text",
    [
        "if ANY:\n    import absent\n",
        "try:\n    import absent\nexcept Exception:\n    pass\n",
        "def f():\n    import absent\n",
        "with optional():\n    import absent\n",
        "from lib import anything\nimport sys\nsys.modules[__name__] = object()\n",
        "def __getattr__(name):\n    import absent\n",
    ],
)
def test_third_party_imports_are_passed_over_where_they_are_not(judged, text):
    assert judged(installed("import lib", lib__init=text), built=True).findings == ()


def test_a_folder_of_data_in_a_package_is_a_namespace_that_can_be_imported(judged):
    files = {"app.py": "from acme import tables\n", "acme/__init__.py": "x = 1\n", "acme/tables/rates.json": "{}"}

    assert judged(files).findings == ()


def test_a_submodule_of_a_namespace_that_is_not_installed(judged):
    found = judged(installed("import google.auth\nfrom google.cloud import storage", google__auth=""), built=True)

    assert [(one.rule, one.line) for one in found.findings] == [("LS130", 2)]


def test_a_name_that_an_installed_version_does_not_have(judged):
    found = judged(installed("from lib import escape", lib__init="def other(): ...\n"), built=True)

    assert "`lib` has no `escape`" in found.findings[0].message
    assert "pin one that has it" in found.findings[0].hint


@pytest.mark.parametrize(
    ("statement", "ending", "made_for"),
    [
        ("from . import _core", ".cpython-311-x86_64-linux-gnu.so", "CPython 3.11"),
        ("from lib import _core", ".cpython-312-aarch64-linux-gnu.so", "aarch64"),
        ("from ._core import f", ".cpython-312-darwin.so", "macOS"),
        ("import lib._core", ".cp312-win_amd64.pyd", "Windows"),
    ],
)
def test_a_compiled_module_that_is_there_for_another_python_or_system(judged, statement, ending, made_for):
    found = judged(installed("import lib", lib__init=statement) | {f"lib/_core{ending}": "binary"}, built=True)

    assert [(one.rule, one.file) for one in found.findings] == [("LS130", "lib/__init__.py")]
    assert f"_core{ending} is made for {made_for}" in found.findings[0].hint


def test_a_compiled_module_for_elsewhere_beside_its_source(judged):
    files = installed("import lib", lib__init="from . import _core", lib___core="") | {"lib/_core.cp312-win32.pyd": ""}

    assert judged(files, built=True).report.verdict == "yes"


def test_a_submodule_that_a_package_takes_of_itself_is_followed(judged):
    found = judged(installed("import lib", lib__init="from . import sub", lib__sub="import absent"), built=True)

    assert told(found) == [("LS130", "error", "lib/sub.py", 1)]


@pytest.mark.parametrize("text", ["from . import gone", "from .sub import x\nfrom lib import gone"])
def test_a_submodule_that_is_not_there(judged, text):
    found = judged(installed("import lib", lib__init=text, lib__sub="x = 1"), built=True)

    assert "`lib` has no `gone`" in found.findings[0].message


@pytest.mark.parametrize(
    "text",
    [
        "from . import data",
        "gone = 1\nfrom . import gone",
        "try:\n    from . import gone\nexcept ImportError:\n    pass",
    ],
)
def test_what_a_package_has_of_itself(judged, text):
    files = installed("import lib", lib__init=text) | {"lib/data/x.txt": ""}

    assert judged(files, built=True).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "from json import dumps as dumps",  # how typed packages say that a name is theirs to give
        "from json import loads as loads, dumps as dumps",
        "from json import loads as loads, dumps",
        "import json\nfrom json import dumps as dumps",
    ],
)
def test_a_name_that_a_package_takes_of_another_and_gives_on(judged, text):
    found = judged(installed("from lib import dumps", lib__init=text), built=True)

    assert found.report.verdict == "yes"


def test_only_a_package_can_have_its_names_as_submodules(judged):
    """A module that imports a name from itself may have got it by then."""
    files = {"app.py": "from lib import x", "lib.py": "from lib import x\n"}

    assert [finding.rule for finding in judged(files).findings] == []


def test_the_last_part_of_a_dotted_name_is_what_to_import(judged):
    (finding,) = judged("import datetime.datetime.now").findings

    assert "`from datetime.datetime import now`" in finding.hint


def test_a_submodule_that_is_not_there_under_its_own_name(judged):
    found = judged(installed("from lib import gone", lib__init="from . import gone as gone"), built=True)

    assert found.report.verdict == "no"


def test_metadata_in_a_layer(judged, tmp_path):
    layer = tmp_path / "layer"
    (layer / "python" / "lib-1.0.dist-info").mkdir(parents=True)
    (layer / "python" / "lib-1.0.dist-info" / "METADATA").write_text("Name: lib\nVersion: 1.0\n")
    source = "from importlib.metadata import version\nV = version('Lib')"
    assert told(judged(source, layers=(Layer("L", layer),))) == []
    assert told(judged(source)) == [("LS132", "error", "app.py", 2)]


def test_metadata_that_is_there(judged):
    source = "from importlib.metadata import version\nV = version('Lib')\nB = version('boto3')"

    assert judged(installed(source, lib__init=""), built=True).report.verdict == "yes"


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("requirement.txt", "requests\n", "requirement.txt:1 names it, but dependencies are read from"),
        ("requirements-dev.txt", "-r x\nrequests==2\n", "requirements-dev.txt:2 names it"),
        ("environment.yml", "dependencies:\n  - requests=2.31\n", "environment.yml:2 names it"),
        ("setup.py", "setup(install_requires=['requests>=2'])\n", "setup.py:1 names it, but dependencies are read"),
        ("pyproject.toml", "[dependency-groups]\ndev = ['requests']\n", "only in the group dev"),
        ("pyproject.toml", "[project]\nname='x'\n[project.optional-dependencies]\nweb = ['requests']\n",
         "only in the extra web"),
        ("pyproject.toml", "[tool.poetry.group.test.dependencies]\nrequests = '*'\n", "only in the group test"),
        ("Pipfile", "[dev-packages]\nrequests = '*'\n", "only in dev-packages"),
    ],
)  # fmt: skip
def test_what_lies_nearest(judged, tmp_path, name, text, hint):
    found = judged({"app.py": "import requests", name: text})

    assert hint in found.findings[0].hint


def test_a_near_name(judged):
    assert "did you mean `helpers`?" in judged({"app.py": "import helper", "helpers.py": ""}).findings[0].hint


def test_findings_can_be_silenced(judged, tmp_path):
    judged("import pandas")
    root = tmp_path / "code"
    function = Function("F", "app.handler", root, Target(runtimes()["python3.12"], "x86_64"))
    settings = replace(Settings(root=Path(root)), ignore_findings=("LS130:app.py",))

    assert judge_whole(plan_function(function, settings)).report.verdict == "yes"


@pytest.mark.parametrize("comment", ["ignore[LS130]", "ignore[LS201, missing-import]", "ignore"])
def test_findings_can_be_silenced_on_their_line(judged, comment):
    assert judged(f"import json\nimport pandas  # lambda-slim: {comment}").report.verdict == "yes"


@pytest.mark.parametrize("comment", ["ignore[LS131]", "ignore[]"])
def test_a_comment_for_another_rule_silences_nothing(judged, comment):
    assert judged(f"import pandas  # lambda-slim: {comment}").report.verdict == "no"


def test_a_module_that_takes_the_name_of_another_is_found_by_it(judged):
    source = "import pymysql\npymysql.install_as_MySQLdb()\nimport MySQLdb"

    assert told(judged({"app.py": source, "pymysql/__init__.py": "def install_as_MySQLdb(): ...\n"})) == []


def test_distutils_is_found_where_setuptools_brings_it(judged):
    files = {"app.py": "import setuptools\nimport distutils.version", "_distutils_hack/__init__.py": ""}

    assert told(judged({**files, "setuptools/__init__.py": "import distutils.core\n"})) == []


def test_without_that_module_it_is_missing(judged):
    assert [row[:2] for row in told(judged("import MySQLdb"))] == [("LS130", "error")]


@pytest.mark.parametrize(("managed", "verdict"), [(True, "yes"), (False, "no")])
def test_only_lambda_s_own_images_have_boto3(judged, managed, verdict):
    image = ImageFacts(ImageReport(*("",) * 4, *(0,) * 6), managed, frozenset())

    assert judged("import boto3", image=image).report.verdict == verdict


@pytest.mark.parametrize(("managed", "rules"), [(True, ["LS136"]), (False, [])])
def test_only_in_lambda_s_own_images_is_it_known_what_calls_the_handler(judged, managed, rules):
    image = ImageFacts(ImageReport(*("",) * 4, *(0,) * 6), managed, frozenset())

    assert [
        finding.rule for finding in judged("async def go(e, c): ...", handler="app.go", image=image).findings
    ] == rules


def test_it_follows_other_modules_that_start(judged):
    found = judged({"app.py": "", "worker.py": "import requests\n"}, roots=("worker",))

    assert told(found) == [("LS130", "error", "worker.py", 1)]


def test_a_folder_on_the_function_s_python_path(judged):
    files = {"app.py": "import utils", "lib/utils.py": ""}

    assert judged(files, environment={"PYTHONPATH": "/var/task/lib"}).report.verdict == "yes"
    assert judged(files).report.verdict == "no"


@pytest.mark.parametrize(
    ("text", "verdict"), [("lib\n", "yes"), ("# lib\n", "no"), ("\n", "no"), ("import sys\n", "no"), ("", "no")]
)
def test_a_path_file_that_names_a_folder(judged, text, verdict):
    found = judged({"app.py": "import utils", "lib/utils.py": "", "more.pth": text})

    assert found.report.verdict == verdict


def test_a_script_has_no_handler(judged):
    files = {"app.py": "", "run.sh": "python -m app"}

    assert judged(files, handler="run.sh", script="run.sh", entry="app.serve").findings == ()


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("exec python -m uvicorn app:serve", "no"),
        ("export PYTHONPATH=/opt/site && exec python -m uvicorn app:serve", "yes"),
        ("pip install uvicorn -t /tmp && python -m uvicorn app:serve", "yes"),
        ("exec python -m http.server", "yes"),
        ("exec uvicorn app:serve", "no"),
        ("exec serve app:serve", "yes"),
    ],
)
def test_a_script_that_starts_a_module_that_is_not_there(judged, line, verdict):
    starts = parse_shell(line)
    roots, files = (*starts.modules, "app"), {"app.py": "def serve(): ...\n", "run.sh": line}
    script = {"script": "run.sh", "entry": "app.serve", "programs": starts.programs}
    found = judged(files, handler="run.sh", roots=roots, **script)

    assert found.report.verdict == verdict
    assert ["`uvicorn` is what `run.sh` starts" in one.message for one in found.findings] == [True] * (verdict == "no")


def test_a_script_that_starts_an_unknown_program_leaves_it_open(judged):
    found = judged({"app.py": "", "run.sh": "exec ./server"}, handler="run.sh", script="run.sh")

    assert (found.report.verdict, found.report.why) == ("unknown", "what `run.sh` starts is not in the package")


@pytest.mark.parametrize(("there", "verdict"), [("wrap.sh", "yes"), ("other.sh", "no")])
def test_the_exec_wrapper_has_to_ship(judged, there, verdict):
    environment = {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/wrap.sh"}

    assert judged({"app.py": "", there: 'exec "$@"'}, environment=environment).report.verdict == verdict


def test_bytecode_alone_leaves_it_open(judged):
    found = judged({"app.py": "import shop", "shop.pyc": ""})

    assert (found.report.verdict, found.findings) == ("unknown", ())
    assert "only bytecode" in found.report.why


def test_a_handler_without_source_leaves_it_open(judged):
    found = judged({"app.cpython-312-x86_64-linux-gnu.so": ""}, built=True)

    assert found.report.verdict == "unknown"
    assert "no source to read" in found.report.why


def test_it_follows_a_module_in_a_folder_that_is_put_on_the_path(judged):
    path = "import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\nimport utils"

    found = judged({"src/app.py": path, "src/utils.py": "import requests\n"}, handler="src.app.handler")

    assert told(found) == [("LS130", "error", "src/utils.py", 1)]


def test_nothing_is_said_of_a_dependency_that_has_the_module_in_a_folder_of_its_own(judged):
    assert judged(installed("import lib", lib__init="import inner\n", lib__vendor__inner=""), built=True).findings == ()


def test_a_dependency_whose_own_module_only_has_the_name_lacks_the_other(judged):
    files = installed("import lib", lib__init="import inner\n", lib__mode__inner="", lib__mode__init="")
    assert told(judged(files, built=True)) == [("LS130", "error", "lib/__init__.py", 1)]
    moves = installed("import lib", lib__init="import sys\nsys.path.append('x')\nimport inner\n", lib__mode__inner="")
    assert judged(moves, built=True).findings == ()


def test_where_the_python_path_is_not_known_another_folder_may_be_on_it(judged, tmp_path):
    judged({"app.py": "import utils", "lib/utils.py": ""})
    root = tmp_path / "code"
    function = Function("F", "app.handler", root, Target(runtimes()["python3.12"], "x86_64"))
    planned = plan_function(function, Settings(root=root))

    assert judge_start(planned.facts, planned.plan).report.verdict == "no"
    assert judge_start(planned.facts, planned.plan, path_known=False).report.verdict == "unknown"


def test_a_relative_import_by_name_is_no_top_level_module(judged):
    source = "import importlib\nimportlib.import_module('.x', package='shop')"

    assert judged({"app.py": source, "shop/__init__.py": "", "shop/x.py": ""}).findings == ()


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("import sys\nsys.path.append('lib')", "yes"),
        ("import sys as s\ns.path.append('lib')", "yes"),
        ("from sys import path\npath.append('lib')", "yes"),
        ("from sys import path as places\nplaces.append('lib')", "yes"),
        ("import site\nsite.addsitedir('lib')", "yes"),
        ("from site import addsitedir\naddsitedir('lib')", "yes"),
        ("from sys import platform as path\npath.upper()", "no"),
        ("import os.path as path\npath.join('lib')", "no"),
    ],
)
def test_code_that_puts_a_folder_on_the_path(judged, source, verdict):
    assert judged({"app.py": f"{source}\nimport utils", "lib/utils.py": ""}).report.verdict == verdict


def test_a_compiled_module_stands_before_its_source(judged):
    """Python loads the library, so what the source beside it does at import is not known."""
    files = {"app.py": "import fast", "fast.py": "m = __import__('pandas')"}

    assert judged(files).report.verdict == "no"
    assert judged(files | {"fast.cpython-312-x86_64-linux-gnu.so": ""}).findings == ()


def test_a_module_that_cannot_be_compiled_is_found_behind_one_of_a_dependency(judged):
    files = installed("import lib\nimport broken", lib__init="") | {"broken.py": "x = ("}

    assert told(judged(files, built=True)) == [("LS200", "error", "broken.py", 1)]


def test_the_syntax_of_a_dependency_is_not_judged(judged):
    assert judged(installed("import lib", lib__init="x = ("), built=True).findings == ()


def test_what_is_no_source_is_not_compiled(judged):
    """A library, and a folder without `__init__.py`."""
    files = {"app.py": "import fast, parts.text", "fast.cpython-312-x86_64-linux-gnu.so": "x = (", "parts/text.py": ""}

    assert judged(files).findings == ()


def test_a_source_in_an_encoding_that_nobody_knows_is_told_on_its_first_line(judged):
    (finding,) = judged({"app.py": "import other\n", "other.py": "# coding: nonsense\n"}).findings

    assert (finding.rule, finding.file, finding.line, finding.column) == ("LS200", "other.py", 1, 1)


def test_a_module_that_the_settings_leave_out(judged, tmp_path):
    judged({"app.py": "import helpers", "helpers.py": "", "other.py": ""})
    root = tmp_path / "code"
    function = Function("F", "app.handler", root, Target(runtimes()["python3.12"], "x86_64"))
    planned = plan_function(function, Settings(root=root, exclude=("helpers.py",)))

    (finding,) = judge_start(planned.facts, planned.plan).findings

    assert (finding.rule, finding.file, finding.line) == ("LS130", "app.py", 1)
    assert finding.hint.startswith("helpers.py is left out (exclude: ")
    assert finding.hint.endswith("; name it in `keep`")


def test_a_folder_without_an_init_that_the_settings_leave_out(judged, tmp_path):
    judged({"app.py": "import parts.text", "parts/a.txt": "", "parts/text.py": "", "parts/more.py": "", "other.py": ""})
    root = tmp_path / "code"
    function = Function("F", "app.handler", root, Target(runtimes()["python3.12"], "x86_64"))
    planned = plan_function(function, Settings(root=root, exclude=("parts/",)))

    hints = [finding.hint for finding in judge_start(planned.facts, planned.plan).findings]

    assert [hint.partition(" is left out")[0] for hint in hints] == ["parts/more.py"]


def test_a_handler_comes_from_the_star_import_that_binds_it(judged):
    files = {"app.py": "", "more.py": "other = 1\n", "most.py": "serve = 1\n"}
    files["lambda_function.py"] = "from more import *\nfrom most import *\n"

    (finding,) = judged(files, handler="lambda_function.serve").findings

    assert (finding.rule, finding.file) == ("LS135", "most.py")


def test_a_module_in_a_folder_that_is_not_on_the_path_is_not_followed(judged):
    files = {"app.py": "import json\n", "lib/json.py": "import absent_one\n"}

    assert [row for row in told(judged(files)) if row[1] == "error"] == []


BOTOCORE = {"botocore/__init__.py": "", "botocore/session.py": "from botocore.hooks import Emitter\n"}


@pytest.mark.parametrize(
    ("package", "more"),
    [
        ({"app.py": "import botocore.session", **BOTOCORE}, {}),
        ({"app.py": "from dateutil import parser", "dateutil/__init__.py": ""}, {}),
        (
            {"app.py": "import shop.cart", "shop/__init__.py": ""},
            {"layers": (Layer("K", provides=("shop",), known="K"),)},
        ),
        ({"app.py": "import shop.cart", "shop/__init__.py": ""}, {"layers": (Layer("arn:aws:lambda:x:1:layer:l:1"),)}),
    ],
)
def test_a_package_hides_what_the_runtime_and_layers_have_of_the_same_name(judged, package, more):
    found = judged(package, **more)

    assert found.report.verdict == "no"
    assert {row[1] for row in told(found)} == {"error"}


def test_a_package_that_hides_the_runtimes_is_named(judged):
    found = judged({"app.py": "import botocore.session", **BOTOCORE})

    hint = "the package has a `botocore` of its own, which hides that of the layers and the runtime"
    assert [finding.hint for finding in found.findings] == [hint]


@pytest.mark.parametrize("init", [None, "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"])
def test_a_package_that_may_lie_in_several_folders_hides_nothing(judged, init):
    files = {"app.py": "import shop.cart", "shop/prices.py": ""}
    package = files if init is None else {**files, "shop/__init__.py": init}
    layer = Layer("K", provides=("shop",), known="K")

    assert judged(package, layers=(layer,)).report.verdict != "no"


def test_a_package_hides_the_modules_of_a_layer_that_is_here(judged, tmp_path):
    place = tmp_path / "layer" / "python" / "shop"
    place.mkdir(parents=True)
    (place / "__init__.py").write_text("")
    (place / "cart.py").write_text("")

    package = {"app.py": "import shop.cart", "shop/__init__.py": ""}
    found = judged(package, layers=(Layer("L", tmp_path / "layer"),))

    assert (found.report.verdict, told(found)[0][:2]) == ("no", ("LS130", "error"))
    assert "hides that of the layers" in found.findings[0].hint
    (tmp_path / "code" / "shop" / "prices.py").write_text("")
    assert judged({"app.py": "import shop.prices"}, layers=(Layer("L", tmp_path / "layer"),)).report.verdict == "yes"
    (tmp_path / "code" / "shop" / "__init__.py").unlink()
    assert judged({"app.py": "import shop.cart"}, layers=(Layer("L", tmp_path / "layer"),)).report.verdict == "yes"
    found = judged({"app.py": "import shop.prices"}, layers=(Layer("L", tmp_path / "layer"),))
    assert (found.report.verdict, told(found)[0][:2]) == ("no", ("LS130", "error"))
    assert found.findings[0].hint.startswith("a layer has `shop/__init__.py`, which hides the folder shop/")


@pytest.mark.parametrize(
    ("script", "verdict"),
    [
        ('export PYTHONPATH=/opt/lib:$PYTHONPATH\nexec "$@"\n', "unknown"),
        ('. /opt/settings\nexec "$@"\n', "unknown"),
        ('exec python -m tool "$@"\n', "unknown"),
        ('export STAGE=dev\nexec "$@"\n', "no"),
    ],
)
def test_a_wrapper_of_a_layer_may_set_the_path(judged, tmp_path, script, verdict):
    (tmp_path / "layer/bin").mkdir(parents=True)
    (tmp_path / "layer/bin/wrap").write_text(script)
    own = (Layer("Own", content=tmp_path / "layer"), Layer("Installed", requirement="six"))
    environment = {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/bin/wrap"}
    assert judged("import helper_of_layer", layers=own, environment=environment).report.verdict == verdict


def test_a_wrapper_of_a_layer_that_is_not_read_leaves_it_open(judged, tmp_path):
    (tmp_path / "layer.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    zipped, public = (Layer("Own", content=tmp_path / "layer.zip"),), (Layer("arn", known="OpenTelemetry"),)

    def verdict(wrapper, layers, code="import helper_of_layer"):
        environment = {"AWS_LAMBDA_EXEC_WRAPPER": wrapper}
        return judged(code, layers=layers, environment=environment).report.verdict

    assert verdict("/opt/wrap", zipped) == "unknown"
    assert verdict("/opt/otel-instrument", public) == "no"
    assert verdict("/opt/otel-instrument", (*zipped, *public), "") == "yes"
    assert verdict("", zipped) == "no"


def test_a_wrapper_that_no_layer_has_does_not_start(judged, tmp_path):
    (tmp_path / "layer").mkdir()
    layers = (Layer("Own", content=tmp_path / "layer"),)
    environment = {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrap"}
    found = judged("", layers=layers, environment=environment)
    assert (found.report.verdict, found.findings[0].message) == ("no", "the exec wrapper `/opt/wrap` is in no layer")
    assert judged("", layers=(*layers, Layer("arn")), environment=environment).report.verdict != "no"
