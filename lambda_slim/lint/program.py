"""What runs when: INIT is what importing the handler runs, INVOKE what the handler calls, always or only on some paths.

Only calls that can be told for certain are followed (names and attributes of first-party modules); what is not
followed gives no finding.
"""

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lambda_slim.lint.modules import FunctionNode, ParsedModule

Key = tuple[str, str]  # module, qualified name
_ROUTES = frozenset({"get", "post", "put", "delete", "patch", "head", "options", "route", "api_route", "websocket"})
_EVENT_NAMES = frozenset({"event", "_event", "evt", "request", "_"})
_CONTEXT_NAMES = frozenset({"context", "_context", "ctx", "_ctx", "_", "__", "lambda_context"})


@dataclass(frozen=True, slots=True)
class Uses:
    """Dotted names that code takes on every path, and those that it takes on some."""

    always: frozenset[str] = frozenset()
    some: frozenset[str] = frozenset()

    def then(self, other: "Uses") -> "Uses":
        """Both, one after the other."""
        return Uses(self.always | other.always, self.some | other.some)

    def or_else(self, other: "Uses") -> "Uses":
        """One or the other."""
        return Uses(self.always & other.always, self.some | other.some)

    def maybe(self) -> "Uses":
        """The same on some paths only."""
        return Uses(frozenset(), self.some)


@dataclass(slots=True)
class Program:
    """All files of a project together."""

    modules: Mapping[str, ParsedModule]
    handlers: tuple[Key, ...]
    init: frozenset[str]  # modules that importing the handlers loads
    routes: tuple[Key, ...] = ()  # functions that a framework calls for some events
    _uses: dict[Key, Uses] = field(default_factory=dict)
    _busy: set[Key] = field(default_factory=set)

    def resolve(self, module: ParsedModule, dotted: str) -> str:
        """The first-party name that a dotted name stands for in a module; empty where it is none.

        Code roots are not known, so every folder above the file is tried, nearest first.
        """
        folders = module.name.split(".")[: None if module.package else -1]
        for end in range(len(folders), -1, -1):
            found = ".".join([*folders[:end], dotted])
            owner = self._owner(found)
            if owner and len(owner.split(".")) > end:  # not just the folder that the import is tried in
                return found
        return ""

    def _owner(self, dotted: str) -> str:
        parts = dotted.split(".")
        for end in range(len(parts), 0, -1):
            name = ".".join(parts[:end])
            if name in self.modules:
                return name
        return ""

    def function(self, module: ParsedModule, node: ast.AST) -> Key | None:
        """The first-party function that a call's `func` names."""
        if isinstance(node, ast.Name) and node.id in module.functions and not module.dotted(node):
            return module.name, node.id
        if isinstance(node, ast.Name) and f"{node.id}.__init__" in module.functions:
            return module.name, f"{node.id}.__init__"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            owner, _, _ = module.function_of(node).rpartition(".")
            name = f"{owner}.{node.attr}"
            return (module.name, name) if owner and name in module.functions else None
        dotted = module.dotted(node)
        return self._imported(module, dotted) if dotted else None

    def _imported(self, module: ParsedModule, dotted: str) -> Key | None:
        found = self.resolve(module, dotted)
        owner = self._owner(found) if found else ""
        rest = found[len(owner) + 1 :]
        for name in (rest, f"{rest}.__init__"):
            if owner and rest and name in self.modules[owner].functions:
                return owner, name
        return None

    def uses(self, key: Key) -> Uses:
        """Names that a function takes, with the functions that it calls."""
        if key in self._uses:
            return self._uses[key]
        if key in self._busy:
            return Uses()
        self._busy.add(key)
        module = self.modules[key[0]]
        found = self._block(module, module.functions[key[1]].body)
        self._busy.discard(key)
        self._uses[key] = found
        return found

    def _block(self, module: ParsedModule, body: Iterable[ast.AST]) -> Uses:
        found = Uses()
        for node in body:
            found = found.then(self._node(module, node))
        return found

    def _node(self, module: ParsedModule, node: ast.AST) -> Uses:
        if isinstance(node, ast.If | ast.IfExp):
            body = node.body if isinstance(node, ast.If) else [node.body]
            orelse = node.orelse if isinstance(node, ast.If) else [node.orelse]
            taken = self._block(module, body)
            branches = taken if _fills(node) else taken.or_else(self._block(module, orelse))
            return self._node(module, node.test).then(branches)
        if isinstance(node, ast.Try):
            handlers = self._block(module, node.handlers).maybe()
            return self._block(module, [*node.body, *node.orelse, *node.finalbody]).then(handlers)
        if isinstance(node, ast.Match):
            cases = [self._node(module, case) for case in node.cases]
            return self._node(module, node.subject).then(functools.reduce(Uses.or_else, cases).maybe())
        if isinstance(node, ast.BoolOp):
            return self._node(module, node.values[0]).then(self._block(module, node.values[1:]).maybe())
        if isinstance(node, FunctionNode | ast.Lambda):
            body = node.body if isinstance(node, FunctionNode) else [node.body]
            return self._block(module, body).maybe()
        if isinstance(node, ast.Name | ast.Attribute) and (dotted := module.dotted(node)):
            return Uses(*(frozenset({f"{module.name}:{_root(node)}", dotted}),) * 2)
        if isinstance(node, ast.Call) and (key := self.function(module, node.func)):
            inside = self._block(module, ast.iter_child_nodes(node))
            return inside.then(self.uses(key)).then(Uses(*(frozenset({_mark(key)}),) * 2))
        return self._block(module, ast.iter_child_nodes(node))

    def invoked(self) -> Mapping[Key, bool]:
        """Functions that an invocation can reach; whether it always does."""
        found: dict[Key, bool] = {}
        for entry in (*self.handlers, *self.routes):
            uses = self.uses(entry)
            found[entry] = found.get(entry, False) or entry in self.handlers
            for mark in uses.some:
                if mark.startswith("call "):
                    module, _, name = mark[5:].partition(":")
                    found[module, name] = found.get((module, name), False) or (found[entry] and mark in uses.always)
        return found

    def starts(self) -> frozenset[Key]:
        """Functions that module bodies call during INIT."""
        found: set[Key] = set()
        for name in self.init:
            module = self.modules[name]
            for node in top_level(module.tree.body):
                if isinstance(node, ast.Call) and (key := self.function(module, node.func)):
                    marks = self.uses(key).always
                    found |= {key, *(_key(mark) for mark in marks if mark.startswith("call "))}
        return frozenset(found)


