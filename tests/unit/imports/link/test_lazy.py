"""What asking a module for an attribute loads, question by question."""

import pytest

from lambda_slim.imports.index import index_modules
from lambda_slim.imports.link.lookups import Lookups
from lambda_slim.imports.store import Store
from tests.unit.factory import TARGET

TABLE = """
    _names = {'Human': 'human', 'Robot': '.robot', 'Far': 'other.thing:Far', 'Top': 'other', 'Gone': 'absent.x'}
    def __getattr__(name):
        return import_attr(name, _names.get(name), __spec__.parent)
"""
FILES = {"lib/__init__.py": TABLE, "lib/human.py": "", "lib/robot.py": "", "lib/tests/__init__.py": ""}
OTHER = {"other/__init__.py": "", "other/thing.py": ""}


def lookups(tree, files=FILES, own=None):
    tree.write("lib", files).write("other", OTHER).write("", {"app.py": "", **(own or {})})
    return Lookups(index_modules(tree.files, TARGET), Store(tree.files, (3, 12)))


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("human", ["lib.human"]),
        (".robot", ["lib.robot"]),
        ("robot:Robot", ["lib.robot"]),
        ("other.thing:Far", ["other.thing"]),
        ("other.thing.Far", ["other.thing"]),
        ("other", ["other"]),
        ("other.Far", []),  # the head alone is said too easily
        ("absent.x", []),
        ("", []),
    ],
)
def test_a_text_of_a_table_is_inside_the_package_or_absolute(tree, text, modules):
    exports = lookups(tree).exports

    assert exports.related(exports.modules["lib"], text) == modules


@pytest.mark.parametrize(
    ("name", "modules"),
    [
        ("Human", ("lib.human",)),
        ("Robot", ("lib.robot",)),
        ("Far", ("other.thing",)),
        ("Top", ("other",)),
        ("Gone", ()),
    ],
)
def test_an_attribute_of_a_table_loads_what_its_row_says(tree, name, modules):
    exports = lookups(tree).exports

    assert exports.asked("lib", name) == modules
    assert tuple(exports.attribute("lib", name)) == modules


def test_anything_of_a_lazy_package_is_its_table_and_its_modules_without_tests(tree):
    exports = lookups(tree).exports

    assert set(exports.anything("lib")) == {"lib.human", "lib.robot", "other.thing", "other"}
    assert list(exports.anything("other")) == []  # not lazy: it has what it has
    assert exports.submodules("lib") == ["lib.human", "lib.robot"]


@pytest.mark.parametrize(("hops", "end"), [(1, "lib.human"), (6, "lib.human"), (7, ""), (9, "")])
def test_a_name_is_followed_through_six_modules_that_pass_it_on(tree, hops, end):
    own = {f"m{hop}.py": f"from m{hop + 1} import human" for hop in range(hops)}
    exports = lookups(tree, own={**own, f"m{hops}.py": "from lib import human"}).exports

    assert exports.resolve("m0.human") == end


@pytest.mark.parametrize(
    ("dotted", "module"),
    [
        ("lib.human", "lib.human"),
        ("compat.sp", "lib"),
        ("compat.sp.human", "lib.human"),  # a submodule of what is passed on
        ("compat.plain", "lib"),
        ("compat.renamed", "lib.robot"),
        ("compat.absent", ""),
        ("absent.human", ""),
        ("absent", ""),
        ("turn.turn", "turn"),
    ],
)
def test_what_a_dotted_name_stands_for(tree, dotted, module):
    compat = "import lib as sp\nfrom lib import robot as renamed\nfrom lib import absent\nfrom app import plain"
    own = {"compat.py": compat, "app.py": "import lib as plain", "turn.py": "import turn\nfrom turn import again"}
    exports = lookups(tree, own=own).exports

    assert exports.resolve(dotted) == module
    assert exports.resolve("turn.again") == ""


def test_names_on_the_way_of_a_chain(tree):
    exports = lookups(tree, own={"compat.py": "import lib as sp"}).exports

    assert list(exports.follow("compat", ["sp", "human", "sea"])) == ["lib.human"]
    assert list(exports.follow("absent", ["human"])) == []
    assert set(exports.follow("compat", ["sp", "*", "x"])) >= {"lib.human", "lib.robot"}


def test_a_star_loads_what_is_listed(tree):
    files = {**FILES, "lib/__init__.py": TABLE + "    __all__ = ['Human', 'robot']\n"}
    exports = lookups(tree, files).exports

    assert list(exports.star("lib")) == ["lib.human", "lib.robot"]
    assert list(exports.star("other")) == []
    assert list(exports.star("absent")) == []


def test_imports_inside_getattr_are_for_the_attribute_that_is_asked(tree):
    init = """
        def __getattr__(name):
            if name == 'one':
                from other import thing
                return thing
            if name == 'two':
                import other
                return other
            if name == 'three':
                from .human import Human
                return Human
            raise AttributeError(name)
    """
    exports = lookups(tree, {**FILES, "lib/__init__.py": init}).exports

    assert exports.asked("lib", "one") == ("other", "other.thing")
    assert exports.asked("lib", "two") == ("other",)
    assert exports.asked("lib", "three") == ("lib.human",)
    assert exports.asked("lib", "four") == ()
    assert set(exports.anything("lib")) == {"other", "other.thing", "lib.human", "lib.robot"}


def test_an_attribute_that_the_module_binds_itself_asks_for_nothing(tree):
    init = "def __getattr__(name):\n    return importlib.import_module('lib.' + name)\nhuman = 3\n"
    exports = lookups(tree, {**FILES, "lib/__init__.py": init}).exports

    assert exports.asked("lib", "human") == ()
    assert exports.asked("lib", "robot") == ("lib.robot",)


@pytest.mark.parametrize(
    ("call", "modules"),
    [
        ("importlib.import_module('lib.' + where(name))", {"lib.human", "lib.robot"}),
        ("importlib.import_module(where(name))", {"lib", "lib.human", "lib.robot"}),  # all of the library
        ("importlib.import_module('other.' + where(name))", {"other.thing"}),
        ("importlib.import_module('lib.human')", {"lib.human"}),
    ],
)
def test_an_attribute_that_no_table_has_means_all_that_the_import_could_mean(tree, call, modules):
    init = f"def __getattr__(name):\n    return {call}\n"
    exports = lookups(tree, {**FILES, "lib/__init__.py": init}).exports

    assert set(exports.asked("lib", "Unknown")) == modules


def test_names_that_are_imported_from_each_other_are_no_module(tree):
    exports = lookups(tree, {"lib/__init__.py": "from lib.part import whole as part\n"}).exports

    assert exports.resolve("lib.part") == ""
