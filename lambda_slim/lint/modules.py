"""First-party files as the lints see them: trees, names, suppressions. Nothing is imported or run."""

import ast
import functools
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lambda_slim.base.dotted import absolute_name
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import bare_name, bound_name, dotted_name, taken_name, targets_of

_COMMENT = re.compile(r"#\s*lambda-slim:\s*ignore(?:\[([^\]]*)\])?")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
LOCAL = ".<locals>."  # in the qualified names of nested functions
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its POSIX path relative to the code's root, and its text."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Import:
    """One name that an import statement binds.

    Attributes:
        name: The local name.
        target: What it stands for, dotted and absolute: `pandas`, `json.dumps`.
        module: The module that the statement asks for.
        guarded: In a `try`, an `if` or a class body.
    """

    node: ast.Import | ast.ImportFrom
    name: str
    target: str
    module: str
    guarded: bool


@dataclass(frozen=True, slots=True, eq=False)
class ParsedModule:
    """A parsed file.

    Attributes:
        name: Dotted, from its path.
        imports: Of the module's level, `if` and `try` included.
        functions: By qualified name; nested ones belong to the function around them, routes aside
            (`create_app.<locals>.home`).
        names: The functions' qualified names, by id of their node.
        parents: The node around each node, by id.
        ignored: Rules that comments silence, by line.
    """

    path: str
    name: str
    package: bool
    text: str
    tree: ast.Module
    imports: tuple[Import, ...]
    bindings: Mapping[str, str]
    functions: Mapping[str, FunctionNode]
    names: Mapping[int, str]
    parents: Mapping[int, ast.AST]
    ignored: Mapping[int, frozenset[str]]

    def function_of(self, node: ast.AST) -> str:
        """The qualified name of the outermost function or the route around a node; empty at module level."""
        name = ""
        current: ast.AST | None = node
        while current is not None and LOCAL not in name:
            name = self.names.get(id(current), name)
            current = self.parents.get(id(current))
        return name

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, innermost first."""
        current = self.parents.get(id(node))
        while current is not None:
            yield current
            current = self.parents.get(id(current))

    def functions_around(self, node: ast.AST) -> list[FunctionNode]:
        """The functions around a node, innermost first."""
        return [above for above in self.above(node) if isinstance(above, FunctionNode)]

    def assigned(self, name: str) -> ast.expr | None:
        """What the module's body gives to a name first; None where it gives it nothing."""
        return next(self.all_assigned(name), None)

    def all_assigned(self, name: str) -> Iterator[ast.expr]:
        """All that the module's body gives to a name, in the order of its lines."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and name in map(bare_name, targets_of(node)):
                yield node.value

    def dotted(self, node: ast.AST) -> str:
        """What an expression stands for, `boto3.client`; empty for other names. Locals hide imports."""
        return dotted_name(node, self._bound)

    def _bound(self, node: ast.AST) -> str:
        name = bare_name(node)
        if not name:
            return ""
        for scope in self.functions_around(node):
            inner = _local_targets(self, scope)
            if name in inner:
                return inner[name]
            if name in local_names(scope):
                return ""
        return self.bindings.get(name, "")


def module_name(path: str) -> str:
    """The dotted name that a path has: `src/app.py` is `src.app`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def parse_module(source: Source) -> ParsedModule:
    """Reads one file.

    Raises:
        SyntaxError: it is not Python (of this version), or is nested too deeply.
    """
    tree = parse_python(source.text)
    name = module_name(source.path)
    package = source.path.endswith("__init__.py")
    functions = dict(_functions(tree.body, ""))
    imports = tuple(_imports(tree, name, package=package))
    parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return ParsedModule(
        path=source.path,
        name=name,
        package=package,
        text=source.text,
        tree=tree,
        imports=imports,
        bindings={imported.name: imported.target for imported in imports if imported.name != "*"},
        functions=functions,
        names={id(node): name for name, node in functions.items()},
        parents=parents,
        ignored=comments_that_ignore(source.text),
    )


def is_stdlib(target: str) -> bool:
    """Whether a dotted name belongs to the standard library."""
    return target.partition(".")[0] in sys.stdlib_module_names


@functools.lru_cache(maxsize=4096)
def local_names(scope: FunctionNode) -> frozenset[str]:
    """Names that a function makes its own: parameters and what it assigns, but not what it declares global."""
    names = {argument.arg for argument in _arguments(scope.args)}
    outer: set[str] = set()
    for node in own_nodes(scope):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            names.add(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            outer.update(node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    return frozenset(names - outer)


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a body without those of the functions nested in it."""
    todo = list(ast.iter_child_nodes(scope))
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _SCOPES):
            todo.extend(ast.iter_child_nodes(node))


@functools.lru_cache(maxsize=4096)
def _local_targets(module: ParsedModule, scope: FunctionNode) -> Mapping[str, str]:
    return {imported.name: imported.target for imported in local_imports(module, scope)}


def local_imports(module: ParsedModule, scope: FunctionNode) -> Iterator[Import]:
    """The names that the import statements of a function bind."""
    for node in own_nodes(scope):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _statement(node, module.name, package=module.package, guarded=False)


def _imports(tree: ast.Module, name: str, *, package: bool) -> Iterator[Import]:
    todo: list[tuple[ast.AST, bool]] = [(node, False) for node in reversed(tree.body)]
    while todo:
        node, guarded = todo.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _statement(node, name, package=package, guarded=guarded)
        elif not isinstance(node, _SCOPES) and isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            todo.extend((child, True) for child in reversed(list(ast.iter_child_nodes(node))))


def _statement(node: ast.Import | ast.ImportFrom, name: str, *, package: bool, guarded: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            target = alias.name if alias.asname else bound_name(alias)
            yield Import(node, bound_name(alias), target, alias.name, guarded)
        return
    base = absolute_name(name, node.level, node.module, package=package)
    for alias in node.names:
        yield Import(node, taken_name(alias), f"{base}.{alias.name}", base, guarded)


def _functions(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, FunctionNode]]:
    for node in body:
        if isinstance(node, FunctionNode):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.If | ast.Try):
            last = node.finalbody if isinstance(node, ast.Try) else []
            yield from _functions([*node.body, *node.orelse, *last], prefix)


def comments_that_ignore(text: str) -> dict[int, frozenset[str]]:
    """Rules that comments silence, by line; `*` is every rule."""
    if "lambda-slim:" not in text:
        return {}
    silenced: dict[int, frozenset[str]] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            comment = _COMMENT.match(token.string) if token.type == tokenize.COMMENT else None
            if comment:
                rules = comment[1].split(",") if comment[1] is not None else ["*"]
                silenced[token.start[0]] = frozenset(map(str.strip, rules))
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    return silenced