def _fills(node: ast.If | ast.IfExp) -> bool:
    """Whether a branch makes what its test misses, `if client is None: client = …`: the first invocation takes it."""
    if not isinstance(node, ast.If) or node.orelse:
        return False
    asked = {_root(one) for one in ast.walk(node.test) if isinstance(one, ast.Name | ast.Attribute)}
    targets = [
        target
        for statement in node.body
        for one in ast.walk(statement)
        if isinstance(one, ast.Assign | ast.AnnAssign)
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
    ]
    return any(_root(target.value if isinstance(target, ast.Subscript) else target) in asked for target in targets)


def _mark(key: Key) -> str:
    return f"call {key[0]}:{key[1]}"


def _key(mark: str) -> Key:
    module, _, name = mark[5:].partition(":")
    return module, name


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def top_level(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Nodes of a module that run when it is imported: not function bodies, not `__main__`, not TYPE_CHECKING."""
    todo = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, FunctionNode | ast.Lambda):
            todo += [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]
            todo += node.decorator_list if isinstance(node, FunctionNode) else []
            continue
        if isinstance(node, ast.If) and not _runs(node.test):
            todo += node.orelse
            continue
        yield node
        todo.extend(ast.iter_child_nodes(node))


def _runs(test: ast.expr) -> bool:
    text = ast.unparse(test)
    return not ("__name__" in text or text.rpartition(".")[2] == "TYPE_CHECKING")


def make_program(modules: Sequence[ParsedModule], handlers: Iterable[str] = ()) -> Program:
    """The program of some files.

    Args:
        modules: First-party files.
        handlers: As Lambda reads them, `src.app.handler`; where none is given, functions that look like handlers.
    """
    known = {module.name: module for module in modules}
    found = tuple(_named(known, handlers) or (key for module in modules for key in _likely(module)))
    program = Program(known, found, frozenset())
    init = _loaded(program, {module for module, _ in found})
    routes = tuple(key for name in sorted(init) for key in _routes(known[name]))
    return Program(known, found, init, routes)


def _named(modules: Mapping[str, ParsedModule], handlers: Iterable[str]) -> list[Key]:
    found = []
    for handler in handlers:
        module, _, name = handler.replace("/", ".").rpartition(".")
        found += [(one, name) for one in modules if one == module and name in modules[one].functions]
    return found


def _likely(module: ParsedModule) -> Iterator[Key]:
    for name, node in module.functions.items():
        arguments = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
        if "." in name or len(arguments) != 2:
            continue
        first, second = arguments
        named = name in ("handler", "lambda_handler") or name.endswith("_handler")
        if (named and second in _CONTEXT_NAMES) or (first in _EVENT_NAMES and second in _CONTEXT_NAMES - {"_", "__"}):
            yield module.name, name


def _routes(module: ParsedModule) -> Iterator[Key]:
    for name, node in module.functions.items():
        for decorator in node.decorator_list:
            if (
                isinstance(decorator, ast.Call)
                and isinstance(decorator.func, ast.Attribute)
                and decorator.func.attr in _ROUTES
            ):
                yield module.name, name


def _loaded(program: Program, roots: Iterable[str]) -> frozenset[str]:
    seen: set[str] = set()
    todo = list(roots)
    while todo:
        name = todo.pop()
        if name in seen or name not in program.modules:
            continue
        seen.add(name)
        module = program.modules[name]
        for one in module.imports:
            for dotted in (one.target, one.module):
                found = program.resolve(module, dotted)
                parts = found.split(".")
                todo.extend(".".join(parts[:end]) for end in range(1, len(parts) + 1))
    return frozenset(seen)
