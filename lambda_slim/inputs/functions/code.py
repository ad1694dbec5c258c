"""Handlers that the code itself shows, at any depth, with how sure each is."""

import ast
import csv
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from lambda_slim.base.files import read_loosely, read_regular
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import bare_name, end_name, taken_name

SURE, LIKELY, NEAR = 3, 2, 1
NAMES = ("handler", "lambda_handler")
USUAL = (
    "app.py",
    "lambda_function.py",
    "handler.py",
    "main.py",
    "index.py",
    "src/app.py",
    "src/handler.py",
    "src/main.py",
)
_MOST = 4000  # modules that are looked at
_INSTALLED = frozenset({"node_modules", "site-packages", "venv", "env", "vendor", "vendored"})
_SKIPPED = _INSTALLED | {"cdk.out", "build", "dist", "test", "tests", "testing", "docs", "__pycache__"}
_SHOWN_ONLY = frozenset({"example", "examples", "sample", "samples", "demo", "demos"})  # folders
_EVENTS = ("event", "_event", "evt", "events", "_")
_CONTEXTS = ("context", "_context", "ctx", "lambda_context", "_", "__", "_ctx", "unused_context")
_OTHERS = frozenset({"signum", "sig", "signal", "request", "exc", "error", "sender", "record", "loop"})
_FRAMEWORKS = {"Chalice": "app"}  # objects that Lambda calls, and what they are usually called


@dataclass(frozen=True, slots=True)
class HandlerCandidate:
    """Something that may be a handler.

    Attributes:
        handler: As Lambda reads it, from the folder: `src/get-user.handler`, else dotted.
        file: Its module.
        sure: `SURE`, `LIKELY` (two arguments that are called event and context) or `NEAR`.
        why: What it is, for messages.
    """

    handler: str
    file: Path
    line: int
    sure: int
    why: str


def candidates(folder: Path) -> tuple[HandlerCandidate, ...]:
    """All that may be a handler below a folder; tests, environments and installed distributions are left out."""
    handlers: list[HandlerCandidate] = []
    for path in modules(folder):
        shown = path.relative_to(folder)
        rows = _of_module(path, shown)
        handlers += rows if _SHOWN_ONLY.isdisjoint(shown.parts[:-1]) else map(_of_example, rows)
    return tuple(
        sorted(handlers, key=lambda handler: (-handler.sure, len(handler.file.parts), handler.file, handler.line))
    )


def _of_example(candidate: HandlerCandidate) -> HandlerCandidate:
    """A candidate that only shows how something is used, as those who lie beside it do."""
    return replace(candidate, sure=NEAR, why=f"{candidate.why}, in a folder of examples")


def modules(folder: Path) -> Iterator[Path]:
    """The modules below a folder that may be first-party; of very many only the first."""
    return islice(_modules(folder), _MOST)


def _modules(folder: Path) -> Iterator[Path]:
    installed = _installed(folder)
    for name, folders, files in os.walk(folder):
        here = Path(name)
        if here != folder and "pyvenv.cfg" in files:
            folders.clear()
            continue
        folders[:] = sorted(below for below in folders if _is_walked(below, installed))
        for file in sorted(files):
            top = (*here.relative_to(folder).parts, file.removesuffix(".py"))[0]
            if _is_ours(file) and top not in installed and (here / file).is_file():
                yield here / file


def _is_walked(folder: str, installed: frozenset[str]) -> bool:
    return not folder.startswith(".") and folder.lower() not in _SKIPPED and folder not in installed


def _is_ours(file: str) -> bool:
    aside = ("test_", ".", "conftest.", "setup.")
    return file.endswith(".py") and not file.startswith(aside) and not file.endswith("_test.py")


def _installed(folder: Path) -> frozenset[str]:
    """Top-level names that installed distributions say are theirs."""
    names: set[str] = set()
    for record in folder.glob("*.dist-info/RECORD"):
        rows = csv.reader(io.StringIO(read_loosely(record), newline=""))
        names.update(row[0].partition("/")[0].removesuffix(".py") for row in rows if row)
    return frozenset(names)


def handler_of(path: Path, name: str) -> str:
    """The handler of a name in a module, by the module's path from the root."""
    parts = path.with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts
    dotted = all(part.isidentifier() for part in parts)
    return f"{('.' if dotted else '/').join(parts)}.{name}"


