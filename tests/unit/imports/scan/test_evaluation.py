"""Which strings an expression could be."""

import ast
import time

import pytest

from lambda_slim.imports.scan.evaluation import evaluate
from lambda_slim.imports.scan.scan import scan_source
from lambda_slim.imports.scan.scopes import Scope, names_of
from lambda_slim.imports.scan.values import ANY, ASKED, COMPUTED, HERE, OWN, PARAMETER

MODULE = """\
NAME = "red"
KINDS = {"a": "pkg.a", "b": "pkg.b"}
NESTED = {"a": ("pkg.a", "A"), **more}
PAIRS = [("x", "pkg.x"), ("y", "pkg.y")]
FIRST, SECOND = "one", "two"
LEFT, RIGHT = make()
EMPTY = None
annotated: str = "typed"
LOOP = LOOP
class Loader:
    root = "pkg"
    def load(self, given, default="base", *rest, key="k", **more):
        made = f"{given}.x"
        for kind, place in PAIRS: ...
        for text in KINDS.values(): ...
        if (walrus := "w"): ...
        RESULT
"""


def value(expression, asked=""):
    """(patterns, origin) of an expression inside the function of the module."""
    module = ast.parse(MODULE)
    loader = module.body[-1]
    function = loader.body[-1]
    scope = Scope([names_of(function), names_of(loader), names_of(module)], asked)
    found = evaluate(ast.parse(expression, mode="eval").body, scope)
    return set(found.patterns), found.origin


@pytest.mark.parametrize(
    ("expression", "patterns"),
    [
        ("'text'", {"text"}),
        ("NAME", {"red"}),
        ("'pkg.' + NAME", {"pkg.red"}),
        ("'pkg.%s' % NAME", {"pkg.red"}),
        ("'%s.%s' % (NAME, 'x')", {"red.x"}),
        ("'{}.{}'.format(NAME, 'x')", {"red.x"}),
        ("'{name}'.format(name=NAME)", {"red"}),
        ("f'pkg.{NAME}'", {"pkg.red"}),
        ("'.'.join(['pkg', NAME])", {"pkg.red"}),
        ("''.join([])", {""}),
        ("NAME if x else 'blue'", {"red", "blue"}),
        ("NAME or 'blue'", {"red", "blue"}),
        ("(name := NAME)", {"red"}),
        ("str(NAME)", {"red"}),
        ("'RED'.lower()", {"red"}),
        ("NAME.strip()", {"red"}),
        ("KINDS['a']", {"pkg.a", "pkg.b"}),
        ("KINDS.get('a', 'other')", {"pkg.a", "pkg.b", "other"}),
        ("NAME.split('.')[0]", {"red"}),
        ("FIRST", {"one"}),
        ("SECOND", {"two"}),
        ("annotated", {"typed"}),
        ("walrus", {"w"}),
        ("kind", {"x", "y", "pkg.x", "pkg.y"}),
        ("text", {"pkg.a", "pkg.b"}),
        ("root", {"pkg"}),
        ("self.root", {"pkg"}),
        ("__name__", {OWN}),
        ("__package__", {HERE}),
        ("__spec__.parent", {HERE}),
        ("__spec__.name", {OWN}),
    ],
)
def test_what_the_file_shows(expression, patterns):
    assert value(expression) == (patterns, "")


@pytest.mark.parametrize(
    ("expression", "patterns", "origin"),
    [
        ("given", {ANY}, PARAMETER),
        ("default", {ANY, "base"}, PARAMETER),
        ("key", {ANY, "k"}, PARAMETER),
        ("made", {f"{ANY}.x"}, PARAMETER),
        ("'pkg.' + given", {f"pkg.{ANY}"}, PARAMETER),
        ("given.split('.')[0]", {ANY}, PARAMETER),
        ("self", {ANY}, COMPUTED),
        ("self.other", {ANY}, COMPUTED),
        ("nowhere", {ANY}, COMPUTED),
        ("read()", {ANY}, COMPUTED),
        ("'pkg.%s.%s' % NAME", {f"pkg.{ANY}.{ANY}"}, COMPUTED),
        ("'.'.join(['pkg', *parts])", {f"pkg{ANY}"}, COMPUTED),
        ("'.'.join(parts)", {ANY}, COMPUTED),
        ("getattr(self, 'x', 'fallback')", {ANY, "fallback"}, COMPUTED),
        ("NESTED['a']", {ANY}, COMPUTED),
        ("LOOP['a']", {ANY}, PARAMETER),
        ("'a' * 3", {ANY}, COMPUTED),
        ("1.5", {ANY}, COMPUTED),
        ("[1][0]", {ANY}, COMPUTED),
        ("+NAME", {ANY}, PARAMETER),
    ],
)
def test_what_the_file_does_not_show(expression, patterns, origin):
    assert value(expression) == (patterns, origin)


def test_the_attribute_that_a_module_is_asked_for():
    assert value("'.' + name", asked="name") == ({f".{ASKED}"}, "")


def test_too_many_patterns_are_any_text():
    many = " if x else ".join(f"'{number}'" for number in range(8))
    wide = " + ".join(f"({many})" for _ in range(3))

    assert value(many)[0] == {str(number) for number in range(8)}
    assert value(wide) == ({ANY}, COMPUTED)


def test_a_long_function_that_binds_the_same_names_again_takes_a_bounded_time():
    lines = "".join(f"    leb, start = leb.next(leb, start, {n}, kind), start + {n}\n" for n in range(250))
    head = "import helpers\ndef grid(kind):\n    start = 0; leb = helpers.load(kind)\n"
    source = f"{head}{lines}    helpers.load_plugin(leb)\n"
    began = time.process_time()

    scan_source(source.encode(), (3, 12), own=True)

    assert time.process_time() - began < 10  # 2 s; more than 20 s without a limit for the file
