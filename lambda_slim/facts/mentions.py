"""Which names does first-party code mention in its string literals? What it may read, it names."""

import ast
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from lambda_slim.inventory import PROJECT, File, Kind

_WORDS = re.compile(r"[^/\\\s*?\[\]{}()<>,;:'\"]+")
_LONGEST = 400  # prose and embedded documents are not file names


def find_mentions(files: Iterable[File], environment: Iterable[str]) -> frozenset[str]:
    """Words of every string literal of the project's own modules, and of the function's environment values.

    `"content/guide.md"` gives `content`, `guide.md`, `guide` and `.md`.
    """
    found: set[str] = set()
    for file in files:
        if file.owner == PROJECT and file.kind is Kind.SOURCE:
            found.update(_words_of(file))
    for value in environment:
        found.update(_words(value))
    return frozenset(found)


def mentions(words: frozenset[str], path: str) -> bool:
    """Whether code that mentions these words may read the file: its name, stem, suffix or one of its folders.

    >>> mentions(frozenset({"content"}), "content/guide.md"), mentions(frozenset({"guide"}), "README.md")
    (True, False)
    """
    pure = PurePosixPath(path)
    names = {pure.name, pure.stem, *pure.parts[:-1]}
    return bool(names & words) or (len(pure.parts) > 1 and f"*{pure.suffix}" in words)


def _words_of(file: File) -> set[str]:
    try:
        tree = ast.parse(file.source.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return set()
    skipped = {id(text) for text in _docstrings(tree)}
    return {
        word
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped
        for word in _words(node.value)
    }


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
