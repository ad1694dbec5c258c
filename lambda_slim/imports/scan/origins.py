"""Where does a text come from that the file itself does not show: from a caller, or from a computation at run time?"""

import ast
import builtins
from collections.abc import Set as AbstractSet

from lambda_slim.formats.python_syntax import names_in
from lambda_slim.imports.scan.scopes import Scope, ScopeNames
from lambda_slim.imports.scan.values import COMPUTED, COMPUTED_TEXT, GIVEN_TEXT, PARAMETER, Value

_BUILTINS = frozenset(dir(builtins)) | {"os", "re", "sys"}
_DEEPEST = 6  # hops from name to name
BOUND_BY_PYTHON = frozenset({"self", "cls"})


def unknown(node: ast.AST, scope: Scope, depth: int = 0) -> Value:
    """Any text. It is the callers' when all that the expression mentions is theirs, or written in this file."""
    free_names = names_in(node, ast.Load) - _BUILTINS
    if free_names and _all_told(free_names, scope, depth + 1):
        return GIVEN_TEXT
    return COMPUTED_TEXT


def origin_of(name: str, scope: Scope, depth: int) -> str:
    """Where the text in a variable comes from."""
    if depth > _DEEPEST or name in BOUND_BY_PYTHON or not scope.spend():
        return COMPUTED
    if name == scope.asked:
        return PARAMETER
    for place, body in enumerate(scope.bodies):
        bound = _bound_to(name, body)
        if bound:
            inside = scope.inside(place)
            told = all(is_told(value, name, inside, depth) for value in bound)
            return PARAMETER if told else COMPUTED
        if name in body.parameters:
            return PARAMETER
    return COMPUTED


def is_told(node: ast.expr, name: str, scope: Scope, depth: int) -> bool:
    """Whether the value bound to a name is made of literals, parameters and what is bound to those."""
    free_names = scope.work.free_names(node) - _BUILTINS - {name}
    return scope.spend() and _all_told(free_names, scope, depth + 1)


def _all_told(names: AbstractSet[str], scope: Scope, depth: int) -> bool:
    return all(origin_of(name, scope, depth) != COMPUTED for name in sorted(names))


def _bound_to(name: str, body: ScopeNames) -> list[ast.expr]:
    """The expressions that a body binds a name to; for an item of an iterable, the iterable."""
    iterables = (source for source, _ in body.items.get(name, ()))
    return [*body.values.get(name, ()), *iterables]
