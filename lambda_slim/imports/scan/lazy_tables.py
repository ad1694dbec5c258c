"""Modules with lazy attributes: which names do they export, and which modules do those come from?

Such a module defines `__getattr__` (PEP 562) and looks up the module behind an attribute in a table of strings.
"""

import ast
from collections.abc import Iterator
from typing import Any

from lambda_slim.imports.scan import facts as f

_BODIES = ("body", "orelse", "handlers", "finalbody")
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def defines_getattr(tree: ast.Module) -> bool:
    """Whether a module answers for attributes it does not have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
            return any(node is statement for statement in flat(tree.body))
        if isinstance(node, ast.Name) and node.id == "__getattr__" and isinstance(node.ctx, ast.Store):
            return True
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
    bound = {name for statement in flat(tree.body) for name in _bound_by(statement)}
    pairs: dict[tuple[str, str], None] = {}
    for table in ast.walk(tree):
        if isinstance(table, ast.Dict):
            pairs.update(dict.fromkeys(_pairs_of(table)))
    return f.Lazy(tuple(sorted(bound)), tuple(pairs), stub)


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement gives to its module."""
    if isinstance(statement, _Definition):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
        yield from (name.id for name in names if isinstance(name.ctx, ast.Store))


def _pairs_of(table: ast.Dict) -> Iterator[tuple[str, str]]:
    """Each text key with each text of its value, both ways round."""
    for key, value in zip(table.keys, table.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            for text in texts_in(value):
                yield key.value, text
                yield text, key.value


def texts_in(node: ast.expr) -> Iterator[str]:
    """The text inside an expression."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value
