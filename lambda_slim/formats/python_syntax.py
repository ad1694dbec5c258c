"""Small questions about pieces of Python's syntax: what text, which name, which nodes of a kind?"""

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_Node = TypeVar("_Node", bound=ast.AST)


def nodes_of(tree: ast.AST, kind: type[_Node]) -> Iterator[_Node]:
    """The nodes of one kind in a tree, its root among them, in the order of `ast.walk`."""
    return of_kind(ast.walk(tree), kind)


def of_kind(nodes: Iterable[ast.AST], kind: type[_Node]) -> Iterator[_Node]:
    """The nodes of one kind among some."""
    return (node for node in nodes if isinstance(node, kind))


def import_statements(tree: ast.AST) -> list[ast.Import | ast.ImportFrom]:
    """The import statements of a tree, those in functions among them, in the order of `ast.walk`."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def loads_of(tree: ast.AST, name: str) -> list[ast.Name]:
    """Where a tree reads a bare name."""
    return [node for node in nodes_named(tree, name) if isinstance(node.ctx, ast.Load)]


def nodes_named(tree: ast.AST, name: str) -> Iterator[ast.Name]:
    """The bare names in a tree that are `name`, read or bound."""
    return (node for node in nodes_of(tree, ast.Name) if node.id == name)


def literal_text(node: ast.AST | None) -> str | None:
    """The text of a literal; None for anything else."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case _:
            return None


def literal_texts(nodes: Iterable[ast.AST]) -> list[str]:
    """The texts of those nodes that are literal texts; an empty text counts."""
    return [text for text in map(literal_text, nodes) if text is not None]


def texts_below(node: ast.AST) -> list[str]:
    """All literal texts in a tree."""
    return literal_texts(ast.walk(node))


def bare_name(node: ast.AST | None) -> str:
    """`name` of the expression `name`; empty for anything else."""
    return node.id if isinstance(node, ast.Name) else ""


def end_name(node: ast.AST | None) -> str:
    """The last name of what an expression names: `get` of `app.get` and of `get`; empty for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else bare_name(node)


def dotted_name(node: ast.AST, first: Callable[[ast.AST], str] = bare_name) -> str:
    """`a.b.c` of attributes; empty where `first` has no name for what they begin with."""
    if not isinstance(node, ast.Attribute):
        return first(node)
    owner = dotted_name(node.value, first)
    return f"{owner}.{node.attr}" if owner else ""


def names_in(tree: ast.AST, *contexts: type[ast.expr_context]) -> set[str]:
    """The bare names in a tree that are read (`ast.Load`), bound (`ast.Store`) or deleted (`ast.Del`)."""
    return {node.id for node in nodes_of(tree, ast.Name) if isinstance(node.ctx, contexts)}


def targets_of(node: ast.AST) -> list[ast.expr]:
    """What an assignment assigns to; nothing for other nodes."""
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AnnAssign | ast.NamedExpr) else []


def bound_name(alias: ast.alias) -> str:
    """The name that one part of `import a.b, c as d` binds: `a`, `d`."""
    return alias.asname or alias.name.partition(".")[0]


def taken_name(alias: ast.alias) -> str:
    """The name that one part of `from a import b, c as d` binds: `b`, `d`."""
    return alias.asname or alias.name


def home_of(node: ast.ImportFrom) -> str:
    """The module that `from … import` takes from, as it is written: `..pkg.module`."""
    return "." * node.level + (node.module or "")


def argument_values(call: ast.Call) -> list[ast.expr]:
    """The positional arguments of a call, then the values of its keyword arguments."""
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def decorator_name(decorator: ast.expr) -> str:
    """The last name of a decorator, called or not: `get` of `@app.get("/")`; empty for other expressions."""
    return end_name(decorator.func if isinstance(decorator, ast.Call) else decorator)
