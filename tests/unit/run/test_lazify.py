"""Modules whose imports wait mean what they meant; every test runs them in a fresh interpreter."""

import ast
import json
import subprocess
import textwrap
from importlib.resources import files

import pytest

from lambda_slim.bundle.startup import helper_sources
from lambda_slim.run.compiler import compile_lazy, compile_modules, scan_modules
from lambda_slim.startup.parse import parse_scan
from tests.target_python import NATIVE, PYTHON, TAG, VERSION

not_native = pytest.mark.skipif(NATIVE, reason="Python tells itself how a lazy import failed")


def scan(source):
    return parse_scan(scan_modules(PYTHON, [("m.py", textwrap.dedent(source).encode())])[0])


def test_a_statement_that_is_lazy_as_it_is_written_stays_so():
    def load(name):
        names = {"load_script": load}
        exec(files("lambda_slim.run.probe").joinpath(f"{name}.py").read_text(), names)
        return names

    tree = ast.parse("import json\nimport csv\nfrom decimal import Decimal")
    for node in tree.body[1:]:
        node.is_lazy = 1  # as Python 3.15 has it

    assert [name for name, *_ in load("import_scan")["statements"](tree)] == ["json"]


def lay(folder, sources, lazy):
    """Writes modules with their bytecode; `lazy` maps a module's path to names and [module, attribute, level] rows."""
    for path, source in sources.items():
        text = textwrap.dedent(source)
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        order = {"lazy": lazy.get(path, {}), "used": list(scan(text).used)}
        data = compile_lazy(PYTHON, [(path, text.encode(), order)])[0]
        cached = place.parent / "__pycache__" / f"{place.stem}.{TAG}.pyc"
        cached.parent.mkdir(exist_ok=True)
        cached.write_bytes(data)
    scripts = helper_sources(VERSION)
    for (name, _), data in zip(scripts, compile_modules(PYTHON, scripts), strict=True):
        (folder / f"{name}c").write_bytes(data)


def run(folder, code, **environment):
    """What a program printed, as JSON, and its standard error."""
    program = f"import sys; sys.path.insert(0, {str(folder)!r})\n{textwrap.dedent(code)}"
    command = [PYTHON, "-I", "-S", "-B", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout), done.stderr


USER = """\
    import decimal
    import json as j
    from fractions import Fraction

    def half(text):
        return Fraction(text) / 2

    def dumped(value):
        return j.dumps(value, default=str)
"""
ROWS = {"decimal": [["decimal", None, 0]], "j": [["json", "", 0]], "Fraction": [["fractions", "Fraction", 0]]}


@pytest.fixture
def user(tmp_path):
    lay(tmp_path, {"user.py": USER}, {"user.py": ROWS})
    return tmp_path


def test_a_lazy_import_happens_when_a_function_reads_its_name_and_gives_the_real_object(user):
    code = """
        import user
        early = sorted({"decimal", "json", "fractions"} & set(sys.modules))
        half = user.half("1/2")
        import fractions
        same = user.Fraction is fractions.Fraction is type(half)
        print(__import__("json").dumps([early, str(half), same]))
    """

    assert run(user, code)[0] == [[], "1/4", True]


def test_from_outside_too_and_what_is_not_there_is_an_attribute_error(user):
    code = """
        import user
        from user import decimal as named
        found = [hasattr(user, "j"), hasattr(user, "nothing"), "Fraction" in dir(user)]
        print(__import__("json").dumps([named.__name__, *found]))
    """

    assert run(user, code)[0] == ["decimal", True, False, True]


def test_dir_is_that_of_the_eager_module(user, tmp_path):
    eager = tmp_path / "eager"
    lay(eager, {"user.py": USER}, {})
    code = "import user; print(__import__('json').dumps(dir(user)))"

    assert run(user, code)[0] == run(eager, code)[0]


def test_reload_imports_again_and_a_name_that_was_replaced_is_the_import_once_more(user):
    code = """
        import importlib, user
        user.j = None
        replaced = user.j
        importlib.reload(user)
        print(__import__("json").dumps([replaced, user.dumped([1])]))
    """

    assert run(user, code)[0] == [None, "[1]"]


