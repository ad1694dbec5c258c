"""Rules on INVOKE: clients and secrets fetched anew, work that outlives the answer, globals that grow."""

import ast
from collections.abc import Iterator, Sequence

from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.modules import FunctionNode, ParsedModule, local_names, own_nodes
from lambda_slim.lint.program import Program, top_level

_FETCH_BY = frozenset({"SecretId", "Name", "Names", "Path"})
_THREADS = frozenset({"threading.Thread", "multiprocessing.Process", "multiprocessing.context.Process"})
_TASKS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_EXECUTORS = frozenset({"concurrent.futures.ThreadPoolExecutor", "concurrent.futures.thread.ThreadPoolExecutor"})
_SHARED = frozenset(
    {
        *(
            f"multiprocessing.{name}"
            for name in (
                "Pool",
                "Queue",
                "JoinableQueue",
                "SimpleQueue",
                "Lock",
                "RLock",
                "Semaphore",
                "Value",
                "Array",
            )
        ),
        "multiprocessing.pool.Pool",
        "concurrent.futures.ProcessPoolExecutor",
        "concurrent.futures.process.ProcessPoolExecutor",
    }
)
_EMPTY = frozenset({"list", "dict", "set", "defaultdict"})
_GROW = frozenset({"append", "extend", "insert", "add", "update"})


def _calls(program: Program) -> Iterator[tuple[ParsedModule, FunctionNode, ast.Call, bool]]:
    """Calls that an invocation makes, and whether their function always runs."""
    for (name, function), always in sorted(program.invoked().items()):
        module = program.modules[name]
        node = module.functions[function]
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and not _in_signature(module, node, inner):
                yield module, node, inner, always


def _in_signature(module: ParsedModule, function: FunctionNode, node: ast.AST) -> bool:
    """Whether a node is a default or in a decorator: those run once, at import."""
    child = node
    for parent in module.above(node):
        if parent is function:
            return child is function.args or child in function.decorator_list
        child = parent
    return False


def clients(program: Program) -> Iterator[Mark]:
    """Clients and connections that depend on nothing of the event, made in every invocation."""
    makers = load_lint_tables().clients
    for module, function, call, always in _calls(program):
        called = module.dotted(call.func)
        what = makers.get(called)
        if what and _constant(module, function, call) and not _kept(module, function, call):
            when = "in every invocation" if always else "each time this path runs"
            yield Mark("LS203", module, call, f"`{called}` makes {what} anew {when}")


def secrets(program: Program) -> Iterator[Mark]:
    """Secrets and parameters with a fixed name, fetched in every invocation."""
    names = load_lint_tables().secrets
    for module, function, call, _ in _calls(program):
        func = call.func
        if not (isinstance(func, ast.Attribute) and func.attr in names and not module.dotted(func)):
            continue
        by_name = any(keyword.arg in _FETCH_BY for keyword in call.keywords)
        if by_name and _constant(module, function, call) and not _kept(module, function, call):
            yield Mark("LS204", module, call, f"`{func.attr}` is asked for the same value in every invocation")


def _constant(module: ParsedModule, function: FunctionNode, call: ast.Call) -> bool:
    """Whether the arguments are the same for every event: no local names, nothing unpacked, no calls but `getenv`."""
    local = local_names(function)
    for scope in module.above(call):
        if isinstance(scope, FunctionNode) and scope is not function:
            return False
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        for node in ast.walk(argument):
            if isinstance(node, ast.Starred | ast.Await | ast.Yield | ast.Lambda):
                return False
            if isinstance(node, ast.Name) and node.id in local:
                return False
            if isinstance(node, ast.Call) and not _fixed(module, node):
                return False
    return all(keyword.arg for keyword in call.keywords)


def _fixed(module: ParsedModule, call: ast.Call) -> bool:
    called = module.dotted(call.func)
    return called in ("os.getenv", "os.environ.get") or called.endswith(".Config")


def _kept(module: ParsedModule, function: FunctionNode, node: ast.AST) -> bool:
    """Whether the value outlives the invocation, or is closed with it: a cache, a global, an attribute, a `with`."""
    for decorator in function.decorator_list:
        if any(
            "cache" in ast.unparse(decorator).lower() or word in ast.unparse(decorator) for word in ("once", "memo")
        ):
            return True
    outer = {name for one in own_nodes(function) if isinstance(one, ast.Global | ast.Nonlocal) for name in one.names}
    child = node
    for parent in module.above(node):
        if parent is function:
            return False
        if isinstance(parent, ast.withitem | ast.Yield | ast.YieldFrom | ast.keyword):
            return True
        if isinstance(parent, ast.Call) and child is not parent.func:
            return True  # handed to something that may keep it
        if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            return any(not isinstance(one, ast.Name) or one.id in outer for one in targets) or _stored(
                function, targets
            )
        child = parent
    return False


def _stored(function: FunctionNode, targets: Sequence[ast.expr]) -> bool:
    """Whether a local value is put somewhere that outlives the call: `cache[key] = client`, `self.client = client`."""
    names = {one.id for one in targets if isinstance(one, ast.Name)}
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
        and any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)
        for node in own_nodes(function)
    )