def _of_module(path: Path, shown: Path) -> Iterator[HandlerCandidate]:
    try:
        data = read_regular(path)
        looks = any(word in data for word in (b"handler", b"event", b"Chalice"))
        tree = parse_python(data) if looks else None
    except SyntaxError as error:
        yield HandlerCandidate(shown.as_posix(), path, error.lineno or 1, NEAR, f"cannot be parsed: {error.msg}")
        return
    except (OSError, ValueError, RecursionError, MemoryError):
        return
    if tree is None:
        return
    logging = _from_logging(tree)
    for node in _statements(tree.body):
        for name, sure, why in _meaning(node, logging):
            yield HandlerCandidate(handler_of(shown, name), path, node.lineno, sure, why)


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when a module is imported; of conditions all branches."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            for field in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(node, field, ()))


def _meaning(node: ast.stmt, logging: frozenset[str]) -> Iterator[tuple[str, int, str]]:
    """(name, how sure, what it is) of what a statement binds."""
    if isinstance(node, ast.FunctionDef):
        sure, why = _function(node)
        if sure:
            yield node.name, sure, why
    elif isinstance(node, ast.ClassDef | ast.AsyncFunctionDef):
        yield from _awaited(node) if isinstance(node, ast.AsyncFunctionDef) else _methods(node)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name):
                yield from _assigned(target.id, node.value, logging)


def _function(node: ast.FunctionDef) -> tuple[int, str]:
    """How sure it is that a function is a handler, and why; 0 for one that is none."""
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    needed = len(names) - len(node.args.defaults)
    takes_two = needed <= 2 and (len(names) >= 2 or node.args.vararg is not None)
    if node.name in NAMES:
        return _of_usual_name(names, takes_two=takes_two)
    if _are_event_and_context(names):
        return LIKELY, f"takes ({', '.join(names)})"
    return (0, "") if node.name.startswith("_") else _of_other_name(node.name, names, takes_two=takes_two)


def _of_other_name(name: str, names: list[str], *, takes_two: bool) -> tuple[int, str]:
    """As `_function`, of one that is called otherwise."""
    if "handler" in name and takes_two:
        return NEAR, f"takes {len(names)} arguments, and is called {name}"
    if names[:1] in (["event"], ["evt"]):
        return NEAR, f"takes ({', '.join(names)}), not (event, context)"
    return 0, ""


def _awaited(node: ast.AsyncFunctionDef) -> Iterator[tuple[str, int, str]]:
    if node.name in NAMES:
        yield node.name, NEAR, "is `async def`, which Lambda does not await"


def _methods(node: ast.ClassDef) -> Iterator[tuple[str, int, str]]:
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and _are_event_and_context([a.arg for a in method.args.args[1:]]):
            yield f"{node.name}.{method.name}", NEAR, f"is a method; Lambda calls a name of the module, as {NAMES[0]}"


def _of_usual_name(names: list[str], *, takes_two: bool) -> tuple[int, str]:
    """As `_function`, of one that is called as handlers are."""
    if names and names[0] in _OTHERS:
        return NEAR, f"takes ({', '.join(names)}), as handlers of another kind do"
    if not takes_two:
        return NEAR, f"takes {len(names)} arguments, and Lambda gives 2"
    return SURE, f"takes ({', '.join(names)})"


def _are_event_and_context(names: list[str]) -> bool:
    if len(names) != 2:
        return False
    event, context = names
    return event in _EVENTS and context in _CONTEXTS and event + context != "__"


def _assigned(name: str, value: ast.expr, logging: frozenset[str]) -> Iterator[tuple[str, int, str]]:
    called = _called(value)
    if called in _FRAMEWORKS:
        yield name, SURE, f"is a {called} object"
    elif name in NAMES and isinstance(value, ast.Call | ast.Name | ast.Attribute | ast.Lambda | ast.Subscript):
        root = _root(value)
        if root not in logging:
            yield name, SURE, f"is what {called or root or 'an expression'} gives"


def _called(value: ast.expr) -> str:
    return end_name(value.func) if isinstance(value, ast.Call) else ""


def _root(value: ast.expr) -> str:
    node: ast.AST = value
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return bare_name(node)


def _from_logging(tree: ast.Module) -> frozenset[str]:
    """Names that stand for the logging module and what is in it: its handlers are of another kind."""
    names = {"logging"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names.update(_taken_from_logging(node))
        elif isinstance(node, ast.Import):
            names.update(alias.asname for alias in node.names if alias.asname and alias.name.startswith("logging"))
    return frozenset(names)


def _taken_from_logging(node: ast.ImportFrom) -> Iterator[str]:
    package = (node.module or "").partition(".")[0]
    if package == "logging":
        yield from map(taken_name, node.names)
