"""Questions about pieces of syntax: what does a handler catch, a template build, a lazy module promise?"""

import ast
import re
import warnings
from collections.abc import Iterator
from typing import Any

from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.fold import dotted

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_PRESENT = frozenset({"dir", "globals", "locals", "vars"})
_PIECE = re.compile(r"[\w.]*\Z")


def parse_source(source: bytes) -> ast.Module:
    """The syntax tree of a source, without the warnings that its escapes deserve.

    Raises:
        SyntaxError: and ValueError, RecursionError, MemoryError for what is no source at all.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = compile(source, "scanned", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


def catches_import_error(node: ast.expr | None) -> bool:
    """Whether an `except` clause catches ImportError."""
    if node is None:
        return True
    nodes = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(dotted(one).rpartition(".")[2] in _IMPORT_ERRORS for one in nodes)


def asked_for(test: ast.expr, parameter: str) -> tuple[str, ...]:
    """The attributes that `if name == "x"` or `if name in {"x", "y"}` stands for, inside `__getattr__(name)`."""
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq | ast.In)):
        return ()
    if not (isinstance(test.left, ast.Name) and test.left.id == parameter):
        return ()
    right = test.comparators[0]
    items = right.elts if isinstance(right, ast.Tuple | ast.List | ast.Set) else [right]
    texts = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return tuple(texts) if len(texts) == len(items) else ()


def is_main(test: ast.expr) -> bool:
    """`__name__ == "__main__"`, never so in a package that is imported."""
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and isinstance(test.ops[0], ast.Eq)
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value == "__main__"
    )


def is_computed(value: ast.expr) -> bool:
    """Whether a list of names is made of more than literals and what the module has, as `dir()` says."""
    nodes = list(ast.walk(value))
    called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return any(isinstance(n, ast.Call | ast.comprehension) for n in nodes) and called.isdisjoint(_PRESENT)


def template_like(node: ast.JoinedStr | ast.BinOp) -> bool:
    """Whether a template could yield a dotted name: all its own text is name-like, and there is a dot."""
    if isinstance(node, ast.JoinedStr):
        texts = [str(part.value) for part in node.values if isinstance(part, ast.Constant)]
        return bool(texts) and all(_PIECE.match(text) for text in texts) and any("." in text for text in texts)
    left: ast.expr = node.left
    while isinstance(left, ast.BinOp):
        left = left.left
    if isinstance(left, ast.Name):
        return isinstance(node.op, ast.Add) and left.id in {"__name__", "__package__"}
    if not (isinstance(left, ast.Constant) and isinstance(left.value, str) and "." in left.value):
        return False
    return bool(_PIECE.match(left.value.replace("%s", "").replace("%r", "")))


def defines_getattr(tree: ast.Module) -> bool:
    """Whether a module answers for attributes it does not have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
            return any(node is top for top in flat(tree.body))
        if isinstance(node, ast.Name) and node.id == "__getattr__" and isinstance(node.ctx, ast.Store):
            return True
    return False


def flat(body: list[Any]) -> Iterator[ast.stmt]:
    """The statements of a module, with those inside `if` and `try`."""
    for node in body:
        yield node
        for name in ("body", "orelse", "handlers", "finalbody"):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from flat(getattr(node, name, []))


def lazy_of(tree: ast.Module, *, stub: bool) -> f.Lazy:
    """The names and tables of a module that answers for attributes it does not have."""
    bound: set[str] = set()
    for node in flat(tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            bound.update(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    pairs: dict[tuple[str, str], None] = {}
    for table in (n for n in ast.walk(tree) if isinstance(n, ast.Dict)):
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                for text in texts_in(value):
                    pairs[key.value, text] = None
                    pairs[text, key.value] = None
    return f.Lazy(tuple(sorted(bound)), tuple(pairs), stub)


def texts_in(node: ast.expr) -> Iterator[str]:
    """The text inside an expression."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
