"""Questions about pieces of syntax: what does a handler catch, a condition ask, a template build?"""

import ast
import re

from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import bare_name, literal_texts
from lambda_slim.imports.scan.fold import dotted

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_PRESENT = frozenset({"dir", "globals", "locals", "vars"})
_PIECE = re.compile(r"[\w.]*\Z")


def parse_source(source: bytes) -> ast.Module:
    """The syntax tree of a source, without the warnings that its escapes deserve.

    Raises:
        SyntaxError: it is no source at all.
    """
    return parse_python(source)


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, without operators and contexts, which have nothing in them."""
    nodes: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if value.__class__ is list:
            nodes += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST) and value._fields:
            nodes.append(value)
    return nodes


def catches_import_error(node: ast.expr | None) -> bool:
    """Whether an `except` clause catches ImportError."""
    if node is None:
        return True
    nodes = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(dotted(error).rpartition(".")[2] in _IMPORT_ERRORS for error in nodes)


def asked_for(test: ast.expr, parameter: str) -> tuple[str, ...]:
    """The attributes that `if name == "x"` or `if name in {"x", "y"}` stands for, inside `__getattr__(name)`."""
    match test:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq() | ast.In()], comparators=[right]) if name == parameter:
            items: list[ast.expr] = getattr(right, "elts", [right])
            texts = literal_texts(items)
            return tuple(texts) if len(texts) == len(items) else ()
    return ()


def is_main(test: ast.expr) -> bool:
    """`__name__ == "__main__"`, never so in a package that is imported."""
    match test:
        case ast.Compare(
            left=ast.Name(id="__name__"), ops=[ast.Eq(), *_], comparators=[ast.Constant(value="__main__"), *_]
        ):
            return True
        case _:
            return False


def is_computed(value: ast.expr) -> bool:
    """Whether a list of names is made of more than literals and what the module has, as `dir()` says."""
    nodes = list(ast.walk(value))
    called = {bare_name(node.func) for node in nodes if isinstance(node, ast.Call)}
    return any(isinstance(n, ast.Call | ast.comprehension) for n in nodes) and called.isdisjoint(_PRESENT)


def template_like(node: ast.JoinedStr | ast.BinOp) -> bool:
    """Whether a template could yield a dotted name: all its own text is name-like, and there is a dot."""
    if isinstance(node, ast.JoinedStr):
        texts = [str(part.value) for part in node.values if isinstance(part, ast.Constant)]
        return _dotted_pieces(texts)
    match _first_operand(node):
        case ast.Name(id=name):
            return isinstance(node.op, ast.Add) and name in {"__name__", "__package__"}
        case ast.Constant(value=str(text)):
            return _dotted_pieces([text.replace("%s", "").replace("%r", "")])
        case _:
            return False


def _dotted_pieces(texts: list[str]) -> bool:
    """Whether texts may be parts of a dotted name, and hold a dot."""
    return "." in "".join(texts) and all(_PIECE.match(text) for text in texts)


def _first_operand(node: ast.BinOp) -> ast.expr:
    """`a` of `a + b + c`."""
    left: ast.expr = node.left
    while isinstance(left, ast.BinOp):
        left = left.left
    return left
