"""Rules on import statements: never used, used on some paths only, wildcards, failures hidden."""

import ast
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from lambda_slim.base.text import clause
from lambda_slim.base.units import plural
from lambda_slim.formats.python_syntax import bare_name, nodes_named, nodes_of, of_kind
from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.measured import Init, Weight
from lambda_slim.lint.modules import FunctionNode, Import, ParsedModule, is_stdlib
from lambda_slim.lint.program import Program, top_level
from lambda_slim.lint.syntax import last_name, text_of, within

VCPU_MB = 1769  # memory at which INVOKE has a whole vCPU, as INIT always has
_WORTH = 5000  # microseconds below which an import is not worth a line
_BROAD = frozenset({"Exception", "BaseException"})
_LOGS = frozenset({"exception", "critical", "error"})
_SEPARATORS = re.compile(r"[\[\].]")


def unused(program: Program) -> Iterator[Mark]:
    """Distributions that INIT imports and nothing uses."""
    for module, imported in _unused(program):
        yield Mark("LS201", module, imported.node, _never_used(imported))


def weighed_unused(program: Program, init: Init) -> Iterator[Mark]:
    """The same with the time that goes, and the bytes where nothing else in the project imports the distribution."""
    for module, imported in _unused(program):
        weight = init.weigh(module, imported)
        yield Mark(
            "LS201",
            module,
            imported.node,
            _never_used(imported),
            saves_us=weight.us,
            saves_bytes=_freed(program, init, imported.module),
        )


def _freed(program: Program, init: Init, name: str) -> int:
    """Bytes that leave the package with an import; 0 where another import of the project asks for the module too."""
    importers = sum(imported.module == name for _, imported in program.imports())
    if importers != 1 or name not in init.nodes:
        return 0
    return init.freed.get(init.nodes[name].distribution, 0)


def _never_used(imported: Import) -> str:
    return f"`{imported.target}` is imported during INIT and never used"


def _unused(program: Program) -> Iterator[tuple[ParsedModule, Import]]:
    for name in sorted(program.init):
        module = program.modules[name]
        if module.package or "__all__" in module.text:
            continue
        used = _used_names(module) | _names_for_others(program, module)
        for imported in module.imports:
            if imported.name not in used and _may_be_unused(program, module, imported):
                yield module, imported


def _may_be_unused(program: Program, module: ParsedModule, imported: Import) -> bool:
    """Whether an import that nothing uses is one to report: plain, of another project, and not there on purpose."""
    if imported.guarded or imported.name in ("*", "_"):
        return False
    if _exported(imported) or _on_purpose(module, imported):
        return False
    return _third_party(program, module, imported)


def _used_names(module: ParsedModule) -> set[str]:
    """Names that the module uses, in strings too (annotations, `getattr`)."""
    names: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif len(text := text_of(node)) < 200:
            names.update(_SEPARATORS.sub(" ", text).split())
    return names


def _names_for_others(program: Program, module: ParsedModule) -> set[str]:
    """Names that other modules of the project take from the module."""
    names: set[str] = set()
    for other, imported in program.imports():
        if program.resolve(other, imported.module) == module.name:
            names.add(last_name(imported.target))
        if program.resolve(other, imported.target) == module.name:
            names |= _attributes(other)
    return names


@functools.lru_cache(maxsize=4096)
def _attributes(module: ParsedModule) -> frozenset[str]:
    """All names that a module takes of something."""
    return frozenset(node.attr for node in nodes_of(module.tree, ast.Attribute))


def _exported(imported: Import) -> bool:
    return any(alias.asname == alias.name for alias in imported.node.names)


def _on_purpose(module: ParsedModule, imported: Import) -> bool:
    line = module.text.splitlines()[(imported.node.end_lineno or imported.node.lineno) - 1]
    return "noqa" in line or within(imported.module, load_lint_tables().plugins)


def _third_party(program: Program, module: ParsedModule, imported: Import) -> bool:
    relative = isinstance(imported.node, ast.ImportFrom) and imported.node.level > 0
    if relative or is_stdlib(imported.module):
        return False
    return not program.is_first_party(module, imported.module)


def deferrable(program: Program) -> Iterator[Mark]:
    """Imports of INIT that only some paths through the handler use, where they are known to be slow."""
    heavy = load_lint_tables().heavy
    for module, imported in candidates(program):
        if within(imported.module, heavy):
            yield Mark("LS202", module, imported.node, _some_paths(imported))


def weighed(program: Program, init: Init) -> Iterator[Mark]:
    """The same with what was measured in place of what is known."""
    for module, imported in candidates(program):
        weight = init.weigh(module, imported)
        if max(weight.us, weight.total_us) < _WORTH:
            continue
        if weight.us < _WORTH:
            yield _no_win(module, imported, weight)
        else:
            waiting = f"{plural(weight.modules, 'module')} would wait{_pays(init.memory_mb)}"
            message = f"{_some_paths(imported)}: {waiting}"
            yield Mark("LS202", module, imported.node, message, saves_us=weight.us)


