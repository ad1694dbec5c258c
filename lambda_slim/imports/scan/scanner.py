"""One pass over the syntax tree of a module, collecting `Facts`."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.arguments import all_values
from lambda_slim.imports.scan.bound import bound_names
from lambda_slim.imports.scan.calls import IMPORTERS, Calls
from lambda_slim.imports.scan.certain import Certainty, asks_version, catches_missing, is_harmless, raises
from lambda_slim.imports.scan.evaluation import evaluate
from lambda_slim.imports.scan.fold import dotted, truth
from lambda_slim.imports.scan.lazy_tables import defines_getattr, lazy_of
from lambda_slim.imports.scan.notes import Notes
from lambda_slim.imports.scan.scopes import Scope, ScopeNames, names_of
from lambda_slim.imports.scan.syntax import asked_for, catches_import_error, is_main, template_like
from lambda_slim.imports.scan.values import exactly

_LONGEST_CHAIN = 5  # names of an attribute chain that are kept
_UNPICKLERS = frozenset({"pickle.Unpickler", "dill.Unpickler"})


class Scanner:
    """One pass over one module's tree.

    Attributes:
        own: Whether the module is first-party.
        functions: The functions and classes around the place.
        depth: How many of them are functions.
        guarded: How many `try` blocks around the place catch an ImportError.
        gate: See `facts.Import`.
        asked: The parameter of the `__getattr__` around the place.
        called: What the call at hand calls.
        meanings: Names that imports so far have bound to something of another name.
        constants: Module-level names so far, for folding.
        stub: Whether the module's attributes are listed in the `.pyi` file beside it.
    """

    def __init__(self, version: tuple[int, int], source: bytes, *, own: bool = False) -> None:
        self.version = version
        self.source = source
        self.own = own
        self.functions: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef] = []
        self.depth = 0
        self.guarded = 0
        self.gate: tuple[str, ...] | None = None
        self.asked = ""
        self.called: ast.expr | None = None
        self.meanings: dict[str, str] = {}
        self.lazy = b"__getattr__" in source
        self.stub = False
        self.notes = Notes()
        self.calls = Calls(self)
        self.certainty = Certainty()
        self.versions: list[f.Version] = []
        self.tree = ast.Module([], [])
        self.constants: dict[str, ast.expr] = {}
        self._names: dict[int, ScopeNames] = {}

    def scan(self, tree: ast.Module) -> f.SourceFacts:
        """Walks the tree and packs what it says."""
        self.tree = tree
        self.lazy = self.lazy and defines_getattr(tree)
        self.body(tree.body)
        notes, calls = self.notes, self.calls
        roots = notes.bound()
        for text, node in notes.given.items():
            if text.partition(".")[0] in roots:
                calls.note(node, f.GIVEN, exactly(f"={text}"))
        by_name = bool(calls.dynamic or calls.groups or self.own)
        return f.SourceFacts(
            imports=notes.import_rows(),
            dynamic=tuple(calls.dynamic),
            chains=tuple(chain for chain in notes.chains.values() if chain.root in roots),
            strings=notes.text_rows(bare=by_name),
            calls=tuple(calls.calls),
            groups=tuple(calls.groups),
            services=tuple(calls.services),
            exports=tuple(notes.exports),
            lazy=lazy_of(tree, stub=self.stub) if self.lazy else None,
            listed=tuple(notes.listed),
            unpickles=tuple(calls.unpickles),
            runs=tuple(calls.runs),
            bound=bound_names(tree, None if self.own else self.source),
            versions=tuple(self.versions),
        )

    def how(self) -> str:
        """The code of how an import here happens."""
        if self.gate is not None:
            return f.LAZY
        if self.guarded:
            return f.OPTIONAL
        return f.DEFERRED if self.depth else f.TOP

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
        else:
            self.parts(node)

    def parts(self, node: ast.AST) -> None:
        """Visits what a node consists of."""
        for name in node._fields:
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
            self.note_import(
                f.ScannedImport(node.lineno, self.how(), 0, alias.name, None, alias.asname or "", self.gate)
            )

    def visit_from(self, node: ast.ImportFrom) -> None:
        """`from ..a import b as c`."""
        self.meanings.update((a.asname or a.name, f"{node.module or ''}.{a.name}") for a in node.names)
        names = tuple(f"{a.name}:{a.asname}" if a.asname else a.name for a in node.names)
        row = f.ScannedImport(node.lineno, self.how(), node.level, node.module or "", names, "", self.gate)
        self.note_import(row)

    def note_import(self, row: f.ScannedImport) -> None:
        """Adds an import statement, with when it runs."""
        self.notes.imports.append(row._replace(when=self.when(), instead=self.certainty.instead))

    def when(self) -> str:
        """The code of when a statement here runs."""
        return self.certainty.when(deferred=self.depth > 0 or self.gate is not None)

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
        if not _UNPICKLERS.isdisjoint(map(self.meaning, node.bases)):
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
        with self.certainty.perhaps(on=answer is None):
            if answer is not False:
                self.body(node.body)
            if answer is not True:
                self.body(node.orelse)

    def visit_branch(self, node: ast.For | ast.AsyncFor | ast.While | ast.Match) -> None:
        """A loop, or a choice: what is in it may never run."""
        with self.certainty.perhaps():
            self.parts(node)

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
        lenient = [handler for handler in node.handlers if catches_missing(handler.type)]
        optional = bool(lenient) and not all(map(raises, lenient))
        start = len(self.notes.imports)
        with self.guard(on=any(catches_import_error(handler.type) for handler in node.handlers)):
            with self.certainty.guarded(on=optional):
                self.body(node.body)
            tried = tuple(range(start, len(self.notes.imports)))
            for handler in node.handlers:
                with self.certainty.fallback(tried if handler in lenient else ()):
                    self.visit(handler)
        with self.certainty.guarded(on=optional):
            self.body(node.orelse)
        self.body(node.finalbody)

    def visit_with(self, node: ast.With | ast.AsyncWith) -> None:
        """`with suppress(ImportError)`."""
        self.body(node.items)
        catches = any(_suppresses_import_error(item.context_expr) for item in node.items)
        with self.guard(on=catches), self.certainty.guarded(on=catches or not all(map(is_harmless, node.items))):
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
        if not isinstance(text, str):
            return
        if self.own and text.endswith(".py") and "/" in text:
            text = text.removesuffix(".py").strip("./").replace("/", ".")  # a script that is run by its path
        self.notes.add_text(text, node.lineno)

    def visit_items(self, node: ast.List | ast.Tuple | ast.Set) -> None:
        """A list of things; first-party code lists what a framework is to load."""
        if self.own:
            self.notes.add_given(node.elts)
        for item in node.elts:
            if self.own:
                self.notes.add_item(item)
            self.visit(item)

    def visit_template(self, node: ast.JoinedStr | ast.BinOp) -> None:
        """Text put together: a pattern such as `pkg.backends.*` is kept like text."""
        if self.gate is None and template_like(node):
            for pattern in evaluate(node, self.scope()).patterns:
                self.notes.add_template(pattern, node.lineno)
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
            self.chain(node, ".".join((value.id, *parts[:-_LONGEST_CHAIN:-1])))
        else:
            self.visit(value)

    def meaning(self, node: ast.AST) -> str:
        """A dotted expression with what its first name was imported as; "" for anything else."""
        root, dot, rest = dotted(node).partition(".")
        return self.meanings.get(root, root) + dot + rest

    def chain(self, node: ast.expr, text: str) -> None:
        """Notes attributes taken from a name, once."""
        self.notes.add_chain(node.lineno, self.how(), text)

    def visit_assign(self, node: ast.Assign) -> None:
        """`__all__ = …`, `__lazy_modules__ = …`; else like any statement."""
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.note_assignment(target.id, node.value)
            self.visit(target)
        self.visit(node.value)

    def note_assignment(self, name: str, value: ast.expr) -> None:
        """Keeps what the value tells of a name: a list, a constant, or another name of an import function."""
        if not self.functions:
            self.notes.add_assignment(name, value)
            self.note_constant(name, value)
        meaning = self.meaning(value)
        if meaning.rpartition(".")[2] in IMPORTERS:
            self.meanings[name] = meaning

    def note_constant(self, name: str, value: ast.expr) -> None:
        """Keeps a constant that the target decides; one that has two values, or a mutable one, is none."""
        decided = isinstance(value, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Call | ast.Attribute | ast.Subscript)
        self.constants[name] = value if decided and name not in self.constants else ast.Name("")

    def visit_augmented(self, node: ast.AugAssign) -> None:
        """`__all__ += …`."""
        if isinstance(node.target, ast.Name):
            self.notes.add_assignment(node.target.id, node.value)
        self.visit(node.value)

    def visit_call(self, node: ast.Call) -> None:
        """A call: an import by name, a listing of a package, a service client, or just its parts."""
        self.calls.call(node)
        if name := asks_version(node, self.meaning(node.func)):
            self.versions.append(f.Version(node.lineno, name, self.when()))
        self.called = node.func
        self.visit(node.func)
        joins = isinstance(node.func, ast.Attribute) and node.func.attr == "join"
        for argument in node.args:
            if joins and isinstance(argument, ast.List | ast.Tuple):
                self.body(argument.elts)
            else:
                self.visit_argument(argument)
        for keyword in node.keywords:
            self.visit(keyword.value)
        if self.own:
            self.notes.add_given(all_values(node))

    def visit_argument(self, node: ast.expr) -> None:
        """What a call is given; first-party code may hand a function on."""
        if self.own and isinstance(node, ast.Name):
            self.calls.reference(node)
        self.visit(node)

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
    **dict.fromkeys((ast.For, ast.AsyncFor, ast.While, ast.Match), Scanner.visit_branch),
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


def _suppresses_import_error(context: ast.expr) -> bool:
    """Whether a context manager is `suppress(ImportError)`."""
    if not (isinstance(context, ast.Call) and dotted(context.func).endswith("suppress")):
        return False
    return any(catches_import_error(argument) for argument in context.args)
