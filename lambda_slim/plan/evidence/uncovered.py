"""Which distributions do own functions use that no traced run entered?

What a run loaded of them at INIT says nothing of what those functions ask for.
"""

import ast
import itertools
from collections.abc import Iterable, Iterator

from lambda_slim.base.files import read_regular
from lambda_slim.formats.python_source import parse_python
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.imports import How, Imports, Reach
from lambda_slim.model.trace import Trace

_WRITTEN = frozenset({How.TOP, How.DEFERRED, How.OPTIONAL, How.LAZY})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def find_unrun(files: Iterable[File], imports: Imports, trace: Trace) -> frozenset[str]:
    """Distributions by name; none where the trace does not tell which functions were entered.

    Args:
        files: Every file that could ship.
        imports: Their import graph.
        trace: What runs of the handler touched.
    """
    if not trace.calls:
        return frozenset()
    seen = frozenset(trace.modules.values())
    own = [file for file in files if file.owner == FIRST_PARTY and file.kind is FileKind.SOURCE and file.path in seen]
    sources = {file.path: tree for file in own if (tree := _parsed(file))}
    names = {module.path: module.name for module in imports.modules.values() if module.path in sources}
    bound = _Bound({names[path]: tree for path, tree in sources.items() if path in names}, imports)
    used = itertools.chain.from_iterable(
        bound.used(names[path], function)
        for path, tree in sources.items()
        if path in names
        for function in ast.walk(tree)
        if isinstance(function, _Function) and f"{path}:{_first_line(function)}" not in trace.calls
    )
    return frozenset(used) - {FIRST_PARTY}


def with_needs(names: frozenset[str], imports: Imports, reached: Reach) -> frozenset[str]:
    """Distributions, and those that they import by statements: rich asks pygments for a lexer."""
    needs: dict[str, set[str]] = {}
    for name in reached.modules:
        asked = (edge.target for edge in imports.edges.get(name, ()) if edge.how in _WRITTEN)
        needs.setdefault(imports.modules[name].owner, set()).update(
            imports.modules[target].owner for target in asked if target in imports.modules
        )
    found, todo = set[str](), [*names]
    while todo:
        if (name := todo.pop()) not in found:
            found.add(name)
            todo += needs.get(name, ())
    return frozenset(found) - {FIRST_PARTY}


class _Bound:
    """What names in own modules stand for: the distributions behind them."""

    def __init__(self, sources: dict[str, ast.Module], imports: Imports) -> None:
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
        """A module's own names: imports, and what is made from them in assignments and classes."""
        known = self._tables.get(module)
        if known is not None or module not in self.sources:
            return known or {}
        table = self._tables[module] = {}
        for node in ast.walk(self.sources[module]):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for name, owners in self.imported(module, node).items():
                    table.setdefault(name, set()).update(owners)
        for statement in self.sources[module].body:
            for name in _made(statement):
                table.setdefault(name, set()).update(*(table.get(one, ()) for one in _used(statement)))
        return table

    def imported(self, module: str, node: ast.Import | ast.ImportFrom) -> dict[str, set[str]]:
        """The names that a statement binds, to the distributions behind them."""
        if isinstance(node, ast.Import):
            return {one.asname or one.name.partition(".")[0]: self.owners(one.name) for one in node.names}
        base = self.base(module, node)
        return {one.asname or one.name: self.owners(f"{base}.{one.name}") for one in node.names}

    def base(self, module: str, node: ast.ImportFrom) -> str:
        """The module that a `from` statement names."""
        if not node.level:
            return node.module or ""
        parts = module.split(".")
        up = node.level - (1 if self.imports.modules[module].package else 0)
        return ".".join([*parts[: len(parts) - up], *filter(None, [node.module])])

    def owners(self, dotted: str) -> set[str]:
        """The distribution of a module or of a name in it; for own modules, what they have behind that name."""
        head, _, name = dotted.rpartition(".")
        while dotted and dotted not in self.imports.modules:
            dotted = dotted.rpartition(".")[0]
        if not dotted:
            return set()
        owner = self.imports.modules[dotted].owner
        return self.table(head).get(name, set()) if owner == FIRST_PARTY and head == dotted else {owner}


def _parsed(file: File) -> ast.Module | None:
    try:
        return parse_python(read_regular(file.source))
    except (OSError, SyntaxError):
        return None


def _first_line(function: _Function) -> int:
    """As `co_firstlineno` has it: that of the first decorator."""
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])


def _made(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.ClassDef):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
    return [one.id for one in targets if isinstance(one, ast.Name)]


def _used(statement: ast.stmt) -> Iterator[str]:
    """The names behind a value or a class's bases and decorators."""
    if isinstance(statement, ast.ClassDef):
        parts: list[ast.AST] = [*statement.bases, *statement.decorator_list]
    else:
        parts = [value] if (value := getattr(statement, "value", None)) else []
    return (node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name))
