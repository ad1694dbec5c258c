"""Who else, in the whole project, tests included, may use a name of one of its modules?"""

import ast
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lambda_slim.lint.folder import read_source, relative
from lambda_slim.lint.modules import ParsedModule

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
        last = module.name.rpartition(".")[2]
        places = self._places()
        if len(places) > _MOST:
            return f"the project has more than {_MOST} Python files: not all were searched"
        both = re.compile(rf"\b{re.escape(last)}\b")
        word = re.compile(rf"\b{re.escape(name)}\b|\*")
        for place in places:
            text = self._text(place)
            if place == self.files.get(module.path) or not (both.search(text) and word.search(text)):
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
    for folder, names, files in os.walk(root):
        names[:] = [
            name
            for name in names
            if name not in _SKIPPED and not name.startswith(".") and not (Path(folder) / name / "pyvenv.cfg").exists()
        ]
        yield from (Path(folder) / name for name in files if name.endswith(".py"))


def _uses(text: str, last: str, name: str) -> int:
    """The line in which a file takes a name from a module, or may; 0 where it does not."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return 1
    imported = False
    attributes: list[int] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            if (node.module or "").rpartition(".")[2] == last and any(one.name in (name, "*") for one in node.names):
                return node.lineno
            imported |= any(one.name == last for one in node.names)
        elif isinstance(node, ast.Import):
            imported |= any(one.name.rpartition(".")[2] == last for one in node.names)
        elif isinstance(node, ast.Attribute) and node.attr == name:
            attributes.append(node.lineno)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            imported |= node.value.rpartition(".")[2] == last
            if re.search(rf"(^|\b{re.escape(last)}\.){re.escape(name)}(\.|$)", node.value):
                attributes.append(node.lineno)
    full = re.search(rf"\b{re.escape(last)}\.{re.escape(name)}\b", text)
    return min(attributes, default=0) if imported or full else 0
