"""Rule on globals that grow with every invocation."""

import ast
from collections import Counter
from collections.abc import Iterator

from lambda_slim.formats.python_syntax import bare_name, targets_of
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.modules import FunctionNode, ParsedModule, local_names
from lambda_slim.lint.program import Program, top_level
from lambda_slim.lint.syntax import last_name

_EMPTY = frozenset({"list", "dict", "set", "defaultdict"})
_GROW = frozenset({"append", "extend", "insert", "add", "update"})


def growing(program: Program) -> Iterator[Mark]:
    """Module-level collections that invocations fill and nothing looks up, empties or bounds."""
    invoked = program.invoked()
    for name in sorted({module for module, _ in invoked}):
        module = program.modules[name]
        for variable in sorted(_collections(module)):
            grows = [node for node in _grown(module, variable) if (name, module.function_of(node)) in invoked]
            if grows and not _bounded(program, module, variable):
                message = f"`{variable}` lives as long as the sandbox and grows with every invocation"
                yield Mark("LS207", module, grows[0], message)


def _collections(module: ParsedModule) -> set[str]:
    """Variables of a module that are assigned once, and that is a collection."""
    counts = Counter[str]()
    for node in top_level(module.tree.body):
        counts.update(map(bare_name, _collection_targets(node)))
    return {name for name, count in counts.items() if name and count == 1}


def _collection_targets(node: ast.AST) -> list[ast.expr]:
    """What a statement assigns a collection to."""
    match node:
        case ast.Assign(value=value) | ast.AnnAssign(value=value) if _is_collection(value):
            return targets_of(node)
    return []


def _is_collection(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return bare_name(value.func) in _EMPTY
    return isinstance(value, ast.List | ast.Dict | ast.Set)


def _is_global(module: ParsedModule, node: ast.AST, name: str) -> bool:
    """Whether an expression is the module's variable, not a local of that name."""
    scopes = (scope for scope in module.above(node) if isinstance(scope, FunctionNode))
    return bare_name(node) == name and not any(name in local_names(scope) for scope in scopes)


def _grown(module: ParsedModule, name: str) -> Iterator[ast.expr]:
    """Places that make a collection larger."""
    for place in map(_growing_place, ast.walk(module.tree)):
        if place is not None and _is_global(module, place.value, name):
            yield place


def _growing_place(node: ast.AST) -> ast.Attribute | ast.Subscript | None:
    """The part of a node that fills a collection: `rows.append`, `rows[key] = …`."""
    match node:
        case ast.Call(func=ast.Attribute(attr=method) as called) if method in _GROW:
            return called
        case ast.Subscript() if _fills(node):
            return node
    return None


def _fills(node: ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Store) and not isinstance(node.slice, ast.Constant | ast.Slice)


def _bounded(program: Program, module: ParsedModule, name: str) -> bool:
    """Whether anything looks the variable up, empties it, measures it, binds it anew or hands it on."""
    return _imported_elsewhere(program, module, name) or any(
        _bounds(module, node, name) for node in ast.walk(module.tree)
    )


def _imported_elsewhere(program: Program, module: ParsedModule, name: str) -> bool:
    for other in program.modules.values():
        for imported in other.imports:
            if last_name(imported.target) in (name, "*") and program.resolve(other, imported.module) == module.name:
                return True
    return False


def _bounds(module: ParsedModule, node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Global):
        return name in node.names
    is_read = bare_name(node) == name and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    return is_read and _looks_at(module.parents.get(id(node)))


def _looks_at(parent: ast.AST | None) -> bool:
    """Whether what stands around the variable does more than make it larger."""
    if isinstance(parent, ast.Attribute):
        return parent.attr not in _GROW
    if isinstance(parent, ast.Subscript):
        return not _fills(parent)
    if isinstance(parent, ast.Call):
        return bare_name(parent.func) != "str"
    return isinstance(parent, ast.Compare)
