"""Which folder names appear in the paths of first-party code? Sources in them may be loaded by path."""

import ast
import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from lambda_slim.base.files import Signature, file_signature, read_regular
from lambda_slim.formats.python_syntax import end_name, literal_text
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.plan.evidence.source_syntax import first_party_sources, read_syntax

_JOINS = frozenset({"join", "joinpath", "Path", "PurePath", "with_name", "set_main_option"})
_SETTINGS = (".ini", ".cfg", ".toml")
_LOCATION = re.compile(rb"""^\w+\s*=\s*["']?(?:%\(here\)s/|\./)?([\w./-]+)["']?\s*$""", re.MULTILINE)


def named_folders(files: Iterable[File]) -> frozenset[str]:
    """Last parts of the paths that first-party sources join, and of the paths in settings at the root.

    `here / "migrations"`, `os.path.join(here, "db", "rules")`, `"sql/steps"` and `script_location = alembic` give
    `migrations`, `rules`, `steps` and `alembic`.
    """
    folders: set[str] = set()
    for file in files:
        if file.owner != FIRST_PARTY:
            continue
        if file.kind is FileKind.SOURCE:
            folders |= folders_in(file)
        elif "/" not in file.path and file.path.endswith(_SETTINGS):
            folders.update(_in_settings(file))
    return frozenset(folders)


def folders_in(file: File) -> frozenset[str]:
    """Last parts of the paths that one source joins."""
    return _in_source(file, file_signature(file.source))


def below(folders: frozenset[str], files: Iterable[File]) -> frozenset[str]:
    """The first-party sources that lie in folders of these names."""
    paths = (file.path for file in first_party_sources(files))
    return frozenset(path for path in paths if not folders.isdisjoint(path.split("/")[:-1]))


@functools.lru_cache(maxsize=4096)
def _in_source(file: File, _: Signature) -> frozenset[str]:
    return frozenset(_joined_in(file))


def _joined_in(file: File) -> Iterator[str]:
    for node in read_syntax(file).nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield from _last([node.right])
        elif isinstance(node, ast.Call) and end_name(node.func) in _JOINS:
            yield from _last(node.args)


def _in_settings(file: File) -> Iterator[str]:
    try:
        data = read_regular(file.source)
    except OSError:
        return iter(())
    return (PurePosixPath(location.decode()).name for location in _LOCATION.findall(data))


def _last(arguments: list[ast.expr]) -> Iterator[str]:
    """The folder name that ends a path; a file name or pattern at the end is skipped."""
    names: list[str] = []
    for text in filter(None, map(literal_text, arguments)):
        names += (part for part in PurePosixPath(text).parts if part.replace("_", "").isalnum())
    return iter(names[-1:])