def test_a_name_that_a_test_replaces_before_it_is_read_stays_replaced(user):
    code = """
        import user
        user.Fraction = lambda text: 8
        print(__import__("json").dumps(user.half("1/2")))
    """

    assert run(user, code)[0] == 4


def test_forward_references_are_found(tmp_path):
    source = """\
        from __future__ import annotations
        from decimal import Decimal

        def price(value: Decimal) -> Decimal:
            return value
    """
    lay(tmp_path, {"shop.py": source}, {"shop.py": {"Decimal": [["decimal", "Decimal", 0]]}})
    code = """
        import shop, typing
        print(__import__("json").dumps([str(kind) for kind in typing.get_type_hints(shop.price).values()]))
    """

    assert run(tmp_path, code)[0] == ["<class 'decimal.Decimal'>"] * 2


def test_pickle_inspect_and_tracebacks_see_file_lines_and_source(user):
    code = """
        import inspect, json, pickle, traceback, user
        try:
            user.half("x")
        except ValueError as error:
            frames = traceback.extract_tb(error.__traceback__)
            line = [frame.lineno for frame in frames if frame.filename.endswith("user.py")]
        place = inspect.getsourcelines(user.half)[1]
        kept = pickle.loads(pickle.dumps(user.half)) is user.half
        print(json.dumps([line, place, kept, user.__file__.endswith("user.py")]))
    """

    assert run(user, code)[0] == [[6], 5, True, True]


def test_a_traceback_out_of_an_import_has_no_frame_of_ours(tmp_path):
    lay(tmp_path, {"bad.py": "import json\n\n1 / 0\n\ndef f():\n    json\n"}, {"bad.py": {"json": [["json", None, 0]]}})
    code = """
        import json, traceback
        try:
            import bad
        except ZeroDivisionError as error:
            print(json.dumps([[frame.name, frame.lineno] for frame in traceback.extract_tb(error.__traceback__)][-1:]))
            sys.exit()
    """
    frames, _ = run(tmp_path, code)

    assert frames == [["<module>", 3]]


def test_threads_that_read_one_name_at_the_same_time_get_one_object(user):
    code = """
        import json, threading, user
        gate, seen = threading.Barrier(8), []
        def read():
            gate.wait()
            seen.append(id(user.Fraction))
        threads = [threading.Thread(target=read) for _ in range(8)]
        [thread.start() for thread in threads]; [thread.join() for thread in threads]
        print(json.dumps([len(seen), len(set(seen))]))
    """

    assert run(user, code)[0] == [8, 1]


def test_a_forked_child_reads_a_name_that_its_parent_has_not(user):
    code = """
        import json, os, user
        source, sink = os.pipe()
        if not os.fork():
            os.write(sink, str(user.half("3")).encode()); os._exit(0)
        os.wait()
        print(json.dumps([os.read(source, 99).decode(), "fractions" in sys.modules]))
    """

    assert run(user, code)[0] == ["3/2", False]


def test_the_environment_makes_every_import_eager(user):
    code = """
        import user
        loaded = sorted({"decimal", "fractions"} & set(sys.modules))
        print(__import__("json").dumps([loaded, "__getattr__" in vars(user)]))
    """

    assert run(user, code, LAMBDA_SLIM_STARTUP="eager")[0] == [["decimal", "fractions"], False]


@not_native
def test_the_first_import_that_fails_says_which_where_and_how_to_keep_it_eager(tmp_path):
    source = "import gone_module\n\ndef use():\n    return gone_module\n"
    lay(tmp_path, {"user.py": source}, {"user.py": {"gone_module": [["gone_module", None, 0]]}})
    code = """
        import json, user
        errors = []
        for _ in range(2):
            try:
                user.use()
            except ImportError as error:
                errors.append(type(error).__name__)
        print(json.dumps(errors))
    """
    errors, told = run(tmp_path, code)

    assert errors == ["ModuleNotFoundError"] * 2
    assert told.count("lambda-slim:") == 1
    assert "'gone_module'" in told
    assert "/user.py:4" in told
    assert "eager = ['gone_module']" in told
    assert "LAMBDA_SLIM_STARTUP=eager" in told


