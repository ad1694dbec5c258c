"""What strings could an expression be? Patterns, found without running anything.

A pattern is a string in which `*` stands for any text, and control characters for what only the place of the file
decides: `OWN` its module's name, `HERE` its package, `ASKED` the attribute that a module's `__getattr__` was asked for.
"""

import ast
import builtins
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from lambda_slim.imports.scan.scopes import Scope

OWN, HERE, ASKED = "\x01", "\x02", "\x03"
ANY = "*"
_MOST = 400  # patterns of one expression; more are answered by ANY
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]")
_FIELD = re.compile(r"\{[^{}]*\}")

_BUILTINS = frozenset(dir(builtins)) | {"os", "re", "sys"}

_COPIES = frozenset({"sorted", "list", "tuple", "set", "frozenset", "reversed", "enumerate", "iter"})

PARAMETER, COMPUTED = "p", "c"


class Value(NamedTuple):
    """What an expression could be.

    Attributes:
        patterns: At least one.
        origin: For patterns with ANY, where the unknown text comes from: `PARAMETER` (only from parameters of the
            enclosing function, so from its callers), `COMPUTED`, or "" when nothing is unknown.
    """

    patterns: frozenset[str]
    origin: str = ""


def evaluate(node: ast.expr | None, scope: Scope, depth: int = 0) -> Value:
    """The strings an expression could be."""
    if node is None or depth > 10 or not scope.spend():
        return Value(frozenset({ANY}), COMPUTED)
    evaluator = _EVALUATORS.get(type(node))
    return evaluator(node, scope, depth + 1) if evaluator else unknown(node, scope)


def unknown(node: ast.AST, scope: Scope, depth: int = 0) -> Value:
    """Any text. It is the callers' when all that the expression mentions is theirs, or written in this file."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    free = sorted(names - _BUILTINS)
    told = all(origin_of(name, scope, depth + 1) != COMPUTED for name in free) and bool(free)
    return Value(frozenset({ANY}), PARAMETER if told else COMPUTED)


def origin_of(name: str, scope: Scope, depth: int) -> str:
    """Where the text in a variable comes from."""
    if depth > 6 or name in {"self", "cls"} or not scope.spend():
        return COMPUTED
    if name == scope.asked:
        return PARAMETER
    for place, body in enumerate(scope.bodies):
        bound = [*body.values.get(name, ()), *(source for source, _ in body.items.get(name, ()))]
        if bound:
            inside = scope.inside(place)
            told = all(is_told(value, name, inside, depth) for value in bound)
            return PARAMETER if told else COMPUTED
        if name in body.parameters:
            return PARAMETER
    return COMPUTED


def is_told(node: ast.expr, name: str, scope: Scope, depth: int) -> bool:
    """Whether the value bound to a name is made of literals, parameters and what is bound to those."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    inner = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    rest = sorted(names - _BUILTINS - inner - {name})
    return all(origin_of(one, scope, depth + 1) != COMPUTED for one in rest)


def union(values: Iterable[Value]) -> Value:
    """Any one of the values."""
    patterns: frozenset[str] = frozenset()
    origin = ""
    for value in values:
        patterns |= value.patterns
        origin = COMPUTED if COMPUTED in {origin, value.origin} else origin or value.origin
    if not patterns or len(patterns) > _MOST:
        return Value(frozenset({ANY}), COMPUTED)
    return Value(patterns, origin)


def joined(values: Sequence[Value]) -> Value:
    """The values, one after the other."""
    patterns = frozenset({""})
    for value in values:
        if len(patterns) * len(value.patterns) > _MOST:
            return Value(frozenset({ANY}), COMPUTED)
        patterns = frozenset(left + right for left in patterns for right in value.patterns)
    origins = {value.origin for value in values}
    return Value(patterns, COMPUTED if COMPUTED in origins else PARAMETER if PARAMETER in origins else "")


def exactly(*patterns: str) -> Value:
    """Known text."""
    return Value(frozenset(patterns))


def _constant(node: ast.Constant, scope: Scope, _depth: int) -> Value:
    if isinstance(node.value, str):
        return exactly(node.value)
    return exactly() if node.value is None else unknown(node, scope)


def _name(node: ast.Name, scope: Scope, depth: int) -> Value:
    name = node.id
    if name == "__name__":
        return exactly(OWN)
    if name == "__package__":
        return exactly(HERE)
    if name == scope.asked:
        return exactly(ASKED)
    for place, body in enumerate(scope.bodies):
        if name in body.values or name in body.items:
            inside = scope.inside(place)
            found = [evaluate(one, inside, depth) for one in body.values.get(name, ())]
            found += [items_of(source, inside, depth, part) for source, part in body.items.get(name, ())]
            if name in body.parameters:
                found.append(Value(frozenset({ANY}), PARAMETER))
            return union(found)
        if name in body.parameters:
            given = Value(frozenset({ANY}), COMPUTED if name in {"self", "cls"} else PARAMETER)
            default = body.parameters[name]
            return union([given, evaluate(default, scope.inside(place + 1), depth)]) if default else given
    return Value(frozenset({ANY}), COMPUTED)


