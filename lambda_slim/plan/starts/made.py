"""Modules that first-party code makes itself: `sys.modules["name"] = module`."""

import ast
from collections import Counter
from collections.abc import Iterator

from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import end_name, names_in, nodes_of
from lambda_slim.imports.scan.literals import Values, changed_names, constants, text_of

_FINDERS = frozenset({"meta_path", "path_hooks"})
_FILLING = frozenset({"update", "__setitem__", "__ior__"})  # methods that may give names which are not looked for
_READING = frozenset({"list", "tuple", "set", "frozenset", "dict", "sorted", "len", "iter", "copy", "print"})
PATCHED = "sys.modules"  # as in `patch.dict("sys.modules", …)`


def made_modules(source: bytes, module: str) -> frozenset[str] | None:
    """The dotted names that a source gives modules in `sys.modules`; None where it may give any, or finds its own way.

    Args:
        source: Python code.
        module: Its own name, which `__name__` stands for.
    """
    try:
        tree = parse_python(source)
    except (SyntaxError, ValueError):
        return None
    tables = {"modules", *_other_names(tree)}
    nodes = list(ast.walk(tree))
    if any(_is_open(node, tables) for node in nodes):
        return None
    values = _values(tree, module)
    names = {text_of(key, values) for node in nodes for key in _keys(node, tables)}
    known = {name for name in names if name is not None}
    return frozenset(known - {module}) if len(known) == len(names) else None


def _other_names(tree: ast.Module) -> Iterator[str]:
    """What code calls `sys.modules` beside that."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="sys"):
                yield from (alias.asname for alias in node.names if alias.name == "modules" and alias.asname)
            case ast.Assign() | ast.AnnAssign() | ast.NamedExpr() if node.value and end_name(node.value) == "modules":
                yield from names_in(node, ast.Store)
            case _:
                pass


def _values(tree: ast.Module, module: str) -> Values:
    """What names stand for: constants of the module that no function gives another meaning."""
    stored = Counter(node.id for node in nodes_of(tree, ast.Name) if isinstance(node.ctx, ast.Store))
    taken = {argument.arg for argument in nodes_of(tree, ast.arg)}
    known = constants(tree.body, {}, changed_names(tree))
    once = {name: value for name, value in known.items() if stored[name] == 1 and name not in taken}
    return {**once, "__name__": ast.Constant(module)}


def _is_open(node: ast.AST, tables: set[str]) -> bool:
    """Whether code may give modules any names, or changes how Python finds them."""
    match node:
        case ast.Attribute(attr=name) | ast.alias(name=name) if name in _FINDERS:
            return True
        case ast.Attribute(attr=name, value=table) if name in _FILLING:
            return end_name(table) in tables
        case ast.Constant(value=text):
            return text == PATCHED
        case ast.AugAssign(target=target):
            return end_name(target) in tables
        case ast.Call(func=func, args=given):
            return end_name(func) not in _READING and not tables.isdisjoint(map(end_name, given))
        case _:
            return False


def _keys(node: ast.AST, tables: set[str]) -> Iterator[ast.expr]:
    """What names a module that is put into `sys.modules`."""
    match node:
        case ast.Subscript(value=table, slice=key, ctx=ast.Store()) if end_name(table) in tables:
            yield key
        case ast.Call(func=ast.Attribute(value=table, attr="setdefault"), args=[key, *_]) if end_name(table) in tables:
            yield key
        case _:
            pass
