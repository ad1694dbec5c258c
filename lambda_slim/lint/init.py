"""Rules on INIT: work that every cold start waits for."""

import ast
from collections.abc import Iterator

from lambda_slim.formats.python_syntax import nodes_of
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
        for node in top_level(module.tree.body):
            yield from _judge(module, node)
    for name, function in sorted(program.starts()):
        module = program.modules[name]
        for node in own_nodes(module.functions[function]):
            yield from _judge(module, node)


def _judge(module: ParsedModule, node: ast.AST) -> Iterator[Mark]:
    if not isinstance(node, ast.Call):
        return
    tables = load_lint_tables()
    called = module.dotted(node.func)
    for names, what in (
        (tables.sleeping, "sleeps"),
        (tables.network, "waits for the network"),
        (tables.processes, "starts a process"),
    ):
        if called in names:
            yield Mark("LS205", module, node, f"`{called}` {what} during INIT: every cold start waits for it")
    if _trains(module, node):
        yield Mark("LS205", module, node, "a model is trained during INIT: every cold start trains it again")


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
    values = [node.value for node in nodes_of(module.tree, ast.Assign) if assigns_name(node, name)]
    return values[0] if len(values) == 1 else None
