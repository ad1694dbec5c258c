"""What `from module import *` stands for, where a module of the project says so for certain. Pure."""

import ast
import re
from collections.abc import Iterator
from itertools import chain

from lambda_slim.formats.python_syntax import names_in, of_kind, targets_of
from lambda_slim.lint.fixes.references import References
from lambda_slim.lint.modules import FunctionNode, ParsedModule
from lambda_slim.lint.program import Program
from lambda_slim.lint.syntax import ImportNode, assigns_name, bound_by

_MAKERS = frozenset({"globals", "vars", "exec", "setattr"})


def star_change(
    module: ParsedModule, node: ImportNode, program: Program, references: References
) -> tuple[str, ...] | str:
    """The names that a wildcard import has to name, sorted; or why they are not known."""
    imports = [imported for imported in module.imports if imported.node is node]
    if not imports or imports[0].guarded:
        return "it is in a `try`, an `if` or a class"
    if "__all__" in module.text:
        return "`__all__` may hand the names on"
    source = program.modules.get(program.resolve(module, imports[0].module))
    if source is None:
        return f"which names `{imports[0].module}` has is only known when it is imported"
    if _reaches(program, source, module.name):
        return f"`{source.name}` and this module import each other, so not all names need be there"
    names = exports(source)
    return names if isinstance(names, str) else _used(names, module, source, references)


def _used(
    names: frozenset[str], module: ParsedModule, source: ParsedModule, references: References
) -> tuple[str, ...] | str:
    words = set(re.findall(r"\w+", module.text))
    used = tuple(sorted(names & words))
    if not used:
        return "none of its names is used"
    missing = [name for name in used if name not in _certain(source)]
    if missing:
        return f"`{missing[0]}` is not always there in {source.path}"
    reasons = (references.find(module, name) for name in sorted(names.difference(used)))
    return next(filter(None, reasons), used)


def exports(module: ParsedModule) -> frozenset[str] | str:
    """The names that `import *` brings from a module; or why they are not known."""
    for node in ast.walk(module.tree):
        if reason := _unknown_names(module, node):
            return f"{module.path}:{node.lineno} {reason}"  # type: ignore[attr-defined]
    if "__all__" not in module.text:
        return frozenset(name for name in _bound(module.tree) if not name.startswith("_"))
    listed = _listed(module)
    if listed is None:
        return f"`__all__` of {module.path} is made at run time"
    return listed


def _unknown_names(module: ParsedModule, node: ast.AST) -> str:
    """Why a node gives a module names that are not known; empty where it does not."""
    match node:
        case ast.ImportFrom(names=[ast.alias(name="*")]):
            return "has a wildcard of its own"
        case ast.Call(func=ast.Name(id=name)) if name in _MAKERS:
            return "may make names at run time"
        case ast.FunctionDef(name="__getattr__") | ast.AsyncFunctionDef(name="__getattr__") if node in module.tree.body:
            return "may make names at run time"
    return ""


def _listed(module: ParsedModule) -> frozenset[str] | None:
    """The names of `__all__`; None where it is not one list of constants."""
    places = [node for node in module.tree.body if assigns_name(node, "__all__")]
    if len(places) != 1 or module.text.count("__all__") != 1:
        return None
    value = getattr(places[0], "value", None)
    if not isinstance(value, ast.List | ast.Tuple):
        return None
    names = [str(element.value) for element in of_kind(value.elts, ast.Constant)]
    if len(names) < len(value.elts):
        return None
    return frozenset(names)


def _bound(tree: ast.Module) -> Iterator[str]:
    """All names that a module may bind at its level; too many is safe, as too many are then asked about."""
    yield from names_in(tree, ast.Store)
    yield from chain.from_iterable(map(bound_by, ast.walk(tree)))


def _certain(module: ParsedModule) -> frozenset[str]:
    """Names that a module certainly has: bound by a statement of its own level, and never deleted."""
    names: set[str] = set()
    for node in module.tree.body:
        if isinstance(node, FunctionNode | ast.ClassDef | ast.Import | ast.ImportFrom):
            names.update(bound_by(node))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            names = names.union(*(names_in(target, ast.Store) for target in targets_of(node)))
    return frozenset(names - names_in(module.tree, ast.Del))


def _reaches(program: Program, start: ParsedModule, name: str) -> bool:
    """Whether importing a module leads to another of the project."""
    seen: set[str] = set()
    todo = [start.name]
    while todo:
        current = todo.pop()
        if current == name:
            return True
        if current not in seen and current in program.modules:
            seen.add(current)
            todo += program.imported_by(program.modules[current])
    return False
