"""Words that first-party code and data mention. A file that code reads is usually named somewhere."""

import ast
import functools
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from lambda_slim.base.files import Signature, file_signature, read_regular
from lambda_slim.formats.pyc import texts_in
from lambda_slim.formats.python_syntax import literal_text
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.plan.evidence.source_syntax import first_party_sources, read_syntax

_WORDS = re.compile(r"[^/\\\s*?\[\]{}()<>,;:'\"]+")
_LONGEST = 400  # prose and embedded documents are not file names
_LARGEST = 200_000  # bytes of a data file that may be a list of others, or a template that includes some
_PATH = re.compile(rb"[\w.-]+(?:/[\w.-]+)+|[\w-]+\.[A-Za-z]\w{0,5}\b")
_REMEMBERED = 4096  # files whose words functions of one run share
_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def find_mentions(files: Iterable[File], environment: Iterable[str]) -> frozenset[str]:
    """Words of every string literal of first-party modules, of paths in its data, and of environment values.

    `"content/guide.md"` gives `content`, `guide.md`, `guide` and `.md`.
    """
    own = [file for file in files if file.owner == FIRST_PARTY]
    sources = [*first_party_sources(own), *filter(_is_sourceless, own)]
    words: set[str] = set()
    for file in sources:
        words |= words_of(file)
    for value in environment:
        words |= _words(value)
    _add_data(words, own, {"", *(file.path.rpartition("/")[0] for file in sources)})
    return frozenset(words)


def _add_data(words: set[str], files: Iterable[File], code_folders: Collection[str]) -> None:
    """Adds the words of data files that were mentioned so far; those may name further data."""
    unread = {file.path: file for file in files if file.kind is FileKind.DATA and file.size <= _LARGEST}
    while read := [path for path in unread if path.rpartition("/")[0] in code_folders or mentions(words, path)]:
        for path in read:
            words |= _paths_in(unread.pop(path))


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


def words_of(file: File) -> frozenset[str]:
    """Words of the string literals of a module; of all its lines where it cannot be parsed."""
    return _known_words(file, file_signature(file.source))


@functools.lru_cache(maxsize=_REMEMBERED)
def _known_words(file: File, _: Signature) -> frozenset[str]:
    if file.kind is FileKind.BYTECODE:
        return frozenset().union(*map(_words, texts_in(_bytes(file))))
    syntax = read_syntax(file)
    texts: Iterable[str] = syntax.source.decode("utf-8", "replace").splitlines()
    if syntax.tree is not None:
        docstrings = {id(text) for text in _docstrings(syntax.nodes)}
        texts = filter(None, (literal_text(node) for node in syntax.nodes if id(node) not in docstrings))
    return frozenset().union(*map(_words, texts))


def _paths_in(file: File) -> frozenset[str]:
    """Words of the paths in a text file; a binary file has none."""
    return _known_paths(file, file_signature(file.source))


@functools.lru_cache(maxsize=_REMEMBERED)
def _known_paths(file: File, _: Signature) -> frozenset[str]:
    data = _bytes(file)
    if b"\0" in data:
        return frozenset()
    return frozenset().union(*(_words(text.decode("utf-8", "replace")) for text in set(_PATH.findall(data))))


def _bytes(file: File) -> bytes:
    try:
        return read_regular(file.source)
    except OSError:
        return b""


def _docstrings(nodes: Iterable[ast.AST]) -> Iterator[ast.Constant]:
    for node in nodes:
        first = node.body[0] if isinstance(node, _Documented) and node.body else None
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
