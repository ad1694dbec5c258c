"""What a function surely runs when it is called, and a module when it is imported: the straight line of its statements.

Conditions, loops and `try` are left out, and so is what follows a statement that may leave the function.
"""

import ast
from collections import Counter
from collections.abc import Iterator

from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.certain import ends, is_harmless
from lambda_slim.imports.scan.fold import dotted

_LATER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_IMPORTERS = frozenset({"importlib:import_module", ":__import__"})
_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def straight_lines(tree: ast.Module, *, own: bool) -> Iterator[f.Straight]:
    """That of a first-party module, and of each of its functions and constructors that has imports or calls."""
    if not own:
        return
    homes = _homes(tree)
    for name, body in (("", tree.body), *_functions(tree)):
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
    end = next((statement.lineno for statement in statements if ends(statement)), 0)
    return f.Straight(name, tuple(lines), tuple(names), tuple(dict.fromkeys(calls)), end)


def _literal(call: ast.Call) -> str:
    """The text that is a call's only argument; "" for any other call."""
    argument = call.args[0] if len(call.args) == 1 and not call.keywords else None
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def _functions(tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Plain functions at the top of a module, and constructors of its classes, that are defined once."""
    definitions = [node for node in tree.body if isinstance(node, _DEFINITION)]
    counts = Counter(node.name for node in definitions)
    for node in definitions:
        function = _constructor(node) if isinstance(node, ast.ClassDef) else node
        if counts[node.name] == 1 and isinstance(function, ast.FunctionDef) and _is_plain(function):
            yield node.name, function.body


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
        elif not hasattr(statement, "body"):
            yield statement
        if any(isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue) for node in _own_nodes([statement])):
            return


def _evaluated(node: ast.AST) -> Iterator[ast.Call]:
    """The calls that evaluating a node makes for sure."""
    if isinstance(node, _LATER):
        return
    if isinstance(node, ast.Call):
        yield node
    children = ast.iter_child_nodes(node)
    if isinstance(node, ast.BoolOp):
        children = iter(node.values[:1])
    elif isinstance(node, ast.IfExp):
        children = iter([node.test])
    for child in children:
        yield from _evaluated(child)


def _homes(tree: ast.Module) -> dict[str, str]:
    """Names of the module to what they stand for: `..pkg.module:name`, `pkg.module:`, `:name` of its own."""
    homes: dict[str, str] = {"__import__": ":__import__"}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            home = "." * node.level + (node.module or "")
            homes |= {alias.asname or alias.name: f"{home}:{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            homes |= {alias.asname or alias.name: f"{alias.name}:" for alias in node.names}
        elif isinstance(node, _DEFINITION):
            homes[node.name] = f":{node.name}"
    return homes


def _target(func: ast.expr, homes: dict[str, str]) -> str:
    """What a call calls, as `_homes` has it; "" for what is not known."""
    name = dotted(func)
    if home := homes.get(name):
        return "" if home.endswith(":") else home
    owner, _, last = name.rpartition(".")
    package, _, module = homes.get(owner, "").partition(":")
    joined = package if not module or package.endswith(".") else f"{package}."
    return f"{joined}{module}:{last}" if package else ""
