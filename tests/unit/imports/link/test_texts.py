"""Which texts name modules: given to helpers, in registries, single words, class paths."""

import pytest

from lambda_slim.imports.index import index_modules
from lambda_slim.imports.link.lookups import Lookups
from lambda_slim.imports.link.texts import Texts
from lambda_slim.imports.store import Store
from lambda_slim.model.imports import How
from tests.unit.factory import TARGET

LIB = {
    "lib/__init__.py": "",
    "lib/red.py": "",
    "lib/deep/__init__.py": "",
    "lib/deep/sea.py": "",
    "lib/ab.py": "",
    "lib/tests/test_red.py": "",
}
OTHER = {"tool/__init__.py": "", "tool/inner.py": "", "abc2.py": "", "yml.py": ""}
BY_NAME = "import importlib\ndef load(name):\n    return importlib.import_module(name)\n"


def named(tree, path, source, *, calls=False):
    """(module, how) that the texts of one source name."""
    files = {**LIB, **({path: source} if path.startswith("lib") else {})}
    tree.write("lib", files).write("tool", OTHER)
    tree.write("", {"jobs/one.py": "", "src/far.py": "", **({} if path.startswith("lib") else {path: source})})
    lookups = Lookups(index_modules(tree.files, TARGET), Store(tree.files, (3, 12)))
    texts = Texts(lookups)
    module = next(module for module in lookups.index.modules.values() if module.path == path)
    facts = lookups.store.facts(path)
    rows = texts.calls(module, facts) if calls else texts.strings(module, facts)
    return {(target, how) for target, _, how in rows}


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("tool.inner.Class", {"tool.inner"}),
        ("tool:create", {"tool"}),
        ("tool.Class", {"tool"}),
        ("tool", {"tool"}),
        ("far.run", {"src.far"}),  # the folder src may be on the path
        ("nothing.there", set()),
        ("nothing", set()),
        ("jobs.one", {"jobs.one"}),
    ],
)
def test_first_party_texts_may_mean_anything_that_is_there(tree, text, targets):
    assert named(tree, "app.py", f"KIND = {text!r}") == {(target, How.TEXT) for target in targets}


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("lib.red", {"lib.red"}),
        ("lib.Class", {"lib"}),
        ("tool.inner", {"tool.inner"}),
        ("tool.Class", set()),  # another library's top level alone is said too easily
        ("tool:create", {"tool"}),
        ("tool", set()),
        ("deep.sea.Class", {"lib.deep.sea"}),  # inside the package at hand
        ("far.run", set()),
        ("red", set()),
    ],
)
def test_texts_of_a_library_are_read_strictly(tree, text, targets):
    assert named(tree, "lib/use.py", f"KIND = {text!r}") == {(target, How.TEXT) for target in targets}


@pytest.mark.parametrize(
    ("word", "targets"),
    [("red", {"lib.red"}), ("ab", {"lib.ab"}), ("tool", {"tool"}), ("abc2", {"abc2"}), ("yml", set()), ("none", set())],
)
def test_a_single_word_counts_where_the_file_imports_by_name(tree, word, targets):
    assert named(tree, "lib/use.py", f"{BY_NAME}KIND = {word!r}") == {(target, How.TEXT) for target in targets}


def test_a_short_word_of_first_party_code_counts_too(tree):
    assert named(tree, "app.py", "KIND = 'yml'") == {("yml", How.TEXT)}


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("f'lib.deep.{name}'", {"lib.deep.sea"}),
        ("f'li{name}.red'", set()),  # says less than a package
        ("f'lib.{name}'", {"lib.red", "lib.deep", "lib.deep.sea", "lib.ab"}),
    ],
)
def test_a_pattern_means_what_fits_and_no_tests(tree, text, targets):
    assert named(tree, "app.py", f"def f(name):\n    kind = {text}\n") == {(name, How.CHOICE) for name in targets}


@pytest.mark.parametrize(
    ("call", "targets"),
    [
        ("load('lib.red')", {("lib.red", How.NAMED)}),
        ("load('lib.red.Class')", {("lib.red", How.NAMED)}),
        ("load('tool.Class')", {("tool", How.NAMED)}),
        ("load('one')", set()),
        ("load(f'lib.deep.{x}')", {("lib.deep.sea", How.CHOICE)}),
        ("load('absent.x')", set()),
        ("render('lib.red')", set()),  # no name of something that imports
        ("fetch('lib.red')", {("lib.red", How.NAMED)}),  # imports its parameter
    ],
)
def test_what_first_party_code_gives_a_helper(tree, call, targets):
    source = f"def fetch(what):\n    return import_module(what)\ndef f(x):\n    {call}\n"
    assert named(tree, "app.py", source, calls=True) == targets


def test_a_word_that_a_helper_is_given_names_a_sibling(tree):
    assert named(tree, "jobs/two.py", "load('one')", calls=True) == {("jobs.one", How.NAMED)}
    assert named(tree, "lib/use.py", "load('red')", calls=True) == {("lib.red", How.NAMED)}
    assert named(tree, "lib/use.py", "load('tool.Class')", calls=True) == set()
    assert named(tree, "lib/use.py", "load('deep.sea')", calls=True) == set()  # a dotted name is absolute
