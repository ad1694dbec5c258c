"""Parameters of a Python function that it binds anew."""

import ast
from collections import Counter
from collections.abc import Iterator

from lambda_slim.formats.python_syntax import bare_name


def changed_parameters(node: ast.FunctionDef, parameters: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """(parameters that are bound anew, those that are only where they are empty) of a function.

    Args:
        node: The function.
        parameters: Their names.
    """
    bound = Counter(row.id for row in ast.walk(node) if isinstance(row, ast.Name) and isinstance(row.ctx, ast.Store))
    filling = Counter(_filling(node))
    anew = parameters & bound.keys()
    filled = frozenset(name for name in anew if filling[name] == bound[name])
    return anew - filled, filled


def _filling(node: ast.AST) -> Iterator[str]:
    """Names that a statement binds only where they are empty: `x = x or 1`, `if x is None: x = 1`."""
    for row in ast.walk(node):
        match row:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.BoolOp(op=ast.Or(), values=[ast.Name(id=first), *_])
            ):
                yield from [name] if name == first else []
            case ast.If(test=test, body=body, orelse=[]):
                empty = _empty(test)
                yield from (name for name in _assigned(body) if name == empty)
            case _:
                pass


def _empty(test: ast.expr) -> str:
    match test:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            return name
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
            return name
        case _:
            return ""


def _assigned(body: list[ast.stmt]) -> Iterator[str]:
    for row in body:
        if isinstance(row, ast.Assign) and len(row.targets) == 1:
            yield bare_name(row.targets[0])
