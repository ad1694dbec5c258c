"""Variables of the environment that INIT reads by name and that nothing sets: `os.environ["TABLE"]`."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from lambda_slim.base.files import read_regular
from lambda_slim.base.text import clause
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import end_name, literal_text, nodes_of
from lambda_slim.model.file import File
from lambda_slim.model.function import Function
from lambda_slim.model.report import Finding
from lambda_slim.plan.starts.walk import Walk

# Lambda sets these itself. Source: docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, "Defined runtime
# environment variables"; the id of a trace is only there in an invocation.
_OF_LAMBDA = frozenset({"_HANDLER", "LANG", "TZ", "PATH", "LD_LIBRARY_PATH", "PYTHONPATH"})
_PREFIXES = ("AWS_", "LAMBDA_")
_SETTERS = ("load_dotenv", "putenv", "read_env")  # what may set variables that nobody sees here
_METHODS = ("setdefault", "update")  # of `os.environ`
_EVALUATED = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return)
_MOST = 5


def unset_variables(function: Function, walk: Walk, shipped: Mapping[str, File]) -> tuple[Finding, ...]:
    """A warning about variables that first-party code certainly reads at INIT and that nothing sets."""
    trees = dict(_trees(walk, shipped))
    if any(_sets_some(tree) for tree in trees.values()):
        return ()
    places: dict[str, tuple[str, int]] = {}
    for name, tree in trees.items():
        called = {defined for module, defined in walk.called if module == name}
        for variable, line in _reads(tree, called):
            if not _is_set(variable, function):
                places.setdefault(variable, (walk.places.modules[name].path, line))
    return (_finding(function, places),) if places else ()


def _is_set(variable: str, function: Function) -> bool:
    return variable in {*function.environment, *_OF_LAMBDA} or variable.startswith(_PREFIXES)


def _finding(function: Function, places: Mapping[str, tuple[str, int]]) -> Finding:
    (first, (path, line)), *others = places.items()
    more = "".join(f", {name} ({file}:{number})" for name, (file, number) in others[: _MOST - 1])
    where = function.where.partition(" ")[0]
    at = clause(" ({} does not)", where)
    values = ", ".join(f'{name} = "…"' for name in list(places)[:_MOST])
    hint = (
        f"set {'them' if others else 'it'} where the function is deployed{at}; for the proof here: "
        f"environment = {{ {values} }} in [functions.{function.name}] of lambda-slim.toml"
    )
    rest = f" and {len(others) - _MOST + 1} more" if len(others) >= _MOST else ""
    told = f"INIT reads the variable{'s' if others else ''} {first}{more}{rest}, which nothing sets"
    return Finding("LS137", "warning", told, path, line, hint=hint)


def _trees(walk: Walk, shipped: Mapping[str, File]) -> Iterator[tuple[str, ast.Module]]:
    """The first-party modules of INIT that speak of the environment, the last ones to import first."""
    for name in reversed(walk.seen):
        module = walk.places.modules[name]
        file = shipped.get(module.path)
        if module.owner or file is None or not module.path.endswith(".py"):
            continue
        try:
            data = read_regular(file.source)
            if b"environ" in data or b"load_dotenv" in data:
                yield name, parse_python(data)
        except (OSError, SyntaxError, ValueError):
            continue


def _sets_some(tree: ast.Module) -> bool:
    """Whether a module may set variables."""
    stores = (node for node in nodes_of(tree, ast.Subscript) if isinstance(node.ctx, ast.Store))
    names = {"environ", *_other_names(tree.body)}
    assigned = any(end_name(node.value) in names for node in stores)
    return assigned or any(_may_set(call.func, names) for call in nodes_of(tree, ast.Call))


def _may_set(function: ast.expr, names: Collection[str]) -> bool:
    """Whether a call of a function may set variables; `names` are what `os.environ` is called."""
    if isinstance(function, ast.Attribute) and function.attr in _METHODS:
        return end_name(function.value) in names
    return end_name(function) in _SETTERS


def _reads(tree: ast.Module, called: set[str]) -> Iterator[tuple[str, int]]:
    """(variable, line) of what importing a module reads for sure, and what functions read that INIT calls."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in called]
    bodies = [tree.body, *(node.body for node in functions)]
    names = {"environ", *_other_names(tree.body)}
    for node in chain.from_iterable(map(_straight, bodies)):
        variable = _read_by(node, names) if isinstance(node, ast.Subscript) else ""
        if variable:
            yield variable, getattr(node, "lineno", 1)


def _other_names(body: Iterable[ast.stmt]) -> Iterator[str]:
    """What a module calls `os.environ` beside that: `from os import environ as env`, `env = os.environ`."""
    for node in body:
        match node:
            case ast.ImportFrom(module="os"):
                yield from (alias.asname for alias in node.names if alias.name == "environ" and alias.asname)
            case ast.Assign(targets=[ast.Name(id=name)]) if end_name(node.value) == "environ":
                yield name
            case _:
                pass


def _read_by(node: ast.Subscript, names: Collection[str]) -> str:
    """The variable of `os.environ["X"]`; "" for anything else.

    Args:
        node: The subscript.
        names: What `os.environ` is called.
    """
    return literal_text(node.slice) or "" if end_name(node.value) in names else ""


def _straight(body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of expressions that are evaluated whenever a body runs."""
    for statement in body:
        if isinstance(statement, ast.With | ast.ClassDef):
            yield from _straight(statement.body)
        elif isinstance(statement, _EVALUATED):
            yield from _evaluated(statement)
        if isinstance(statement, ast.Return | ast.Raise):
            return


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of an expression that are certainly evaluated: of `a and b`, `a or b` and `b if a else c` only `a`."""
    yield node
    if isinstance(node, ast.Lambda | ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
        return
    if isinstance(node, ast.BoolOp):
        inner: Iterable[ast.AST] = node.values[:1]
    elif isinstance(node, ast.IfExp):
        inner = [node.test]
    else:
        inner = ast.iter_child_nodes(node)
    for child in inner:
        yield from _evaluated(child)
