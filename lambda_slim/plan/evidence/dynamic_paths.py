"""Places where first-party code opens a path that is known only at run time: it may be any file of the package."""

import ast
import functools
from collections.abc import Collection, Iterable, Iterator

from lambda_slim.base.files import Signature, file_signature
from lambda_slim.formats.python_syntax import bare_name, literal_text, nodes_of
from lambda_slim.model.file import File
from lambda_slim.plan.evidence.source_syntax import first_party_sources, read_syntax

_JOINS = frozenset({"join", "joinpath"})
_ROOT = "LAMBDA_TASK_ROOT"  # set by the runtime to the package's folder


def find_dynamic_path(files: Iterable[File], reached: Collection[str]) -> str:
    """The first place, `src/app.py:7`, that puts an unknown path straight below a code folder; "" where there is none.

    `HERE / event["path"]` may open any file of the package; `HERE / "data" / name` only those in `data`.

    Args:
        files: Every file that could ship.
        reached: Those of modules that the handler can reach.
    """
    for file in first_party_sources(files):
        if file.path in reached:
            line = unknown_path_line(file)
            if line:
                return f"{file.path}:{line}"
    return ""


def unknown_path_line(file: File) -> int:
    """The first line of a source that puts an unknown path straight below a code folder; 0 where there is none."""
    return _first_line(file, file_signature(file.source))


@functools.lru_cache(maxsize=4096)
def _first_line(file: File, _: Signature) -> int:
    return next(_lines(file), 0)


def _lines(file: File) -> Iterator[int]:
    """The lines of a source that join an unknown path to a code folder."""
    nodes = read_syntax(file).nodes
    anchors, with_text = _folder_names(node for node in nodes if isinstance(node, ast.Assign))
    for node in nodes:
        for folder, part in _joined(node):
            known = _texts(part) or _names(part) & (anchors | with_text)
            if _is_anchor(folder, anchors) and not known:
                yield part.lineno


def _folder_names(assignments: Iterable[ast.Assign]) -> tuple[set[str], set[str]]:
    """The variables that hold a code folder, and those that hold something with a literal text in it."""
    anchors: set[str] = set()
    with_text: set[str] = set()
    for assignment in assignments:
        if _is_anchor(assignment.value, anchors):
            anchors.update(map(bare_name, assignment.targets))
        if _texts(assignment.value):
            with_text.update(map(bare_name, assignment.targets))
    return anchors - {""}, with_text - {""}  # "": a target that is no name


def _joined(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The folder of a joined path, and the parts that are joined to it."""
    match node:
        case ast.BinOp(left=folder, op=ast.Div(), right=part):
            yield folder, part
        case ast.Call(func=ast.Attribute(attr="joinpath", value=folder), args=[part, *_]):
            yield folder, part
        case ast.Call(func=ast.Attribute(attr=method), args=[folder, part, *_]) if method in _JOINS:
            yield folder, part


def _is_anchor(node: ast.expr, anchors: Collection[str]) -> bool:
    """Whether an expression is a code folder itself, with nothing joined to it."""
    if any(nodes_of(node, ast.BinOp)):
        return False
    names, texts = _names(node), _texts(node)
    return texts <= {_ROOT} and (bool(texts) or "__file__" in names or not names.isdisjoint(anchors))


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in nodes_of(node, ast.Name)}


def _texts(node: ast.AST) -> set[str]:
    """The literal texts of an expression, without the keys of look-ups."""
    texts: set[str] = set()
    for inner in ast.walk(node):
        text = literal_text(inner)
        if text is not None and not _is_key(inner, text, node):
            texts.add(text)
    return texts


def _is_key(literal: ast.AST, text: str, inside: ast.AST) -> bool:
    """Whether a text is the key of a look-up: `event["path"]`, `event.get("path")`; not of the environment."""
    if text == _ROOT:
        return False
    for node in ast.walk(inside):
        match node:
            case ast.Subscript(slice=key) if key is literal:
                return True
            case ast.Call(func=ast.Attribute(attr="get"), args=arguments):
                return literal in arguments[:1]
            case _:
                pass
    return False
