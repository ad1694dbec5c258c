"""The patterns of an expression: one evaluator for each kind of syntax."""

import ast
import re
from collections.abc import Callable, Sequence

from lambda_slim.imports.scan.origins import BOUND_BY_PYTHON, unknown
from lambda_slim.imports.scan.scopes import Scope, ScopeNames
from lambda_slim.imports.scan.values import (
    ANY,
    ASKED,
    COMPUTED,
    COMPUTED_TEXT,
    GIVEN_TEXT,
    HERE,
    OWN,
    Value,
    exactly,
    joined,
    union,
)

_DEEPEST = 10  # expressions inside each other
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]")
_FIELD = re.compile(r"\{[^{}]*\}")
_COPIES = frozenset({"sorted", "list", "tuple", "set", "frozenset", "reversed", "enumerate", "iter"})
_SYMBOLS = {"__name__": OWN, "__package__": HERE}
_KEYS, _VALUES = 0, 1  # places in the items of a mapping


def evaluate(node: ast.expr | None, scope: Scope, depth: int = 0) -> Value:
    """The strings an expression could be."""
    if node is None or depth > _DEEPEST or not scope.spend():
        return COMPUTED_TEXT
    evaluator = _EVALUATORS.get(type(node))
    return evaluator(node, scope, depth + 1) if evaluator else unknown(node, scope)


def _constant(node: ast.Constant, scope: Scope, _depth: int) -> Value:
    if isinstance(node.value, str):
        return exactly(node.value)
    return exactly() if node.value is None else unknown(node, scope)


def _name(node: ast.Name, scope: Scope, depth: int) -> Value:
    name = node.id
    symbol = _SYMBOLS.get(name) or (ASKED if name == scope.asked else "")
    if symbol:
        return exactly(symbol)
    for place, body in enumerate(scope.bodies):
        if name in body.values or name in body.items:
            return _bound(name, body, scope.inside(place), depth)
        if name in body.parameters:
            return _parameter(name, body.parameters[name], scope.inside(place + 1), depth)
    return COMPUTED_TEXT


def _bound(name: str, body: ScopeNames, scope: Scope, depth: int) -> Value:
    """What a body binds a name to."""
    values = [evaluate(value, scope, depth) for value in body.values.get(name, ())]
    values += [items_of(source, scope, depth, part) for source, part in body.items.get(name, ())]
    if name in body.parameters:
        values.append(GIVEN_TEXT)
    return union(values)


def _parameter(name: str, default: ast.expr | None, around: Scope, depth: int) -> Value:
    """What callers give, or the default, which is evaluated around the function."""
    given = COMPUTED_TEXT if name in BOUND_BY_PYTHON else GIVEN_TEXT
    return union([given, evaluate(default, around, depth)]) if default else given


def _attribute(node: ast.Attribute, scope: Scope, depth: int) -> Value:
    if not isinstance(node.value, ast.Name):
        return unknown(node, scope)
    root = node.value.id
    if root == "__spec__":
        return exactly(HERE if node.attr == "parent" else OWN)
    if root in BOUND_BY_PYTHON:
        for body in scope.bodies:
            if node.attr in body.values:
                return union(evaluate(value, scope, depth) for value in body.values[node.attr])
    return unknown(node, scope)


def _fstring(node: ast.JoinedStr, scope: Scope, depth: int) -> Value:
    parts = (part.value if isinstance(part, ast.FormattedValue) else part for part in node.values)
    return joined([evaluate(part, scope, depth) for part in parts])


def _operation(node: ast.BinOp, scope: Scope, depth: int) -> Value:
    if isinstance(node.op, ast.Add):
        return joined([evaluate(node.left, scope, depth), evaluate(node.right, scope, depth)])
    if isinstance(node.op, ast.Mod):
        arguments = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        return filled(node.left, arguments, _PLACEHOLDER, scope, depth)
    return unknown(node, scope)


def filled(template: ast.expr, arguments: Sequence[ast.expr], hole: re.Pattern[str], scope: Scope, depth: int) -> Value:
    """A template with its holes filled: in order where the numbers agree, by anything where they do not."""
    texts: list[Value] = []
    value = evaluate(template, scope, depth)
    for text in value.patterns:
        pieces = hole.split(text)
        if len(pieces) - 1 == len(arguments):
            fills = [evaluate(argument, scope, depth) for argument in arguments]
        else:
            fills = [unknown(template, scope)] * (len(pieces) - 1)
        parts = [exactly(pieces[0])]
        for fill, piece in zip(fills, pieces[1:], strict=True):
            parts += [fill, exactly(piece)]
        texts.append(joined(parts))
    whole = union(texts)
    return Value(whole.patterns, COMPUTED if value.origin == COMPUTED else whole.origin or value.origin)


def _call(node: ast.Call, scope: Scope, depth: int) -> Value:
    func = node.func
    if isinstance(func, ast.Name):
        return _builtin_call(node, func.id, scope, depth)
    method = _METHODS.get(func.attr) if isinstance(func, ast.Attribute) else None
    if method is None or not isinstance(func, ast.Attribute):
        return unknown(node, scope)
    return method(node, func.value, scope, depth)


def _builtin_call(node: ast.Call, name: str, scope: Scope, depth: int) -> Value:
    """`str(x)` and `getattr(x, name, default)`; any other function may return anything."""
    if name == "str" and len(node.args) == 1:
        return evaluate(node.args[0], scope, depth)
    if name == "getattr" and len(node.args) == 3:
        return union([unknown(node.args[0], scope), evaluate(node.args[2], scope, depth)])
    return unknown(node, scope)


