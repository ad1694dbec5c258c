"""Which folders does first-party code name as places of files? Sources in them may be loaded by their path."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from lambda_slim.base.files import read_regular
from lambda_slim.formats.python_source import parse_python
from lambda_slim.model.file import FIRST_PARTY, File, FileKind

_JOINS = frozenset({"join", "joinpath", "Path", "PurePath", "with_name", "set_main_option"})
_SETTINGS = (".ini", ".cfg", ".toml")
_LOCATION = re.compile(rb"""^\w+\s*=\s*["']?(?:%\(here\)s/|\./)?([\w./-]+)["']?\s*$""", re.MULTILINE)


def named_folders(files: Iterable[File]) -> frozenset[str]:
    """Last parts of the paths that own sources put together, and that settings at the root name.

    `here / "migrations"`, `os.path.join(here, "db", "rules")`, `"sql/steps"` and `script_location = alembic` give
    `migrations`, `rules`, `steps` and `alembic`.
    """
    found: set[str] = set()
    for file in files:
        if file.owner != FIRST_PARTY:
            continue
        if file.kind is FileKind.SOURCE:
            found.update(_in_source(file))
        elif "/" not in file.path and file.path.endswith(_SETTINGS):
            found.update(PurePosixPath(text.decode()).name for text in _LOCATION.findall(_content(file)))
    return frozenset(found)


def below(folders: frozenset[str], files: Iterable[File]) -> frozenset[str]:
    """The own sources that lie in folders of these names."""
    return frozenset(
        file.path
        for file in files
        if file.owner == FIRST_PARTY
        and file.kind is FileKind.SOURCE
        and not folders.isdisjoint(file.path.split("/")[:-1])
    )


def _in_source(file: File) -> Iterator[str]:
    try:
        tree = parse_python(_content(file))
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield from _last([node.right])
        elif isinstance(node, ast.Call) and _called(node.func) in _JOINS:
            yield from _last(node.args)


def _called(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _last(arguments: list[ast.expr]) -> Iterator[str]:
    """The name of the folder that ends a path; a file name or a pattern at its end is passed over."""
    texts = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    names = [part for text in texts for part in PurePosixPath(text).parts if part.replace("_", "").isalnum()]
    if names:
        yield names[-1]


def _content(file: File) -> bytes:
    try:
        return read_regular(file.source)
    except OSError:
        return b""
