"""Questions about pieces of syntax."""

import ast

import pytest

from lambda_slim.formats import python_syntax as syntax


def _expression(text):
    return ast.parse(text, mode="eval").body


def _statement(text):
    return ast.parse(text).body[0]


@pytest.mark.parametrize(
    ("text", "literal", "bare", "end"),
    [
        ("'x'", "x", "", ""),
        ("''", "", "", ""),
        ("b'x'", None, "", ""),
        ("1", None, "", ""),
        ("name", None, "name", "name"),
        ("app.get", None, "", "get"),
        ("app().get", None, "", "get"),
        ("get()", None, "", ""),
        ("f'{x}'", None, "", ""),
    ],
)
def test_what_an_expression_says(text, literal, bare, end):
    node = _expression(text)
    assert (syntax.literal_text(node), syntax.bare_name(node), syntax.end_name(node)) == (literal, bare, end)


def test_nothing_says_nothing():
    assert (syntax.literal_text(None), syntax.bare_name(None), syntax.end_name(None)) == (None, "", "")


@pytest.mark.parametrize(
    ("text", "bound", "taken"),
    [
        ("import a.b", ["a"], ["a.b"]),
        ("import a.b as c, d", ["c", "d"], ["c", "d"]),
        ("from a import b, c as d", ["b", "d"], ["b", "d"]),
    ],
)
def test_names_of_imports(text, bound, taken):
    names = _statement(text).names
    assert [*map(syntax.bound_name, names)] == bound
    assert [*map(syntax.taken_name, names)] == taken


@pytest.mark.parametrize(
    ("text", "home"), [("from a.b import c", "a.b"), ("from .a import b", ".a"), ("from .. import b", "..")]
)
def test_the_home_of_names(text, home):
    assert syntax.home_of(_statement(text)) == home


@pytest.mark.parametrize(
    ("text", "targets"),
    [("a = b = 1", ["a", "b"]), ("a: int", ["a"]), ("a: int = 1", ["a"]), ("a += 1", []), ("a.b = 1", [""])],
)
def test_the_targets_of_assignments(text, targets):
    assert [*map(syntax.bare_name, syntax.targets_of(_statement(text)))] == targets


def test_names_by_what_happens_to_them():
    tree = ast.parse("a = b\ndel c\n")
    assert syntax.names_in(tree, ast.Load) == {"b"}
    assert syntax.names_in(tree, ast.Store, ast.Del) == {"a", "c"}
    assert [node.id for node in syntax.nodes_of(tree, ast.Name)] == ["a", "b", "c"]


def test_texts_and_arguments():
    call = _expression("f('a', b, key='c', **rest)")
    assert syntax.texts_below(call) == ["a", "c"]
    assert [ast.unparse(node) for node in syntax.argument_values(call)] == ["'a'", "b", "'c'", "rest"]
    assert syntax.literal_texts(call.args) == ["a"]


@pytest.mark.parametrize(("text", "name"), [("app.get('/')", "get"), ("cache", "cache"), ("a[0]", ""), ("f()()", "")])
def test_the_name_of_a_decorator(text, name):
    assert syntax.decorator_name(_expression(text)) == name
