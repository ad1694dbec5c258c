"""What is evaluated for sure when a block runs, in order: statements, calls and attributes.

Conditions are evaluated, what they guard is not. A loop over a literal runs its body once for each item.
`try` blocks whose failures are caught are left out, and so is what follows a statement that may leave the block.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lambda_slim.imports.scan.bound import bound_by, own_scope
from lambda_slim.imports.scan.certain import is_harmless, raises
from lambda_slim.imports.scan.literals import Values, bind_item, items_of
from lambda_slim.imports.scan.syntax import children

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match)
_LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_CONSUMERS = frozenset({"list", "tuple", "set", "frozenset", "dict", "sorted", "sum", "max", "min"})
TRUSTED = _CONSUMERS | {"map"}  # built-in functions that are taken to do what they are called for


class SureStep(NamedTuple):
    """A statement, a call or an attribute that is evaluated for sure.

    Attributes:
        values: What the names of loops and parameters around it stand for; None where that is not known.
    """

    node: ast.stmt | ast.Call | ast.Attribute
    values: Values


def steps(body: Iterable[ast.stmt], values: Values) -> Iterator[SureStep]:
    """The steps of a block, up to a statement that may leave it."""
    for statement in body:
        yield from _STATEMENTS.get(type(statement), _plain)(statement, values)
        if isinstance(statement, _LEAVING) or (
            isinstance(statement, _BLOCKS) and any(isinstance(node, _LEAVING) for node in own_nodes([statement]))
        ):
            return


def own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of statements, without those of functions and classes inside."""
    waiting: list[ast.AST] = [*body]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, _NESTED):
            yield node
            waiting += ast.iter_child_nodes(node)


def parameters(arguments: ast.arguments) -> Iterator[str]:
    """The names of a function's parameters."""
    rest = filter(None, (arguments.vararg, arguments.kwarg))
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest):
        yield argument.arg


def _plain(node: ast.stmt, values: Values) -> Iterator[SureStep]:
    yield SureStep(node, values)
    if not hasattr(node, "body"):
        yield from _evaluated(node, values)


def _assignment(node: ast.AnnAssign, values: Values) -> Iterator[SureStep]:
    """`name: type = value`; when the type is evaluated depends on the version."""
    yield SureStep(node, values)
    yield from _all(filter(None, (node.value,)), values)


def _with(node: ast.With, values: Values) -> Iterator[SureStep]:
    yield from _all(node.items, values)
    if all(map(is_harmless, node.items)):
        yield from steps(node.body, values)


def _tested(node: ast.If | ast.While, values: Values) -> Iterator[SureStep]:
    yield from _evaluated(node.test, values)


def _match(node: ast.Match, values: Values) -> Iterator[SureStep]:
    yield from _evaluated(node.subject, values)


def _for(node: ast.For, values: Values) -> Iterator[SureStep]:
    yield from _evaluated(node.iter, values)
    items = items_of(node.iter, values) or []
    if any(isinstance(inner, ast.Return | ast.Raise | ast.Break) for inner in own_nodes(node.body)):
        items = items[:1]
    rebound = {name for inner in own_scope(node.body) for name in bound_by(inner)}
    for item in items:
        yield from steps(node.body, {**values, **bind_item(node.target, item, values), **dict.fromkeys(rebound)})


def _try(node: ast.Try, values: Values) -> Iterator[SureStep]:
    if all(map(raises, node.handlers)):
        yield from steps(node.body, values)
    yield from steps(node.finalbody, values)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, values: Values) -> Iterator[SureStep]:
    """What a definition evaluates; a decorator is called with what is defined."""
    yield from _all((*node.decorator_list, *_defaults(node.args)), values)
    yield from _decorated(node, values)


def _class(node: ast.ClassDef, values: Values) -> Iterator[SureStep]:
    yield from _all((*node.decorator_list, *node.bases, *node.keywords), values)
    own = dict.fromkeys(name for inner in own_scope(node.body) for name in bound_by(inner))
    yield from steps(node.body, {**values, **own})
    yield from _decorated(node, values)


