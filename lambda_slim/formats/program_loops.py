"""Loops of a Python program over values that stand in it: each is a helper that is called once for each item."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lambda_slim.formats.python_syntax import bare_name
from lambda_slim.model.program import Dotted, Opaque, ProgramCall, ProgramHelper

LOOP = "for:"  # how names of loops begin, which no helper of a program can have
_MOST = 100  # items of a loop
_TABLES: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "items": lambda table: [list(row) for row in table.items()],
    "keys": list,
    "values": lambda table: list(table.values()),
}


def loops_of(
    nodes: Iterable[ast.AST], value_of: Callable[[ast.AST], Any], constants: Mapping[str, Any]
) -> Iterator[tuple[ProgramHelper, list[ProgramCall]]]:
    """(the body as a helper, its calls) of every `for` whose items are known.

    Args:
        nodes: All nodes of the module.
        value_of: What an expression says.
        constants: Names that are bound once, with their values.
    """
    for node in nodes:
        if isinstance(node, ast.For) and node.body[0].lineno > node.lineno:  # else its body is not told apart from it
            given = _rounds(node, value_of, constants)
            if given:
                yield _helper(node), [ProgramCall(Dotted(_name(node)), row, line=node.lineno) for row in given]


def _name(node: ast.For) -> str:
    return f"{LOOP}{node.lineno}"


def _helper(node: ast.For) -> ProgramHelper:
    last = node.body[-1].end_lineno or node.body[-1].lineno
    return ProgramHelper(_name(node), _targets(node.target), {}, node.body[0].lineno, last)


def _rounds(node: ast.For, value_of: Callable[[ast.AST], Any], constants: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What each item gives to the names of a loop; none where that is not known of all."""
    names, items = _targets(node.target), _items(node.iter, value_of, constants)
    given = [tuple(_given(item, names, unpacks=isinstance(node.target, ast.Tuple))) for item in items]
    return given if names and all(given) and len(given) <= _MOST else []


def _targets(target: ast.expr) -> tuple[str, ...]:
    """The names that a loop binds, also those in a pair; none where it binds anything else."""
    rows = target.elts if isinstance(target, ast.Tuple) else [target]
    names: list[str] = []
    for row in rows:
        names += _targets(row) if isinstance(row, ast.Tuple) else [bare_name(row)]
    return tuple(names) if all(names) else ()


def _items(iterable: ast.expr, value_of: Callable[[ast.AST], Any], constants: Mapping[str, Any]) -> list[Any]:
    """The items of a list or table, of `table.items()` and `enumerate(list)`; none where they are not known."""
    match iterable:
        case ast.Call(func=ast.Attribute(value=table, attr=method), args=[]) if method in _TABLES:
            known = _resolved(value_of(table), constants)
            return _TABLES[method](known) if isinstance(known, dict) else []
        case ast.Call(func=ast.Name(id="enumerate"), args=[rows, *_]):
            return [[place, item] for place, item in enumerate(_items(rows, value_of, constants))]
        case ast.Call(func=ast.Name(id="sorted" | "list" | "tuple"), args=[rows], keywords=[]):
            return _items(rows, value_of, constants)
        case _:
            known = _resolved(value_of(iterable), constants)
    items = list(known) if isinstance(known, list | dict) else []
    return [] if any(isinstance(item, Opaque) for item in items) else items


def _resolved(value: Any, constants: Mapping[str, Any]) -> Any:
    return constants.get(value.text, value) if isinstance(value, Dotted) else value


def _given(item: Any, names: tuple[str, ...], *, unpacks: bool) -> list[Any]:
    """What one item gives to the names; none where it does not fit them."""
    values = _flat(item) if unpacks else [item]
    return values if len(values) == len(names) else []


def _flat(item: Any) -> list[Any]:
    """An item with the rows in it unpacked."""
    rows = item if isinstance(item, list) else [item]
    return [inner for part in rows for inner in (_flat(part) if isinstance(part, list) else [part])]
