"""What runs when: INIT is what importing the handler runs, INVOKE what the handler calls, always or only on some paths.

Only calls that can be told for certain are followed (names and attributes of first-party modules); what is not
followed gives no finding.
"""

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lambda_slim.formats.python_syntax import targets_of
from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.modules import FunctionNode, Import, ParsedModule
from lambda_slim.lint.syntax import prefixes, root_name
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
        name = self.resolve(module, dotted) if dotted else ""
        owner = self._owner(name) if name else ""
        inner = name[len(owner) + 1 :]
        if not owner or not inner:
            return None
        functions = self.modules[owner].functions
        return next(((owner, key) for key in (inner, f"{inner}.__init__") if key in functions), None)

    def place(self, module: ParsedModule, node: ast.expr) -> tuple[str, str]:
        """The first-party module that has what a name stands for, and its name there; "" where it is none."""
        dotted, root = module.dotted(node), root_name(node)
        name = self.resolve(module, dotted) if dotted or not root else f"{module.name}.{root}"
        owner = self._owner(name) if name else ""
        return owner, name[len(owner) + 1 :]

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
        if isinstance(node, ast.Name | ast.Attribute) and (dotted := module.dotted(node)):
            return Uses.of(f"{module.name}:{root_name(node)}", dotted)
        if isinstance(node, ast.Call):
            return self._call(module, node)
        if isinstance(node, FunctionNode):
            return self._block(module, node.body).maybe()
        if isinstance(node, ast.Lambda):
            return self._node(module, node.body).maybe()
        return self._branching(module, node) or self._block(module, ast.iter_child_nodes(node))

    def _call(self, module: ParsedModule, node: ast.Call) -> Uses:
        inside = self._block(module, ast.iter_child_nodes(node))
        key = self.function(module, node.func)
        if key:
            return inside.then(self.uses(key)).then(Uses.of(_mark(key)))
        for entry in tabled(self, module, node.func):
            inside = inside.then(self.uses(entry).then(Uses.of(_mark(entry))).maybe())
        return inside

    def _branching(self, module: ParsedModule, node: ast.AST) -> Uses | None:
        """What a statement or expression with several paths takes; None for others."""
        if isinstance(node, ast.If):
            return self._if(module, node, node.body, node.orelse)
        if isinstance(node, ast.IfExp):
            return self._if(module, node, [node.body], [node.orelse])
        if isinstance(node, ast.Try):
            handlers = self._block(module, node.handlers).maybe()
            return self._block(module, [*node.body, *node.orelse, *node.finalbody]).then(handlers)
        if isinstance(node, ast.Match):
            cases = [self._node(module, case) for case in node.cases]
            return self._node(module, node.subject).then(functools.reduce(Uses.or_else, cases).maybe())
        if isinstance(node, ast.BoolOp):
            return self._node(module, node.values[0]).then(self._block(module, node.values[1:]).maybe())
        return None

    def _if(
        self, module: ParsedModule, node: ast.If | ast.IfExp, body: Iterable[ast.AST], orelse: Iterable[ast.AST]
    ) -> Uses:
        taken = self._block(module, body)
        branches = taken if _fills(node) else taken.or_else(self._block(module, orelse))
        return self._node(module, node.test).then(branches)

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
            for node in top_level(module.tree.body):
                key = self.function(module, node.func) if isinstance(node, ast.Call) else None
                if key:
                    started.add(key)
                    started.update(map(_key, filter(_is_call, self.uses(key).always)))
        return frozenset(started)


def _local(module: ParsedModule, node: ast.Name) -> Key | None:
    """The function of the same module that a name stands for, or the constructor of its class."""
    if node.id in module.functions and not module.dotted(node):
        return module.name, node.id
    constructor = f"{node.id}.__init__"
    return (module.name, constructor) if constructor in module.functions else None


def _method(module: ParsedModule, node: ast.Attribute) -> Key | None:
    """The method of the same class that `self.name` stands for."""
    owner, _, _ = module.function_of(node).rpartition(".")
    name = f"{owner}.{node.attr}"
    return (module.name, name) if owner and name in module.functions else None


def _fills(node: ast.If | ast.IfExp) -> bool:
    """Whether a branch makes what its test misses, `if client is None: client = …`: the first invocation takes it."""
    if not isinstance(node, ast.If) or node.orelse:
        return False
    asked = {root_name(part) for part in ast.walk(node.test) if isinstance(part, ast.Name | ast.Attribute)}
    for statement in node.body:
        for part in ast.walk(statement):
            targets = targets_of(part) if isinstance(part, ast.Assign | ast.AnnAssign) else []
            if any(_assigned_name(target) in asked for target in targets):
                return True
    return False


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
