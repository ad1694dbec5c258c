"""Rule on work that outlives the answer."""

import ast
from collections.abc import Iterator

from lambda_slim.lint.invoke import calls
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.modules import FunctionNode, ParsedModule, own_nodes
from lambda_slim.lint.program import Program
from lambda_slim.lint.syntax import assigns_name, last_name

_THREADS = frozenset({"threading.Thread", "multiprocessing.Process", "multiprocessing.context.Process"})
_TASKS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_EXECUTORS = frozenset({"concurrent.futures.ThreadPoolExecutor", "concurrent.futures.thread.ThreadPoolExecutor"})
_RESPONSE_TASK = "starlette.background.BackgroundTask"  # which a response runs when it is sent
_HARMLESS = frozenset({"start", "daemon", "name"})  # attributes of a thread that do not wait for it


def background(program: Program) -> Iterator[Mark]:
    """Threads, tasks and submitted work that nothing waits for, and background tasks, for which the answer waits."""
    for module, function, call, _ in calls(program):
        result_is_dropped = isinstance(module.parents.get(id(call)), ast.Expr)
        added = result_is_dropped and _is_background_task(module, function, call)
        if added or module.dotted(call.func) == _RESPONSE_TASK:
            message = "this is not in the background on Lambda: the answer waits for it, or it freezes half done"
            yield Mark("LS206", module, call, message)
            continue
        what = _left_alone(module, function, call) if result_is_dropped else ""
        if what:
            message = f"{what}: it freezes when the handler returns, and may never end"
            yield Mark("LS206", module, call, message)


def _left_alone(module: ParsedModule, function: FunctionNode, call: ast.Call) -> str:
    """What is wrong with a call whose result is dropped; empty where it starts no work."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if module.dotted(call.func) in _TASKS and "all_tasks" not in ast.dump(function):
        return "this task is never awaited"
    if method == "run_in_executor":
        return "this work is never awaited"
    if method == "submit" and _submits(module, function, call):
        return "nothing waits for this work"
    return "nothing joins this thread" if method == "start" and _starts(module, function, call) else ""


def _is_background_task(module: ParsedModule, function: FunctionNode, call: ast.Call) -> bool:
    """`tasks.add_task(send)` of FastAPI or Starlette, where `tasks` is a parameter or made here."""
    owner = _owner(call)
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "add_task" and isinstance(owner, ast.Name)):
        return False
    every = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    kinds = [argument.annotation for argument in every if argument.arg == owner.id and argument.annotation]
    maker = _maker(function, owner.id)
    kinds += [maker.func] if maker else []
    return any(last_name(module.dotted(part)) == "BackgroundTasks" for kind in kinds for part in ast.walk(kind))


def _owner(call: ast.Call) -> ast.expr | None:
    """The object that a method is called on."""
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _maker(scope: ast.AST, name: str) -> ast.Call | None:
    """The call whose result a name stands for, where it is assigned once."""
    values = [node.value for node in own_nodes(scope) if isinstance(node, ast.Assign) and assigns_name(node, name)]
    return values[0] if len(values) == 1 and isinstance(values[0], ast.Call) else None


def _submits(module: ParsedModule, function: FunctionNode, call: ast.Call) -> bool:
    """Whether a call hands work to a thread pool that the function does not wait for."""
    owner = _owner(call)
    if not isinstance(owner, ast.Name):
        return False
    maker = _maker(function, owner.id) or _maker(module.tree, owner.id)
    waits = any(isinstance(node, ast.Attribute) and node.attr in ("shutdown", "wait") for node in ast.walk(function))
    return maker is not None and module.dotted(maker.func) in _EXECUTORS and not waits


def _starts(module: ParsedModule, function: FunctionNode, call: ast.Call) -> bool:
    """Whether a call starts a thread or process that the function neither joins nor hands on."""
    owner = _owner(call)
    if isinstance(owner, ast.Call):
        return module.dotted(owner.func) in _THREADS
    if not isinstance(owner, ast.Name):
        return False
    maker = _maker(function, owner.id)
    return maker is not None and module.dotted(maker.func) in _THREADS and _only_started(module, function, owner.id)


def _only_started(module: ParsedModule, function: FunctionNode, name: str) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            parent = module.parents.get(id(node))
            if not (isinstance(parent, ast.Attribute) and parent.attr in _HARMLESS):
                return False
    return True
