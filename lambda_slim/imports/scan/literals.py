"""Texts, and items of iterables, that stand in the source."""

import ast
from collections import Counter
from collections.abc import Collection, Mapping

from lambda_slim.formats.python_syntax import bare_name, names_in, targets_of
from lambda_slim.imports.scan.bound import bound_by, own_scope
from lambda_slim.imports.scan.facts import PLACEHOLDER

# What names stand for: a literal, or None where that is not known.
Values = Mapping[str, ast.expr | None]

_MOST_ITEMS = 50
_COPIES = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter"})
_CHANGING = frozenset({"append", "extend", "insert", "remove", "pop", "popitem", "clear", "discard", "add", "update"})


def constants(body: list[ast.stmt], outer: Values, changed: Collection[str]) -> Values:
    """The names that stand for one literal, which nothing changes.

    Args:
        body: The statements of a module, or of a function.
        outer: What names of the scope around it stand for.
        changed: See `changed_names`.
    """
    counts = Counter(name for node in own_scope(body) for name in bound_by(node))
    once = {name for name, count in counts.items() if count == 1}.difference(changed)
    values = {name: value for name, value in outer.items() if name not in counts}
    for statement in body:
        known = _assigned(statement, values)
        if known is not None:
            values |= dict.fromkeys(once.intersection(map(bare_name, targets_of(statement))), known)
    return values


def _assigned(statement: ast.stmt, values: Values) -> ast.expr | None:
    """The literal that a statement assigns; None where it is none."""
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    return value if value is None or isinstance(value, ast.Dict) else _resolved(value, values)


def changed_names(tree: ast.Module) -> frozenset[str]:
    """The names in a module whose object a method or a subscript may change, and those that are deleted."""
    return frozenset(name for node in ast.walk(tree) if (name := _changed(node)))


def _changed(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return bare_name(node.value) if node.attr in _CHANGING else ""
    if isinstance(node, ast.Subscript):
        return "" if isinstance(node.ctx, ast.Load) else bare_name(node.value)
    return node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del) else ""


def text_of(node: ast.expr, values: Values) -> str | None:
    """The text that an expression surely is; None where that is not known."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            known = values.get(name)
            return None if known is None or isinstance(known, ast.Name) else text_of(known, values)
        case ast.JoinedStr(values=parts):
            return _joined([text_of(part, values) for part in parts])
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return text_of(value, values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([text_of(left, values), text_of(right, values)])
        case _:
            return None


def _joined(parts: list[str | None]) -> str | None:
    texts = [part for part in parts if part is not None]
    return "".join(texts) if len(texts) == len(parts) else None


def items_of(node: ast.expr, values: Values) -> list[ast.expr] | None:
    """The items of a literal that is iterated; None where they are not known."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        starred = any(isinstance(item, ast.Starred) for item in node.elts)
        return None if starred or len(node.elts) > _MOST_ITEMS else node.elts
    if isinstance(node, ast.Dict):
        return _complete(node.keys)
    if isinstance(node, ast.Name):
        known = values.get(node.id)
        return None if known is None else items_of(known, values)
    return _of_call(node, values) if isinstance(node, ast.Call) else None


def _of_call(node: ast.Call, values: Values) -> list[ast.expr] | None:
    """The items of `sorted(items)`, `table.items()`, `text.split()` and their like."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]):
            return items_of(inner, values) if name in _COPIES and name not in values else None
        case ast.Call(func=ast.Attribute(value=owner, attr=method), args=[], keywords=[]):
            known = values.get(owner.id) if isinstance(owner, ast.Name) else owner
            return _of_method(known, method)
        case _:
            return None


def _of_method(owner: ast.expr | None, method: str) -> list[ast.expr] | None:
    """The items of what a method of a literal gives."""
    match owner, method:
        case ast.Constant(value=str(text)), "split" if PLACEHOLDER not in text:
            return [ast.copy_location(ast.Constant(word), owner) for word in text.split()[:_MOST_ITEMS]]
        case ast.Dict(keys=keys, values=held), ("keys" | "values" | "items"):
            known = _complete(keys)
            pairs: list[ast.expr] = [ast.Tuple([*pair], ast.Load()) for pair in zip(known or (), held, strict=False)]
            return None if known is None else {"keys": known, "values": held, "items": pairs}[method]
        case _:
            return None


def _complete(keys: list[ast.expr | None]) -> list[ast.expr] | None:
    """The keys of a dictionary that is written out; None where it takes others in, or is long."""
    known = [key for key in keys if key is not None]
    return known if len(known) == len(keys) <= _MOST_ITEMS else None


def bind_item(target: ast.expr, item: ast.expr, values: Values) -> dict[str, ast.expr | None]:
    """What the names of a loop's target stand for with one item."""
    match target, item:
        case ast.Name(id=name), _:
            return {name: _resolved(item, values)}
        case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), (ast.Tuple(elts=items) | ast.List(elts=items))):
            if len(targets) == len(items):
                bound: dict[str, ast.expr | None] = {}
                for inner, part in zip(targets, items, strict=True):
                    bound |= bind_item(inner, part, values)
                return bound
        case _:
            pass
    return dict.fromkeys(names_in(target, ast.Store))


def _resolved(item: ast.expr, values: Values) -> ast.expr | None:
    """An item as a literal that does not depend on other names."""
    if (text := text_of(item, values)) is not None:
        return ast.copy_location(ast.Constant(text), item)
    items = items_of(item, values)
    return None if items is None else ast.copy_location(ast.Tuple(items, ast.Load()), item)
