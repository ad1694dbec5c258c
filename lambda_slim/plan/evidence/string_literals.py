"""Which names do first-party code and data mention? What may be read, is named."""

import ast
import re
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from lambda_slim.base.files import read_regular
from lambda_slim.formats.pyc import texts_in
from lambda_slim.formats.python_source import parse_python
from lambda_slim.model.file import FIRST_PARTY, File, FileKind

_WORDS = re.compile(r"[^/\\\s*?\[\]{}()<>,;:'\"]+")
_LONGEST = 400  # prose and embedded documents are not file names
_LARGEST = 200_000  # bytes of a data file that may be a list of others, or a template that includes some
_PATH = re.compile(rb"[\w.-]+(?:/[\w.-]+)+|[\w-]+\.[A-Za-z]\w{0,5}\b")


def find_mentions(files: Iterable[File], environment: Iterable[str]) -> frozenset[str]:
    """Words of every string literal of the project's own modules, of paths in its data, and of environment values.

    `"content/guide.md"` gives `content`, `guide.md`, `guide` and `.md`.
    """
    own = [file for file in files if file.owner == FIRST_PARTY]
    sources = [file for file in own if file.kind is FileKind.SOURCE or _is_sourceless(file)]
    found = {word for file in sources for word in _words_of(file)}
    found.update(word for value in environment for word in _words(value))
    coded = {"", *(file.path.rpartition("/")[0] for file in sources)}
    rest = {file.path: file for file in own if file.kind is FileKind.DATA and file.size <= _LARGEST}
    while read := [path for path in rest if path.rpartition("/")[0] in coded or mentions(found, path)]:
        found.update(word for path in read for word in _paths_in(rest.pop(path)))  # may name what is read next
    return frozenset(found)


def mentions(words: Collection[str], path: str) -> bool:
    """Whether code that mentions these words may read the file: its name, stem, suffix or one of its folders.

    >>> mentions(frozenset({"content"}), "content/guide.md"), mentions(frozenset({"guide"}), "README.md")
    (True, False)
    """
    pure = PurePosixPath(path)
    names = {pure.name, pure.stem, *pure.parts[:-1]}
    return not names.isdisjoint(words) or (len(pure.parts) > 1 and f"*{pure.suffix}" in words)


def _is_sourceless(file: File) -> bool:
    return file.path.endswith(".pyc") and "__pycache__/" not in file.path


def _words_of(file: File) -> set[str]:
    source = _bytes(file)
    if file.kind is FileKind.BYTECODE:
        return {word for text in texts_in(source) for word in _words(text)}
    try:
        tree = parse_python(source)
    except SyntaxError:
        return {word for line in source.decode("utf-8", "replace").splitlines() for word in _words(line)}
    skipped = {id(text) for text in _docstrings(tree)}
    return {
        word
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped
        for word in _words(node.value)
    }


def _paths_in(file: File) -> set[str]:
    """Words of what looks like a path in a text file; a binary one has none."""
    data = _bytes(file)
    if b"\0" in data:
        return set()
    return {word for text in set(_PATH.findall(data)) for word in _words(text.decode("utf-8", "replace"))}


def _bytes(file: File) -> bytes:
    try:
        return read_regular(file.source)
    except OSError:
        return b""


def _docstrings(tree: ast.AST) -> Iterable[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _words(text: str) -> set[str]:
    if len(text) > _LONGEST:
        return set()
    words = set(_WORDS.findall(text))
    words |= {word.rpartition(".")[0] for word in words if "." in word.strip(".")}
    if "*." in text or (text.startswith(".") and text.count(".") == 1):
        words |= {"*." + word.lstrip(".") for word in words if word.startswith(".")}
    return words
