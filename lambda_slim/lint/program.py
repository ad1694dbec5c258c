"""What runs when: INIT is what importing the handler runs, INVOKE what the handler calls, always or only on some paths.

Only calls that can be told for certain are followed (names and attributes of first-party modules); what is not
followed gives no finding.
"""

import ast
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, ClassVar

from lambda_slim.formats.python_syntax import nodes_of, of_kind, targets_of
from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.modules import FunctionNode, Import, ParsedModule
from lambda_slim.lint.syntax import prefixes, root_name, top_name
from lambda_slim.lint.tables import tabled
from lambda_slim.lint.uses import Uses

Key = tuple[str, str]  # module, qualified name
_DEEPEST = 40  # calls within calls that are followed; each takes several levels of ours, and Python has 1,000


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
            name = ".".join([*folders[:end], dotted])
            owner = self._owner(name)
            if owner and len(owner.split(".")) > end:  # not just the folder that the import is tried in
                return name
        return ""

    def imported_by(self, module: ParsedModule, imports: Iterable[Import] | None = None) -> Iterator[str]:
        """Names of the project that the imports of a module, or some in its functions, may load."""
        for imported in module.imports if imports is None else imports:
            for dotted in (imported.target, imported.module):
                yield from prefixes(self.resolve(module, dotted))

    def imports(self) -> Iterator[tuple[ParsedModule, Import]]:
        """The imports of all modules' own levels."""
        for module in self.modules.values():
            for imported in module.imports:
                yield module, imported

    def is_first_party(self, module: ParsedModule, dotted: str) -> bool:
        """Whether a module that another asks for is of the project, or lies below one."""
        return bool(self.resolve(module, dotted) or self.resolve(module, top_name(dotted)))

    def _owner(self, dotted: str) -> str:
        """The innermost module that a dotted name lies in; empty where it is none of the project."""
        return next((name for name in reversed(list(prefixes(dotted))) if name in self.modules), "")

    def function(self, module: ParsedModule, node: ast.AST) -> Key | None:
        """The first-party function that a call's `func` names."""
        if isinstance(node, ast.Name):
            return _local(module, node) or self._imported(module, module.dotted(node))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            return _method(module, node)
        return self._imported(module, module.dotted(node))

    def _imported(self, module: ParsedModule, dotted: str) -> Key | None:
        """The function of another module, or the constructor of its class, that a dotted name stands for."""
        owner, inner = self._divided(self.resolve(module, dotted) if dotted else "")
        return _function_or_class(self.modules[owner], inner) if owner else None

    def _divided(self, name: str) -> tuple[str, str]:
        """A dotted name as the innermost module that it lies in, and its name there; "" where that is none."""
        owner = self._owner(name)
        return owner, name[len(owner) + 1 :]

    def place(self, module: ParsedModule, node: ast.expr) -> tuple[str, str]:
        """The first-party module that has what a name stands for, and its name there; "" where it is none."""
        dotted, root = module.dotted(node), root_name(node)
        if root and not dotted:
            return self._divided(f"{module.name}.{root}")
        return self._divided(self.resolve(module, dotted))

    def methods(self, module: ParsedModule, node: ast.expr) -> Iterator[Key]:
        """The methods that a framework calls, of the first-party class that a name stands for."""
        owner, name = self.place(module, node)
        for key in self.modules[owner].functions if owner else ():
            head, _, method = key.rpartition(".")
            if head == name and method in load_lint_tables().methods:
                yield owner, key

    def uses(self, key: Key) -> Uses:
        """Names that a function takes, with the functions that it calls."""
        if key in self._uses:
            return self._uses[key]
        if key in self._busy or len(self._busy) == _DEEPEST:
            return Uses()
        self._busy.add(key)
        module = self.modules[key[0]]
        uses = self._block(module, module.functions[key[1]].body)
        self._busy.discard(key)
        self._uses[key] = uses
        return uses

    def _block(self, module: ParsedModule, body: Iterable[ast.AST]) -> Uses:
        uses = Uses()
        for node in body:
            uses = uses.then(self._node(module, node))
        return uses

    def _node(self, module: ParsedModule, node: ast.AST) -> Uses:
        read = self._readers.get(type(node))
        return read(self, module, node) if read else self._children(module, node)

    def _children(self, module: ParsedModule, node: ast.AST) -> Uses:
        return self._block(module, ast.iter_child_nodes(node))

    def _name(self, module: ParsedModule, node: ast.Name | ast.Attribute) -> Uses:
        if dotted := module.dotted(node):
            return Uses.of(f"{module.name}:{root_name(node)}", dotted)
        return self._children(module, node)

    def _definition(self, module: ParsedModule, node: FunctionNode) -> Uses:
        return self._block(module, node.body).maybe()

    def _lambda(self, module: ParsedModule, node: ast.Lambda) -> Uses:
        return self._node(module, node.body).maybe()

    def _call(self, module: ParsedModule, node: ast.Call) -> Uses:
        inside = self._children(module, node)
        key = self.function(module, node.func)
        if key:
            return inside.then(self.uses(key)).then(Uses.of(_mark(key)))
        for entry in tabled(self, module, node.func):
            inside = inside.then(self.uses(entry).then(Uses.of(_mark(entry))).maybe())
        return inside

    def _if(self, module: ParsedModule, node: ast.If) -> Uses:
        test, taken = self._node(module, node.test), self._block(module, node.body)
        if _fills(node):
            return test.then(taken)
        return test.then(taken.or_else(self._block(module, node.orelse)))

    def _conditional(self, module: ParsedModule, node: ast.IfExp) -> Uses:
        branches = self._node(module, node.body).or_else(self._node(module, node.orelse))
        return self._node(module, node.test).then(branches)

    def _try(self, module: ParsedModule, node: ast.Try) -> Uses:
        handlers = self._block(module, node.handlers).maybe()
        return self._block(module, [*node.body, *node.orelse, *node.finalbody]).then(handlers)

    def _match(self, module: ParsedModule, node: ast.Match) -> Uses:
        cases = [self._node(module, case) for case in node.cases]
        return self._node(module, node.subject).then(functools.reduce(Uses.or_else, cases).maybe())

    def _operands(self, module: ParsedModule, node: ast.BoolOp) -> Uses:
        return self._node(module, node.values[0]).then(self._block(module, node.values[1:]).maybe())

    _readers: ClassVar[Mapping[type, Callable[["Program", ParsedModule, Any], Uses]]] = {
        ast.Name: _name,
        ast.Attribute: _name,
        ast.Call: _call,
        ast.FunctionDef: _definition,
        ast.AsyncFunctionDef: _definition,
        ast.Lambda: _lambda,
        ast.If: _if,
        ast.IfExp: _conditional,
        ast.Try: _try,
        ast.Match: _match,
        ast.BoolOp: _operands,
    }

    def invoked(self) -> Mapping[Key, bool]:
        """Functions that an invocation can reach; whether it always does."""
        reached: dict[Key, bool] = {}
        for entry in (*self.handlers, *self.routes):
            reached[entry] = reached.get(entry, False) or entry in self.handlers
            uses = self.uses(entry)
            for mark in filter(_is_call, uses.some):
                key = _key(mark)
                reached[key] = reached.get(key, False) or (reached[entry] and mark in uses.always)
        return reached

    def starts(self) -> frozenset[Key]:
        """Functions that module bodies call during INIT."""
        started: set[Key] = set()
        for name in self.init:
            module = self.modules[name]
            for call in of_kind(top_level(module.tree.body), ast.Call):
                if key := self.function(module, call.func):
                    started.add(key)
                    started.update(map(_key, filter(_is_call, self.uses(key).always)))
        return frozenset(started)


