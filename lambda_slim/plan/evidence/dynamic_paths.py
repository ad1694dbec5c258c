"""Where does own code open files of the package by a path that it is told whole?"""

import ast
from collections.abc import Collection, Iterable, Iterator

from lambda_slim.base.files import read_regular
from lambda_slim.formats.python_source import parse_python
from lambda_slim.model.file import FIRST_PARTY, File, FileKind

_JOINS = frozenset({"join", "joinpath"})
_ROOT = "LAMBDA_TASK_ROOT"  # set by the runtime to the package's folder


def find_told(files: Iterable[File], reached: Collection[str]) -> str:
    """The first place, `src/app.py:7`, that puts an unknown path straight below a code folder; "" where there is none.

    `HERE / event["path"]` may open any file of the package; `HERE / "data" / name` only those in `data`.

    Args:
        files: Every file that could ship.
        reached: Those of modules that the handler can reach.
    """
    own = (f for f in files if f.owner == FIRST_PARTY and f.kind is FileKind.SOURCE and f.path in reached)
    return next((f"{file.path}:{line}" for file in own for line in _places(file)), "")


def _places(file: File) -> Iterator[int]:
    try:
        tree = parse_python(read_regular(file.source))
    except (OSError, SyntaxError):
        return
    anchors: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _is_anchor(node.value, anchors):
            anchors.update(target.id for target in node.targets if isinstance(target, ast.Name))
    known = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _texts(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        for base, part in _joined(node):
            if _is_anchor(base, anchors) and not _texts(part) and not _names(part) & (anchors | known):
                yield part.lineno


def _joined(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """A folder and what is put behind it."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        yield node.left, node.right
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _JOINS:
        if node.func.attr == "joinpath" and node.args:
            yield node.func.value, node.args[0]
        elif len(node.args) > 1:
            yield node.args[0], node.args[1]


def _is_anchor(node: ast.expr, anchors: Collection[str]) -> bool:
    """Whether an expression is a folder of the code itself, with nothing put behind it."""
    names = _names(node)
    if any(isinstance(one, ast.BinOp) for one in ast.walk(node)):
        return False
    return _texts(node) <= {_ROOT} and ("__file__" in names or _ROOT in _texts(node) or not names.isdisjoint(anchors))


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _texts(node: ast.AST) -> set[str]:
    return {
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and not _is_key(one, node)
    }


def _is_key(text: ast.Constant, inside: ast.AST) -> bool:
    """Whether a text only says which value to take, `event["path"]` or `event.get("path")`; not the environment's."""
    if text.value == _ROOT:
        return False
    for node in ast.walk(inside):
        if isinstance(node, ast.Subscript) and node.slice is text:
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            return text in node.args[:1]
    return False
