"""Whether a finding can be mended so that nothing behaves differently; if not, why not. Pure."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from lambda_slim.lint.fixes.order import is_quiet, order_matters
from lambda_slim.lint.fixes.references import References
from lambda_slim.lint.fixes.star import star_change
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.modules import FunctionNode, Import, ParsedModule, local_names
from lambda_slim.lint.program import Program, top_level


class FixKind(StrEnum):
    """What is done to an import statement."""

    DELETE = "deleted"
    DEFER = "moved into the function that uses it"
    SPELL = "spelled out"


@dataclass(frozen=True, slots=True)
class SafeChange:
    """One edit.

    Attributes:
        line: Of the import statement, from 1.
        function: Line of the `def` that an import moves into; 0 for others.
        names: What a spelled-out import names.
    """

    kind: FixKind
    line: int
    function: int = 0
    names: tuple[str, ...] = ()


FIXABLE = frozenset({"LS201", "LS202", "LS210"})
_INWARD = frozenset({"globals", "locals", "vars", "eval", "exec", "dir"})
_PLAIN_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "property", "cache", "lru_cache", "cached_property", "wraps", "contextmanager"}
    | {"get", "post", "put", "delete", "patch", "head", "options", "route", "on_event", "command", "task", "fixture"}
    | {"inject_lambda_context", "capture_lambda_handler", "capture_method", "log_metrics", "resolver"}
)


def decide(mark: Mark, program: Program, references: References) -> SafeChange | str:
    """The change that mends a finding, or why there is none."""
    node = mark.node
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return "it is no import"
    if mark.rule == "LS210":
        found = star_change(mark.module, node, program, references)
        return found if isinstance(found, str) else SafeChange(FixKind.SPELL, node.lineno, names=found)
    imports = [one for one in mark.module.imports if one.node is node]
    checks = _DELETING if mark.rule == "LS201" else _MOVING
    for check in (*_ALWAYS, *checks):
        if why := check(mark.module, imports, program, references):
            return why
    if mark.rule == "LS201":
        return SafeChange(FixKind.DELETE, node.lineno)
    return SafeChange(FixKind.DEFER, node.lineno, function=_users(mark.module, imports)[0].lineno)


_Check = Callable[[ParsedModule, list[Import], Program, References], str]


def _shares_its_line(module: ParsedModule, imports: list[Import], _: Program, __: References) -> str:
    node = imports[0].node
    lines = {one.lineno for one in ast.walk(module.tree) if isinstance(one, ast.stmt) and one is not node}
    return "another statement is on its line" if node.lineno in lines else ""


def _loud(_: ParsedModule, imports: list[Import], __: Program, ___: References) -> str:
    """Importing changes something outside the module, or may: then it matters when that happens."""
    for one in imports:
        if not is_quiet(one.module):
            return f"importing `{one.module}` may change something outside it, so the order could matter"
    return ""


def _interface(module: ParsedModule, _: list[Import], __: Program, ___: References) -> str:
    if module.package:
        return "names of an `__init__.py` are a package's interface"
    return "`__all__` may hand the name on" if "__all__" in module.text else ""


def _inward(module: ParsedModule, _: list[Import], __: Program, ___: References) -> str:
    """Whether a module may look its names up by strings."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _INWARD:
            return f"line {node.lineno} calls `{node.func.id}`, which may see the name"
        if isinstance(node, ast.Attribute) and node.attr in ("modules", "_getframe", "__dict__"):
            return f"line {node.lineno} looks into namespaces (`{node.attr}`)"
        if isinstance(node, FunctionNode) and node.name in ("__getattr__", "__dir__") and node in module.tree.body:
            return f"the module has its own `{node.name}`"
    return ""


def _bound_again(module: ParsedModule, imports: list[Import], _: Program, __: References) -> str:
    for one in imports:
        bindings = [line for name, line in _bindings(module.tree) if name == one.name]
        if len(bindings) > 1:
            return f"`{one.name}` is bound in another place too (line {max(bindings)})"
    return ""


