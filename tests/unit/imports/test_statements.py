"""Import statements: where they lead, and which branches count."""

import pytest

from lambda_slim.imports.walk import chain
from lambda_slim.model.imports import Edge, How

LIB = {"lib/__init__.py": "", "lib/a.py": "", "lib/b.py": "", "lib/sub/__init__.py": "", "lib/sub/c.py": ""}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import lib", {"lib"}),
        ("import lib.sub.c", {"lib", "lib.sub", "lib.sub.c"}),
        ("import lib.a as x, lib.b", {"lib", "lib.a", "lib.b"}),
        ("from lib import a", {"lib", "lib.a"}),
        ("from lib import missing", {"lib"}),
        ("from lib.sub import c as d", {"lib", "lib.sub", "lib.sub.c"}),
        ("def f():\n    import lib.a", {"lib", "lib.a"}),
        ("class C:\n    from lib import b", {"lib", "lib.b"}),
        ("f = lambda: __import__('lib.a')", {"lib", "lib.a"}),
        ("import json, os.path, not_there", set()),
    ],
)
def test_a_statement_leads_to_modules_and_their_packages(tree, source, expected):
    tree.write("lib", LIB).write("", {"app.py": source})
    assert tree.reached() == {"app"} | expected


@pytest.mark.parametrize(
    ("test", "taken"),
    [
        ("TYPE_CHECKING", False),
        ("typing.TYPE_CHECKING", False),
        ("not TYPE_CHECKING", True),
        ("sys.platform == 'win32'", False),
        ("sys.platform.startswith('linux')", True),
        ("sys.platform in ('darwin', 'win32')", False),
        ("os.name == 'nt'", False),
        ("platform.system() == 'Windows'", False),
        ("platform.system().lower() == 'linux'", True),
        ("sys.implementation.name == 'pypy'", False),
        ("sys.version_info >= (3, 13)", False),
        ("sys.version_info < (3, 12)", False),
        ("(3, 8) <= sys.version_info", None),
        ("sys.version_info[0] == 2", False),
        ("sys.version_info[:2] >= (3, 12)", True),
        ("sys.version_info.minor > 12", False),
        ("sys.version_info >= (3, 12, 4)", None),
        ("sys.version_info >= (3, 12) and sys.platform != 'win32'", True),
        ("sys.platform == 'win32' or unknown", None),
        ("sys.platform == 'win32' and unknown", False),
        ("unknown", None),
        ("WINDOWS", False),
        ("__name__ == '__main__'", False),
    ],
)
def test_a_branch_that_the_target_never_takes_does_not_count(tree, test, taken):
    source = f"WINDOWS = sys.platform == 'win32'\nif {test}:\n    import lib.a\nelse:\n    import lib.b\n"
    tree.write("lib", LIB).write("", {"app.py": source})
    expected = {True: {"lib.a"}, False: {"lib.b"}, None: {"lib.a", "lib.b"}}[taken]
    assert tree.reached() - {"app", "lib"} == expected


def test_a_value_that_changes_later_decides_nothing(tree):
    tree.write("lib", LIB).write(
        "",
        {
            "app.py": """
                cache = None
                found = []
                def load():
                    global cache
                    if cache is not None:
                        import lib.a
                    if found:
                        import lib.b
            """
        },
    )
    assert {"lib.a", "lib.b"} <= tree.reached()


def test_relative_imports_depend_on_where_the_module_lives(tree):
    tree.write(
        "lib",
        {
            "lib/__init__.py": "from .a import x\nfrom . import b",
            "lib/a.py": "from .sub.c import y\nfrom .sub import *",
            "lib/b.py": "from . import other",
            "lib/other.py": "",
            "lib/sub/__init__.py": "__all__ = ['c', 'd']",
            "lib/sub/c.py": "from .. import z",
            "lib/sub/d.py": "",
            "lib/unused.py": "",
            "lib/z.py": "",
        },
    ).add(app="import lib")
    assert tree.reached() == {
        "app", "lib", "lib.a", "lib.b", "lib.sub", "lib.sub.c", "lib.sub.d", "lib.other", "lib.z"
    }  # fmt: skip


def test_how_and_where_are_told(tree):
    tree.write("lib", LIB).write(
        "",
        {
            "app.py": """
                import lib
                def f():
                    from lib import a
                try:
                    import lib.b
                except ImportError:
                    pass
                with contextlib.suppress(ImportError):
                    import lib.sub.c
            """
        },
    )
    found = {(e.target, e.line, e.how) for e in tree.imports().edges["app"]}
    assert found == {
        ("lib", 2, How.TOP),
        ("lib.a", 4, How.DEFERRED),
        ("lib.b", 6, How.OPTIONAL),
        ("lib.sub.c", 10, How.OPTIONAL),
    }