def _function_or_class(module: ParsedModule, name: str) -> Key | None:
    """The function of a module, or the constructor of its class, of some name."""
    for key in (name, f"{name}.__init__"):
        if key in module.functions:
            return module.name, key
    return None


def _local(module: ParsedModule, node: ast.Name) -> Key | None:
    """The function of the same module that a name stands for, or the constructor of its class."""
    name = f"{node.id}.__init__" if module.dotted(node) else node.id
    return _function_or_class(module, name)


def _method(module: ParsedModule, node: ast.Attribute) -> Key | None:
    """The method of the same class that `self.name` stands for."""
    owner, _, _ = module.function_of(node).rpartition(".")
    name = f"{owner}.{node.attr}"
    return (module.name, name) if owner and name in module.functions else None


def _fills(node: ast.If) -> bool:
    """Whether a branch makes what its test misses, `if client is None: client = …`: the first invocation takes it."""
    if node.orelse:
        return False
    asked = {root_name(part) for part in nodes_of(node.test, ast.expr)} - {""}
    parts = chain.from_iterable(map(ast.walk, node.body))
    targets = chain.from_iterable(targets_of(part) for part in parts if isinstance(part, ast.Assign | ast.AnnAssign))
    return not asked.isdisjoint(map(_assigned_name, targets))


def _assigned_name(target: ast.expr) -> str:
    return root_name(target.value if isinstance(target, ast.Subscript) else target)


def _is_call(mark: str) -> bool:
    return mark.startswith("call ")


def _mark(key: Key) -> str:
    return f"call {key[0]}:{key[1]}"


def _key(mark: str) -> Key:
    module, _, name = mark[5:].partition(":")
    return module, name


def top_level(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Nodes of a module that run when it is imported: not function bodies, not `__main__`, not TYPE_CHECKING."""
    todo = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, FunctionNode | ast.Lambda):
            todo += _evaluated(node)
        elif isinstance(node, ast.If) and not _runs(node.test):
            todo += node.orelse
        else:
            yield node
            todo.extend(ast.iter_child_nodes(node))


def _evaluated(node: FunctionNode | ast.Lambda) -> list[ast.expr]:
    """What the definition of a function evaluates: its defaults, then its decorators."""
    defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
    return [*defaults, *(node.decorator_list if isinstance(node, FunctionNode) else [])]


def _runs(test: ast.expr) -> bool:
    text = ast.unparse(test)
    return not ("__name__" in text or text.rpartition(".")[2] == "TYPE_CHECKING")
