"""Does it matter when a module is imported? What importing it changes, and what the project changes before. Pure."""

import ast
from collections.abc import Iterator

from lambda_slim.knowledge.lints import load_lint_tables
from lambda_slim.lint.modules import ParsedModule, is_stdlib
from lambda_slim.lint.program import Program, top_level

_STATE = ("os.environ", "sys.path", "sys.meta_path", "sys.path_hooks", "sys.modules", "warnings.filters", "site")
_SETTERS = frozenset(
    {"os.putenv", "os.unsetenv", "os.chdir", "os.umask", "locale.setlocale", "socket.setdefaulttimeout"}
    | {"warnings.simplefilter", "warnings.filterwarnings", "warnings.resetwarnings", "logging.setLoggerClass"}
    | {"dotenv.load_dotenv", "random.seed", "importlib.reload"}
)
_READERS = frozenset({"get", "copy", "items", "keys", "values", "index", "count"})


def is_quiet(module: str) -> bool:
    """Whether importing a module is known to change nothing outside it."""
    parts = module.split(".")
    names = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
    return not any(part.startswith("_") for part in parts) and not names.isdisjoint(load_lint_tables().quiet)


def order_matters(program: Program, module: ParsedModule, node: ast.Import | ast.ImportFrom) -> str:
    """Why a later import may not do the same; empty where nothing in the project could make it differ.

    Args:
        program: The project.
        module: The file that has the import.
        node: The import that would happen later.
    """
    for name in sorted(program.modules):
        other = program.modules[name]
        for line, what in (*_changes(other), *_patches(other, at_init=name in program.init)):
            return f"{other.path}:{line} {what}, so it matters when the import happens"
        for line, loud in _loud(program, other) if name in program.init else ():
            if other is not module or line > node.lineno:
                return f"{other.path}:{line} imports `{loud}`, which may change what this import reads"
    return ""


def _loud(program: Program, module: ParsedModule) -> Iterator[tuple[int, str]]:
    """Imports, in functions too, of other people's modules that are not known to be quiet; first line first."""
    nodes = [node for node in ast.walk(module.tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in sorted(nodes, key=lambda one: one.lineno):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        for name in names if not getattr(node, "level", 0) and not _for_types(module, node) else ():
            own = program.resolve(module, name) or program.resolve(module, name.partition(".")[0])
            if not (own or is_stdlib(name) or is_quiet(name)):
                yield node.lineno, name


def _for_types(module: ParsedModule, node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.If) and ast.unparse(one.test).rpartition(".")[2] == "TYPE_CHECKING"
        for one in module.above(node)
    )


def _changes(module: ParsedModule) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            called = module.dotted(node.func)
            owner, _, method = called.rpartition(".")
            if called in _SETTERS or (owner in _STATE and method not in _READERS):
                yield node.lineno, f"calls `{called}`"
        elif isinstance(node, ast.Subscript | ast.Attribute | ast.Name) and not isinstance(node.ctx, ast.Load):
            changed = module.dotted(node.value if isinstance(node, ast.Subscript) else node)
            if changed in _STATE:
                yield node.lineno, f"changes `{changed}`"


def _patches(module: ParsedModule, *, at_init: bool) -> Iterator[tuple[int, str]]:
    hooks = load_lint_tables().hooks
    for one in module.imports:
        parts = one.module.split(".")
        if any(".".join(parts[:end]) in hooks for end in range(1, len(parts) + 1)):
            yield one.node.lineno, f"imports `{one.module}`, which may patch what is imported"
    for node in top_level(module.tree.body) if at_init else ():
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called.startswith(("patch", "monkey", "instrument")):
                yield node.lineno, f"calls `{called}`"
