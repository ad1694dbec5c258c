"""One pass over the syntax tree of a module, collecting `Facts`."""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.calls import IMPORTERS, Calls
from lambda_slim.imports.scan.fold import dotted, truth
from lambda_slim.imports.scan.scopes import Scope, ScopeNames, names_of
from lambda_slim.imports.scan.syntax import (
    asked_for,
    catches_import_error,
    defines_getattr,
    is_computed,
    is_main,
    lazy_of,
    template_like,
)
from lambda_slim.imports.scan.values import Value, evaluate

NAME_LIKE = re.compile(r"\.{0,3}[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[A-Za-z_][\w.]*)?\Z")
_LONGEST = 150  # characters of a string that may name a module


class Scanner:
    """One pass over one module's tree."""

    def __init__(self, version: tuple[int, int], *, own: bool = False, lazy: bool = True) -> None:
        self.version = version
        self.own = own
        self.functions: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef] = []
        self.depth = 0  # of functions
        self.guarded = 0  # inside try/except ImportError
        self.gate: tuple[str, ...] | None = None
        self.asked = ""
        self.imports: list[f.ScannedImport] = []
        self.chains: dict[tuple[str, str], f.Chain] = {}
        self.strings: dict[str, int] = {}
        self.bare: dict[str, int] = {}
        self.exports: list[str] = []
        self.called: ast.expr | None = None
        self.listed: dict[str, None] = {}
        self.given: dict[str, ast.expr] = {}  # what calls of own code are given, by its dotted name
        self.lazy_modules: set[str] = set()
        self.meanings: dict[str, str] = {}  # names that imports so far have bound to something of another name
        self.lazy = lazy
        self.stub = False
        self.calls = Calls(self)
        self.tree = ast.Module([], [])
        self.constants: dict[str, ast.expr] = {}  # module-level names so far, for folding
        self._names: dict[int, ScopeNames] = {}

    def scan(self, tree: ast.Module) -> f.SourceFacts:
        """Walks the tree and packs what was found."""
        self.tree = tree
        self.lazy = self.lazy and defines_getattr(tree)
        self.body(tree.body)
        roots = {root for one in self.imports for root in f.bound_by(one)}
        for text, node in self.given.items():
            if text.partition(".")[0] in roots:
                self.calls.note(node, f.GIVEN, Value(frozenset({f"={text}"})))
        strings = dict(self.strings)
        if self.calls.dynamic or self.calls.groups or self.own:
            strings |= self.bare
        return f.SourceFacts(
            tuple(self.lazily(i) for i in self.imports),
            tuple(self.calls.dynamic),
            tuple(chain for chain in self.chains.values() if chain.root in roots),
            tuple((line, text) for text, line in strings.items()),
            tuple(self.calls.calls),
            tuple(self.calls.groups),
            tuple(self.calls.services),
            tuple(self.exports),
            lazy_of(tree, stub=self.stub) if self.lazy else None,
            tuple(self.listed),
            tuple(self.calls.unpickles),
            tuple(self.calls.runs),
        )

    def lazily(self, one: f.ScannedImport) -> f.ScannedImport:
        """An import, marked lazy where `__lazy_modules__` names it."""
        return one._replace(how=f.LAZY) if one.module in self.lazy_modules and one.how == f.TOP else one

    def how(self) -> str:
        """The code of how an import here happens."""
        if self.gate is not None:
            return f.LAZY
        return f.OPTIONAL if self.guarded else f.DEFERRED if self.depth else f.TOP

    def scope(self) -> Scope:
        """The names visible here, innermost first."""
        return Scope([self.names(body) for body in (*reversed(self.functions), self.tree)], self.asked)

    def names(self, body: ast.AST) -> ScopeNames:
        """The bindings of a function, class or module, collected once."""
        known = self._names.get(id(body))
        if known is None:
            known = self._names[id(body)] = names_of(body)
        return known

    def body(self, nodes: list[Any]) -> None:
        """Visits statements in order."""
        for node in nodes:
            self.visit(node)

    def visit(self, node: ast.AST) -> None:
        """Visits one node."""
        kind = node.__class__
        handler = HANDLERS.get(kind)
        if handler:
            handler(self, node)
            return
        for name in kind._fields:
            value = getattr(node, name, None)
            if value.__class__ is list:
                for item in value:
                    if isinstance(item, ast.AST):
                        self.visit(item)
            elif isinstance(value, ast.AST):
                self.visit(value)

    def visit_import(self, node: ast.Import) -> None:
        """`import a.b, c as d`."""
        for alias in node.names:
            if alias.asname:
                self.meanings[alias.asname] = alias.name
            self.imports.append(
                f.ScannedImport(node.lineno, self.how(), 0, alias.name, None, alias.asname or "", self.gate)
            )

    def visit_from(self, node: ast.ImportFrom) -> None:
        """`from ..a import b as c`."""
        self.meanings.update((a.asname or a.name, f"{node.module or ''}.{a.name}") for a in node.names)
        names = tuple(f"{a.name}:{a.asname}" if a.asname else a.name for a in node.names)
        self.imports.append(
            f.ScannedImport(node.lineno, self.how(), node.level, node.module or "", names, "", self.gate)
        )

    def visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """A function: what is in its body happens later; a module's `__getattr__` on request."""
        for part in (*node.decorator_list, node.args, *filter(None, (node.returns,))):
            self.visit(part)
        answers = node.name == "__getattr__" and not self.functions
        if answers:
            self.gate = ("*",)
            self.asked = node.args.args[0].arg if node.args.args else ""
        self.functions.append(node)
        self.depth += 1
        self.body(node.body)
        self.depth -= 1
        self.functions.pop()
        if answers:
            self.gate, self.asked = None, ""

    def visit_lambda(self, node: ast.Lambda) -> None:
        """A function without a name."""
        self.visit(node.args)
        self.functions.append(node)
        self.depth += 1
        self.visit(node.body)
        self.depth -= 1
        self.functions.pop()

    def visit_class(self, node: ast.ClassDef) -> None:
        """A class: its body runs at once."""
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(part)
        if any(self.meaning(base) in {"pickle.Unpickler", "dill.Unpickler"} for base in node.bases):
            self.calls.unpickles.append((node.lineno, f"class {node.name}"))
        self.functions.append(node)
        self.body(node.body)
        self.functions.pop()

    def visit_if(self, node: ast.If) -> None:
        """A condition: only the branch that the target takes, where that is known."""
        if self.gate is not None and (asked := asked_for(node.test, self.asked)):
            before, self.gate = self.gate, asked
            self.body(node.body)
            self.gate = before
            self.body(node.orelse)
            return
        answer = False if is_main(node.test) else truth(node.test, self.version, self.constants)
        if answer is None:
            self.visit(node.test)
        if answer is not False:
            self.body(node.body)
        if answer is not True:
            self.body(node.orelse)

    def visit_either(self, node: ast.IfExp) -> None:
        """A conditional expression."""
        answer = truth(node.test, self.version, self.constants)
        self.visit(node.test)
        if answer is not False:
            self.visit(node.body)
        if answer is not True:
            self.visit(node.orelse)

    def visit_try(self, node: ast.Try) -> None:
        """`try`: imports in it are optional when an ImportError is caught."""
        catches = any(catches_import_error(handler.type) for handler in node.handlers)
        with self.guard(on=catches):
            self.body(node.body)
            self.body(node.handlers)
        self.body(node.orelse)
        self.body(node.finalbody)

    def visit_with(self, node: ast.With | ast.AsyncWith) -> None:
        """`with suppress(ImportError)`."""
        self.body(node.items)
        calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
        catches = any(
            dotted(call.func).endswith("suppress") and any(catches_import_error(arg) for arg in call.args)
            for call in calls
        )
        with self.guard(on=catches):
            self.body(node.body)

    @contextmanager
    def guard(self, *, on: bool) -> Iterator[None]:
        """Imports inside are optional."""
        self.guarded += on
        try:
            yield
        finally:
            self.guarded -= on

    def visit_expression(self, node: ast.Expr) -> None:
        """An expression statement; text alone is a docstring."""
        if not isinstance(node.value, ast.Constant):
            self.visit(node.value)

    def visit_constant(self, node: ast.Constant) -> None:
        """A literal: text that looks like a module's name is kept."""
        text = node.value
        if self.own and text.__class__ is str and text.endswith(".py") and "/" in text:
            text = text.removesuffix(".py").strip("./").replace("/", ".")  # a script that is run by its path
        if text.__class__ is str and 1 < len(text) < _LONGEST and NAME_LIKE.match(text):
            if "." in text or ":" in text:
                self.strings.setdefault(text, node.lineno)
            else:
                self.bare.setdefault(text, node.lineno)

    def visit_items(self, node: ast.List | ast.Tuple | ast.Set) -> None:
        """A list of things; own code lists what a framework is to load."""
        self.hand_on(node.elts)
        for item in node.elts:
            if (
                self.own
                and isinstance(item, ast.Constant)
                and isinstance(item.value, str)
                and NAME_LIKE.match(item.value)
            ):
                self.listed[item.value] = None
            self.visit(item)

    def visit_template(self, node: ast.JoinedStr | ast.BinOp) -> None:
        """Text put together: a pattern such as `pkg.backends.*` is kept like text."""
        if self.gate is None and template_like(node):
            for pattern in evaluate(node, self.scope()).patterns:
                head = pattern.partition("*")[0]
                if "*" in pattern and head.endswith(".") and NAME_LIKE.match(head[:-1].lstrip("\x01\x02") or "x"):
                    self.strings.setdefault(pattern, node.lineno)
        if isinstance(node, ast.BinOp):
            self.body([node.left, node.right])
        else:
            self.body([part for part in node.values if not isinstance(part, ast.Constant)])

    def visit_attribute(self, node: ast.Attribute) -> None:
        """`a.b.c`: a chain if it starts at a name."""
        if self.own and node is not self.called:
            self.calls.reference(node)
        parts = [node.attr]
        value = node.value
        while value.__class__ is ast.Attribute:
            parts.append(value.attr)
            value = value.value
        if value.__class__ is ast.Name:
            self.chain(node, ".".join((value.id, *parts[:-5:-1])))
        else:
            self.visit(value)

    def meaning(self, node: ast.AST) -> str:
        """A dotted expression with what its first name was imported as; "" for anything else."""
        root, dot, rest = dotted(node).partition(".")
        return self.meanings.get(root, root) + dot + rest

    def chain(self, node: ast.expr, text: str) -> None:
        """Notes attributes taken from a name, once."""
        root, _, attributes = text.partition(".")
        if (root, attributes) not in self.chains:
            self.chains[root, attributes] = f.Chain(node.lineno, self.how(), root, attributes)

    def visit_assign(self, node: ast.Assign) -> None:
        """`__all__ = …`, `__lazy_modules__ = …`; else like any statement."""
        for target in node.targets:
            if target.__class__ is ast.Name and not self.functions:
                self.note_list(target.id, node.value)
                self.note_constant(target.id, node.value)
            if target.__class__ is ast.Name and self.meaning(node.value).rpartition(".")[2] in IMPORTERS:
                self.meanings[target.id] = self.meaning(node.value)
            self.visit(target)
        self.visit(node.value)

    def note_constant(self, name: str, value: ast.expr) -> None:
        """Keeps a constant that the target decides; one that has two values, or a mutable one, is none."""
        decided = isinstance(value, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Call | ast.Attribute | ast.Subscript)
        self.constants[name] = value if decided and name not in self.constants else ast.Name("")

    def visit_augmented(self, node: ast.AugAssign) -> None:
        """`__all__ += …`."""
        if isinstance(node.target, ast.Name):
            self.note_list(node.target.id, node.value)
        self.visit(node.value)

    def note_list(self, name: str, value: ast.expr) -> None:
        """Keeps the names in lists that the import system reads."""
        if name in {"__all__", "__lazy_modules__"}:
            texts = [n.value for n in ast.walk(value) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            if name == "__all__":
                self.exports += [*texts, "*"] if is_computed(value) else texts
            else:
                self.lazy_modules.update(texts)

    def visit_call(self, node: ast.Call) -> None:
        """A call: an import by name, a listing of a package, a service client, or just its parts."""
        self.calls.call(node)
        self.called = node.func
        self.visit(node.func)
        joins = isinstance(node.func, ast.Attribute) and node.func.attr == "join"
        for argument in node.args:
            if joins and isinstance(argument, ast.List | ast.Tuple):
                self.body(argument.elts)
            else:
                if self.own and isinstance(argument, ast.Name):
                    self.calls.reference(argument)
                self.visit(argument)
        for keyword in node.keywords:
            self.visit(keyword.value)
        self.hand_on([*node.args, *(keyword.value for keyword in node.keywords)])

    def hand_on(self, values: list[ast.expr]) -> None:
        """Notes what own code puts into a list or gives to a call: of packages, a container may load all they have."""
        for one in values if self.own else ():
            if text := dotted(one):
                self.given.setdefault(text, one)

    def visit_nothing(self, node: ast.AST) -> None:
        """Nothing inside can matter."""


HANDLERS: dict[type, Callable[[Scanner, Any], None]] = {
    ast.Import: Scanner.visit_import,
    ast.ImportFrom: Scanner.visit_from,
    ast.FunctionDef: Scanner.visit_function,
    ast.AsyncFunctionDef: Scanner.visit_function,
    ast.Lambda: Scanner.visit_lambda,
    ast.ClassDef: Scanner.visit_class,
    ast.If: Scanner.visit_if,
    ast.IfExp: Scanner.visit_either,
    ast.Try: Scanner.visit_try,
    ast.TryStar: Scanner.visit_try,
    ast.With: Scanner.visit_with,
    ast.AsyncWith: Scanner.visit_with,
    ast.Expr: Scanner.visit_expression,
    ast.Constant: Scanner.visit_constant,
    ast.List: Scanner.visit_items,
    ast.Tuple: Scanner.visit_items,
    ast.Set: Scanner.visit_items,
    ast.JoinedStr: Scanner.visit_template,
    ast.BinOp: Scanner.visit_template,
    ast.Attribute: Scanner.visit_attribute,
    ast.Assign: Scanner.visit_assign,
    ast.AugAssign: Scanner.visit_augmented,
    ast.Call: Scanner.visit_call,
    ast.Name: Scanner.visit_nothing,
    ast.Pass: Scanner.visit_nothing,
    ast.Global: Scanner.visit_nothing,
}