@not_native
@pytest.mark.parametrize(("error", "read"), [("KeyError", "user.use()"), ("AttributeError", "hasattr(user, 'odd')")])
def test_an_error_that_a_name_lookup_would_swallow_is_an_import_error(tmp_path, error, read):
    lay(
        tmp_path,
        {"odd.py": f"raise {error}('x')\n", "user.py": "import odd\n\ndef use():\n    return odd\n"},
        {"user.py": {"odd": [["odd", None, 0]]}},
    )
    code = f"""
        import json, user
        try:
            {read}
        except ImportError as found:
            print(json.dumps(type(found.__cause__).__name__))
    """

    assert run(tmp_path, code)[0] == error


def test_modules_that_import_each_other_in_a_circle_get_their_names(tmp_path):
    lay(
        tmp_path,
        {
            "pkg/__init__.py": "from . import one\n\ndef use():\n    return one.two()\n",
            "pkg/one.py": "from . import two as other\n\ndef two():\n    return other.value()\n",
            "pkg/two.py": "from . import one\n\ndef value():\n    return one.__name__\n",
        },
        {
            "pkg/__init__.py": {"one": [["pkg.one", "", 0]]},
            "pkg/one.py": {"other": [["", "two", 1]]},
            "pkg/two.py": {"one": [["", "one", 1]]},
        },
    )

    assert run(tmp_path, "import json, pkg; print(json.dumps([pkg.use(), pkg.two.__name__]))")[0] == [
        "pkg.one",
        "pkg.two",
    ]


def test_a_star_import_by_all_reads_the_names_that_it_lists(tmp_path):
    lay(
        tmp_path,
        {"lib.py": "from decimal import Decimal\n__all__ = ['Decimal']\n", "user.py": "from lib import *\n"},
        {"lib.py": {"Decimal": [["decimal", "Decimal", 0]]}},
    )

    assert run(tmp_path, "import json, user; print(json.dumps(user.Decimal.__name__))")[0] == "Decimal"


def test_a_module_keeps_its_own_getattr(tmp_path):
    source = """\
        import json

        def __getattr__(name):
            if name == "magic":
                return json.dumps(42)
            raise AttributeError(name)
    """
    lay(tmp_path, {"user.py": source}, {"user.py": {"json": [["json", None, 0]]}})
    code = """
        import user
        early = "json" in sys.modules
        print(__import__("json").dumps([early, user.magic, hasattr(user, "other"), user.json.__name__]))
    """

    assert run(tmp_path, code)[0] == [False, "42", False, "json"]


def test_a_module_keeps_a_getattr_that_stands_under_a_condition(tmp_path):
    source = """\
        import json
        TYPE_CHECKING = False

        if not TYPE_CHECKING:
            def __getattr__(name):
                return json.dumps(name) if name == "magic" else globals()[name]
    """
    lay(tmp_path, {"user.py": source}, {"user.py": {"json": [["json", None, 0]]}})
    code = """
        import user
        early = "json" in sys.modules
        print(__import__("json").dumps([early, user.json.__name__, user.magic]))
    """

    assert not scan(source).alone
    assert run(tmp_path, code)[0] == [False, "json", '"magic"']


OWN = """\
    import json
    __all__ = [name for name in dir() if not name.startswith("_")]

    def __getattr__(name):
        if name == "magic":
            return 42
        raise AttributeError(name)
"""


@pytest.mark.parametrize(("source", "magic"), [(OWN, 42), ("import json\nNAMES = dir()\n", None)])
def test_a_package_that_looks_at_its_own_names_has_submodules_that_wait_as_attributes(tmp_path, source, magic):
    lay(tmp_path, {"pkg/sub.py": "X = 1\n", "pkg/also.py": ""}, {})
    place = tmp_path / "pkg" / "__init__.py"
    text = textwrap.dedent(source)
    place.write_text(text)
    order = {"last": [["attach", "pkg", ["also", "sub"]]]}
    data = compile_lazy(PYTHON, [("pkg/__init__.py", text.encode(), order)])[0]
    (place.parent / "__pycache__" / f"__init__.{TAG}.pyc").write_bytes(data)
    code = """
        import json, pkg
        early = "pkg.sub" in sys.modules
        listed = {"sub", "json", "also"} <= set(dir(pkg))
        try:
            pkg.other
        except AttributeError as error:
            other = str(error)
        print(json.dumps([early, listed, pkg.sub.X, getattr(pkg, "magic", None), other, "pkg.also" in sys.modules]))
    """

    *shown, other, also = run(tmp_path, code)[0]
    assert scan(source).alone
    assert shown == [False, True, 1, magic]
    assert "other" in other
    assert not also
    assert run(tmp_path, code.replace("pkg.sub.X", "hasattr(pkg, 'sub')"), LAMBDA_SLIM_STARTUP="eager")[0][2] is False


