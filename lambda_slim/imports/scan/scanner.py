"""One pass over the syntax tree of a module, collecting `SourceFacts`.

`statements` and `expressions` have what is done at each kind of syntax.
"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lambda_slim.imports.scan import expressions, statements
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.bound import assigned_attributes, bound_names
from lambda_slim.imports.scan.calls import Calls
from lambda_slim.imports.scan.certain import Certainty
from lambda_slim.imports.scan.fold import dotted
from lambda_slim.imports.scan.lazy_tables import defines_getattr, lazy_of
from lambda_slim.imports.scan.notes import Notes
from lambda_slim.imports.scan.scopes import Scope, ScopeNames, Work, names_of
from lambda_slim.imports.scan.shapes import shapes_of
from lambda_slim.imports.scan.straight import straight_lines
from lambda_slim.imports.scan.values import exactly

_HANDLERS = statements.HANDLERS | expressions.HANDLERS


class Scanner:
    """One pass over one module's tree.

    Attributes:
        own: Whether the module is first-party.
        functions: The functions and classes around the place.
        depth: How many of them are functions.
        guarded: How many `try` blocks around the place catch an ImportError.
        gate: See `facts.ScannedImport`.
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
        self.work = Work()

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
            straight=tuple(straight_lines(tree, own=self.own)),
            shapes=self._shapes(tree),
            promised=notes.promises(self.source),
            assigned=tuple(sorted(set(assigned_attributes(tree, own=self.own)))),
        )

    def _shapes(self, tree: ast.Module) -> tuple[f.Shape, ...]:
        return shapes_of(tree, self.version, self.constants) if self.own else ()

    def how(self) -> str:
        """The code of how an import here happens."""
        if self.gate is not None:
            return f.LAZY
        if self.guarded:
            return f.OPTIONAL
        return f.DEFERRED if self.depth else f.TOP

    def scope(self) -> Scope:
        """The names visible here, innermost first."""
        return Scope([self.names(body) for body in (*reversed(self.functions), self.tree)], self.asked, self.work)

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
        handler = _HANDLERS.get(kind)
        if handler:
            handler(self, node)
        else:
            self.parts(node)

    def note_import(self, row: f.ScannedImport) -> None:
        """Adds an import statement, with when it runs."""
        self.notes.imports.append(row._replace(when=self.when(), instead=self.certainty.instead))

    def when(self) -> str:
        """The code of when a statement here runs."""
        return self.certainty.when(deferred=self.depth > 0 or self.gate is not None)

    def parts(self, node: ast.AST) -> None:
        """Visits what a node consists of."""
        for name in node._fields:
            value = getattr(node, name, None)
            if value.__class__ is list:
                for item in value:
                    if isinstance(item, ast.AST):
                        self.visit(item)
            elif isinstance(value, ast.AST) and value._fields:  # an operator or a context says nothing
                self.visit(value)

    @contextmanager
    def guard(self, *, on: bool) -> Iterator[None]:
        """Imports inside are optional."""
        self.guarded += on
        try:
            yield
        finally:
            self.guarded -= on

    def meaning(self, node: ast.AST) -> str:
        """A dotted expression with what its first name was imported as; "" for anything else."""
        root, dot, rest = dotted(node).partition(".")
        return self.meanings.get(root, root) + dot + rest

    def chain(self, node: ast.expr, text: str) -> None:
        """Notes attributes taken from a name, once."""
        self.notes.add_chain(node.lineno, self.how(), text)

    def note_constant(self, name: str, value: ast.expr) -> None:
        """Keeps a constant that the target decides; one that has two values, or a mutable one, is none."""
        decided = isinstance(value, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Call | ast.Attribute | ast.Subscript)
        self.constants[name] = value if decided and name not in self.constants else ast.Name("")
