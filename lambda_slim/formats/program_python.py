"""Calls of a Python program, from its syntax tree."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from lambda_slim.base.text import snake_case
from lambda_slim.formats.program_changes import changed_parameters
from lambda_slim.formats.program_loops import loops_of
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import bound_name, dotted_name, of_kind
from lambda_slim.model.program import (
    DIVIDED,
    JOINED,
    Dotted,
    Opaque,
    ParsedProgram,
    ProgramCall,
    ProgramHelper,
    ProgramMember,
    constants_of,
    with_names,
)


def python_program(source: str) -> ParsedProgram:
    """The calls and constants of a module.

    Raises:
        SyntaxError: see `parse_python`.
        ValueError: an expression is nested too deeply.
    """
    nodes = list(ast.walk(parse_python(source)))
    try:
        return _program(nodes)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _program(nodes: list[ast.AST]) -> ParsedProgram:
    bound = Counter(chain.from_iterable(map(_bound, nodes)))
    assigned = list(chain.from_iterable(map(_assigned, nodes)))
    constants = constants_of(((name, _value(value)) for name, value in assigned), bound)
    derived = dict(chain.from_iterable(map(_derived, nodes)))
    calls = map(_call, of_kind(nodes, ast.Call))
    rows = [(name, getattr(node, "lineno", 0)) for node in nodes if not _is_block(node) for name in _bound(node)]
    values = [(name, _value(value), value.lineno) for name, value in assigned]
    loops = list(loops_of(nodes, _value, constants))
    blocks = [*chain.from_iterable(map(_helpers, nodes)), *(helper for helper, _ in loops)]
    every = [*calls, *chain.from_iterable(rounds for _, rounds in loops)]
    helpers = with_names(blocks, rows, values)
    return ParsedProgram(tuple(sorted(every, key=lambda call: call.line)), constants, derived, helpers=helpers)


def _is_block(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _helpers(node: ast.AST) -> Iterator[ProgramHelper]:
    """Functions, methods of a class, and the class itself by its `__init__`."""
    for row in getattr(node, "body", []) if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) else []:
        if isinstance(row, ast.FunctionDef):
            yield _method(row, node) if isinstance(node, ast.ClassDef) else _helper(row, row.name, 0)


def _method(row: ast.FunctionDef, of: ast.ClassDef) -> ProgramHelper:
    static = any(dotted_name(decorator) == "staticmethod" for decorator in row.decorator_list)
    name = of.name if row.name == "__init__" else row.name
    return replace(_helper(row, name, 0 if static else 1), owner=of.name)


def _helper(node: ast.FunctionDef, name: str, skipped: int) -> ProgramHelper:
    """A helper without its first parameters, `self`."""
    plain = [*node.args.posonlyargs, *node.args.args]
    given = zip(plain[len(plain) - len(node.args.defaults) :], node.args.defaults, strict=True)
    named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    defaults = {argument.arg: _value(value) for argument, value in [*given, *named] if value}
    names = [argument.arg for argument in [*plain[skipped:], *node.args.kwonlyargs]]
    changed, filled = changed_parameters(node, frozenset(names))
    helper = ProgramHelper(name, tuple(names), defaults, node.lineno, node.end_lineno or node.lineno)
    return replace(helper, changed=changed, filled=filled)


def _derived(node: ast.AST) -> Iterator[tuple[str, str]]:
    """(name, last part of what it is derived from) of a class."""
    if isinstance(node, ast.ClassDef):
        yield from ((node.name, dotted_name(base).rpartition(".")[2]) for base in node.bases)


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """(name, value) of an assignment of one name, also of an attribute (`self.code = …`), and of `with … as name`."""
    match node:
        case (
            ast.Assign(targets=[target], value=value)
            | ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.withitem(optional_vars=ast.expr() as target, context_expr=value)
        ) if name := dotted_name(target):
            yield name, value


def _bound(node: ast.AST) -> Iterator[str]:
    """Names that a node binds, in any scope: a name that is bound twice is no constant."""
    binder = _BINDERS.get(type(node))
    if binder and not isinstance(getattr(node, "ctx", None), ast.Load):
        yield binder(node)


def _value(node: ast.AST) -> Any:
    """What an expression says."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str | int | float | None) else Opaque()
    reader = _READERS.get(type(node))
    return reader(node) if reader else Opaque()


