"""Who calls a function that imports its parameter, and with what?"""

import pytest

from lambda_slim.imports.index import index_modules
from lambda_slim.imports.link.helpers import Helpers
from lambda_slim.imports.store import Store
from tests.unit.factory import TARGET

HELPER = "def load_it(name):\n    return importlib.import_module(name)\n"


def helpers(tree, own="", lib="", suite=""):
    tree.write("lib", {"lib/__init__.py": HELPER + lib, "lib/tests/test_it.py": suite}).write("", {"app.py": own})
    return Helpers(index_modules(tree.files, TARGET), Store(tree.files, (3, 12)))


KNOWN, COMPUTED, PASSED = "load_it('json')\n", "load_it(open('x').read())\n", "def g(n):\n    load_it(n)\n"


@pytest.mark.parametrize(
    ("own", "lib", "told"),
    [
        ("", "", True),  # nobody calls it, as far as one can see
        ("", KNOWN, True),
        ("", COMPUTED, False),
        ("", KNOWN + COMPUTED, False),
        ("", PASSED, True),  # whoever calls that is looked at too
        (KNOWN, "", True),
        (COMPUTED, "", False),
        (PASSED, "", False),
        (KNOWN, COMPUTED, False),
    ],
)
def test_a_function_of_a_library_is_told_unless_a_caller_computes_the_name(tree, own, lib, told):
    assert helpers(tree, own, lib).told("lib", "load_it") is told


@pytest.mark.parametrize(
    ("own", "told"), [("", False), (KNOWN, True), (COMPUTED, False), (PASSED, False), (KNOWN + COMPUTED, False)]
)
def test_a_first_party_function_needs_a_caller_that_is_known(tree, own, told):
    assert helpers(tree, HELPER + own).told("", "load_it") is told


@pytest.mark.parametrize(
    ("lib", "given"),
    [
        ("", (set(), False)),
        (KNOWN, ({"json"}, True)),
        (KNOWN + "load_it('csv')\n", ({"json", "csv"}, True)),
        (KNOWN + COMPUTED, ({"json"}, False)),
        (KNOWN + "load_it(f'csv.{open(1).read()}')\n", ({"json"}, False)),  # a pattern is no text
    ],
)
def test_the_texts_that_a_function_is_given(tree, lib, given):
    assert helpers(tree, COMPUTED, lib, suite="load_it('wave')\n").arguments("lib", "load_it") == given


def test_what_may_import_says_so_or_imports_its_parameter(tree):
    own = "def fetch(x):\n    import_module(x)\ndef plain(x):\n    return x\ndef fixed(x):\n    import_module('json')\n"
    own += "def either(x):\n    import_module(x if x else 'json')\n"
    own += "def opened():\n    import_module(open('x').read())\n"
    about = helpers(tree, own)

    assert about.importing("", "fetch")
    assert about.importing("", "either")
    assert not about.importing("lib", "fetch")
    assert not about.importing("", "plain")
    assert not about.importing("", "fixed")
    assert not about.importing("", "opened")
    assert about.importing("", "load_it")
    assert about.importing("absent", "get_backend")
