"""Packages that import when an attribute is asked for."""

import pytest

SCIPY = """
    _submodules = ['linalg', 'stats']
    def __getattr__(name):
        if name in _submodules:
            return importlib.import_module(f'lib.{name}')
        raise AttributeError(name)
"""
TABLE = """
    _dynamic_imports = {'Human': 'human', 'Robot': 'robot'}
    def __getattr__(attr_name):
        return import_attr(attr_name, _dynamic_imports.get(attr_name), __spec__.parent)
"""
ATTACH = (
    "__getattr__, __dir__, __all__ = lazy.attach(__name__, ['linalg'], submod_attrs={'human': ['Human', 'Person']})"
)
BRANCH = """
    def __getattr__(attr):
        if attr == 'char':
            from . import human
            return human
        if attr in {'core', 'kernel'}:
            import lib.robot as core
            return core
"""
STUB = "__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)"
UNKNOWN = """
    def __getattr__(name):
        return importlib.import_module('lib.' + where_is(name))
"""
ALL = ("linalg", "stats", "human", "robot")
MODULES = {f"lib/{name}.py": "" for name in ALL}


@pytest.mark.parametrize(
    ("init", "use", "expected"),
    [
        (SCIPY, "import lib", set()),
        (SCIPY, "import lib as sp\ndef f(): return sp.linalg.solve", {"linalg"}),
        (SCIPY, "from lib import stats", {"stats"}),
        (SCIPY, "import lib\nlib.version", set()),
        (UNKNOWN, "import lib", set()),
        (UNKNOWN, "import lib\nlib.version", {"linalg", "stats", "human", "robot"}),  # cannot be told: all it could be
        (TABLE, "from lib import Human", {"human"}),
        (TABLE, "import lib\nlib.Robot()", {"robot"}),
        (ATTACH, "from lib import Person", {"human"}),
        (ATTACH, "import lib\nlib.linalg", {"linalg"}),
        (BRANCH, "import lib", set()),
        (BRANCH, "import lib\nlib.char", {"human"}),
        (BRANCH, "from lib import kernel", {"robot"}),
        (SCIPY, "import lib as sp\ndef f(e): return getattr(getattr(sp, e['module']), e['name'])", set(ALL)),
        (TABLE, "import lib\ndef f(e): return getattr(lib, e['class'])()", set(ALL)),
        (TABLE, "import lib\ngetattr(lib, 'Robot')", {"robot"}),
        (TABLE, "import lib\nfor kind in ('Human', 'Robot'): getattr(lib, kind)", {"human", "robot"}),
        (ATTACH, "import lib\ndef f(e): getattr(lib, e)", set(ALL)),
        (BRANCH, "import lib\ndef f(e): getattr(lib, e)", set(ALL)),
        (STUB, "import lib\ndef f(e): getattr(lib, e)", set(ALL)),
        ("", "import lib\ndef f(e): getattr(lib, e)", set()),  # has what it has
        (STUB, "from lib import Human", {"human"}),
        (STUB, "import lib\nlib.stats", {"stats"}),
    ],
)
def test_only_what_is_asked_for_is_reached(tree, init, use, expected):
    stub = "from . import stats\nfrom .human import Human as Human\nfrom .robot import Robot"
    tree.write("lib", {"lib/__init__.py": init, "lib/__init__.pyi": stub, **MODULES}).write("", {"app.py": use})
    assert tree.reached() == {"app", "lib"} | {f"lib.{name}" for name in expected}


def test_a_star_import_asks_for_everything_that_is_listed(tree):
    init = TABLE + "    __all__ = ['Human', 'Robot', 'stats']\n"
    tree.write("lib", {"lib/__init__.py": init, **MODULES}).add(app="from lib import *")
    assert tree.reached() == {"app", "lib", "lib.human", "lib.robot", "lib.stats"}


@pytest.mark.parametrize("use", ["import steps", "from steps import *"])
def test_a_star_import_of_a_list_made_of_the_folder_is_all_of_it(tree, use):
    init = """
        __all__ = [basename(f)[:-3] for f in glob.glob(join(dirname(__file__), '*.py')) if '__' not in f]
        from . import *
    """
    tree.write("", {"steps/__init__.py": init, "steps/one.py": "", "steps/two.py": "", "app.py": use})
    assert tree.reached() == {"app", "steps", "steps.one", "steps.two"}


def test_an_attribute_is_followed_through_modules_that_pass_it_on(tree):
    tree.write("lib", {"lib/__init__.py": SCIPY, **MODULES})
    tree.add(compat="import lib as sp", app="from compat import sp\nsp.stats.norm")
    assert tree.reached() == {"app", "compat", "lib", "lib.stats"}


def test_a_submodule_used_without_an_import_is_found(tree):
    tree.write(
        "lib",
        {
            "lib/__init__.py": "from . import human",
            "lib/human.py": "",
            "lib/deep/__init__.py": "",
            "lib/deep/sea.py": "",
        },
    )
    tree.add(app="import lib\nlib.deep.sea.dive()")
    assert tree.reached() == {"app", "lib", "lib.human", "lib.deep", "lib.deep.sea"}