def _attribute(node: ast.Attribute, scope: Scope, depth: int) -> Value:
    if isinstance(node.value, ast.Name):
        root = node.value.id
        if root == "__spec__":
            return exactly(HERE if node.attr == "parent" else OWN)
        if root in {"self", "cls"}:
            for body in scope.bodies:
                if node.attr in body.values:
                    return union(evaluate(value, scope, depth) for value in body.values[node.attr])
    return unknown(node, scope)


def _fstring(node: ast.JoinedStr, scope: Scope, depth: int) -> Value:
    return joined([evaluate(p.value if isinstance(p, ast.FormattedValue) else p, scope, depth) for p in node.values])


def _operation(node: ast.BinOp, scope: Scope, depth: int) -> Value:
    if isinstance(node.op, ast.Add):
        return joined([evaluate(node.left, scope, depth), evaluate(node.right, scope, depth)])
    if isinstance(node.op, ast.Mod):
        arguments = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        return filled(node.left, arguments, _PLACEHOLDER, scope, depth)
    return unknown(node, scope)


def filled(template: ast.expr, arguments: Sequence[ast.expr], hole: re.Pattern[str], scope: Scope, depth: int) -> Value:
    """A template with its holes filled: in order where the numbers agree, by anything where they do not."""
    parts: list[Value] = []
    value = evaluate(template, scope, depth)
    for text in value.patterns:
        pieces = hole.split(text)
        if len(pieces) - 1 == len(arguments):
            fills = [evaluate(argument, scope, depth) for argument in arguments]
        else:
            fills = [unknown(template, scope)] * (len(pieces) - 1)
        row = [exactly(pieces[0])]
        for fill, piece in zip(fills, pieces[1:], strict=True):
            row += [fill, exactly(piece)]
        parts.append(joined(row))
    found = union(parts)
    return Value(found.patterns, COMPUTED if value.origin == COMPUTED else found.origin or value.origin)


def _call(node: ast.Call, scope: Scope, depth: int) -> Value:
    func = node.func
    if isinstance(func, ast.Name):
        if func.id == "str" and len(node.args) == 1:
            return evaluate(node.args[0], scope, depth)
        if func.id == "getattr" and len(node.args) == 3:
            return union([unknown(node.args[0], scope), evaluate(node.args[2], scope, depth)])
        return unknown(node, scope)
    if not isinstance(func, ast.Attribute):
        return unknown(node, scope)
    method = _METHODS.get(func.attr)
    return method(node, func.value, scope, depth) if method else unknown(node, scope)


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
    return joined(row[1:] if row and not isinstance(parts.elts[0], ast.Starred) else row)


def _lower(_node: ast.Call, subject: ast.expr, scope: Scope, depth: int) -> Value:
    value = evaluate(subject, scope, depth)
    return Value(frozenset(p.lower() for p in value.patterns), value.origin)


def _first_part(_node: ast.Call, subject: ast.expr, scope: Scope, depth: int) -> Value:
    value = evaluate(subject, scope, depth)
    return value if not value.origin else Value(frozenset({ANY}), value.origin)


def _get(node: ast.Call, subject: ast.expr, scope: Scope, depth: int) -> Value:
    values = [items_of(subject, scope, depth, 1)]
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
    found = items_of(node.value, scope, depth, 1)
    return found if found.patterns != {ANY} else unknown(node, scope)


def _either(node: ast.IfExp, scope: Scope, depth: int) -> Value:
    return union([evaluate(node.body, scope, depth), evaluate(node.orelse, scope, depth)])


def _boolean(node: ast.BoolOp, scope: Scope, depth: int) -> Value:
    return union(evaluate(value, scope, depth) for value in node.values)


def _walrus(node: ast.NamedExpr, scope: Scope, depth: int) -> Value:
    return evaluate(node.value, scope, depth)


def items_of(node: ast.expr, scope: Scope, depth: int, place: int | None) -> Value:
    """The strings inside a container: its items, or what stands at one place of its items (1 = a mapping's values)."""
    if depth > 10 or not scope.spend():
        return Value(frozenset({ANY}), COMPUTED)
    if isinstance(node, ast.Name):
        found = [
            items_of(value, scope, depth + 1, place)
            for body in scope.bodies
            for value in body.values.get(node.id, ())
            if not isinstance(value, ast.Name) or value.id != node.id
        ]
        return union(found) if found else unknown(node, scope)
    if isinstance(node, ast.Dict):
        rows = [*(k for k in node.keys if k is not None and place != 1), *(v for v in node.values if place != 0)]
        return (
            union(evaluate_deep(row, scope, depth + 1) for row in rows)
            if None not in node.keys
            else unknown(node, scope)
        )
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return union(evaluate_deep(item, scope, depth + 1) for item in node.elts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in {"items", "keys", "values"} and not node.args:
            where = {"keys": 0, "values": 1}.get(node.func.attr, place)
            return items_of(node.func.value, scope, depth + 1, where)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args and node.func.id in _COPIES:
        return items_of(node.args[0], scope, depth + 1, place)
    return unknown(node, scope)


def evaluate_deep(node: ast.expr, scope: Scope, depth: int) -> Value:
    """A string, or all strings in a nested container."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict) and depth <= 10:
        return items_of(node, scope, depth, None)
    return evaluate(node, scope, depth)


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
