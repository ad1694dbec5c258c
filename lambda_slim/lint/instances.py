"""Objects that are called: `Health()` with `__call__`, `checker = Checker()`, `handler = service.handle`."""

import ast
from collections.abc import Iterable, Iterator

from lambda_slim.lint.modules import ParsedModule
from lambda_slim.lint.program import Key, Program
from lambda_slim.lint.syntax import assigns_name

_CALL = "__call__"


def called(program: Program, module: ParsedModule, value: ast.expr) -> Key | None:
    """The function that a call of a value runs, where it is an instance of a first-party class, or a method of one."""
    if isinstance(value, ast.Attribute) and (key := _method(program, module, value.value, value.attr)):
        return key
    return _method(program, module, value, _CALL)


def called_handlers(program: Program, handlers: Iterable[str]) -> Iterator[Key]:
    """What runs for the handlers that are such objects."""
    for handler in handlers:
        name, _, attribute = handler.replace("/", ".").rpartition(".")
        module = program.modules.get(name)
        if module and attribute not in module.functions and (value := _assigned(module, attribute)):
            key = called(program, module, value)
            yield from [key] if key else ()


def _method(program: Program, module: ParsedModule, node: ast.expr, name: str) -> Key | None:
    """A method of the class that an instance is of."""
    made, call = _made(program, module, node)
    if call is None:
        return None
    owner, cls = program.place(made, call.func)
    key = f"{cls}.{name}"
    return (owner, key) if owner and cls and key in program.modules[owner].functions else None


def _made(program: Program, module: ParsedModule, node: ast.expr) -> tuple[ParsedModule, ast.Call | None]:
    """The call that made what an expression stands for, with the module that it is in."""
    if isinstance(node, ast.Call):
        return module, node
    owner, name = program.place(module, node)
    if not owner or not name:
        return module, None
    value = _assigned(program.modules[owner], name)
    return program.modules[owner], value if isinstance(value, ast.Call) else None


def _assigned(module: ParsedModule, name: str) -> ast.expr | None:
    """What a module's body gives to a name."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and assigns_name(node, name):
            return node.value
    return None
