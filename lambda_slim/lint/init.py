"""Rules on INIT: work that every cold start waits for."""

import ast
from collections.abc import Iterator

from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.modules import ParsedModule, own_nodes
from lambda_slim.lint.program import Program, top_level

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
    facts = load_lint_tables()
    called = module.dotted(node.func)
    for names, what in (
        (facts.sleeping, "sleeps"),
        (facts.network, "waits for the network"),
        (facts.processes, "starts a process"),
    ):
        if called in names:
            yield Mark("LS205", module, node, f"`{called}` {what} during INIT: every cold start waits for it")
    if _trains(module, node):
        yield Mark("LS205", module, node, "a model is trained during INIT: every cold start trains it again")


def _trains(module: ParsedModule, node: ast.Call) -> bool:
    """`.fit(…)` of an estimator that the module imports and makes itself."""
    func = node.func
    if not (isinstance(func, ast.Attribute) and func.attr in ("fit", "fit_transform")):
        return False
    maker = func.value
    if isinstance(maker, ast.Name):
        made = [
            one.value
            for one in ast.walk(module.tree)
            if isinstance(one, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == maker.id for target in one.targets)
        ]
        maker = made[0] if len(made) == 1 else maker
    return isinstance(maker, ast.Call) and module.dotted(maker.func).startswith(_TRAINERS)