def _name(node: ast.Name | ast.Attribute) -> Any:
    dotted = dotted_name(node)
    if dotted:
        return Dotted(dotted)
    return ProgramMember(_value(node.value), node.attr) if isinstance(node, ast.Attribute) else Opaque()


def _item(node: ast.Subscript) -> Any:
    index = _value(node.slice)
    return ProgramMember(_value(node.value), str(index)) if isinstance(index, str | int) else Opaque()


def _operation(node: ast.BinOp) -> Any:
    signs = {ast.Div: DIVIDED, ast.Add: JOINED}
    sign = signs.get(type(node.op))
    return ProgramCall(sign, (_value(node.left), _value(node.right)), line=node.lineno) if sign else Opaque()


def _text(node: ast.JoinedStr) -> Any:
    parts = [_value(part.value) if isinstance(part, ast.FormattedValue) else _value(part) for part in node.values]
    formats = any(isinstance(part, ast.FormattedValue) and part.format_spec for part in node.values)
    return Opaque() if formats else ProgramCall(JOINED, tuple(parts), line=node.lineno)


def _table(node: ast.Dict) -> Any:
    keys = [_value(key) if key else None for key in node.keys]
    if not all(isinstance(key, str) for key in keys):
        return Opaque()
    return dict(zip(keys, map(_value, node.values), strict=True))


def _copied(node: ast.DictComp) -> Any:
    """The table that `{k: v for k, v in table.items() if k != "name"}` copies; `Opaque` where more is done."""
    match node:
        case ast.DictComp(
            key=ast.Name(id=key),
            value=ast.Name(id=value),
            generators=[
                ast.comprehension(
                    target=ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second)]),
                    iter=ast.Call(func=ast.Attribute(value=table, attr="items")),
                    ifs=tests,
                )
            ],
        ) if (key, value) == (first, second) and all(_leaves_out(test, key) for test in tests):
            return _value(table)
    return Opaque()


def _leaves_out(test: ast.expr, key: str) -> bool:
    """Whether a test leaves out one entry that says nothing of the code."""
    match test:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.NotEq()], comparators=[ast.Constant(value=str(text))]):
            return name == key and text not in _TELLING
        case _:
            return False


def _row(node: ast.List | ast.Tuple) -> Any:
    return [_value(item) for item in node.elts]


def _call(node: ast.Call) -> ProgramCall:
    named = {snake_case(keyword.arg): _value(keyword.value) for keyword in node.keywords if keyword.arg}
    unpacked = [keyword.value for keyword in node.keywords if not keyword.arg]
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    tables = tuple(_value(value) for value in unpacked)
    positional = tuple(_value(argument) for argument in node.args)
    return ProgramCall(_function(node.func), positional, named, node.lineno, tables, not starred)


def _function(node: ast.expr) -> Any:
    return _name(node) if isinstance(node, ast.Name | ast.Attribute) else Opaque()


_TELLING = ("runtime", "handler", "code", "layers", "architecture", "bundling")  # a copy without them is another one
_BINDERS: dict[type[ast.AST], Callable[[Any], str]] = {
    ast.Name: dotted_name,
    ast.Attribute: dotted_name,
    ast.arg: lambda node: str(node.arg),
    # The target is counted once more: what is added to is no constant.
    ast.AugAssign: lambda node: dotted_name(node.target),
    ast.FunctionDef: lambda node: str(node.name),
    ast.ClassDef: lambda node: str(node.name),
    ast.AsyncFunctionDef: lambda node: str(node.name),
    ast.alias: bound_name,
}
_READERS: dict[type[ast.AST], Any] = {
    ast.Name: _name,
    ast.Attribute: _name,
    ast.Subscript: _item,
    ast.BinOp: _operation,
    ast.JoinedStr: _text,
    ast.Dict: _table,
    ast.DictComp: _copied,
    ast.List: _row,
    ast.Tuple: _row,
    ast.Call: _call,
}
