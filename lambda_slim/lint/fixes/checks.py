"""What could behave differently if an import statement went or moved: each check gives the reason, or nothing. Pure."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import filterfalse

from lambda_slim.base.rows import values_by_key
from lambda_slim.formats.python_syntax import decorator_name, end_name, import_statements, nodes_of
from lambda_slim.lint.fixes.order import is_quiet, order_matters
from lambda_slim.lint.fixes.references import References
from lambda_slim.lint.modules import FunctionNode, Import, ParsedModule, local_names
from lambda_slim.lint.program import Program, top_level
from lambda_slim.lint.syntax import ImportNode, bound_by, imported_modules, text_of, top_name

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_INWARD = frozenset({"globals", "locals", "vars", "eval", "exec", "dir"})
_NAMESPACES = frozenset({"modules", "_getframe", "__dict__"})
_PLAIN_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "property", "cache", "lru_cache", "cached_property", "wraps", "contextmanager"}
    | {"get", "post", "put", "delete", "patch", "head", "options", "route", "on_event", "command", "task", "fixture"}
    | {"inject_lambda_context", "capture_lambda_handler", "capture_method", "log_metrics", "resolver"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """An import statement that would go or move.

    Attributes:
        module: The file that has it.
        imports: The names that it binds.
        program: All files of the code root.
        references: All files of the project.
    """

    module: ParsedModule
    imports: tuple[Import, ...]
    program: Program
    references: References

    @property
    def node(self) -> ImportNode:
        """The statement."""
        return self.imports[0].node

    @property
    def names(self) -> frozenset[str]:
        """The local names that it binds."""
        return frozenset(imported.name for imported in self.imports)

    @property
    def modules(self) -> list[str]:
        """The modules that it asks for, one for each name."""
        return [imported.module for imported in self.imports]


def _shares_its_line(statement: Statement) -> str:
    line = statement.node.lineno
    there = [node for node in nodes_of(statement.module.tree, ast.stmt) if node.lineno == line]
    return "another statement is on its line" if len(there) > 1 else ""


def _loud(statement: Statement) -> str:
    """Importing changes something outside the module, or may: then it matters when that happens."""
    for module in filterfalse(is_quiet, statement.modules):
        return f"importing `{module}` may change something outside it, so the order could matter"
    return ""


def _interface(statement: Statement) -> str:
    if statement.module.package:
        return "names of an `__init__.py` are a package's interface"
    return "`__all__` may hand the name on" if "__all__" in statement.module.text else ""


def _inward(statement: Statement) -> str:
    """Whether a module may look its names up by strings."""
    module = statement.module
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _INWARD:
                return f"line {node.lineno} calls `{name}`, which may see the name"
            case ast.Attribute(attr=name) if name in _NAMESPACES:
                return f"line {node.lineno} looks into namespaces (`{name}`)"
    for name in ("__getattr__", "__dir__"):
        if name in module.functions:
            return f"the module has its own `{name}`"
    return ""


def _bound_again(statement: Statement) -> str:
    bindings = values_by_key(_bindings(statement.module.tree))
    for imported in statement.imports:
        lines = bindings[imported.name]
        if len(lines) > 1:
            return f"`{imported.name}` is bound in another place too (line {max(lines)})"
    return ""


def _bindings(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names and lines of all that binds a name, in any scope: the same name twice is reason enough to leave it."""
    for node in ast.walk(tree):
        for name in _bound(node):
            yield name, node.lineno  # type: ignore[attr-defined]


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that a node binds."""
    match node:
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id
        case ast.arg():
            yield node.arg
        case ast.Nonlocal():
            yield from node.names
        case _:
            yield from bound_by(node)


def _in_text(statement: Statement) -> str:
    """Strings and comments may hold code: quoted annotations, doctests, type comments."""
    for imported in statement.imports:
        word = re.compile(rf"\b{re.escape(imported.name)}\b")
        if line := _in_string(statement.module, word):
            return f"a string in line {line} names `{imported.name}`"
        if line := _in_type_comment(statement.module, word):
            return f"a type comment in line {line} names `{imported.name}`"
    return ""


def _in_string(module: ParsedModule, word: re.Pattern[str]) -> int:
    """The line of a string that names a word; docstrings count only with a doctest."""
    docs = {id(node) for node in _docstrings(module.tree)}
    for node in nodes_of(module.tree, ast.Constant):
        text = text_of(node)
        is_prose = id(node) in docs and ">>>" not in text
        if word.search(text) and not is_prose:
            return node.lineno
    return 0


def _in_type_comment(module: ParsedModule, word: re.Pattern[str]) -> int:
    for number, line in enumerate(module.text.splitlines(), 1):
        comment = re.search(r"#\s*type:(.*)", line)
        if comment and word.search(comment[1]):
            return number
    return 0


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        match getattr(node, "body", None):
            case [ast.Expr(value=ast.Constant() as text), *_] if isinstance(node, _DOCUMENTED):
                yield text


def _used_elsewhere(statement: Statement) -> str:
    reasons = (statement.references.find(statement.module, imported.name) for imported in statement.imports)
    return next(filter(None, reasons), "")


def _imported_elsewhere(statement: Statement) -> str:
    """Another import of the same package would load it anyway, or count on a submodule that this one loads."""
    tops = set(map(top_name, statement.modules))
    for other in statement.program.modules.values():
        for node in import_statements(other.tree):
            asked = set(map(top_name, imported_modules(node)))
            if node is not statement.node and tops & asked:
                return f"{other.path}:{node.lineno} imports it too"
    return ""


def _partly_used(statement: Statement) -> str:
    used = {node.id for node in nodes_of(statement.module.tree, ast.Name)}
    kept = [imported.name for imported in statement.imports if imported.name in used]
    return f"the statement also imports `{kept[0]}`, which is used" if kept else ""


def _not_one_function(statement: Statement) -> str:
    module = statement.module
    functions = users(statement)
    if len(functions) != 1:
        return f"{len(functions)} functions use it: {', '.join(function.name for function in functions)}"
    function = functions[0]
    key = (module.name, module.names[id(function)])
    if key in statement.program.starts() or _named_at_init(module, function):
        return f"`{function.name}` is named at module level, so INIT may call it"
    if not statement.names.isdisjoint(local_names(function)):
        return f"`{function.name}` has a name of its own like it"
    return _decorated(function)


def users(statement: Statement) -> list[FunctionNode]:
    """The functions that use the names of an import, in the order of their uses."""
    module = statement.module
    owners: dict[str, None] = {}
    for node in nodes_of(module.tree, ast.Name):
        if node.id in statement.names:
            owners[module.function_of(node)] = None
    return [module.functions[name] for name in filter(None, owners)]


def _named_at_init(module: ParsedModule, function: FunctionNode) -> bool:
    """Whether the module's own level, decorators and class bodies included, names the function at all."""
    return function.name in map(end_name, top_level(module.tree.body))


def _decorated(function: FunctionNode) -> str:
    for decorator in function.decorator_list:
        if decorator_name(decorator) not in _PLAIN_DECORATORS:
            return f"the decorator of `{function.name}` may look at its code"
    return ""


def _order(statement: Statement) -> str:
    return order_matters(statement.program, statement.module, statement.node)


_Check = Callable[[Statement], str]
ALWAYS: tuple[_Check, ...] = (
    _interface,
    _shares_its_line,
    _loud,
    _inward,
    _bound_again,
    _in_text,
    _used_elsewhere,
    _imported_elsewhere,
)
DELETING: tuple[_Check, ...] = (_partly_used,)
MOVING: tuple[_Check, ...] = (_not_one_function, _order)