def test_built_in_names_that_other_code_replaces_are_seen(tmp_path):
    lay(
        tmp_path,
        {"user.py": "import json\n\ndef use():\n    return json.dumps([open('x'), len('ab')])\n"},
        {"user.py": {"json": [["json", None, 0]]}},
    )
    code = """
        import builtins, json, user
        builtins.open = lambda name: "opened " + name
        print(json.dumps([user.use()]))
    """

    assert run(tmp_path, code)[0] == ['["opened x", 2]']


def test_c_code_that_imports_a_module_by_name_gets_its_lazy_names(user):
    code = """
        import ctypes, json, _pickle
        api = ctypes.pythonapi
        api.PyImport_ImportModule.restype = api.PyObject_GetAttrString.restype = ctypes.py_object
        module = ctypes.py_object(api.PyImport_ImportModule(b"user"))
        loaded = "fractions" in __import__("sys").modules
        value = api.PyObject_GetAttrString(module, b"Fraction")
        print(json.dumps([loaded, value.__module__, _pickle.loads(b"cuser\\nFraction\\n.") is value]))
    """

    assert run(user, code)[0] == [False, "fractions", True]


@pytest.mark.parametrize(
    "source",
    [
        "import json\ndef f(): return json, globals()\n",
        "import json\nexec('x = 1')\n",
        "import json\nexec('x = 1', globals())\n",
        "import json\ndef f(run=eval): return json, run('json')\n",
        "import json\nnames = dir()\n",
        "import json, sys\nsys.modules[__name__] = json\n",
        "import json, sys\nname = __name__\ndef f(): return json, sys.modules[name]\n",
        "import json\nnames = [name for name in vars()]\n",
        "import json\ndef f(): return globals()['json']\n",
        "import json\ndef __getattr__(n): return json\ndef __getattr__(n): return 2\n",
        "import json\n__getattr__ = lambda name: json\n",
        "import json, sys\ndef f(): return json, sys._getframe(1).f_globals\n",
    ],
)
def test_a_module_that_looks_at_its_own_names_or_replaces_itself_is_left_alone(source):
    assert scan(source).alone


@pytest.mark.parametrize(
    "source",
    [
        "import json\ndef __getattr__(name): return json if name == 'x' else globals()[name]\n",
        "import json\ndef f(x): return json, vars(x), dir(x), locals()\n",
        "import json\nclass A:\n    names = dir()\ndef f(): return json\n",
        "import json\ndef f(globals, exec=1): return json, globals, exec, lambda: globals\n",
        "import json\nexec('x = 1', {})\n",
        "import json, sys\ndef f(x): return json, sys.modules[x]\nif __name__ == '__main__': f('x')\n",
        "import json, logging, sys\nlog = logging.getLogger(__name__)\ndef f(x): return json, sys.modules[x]\n",
        "import json\ndef f(text): return json, eval(text), eval(text, globals()), exec(text, {})\n",
    ],
)
def test_a_module_that_looks_at_other_names_is_not_left_alone(source):
    assert not scan(source).alone


TEXTS = """\
    import json as j
    import decimal
    import fractions
    import colorsys

    def evaluate(text):
        return eval(text)

    def everywhere(text):
        return eval(text, globals(), {"x": 1})

    def bind(text):
        exec(text, globals())

    def used():
        return [j, decimal, fractions, colorsys]
"""


