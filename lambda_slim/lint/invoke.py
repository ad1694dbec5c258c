"""Rules on INVOKE: clients and secrets fetched anew, and what needs shared memory."""

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import chain

from lambda_slim.formats.python_syntax import argument_values, bare_name, end_name, nodes_of, of_kind, targets_of
from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.modules import FunctionNode, ParsedModule, local_names, own_nodes
from lambda_slim.lint.program import Program

_FETCH_BY = frozenset({"SecretId", "Name", "Names", "Path"})
_SHARED = frozenset(
    {f"multiprocessing.{name}" for name in ("Pool", "Queue", "JoinableQueue", "SimpleQueue", "Lock", "RLock")}
    | {f"multiprocessing.{name}" for name in ("Semaphore", "Value", "Array", "pool.Pool")}
    | {"concurrent.futures.ProcessPoolExecutor", "concurrent.futures.process.ProcessPoolExecutor"}
)
_CACHES = re.compile("once|memo|(?i:cache)")  # in the names of decorators that keep a result


def calls(program: Program) -> Iterator[tuple[ParsedModule, FunctionNode, ast.Call, bool]]:
    """Calls that an invocation makes, and whether their function always runs."""
    for (name, function), always in sorted(program.invoked().items()):
        module = program.modules[name]
        node = module.functions[function]
        for call in nodes_of(node, ast.Call):
            if not _in_signature(module, node, call):
                yield module, node, call, always


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
    for module, function, call, always in calls(program):
        called = module.dotted(call.func)
        if called in makers and _is_repeated(module, function, call):
            when = "in every invocation" if always else "each time this path runs"
            yield Mark("LS203", module, call, f"`{called}` makes {makers[called]} again {when}")


def secrets(program: Program) -> Iterator[Mark]:
    """Secrets and parameters with a fixed name, fetched in every invocation."""
    names = load_lint_tables().secrets
    for module, function, call, _ in calls(program):
        method = _fetching_method(module, call)
        if method in names and _is_repeated(module, function, call):
            yield Mark("LS204", module, call, f"`{method}` is asked for the same value in every invocation")


def _fetching_method(module: ParsedModule, call: ast.Call) -> str:
    """The method of a client that a call asks for something by its name; empty for other calls."""
    by_name = not _FETCH_BY.isdisjoint(keyword.arg for keyword in call.keywords)
    is_method = isinstance(call.func, ast.Attribute) and not module.dotted(call.func)
    return end_name(call.func) if by_name and is_method else ""


def _is_repeated(module: ParsedModule, function: FunctionNode, call: ast.Call) -> bool:
    """Whether a call gives the same for every event, and nothing keeps it for the next one."""
    return _constant(module, function, call) and not _kept(module, function, call)


def _constant(module: ParsedModule, function: FunctionNode, call: ast.Call) -> bool:
    """Whether the arguments are the same for every event: no local names, nothing unpacked, no calls but `getenv`."""
    scopes = module.functions_around(call)
    if scopes[:1] != [function] or not all(keyword.arg for keyword in call.keywords):
        return False
    local = frozenset[str]().union(*map(local_names, scopes))
    nodes = chain.from_iterable(map(ast.walk, argument_values(call)))
    return not any(_varies(module, node, local) for node in nodes)


def _varies(module: ParsedModule, node: ast.AST, local: frozenset[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in local
    if isinstance(node, ast.Call):
        return not _fixed(module, node)
    return isinstance(node, ast.Starred | ast.Await | ast.Yield | ast.Lambda)


def _fixed(module: ParsedModule, call: ast.Call) -> bool:
    called = module.dotted(call.func)
    return called in ("os.getenv", "os.environ.get") or called.endswith(".Config")


def _kept(module: ParsedModule, function: FunctionNode, node: ast.AST) -> bool:
    """Whether the value outlives the invocation, or is closed with it: a cache, a global, an attribute, a `with`."""
    if any(map(_caches, function.decorator_list)):
        return True
    child, itself = node, True
    for parent in module.above(node):
        if parent is function:
            return False
        if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            return _outlives(function, targets_of(parent))
        if itself and _takes(parent, child):
            return True
        itself = itself and not isinstance(parent, ast.Attribute)  # from here on it is what a method gives
        child = parent
    return False


def _caches(decorator: ast.expr) -> bool:
    return _CACHES.search(ast.unparse(decorator)) is not None


def _takes(parent: ast.AST, child: ast.AST) -> bool:
    """Whether a value is closed, handed out, or handed to something that may keep it."""
    if isinstance(parent, ast.Call):
        return child is not parent.func
    return isinstance(parent, ast.withitem | ast.Yield | ast.YieldFrom | ast.keyword)


def _outlives(function: FunctionNode, targets: Sequence[ast.expr]) -> bool:
    declared = (node.names for node in own_nodes(function) if isinstance(node, ast.Global | ast.Nonlocal))
    outer = {"", *chain.from_iterable(declared)}  # "": a target that is no name
    return not outer.isdisjoint(map(bare_name, targets)) or _stored(function, targets)


def _stored(function: FunctionNode, targets: Sequence[ast.expr]) -> bool:
    """Whether a local value is put somewhere that outlives the call: `cache[key] = client`, `self.client = client`."""
    names = {*map(bare_name, targets)} - {""}
    assignments = of_kind(own_nodes(function), ast.Assign)
    places = chain.from_iterable(node.targets for node in assignments if bare_name(node.value) in names)
    return any(isinstance(place, ast.Attribute | ast.Subscript) for place in places)


def shared_memory(program: Program) -> Iterator[Mark]:
    """Parts of `multiprocessing` that need /dev/shm, which Lambda does not have."""
    for module, _, call, _ in calls(program):
        called = module.dotted(call.func)
        if called in _SHARED:
            yield Mark(
                "LS212", module, call, f"`{called}` needs /dev/shm, which Lambda does not have: it raises OSError"
            )
