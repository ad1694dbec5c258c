"""Constants that a module takes from another one: `from .constants import SERVICE_NAME`."""

import ast
import re
from collections.abc import Iterable

from lambda_slim.base.files import read_regular
from lambda_slim.formats.python_source import parse_python
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
        found = re.search(rf"\b{method}{_FIRST}", call.expression)
        if found is None:
            return ""
        root, _, rest = found[1].partition(".")
        values = {
            self.value(f"{start}.{rest}" if rest else start) for start in self.exports.bindings(module).get(root, ())
        }
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
                body = parse_python(read_regular(self.store.files[path].source)).body if path.endswith(".py") else []
            except (KeyError, OSError, SyntaxError):
                body = []
            self._texts[path] = dict(_texts(body))
        return self._texts[path]


def _texts(body: Iterable[ast.stmt]) -> Iterable[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for node in body:
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        value = node.value.value if isinstance(node.value, ast.Constant) else ""
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(value if isinstance(value, str) else "")
    return ((name, texts[0]) for name, texts in found.items() if len(texts) == 1 and texts[0])
