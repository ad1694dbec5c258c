"""Rules on INIT: work that every cold start waits for."""

import ast
from collections.abc import Iterable, Iterator

from lambda_slim.formats.python_syntax import nodes_of, of_kind
from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.modules import ParsedModule, own_nodes
from lambda_slim.lint.program import Program, top_level
from lambda_slim.lint.syntax import assigns_name

_TRAINERS = ("sklearn.", "xgboost.", "lightgbm.", "catboost.")


def heavy(program: Program) -> Iterator[Mark]:
    """Sleeping, network calls, child processes and training at module level, or in functions it calls."""
    for name in sorted(program.init):
        module = program.modules[name]
        yield from _judge(module, top_level(module.tree.body))
    for name, function in sorted(program.starts()):
        module = program.modules[name]
        yield from _judge(module, own_nodes(module.functions[function]))


def _judge(module: ParsedModule, nodes: Iterable[ast.AST]) -> Iterator[Mark]:
    """The calls among some nodes that take time."""
    for call in of_kind(nodes, ast.Call):
        called = module.dotted(call.func)
        for what in _waits_for(called):
            yield Mark("LS205", module, call, f"`{called}` {what} during INIT: every cold start waits for it")
        if _trains(module, call):
            yield Mark("LS205", module, call, "a model is trained during INIT: every cold start trains it again")


def _waits_for(called: str) -> list[str]:
    """What a function that is known to be slow does."""
    tables = load_lint_tables()
    slow = {"sleeps": tables.sleeping, "waits for the network": tables.network, "starts a process": tables.processes}
    return [what for what, names in slow.items() if called in names]


def _trains(module: ParsedModule, node: ast.Call) -> bool:
    """`.fit(…)` of an estimator that the module imports and makes itself."""
    if not (isinstance(node.func, ast.Attribute) and node.func.attr in ("fit", "fit_transform")):
        return False
    maker = node.func.value
    if isinstance(maker, ast.Name):
        maker = _only_value(module, maker.id) or maker
    return isinstance(maker, ast.Call) and module.dotted(maker.func).startswith(_TRAINERS)


def _only_value(module: ParsedModule, name: str) -> ast.expr | None:
    """What a name stands for, where the module assigns to it once."""
    match [node.value for node in nodes_of(module.tree, ast.Assign) if assigns_name(node, name)]:
        case [value]:
            return value
        case _:
            return None
