"""What the scanner does at expressions: texts, lists, attributes, calls."""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lambda_slim.formats.python_syntax import argument_values
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.certain import asks_version
from lambda_slim.imports.scan.evaluation import evaluate
from lambda_slim.imports.scan.fold import truth
from lambda_slim.imports.scan.syntax import template_like

if TYPE_CHECKING:
    from lambda_slim.imports.scan.scanner import Scanner

_LONGEST_CHAIN = 5  # names of an attribute chain that are kept


def visit_either(scanner: "Scanner", node: ast.IfExp) -> None:
    """A conditional expression."""
    answer = truth(node.test, scanner.version, scanner.constants)
    scanner.visit(node.test)
    if answer is not False:
        scanner.visit(node.body)
    if answer is not True:
        scanner.visit(node.orelse)


def visit_constant(scanner: "Scanner", node: ast.Constant) -> None:
    """A literal: text that looks like a module's name is kept."""
    text = node.value
    if not isinstance(text, str):
        return
    if scanner.own and text.endswith(".py") and "/" in text:
        text = text.removesuffix(".py").strip("./").replace("/", ".")  # a script that is run by its path
    scanner.notes.add_text(text, node.lineno)


def visit_items(scanner: "Scanner", node: ast.List | ast.Tuple | ast.Set) -> None:
    """A list of things; first-party code lists what a framework is to load."""
    if scanner.own:
        scanner.notes.add_given(node.elts)
    for item in node.elts:
        if scanner.own:
            scanner.notes.add_item(item)
        scanner.visit(item)


def visit_template(scanner: "Scanner", node: ast.JoinedStr | ast.BinOp) -> None:
    """Text put together: a pattern such as `pkg.backends.*` is kept like text."""
    if scanner.gate is None and template_like(node):
        for pattern in sorted(evaluate(node, scanner.scope()).patterns):
            scanner.notes.add_template(pattern, node.lineno)
    if isinstance(node, ast.BinOp):
        scanner.body([node.left, node.right])
    else:
        scanner.body([part for part in node.values if not isinstance(part, ast.Constant)])


def visit_attribute(scanner: "Scanner", node: ast.Attribute) -> None:
    """`a.b.c`: a chain if it starts at a name."""
    if scanner.own and node is not scanner.called:
        scanner.calls.reference(node)
    parts = [node.attr]
    value = node.value
    while value.__class__ is ast.Attribute:
        parts.append(value.attr)
        value = value.value
    if value.__class__ is ast.Name:
        scanner.chain(node, ".".join((value.id, *parts[:-_LONGEST_CHAIN:-1])))
    else:
        scanner.visit(value)


def visit_call(scanner: "Scanner", node: ast.Call) -> None:
    """A call: an import by name, a listing of a package, a service client, or just its parts."""
    scanner.calls.call(node)
    name = asks_version(node, scanner.meaning(node.func))
    if name:
        scanner.versions.append(f.Version(node.lineno, name, scanner.when()))
    scanner.called = node.func
    scanner.visit(node.func)
    joins = isinstance(node.func, ast.Attribute) and node.func.attr == "join"
    for argument in node.args:
        if joins and isinstance(argument, ast.List | ast.Tuple):
            scanner.body(argument.elts)
        else:
            _visit_argument(scanner, argument)
    for keyword in node.keywords:
        scanner.visit(keyword.value)
    if scanner.own:
        scanner.notes.add_given(argument_values(node))


def _visit_argument(scanner: "Scanner", node: ast.expr) -> None:
    """What a call is given; first-party code may hand a function on."""
    if scanner.own and isinstance(node, ast.Name):
        scanner.calls.reference(node)
    scanner.visit(node)


def visit_nothing(scanner: "Scanner", node: ast.AST) -> None:
    """Nothing inside can matter."""


HANDLERS: dict[type, Callable[["Scanner", Any], None]] = {
    ast.IfExp: visit_either,
    ast.Constant: visit_constant,
    ast.List: visit_items,
    ast.Tuple: visit_items,
    ast.Set: visit_items,
    ast.JoinedStr: visit_template,
    ast.BinOp: visit_template,
    ast.Attribute: visit_attribute,
    ast.Call: visit_call,
    ast.Name: visit_nothing,
    ast.Pass: visit_nothing,
    ast.Global: visit_nothing,
}