def background(program: Program) -> Iterator[Mark]:
    """Threads, tasks and submitted work that nothing waits for."""
    for module, function, call, _ in _calls(program):
        parent = module.parents.get(id(call))
        called = module.dotted(call.func)
        attribute = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        dropped = isinstance(parent, ast.Expr)
        if dropped and called in _TASKS and "all_tasks" not in ast.dump(function):
            yield _frozen(module, call, "this task is never awaited")
        elif dropped and attribute == "run_in_executor":
            yield _frozen(module, call, "this work is never awaited")
        elif dropped and attribute == "submit" and _executor(module, function, call):
            yield _frozen(module, call, "nothing waits for this work")
        elif dropped and attribute == "start" and _thread(module, function, call):
            yield _frozen(module, call, "nothing joins this thread")


def _frozen(module: ParsedModule, call: ast.Call, what: str) -> Mark:
    return Mark("LS206", module, call, f"{what}: it freezes when the handler returns, and may never end")


def _maker(scope: ast.AST, name: str) -> ast.Call | None:
    """The call whose result a name stands for, where it is assigned once."""
    made = [
        node.value
        for node in own_nodes(scope)
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == name for one in node.targets)
    ]
    return made[0] if len(made) == 1 and isinstance(made[0], ast.Call) else None


def _executor(module: ParsedModule, function: FunctionNode, call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(owner, ast.Name):
        return False
    maker = _maker(function, owner.id) or _maker(module.tree, owner.id)
    waits = any(isinstance(node, ast.Attribute) and node.attr in ("shutdown", "wait") for node in ast.walk(function))
    return maker is not None and module.dotted(maker.func) in _EXECUTORS and not waits


def _thread(module: ParsedModule, function: FunctionNode, call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(owner, ast.Call):
        return module.dotted(owner.func) in _THREADS
    if not isinstance(owner, ast.Name):
        return False
    maker = _maker(function, owner.id)
    if maker is None or module.dotted(maker.func) not in _THREADS:
        return False
    uses = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == owner.id]
    loaded = [node for node in uses if isinstance(node.ctx, ast.Load)]
    return all(
        isinstance(parent := module.parents.get(id(node)), ast.Attribute) and parent.attr in ("start", "daemon", "name")
        for node in loaded
    )


def growing(program: Program) -> Iterator[Mark]:
    """Module-level collections that invocations fill and nothing looks up, empties or bounds."""
    invoked = program.invoked()
    for name in sorted({module for module, _ in invoked}):
        module = program.modules[name]
        for variable in sorted(_collections(module)):
            grows = [node for node in _grown(module, variable) if (name, module.function_of(node)) in invoked]
            if grows and not _bounded(program, module, variable):
                message = f"`{variable}` lives as long as the sandbox and grows with every invocation"
                yield Mark("LS207", module, grows[0], message)


def _collections(module: ParsedModule) -> set[str]:
    found: dict[str, int] = {}
    for node in top_level(module.tree.body):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            value = node.value
            made = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _EMPTY
            if made or isinstance(value, ast.List | ast.Dict | ast.Set):
                for target in targets:
                    if isinstance(target, ast.Name):
                        found[target.id] = found.get(target.id, 0) + 1
    return {name for name, count in found.items() if count == 1}


def _global(module: ParsedModule, node: ast.AST, name: str) -> bool:
    """Whether an expression is the module's variable, not a local of that name."""
    if not (isinstance(node, ast.Name) and node.id == name):
        return False
    return not any(isinstance(scope, FunctionNode) and name in local_names(scope) for scope in module.above(node))


def _grown(module: ParsedModule, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(module.tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in _GROW and _global(module, called.value, name):
            yield called
        if isinstance(node, ast.Subscript) and _fills(node) and _global(module, node.value, name):
            yield node


def _fills(node: ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Store) and not isinstance(node.slice, ast.Constant | ast.Slice)


def _bounded(program: Program, module: ParsedModule, name: str) -> bool:
    """Whether anything looks the variable up, empties it, measures it, binds it anew or hands it on."""
    exported = any(
        one.target.rpartition(".")[2] in (name, "*") and program.resolve(other, one.module) == module.name
        for other in program.modules.values()
        for one in other.imports
    )
    if exported or any(isinstance(node, ast.Global) and name in node.names for node in ast.walk(module.tree)):
        return True
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) and _checks(module, node)
        for node in ast.walk(module.tree)
    )


def _checks(module: ParsedModule, node: ast.Name) -> bool:
    parent = module.parents.get(id(node))
    if isinstance(parent, ast.Attribute):
        return parent.attr not in _GROW
    if isinstance(parent, ast.Subscript):
        return not isinstance(parent.ctx, ast.Store) or isinstance(parent.slice, ast.Constant | ast.Slice)
    if isinstance(parent, ast.Compare):
        return True
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        return parent.func.id != "str"
    return isinstance(parent, ast.Call)


def shared_memory(program: Program) -> Iterator[Mark]:
    """Parts of `multiprocessing` that need /dev/shm, which Lambda has not."""
    for module, _, call, _ in _calls(program):
        called = module.dotted(call.func)
        if called in _SHARED:
            yield Mark("LS212", module, call, f"`{called}` needs /dev/shm, which Lambda has not: it raises OSError")