def _format(node: ast.Call, subject: ast.expr, scope: Scope, depth: int) -> Value:
    return filled(subject, [*node.args, *(k.value for k in node.keywords)], _FIELD, scope, depth)


def _join(node: ast.Call, subject: ast.expr, scope: Scope, depth: int) -> Value:
    parts = node.args[0] if node.args else None
    if not isinstance(parts, ast.List | ast.Tuple) or not isinstance(subject, ast.Constant):
        return unknown(node, scope)
    row: list[Value] = []
    for part in parts.elts:
        if isinstance(part, ast.Starred):
            row.append(unknown(part, scope))
        else:
            row += [exactly(str(subject.value)), evaluate(part, scope, depth)]
    starts_with_separator = bool(row) and not isinstance(parts.elts[0], ast.Starred)
    return joined(row[1:] if starts_with_separator else row)


def _lower(_node: ast.Call, subject: ast.expr, scope: Scope, depth: int) -> Value:
    value = evaluate(subject, scope, depth)
    return Value(frozenset(p.lower() for p in value.patterns), value.origin)


def _first_part(_node: ast.Call, subject: ast.expr, scope: Scope, depth: int) -> Value:
    value = evaluate(subject, scope, depth)
    return value if not value.origin else Value(frozenset({ANY}), value.origin)


def _get(node: ast.Call, subject: ast.expr, scope: Scope, depth: int) -> Value:
    values = [items_of(subject, scope, depth, _VALUES)]
    values += [evaluate(default, scope, depth) for default in node.args[1:2]]
    return union(values)


_METHODS: dict[str, Callable[[ast.Call, ast.expr, Scope, int], Value]] = {
    "format": _format,
    "join": _join,
    "lower": _lower,
    "strip": _first_part,
    "lstrip": _first_part,
    "rstrip": _first_part,
    "removesuffix": _first_part,
    "removeprefix": _first_part,
    "split": _first_part,
    "rsplit": _first_part,
    "partition": _first_part,
    "rpartition": _first_part,
    "get": _get,
}


def _subscript(node: ast.Subscript, scope: Scope, depth: int) -> Value:
    if isinstance(node.value, ast.Call):
        return evaluate(node.value, scope, depth)  # x.split(":")[0]: a part of the same text
    items = items_of(node.value, scope, depth, _VALUES)
    return items if items.patterns != {ANY} else unknown(node, scope)


def _either(node: ast.IfExp, scope: Scope, depth: int) -> Value:
    return union([evaluate(node.body, scope, depth), evaluate(node.orelse, scope, depth)])


def _boolean(node: ast.BoolOp, scope: Scope, depth: int) -> Value:
    return union(evaluate(value, scope, depth) for value in node.values)


def _walrus(node: ast.NamedExpr, scope: Scope, depth: int) -> Value:
    return evaluate(node.value, scope, depth)


_EVALUATORS: dict[type, Callable[..., Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.JoinedStr: _fstring,
    ast.BinOp: _operation,
    ast.Call: _call,
    ast.Subscript: _subscript,
    ast.IfExp: _either,
    ast.BoolOp: _boolean,
    ast.NamedExpr: _walrus,
}


def items_of(node: ast.expr, scope: Scope, depth: int, place: int | None) -> Value:
    """The strings inside a container: its items, or what stands at one place of its items (1 = a mapping's values)."""
    if depth > _DEEPEST or not scope.spend():
        return COMPUTED_TEXT
    container = _CONTAINERS.get(type(node))
    return container(node, scope, depth + 1, place) if container else unknown(node, scope)


def _items_of_name(node: ast.Name, scope: Scope, depth: int, place: int | None) -> Value:
    values = []
    for body in scope.bodies:
        for value in body.values.get(node.id, ()):
            rebound = isinstance(value, ast.Name) and value.id == node.id
            if not rebound:
                values.append(items_of(value, scope, depth, place))
    return union(values) if values else unknown(node, scope)


def _items_of_mapping(node: ast.Dict, scope: Scope, depth: int, place: int | None) -> Value:
    if None in node.keys:  # `**others`
        return unknown(node, scope)
    keys = [] if place == _VALUES else [key for key in node.keys if key is not None]
    values = [] if place == _KEYS else node.values
    return union(evaluate_deep(part, scope, depth) for part in (*keys, *values))


def _items_of_sequence(node: ast.Tuple | ast.List | ast.Set, scope: Scope, depth: int, _place: int | None) -> Value:
    return union(evaluate_deep(item, scope, depth) for item in node.elts)


def _items_of_call(node: ast.Call, scope: Scope, depth: int, place: int | None) -> Value:
    """`table.items()`, `sorted(table)` and their kin have the items of what they are called on."""
    func = node.func
    if isinstance(func, ast.Attribute) and func.attr in {"items", "keys", "values"} and not node.args:
        part = {"keys": _KEYS, "values": _VALUES}.get(func.attr, place)
        return items_of(func.value, scope, depth, part)
    if isinstance(func, ast.Name) and func.id in _COPIES and node.args:
        return items_of(node.args[0], scope, depth, place)
    return unknown(node, scope)


_CONTAINERS: dict[type, Callable[..., Value]] = {
    ast.Name: _items_of_name,
    ast.Dict: _items_of_mapping,
    ast.Tuple: _items_of_sequence,
    ast.List: _items_of_sequence,
    ast.Set: _items_of_sequence,
    ast.Call: _items_of_call,
}


def evaluate_deep(node: ast.expr, scope: Scope, depth: int) -> Value:
    """A string, or all strings in a nested container."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict) and depth <= _DEEPEST:
        return items_of(node, scope, depth, None)
    return evaluate(node, scope, depth)
