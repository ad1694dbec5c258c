"""What the names of a first-party module stand for once it is imported, where a handler of that name cannot work.

The module's statements are followed in order. What a condition, a loop or `try` binds is not known, and gives no
finding.
"""

import ast
from collections.abc import Iterator, Mapping

from lambda_slim.formats.python_syntax import bare_name, bound_name, dotted_name, home_of, taken_name, targets_of
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.bound import names_touched
from lambda_slim.imports.scan.fold import truth
from lambda_slim.imports.scan.signatures import Outcome, of_class, of_function, of_value
from lambda_slim.imports.scan.syntax import is_main

_NEVER = "is bound only under a condition that never holds on Lambda"


def shapes_of(tree: ast.Module, version: tuple[int, int], constants: Mapping[str, ast.expr]) -> tuple[f.Shape, ...]:
    """The shapes of a module's names, and of objects and methods of its classes; of most names there is none.

    Args:
        tree: The module.
        version: The target's Python.
        constants: Names of the module that conditions may mention.
    """
    names = _Names(version, constants)
    for statement in tree.body:
        names.take(statement)
    return tuple(names.rows(tree))


class _Names:
    """What each name is known to stand for so far; a name without a row may be anything."""

    def __init__(self, version: tuple[int, int], constants: Mapping[str, ast.expr]) -> None:
        self.version = version
        self.constants = constants
        self.known: dict[str, f.Shape] = {}
        self.bound: set[str] = set()
        self.hidden: dict[str, tuple[int, str]] = {}  # where names seem to be bound, and why they are not

    def take(self, node: ast.stmt) -> None:
        """Follows one statement."""
        if isinstance(node, ast.If) and (runs := self._branches(node)) is not None:
            for statement in runs:
                self.take(statement)
            return
        if isinstance(node, ast.AnnAssign) and node.value is None:
            for name in names_touched(node):
                self.hidden.setdefault(name, (node.lineno, "is only annotated here, and nothing binds it"))
            return
        values = dict(self._values(node))
        for name in names_touched(node):
            self.forget(name)
            self.bound.add(name)
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            self.known.clear()
        self.known |= values

    def forget(self, name: str) -> None:
        """Takes back what is known of a name, its objects and methods; of `*` that of all names."""
        for key in [key for key in self.known if name in ("*", key, _root(key))]:
            del self.known[key]

    def rows(self, tree: ast.Module) -> Iterator[f.Shape]:
        """What is known in the end."""
        for key in _changed(tree):
            self.forget(key)
        yield from self.known.values()
        for name, (line, why) in self.hidden.items():
            if name not in self.bound:
                yield f.Shape(name, line, f.GONE, why)

    def _branches(self, node: ast.If) -> list[ast.stmt] | None:
        """What a condition runs, where that is known; notes the names of what it does not run."""
        answer = False if is_main(node.test) else truth(node.test, self.version, self.constants)
        if answer is None:
            return None
        for statement in node.orelse if answer else node.body:
            for name in names_touched(statement):
                self.hidden.setdefault(name, (statement.lineno, _NEVER))
        return node.body if answer else node.orelse

    def _values(self, node: ast.stmt) -> Iterator[tuple[str, f.Shape]]:
        """The shapes that a statement gives to names."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imported(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for name in filter(None, map(bare_name, targets_of(node))):
                yield from self._assigned(name, node.value, node.lineno)
        else:
            yield from ((key, f.Shape(key, node.lineno, *outcome)) for key, outcome in _defined(node))

    def _assigned(self, name: str, value: ast.expr, line: int) -> Iterator[tuple[str, f.Shape]]:
        """The shapes that `name = value` gives to `name`, and to what hangs on it."""
        if outcome := of_value(value):
            yield name, f.Shape(name, line, *outcome)
            return
        source = _key(value)
        if not source:
            return
        rows = [row for key, row in self.known.items() if key == source or key.startswith((f"{source}.", f"{source}("))]
        for row in rows:
            key = name + row.name.removeprefix(source)
            yield key, row._replace(name=key)
        root = self.known.get(_root(source))
        if not rows and root is not None and root.kind in (f.ALIAS, f.MODULE):
            text = f.extended(root, source.removeprefix(root.name))
            yield name, f.Shape(name, line, f.ALIAS, text)


def _defined(node: ast.stmt) -> Iterator[tuple[str, Outcome]]:
    """What a definition, or the end of one, makes of names."""
    if isinstance(node, ast.Delete):
        yield from ((name, (f.GONE, "is deleted here")) for name in filter(None, map(bare_name, node.targets)))
    elif isinstance(node, ast.ClassDef):
        yield from of_class(node)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (outcome := of_function(node)):
        yield node.name, outcome


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, f.Shape]]:
    for alias in node.names:
        if alias.name == "*":
            continue
        if isinstance(node, ast.ImportFrom):
            name = taken_name(alias)
            yield name, f.Shape(name, node.lineno, f.ALIAS, f"{home_of(node)}:{alias.name}")
        else:
            name = bound_name(alias)
            yield name, f.Shape(name, node.lineno, f.MODULE, alias.name if alias.asname else name)


def _changed(tree: ast.Module) -> Iterator[str]:
    """Names that functions bind as globals, and attributes that are set from outside."""
    for node in ast.walk(tree):
        match node:
            case ast.Global(names=names):
                yield from names
            case ast.Attribute(value=ast.Name(id=owner), attr=name, ctx=ast.Store()):
                yield "*" if name.startswith("__") else f"{owner}.{name}"
                yield f"{owner}().{name}"
            case _:
                pass


def _key(value: ast.expr) -> str:
    """What an expression is called here: `name`, `module.name`, `Class().method`; "" for any other expression."""
    return dotted_name(value, _first)


def _first(value: ast.AST) -> str:
    func = _key(value.func) if isinstance(value, ast.Call) else ""
    return f"{func}()" if func else bare_name(value)


def _root(key: str) -> str:
    return key.partition(".")[0].partition("(")[0]
