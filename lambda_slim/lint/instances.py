"""Objects that are called: `Health()` with `__call__`, `handler = service.handle`, `partial(home, table)`."""

import ast
from collections.abc import Iterable, Iterator

from lambda_slim.formats.python_syntax import of_kind
from lambda_slim.lint.modules import ParsedModule
from lambda_slim.lint.program import Key, Program

_CALL = "__call__"
_PARTIAL = frozenset({"functools.partial", "functools.partialmethod"})
_PLAIN = frozenset({"object", "abc.ABC", "typing.Protocol", "typing.Generic"})  # bases without methods of interest
_DEPTH = 10  # partials of partials, and bases of bases


def called(program: Program, module: ParsedModule, value: ast.expr, depth: int = _DEPTH) -> Key | None:
    """The function that a call of a value runs.

    The value is an instance of a first-party class, a method of one, or a partial of a function or of such a value.
    """
    if isinstance(value, ast.Attribute) and (key := _method(program, module, value.value, value.attr)):
        return key
    made, inner = _partial_of(program, module, value)
    if depth and inner:
        return program.function(made, inner) or called(program, made, inner, depth - 1)
    return _method(program, module, value, _CALL)


def _partial_of(program: Program, module: ParsedModule, value: ast.expr) -> tuple[ParsedModule, ast.expr | None]:
    """What a partial calls, with the module that says so."""
    made, call = _made(program, module, value)
    if call and call.args and made.dotted(call.func) in _PARTIAL:
        return made, call.args[0]
    return made, None


def called_handlers(program: Program, handlers: Iterable[str]) -> Iterator[Key]:
    """What runs for the handlers that are such objects, or other names for functions."""
    for handler in handlers:
        name, _, attribute = handler.replace("/", ".").rpartition(".")
        module = program.modules.get(name)
        if module and attribute not in module.functions:
            value = module.assigned(attribute) or ast.Name(attribute, ast.Load())
            if key := program.function(module, value) or called(program, module, value):
                yield key


def _method(program: Program, module: ParsedModule, node: ast.expr, name: str) -> Key | None:
    """A method of the class that an instance is of."""
    made, call = _made(program, module, node)
    return _of_class(program, made, call.func, name, _DEPTH) if call else None


def _of_class(program: Program, module: ParsedModule, node: ast.expr, name: str, depth: int) -> Key | None:
    """A method of a first-party class, or of the nearest base that has it, where no base before that is foreign."""
    owner, cls = program.place(module, node)
    if not owner or not cls or not depth:
        return None
    there = program.modules[owner]
    if f"{cls}.{name}" in there.functions:
        return owner, f"{cls}.{name}"
    for base in _bases(there, cls):
        if key := _of_class(program, there, base, name, depth - 1):
            return key
        if not _is_known(program, there, base, depth):
            return None
    return None


def _bases(module: ParsedModule, cls: str) -> Iterator[ast.expr]:
    """The bases of a class of the module's body, without parameters: `Generic[T]` is `Generic`."""
    for node in _classes(module, cls):
        yield from (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)


def _classes(module: ParsedModule, name: str) -> list[ast.ClassDef]:
    return [node for node in of_kind(module.tree.body, ast.ClassDef) if node.name == name]


def _is_known(program: Program, module: ParsedModule, base: ast.expr, depth: int) -> bool:
    """Whether all methods of a base can be seen."""
    owner, cls = program.place(module, base)
    there = program.modules.get(owner)
    if depth and there and _classes(there, cls):
        return all(_is_known(program, there, above, depth - 1) for above in _bases(there, cls))
    return (module.dotted(base) or ast.unparse(base)) in _PLAIN


def _made(program: Program, module: ParsedModule, node: ast.expr) -> tuple[ParsedModule, ast.Call | None]:
    """The call that made what an expression stands for, with the module that it is in."""
    if isinstance(node, ast.Call):
        return module, node
    owner, name = program.place(module, node)
    if not owner or not name:
        return module, None
    value = program.modules[owner].assigned(name)
    return program.modules[owner], value if isinstance(value, ast.Call) else None