def _bindings(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names and lines of all that binds a name, in any scope: the same name twice is reason enough to leave it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno
        elif isinstance(node, FunctionNode | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from ((name, node.lineno) for name in node.names)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((one.asname or one.name.partition(".")[0], node.lineno) for one in node.names)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name, node.lineno
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest, node.lineno


def _in_text(module: ParsedModule, imports: list[Import], _: Program, __: References) -> str:
    """Strings and comments may hold code: quoted annotations, doctests, type comments."""
    docs = {id(node) for node in _docstrings(module.tree)}
    for one in imports:
        word = re.compile(rf"\b{re.escape(one.name)}\b")
        for node in ast.walk(module.tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if word.search(text) and (id(node) not in docs or ">>>" in text):
                return f"a string in line {node.lineno} names `{one.name}`"  # type: ignore[attr-defined]
        for number, line in enumerate(module.text.splitlines(), 1):
            if (comment := re.search(r"#\s*type:(.*)", line)) and word.search(comment[1]):
                return f"a type comment in line {number} names `{one.name}`"
    return ""


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | FunctionNode) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _used_elsewhere(module: ParsedModule, imports: list[Import], _: Program, references: References) -> str:
    return next((why for one in imports if (why := references.find(module, one.name))), "")


def _imported_elsewhere(_: ParsedModule, imports: list[Import], program: Program, __: References) -> str:
    """Another import of the same package would load it anyway, or count on a submodule that this one loads."""
    tops = {one.module.partition(".")[0] for one in imports}
    for other in program.modules.values():
        for node in ast.walk(other.tree):
            if node is imports[0].node or not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
            level = node.level if isinstance(node, ast.ImportFrom) else 0
            if not level and any(name.partition(".")[0] in tops for name in names):
                return f"{other.path}:{node.lineno} imports it too"
    return ""


def _partly_used(module: ParsedModule, imports: list[Import], _: Program, __: References) -> str:
    used = {node.id for node in ast.walk(module.tree) if isinstance(node, ast.Name)}
    kept = [one.name for one in imports if one.name in used]
    return f"the statement also imports `{kept[0]}`, which is used" if kept else ""


def _not_one_function(module: ParsedModule, imports: list[Import], program: Program, _: References) -> str:
    users = _users(module, imports)
    if len(users) != 1:
        return f"{len(users)} functions use it: {', '.join(one.name for one in users)}"
    function = users[0]
    key = (module.name, module.names[id(function)])
    if key in program.starts() or _called_at_init(module, function):
        return f"`{function.name}` is named at module level, so INIT may call it"
    if any(one.name in local_names(function) for one in imports):
        return f"`{function.name}` has a name of its own like it"
    return _decorated(function)


def _users(module: ParsedModule, imports: list[Import]) -> list[FunctionNode]:
    names = {one.name for one in imports}
    found: dict[str, None] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and node.id in names:
            found[module.function_of(node)] = None
    return [module.functions[name] for name in found if name]


def _called_at_init(module: ParsedModule, function: FunctionNode) -> bool:
    """Whether the module's own level, decorators and class bodies included, names the function at all."""
    return any(
        isinstance(node, ast.Name | ast.Attribute)
        and (node.id if isinstance(node, ast.Name) else node.attr) == function.name
        for node in top_level(module.tree.body)
    )


def _decorated(function: FunctionNode) -> str:
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        if name not in _PLAIN_DECORATORS:
            return f"the decorator of `{function.name}` may look at its code"
    return ""


def _order(module: ParsedModule, imports: list[Import], program: Program, _: References) -> str:
    return order_matters(program, module, imports[0].node)


_ALWAYS: tuple[_Check, ...] = (
    _interface, _shares_its_line, _loud, _inward, _bound_again, _in_text, _used_elsewhere,
    _imported_elsewhere,
)  # fmt: skip
_DELETING: tuple[_Check, ...] = (_partly_used,)
_MOVING: tuple[_Check, ...] = (_not_one_function, _order)
