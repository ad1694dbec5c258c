"""Functions in tables of modules, which the code calls by taking them out: `HANDLERS[kind](event)`, a loop over all."""

import ast
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from lambda_slim.formats.python_syntax import end_name, nodes_named
from lambda_slim.lint.modules import FunctionNode, ParsedModule, local_names
from lambda_slim.lint.syntax import assigns_name, root_name

if TYPE_CHECKING:
    from lambda_slim.lint.program import Key, Program

_TAKES = frozenset({"get", "values", "items", "pop"})  # methods of a table that give what is in it
_DEPTH = 4  # names that stand for names


def tabled(program: "Program", module: ParsedModule, func: ast.expr, depth: int = _DEPTH) -> Iterator["Key"]:
    """The functions that a called expression may stand for, where it is taken out of a list, tuple, set or dict.

    Args:
        program: The files.
        module: The one with the call.
        func: What is called.
        depth: How many local names may lie between the call and the table.
    """
    if isinstance(func, ast.Subscript):
        yield from _of_table(program, module, func.value)
    elif isinstance(func, ast.Call) and isinstance(func.func, ast.Attribute) and end_name(func.func) in _TAKES:
        yield from _of_table(program, module, func.func.value)
    elif isinstance(func, ast.Name) and depth:
        for value in _local_values(module, func):
            yield from tabled(program, module, value, depth - 1)


def _scope(module: ParsedModule, node: ast.expr) -> FunctionNode | None:
    return next(iter(module.functions_around(node)), None)


def _local_values(module: ParsedModule, name: ast.Name) -> Iterator[ast.expr]:
    """What a local name is bound to; of a loop over a table, what a subscript of the table is."""
    scope = _scope(module, name)
    if scope is None:
        return
    nodes = list(ast.walk(scope))
    for node in nodes:
        if isinstance(node, ast.Assign | ast.NamedExpr) and assigns_name(node, name.id):
            yield node.value
    for node in nodes:
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension) and _binds(node.target, name.id):
            yield _element(node.iter)


def _element(table: ast.expr) -> ast.expr:
    """What a loop over an expression gives: the result of a call has it, any other table is subscripted."""
    if isinstance(table, ast.Call):
        return table
    return ast.Subscript(table, ast.Constant(0), ast.Load())


def _binds(target: ast.expr, name: str) -> bool:
    return any(nodes_named(target, name))


def _of_table(program: "Program", module: ParsedModule, table: ast.expr) -> Iterator["Key"]:
    """The first-party functions in the table of a module that a name stands for, where no local name hides it."""
    scope = _scope(module, table)
    if scope and root_name(table) in local_names(scope):
        return
    owner, name = program.place(module, table)
    if owner and name:
        there = program.modules[owner]
        values = chain.from_iterable(map(_elements, there.all_assigned(name)))
        yield from filter(None, (program.function(there, value) for value in values))


def _elements(table: ast.expr) -> Iterator[ast.expr]:
    """What a display holds, also within tuples: `[("created", on_created)]`."""
    values = table.values if isinstance(table, ast.Dict) else getattr(table, "elts", ())
    for value in values:
        yield value
        if isinstance(value, ast.Tuple | ast.List):
            yield from _elements(value)
