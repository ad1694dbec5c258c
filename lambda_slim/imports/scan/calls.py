"""Calls that import: `import_module(name)`, `iter_modules(path)`, `entry_points(group=…)`.

`code_calls` and `client_calls` have those that run code, unpickle, and make AWS clients.
"""

import ast
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lambda_slim.formats.python_syntax import argument_values, literal_texts
from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.arguments import (
    first,
    keyword,
    plain,
    positional,
    source_line,
    with_fromlist,
)
from lambda_slim.imports.scan.client_calls import SERVICE_METHODS, note_client_reference, note_service
from lambda_slim.imports.scan.code_calls import note_code, note_unpickling
from lambda_slim.imports.scan.evaluation import evaluate
from lambda_slim.imports.scan.fold import dotted
from lambda_slim.imports.scan.values import ANY, COMPUTED, COMPUTED_TEXT, HERE, Value, exactly, union

if TYPE_CHECKING:
    from lambda_slim.imports.scan.scanner import Scanner

IMPORTERS = frozenset(
    {"import_module", "__import__", "import_string", "run_module", "resolve_name", "load_module", "import_object",
     "importorskip", "lazy_import", "import_from_string", "module_from_name", "import_attr", "maybe_import"}
)  # fmt: skip
_PROBES = frozenset({"find_spec", "find_loader", "get_loader"})
_NAME_KEYWORDS = ("name", "mod_name", "modname", "import_name", "module_name", "fullname", "dotted_path", "module")
_GROUP_CALLS = frozenset({"entry_points", "iter_entry_points", "get_entry_map", "load_entry_point", "select"})
_GROUP_SECOND = frozenset({"get_entry_map", "load_entry_point"})  # after the name of a distribution
_MANAGERS = frozenset(
    {"ExtensionManager", "DriverManager", "NamedExtensionManager", "EnabledExtensionManager", "HookManager",
     "DispatchExtensionManager", "load_setuptools_entrypoints"}
)  # fmt: skip
_LISTINGS = frozenset({"glob", "iglob", "listdir", "scandir", "iterdir", "rglob", "walk"})
_MODULE_ENDINGS = (".py", "*", "/", ".py?")
_HELPER = re.compile(r"import|load|lazy|modul|plugin|resolv|requir|backend|driver|depend|regist", re.IGNORECASE)
_MODULE_TEXT = re.compile(r"[\x01\x02.]*[A-Za-z_*][\w.*]*(?::[\w.]*)?\Z")
_LONGEST_NAME = 150
_PREFIX = re.compile(r"[A-Za-z]\w*[_.]\Z")
_TEXT_LIKE = (ast.Constant, ast.JoinedStr, ast.BinOp, ast.Name)


