"""Rules on import statements: never used, used on some paths only, wildcards, failures hidden."""

import ast
from collections.abc import Iterator, Mapping

from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.measured import Init
from lambda_slim.lint.modules import FunctionNode, Import, ParsedModule, is_stdlib
from lambda_slim.lint.program import Program, top_level

VCPU_MB = 1769  # memory at which INVOKE has a whole vCPU, as INIT always has
_WORTH = 5000  # microseconds below which an import is no news
_BROAD = frozenset({"Exception", "BaseException"})


def unused(program: Program) -> Iterator[Mark]:
    """Distributions that INIT imports and nothing uses."""
    for module, one in _unused(program):
        yield Mark("LS201", module, one.node, _never(one))


def weighed_unused(program: Program, init: Init) -> Iterator[Mark]:
    """The same with the time that goes, and the bytes where nothing else in the project imports the distribution."""
    for module, one in _unused(program):
        weight = init.weigh(module, one)
        node = init.nodes.get(one.module)
        others = sum(other.module == one.module for each in program.modules.values() for other in each.imports)
        freed = init.freed.get(node.distribution, 0) if node and others == 1 else 0
        saved = weight.us if weight else 0
        yield Mark("LS201", module, one.node, _never(one), saves_us=saved, saves_bytes=freed)


def _never(one: Import) -> str:
    return f"`{one.target}` is imported during INIT and never used"


def _unused(program: Program) -> Iterator[tuple[ParsedModule, Import]]:
    for name in sorted(program.init):
        module = program.modules[name]
        if module.package or "__all__" in module.text:
            continue
        taken = _taken(program, module)
        for one in module.imports:
            plain = not one.guarded and not _exported(one) and one.name not in ("*", "_")
            if plain and _foreign(program, module, one) and one.name not in taken and not _on_purpose(module, one):
                yield module, one


def _taken(program: Program, module: ParsedModule) -> set[str]:
    """Names that the module uses, in strings too (annotations, `getattr`), and that others import from it."""
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
            found.update(node.value.replace("[", " ").replace(".", " ").replace("]", " ").split())
    for other in program.modules.values():
        for one in other.imports:
            if program.resolve(other, one.module) == module.name:
                found.add(one.target.rpartition(".")[2])
        if any(program.resolve(other, one.target) == module.name for one in other.imports):
            found |= {node.attr for node in ast.walk(other.tree) if isinstance(node, ast.Attribute)}
    return found


def _exported(one: Import) -> bool:
    return any(alias.asname == alias.name for alias in one.node.names)


def _on_purpose(module: ParsedModule, one: Import) -> bool:
    line = module.text.splitlines()[(one.node.end_lineno or one.node.lineno) - 1]
    facts = load_lint_tables()
    parts = one.module.split(".")
    return "noqa" in line or any(".".join(parts[:end]) in facts.plugins for end in range(1, len(parts) + 1))


def _foreign(program: Program, module: ParsedModule, one: Import) -> bool:
    return not (
        is_stdlib(one.module)
        or (isinstance(one.node, ast.ImportFrom) and one.node.level)
        or program.resolve(module, one.module)
        or program.resolve(module, one.module.partition(".")[0])
    )


def deferrable(program: Program) -> Iterator[Mark]:
    """Imports of INIT that only some paths through the handler use, where they are known to be slow."""
    heavy = load_lint_tables().heavy
    for module, one in candidates(program):
        parts = one.module.split(".")
        if any(".".join(parts[:end]) in heavy for end in range(1, len(parts) + 1)):
            yield Mark("LS202", module, one.node, _some_paths(one))