def test_a_chain_leads_from_the_root_to_the_module(tree):
    tree.write("lib", {**LIB, "lib/a.py": "from .sub import c"}).add(app="import lib.a")
    reached = tree.reach()
    assert chain(reached, "lib.sub.c") == (
        Edge("app", "lib.a", 1, How.TOP),
        Edge("lib.a", "lib.sub.c", 1, How.TOP),
    )
    assert chain(reached, "lib") == (Edge("app", "lib.a", 1, How.TOP), Edge("lib.a", "lib", 0, How.PARENT))
    assert chain(reached, "app") == ()
    assert chain(reached, "lib.b") == ()


def test_a_handler_in_a_folder_without_init_is_found(tree):
    tree.write("", {"src/fn-one/app.py": "from . import helper", "src/fn-one/helper.py": "", "src/other.py": ""})
    assert tree.reached("src.fn-one.app") == {"src", "src.fn-one", "src.fn-one.app", "src.fn-one.helper"}


def test_a_module_on_a_path_that_the_handler_adds_is_found(tree):
    tree.write(
        "",
        {
            "app.py": "import sys\nsys.path.insert(0, 'vendor')\nimport tool.deep",
            "vendor/tool/__init__.py": "",
            "vendor/tool/deep.py": "",
            "vendor/tool/other.py": "",
        },
    )
    assert tree.reached() == {"app", "vendor", "vendor.tool", "vendor.tool.deep"}


def test_of_modules_of_one_name_below_several_folders_the_one_beside_is_meant_or_any(tree):
    tree.write("", {"fn/app.py": "import util, shape", "fn/util.py": "", "old/util.py": "", "old/shape.py": ""})
    tree.write("", {"shared/python/shape.py": "import deep", "shared/python/deep.py": ""})
    expected = {"fn.app", "fn.util", "old.shape", "shared.python.shape", "shared.python.deep"}
    assert tree.reached("fn.app") - {"fn", "old", "shared", "shared.python"} == expected


@pytest.mark.parametrize("code", ["import_module(f'steps.{event}')", "STEPS = 'steps.one:run', 'steps.two:run'"])
def test_names_of_modules_below_a_folder_that_is_put_on_the_path(tree, code):
    files = {"src/steps/one.py": "", "src/steps/two.py": "", "src/other.py": ""}
    tree.write("", {"app.py": f"import sys\nsys.path.insert(0, 'src')\ndef f(event): {code}", **files})
    assert tree.reached() == {"app", "src", "src.steps", "src.steps.one", "src.steps.two"}


def test_a_file_that_is_no_python_of_today_is_read_loosely(tree):
    tree.write("lib", LIB).write(
        "",
        {
            "app.py": """
                lazy import lib.a
                lazy from lib import (
                    b,
                    missing,
                )
                NAME = "lib.sub.c"
                print "old"
            """
        },
    )
    assert tree.reached() == {"app", "lib", "lib.a", "lib.b", "lib.sub", "lib.sub.c"}


@pytest.mark.parametrize(
    "source",
    [
        "type Alias[T] = list[T]\nimport lib.a",
        "def f[T](x: T) -> T:\n    import lib.a",
        "class C[T: int]:\n    from lib import a",
        "try:\n    import lib.a\nexcept ValueError, TypeError:\n    pass",
        "lazy import lib.a",
        "lazy from lib import a",
        "x = t'{y}'\nimport lib.a",
        "type A = int\nimport_module('lib.' + 'a')",  # not only statements
        "f'{'lib'}' + f'{x['y']}'\nimport lib.a",
        "print 'python 2'\nimport lib as l\nl.a.run()",
        "exec 'x'\nboth = 'lib.a.Class'",
    ],
)
def test_the_syntax_of_other_pythons_is_understood(tree, source):
    tree.write("lib", LIB).write("", {"app.py": source})
    assert tree.reached() == {"app", "lib", "lib.a"}


@pytest.mark.parametrize("data", [b"\xff\xfe\x00junk", b"(" * 5000, b"a = 1\x00", b"", b"-" * 200_000 + b"1"])
def test_no_content_is_an_error(tree, data):
    tree.write("", {"app.py": data})
    assert tree.reached() == {"app"}


def test_modules_named_lazy_are_lazy_edges(tree):
    tree.write("lib", LIB).add(app="__lazy_modules__ = ['lib.a']\nimport lib.a\nimport lib.b")
    assert {(e.target, e.how) for e in tree.imports().edges["app"]} >= {("lib.a", How.LAZY), ("lib.b", How.TOP)}


def test_nothing_is_said_about_the_style_of_others(tree, recwarn):
    tree.add(app="x = '\\d'\nif 1 is 1:\n    exec('y = \"\\\\d\"')")
    assert tree.reached() == {"app"}
    assert not recwarn.list
