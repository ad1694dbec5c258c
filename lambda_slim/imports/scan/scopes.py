"""What could the names at one place of a file be bound to?"""

import ast
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lambda_slim.formats.python_syntax import names_in
from lambda_slim.imports.scan.syntax import children

_STEPS = 3000  # of work for one expression; beyond it is unknown
_STEPS_OF_FILE = 200_000  # for all of a file: long functions that bind the same names again and again


class Work:
    """What has been spent on the expressions of a file, and what was found meanwhile."""

    def __init__(self) -> None:
        self.left = _STEPS_OF_FILE
        self._free: dict[int, frozenset[str]] = {}

    def free_names(self, node: ast.AST) -> frozenset[str]:
        """The names that an expression of the file reads and does not bind itself."""
        known = self._free.get(id(node))
        if known is None:
            known = self._free[id(node)] = frozenset(names_in(node, ast.Load) - names_in(node, ast.Store))
        return known


class Scope:
    """The names that can be looked up at one place, from the inside out."""

    def __init__(
        self, bodies: Sequence["ScopeNames"], asked: str = "", work: Work | None = None, steps: list[int] | None = None
    ) -> None:
        self.bodies = bodies
        self.asked = asked  # the parameter of an enclosing module-level __getattr__
        self.work = work or Work()
        self.steps = steps if steps is not None else [_STEPS]

    def spend(self) -> bool:
        """Takes one step of work; False once there is no more to spend."""
        self.steps[0] -= 1
        self.work.left -= 1
        return self.steps[0] >= 0 and self.work.left >= 0

    def inside(self, place: int) -> "Scope":
        """The scope as seen from one of its bodies."""
        return Scope(self.bodies[place:], self.asked, self.work, self.steps)

    def parameter(self, name: str) -> bool:
        """Whether a name is a parameter of an enclosing function."""
        return any(name in body.parameters for body in self.bodies)


class ScopeNames(NamedTuple):
    """What the names of one function, class or module could be bound to: expressions, and items of iterables."""

    values: Mapping[str, Sequence[ast.expr]]
    items: Mapping[str, Sequence[tuple[ast.expr, int | None]]]  # the iterable, and the place in each of its tuples
    parameters: Mapping[str, ast.expr | None]  # with their defaults


def names_of(body: ast.AST) -> ScopeNames:
    """Collects the bindings made anywhere in a function, class or module, without those of functions inside."""
    values: dict[str, list[ast.expr]] = {}
    items: dict[str, list[tuple[ast.expr, int | None]]] = {}
    parameters: dict[str, ast.expr | None] = {}
    if isinstance(body, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        parameters = parameters_of(body.args)
    todo = children(body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Assign):
            for target in node.targets:
                bind(target, node.value, values, items)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr | ast.AugAssign) and node.value is not None:
            bind(node.target, node.value, values, items)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            bind_items(node.target, node.iter, items)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo += children(node)
    return ScopeNames(values, items, parameters)


def parameters_of(args: ast.arguments) -> dict[str, ast.expr | None]:
    """The parameters of a function, with their defaults."""
    placed = [*args.posonlyargs, *args.args]
    defaults: list[ast.expr | None] = [*([None] * (len(placed) - len(args.defaults))), *args.defaults]
    table = {arg.arg: default for arg, default in zip(placed, defaults, strict=True)}
    table |= {arg.arg: default for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)}
    return table | {arg.arg: None for arg in (args.vararg, args.kwarg) if arg}


def bind(
    target: ast.AST,
    value: ast.expr,
    values: dict[str, list[ast.expr]],
    items: dict[str, list[tuple[ast.expr, int | None]]],
) -> None:
    """Notes `target = value`; a tuple of targets takes the parts of a tuple, or anything the value contains."""
    if isinstance(target, ast.Name):
        values.setdefault(target.id, []).append(value)
    elif isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            for inner, part in zip(target.elts, value.elts, strict=True):
                bind(inner, part, values, items)
        elif isinstance(value, ast.Call):
            for inner in target.elts:
                if isinstance(inner, ast.Name):
                    values.setdefault(inner.id, []).append(value)
        else:
            bind_items(target, value, items)


def bind_items(target: ast.AST, source: ast.expr, items: dict[str, list[tuple[ast.expr, int | None]]]) -> None:
    """Notes `for target in source`."""
    if isinstance(target, ast.Name):
        items.setdefault(target.id, []).append((source, None))
    elif isinstance(target, ast.Tuple | ast.List):
        for place, inner in enumerate(target.elts):
            if isinstance(inner, ast.Name):
                items.setdefault(inner.id, []).append((source, place))