class Calls:
    """What the calls of one file say; filled by `Scanner`."""

    def __init__(self, scanner: "Scanner") -> None:
        self.scanner = scanner
        self.dynamic: list[f.Dynamic] = []
        self.calls: list[f.Call] = []
        self.groups: list[tuple[int, tuple[str, ...]]] = []
        self.services: list[f.Service] = []
        self.unpickles: list[tuple[int, str]] = []
        self.runs: list[tuple[int, str]] = []

    def call(self, node: ast.Call) -> None:
        """Notes one call, if it is of interest."""
        func = plain(node.func)
        if isinstance(func, ast.Attribute):
            name = func.attr
        elif isinstance(func, ast.Name):
            name = self.scanner.meaning(func).rpartition(".")[2]
        else:
            return
        handler = _HANDLERS.get(name)
        if handler:
            handler(self, node, name)
        elif name.endswith("_exec"):
            note_code(self, node, name)
        elif node.args or node.keywords:
            self.helper(node, name)

    def function(self) -> str:
        """The name of the innermost function around the place, if there is one."""
        for body in reversed(self.scanner.functions):
            if isinstance(body, ast.FunctionDef | ast.AsyncFunctionDef):
                return body.name
        return ""

    def note(self, node: ast.expr, kind: str, value: Value, package: str = "") -> None:
        """Adds a dynamic import."""
        scanner = self.scanner
        how = f.DEFERRED if scanner.how() == f.TOP and scanner.depth else scanner.how()
        patterns = tuple(sorted(value.patterns))
        place = self.function(), source_line(node), scanner.gate
        self.dynamic.append(f.Dynamic(node.lineno, how, kind, patterns, package, value.origin, *place))

    def helper(self, node: ast.Call, name: str) -> None:
        """A call of what may be somebody's import helper, with its text arguments."""
        if not (self.scanner.own or _HELPER.search(name)):
            return
        values = [evaluate(argument, self.scanner.scope()) for argument in _text_arguments(node)]
        patterns = frozenset[str]().union(*(value.patterns for value in values))
        names = frozenset(filter(_may_be_module, patterns))
        # Where no argument names a module, the unknown name may be in any of them.
        origin = _strongest([value.origin for value in (values[:1] if names else values)])
        if names or origin:
            self.calls.append(f.Call(node.lineno, name, tuple(sorted(names)), origin))

    def importer(self, node: ast.Call, name: str) -> None:
        """`import_module(name, package)` and its kin."""
        argument = first(node, _NAME_KEYWORDS)
        if argument is None:
            return
        value = evaluate(argument, self.scanner.scope())
        patterns = with_fromlist(node, set(value.patterns)) if name == "__import__" else value.patterns
        loads = self.scanner.own or name not in _PROBES  # first-party code loads what it looks for
        package = self._relative_to(node, name)
        self.note(node, f.NAME if loads else f.PROBE, Value(frozenset(patterns), value.origin), package)

    def _relative_to(self, node: ast.Call, name: str) -> str:
        """The package that a call gives for relative names; "" where it gives none, or any of several."""
        second = positional(node, 1) if name != "__import__" else None
        package = second or keyword(node, "package")
        if package is None:
            return ""
        patterns = evaluate(package, self.scanner.scope()).patterns
        return next(iter(patterns)) if len(patterns) == 1 else ""

    def locate(self, node: ast.Call, name: str) -> None:
        """`pydoc.locate(path)`; else a call like any other."""
        (self.importer if "pydoc" in self.scanner.meaning(node.func) else self.helper)(node, name)

    def listing(self, node: ast.Call, name: str) -> None:
        """`pkgutil.iter_modules(path)`: which package does the path belong to?"""
        kind = f.CHILDREN if name == "iter_modules" else f.TREE
        argument = first(node, ("path",))
        if argument is None:
            self._list_all(node, kind)
            return
        path = ast.unparse(argument)
        if "__path__" in path or "__file__" in path:
            self.note(node, kind, exactly(_package_of(path)))
        else:
            value = evaluate(argument, self.scanner.scope())
            self.note(node, kind, Value(frozenset({HERE}), value.origin))

    def _list_all(self, node: ast.Call, kind: str) -> None:
        """`pkgutil.iter_modules()`; `flask_…` are plugins of other distributions, by their name."""
        self.note(node, kind, COMPUTED_TEXT)
        patterns = frozenset(f"{prefix}{ANY}" for prefix in self._prefixes())
        if patterns:
            self.note(node, f.NAME, Value(patterns))

    def _prefixes(self) -> set[str]:
        """Beginnings of module names that the file asks for: `name.startswith("flask_")`."""
        prefixes: set[str] = set()
        for node in ast.walk(self.scanner.tree):
            match node:
                case ast.Call(func=ast.Attribute(attr="startswith"), args=[ast.Constant(value=str(prefix)), *_]):
                    prefixes.add(prefix)
                case _:
                    pass
        return {*filter(_PREFIX.match, prefixes)}

    def folder(self, node: ast.Call, _name: str) -> None:
        """A listing of the folder that the file is in: the siblings, if the file also imports by name."""
        wanted = literal_texts(node.args)
        if wanted and not any(text.endswith(_MODULE_ENDINGS) for text in wanted):
            return
        source = ast.unparse(node)
        if "__file__" in source or "__path__" in source:
            self.note(node, f.CHILDREN, exactly(HERE))

    def group(self, node: ast.Call, name: str) -> None:
        """`entry_points(group=…)`."""
        group = keyword(node, "group")
        if name == "select" and group is None:
            return
        second = positional(node, 1) if name in _GROUP_SECOND else None
        argument = group or keyword(node, "namespace") or second or positional(node, 0)
        if argument is not None:
            value = evaluate(argument, self.scanner.scope())
            self.groups.append((node.lineno, tuple(sorted(value.patterns))))

    def attach(self, _node: ast.Call, name: str) -> None:
        """`lazy_loader.attach(__name__, …)`: the file answers lazily; its tables are read with the others."""
        self.scanner.stub |= name == "attach_stub"

    def reference(self, node: ast.expr) -> None:
        """First-party code hands `boto3.client` or `import_module` on without calling it; it may ask for anything."""
        name = self.scanner.meaning(node)
        if note_client_reference(self, node, name):
            return
        if name.rpartition(".")[2] in {"import_module", "__import__"}:
            expression = ast.Call(node, [ast.Constant(...)], [], lineno=node.lineno)
            self.note(expression, f.NAME, COMPUTED_TEXT)

    def attribute(self, node: ast.Call, _name: str) -> None:
        """`getattr(package, name)`: a chain, whose end is open where first-party code computes the name."""
        root = dotted(node.args[0]) if len(node.args) > 1 else ""
        if not root or root == "self":
            return
        for pattern in sorted(evaluate(node.args[1], self.scanner.scope()).patterns):
            if ANY not in pattern:
                self.scanner.chain(node, f"{root}.{pattern}")
            elif self.scanner.own:
                self.scanner.chain(node, f"{root}.{ANY}")

    def file(self, node: ast.Call, _name: str) -> None:
        """A module loaded from a path: what callers pass, else anything of this package."""
        last = node.args[-1:] if len(node.args) > 1 else [k.value for k in node.keywords]
        value = union([evaluate(argument, self.scanner.scope()) for argument in [*last, *node.args[:1]]])
        if value.origin:
            self.note(node, f.NAME, Value(frozenset({ANY}), value.origin))


