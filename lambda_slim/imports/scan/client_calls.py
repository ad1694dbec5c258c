"""Calls that make AWS clients: `session.client(name)`."""

import ast
from typing import TYPE_CHECKING

from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.arguments import first, plain, source_line
from lambda_slim.imports.scan.evaluation import evaluate
from lambda_slim.imports.scan.fold import dotted
from lambda_slim.imports.scan.values import COMPUTED_TEXT, Value

if TYPE_CHECKING:
    from lambda_slim.imports.scan.calls import Calls

SERVICE_METHODS = frozenset(
    {"client", "resource", "create_client", "get_service_model", "load_service_model", "get_service_data"}
)
_SDK = ("boto3.", "aioboto3.")
_MAKERS = frozenset({"client", "resource", "create_client"})


def note_service(calls: "Calls", node: ast.Call, name: str) -> None:
    """`boto3.client(name)`; first-party `create_client(name)` or `role.client(name)` may hand the name on."""
    if calls.scanner.own and name != calls.function():
        calls.helper(node, name)
    argument = first(node, ("service_name", "service"))
    if argument is not None:
        _add_client(calls, node, plain(node.func), evaluate(argument, calls.scanner.scope()))
    elif _unpacks_arguments(node):
        _add_client(calls, node, plain(node.func), COMPUTED_TEXT)


def _unpacks_arguments(node: ast.Call) -> bool:
    """`client(*args)` or `client(**options)`."""
    return any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords)


def note_client_reference(calls: "Calls", node: ast.expr, meaning: str) -> bool:
    """First-party code hands `boto3.client` on without calling it, so any service could be asked of it.

    Returns:
        Whether the reference is to something of the SDK.
    """
    if not (meaning.startswith(_SDK) or "session." in meaning.lower()):
        return False
    if meaning.rpartition(".")[2] in _MAKERS:
        _add_client(calls, node, node, COMPUTED_TEXT)
    return True


def _add_client(calls: "Calls", node: ast.expr, func: ast.expr, service: Value) -> None:
    patterns = tuple(sorted(service.patterns))
    row = f.Service(node.lineno, dotted(func), patterns, service.origin, calls.function(), source_line(node))
    calls.services.append(row)
