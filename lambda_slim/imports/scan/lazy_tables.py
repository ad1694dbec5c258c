"""Modules with lazy attributes: which names do they export, and which modules do those come from?

Such a module defines `__getattr__` (PEP 562) and looks up the module behind an attribute in a table of strings.
"""

import ast
from collections.abc import Iterator
from itertools import chain
from typing import Any

from lambda_slim.formats.python_syntax import bound_name, literal_text, names_in, nodes_of, texts_below
from lambda_slim.imports.scan import facts as f

_BODIES = ("body", "orelse", "handlers", "finalbody")
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def defines_getattr(tree: ast.Module) -> bool:
    """Whether a module answers for attributes it does not have."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name="__getattr__"):
                return any(node is statement for statement in flat(tree.body))
            case ast.Name(id="__getattr__", ctx=ast.Store()):
                return True
            case _:
                pass
    return False


def flat(body: list[Any]) -> Iterator[ast.stmt]:
    """The statements of a module, with those inside `if` and `try`."""
    for node in body:
        yield node
        if not isinstance(node, _Definition):
            for name in _BODIES:
                yield from flat(getattr(node, name, []))


def lazy_of(tree: ast.Module, *, stub: bool) -> f.Lazy:
    """The names and tables of a module that answers for attributes it does not have."""
    bound = {*chain.from_iterable(map(_bound_by, flat(tree.body)))}
    pairs = dict.fromkeys(chain.from_iterable(map(_pairs_of, nodes_of(tree, ast.Dict))))
    return f.Lazy(tuple(sorted(bound)), tuple(pairs), stub)


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement gives to its module."""
    if isinstance(statement, _Definition):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        yield from map(bound_name, statement.names)
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        yield from names_in(statement, ast.Store)


def _pairs_of(table: ast.Dict) -> Iterator[tuple[str, str]]:
    """Each text key with each text of its value, both ways round."""
    for node, value in zip(table.keys, table.values, strict=True):
        key = literal_text(node)
        if key is not None:
            for text in texts_below(value):
                yield key, text
                yield text, key
