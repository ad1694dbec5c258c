"""Does it matter when a module is imported? What importing it changes, and what the project changes before. Pure."""

import ast
from collections.abc import Iterator
from operator import attrgetter

from lambda_slim.formats.python_syntax import end_name, import_statements, nodes_of, of_kind
from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.modules import ParsedModule, is_stdlib
from lambda_slim.lint.program import Program, top_level
from lambda_slim.lint.syntax import ImportNode, imported_modules, within

_STATE = ("os.environ", "sys.path", "sys.meta_path", "sys.path_hooks", "sys.modules", "warnings.filters", "site")
_SETTERS = frozenset(
    {"os.putenv", "os.unsetenv", "os.chdir", "os.umask", "locale.setlocale", "socket.setdefaulttimeout"}
    | {"warnings.simplefilter", "warnings.filterwarnings", "warnings.resetwarnings", "logging.setLoggerClass"}
    | {"dotenv.load_dotenv", "random.seed", "importlib.reload"}
)
_READERS = frozenset({"get", "copy", "items", "keys", "values", "index", "count"})


def is_quiet(module: str) -> bool:
    """Whether importing a module is known to change nothing outside it."""
    private = any(part.startswith("_") for part in module.split("."))
    return not private and within(module, load_lint_tables().quiet)


def order_matters(program: Program, module: ParsedModule, node: ImportNode) -> str:
    """Why a later import may not do the same; empty where nothing in the project could make it differ.

    Args:
        program: The project.
        module: The file that has the import.
        node: The import that would happen later.
    """
    for name in sorted(program.modules):
        other = program.modules[name]
        at_init = name in program.init
        for line, what in (*_changes(other), *_patches(other, at_init=at_init)):
            return f"{other.path}:{line} {what}, so it matters when the import happens"
        for line, loud in _loud(program, other) if at_init else ():
            if other is not module or line > node.lineno:
                return f"{other.path}:{line} imports `{loud}`, which may change what this import reads"
    return ""


def _loud(program: Program, module: ParsedModule) -> Iterator[tuple[int, str]]:
    """Imports, in functions too, of other people's modules that are not known to be quiet; first line first."""
    for node in sorted(import_statements(module.tree), key=attrgetter("lineno")):
        loud = [name for name in imported_modules(node) if _is_loud(program, module, name)]
        if loud and not _for_types(module, node):
            yield from ((node.lineno, name) for name in loud)


def _is_loud(program: Program, module: ParsedModule, name: str) -> bool:
    if is_stdlib(name) or is_quiet(name):
        return False
    return not program.is_first_party(module, name)


def _for_types(module: ParsedModule, node: ast.AST) -> bool:
    conditions = (around.test for around in of_kind(module.above(node), ast.If))
    return "TYPE_CHECKING" in map(end_name, conditions)


def _changes(module: ParsedModule) -> Iterator[tuple[int, str]]:
    """Lines that change the state of the process, and how."""
    for node in nodes_of(module.tree, ast.expr):
        if isinstance(node, ast.Call):
            called = module.dotted(node.func)
            if _sets(called):
                yield node.lineno, f"calls `{called}`"
        elif isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            changed = module.dotted(node.value if isinstance(node, ast.Subscript) else node)
            if changed in _STATE:
                yield node.lineno, f"changes `{changed}`"


def _sets(called: str) -> bool:
    """Whether a call changes the state of the process, by its dotted name."""
    owner, _, method = called.rpartition(".")
    return called in _SETTERS or (owner in _STATE and method not in _READERS)


def _patches(module: ParsedModule, *, at_init: bool) -> Iterator[tuple[int, str]]:
    """Lines that may patch what is imported, and how."""
    hooks = load_lint_tables().hooks
    for imported in module.imports:
        if within(imported.module, hooks):
            yield imported.node.lineno, f"imports `{imported.module}`, which may patch what is imported"
    if not at_init:
        return
    for call in of_kind(top_level(module.tree.body), ast.Call):
        called = end_name(call.func)
        if called.startswith(("patch", "monkey", "instrument")):
            yield call.lineno, f"calls `{called}`"
