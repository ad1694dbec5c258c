"""Distributions that first-party functions use and no traced run entered.

What such a distribution loads at INIT does not tell what those functions need of it.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from lambda_slim.base.dotted import absolute_name
from lambda_slim.base.graph import reachable
from lambda_slim.formats.python_syntax import bare_name, bound_name, nodes_of, taken_name, targets_of
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.imports import How, Imports, Reach
from lambda_slim.model.trace import Trace
from lambda_slim.plan.evidence.source_syntax import SourceSyntax, first_party_sources, read_syntax

_WRITTEN = frozenset({How.TOP, How.DEFERRED, How.OPTIONAL, How.LAZY})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def find_uncovered(files: Iterable[File], imports: Imports, trace: Trace) -> frozenset[str]:
    """Distributions by name; none where the trace does not say which functions ran.

    Args:
        files: Every file that could ship.
        imports: Their import graph.
        trace: What runs of the handler touched.
    """
    if not trace.calls:
        return frozenset()
    sources = _seen_sources(files, trace)
    names = {module.path: module.name for module in imports.modules.values() if module.path in sources}
    bound = _Bound({name: sources[path] for path, name in names.items()}, imports)
    used: set[str] = set()
    for path, name in names.items():
        for function in sources[path].nodes:
            if isinstance(function, _Function) and f"{path}:{_first_line(function)}" not in trace.calls:
                used.update(bound.used(name, function))
    return frozenset(used) - {FIRST_PARTY}


def _seen_sources(files: Iterable[File], trace: Trace) -> dict[str, SourceSyntax]:
    """First-party sources that a run loaded and that can be parsed, by path."""
    seen = frozenset(trace.modules.values())
    sources = {file.path: read_syntax(file) for file in first_party_sources(files) if file.path in seen}
    return {path: syntax for path, syntax in sources.items() if syntax.tree is not None}


def with_needs(names: frozenset[str], imports: Imports, reached: Reach) -> frozenset[str]:
    """The distributions, and those that they import by statements: rich imports pygments for a lexer."""
    needs: dict[str, set[str]] = {}
    for name in reached.modules:
        asked = (edge.target for edge in imports.edges.get(name, ()) if edge.how in _WRITTEN)
        owners = (imports.modules[target].owner for target in asked if target in imports.modules)
        needs.setdefault(imports.modules[name].owner, set()).update(owners)
    return reachable(needs, names) - {FIRST_PARTY}


class _Bound:
    """The distributions behind the names in first-party modules."""

    def __init__(self, sources: Mapping[str, SourceSyntax], imports: Imports) -> None:
        self.sources = sources
        self.imports = imports
        self._tables: dict[str, dict[str, set[str]]] = {}

    def used(self, module: str, function: ast.AST) -> Iterator[str]:
        """The distributions that a function names, or imports itself."""
        table = self.table(module)
        for node in ast.walk(function):
            if isinstance(node, ast.Name):
                yield from table.get(node.id, ())
            elif isinstance(node, ast.Import | ast.ImportFrom):
                for owners in self.imported(module, node).values():
                    yield from owners

    def table(self, module: str) -> dict[str, set[str]]:
        """A module's names, from imports and from the assignments and classes that use them."""
        known = self._tables.get(module)
        if known is not None or module not in self.sources:
            return known or {}
        table = self._tables[module] = {}
        syntax = self.sources[module]
        statements = (node for node in syntax.nodes if isinstance(node, ast.Import | ast.ImportFrom))
        for statement in statements:
            for name, owners in self.imported(module, statement).items():
                table.setdefault(name, set()).update(owners)
        _add_made(table, syntax.tree)
        return table

    def imported(self, module: str, node: ast.Import | ast.ImportFrom) -> dict[str, set[str]]:
        """The names that a statement binds, to the distributions behind them."""
        if isinstance(node, ast.Import):
            return {bound_name(alias): self.owners(alias.name) for alias in node.names}
        base = self.base(module, node)
        return {taken_name(alias): self.owners(f"{base}.{alias.name}") for alias in node.names}

    def base(self, module: str, node: ast.ImportFrom) -> str:
        """The module that a `from` statement names."""
        return absolute_name(module, node.level, node.module, package=self.imports.modules[module].package)

    def owners(self, dotted: str) -> set[str]:
        """The distribution of a module or of a name in it; of a first-party module, what is behind that name."""
        head, _, name = dotted.rpartition(".")
        while dotted and dotted not in self.imports.modules:
            dotted = dotted.rpartition(".")[0]
        if not dotted:
            return set()
        owner = self.imports.modules[dotted].owner
        return self.table(head).get(name, set()) if owner == FIRST_PARTY and head == dotted else {owner}


def _first_line(function: _Function) -> int:
    """The first line as `co_firstlineno` has it: that of the first decorator."""
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])


def _add_made(table: dict[str, set[str]], tree: ast.Module | None) -> None:
    """Adds the names that a module makes from others in assignments and classes."""
    for statement in tree.body if tree else ():
        for name in _made(statement):
            owners = (table.get(used, ()) for used in _used(statement))
            table.setdefault(name, set()).update(*owners)


def _made(statement: ast.stmt) -> list[str]:
    """The names that a class or an assignment makes."""
    if isinstance(statement, ast.ClassDef):
        return [statement.name]
    return [*filter(None, map(bare_name, targets_of(statement)))]


def _used(statement: ast.stmt) -> Iterator[str]:
    """The names behind a value or a class's bases and decorators."""
    if isinstance(statement, ast.ClassDef):
        parts: list[ast.AST] = [*statement.bases, *statement.decorator_list]
    else:
        parts = [value] if (value := getattr(statement, "value", None)) else []
    names = chain.from_iterable(nodes_of(part, ast.Name) for part in parts)
    return (node.id for node in names)
