"""Which names does a module have once it is imported?"""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any

from lambda_slim.formats.python_syntax import bare_name, bound_name, end_name, home_of, nodes_of
from lambda_slim.imports.scan.syntax import children

ANY = "*"
ITSELF = "."  # before a name that only `from . import name` binds, or `from pkg import name`
# What gives a module names that no statement of it binds.
_OPEN_NAMES = frozenset({"globals", "locals", "vars", "exec", "eval", "setattr", "__getattr__", "__dict__", "modules"})
_OPEN_TEXT = re.compile(rb"\b(?:globals|locals|vars|exec|eval|setattr)\(|__getattr__|__dict__|sys\.modules")
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_SELF = frozenset({"self", "cls"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def bound_names(tree: ast.Module, source: bytes | None = None) -> tuple[str, ...]:
    """The names that a module's statements bind, sorted; with `*` where it may have others.

    A name has `.` before where only imports bind it that may be from the module itself, as a package's submodules are.

    A star import is no reason for `*`: what it brings is asked of the other module. What gives a module further names
    is looked for in its own statements; where the `source` is given, anywhere in that, which is quicker and more
    careful.
    """
    names: set[str] = set()
    taken: set[str] = set()
    is_open = bool(_OPEN_TEXT.search(source)) if source is not None else False
    for node in own_scope(tree.body):
        (taken if _may_be_of_itself(node) else names).update(bound_by(node))
        is_open = is_open or (source is None and _is_open(node))
    names |= {f"{ITSELF}{name}" for name in taken - names}
    return tuple(sorted({*names, ANY} if is_open else names))


def _may_be_of_itself(node: ast.AST) -> bool:
    if not isinstance(node, ast.ImportFrom) or any(alias.asname not in (None, alias.name) for alias in node.names):
        return False
    return not node.module if node.level else "." not in home_of(node)


def names_touched(statement: ast.stmt) -> Iterator[str]:
    """The names of the module that one statement may bind or delete."""
    for node in own_scope([statement]):
        yield from bound_by(node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
            yield node.id


def own_scope(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of the scope of a module or function, without what is inside functions and classes in it."""
    todo: list[ast.AST] = [*body]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, _DEFINITIONS):
            todo += node.decorator_list
        elif not isinstance(node, ast.Lambda):
            todo += children(node)


def bound_by(node: ast.AST) -> Iterator[str]:
    """The names that a node binds in its scope; of a definition also the names that it declares as global."""
    if isinstance(node, _DEFINITIONS):
        yield node.name
        yield from _declared_global(node)
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from _imported(node)
    else:
        yield from _bound_directly(node)


def _bound_directly(node: ast.AST) -> Iterator[str]:
    """The name that an assignment, a pattern or an `except` clause binds."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.MatchMapping(rest=str(name)):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case _:
            pass


def _declared_global(definition: ast.AST) -> Iterator[str]:
    """The names of the module that a function or class may bind."""
    todo: list[Any] = [definition]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Global):
            yield from node.names
        for block in _BLOCKS:  # a declaration is in no expression
            todo += getattr(node, block, ())


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    return (bound_name(alias) for alias in node.names if alias.name != ANY)


def _is_open(node: ast.AST) -> bool:
    answers_for_any = isinstance(node, ast.FunctionDef) and node.name == "__getattr__"
    return answers_for_any or end_name(node) in _OPEN_NAMES


def assigned_attributes(tree: ast.Module, *, own: bool) -> Iterator[str]:
    """The attributes that a first-party module sets or deletes on objects; `*` where it may be any of a module."""
    if own:
        yield from filter(None, map(_set_by_name, nodes_of(tree, ast.Attribute)))
        yield from filter(None, map(_set_by_call, nodes_of(tree, ast.Call)))


def _set_by_name(node: ast.Attribute) -> str:
    """The attribute that is set; `*` where an object's dictionary is taken, but for the class's own objects."""
    if not isinstance(node.ctx, ast.Load):
        return node.attr
    return ANY if node.attr == "__dict__" and bare_name(node.value) not in _SELF else ""


def _set_by_call(call: ast.Call) -> str:
    """The attribute that `setattr`, `delattr` or `vars` may set or delete, in the same way."""
    match call:
        case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[_, ast.Constant(value=str(name)), *_]):
            return name
        case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[owner, *_]):
            return "" if bare_name(owner) in _SELF else ANY
        case ast.Call(func=ast.Name(id="vars"), args=[owner]):
            return "" if bare_name(owner) in _SELF else ANY
        case _:
            return ""
