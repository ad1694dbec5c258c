"""Constants that a module takes from another one: `from .constants import SERVICE_NAME`."""

import ast
import re
from collections.abc import Iterable, Iterator

from lambda_slim.base.files import read_regular
from lambda_slim.base.rows import values_by_key
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import bare_name, literal_text, targets_of
from lambda_slim.imports.link.lazy import Exports
from lambda_slim.imports.link.names import ModuleNames
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.store import Store
from lambda_slim.model.imports import Module

_FIRST = r"\((?:service_name=|service=)?([A-Za-z_][\w.]*)[,)]"


class Constants:
    """Top-level texts of modules, looked up where an argument is a name from elsewhere."""

    def __init__(self, names: ModuleNames, exports: Exports, store: Store) -> None:
        self.names = names
        self.exports = exports
        self.store = store
        self._texts: dict[str, dict[str, str]] = {}

    def first_argument(self, module: Module, call: f.Service) -> str:
        """What the first argument of a call is set to where it comes from; "" when that is not known."""
        method = re.escape(call.method.rpartition(".")[2]) or "(?:client|resource)"
        argument = re.search(rf"\b{method}{_FIRST}", call.expression)
        if argument is None:
            return ""
        root, dot, attributes = argument[1].partition(".")
        starts = self.exports.bindings(module).get(root, ())
        values = {self.value(f"{start}{dot}{attributes}") for start in starts}
        return values.pop() if len(values) == 1 else ""

    def value(self, dotted: str) -> str:
        """The text that a name of another module is set to, once and at its top level."""
        owner = self.names.longest(dotted)
        if not owner or dotted.count(".") != owner.count(".") + 1:
            return ""
        return self.texts(self.names.modules[owner].path).get(dotted.rpartition(".")[2], "")

    def texts(self, path: str) -> dict[str, str]:
        """Names of a source that are set to one text."""
        if path not in self._texts:
            try:
                source = read_regular(self.store.files[path].source) if path.endswith(".py") else b""
            except (KeyError, OSError):
                source = b""
            self._texts[path] = set_texts(source)
        return self._texts[path]


def set_texts(source: bytes) -> dict[str, str]:
    """Names that the top level of a source sets once, to a text."""
    try:
        return dict(_texts(parse_python(source).body))
    except SyntaxError:
        return {}


def _texts(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Names that are set once, and to a text."""
    assigned = (statement for statement in body if isinstance(statement, ast.Assign | ast.AnnAssign))
    named = ((name, row.value) for row in assigned for name in filter(None, map(bare_name, targets_of(row))))
    for name, (value, *others) in values_by_key(named).items():
        text = literal_text(value)
        if text and not others:
            yield name, text