_HANDLERS: dict[str, Callable[[Calls, ast.Call, str], None]] = {
    **dict.fromkeys(IMPORTERS | _PROBES, Calls.importer),
    **dict.fromkeys(("iter_modules", "walk_packages"), Calls.listing),
    **dict.fromkeys(_LISTINGS, Calls.folder),
    **dict.fromkeys(_GROUP_CALLS | _MANAGERS, Calls.group),
    **dict.fromkeys(("exec", "eval", "compile"), note_code),
    **dict.fromkeys(("attach", "attach_stub"), Calls.attach),
    **dict.fromkeys(("load", "loads", "Unpickler", "decode", "read_pickle", "load_model"), note_unpickling),
    **dict.fromkeys(SERVICE_METHODS, note_service),
    "getattr": Calls.attribute,
    "locate": Calls.locate,
    **dict.fromkeys(("spec_from_file_location", "run_path", "SourceFileLoader"), Calls.file),
}


def _text_arguments(node: ast.Call) -> list[ast.expr]:
    """The arguments that may be text: the first in any case, the others if they look like text."""
    arguments = argument_values(node)
    likely = [*arguments[:1], *(other for other in arguments[1:] if isinstance(other, _TEXT_LIKE))]
    return [
        argument for argument in likely if not isinstance(argument, ast.Constant) or isinstance(argument.value, str)
    ]


def _may_be_module(pattern: str) -> bool:
    return pattern != ANY and len(pattern) < _LONGEST_NAME and bool(_MODULE_TEXT.match(pattern))


def _strongest(origins: Sequence[str]) -> str:
    """COMPUTED where any is, else the first that says anything."""
    return COMPUTED if COMPUTED in origins else next(filter(None, origins), "")


def _package_of(path: str) -> str:
    """The package of `pkg.sub.__path__`, as a name of the file; the file's own for any other path."""
    root, named, _ = path.partition(".__path__")
    root = root.lstrip("[(")
    return f"={root}" if named and root.replace(".", "").isidentifier() else HERE
