"""Rule on globals that grow with every invocation."""

import ast
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from lambda_slim.formats.python_syntax import bare_name, loads_of, nodes_of, targets_of
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.modules import ParsedModule, local_names
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
    return {name for name, count in counts.items() if count == 1} - {""}


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
    if bare_name(node) != name:
        return False
    return not any(name in local_names(scope) for scope in module.functions_around(node))


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
    if _imported_elsewhere(program, module, name):
        return True
    declared = chain.from_iterable(node.names for node in nodes_of(module.tree, ast.Global))
    around = [module.parents.get(id(node)) for node in loads_of(module.tree, name)]
    return name in declared or any(map(_looks_at, around))


def _imported_elsewhere(program: Program, module: ParsedModule, name: str) -> bool:
    for other, imported in program.imports():
        if last_name(imported.target) in (name, "*") and program.resolve(other, imported.module) == module.name:
            return True
    return False


def _looks_at(parent: ast.AST | None) -> bool:
    """Whether what stands around the variable does more than make it larger."""
    if isinstance(parent, ast.Attribute):
        return parent.attr not in _GROW
    if isinstance(parent, ast.Subscript):
        return not _fills(parent)
    if isinstance(parent, ast.Call):
        return bare_name(parent.func) != "str"
    return isinstance(parent, ast.Compare)
