"""The syntax of first-party sources: each source is read and parsed once for all questions about it."""

import ast
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.files import Signature, file_signature, read_regular
from lambda_slim.formats.python_source import parse_python
from lambda_slim.model.file import FIRST_PARTY, File, FileKind

_KEPT = 1 << 10  # syntax trees


@dataclass(frozen=True, slots=True)
class SourceSyntax:
    """One source file.

    Attributes:
        source: Its bytes; empty where it cannot be read.
        tree: None where it cannot be parsed.
        nodes: Every node of the tree, as `ast.walk` finds them.
    """

    source: bytes
    tree: ast.Module | None
    nodes: tuple[ast.AST, ...] = ()


def first_party_sources(files: Iterable[File]) -> list[File]:
    """The Python sources of the project among some files."""
    return [file for file in files if file.owner == FIRST_PARTY and file.kind is FileKind.SOURCE]


def read_syntax(file: File) -> SourceSyntax:
    """The bytes and the syntax tree of a source; remembered while the file does not change."""
    return _read(file.source, file_signature(file.source))


@functools.lru_cache(maxsize=_KEPT)
def _read(path: Path, state: Signature) -> SourceSyntax:  # noqa: ARG001  (part of the key)
    try:
        source = read_regular(path)
    except OSError:
        return SourceSyntax(b"", None)
    try:
        tree = parse_python(source)
    except SyntaxError:
        return SourceSyntax(source, None)
    return SourceSyntax(source, tree, tuple(ast.walk(tree)))
