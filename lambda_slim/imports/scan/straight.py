"""What runs whenever a function is called, or a module is imported?

`steps` says what is evaluated for sure. A call is followed only by a name that stands for one thing.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from lambda_slim.formats.python_syntax import bare_name, bound_name, dotted_name, home_of, taken_name
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.bound import bound_by, own_scope
from lambda_slim.imports.scan.fold import dotted
from lambda_slim.imports.scan.given import call_texts, given_texts, taken_texts
from lambda_slim.imports.scan.importers import imported_by
from lambda_slim.imports.scan.literals import Values, changed_names, constants
from lambda_slim.imports.scan.steps import TRUSTED, own_nodes, parameters, steps

_T = TypeVar("_T")
_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ENDING = frozenset({"sys:exit", "os:_exit"})
_ENDING_BUILTINS = frozenset({"exit", "quit"})
_BUILT_IN = TRUSTED | {"__import__"}
_KEEPING = frozenset({"functools:cache", "functools:lru_cache", "functools:lru_cache()"})  # a first call runs the body


class _Known(NamedTuple):
    """What names stand for in a module or a function: definitions and imports, and literals."""

    homes: dict[str, str]
    values: Values
    changed: frozenset[str]


def straight_lines(tree: ast.Module, *, own: bool) -> Iterator[f.Straight]:
    """That of a first-party module, and of each of its functions and constructors that has imports or calls."""
    if not own or _replaces(tree.body):
        return
    changed = changed_names(tree)
    scope = _Known(_homes(tree.body), constants(tree.body, {}, changed), changed)
    yield from _told("", tree.body, scope)
    for name, function in _functions(tree.body, scope.homes):
        yield from _of_function(name, function, scope)


def _of_function(name: str, function: ast.FunctionDef | ast.Lambda, scope: _Known) -> Iterator[f.Straight]:
    """What a call of a function runs; of `name()`, what a call of the function that it returns runs."""
    body: list[ast.stmt] = [ast.Expr(function.body)] if isinstance(function, ast.Lambda) else function.body
    arguments = function.args
    local = dict.fromkeys(parameters(arguments), "")
    if _replaces(body, local):
        return
    homes = {**scope.homes, **local, **_homes(body, top=False)}
    around = {name: value for name, value in scope.values.items() if name not in local}
    inner = _Known(homes, constants(body, around, scope.changed), scope.changed)
    told = inner._replace(values=constants(body, {**around, **given_texts(arguments)}, scope.changed))
    yield from _told(name, body, told, taken_texts(function, bound=_is_bound(name, function)))
    returned = _returned(body)
    if returned is not None and _is_plain(returned, inner.homes):
        yield from _of_function(f"{name}()", returned, inner)


def _replaces(body: list[ast.stmt], more: Iterable[str] = ()) -> bool:
    """Whether a scope gives a name of its own meaning that is taken for a built-in function."""
    return not _BUILT_IN.isdisjoint((*more, *(name for node in own_scope(body) for name in bound_by(node))))


def _returned(body: list[ast.stmt]) -> ast.FunctionDef | ast.Lambda | None:
    """The function inside that a function returns whenever it is called, as decorators do."""
    if sum(isinstance(node, ast.Return) for node in own_nodes(body)) != 1 or not isinstance(body[-1], ast.Return):
        return None
    value = body[-1].value
    if isinstance(value, ast.Lambda):
        return value
    bound = [node for node in own_scope(body) if bare_name(value) in bound_by(node)]
    return bound[0] if len(bound) == 1 and isinstance(bound[0], ast.FunctionDef) and bound[0] in body else None


def _is_bound(name: str, function: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether a function is a method, which a call of `name` gives its object."""
    return isinstance(function, ast.FunctionDef) and function.name in ("__init__", "__call__") and function.name != name


def _told(
    name: str, body: list[ast.stmt], scope: _Known, takes: tuple[tuple[str, str], ...] = ()
) -> Iterator[f.Straight]:
    line = _straight(name, body, scope)
    if any(line[1:]):
        yield line._replace(takes=takes)


