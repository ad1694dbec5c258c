"""Asserts that say nothing: those that hold whatever the code in question does."""

import ast
from collections.abc import Callable, Iterator
from typing import Any


def idle_asserts(code: str) -> Iterator[str]:
    """The asserts of a proof that cannot fail, or of which one part cannot, as source.

    >>> list(idle_asserts("assert f() == 1 or True"))
    ['assert f() == 1 or True']
    """
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Assert) and any(map(_holds, _claims(node.test))):
            yield ast.unparse(node)


def count_asserts(code: str) -> int:
    """How many asserts a proof has."""
    return sum(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(code)))


def _claims(test: ast.expr) -> list[ast.expr]:
    """What must all hold: the operands of `and`."""
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]


def _holds(test: ast.expr) -> bool:
    """Whether an expression is true whatever its names stand for, or would be on a path of its own choice."""
    rule = _RULES.get(type(test))
    return bool(rule and rule(test))


def _either(test: ast.BoolOp) -> bool:
    return (any if isinstance(test.op, ast.Or) else all)(map(_holds, test.values))


def _inverts(test: ast.UnaryOp) -> bool:
    return isinstance(test.op, ast.Not) and isinstance(test.operand, ast.Constant) and not test.operand.value


def _compares_nothing(test: ast.Compare) -> bool:
    """`len(x) >= 0`, `1 == 1`, `x == x`."""
    left, operator, right = test.left, test.ops[0], test.comparators[0]
    if ast.dump(left) == ast.dump(right) and isinstance(left, ast.Name | ast.Constant | ast.Attribute):
        return isinstance(operator, ast.Eq | ast.Is | ast.GtE | ast.LtE)
    counts = isinstance(left, ast.Call) and isinstance(left.func, ast.Name) and left.func.id == "len"
    return counts and isinstance(operator, ast.GtE) and isinstance(right, ast.Constant) and right.value == 0


_RULES: dict[type[ast.expr], Callable[[Any], bool]] = {
    ast.Constant: lambda test: bool(test.value),
    ast.Tuple: lambda test: bool(test.elts),
    ast.List: lambda test: bool(test.elts),
    ast.Set: lambda _: True,
    ast.Dict: lambda test: bool(test.keys),
    ast.JoinedStr: lambda test: any(isinstance(part, ast.Constant) and part.value for part in test.values),
    ast.Lambda: lambda _: True,
    ast.GeneratorExp: lambda _: True,
    ast.NamedExpr: lambda test: _holds(test.value),
    ast.IfExp: lambda test: _holds(test.body) or _holds(test.orelse),
    ast.BoolOp: _either,
    ast.UnaryOp: _inverts,
    ast.Compare: _compares_nothing,
}
