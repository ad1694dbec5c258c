"""Who else in the project, tests included, may use a name of one of its modules?"""

import ast
import fnmatch
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lambda_slim.formats.python_source import parse_python
from lambda_slim.lint.folder import read_source, relative
from lambda_slim.lint.modules import ParsedModule
from lambda_slim.lint.syntax import last_name, text_of

_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "cdk.out"})
_MOST = 5000  # files of a project that are searched


@dataclass(slots=True)
class References:
    """The project's Python files, read when they are first asked about.

    Attributes:
        root: The project's folder.
        files: Where the modules are, by their paths; some may lie elsewhere.
    """

    root: Path
    files: Mapping[str, Path] = field(default_factory=dict)
    _texts: dict[Path, str] = field(default_factory=dict)
    _all: list[Path] = field(default_factory=list)

    def find(self, module: ParsedModule, name: str) -> str:
        """Where another file may use a module's name; empty where none does.

        Files are told apart by the last part of a module's name only, so that whatever path they import it by counts.
        """
        last = last_name(module.name)
        places = self._places()
        if len(places) > _MOST:
            return f"the project has more than {_MOST} Python files: not all were searched"
        names_module = re.compile(rf"\b{re.escape(last)}\b").search
        takes_name = re.compile(rf"\b{re.escape(name)}\b|\*").search
        for place in places:
            text = self._text(place)
            if place == self.files.get(module.path) or not (names_module(text) and takes_name(text)):
                continue
            if line := _uses(text, last, name):
                return f"{relative(place, self.root)}:{line} may use `{last}.{name}`"
        return ""

    def update(self, place: Path, text: str) -> None:
        """Takes note of a file's new text."""
        self._texts[place] = text

    def _places(self) -> list[Path]:
        if not self._all:
            self._all = sorted({*_python_files(self.root), *self.files.values()})
        return self._all

    def _text(self, place: Path) -> str:
        if place not in self._texts:
            self._texts[place] = read_source(place)
        return self._texts[place]


def _python_files(root: Path) -> Iterator[Path]:
    for place, names, files in os.walk(root):
        folder = Path(place)
        names[:] = [name for name in names if _is_searched(folder, name)]
        yield from map(folder.joinpath, fnmatch.filter(files, "*.py"))


def _is_searched(folder: Path, name: str) -> bool:
    if name in _SKIPPED or name.startswith("."):
        return False
    return not (folder / name / "pyvenv.cfg").exists()


def _uses(text: str, last: str, name: str) -> int:
    """The line in which a file takes a name from a module, or may; 0 where it does not."""
    try:
        tree = parse_python(text)
    except SyntaxError:
        return 1
    imported = False
    lines: list[int] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and _takes(node, last, name):
            return node.lineno
        imported |= _imports(node, last)
        if _mentions(node, last, name):
            lines.append(node.lineno)  # type: ignore[attr-defined]
    spelled_out = re.search(rf"\b{re.escape(last)}\.{re.escape(name)}\b", text)
    return min(lines, default=0) if imported or spelled_out else 0


def _takes(node: ast.ImportFrom, last: str, name: str) -> bool:
    names = {alias.name for alias in node.names}
    return last_name(node.module or "") == last and not names.isdisjoint({name, "*"})


def _imports(node: ast.AST, last: str) -> bool:
    """Whether an import or a string names a module by its last name."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return last in {last_name(alias.name) for alias in node.names}
    return last_name(text_of(node)) == last


def _mentions(node: ast.AST, last: str, name: str) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == name
    return bool(re.search(rf"(^|\b{re.escape(last)}\.){re.escape(name)}(\.|$)", text_of(node)))
