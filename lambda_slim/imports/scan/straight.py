"""What runs whenever a function is called, or a module is imported?

Conditions, loops and `try` are left out, and so is what follows a statement that may leave the function. A call is
followed only by a name that stands for one thing.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from lambda_slim.formats.python_syntax import bound_name, home_of, taken_name
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.bound import bound_by, own_scope
from lambda_slim.imports.scan.certain import is_harmless
from lambda_slim.imports.scan.fold import dotted

_LATER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_IMPORTERS = frozenset({"importlib:import_module", ":__import__"})
_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ENDING = frozenset({"sys:exit", "os:_exit"})
_ENDING_BUILTINS = frozenset({"exit", "quit"})


def straight_lines(tree: ast.Module, *, own: bool) -> Iterator[f.Straight]:
    """That of a first-party module, and of each of its functions and constructors that has imports or calls."""
    if not own:
        return
    homes = _homes(tree.body)
    yield from _told("", tree.body, homes)
    for name, function in _functions(tree, homes):
        local = dict.fromkeys(_parameters(function.args), "")
        yield from _told(name, function.body, {**homes, **local, **_homes(function.body, top=False)})


def _told(name: str, body: list[ast.stmt], homes: dict[str, str]) -> Iterator[f.Straight]:
    line = _straight(name, body, homes)
    if line.lines or line.names or line.calls or line.end:
        yield line


def _straight(name: str, body: list[ast.stmt], homes: dict[str, str]) -> f.Straight:
    lines, names, calls = [], [], []
    statements = [*_surely(body)]
    for statement in statements:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            lines.append(statement.lineno)
            continue
        for call in _evaluated(statement):
            target = _target(call.func, homes)
            module = _literal(call) if target in _IMPORTERS else ""
            if module:
                names.append((call.lineno, module))
            elif target:
                calls.append(target)
    end = next((statement.lineno for statement in statements if _ends(statement, homes)), 0)
    return f.Straight(name, tuple(lines), tuple(names), tuple(dict.fromkeys(calls)), end)


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


def _literal(call: ast.Call) -> str:
    """The text that is a call's only argument; "" for any other call."""
    match call:
        case ast.Call(args=[ast.Constant(value=str(text))], keywords=[]):
            return text
        case _:
            return ""


def _functions(tree: ast.Module, homes: dict[str, str]) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Plain functions at the top of a module, and constructors of its classes, whose names stand for nothing else."""
    for node in tree.body:
        if not isinstance(node, _DEFINITION) or not homes.get(node.name):
            continue
        function = _constructor(node) if isinstance(node, ast.ClassDef) else node
        if isinstance(function, ast.FunctionDef) and _is_plain(function):
            yield node.name, function


def _constructor(node: ast.ClassDef) -> ast.stmt | None:
    """The `__init__` of a class without decorators; None where it has none of its own."""
    named = [inner for inner in node.body if isinstance(inner, ast.FunctionDef) and inner.name == "__init__"]
    return named[0] if named and not node.decorator_list else None


def _is_plain(function: ast.FunctionDef) -> bool:
    """Whether a call runs the body: no decorator, no generator."""
    return not function.decorator_list and not any(
        isinstance(node, ast.Yield | ast.YieldFrom) for node in _own_nodes(function.body)
    )


def _own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of statements, without those of functions and classes inside."""
    waiting: list[ast.AST] = [*body]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, _NESTED):
            yield node
            waiting += ast.iter_child_nodes(node)


def _surely(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements without a body of their own that run whenever the block does, in order."""
    for statement in body:
        if isinstance(statement, ast.With):
            if not all(map(is_harmless, statement.items)):
                return
            yield from _surely(statement.body)
        elif not hasattr(statement, "body") and not isinstance(statement, ast.Match):
            yield statement
        if any(isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue) for node in _own_nodes([statement])):
            return


def _evaluated(node: ast.AST) -> Iterator[ast.Call]:
    """The calls that evaluating a node makes for sure."""
    if isinstance(node, _LATER):
        return
    if isinstance(node, ast.Call):
        yield node
    for child in _surely_evaluated(node):
        yield from _evaluated(child)


def _surely_evaluated(node: ast.AST) -> Iterable[ast.AST]:
    """The parts of a node that are always evaluated."""
    match node:
        case ast.BoolOp(values=[first, *_]):
            return (first,)
        case ast.IfExp(test=test) | ast.Assert(test=test):
            return (test,)
        case ast.Compare(left=left, comparators=[first, *_]):
            return (left, first)
        case _:
            return ast.iter_child_nodes(node)


def _homes(body: list[ast.stmt], *, top: bool = True) -> dict[str, str]:
    """Names to what they stand for: `..pkg.module:name`, `pkg.module:`, `:name` of this module; "" where unknown.

    A name stands for one thing only where nothing else in the body binds it.

    Args:
        body: The statements of a module, or of a function.
        top: It is a module; definitions inside a function are not known by their name.
    """
    homes = {"__import__": ":__import__"} if top else {}
    for node in body:
        if top or not isinstance(node, _DEFINITION):
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


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    """(name, place) of what binds a name in a scope; `import a.b` and `import a.c` give `a` the same value."""
    for node in own_scope(body):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield bound_name(alias), id(alias) if alias.asname else 0
        else:
            yield from ((name, id(node)) for name in bound_by(node))


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    """The names of a function's parameters."""
    rest = filter(None, (arguments.vararg, arguments.kwarg))
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest):
        yield argument.arg


def _target(func: ast.expr, homes: dict[str, str]) -> str:
    """What a call calls, as `_homes` has it; "" for what is not known."""
    name = dotted(func)
    if home := homes.get(name):
        return "" if home.endswith(":") else home
    owner, _, last = name.rpartition(".")
    package, _, module = homes.get(owner, "").partition(":")
    joined = package if not module or package.endswith(".") else f"{package}."
    return f"{joined}{module}:{last}" if package else ""
