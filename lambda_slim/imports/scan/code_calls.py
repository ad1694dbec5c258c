"""Calls that run code or make objects out of data: `exec(text)`, `pickle.load(file)`."""

import ast
import re
from typing import TYPE_CHECKING

from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.arguments import keyword, positional, source_line
from lambda_slim.imports.scan.evaluation import evaluate
from lambda_slim.imports.scan.syntax import parse_source
from lambda_slim.imports.scan.values import Value

if TYPE_CHECKING:
    from lambda_slim.imports.scan.calls import Calls

_PICKLERS = frozenset({"pickle", "cPickle", "_pickle", "joblib", "dill", "cloudpickle", "jsonpickle", "torch", "skops"})
_UNPICKLING = frozenset({"read_pickle", "load_model"})  # whatever they are called on
_IMPORTED = re.compile(r"(?:^|[\n;])\s*(?:from\s+([\w.*\x01\x02]+)\s+import\b|import\s+([\w.*\x01\x02]+))")


def note_code(calls: "Calls", node: ast.Call, name: str) -> None:
    """`exec("import x")`: the text is scanned as code of this place; other code may import anything."""
    argument = positional(node, 0)
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str | bytes):
        _scan_text(calls, node, argument.value)
        return
    _note_template(calls, node, argument)
    if name == "exec" and isinstance(node.func, ast.Name):
        calls.runs.append((node.lineno, source_line(node)))


def _scan_text(calls: "Calls", node: ast.Call, text: str | bytes) -> None:
    source = text if isinstance(text, bytes) else text.encode(errors="replace")
    try:
        tree = parse_source(source.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for inner in ast.walk(tree):
        if hasattr(inner, "lineno"):
            inner.lineno = node.lineno
    calls.scanner.body(tree.body)


def _note_template(calls: "Calls", node: ast.Call, argument: ast.expr | None) -> None:
    """`exec(f"from lib.{name} import *")`: the imports that a text makes of which only parts are known."""
    if not isinstance(argument, ast.JoinedStr | ast.BinOp | ast.Call):
        return
    value = evaluate(argument, calls.scanner.scope())
    names: set[str] = set()
    for text in value.patterns:
        for from_name, import_name in _IMPORTED.findall(text):
            names.add(from_name or import_name)
    if names:
        calls.note(node, f.NAME, Value(frozenset(names), value.origin))


def note_unpickling(calls: "Calls", node: ast.Call, name: str) -> None:
    """`pickle.load(file)`, `np.load(file, allow_pickle=True)`: objects of classes that only the data names."""
    receivers = calls.scanner.meaning(node.func).split(".")[:-1]
    allow_pickle = keyword(node, "allow_pickle")
    allowed = isinstance(allow_pickle, ast.Constant) and allow_pickle.value is True
    if name in _UNPICKLING or allowed or not _PICKLERS.isdisjoint(receivers):
        calls.unpickles.append((node.lineno, source_line(node)))
    calls.helper(node, name)
