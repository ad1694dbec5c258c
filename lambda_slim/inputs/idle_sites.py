"""Folders of the code that hold installed distributions and that no import starts from: `pip install -t package`."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from lambda_slim.base.files import read_regular
from lambda_slim.base.units import plural
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import literal_texts, nodes_of
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.function import Function

_LARGEST = 200_000  # bytes of a script that is read
_SHOWN = 3  # distributions that a warning names
_MOVES = re.compile(
    rb"\bsys\.path\b|from sys import[^\n]*\bpath\b|addsitedir|meta_path|path_hooks|PathFinder|FileFinder|FileLoader"
    rb"|spec_from_file_location|runpy"
)
_COMPUTES = re.compile(rb"listdir|scandir|iterdir|glob|os\.walk|environ|getenv")


def settle_idle(files: dict[str, File], installed: Iterable[File], function: Function, warnings: list[str]) -> None:
    """Has imports pass over the site folders of first-party code that nothing can put on `sys.path`.

    What they hold of a distribution that is there in another place, too, is left out: it is what an earlier build
    of the project has installed. The rest stays, as data that no import of its name leads to.

    Args:
        files: The function's own files; changed.
        installed: What is installed beside them.
        function: Its variables and its handler may name a folder.
        warnings: What is left out is added.
    """
    idle = _idle_sites(files.values(), function)
    others = [*installed, *(file for file in files.values() if file.site not in idle)]
    elsewhere = {file.owner for file in others} - {FIRST_PARTY}
    gone: dict[str, set[str]] = {}
    for path, file in list(files.items()):
        if file.site not in idle:
            continue
        if file.owner in elsewhere:
            gone.setdefault(file.site, set()).add(file.owner)
            del files[path]
        else:
            files[path] = replace(file, site="")
    warnings += [f"{site}/: left out: a second copy of {_listed(names)}" for site, names in sorted(gone.items())]


def _listed(names: Collection[str]) -> str:
    """`certifi, idna, requests and 2 more distributions`."""
    first, more = sorted(names)[:_SHOWN], len(names) - _SHOWN
    return ", ".join(first) + (f" and {plural(more, 'more distribution')}" if more > 0 else "")


def _idle_sites(files: Collection[File], function: Function) -> frozenset[str]:
    """The site folders below the root that neither PYTHONPATH nor the code of the function puts on `sys.path`."""
    sites = {file.site for file in files} - {"", *function.python_path}
    if function.artifact is not None or not sites:
        return frozenset()
    own = [file for file in files if file.owner == FIRST_PARTY]
    sources = _sources(own)
    texts = list(chain.from_iterable(map(_texts, sources.values())))
    words = [*function.environment.values(), function.handler, *function.roots, *_scripts(own, function)]
    idle = frozenset(site for site in sites if not _is_named(site, texts, words))
    return idle if _is_known(sources, idle) else frozenset()


def _sources(files: Iterable[File]) -> dict[str, bytes]:
    return {file.path: _read(file) for file in files if file.kind is FileKind.SOURCE}


def _is_known(sources: Mapping[str, bytes], sites: Iterable[str]) -> bool:
    """Whether modules that change `sys.path` name what they add: none lists folders, none adds the one it lies in."""
    inside = tuple(f"{site}/" for site in sites)
    moving = {path: source for path, source in sources.items() if _MOVES.search(source)}
    return not any(path.startswith(inside) or _COMPUTES.search(source) for path, source in moving.items())


def _is_named(site: str, texts: Iterable[str], words: Iterable[str]) -> bool:
    """Whether a part of a folder's path is a part of a path or a dotted name in texts, or a word of others."""
    parts = "|".join(map(re.escape, site.split("/")))
    in_path = re.compile(rf"(?:^|[/\\.:,;])(?:{parts})(?:$|[/\\.:,;])")
    as_word = re.compile(rf"(?<![\w-])(?:{parts})(?![\w-])")
    return any(map(in_path.search, texts)) or any(map(as_word.search, words))


def _texts(source: bytes) -> Iterator[str]:
    """The texts of a module that are no docstrings, and the names that it imports; its words where it is no Python."""
    try:
        tree = parse_python(source)
    except SyntaxError:
        return iter(source.decode("utf-8", "replace").split())
    prose = {id(node.value) for node in nodes_of(tree, ast.Expr)}
    texts = literal_texts(node for node in nodes_of(tree, ast.Constant) if id(node) not in prose)
    names = (node.name for node in nodes_of(tree, ast.alias))
    return chain(texts, names, (node.module or "" for node in nodes_of(tree, ast.ImportFrom)))


def _scripts(own: Iterable[File], function: Function) -> Iterator[str]:
    """What the shell scripts of a function say that begins with one; other scripts only build it."""
    if not (function.script or function.exec_wrapper):
        return
    for file in own:
        if file.size <= _LARGEST and file.path.endswith((".sh", ".bash", function.script or function.exec_wrapper)):
            yield _read(file).decode("utf-8", "replace")


def _read(file: File) -> bytes:
    try:
        return read_regular(file.source)
    except OSError:
        return b""