def _straight(name: str, body: list[ast.stmt], scope: _Known) -> f.Straight:
    line = f.Straight(name)
    for node, values in steps(body, scope.values):
        homes = scope.homes
        if values is not scope.values:
            homes = {**homes, **dict.fromkeys(_hidden(values, scope.values), "")}
        if isinstance(node, ast.Attribute):
            taken = _taken(node, homes)
            line = line._replace(attributes=_with(line.attributes, (node.lineno, taken) if taken else None))
        elif isinstance(node, ast.Call):
            line = _called(line, node, homes, values)
        else:
            line = _ran(line, node, homes)
    return line


def _hidden(values: Values, outer: Values) -> Iterator[str]:
    """The names that a loop, a lambda or a class body binds."""
    return (name for name in values if name not in outer or values[name] is None)


def _called(line: f.Straight, node: ast.Call, homes: dict[str, str], values: Values) -> f.Straight:
    """What is known with a call."""
    target = _target(node.func, homes)
    module = imported_by(target, node, values)
    if module:
        return line._replace(names=_with(line.names, (node.lineno, module)))
    texts = call_texts(node, values) if target else None
    given = None if texts is None else f.CallTexts(node.lineno, target, texts)
    return line._replace(calls=_with(line.calls, target or None), given=_with(line.given, given))