def _no_win(module: ParsedModule, imported: Import, weight: Weight) -> Mark:
    other = clause(" ({} loads it anyway)", weight.anyway)
    message = f"{_some_paths(imported)}; no-win: deferring saves nothing{other}"
    return Mark("LS202", module, imported.node, message, "nothing, or defer the other imports of it as well")


def _pays(memory_mb: int) -> str:
    """From which share of cold starts on deferring pays; empty where it always does."""
    share = round(100 * memory_mb / VCPU_MB)
    if share >= 100:
        return ""
    return f"; at {memory_mb} MB it pays if fewer than {share} % of cold starts use it"


def _some_paths(imported: Import) -> str:
    return f"`{imported.module}` is imported during INIT, but only some paths through the handler use it"


def candidates(program: Program) -> Iterator[tuple[ParsedModule, Import]]:
    """Third-party imports that could wait: neither INIT code nor every path of a handler uses them."""
    some = _taken_on_some_paths(program)
    invoked = program.invoked()
    for name in sorted(program.init):
        module = program.modules[name]
        free = some - {f"{name}:{used}" for used in _names_at_init(module)}
        could = [imported for imported in module.imports if _can_wait(program, module, imported, free)]
        waiting = [imported for imported in could if _all_followed(module, imported, invoked)]
        for imported in waiting:
            if _whole_statement(module, imported, waiting):
                yield module, imported


def _whole_statement(module: ParsedModule, imported: Import, waiting: Sequence[Import]) -> bool:
    """Whether all that a statement imports can wait; true for the first of its names only."""
    together = [other for other in module.imports if other.node is imported.node]
    return imported is together[0] and all(other in waiting for other in together)


def _taken_on_some_paths(program: Program) -> frozenset[str]:
    """What some paths of an invocation take, and not all: `module:name`."""
    entries = [*map(program.uses, program.handlers)]
    routes = [*map(program.uses, program.routes)]
    always = frozenset[str]().union(*(uses.always for uses in entries))
    if routes:
        always |= frozenset.intersection(*(uses.always for uses in routes))
    some = frozenset[str]().union(*(uses.some for uses in (*entries, *routes)))
    return some - always


def _names_at_init(module: ParsedModule) -> set[str]:
    return {node.id for node in of_kind(top_level(module.tree.body), ast.Name)}


def _can_wait(program: Program, module: ParsedModule, imported: Import, free: frozenset[str]) -> bool:
    if imported.guarded or f"{module.name}:{imported.name}" not in free:
        return False
    return _third_party(program, module, imported)


def _all_followed(module: ParsedModule, imported: Import, invoked: Mapping[tuple[str, str], bool]) -> bool:
    """Whether every use lies in a function whose calls are known, and in no annotation or signature."""
    uses = [*nodes_named(module.tree, imported.name)]
    owners = {(module.name, module.function_of(node)) for node in uses}
    return owners <= invoked.keys() and not any(_in_signature(module, node) for node in uses)


def _in_signature(module: ParsedModule, node: ast.AST) -> bool:
    child = node
    for parent in module.above(node):
        if isinstance(parent, FunctionNode):
            return child in (parent.args, parent.returns, *parent.decorator_list)
        child = parent
    return False


def wildcards(program: Program) -> Iterator[Mark]:
    """`from x import *`, but in a package's `__init__.py`, where it is how names are handed on."""
    for module, imported in program.imports():
        if imported.name == "*" and not module.package:
            message = f"`from {imported.module} import *` hides which names are used"
            level = "" if _third_party(program, module, imported) else "info"
            yield Mark("LS210", module, imported.node, message, level=level)


def broad_excepts(program: Program) -> Iterator[Mark]:
    """`try: import x` whose handler swallows every exception."""
    message = "any failure of this import is swallowed, a broken package's too"
    for module in program.modules.values():
        for node in filter(_only_imports, nodes_of(module.tree, ast.Try)):
            broad = filter(_swallows, filter(_is_broad, node.handlers))
            yield from (Mark("LS211", module, node.body[0], message) for _ in broad)


def _only_imports(node: ast.Try) -> bool:
    return all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in node.body)


def _is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or bare_name(handler.type) in _BROAD


def _swallows(handler: ast.ExceptHandler) -> bool:
    """Whether a handler neither raises, nor looks at the exception, nor logs it as an error."""
    nodes = chain.from_iterable(map(ast.walk, handler.body))
    return not any(_tells(node, handler.name) for node in nodes)


def _tells(node: ast.AST, exception: str | None) -> bool:
    if isinstance(node, ast.Name):
        return node.id == exception
    return isinstance(node, ast.Raise) or (isinstance(node, ast.Attribute) and node.attr in _LOGS)