def test_texts_that_a_function_runs_find_lazy_names(tmp_path):
    lazy = {"j": [["json", "", 0]]} | {name: [[name, None, 0]] for name in ("decimal", "fractions", "colorsys")}
    lay(tmp_path, {"user.py": TEXTS}, {"user.py": lazy})
    code = """
        import user
        loaded = "fractions" in sys.modules or "colorsys" in sys.modules or "decimal" in sys.modules
        user.bind("colorsys = 5\\ndef late(): return j.loads('7')")
        shown = [user.evaluate("decimal.__name__"), user.everywhere("[fractions.__name__, x]"),
                 user.late(), user.colorsys, user.evaluate("colorsys")]
        print(__import__("json").dumps([loaded, *shown]))
    """

    assert not scan(TEXTS).alone
    expected = [False, "decimal", ["fractions", 1], 7, 5, 5]
    assert run(tmp_path, code)[0] == expected
    assert run(tmp_path, code, LAMBDA_SLIM_STARTUP="eager")[0] == [True, *expected[1:]]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import json\nX = json.dumps(1)\n", "while it is imported"),
        ("import json\nclass A:\n    load = json.load\n", "while it is imported"),
        ("import json\n@json.dumps\ndef f(): pass\n", "while it is imported"),
        ("import json\ndef f(a=json): pass\n", "while it is imported"),
        ("import json\n", "effects"),
        ("import json\njson = json or 1\ndef f(): return json\n", "more than once"),
        ("import json\ndef f():\n    global json\n    json = 2\ndef g(): return json\n", "more than once"),
        ("from x import *\nimport json\ndef f(): return json\n", "star import"),
    ],
)
def test_an_import_that_is_read_at_once_or_bound_twice_does_not_wait(source, why):
    assert why in scan(source).refused["json"]


@pytest.mark.parametrize(
    ("source", "touched"),
    [
        ("import other\nother.COUNT += 1\n", {("other", None, 0)}),
        ("from decimal import getcontext\ngetcontext().prec = 7\n", {("decimal", "getcontext", 0)}),
        (
            "try:\n    import csv\nexcept ImportError:\n    pass\nelse:\n    csv.register_dialect('a')\n",
            {("csv", None, 0)},
        ),
        ("from . import x\ndef fill():\n    x.add(1)\nfor _ in '12':\n    fill()\n", {("", "x", 1)}),
        ("import other\ndef fill():\n    other.rows[0].y = 1\n    return 2\nX = fill()\n", {("other", None, 0)}),
        ("import other\ndef later():\n    other.register(1)\n", set()),
        ("import other\nX = other.make()\nROWS = []\nROWS.append(X)\n", set()),
        ("import logging\nlogging.getLogger(__name__).addHandler(1)\n", set()),
        ("from other import LOSSES\nLOSSES = LOSSES.copy()\nLOSSES.update({1: 2})\n", set()),
        ("from other import ROWS\nROWS.append(1)\nROWS = list(ROWS)\n", {("other", "ROWS", 0)}),
        ("from other import T\nT = T.copy()\nT['a'].append(1)\n", {("other", "T", 0)}),
        ("from other import T\nT = dict(T)\nT['a']['b'] = 1\nT['c'] = 2\n", {("other", "T", 0)}),
        ("from other import T\nT = dict(T)\nT['c'] = 2\ndel T['d']\n", set()),
        ("from other import ROWS\nROWS = ROWS or None\nROWS.append(1)\n", {("other", "ROWS", 0)}),
    ],
)
def test_what_a_module_changes_elsewhere_while_it_is_executed(source, touched):
    assert scan(source).touches == touched


def test_what_a_branch_changes_is_known_with_the_names_that_tell_whether_it_has_run():
    source = "from other import f\nif f():\n    from x import A, B\n    if A:\n        f()\nelse:\n    f.y = 1\nB = 2\n"

    assert scan(source).touches == {("other", "f", 0)}
    assert scan(source).guarded == {("other", "f", 0, ("A",))}


def test_imports_in_try_or_under_a_condition_are_not_looked_at():
    assert scan("try:\n    import json\nexcept ImportError:\n    json = None\ndef f(): return json\n").names == {}


def test_two_runs_give_the_same_bytes_whatever_else_is_compiled_beside():
    source, order = textwrap.dedent(USER).encode(), {"lazy": ROWS, "used": ["dict"]}
    alone = compile_lazy(PYTHON, [("user.py", source, order)])
    beside = compile_lazy(PYTHON, [("a.py", b"import decimal, json\n", {}), ("user.py", source, order)])

    assert alone[0] == beside[1]