def _ran(line: f.Straight, node: ast.stmt, homes: dict[str, str]) -> f.Straight:
    """What is known with a statement."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return line._replace(lines=(*line.lines, node.lineno))
    return line._replace(end=node.lineno) if not line.end and _ends(node, homes) else line


def _with(row: tuple[_T, ...], item: _T | None) -> tuple[_T, ...]:
    """A row with one more item, if there is one and it is new."""
    return row if item is None or item in row else (*row, item)


def _ends(node: ast.stmt, homes: dict[str, str]) -> bool:
    """Whether a statement always ends in an exception or the end of the process."""
    match node:
        case ast.Raise():
            return True
        case ast.Expr(value=ast.Call(func=func)):
            name = dotted(func)
            return _target(func, homes) in _ENDING or (name in _ENDING_BUILTINS and name not in homes)
        case _:
            return False


def _functions(body: list[ast.stmt], homes: dict[str, str]) -> Iterator[tuple[str, ast.FunctionDef | ast.Lambda]]:
    """Plain functions of a module, and of its classes what makes and calls objects: `Class`, `Class()`.

    Their names stand for nothing else.
    """
    yield from _constructors(body, homes)
    for node in body:
        match node:
            case ast.FunctionDef(name=name) if homes.get(name) and _is_plain(node, homes):
                yield name, node
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as function) if homes.get(name):
                yield name, function
            case _:
                pass


def _constructors(body: list[ast.stmt], homes: dict[str, str]) -> Iterator[tuple[str, ast.FunctionDef | ast.Lambda]]:
    """What makes and calls objects of the classes of a module, where it is their own `__init__` and `__call__`."""
    classes = {node.name: node for node in body if isinstance(node, ast.ClassDef)}
    for name, owner in classes.items():
        if homes.get(name) and _is_plain_class(owner, classes):
            yield from _of_class(owner, homes)


def _of_class(node: ast.ClassDef, homes: dict[str, str]) -> Iterator[tuple[str, ast.FunctionDef | ast.Lambda]]:
    """What makes an object of a class, and what calls it."""
    for method, called in (("__init__", node.name), ("__call__", f"{node.name}()")):
        yield from ((called, inner) for inner in _methods(node, method) if _is_plain(inner, homes))


def _is_plain_class(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> bool:
    """Whether a call of a class runs its `__init__`: no decorator, no `__new__`, no metaclass, in its bases neither."""
    if node.decorator_list or node.keywords or _methods(node, "__new__"):
        return False
    earlier = {name: other for name, other in classes.items() if other.lineno < node.lineno}
    bases = [earlier.get(bare_name(base)) for base in node.bases if bare_name(base) != "object"]
    return all(base is not None and _is_plain_class(base, earlier) for base in bases)


def _methods(node: ast.ClassDef, name: str) -> list[ast.FunctionDef]:
    named = [inner for inner in node.body if isinstance(inner, ast.FunctionDef) and inner.name == name]
    return named if len(named) == 1 else []


def _is_plain(function: ast.FunctionDef | ast.Lambda, homes: dict[str, str]) -> bool:
    """Whether a call runs the body: no decorator that may not call it, no generator."""
    if isinstance(function, ast.Lambda):
        return True
    keeping = all(_target(decorator, homes) in _KEEPING for decorator in function.decorator_list)
    return keeping and not any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function.body))


def _homes(body: list[ast.stmt], *, top: bool = True) -> dict[str, str]:
    """Names to what they stand for: `..pkg.module:name`, `pkg.module:`, `:name` of this module; "" where unknown.

    A name stands for one thing only where nothing else in the body binds it.

    Args:
        body: The statements of a module, or of a function.
        top: It is a module; definitions inside a function are not known by their name.
    """
    homes = {"__import__": ":__import__"} if top else {}
    for node in body:
        if top or isinstance(node, ast.Import | ast.ImportFrom):
            homes.update(_home(node))
    unknown = _unknown(body, {name.partition(".")[0] for name in homes})
    known = {name: home for name, home in homes.items() if name.partition(".")[0] not in unknown}
    return {**dict.fromkeys(unknown, ""), **known}


def _unknown(body: list[ast.stmt], roots: set[str]) -> set[str]:
    """The names of a scope that are bound more than once, or otherwise than the `roots`."""
    counts = Counter(name for name, _ in set(_bindings(body)))
    return {name for name, count in counts.items() if count > 1 or name not in roots}


def _home(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """The names that an import or a definition binds, each with what it stands for."""
    if isinstance(node, ast.ImportFrom):
        yield from ((taken_name(alias), f"{home_of(node)}:{alias.name}") for alias in node.names)
    elif isinstance(node, ast.Import):
        yield from ((taken_name(alias), f"{alias.name}:") for alias in node.names)
    elif isinstance(node, _DEFINITION):
        yield node.name, f":{node.name}"
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        yield from ((name, f":{name}") for name in filter(None, map(bare_name, node.targets)))


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    """(name, place) of what binds a name in a scope; `import a.b` and `import a.c` give `a` the same value."""
    for node in own_scope(body):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield bound_name(alias), id(alias) if alias.asname else 0
        else:
            yield from ((name, id(node)) for name in bound_by(node))


def _target(func: ast.expr, homes: dict[str, str]) -> str:
    """What a call calls, as `_homes` has it; "" for what is not known. Of `make()()` it is `:make()`."""
    if isinstance(func, ast.Call):
        made = _target(func.func, homes)
        return f"{made}()" if made else ""
    name = dotted_name(func)
    if home := homes.get(name):
        return "" if home.endswith(":") else home
    owner, _, last = name.rpartition(".")
    package, _, module = _home_of(owner, homes).partition(":")
    joined = package if not module or package.endswith(".") else f"{package}."
    return f"{joined}{module}:{last}" if package else ""


def _home_of(name: str, homes: dict[str, str]) -> str:
    """What a dotted name stands for: that of `importlib.resources` after `import importlib` too; "" where unknown."""
    if name in homes or "." not in name:
        return homes.get(name, "")
    owner, _, last = name.rpartition(".")
    home = _home_of(owner, homes)
    if home.endswith(":"):
        return f"{home[:-1]}.{last}:"
    return ""


def _taken(node: ast.Attribute, homes: dict[str, str]) -> str:
    """What an attribute takes of an imported module: `pkg.module:name`, of `from pkg import module` `pkg:module.name`.

    "" where its first names stand for nothing that is imported.
    """
    name = dotted_name(node)
    parts = name.split(".")
    for n in range(len(parts) - 1, 0, -1):
        home = homes.get(".".join(parts[:n]), "")
        if home and not home.startswith(":"):
            return ".".join(filter(None, (home, *parts[n:]))) if not home.endswith(":") else home + ".".join(parts[n:])
    return ""