def weighed(program: Program, init: Init) -> Iterator[Mark]:
    """The same with what was measured in place of what is known."""
    for module, one in candidates(program):
        weight = init.weigh(module, one)
        if weight is None or max(weight.us, weight.total_us) < _WORTH:
            continue
        if weight.us < _WORTH:
            other = f" ({weight.anyway} loads it anyway)" if weight.anyway else ""
            hint = "nothing, or defer the other imports of it as well"
            yield Mark("LS202", module, one.node, f"{_some_paths(one)}; no-win: deferring saves nothing{other}", hint)
            continue
        share = min(100, round(100 * init.memory_mb / VCPU_MB))
        pays = f"; at {init.memory_mb} MB it pays if fewer than {share} % of cold starts use it" if share < 100 else ""
        message = f"{_some_paths(one)}: {weight.modules} modules would wait{pays}"
        yield Mark("LS202", module, one.node, message, saves_us=weight.us)


def _some_paths(one: Import) -> str:
    return f"`{one.module}` is imported during INIT, but only some paths through the handler use it"


def candidates(program: Program) -> Iterator[tuple[ParsedModule, Import]]:
    """Imports of other people's modules that could wait: no INIT code takes them, nor every path of a handler."""
    entries = [program.uses(key) for key in program.handlers]
    routes = [program.uses(key) for key in program.routes]
    always = frozenset[str]().union(*(uses.always for uses in entries))
    if routes:
        always |= frozenset.intersection(*(uses.always for uses in routes))
    some = frozenset[str]().union(*(uses.some for uses in (*entries, *routes)))
    invoked = program.invoked()
    for name in sorted(program.init):
        module = program.modules[name]
        at_init = {node.id for node in top_level(module.tree.body) if isinstance(node, ast.Name)}
        found: list[Import] = []
        for one in module.imports:
            mark = f"{name}:{one.name}"
            waits = not one.guarded and mark in some and mark not in always and one.name not in at_init
            if waits and _foreign(program, module, one) and _all_followed(module, one, invoked):
                found.append(one)
        for one in found:
            together = [other for other in module.imports if other.node is one.node]
            if one is together[0] and all(other in found for other in together):
                yield module, one


def _all_followed(module: ParsedModule, one: Import, invoked: Mapping[tuple[str, str], bool]) -> bool:
    """Whether every use lies in a function whose calls are known, and in no annotation or signature."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Name) or node.id != one.name:
            continue
        owner = module.function_of(node)
        if not owner or (module.name, owner) not in invoked or _in_signature(module, node):
            return False
    return True


def _in_signature(module: ParsedModule, node: ast.AST) -> bool:
    child = node
    for parent in module.above(node):
        if isinstance(parent, FunctionNode):
            return child is parent.args or child is parent.returns or child in parent.decorator_list
        child = parent
    return False


def wildcards(program: Program) -> Iterator[Mark]:
    """`from x import *`, but in a package's `__init__.py`, where it is how names are handed on."""
    for module in program.modules.values():
        if module.package:
            continue
        for one in module.imports:
            if one.name == "*":
                message = f"`from {one.module} import *` hides which names are used"
                yield Mark("LS210", module, one.node, message, level="" if _foreign(program, module, one) else "info")


def broad_excepts(program: Program) -> Iterator[Mark]:
    """`try: import x` whose handler swallows every exception."""
    for module in program.modules.values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Try) and all(isinstance(one, ast.Import | ast.ImportFrom) for one in node.body):
                for handler in node.handlers:
                    if _is_broad(handler) and _swallows(handler):
                        message = "any failure of this import is swallowed, a broken package's too"
                        yield Mark("LS211", module, node.body[0], message)


def _is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or (isinstance(handler.type, ast.Name) and handler.type.id in _BROAD)


def _swallows(handler: ast.ExceptHandler) -> bool:
    inside = [node for statement in handler.body for node in ast.walk(statement)]
    if any(isinstance(node, ast.Raise) for node in inside):
        return False
    told = any(isinstance(node, ast.Name) and node.id == handler.name for node in inside) if handler.name else False
    logged = any(isinstance(node, ast.Attribute) and node.attr in ("exception", "critical", "error") for node in inside)
    return not told and not logged