def _decorated(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, values: Values) -> Iterator[SureStep]:
    for decorator in reversed(node.decorator_list):
        call = ast.Call(decorator, [ast.Name(node.name, ast.Load())], [])
        yield SureStep(ast.copy_location(call, decorator), values)


def _defaults(arguments: ast.arguments) -> Iterator[ast.expr]:
    yield from (*arguments.defaults, *filter(None, arguments.kw_defaults))


def _all(nodes: Iterable[ast.AST], values: Values) -> Iterator[SureStep]:
    for node in nodes:
        yield from _evaluated(node, values)


def _evaluated(node: ast.AST, values: Values) -> Iterator[SureStep]:
    """The calls and attributes that evaluating a node makes for sure."""
    if isinstance(node, _COMPREHENSIONS):
        yield from _comprehension(node, values)
    elif isinstance(node, ast.Call):
        yield from _call(node, values)
    else:
        yield from _all(_parts(node), values)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield SureStep(node, values)


def _parts(node: ast.AST) -> Iterable[ast.AST]:
    """The parts of a node that are always evaluated."""
    match node:
        case ast.Lambda(args=arguments):
            return _defaults(arguments)
        case ast.BoolOp(values=[first, *_]):
            return (first,)
        case ast.IfExp(test=test) | ast.Assert(test=test):
            return (test,)
        case ast.Compare(left=left, comparators=[first, *_]):
            return (left, first)
        case _:
            return children(node)


def _call(node: ast.Call, values: Values) -> Iterator[SureStep]:
    function = node.func.value if isinstance(node.func, ast.NamedExpr) else node.func
    yield from _evaluated(function, values)
    match node:
        case ast.Call(func=ast.Name(id=name), args=[ast.GeneratorExp() as inner], keywords=[]) if name in _CONSUMERS:
            yield from _comprehension(inner, values, consumed=True)
        case ast.Call(func=ast.Name(id=name), args=[ast.Call(func=ast.Name(id="map")) as inner]) if name in _CONSUMERS:
            yield from _mapped(inner, values)
        case _:
            yield from _all((*node.args, *node.keywords), values)
    yield SureStep(node, values)
    if isinstance(function, ast.Lambda):
        yield from _evaluated(function.body, {**values, **_given(function.args, node, values)})


def _given(arguments: ast.arguments, call: ast.Call, values: Values) -> Values:
    """What the parameters of a lambda stand for in a call."""
    known: dict[str, ast.expr | None] = dict.fromkeys(parameters(arguments))
    placed = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    if not any(isinstance(argument, ast.Starred) for argument in call.args):
        for name, argument in zip(placed, call.args, strict=False):
            known |= bind_item(ast.Name(name, ast.Store()), argument, values)
    return known


def _mapped(node: ast.Call, values: Values) -> Iterator[SureStep]:
    """`list(map(function, items))`: the function is called with each item."""
    yield from _all(node.args, values)
    match node.args:
        case [function, iterable]:
            for item in items_of(iterable, values) or []:
                yield from _call(ast.copy_location(ast.Call(function, [item], []), node), values)
        case _:
            pass


def _comprehension(node: Any, values: Values, *, consumed: bool = False) -> Iterator[SureStep]:
    """What a comprehension evaluates; a generator does nothing but its first iterable before it is consumed."""
    first = node.generators[0]
    yield from _evaluated(first.iter, values)
    if len(node.generators) > 1 or first.ifs or (isinstance(node, ast.GeneratorExp) and not consumed):
        return
    made = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
    for item in items_of(first.iter, values) or []:
        yield from _all(made, {**values, **bind_item(first.target, item, values)})


_STATEMENTS: Mapping[type[ast.stmt], Callable[[Any, Values], Iterator[SureStep]]] = {
    ast.AnnAssign: _assignment,
    ast.With: _with,
    ast.If: _tested,
    ast.While: _tested,
    ast.Match: _match,
    ast.For: _for,
    ast.Try: _try,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
}
