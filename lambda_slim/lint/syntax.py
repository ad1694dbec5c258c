"""Small questions about names and syntax trees that several rules ask."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lambda_slim.formats.python_syntax import bare_name, bound_name, literal_text, targets_of

ImportNode = ast.Import | ast.ImportFrom


def prefixes(dotted: str) -> Iterator[str]:
    """A dotted name and all names above it, shortest first.

    >>> list(prefixes("a.b.c"))
    ['a', 'a.b', 'a.b.c']
    """
    parts = dotted.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])


def within(dotted: str, names: Iterable[str]) -> bool:
    """Whether a dotted name, or a name above it, is one of some names."""
    return not set(names).isdisjoint(prefixes(dotted))


def top_name(dotted: str) -> str:
    """The first part of a dotted name."""
    return dotted.partition(".")[0]


def last_name(dotted: str) -> str:
    """The last part of a dotted name."""
    return dotted.rpartition(".")[2]


def bound_names(node: ImportNode) -> Iterator[str]:
    """The local names that an import statement binds; `*` for a wildcard."""
    return map(bound_name, node.names)


def _own_name(node: Any) -> list[str | None]:
    return [node.name]


_BINDERS: Mapping[type, Callable[[Any], Iterable[str | None]]] = {
    ast.Import: bound_names,
    ast.ImportFrom: bound_names,
    ast.Global: lambda node: node.names,
    ast.FunctionDef: _own_name,
    ast.AsyncFunctionDef: _own_name,
    ast.ClassDef: _own_name,
    ast.ExceptHandler: _own_name,
    ast.MatchAs: _own_name,
    ast.MatchStar: _own_name,
    ast.MatchMapping: lambda node: [node.rest],
}


def bound_by(node: ast.AST) -> list[str]:
    """The names that a statement or pattern binds; not those of assignments."""
    binder = _BINDERS.get(type(node))
    return [*filter(None, binder(node))] if binder else []


def assigns_name(node: ast.AST, name: str) -> bool:
    """Whether a statement assigns to a plain name."""
    return name in map(bare_name, targets_of(node))


def root_name(node: ast.expr) -> str:
    """The name that an attribute access starts with; empty where it starts with something else."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return bare_name(node)


def text_of(node: ast.AST) -> str:
    """The value of a string literal; empty for anything else."""
    return literal_text(node) or ""


def imported_modules(node: ImportNode) -> list[str]:
    """The modules that an import statement asks for by their full names; none of a relative import."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [] if node.level else [node.module or ""]
