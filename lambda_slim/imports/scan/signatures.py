"""What happens when Lambda calls a function, a class or an object with an event and a context."""

import ast
from collections.abc import Iterator

from lambda_slim.formats.python_syntax import bound_name, decorator_name, nodes_of
from lambda_slim.imports.scan.facts import ANSWER, CALL, VALUE
from lambda_slim.imports.scan.fold import dotted

Outcome = tuple[str, str]  # a kind of `Shape` and its text

# Decorators that hand the event and the context on, and return what they are given.
# Source: docs.aws.amazon.com/powertools/python: logger, tracer, metrics, event_source, event_parser, validator.
_PASSING = frozenset(
    {"inject_lambda_context", "capture_lambda_handler", "log_metrics", "event_source", "event_parser", "validator"}
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.Lambda, ast.ClassDef)
_MANY = 2  # what Lambda gives: the event and the context


def of_function(node: ast.FunctionDef | ast.AsyncFunctionDef, bound: int = 0) -> Outcome | None:
    """What is wrong with a function as a handler; None where nothing is, or a decorator may change that.

    Args:
        node: The function.
        bound: How many arguments it has already: 1 for a method of an object.
    """
    if any(decorator_name(decorator) not in _PASSING for decorator in node.decorator_list):
        return None
    if told := _arguments(node.args, bound):
        return CALL, told
    yields = any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in _own_nodes(node))
    if isinstance(node, ast.AsyncFunctionDef):
        made = "an async generator" if yields else "`async def`: Lambda does not await it, and a coroutine"
        return ANSWER, f"is {made}, which" if yields else f"is {made}"
    return (ANSWER, "is a generator function: it returns a generator, which") if yields else None


def of_class(node: ast.ClassDef) -> Iterator[tuple[str, Outcome]]:
    """What is wrong with a class, its objects and methods: `Name`, `Name()`, `Name().method`, `Name.method`.

    A class with bases, a metaclass or decorators gives no finding.
    """
    methods, unsure = _methods(node)
    if not _is_plain(node) or "__new__" in {*methods, *unsure}:
        return
    if "__init__" not in unsure:
        told = _made(methods["__init__"]) if "__init__" in methods else (CALL, "is a class that takes no arguments")
        yield node.name, told
    if "__call__" not in {*methods, *unsure}:
        yield f"{node.name}()", (VALUE, f"is an object of the class `{node.name}`, which has no `__call__`")
    for name, method in methods.items():
        yield from _of_method(node.name, name, method)


def _is_plain(node: ast.ClassDef) -> bool:
    """Whether nothing but the body of a class says what its objects are."""
    return not node.keywords and not node.decorator_list and all(dotted(base) == "object" for base in node.bases)


def of_value(value: ast.expr) -> Outcome | None:
    """What is wrong with an expression as a handler, names and calls aside."""
    if isinstance(value, ast.Lambda):
        told = _arguments(value.args, 0)
        return (CALL, told) if told else None
    if isinstance(value, ast.Constant):
        return VALUE, f"is {_CONSTANTS.get(type(value.value), 'a constant')}"
    kind = _LITERALS.get(type(value))
    return (VALUE, f"is {kind}") if kind else None


_CONSTANTS = {
    str: "a string",
    bytes: "a bytes object",
    int: "a number",
    float: "a number",
    bool: "a truth value",
    type(None): "None",
}
_LITERALS: dict[type[ast.expr], str] = {
    ast.Dict: "a dictionary",
    ast.DictComp: "a dictionary",
    ast.List: "a list",
    ast.ListComp: "a list",
    ast.Set: "a set",
    ast.SetComp: "a set",
    ast.Tuple: "a tuple",
    ast.JoinedStr: "a string",
    ast.GeneratorExp: "a generator",
}


def _made(init: ast.FunctionDef | ast.AsyncFunctionDef) -> Outcome:
    told = _arguments(init.args, 1)
    if told and not init.decorator_list:
        return CALL, f"is a class whose `__init__` {told}"
    return ANSWER, "is a class: calling it makes an object, which"


def _of_method(owner: str, name: str, method: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, Outcome]]:
    """The outcomes of a method, called on an object and on the class."""
    binder = decorator_name(method.decorator_list[0]) if len(method.decorator_list) == 1 else ""
    if binder in ("staticmethod", "classmethod"):
        plain = ast.FunctionDef if isinstance(method, ast.FunctionDef) else ast.AsyncFunctionDef
        copy = plain(**{**dict(ast.iter_fields(method)), "decorator_list": []})
        outcome = of_function(copy, int(binder == "classmethod"))
        rows = [(f"{owner}().{name}", outcome), (f"{owner}.{name}", outcome)]
    else:
        rows = [(f"{owner}().{name}", of_function(method, 1)), (f"{owner}.{name}", of_function(method))]
    yield from ((key, outcome) for key, outcome in rows if outcome)
    if name == "__call__" and rows[0][1]:
        kind, told = rows[0][1]
        yield f"{owner}()", (kind, f"is an object of `{owner}`, whose `__call__` {told}")


def _methods(node: ast.ClassDef) -> tuple[dict[str, ast.FunctionDef | ast.AsyncFunctionDef], set[str]]:
    """The methods that a class defines once, and names of it whose value is not known."""
    methods: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
    unsure: set[str] = set()
    for statement in node.body:
        if isinstance(statement, _FUNCTIONS) and statement.name not in methods:
            methods[statement.name] = statement
        else:
            unsure.update(_names(statement))
    unsure.update(inner.attr for inner in nodes_of(node, ast.Attribute) if isinstance(inner.ctx, ast.Store))
    return {name: method for name, method in methods.items() if name not in unsure}, unsure


def _names(statement: ast.stmt) -> Iterator[str]:
    """Every name that a statement of a class body may bind."""
    for node in ast.walk(statement):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.alias():
                yield bound_name(node)
            case _:
                pass


def _arguments(args: ast.arguments, bound: int) -> str:
    """Why a signature does not take an event and a context; "" where it does."""
    count = len(args.posonlyargs) + len(args.args) - bound
    needed = count - len(args.defaults)
    missing = [arg.arg for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default is None]
    if count < _MANY and not args.vararg:
        return f"takes {_number(max(count, 0))}, and Lambda gives two: event and context"
    if needed > _MANY:
        return f"needs {_number(needed)}, and Lambda gives two: event and context"
    if missing:
        return f"needs the keyword argument `{missing[0]}`, and Lambda gives only event and context"
    return ""


def _number(count: int) -> str:
    return ("no argument", "one argument")[count] if count < _MANY else f"{count} arguments"


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions and classes inside."""
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if not isinstance(node, _SCOPES):
            yield node
            waiting += ast.iter_child_nodes(node)
