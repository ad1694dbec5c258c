"""What the scanner does at statements: imports, definitions, conditions, `try`, assignments."""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lambda_slim.formats.python_syntax import taken_name
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.calls import IMPORTERS
from lambda_slim.imports.scan.certain import catches_missing, is_harmless, raises
from lambda_slim.imports.scan.fold import dotted, truth
from lambda_slim.imports.scan.syntax import asked_for, catches_import_error, is_main

if TYPE_CHECKING:
    from lambda_slim.imports.scan.scanner import Scanner

_UNPICKLERS = frozenset({"pickle.Unpickler", "dill.Unpickler"})


def visit_import(scanner: "Scanner", node: ast.Import) -> None:
    """`import a.b, c as d`."""
    for alias in node.names:
        if alias.asname:
            scanner.meanings[alias.asname] = alias.name
        row = f.ScannedImport(node.lineno, scanner.how(), 0, alias.name, None, alias.asname or "", scanner.gate)
        scanner.note_import(row)


def visit_from(scanner: "Scanner", node: ast.ImportFrom) -> None:
    """`from ..a import b as c`."""
    scanner.meanings.update((taken_name(a), f"{node.module or ''}.{a.name}") for a in node.names)
    names = tuple(f"{a.name}:{a.asname}" if a.asname else a.name for a in node.names)
    row = f.ScannedImport(node.lineno, scanner.how(), node.level, node.module or "", names, "", scanner.gate)
    scanner.note_import(row)


def visit_function(scanner: "Scanner", node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """A function: what is in its body happens later; a module's `__getattr__` on request."""
    for part in (*node.decorator_list, node.args, *filter(None, (node.returns,))):
        scanner.visit(part)
    answers = node.name == "__getattr__" and not scanner.functions
    if answers:
        scanner.gate = ("*",)
        scanner.asked = node.args.args[0].arg if node.args.args else ""
    scanner.functions.append(node)
    scanner.depth += 1
    scanner.body(node.body)
    scanner.depth -= 1
    scanner.functions.pop()
    if answers:
        scanner.gate, scanner.asked = None, ""


def visit_lambda(scanner: "Scanner", node: ast.Lambda) -> None:
    """A function without a name."""
    scanner.visit(node.args)
    scanner.functions.append(node)
    scanner.depth += 1
    scanner.visit(node.body)
    scanner.depth -= 1
    scanner.functions.pop()


def visit_class(scanner: "Scanner", node: ast.ClassDef) -> None:
    """A class: its body runs at once."""
    for part in (*node.decorator_list, *node.bases, *node.keywords):
        scanner.visit(part)
    if not _UNPICKLERS.isdisjoint(map(scanner.meaning, node.bases)):
        scanner.calls.unpickles.append((node.lineno, f"class {node.name}"))
    scanner.functions.append(node)
    scanner.body(node.body)
    scanner.functions.pop()


def visit_if(scanner: "Scanner", node: ast.If) -> None:
    """A condition: only the branch that the target takes, where that is known."""
    if scanner.gate is not None and (asked := asked_for(node.test, scanner.asked)):
        before, scanner.gate = scanner.gate, asked
        scanner.body(node.body)
        scanner.gate = before
        scanner.body(node.orelse)
        return
    answer = False if is_main(node.test) else truth(node.test, scanner.version, scanner.constants)
    if answer is None:
        scanner.visit(node.test)
    with scanner.certainty.perhaps(on=answer is None):
        if answer is not False:
            scanner.body(node.body)
        if answer is not True:
            scanner.body(node.orelse)


def visit_branch(scanner: "Scanner", node: ast.For | ast.AsyncFor | ast.While | ast.Match) -> None:
    """A loop, or a choice: what is in it may never run."""
    with scanner.certainty.perhaps():
        scanner.parts(node)


def visit_try(scanner: "Scanner", node: ast.Try) -> None:
    """`try`: imports in it are optional when an ImportError is caught."""
    lenient = [handler for handler in node.handlers if catches_missing(handler.type)]
    optional = bool(lenient) and not all(map(raises, lenient))
    start = len(scanner.notes.imports)
    with scanner.guard(on=any(catches_import_error(handler.type) for handler in node.handlers)):
        with scanner.certainty.guarded(on=optional):
            scanner.body(node.body)
        tried = tuple(range(start, len(scanner.notes.imports)))
        for handler in node.handlers:
            with scanner.certainty.fallback(tried if handler in lenient else ()):
                scanner.visit(handler)
    with scanner.certainty.guarded(on=optional):
        scanner.body(node.orelse)
    scanner.body(node.finalbody)


def visit_with(scanner: "Scanner", node: ast.With | ast.AsyncWith) -> None:
    """`with suppress(ImportError)`."""
    scanner.body(node.items)
    catches = any(_suppresses_import_error(item.context_expr) for item in node.items)
    with scanner.guard(on=catches), scanner.certainty.guarded(on=catches or not all(map(is_harmless, node.items))):
        scanner.body(node.body)


def visit_expression(scanner: "Scanner", node: ast.Expr) -> None:
    """An expression statement; text alone is a docstring."""
    if not isinstance(node.value, ast.Constant):
        scanner.visit(node.value)


def visit_assign(scanner: "Scanner", node: ast.Assign) -> None:
    """`__all__ = …`, `__lazy_modules__ = …`; else like any statement."""
    for target in node.targets:
        if isinstance(target, ast.Name):
            _note_assignment(scanner, target.id, node.value)
        scanner.visit(target)
    scanner.visit(node.value)


def _note_assignment(scanner: "Scanner", name: str, value: ast.expr) -> None:
    """Keeps what the value tells of a name: a list, a constant, or another name of an import function."""
    if not scanner.functions:
        scanner.notes.add_assignment(name, value)
        scanner.note_constant(name, value)
    meaning = scanner.meaning(value)
    if meaning.rpartition(".")[2] in IMPORTERS:
        scanner.meanings[name] = meaning


def visit_augmented(scanner: "Scanner", node: ast.AugAssign) -> None:
    """`__all__ += …`."""
    if isinstance(node.target, ast.Name):
        scanner.notes.add_assignment(node.target.id, node.value)
    scanner.visit(node.value)


def _suppresses_import_error(context: ast.expr) -> bool:
    """Whether a context manager is `suppress(ImportError)`."""
    if not (isinstance(context, ast.Call) and dotted(context.func).endswith("suppress")):
        return False
    return any(catches_import_error(argument) for argument in context.args)


HANDLERS: dict[type, Callable[["Scanner", Any], None]] = {
    ast.Import: visit_import,
    ast.ImportFrom: visit_from,
    ast.FunctionDef: visit_function,
    ast.AsyncFunctionDef: visit_function,
    ast.Lambda: visit_lambda,
    ast.ClassDef: visit_class,
    ast.If: visit_if,
    ast.Try: visit_try,
    ast.TryStar: visit_try,
    **dict.fromkeys((ast.For, ast.AsyncFor, ast.While, ast.Match), visit_branch),
    ast.With: visit_with,
    ast.AsyncWith: visit_with,
    ast.Expr: visit_expression,
    ast.Assign: visit_assign,
    ast.AugAssign: visit_augmented,
}
