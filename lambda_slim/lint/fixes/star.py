"""What `from module import *` stands for, where a module of the project says so for certain. Pure."""

import ast
import re
from collections.abc import Iterator

from lambda_slim.lint.fixes.references import References
from lambda_slim.lint.modules import FunctionNode, ParsedModule
from lambda_slim.lint.program import Program


def star_change(
    module: ParsedModule, node: ast.Import | ast.ImportFrom, program: Program, references: References
) -> tuple[str, ...] | str:
    """The names that a wildcard import has to name, sorted; or why they are not known."""
    imports = [one for one in module.imports if one.node is node]
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
    used = tuple(sorted(name for name in names if name in words))
    if not used:
        return "none of its names is used"
    sure = _certain(source)
    if missing := [name for name in used if name not in sure]:
        return f"`{missing[0]}` is not always there in {source.path}"
    return next((why for name in sorted(names - set(used)) if (why := references.find(module, name))), "") or used


def exports(module: ParsedModule) -> frozenset[str] | str:
    """The names that `import *` brings from a module; or why they are not known."""
    listed = [node for node in module.tree.body if _assigns(node, "__all__")]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            return f"{module.path}:{node.lineno} has a wildcard of its own"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("globals", "vars", "exec", "setattr"):
                return f"{module.path}:{node.lineno} may make names at run time"
        elif isinstance(node, FunctionNode) and node.name == "__getattr__" and node in module.tree.body:
            return f"{module.path}:{node.lineno} may make names at run time"
    if "__all__" not in module.text:
        return frozenset(name for name in _bound(module.tree) if not name.startswith("_"))
    value = getattr(listed[0], "value", None) if len(listed) == 1 and module.text.count("__all__") == 1 else None
    if not isinstance(value, ast.List | ast.Tuple) or not all(isinstance(one, ast.Constant) for one in value.elts):
        return f"`__all__` of {module.path} is made at run time"
    return frozenset(str(one.value) for one in value.elts if isinstance(one, ast.Constant))


def _assigns(node: ast.stmt, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _bound(tree: ast.Module) -> Iterator[str]:
    """All names that a module may bind at its level; too many is safe, as too many are then asked about."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, FunctionNode | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (one.asname or one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.Global):
            yield from node.names
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name


def _certain(module: ParsedModule) -> frozenset[str]:
    """Names that a module has whatever happens: bound by a statement of its own level, and never deleted."""
    found: set[str] = set()
    for node in module.tree.body:
        if isinstance(node, FunctionNode | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {one.asname or one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.Assign) or (isinstance(node, ast.AnnAssign) and node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {
                one.id
                for target in targets
                for one in ast.walk(target)
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
            }
    deleted = {one.id for one in ast.walk(module.tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Del)}
    return frozenset(found - deleted)


def _reaches(program: Program, start: ParsedModule, name: str) -> bool:
    """Whether importing a module leads to another of the project."""
    seen: set[str] = set()
    todo = [start.name]
    while todo:
        current = todo.pop()
        if current == name:
            return True
        if current in seen or current not in program.modules:
            continue
        seen.add(current)
        module = program.modules[current]
        for one in module.imports:
            for dotted in (one.target, one.module):
                parts = program.resolve(module, dotted).split(".")
                todo += [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return False
