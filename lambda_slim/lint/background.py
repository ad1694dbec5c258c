"""Rule on work that outlives the answer."""

import ast
from collections.abc import Callable, Iterator

from lambda_slim.formats.python_syntax import bare_name, loads_of, nodes_of, of_kind
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
_FREEZES = ": it freezes when the handler returns, and may never end"
_ANSWER_WAITS = "this is not in the background on Lambda: the answer waits for it, or it freezes half done"


def background(program: Program) -> Iterator[Mark]:
    """Threads, tasks and submitted work that nothing waits for, and background tasks, for which the answer waits."""
    for module, function, call, _ in calls(program):
        result_is_dropped = isinstance(module.parents.get(id(call)), ast.Expr)
        message = _left_alone(module, function, call) if result_is_dropped else ""
        if module.dotted(call.func) == _RESPONSE_TASK:
            message = _ANSWER_WAITS
        if message:
            yield Mark("LS206", module, call, message)


def _left_alone(module: ParsedModule, function: FunctionNode, call: ast.Call) -> str:
    """What is wrong with a call whose result is dropped; empty where it starts no work."""
    if module.dotted(call.func) in _TASKS and "all_tasks" not in ast.dump(function):
        return f"this task is never awaited{_FREEZES}"
    if not isinstance(call.func, ast.Attribute):
        return ""
    starts_work, message = _METHODS.get(call.func.attr, (_never, ""))
    return message if starts_work(module, function, call.func.value) else ""


def _maker(module: ParsedModule, scope: ast.AST, name: str) -> str | None:
    """The dotted name of what is called for the value of a name; None where it is not assigned once, to a call."""
    assignments = of_kind(own_nodes(scope), ast.Assign)
    match [node.value for node in assignments if name and assigns_name(node, name)]:
        case [ast.Call(func=func)]:
            return module.dotted(func)
        case _:
            return None


def _adds_task(module: ParsedModule, function: FunctionNode, owner: ast.expr) -> bool:
    """`tasks.add_task(send)` of FastAPI or Starlette, where `tasks` is a parameter or made here."""
    name = bare_name(owner)
    parameters = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    annotations = {parameter.arg: parameter.annotation for parameter in parameters}
    parts = ast.walk(annotations.get(name) or ast.Pass())
    kinds = [_maker(module, function, name) or "", *map(module.dotted, parts)]
    return "BackgroundTasks" in map(last_name, kinds)


def _submits(module: ParsedModule, function: FunctionNode, owner: ast.expr) -> bool:
    """Whether the owner is a thread pool that the function does not wait for."""
    name = bare_name(owner)
    maker = _maker(module, function, name)
    if maker is None:
        maker = _maker(module, module.tree, name)
    attributes = {node.attr for node in nodes_of(function, ast.Attribute)}
    return maker in _EXECUTORS and attributes.isdisjoint({"shutdown", "wait"})


def _starts(module: ParsedModule, function: FunctionNode, owner: ast.expr) -> bool:
    """Whether the owner is a thread or process that the function neither joins nor hands on."""
    if isinstance(owner, ast.Call):
        return module.dotted(owner.func) in _THREADS
    name = bare_name(owner)
    return _maker(module, function, name) in _THREADS and _only_started(module, function, name)


def _only_started(module: ParsedModule, function: FunctionNode, name: str) -> bool:
    parents = [module.parents.get(id(node)) for node in loads_of(function, name)]
    return all(isinstance(parent, ast.Attribute) and parent.attr in _HARMLESS for parent in parents)


def _always(_module: ParsedModule, _function: FunctionNode, _owner: ast.expr) -> bool:
    return True


def _never(_module: ParsedModule, _function: FunctionNode, _owner: ast.expr) -> bool:
    return False


# Methods that start work: whether they do so on this owner, and what is wrong with dropping the result.
_METHODS: dict[str, tuple[Callable[[ParsedModule, FunctionNode, ast.expr], bool], str]] = {
    "add_task": (_adds_task, _ANSWER_WAITS),
    "run_in_executor": (_always, f"this work is never awaited{_FREEZES}"),
    "submit": (_submits, f"nothing waits for this work{_FREEZES}"),
    "start": (_starts, f"nothing joins this thread{_FREEZES}"),
}
