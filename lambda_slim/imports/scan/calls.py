"""Calls that import: `import_module(name)`, `iter_modules(path)`, `entry_points(group=…)`, `session.client(name)`."""

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from lambda_slim.imports.scan import facts as f
from lambda_slim.imports.scan.fold import dotted
from lambda_slim.imports.scan.syntax import parse_source
from lambda_slim.imports.scan.values import ANY, COMPUTED, HERE, OWN, Value, evaluate, union

if TYPE_CHECKING:
    from lambda_slim.imports.scan.scanner import Scanner

IMPORTERS = frozenset(
    {"import_module", "__import__", "import_string", "run_module", "resolve_name", "load_module", "import_object",
     "importorskip", "lazy_import", "import_from_string", "module_from_name", "import_attr", "maybe_import"}
)  # fmt: skip
_PROBES = frozenset({"find_spec", "find_loader", "get_loader"})
_NAME_KEYWORDS = ("name", "mod_name", "modname", "import_name", "module_name", "fullname", "dotted_path", "module")
_GROUP_CALLS = frozenset({"entry_points", "iter_entry_points", "get_entry_map", "load_entry_point", "select"})
_MANAGERS = frozenset(
    {"ExtensionManager", "DriverManager", "NamedExtensionManager", "EnabledExtensionManager", "HookManager",
     "DispatchExtensionManager", "load_setuptools_entrypoints"}
)  # fmt: skip
_LISTINGS = frozenset({"glob", "iglob", "listdir", "scandir", "iterdir", "rglob", "walk"})
_SERVICE_METHODS = frozenset(
    {"client", "resource", "create_client", "get_service_model", "load_service_model", "get_service_data"}
)
_PICKLERS = frozenset({"pickle", "cPickle", "_pickle", "joblib", "dill", "cloudpickle", "jsonpickle", "torch", "skops"})
_HELPER = re.compile(r"import|load|lazy|modul|plugin|resolv|requir|backend|driver|depend|regist", re.IGNORECASE)
_MODULE_TEXT = re.compile(r"[\x01\x02.]*[A-Za-z_*][\w.*]*(?::[\w.]*)?\Z")


_PREFIX = re.compile(r"[A-Za-z]\w*[_.]\Z")
_IMPORTED = re.compile(r"(?:^|[\n;])\s*(?:from\s+([\w.*\x01\x02]+)\s+import\b|import\s+([\w.*\x01\x02]+))")

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
            self.code(node, name)
        elif node.args or node.keywords:
            self.helper(node, name)

    def function(self) -> str:
        """The name of the innermost function around the place, if there is one."""
        around = reversed(self.scanner.functions)
        return next((one.name for one in around if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)), "")

    def helper(self, node: ast.Call, name: str) -> None:
        """A call of what may be somebody's import helper, with its text arguments."""
        importing = bool(_HELPER.search(name))
        if not (importing or self.scanner.own):
            return
        arguments = [*node.args, *(k.value for k in node.keywords)]
        texts = [a for a in arguments if a is arguments[0] or isinstance(a, _TEXT_LIKE)]
        found: set[str] = set()
        origins: list[str] = []
        for text in texts:
            if isinstance(text, ast.Constant) and not isinstance(text.value, str):
                continue
            value = evaluate(text, self.scanner.scope())
            found.update(p for p in value.patterns if p != ANY and _MODULE_TEXT.match(p) and len(p) < 150)
            origins.append(value.origin)
        told = origins[:1] if found else origins  # without any name in it, the unknown one may be any argument
        origin = COMPUTED if COMPUTED in told else next(filter(None, told), "")
        if found or origin:
            self.calls.append(f.Call(node.lineno, name, tuple(sorted(found)), origin))

    def importer(self, node: ast.Call, name: str) -> None:
        """`import_module(name, package)` and its kin."""
        argument = first(node, _NAME_KEYWORDS)
        if argument is None:
            return
        value = evaluate(argument, self.scanner.scope())
        package = node.args[1] if name != "__import__" and len(node.args) > 1 else keyword(node, "package")
        base = evaluate(package, self.scanner.scope()) if package else None
        patterns = set(value.patterns)
        if name == "__import__":
            patterns = with_fromlist(node, patterns)
        base_text = next(iter(base.patterns)) if base and len(base.patterns) == 1 else ""
        kind = f.PROBE if name in _PROBES and not self.scanner.own else f.NAME  # own code loads what it finds
        self.note(node, kind, Value(frozenset(patterns), value.origin), base_text)

    def locate(self, node: ast.Call, name: str) -> None:
        """`pydoc.locate(path)`; else a call like any other."""
        (self.importer if "pydoc" in self.scanner.meaning(node.func) else self.helper)(node, name)

    def note(self, node: ast.expr, kind: str, value: Value, package: str = "") -> None:
        """Adds a dynamic import."""
        scanner = self.scanner
        function = self.function()
        how = f.DEFERRED if scanner.how() == f.TOP and scanner.depth else scanner.how()
        text = " ".join(ast.unparse(node).split())[:120]
        patterns = tuple(sorted(value.patterns))
        self.dynamic.append(
            f.Dynamic(node.lineno, how, kind, patterns, package, value.origin, function, text, scanner.gate)
        )

    def listing(self, node: ast.Call, name: str) -> None:
        """`pkgutil.iter_modules(path)`: which package does the path belong to?"""
        kind = f.CHILDREN if name == "iter_modules" else f.TREE
        argument = first(node, ("path",))
        owner = ast.unparse(argument) if argument else ""
        if "__path__" in owner or "__file__" in owner:
            root = owner.partition(".__path__")[0].lstrip("[(") if ".__path__" in owner else ""
            pattern = f"={root}" if root and root.replace(".", "").isidentifier() else HERE
            self.note(node, kind, Value(frozenset({pattern})))
        elif argument is None:
            self.note(node, kind, Value(frozenset({ANY}), COMPUTED))
            if named := frozenset(f"{prefix}{ANY}" for prefix in self.prefixes()):
                self.note(node, f.NAME, Value(named))  # `flask_…`: plugins of other distributions, by their name
        else:
            value = evaluate(argument, self.scanner.scope())
            self.note(node, kind, Value(frozenset({HERE}), value.origin))

    def prefixes(self) -> set[str]:
        """Beginnings of module names that the file asks for: `name.startswith("flask_")`."""
        return {
            one.args[0].value
            for one in ast.walk(self.scanner.tree)
            if isinstance(one, ast.Call)
            and isinstance(one.func, ast.Attribute)
            and one.func.attr == "startswith"
            and one.args
            and isinstance(one.args[0], ast.Constant)
            and isinstance(one.args[0].value, str)
            and _PREFIX.match(one.args[0].value)
        }

    def folder(self, node: ast.Call, _name: str) -> None:
        """A listing of the folder that the file is in: the siblings, if the file also imports by name."""
        wanted = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if wanted and not any(text.endswith((".py", "*", "/", ".py?")) for text in wanted):
            return
        if "__file__" in (text := ast.unparse(node)) or "__path__" in text:
            self.note(node, f.CHILDREN, Value(frozenset({HERE})))

    def unpickle(self, node: ast.Call, name: str) -> None:
        """`pickle.load(file)`, `np.load(file, allow_pickle=True)`: objects of classes that only the data names."""
        receivers = self.scanner.meaning(node.func).split(".")[:-1]
        allowed = isinstance(value := keyword(node, "allow_pickle"), ast.Constant) and value.value is True
        if name in {"read_pickle", "load_model"} or allowed or not _PICKLERS.isdisjoint(receivers):
            self.unpickles.append((node.lineno, " ".join(ast.unparse(node).split())[:120]))
        self.helper(node, name)

    def group(self, node: ast.Call, name: str) -> None:
        """`entry_points(group=…)`."""
        if name in {"select", "load_entry_point"} and not keyword(node, "group") and name == "select":
            return
        keys = ("group", "namespace")
        argument = next((v for k in keys if (v := keyword(node, k)) is not None), None)
        if argument is None and node.args:
            argument = (
                node.args[1] if name in {"get_entry_map", "load_entry_point"} and len(node.args) > 1 else node.args[0]
            )
        if argument is None:
            return
        value = evaluate(argument, self.scanner.scope())
        self.groups.append((node.lineno, tuple(sorted(value.patterns))))

    def code(self, node: ast.Call, name: str) -> None:
        """`exec("import x")`: the text is scanned as code of this place; other code may import anything."""
        argument = node.args[0] if node.args else None
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str | bytes)):
            self.put_together(node, argument)
            if name == "exec" and isinstance(node.func, ast.Name):
                self.runs.append((node.lineno, " ".join(ast.unparse(node).split())[:120]))
            return
        text = argument.value if isinstance(argument.value, bytes) else argument.value.encode(errors="replace")
        try:
            tree = parse_source(text.strip())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        for one in ast.walk(tree):
            if hasattr(one, "lineno"):
                one.lineno = node.lineno
        self.scanner.body(tree.body)

    def put_together(self, node: ast.Call, argument: ast.expr | None) -> None:
        """`exec(f"from lib.{name} import *")`: the imports that a text makes of which only parts are known."""
        if not isinstance(argument, ast.JoinedStr | ast.BinOp | ast.Call):
            return
        value = evaluate(argument, self.scanner.scope())
        found = {one for text in value.patterns for row in _IMPORTED.findall(text) for one in row if one}
        if found:
            self.note(node, f.NAME, Value(frozenset(found), value.origin))

    def attach(self, _node: ast.Call, name: str) -> None:
        """`lazy_loader.attach(__name__, …)`: the file answers lazily; its tables are read with the others."""
        self.scanner.stub |= name == "attach_stub"

    def service(self, node: ast.Call, name: str) -> None:
        """`boto3.client(name)`; `create_client(name)` or `role.client(name)` may be one's own and hand the name on."""
        if self.scanner.own and name != self.function():
            self.helper(node, name)
        argument = first(node, ("service_name", "service"))
        spread = any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords)
        if argument is not None:
            self.client(node, plain(node.func), evaluate(argument, self.scanner.scope()))
        elif spread:
            self.client(node, plain(node.func), Value(frozenset({ANY}), COMPUTED))

    def client(self, node: ast.expr, func: ast.expr, value: Value) -> None:
        """Adds a call that makes an AWS client."""
        function = self.function()
        text = " ".join(ast.unparse(node).split())[:120]
        self.services.append(
            f.Service(node.lineno, dotted(func), tuple(sorted(value.patterns)), value.origin, function, text)
        )

    def reference(self, node: ast.expr) -> None:
        """Own code hands `boto3.client` or `import_module` on without calling it: anything could be asked of it."""
        name = self.scanner.meaning(node)
        if name.startswith(("boto3.", "aioboto3.")) or "session." in name.lower():
            if name.rpartition(".")[2] in {"client", "resource", "create_client"}:
                self.client(node, node, Value(frozenset({ANY}), COMPUTED))
        elif name.rpartition(".")[2] in {"import_module", "__import__"}:
            expression = ast.Call(node, [ast.Constant(...)], [], lineno=node.lineno)
            self.note(expression, f.NAME, Value(frozenset({ANY}), COMPUTED))

    def attribute(self, node: ast.Call, _name: str) -> None:
        """`getattr(package, name)`: a chain, whose end is open where own code computes the name."""
        root = dotted(node.args[0]) if len(node.args) > 1 else ""
        if not root or root == "self":
            return
        for pattern in sorted(evaluate(node.args[1], self.scanner.scope()).patterns):
            if ANY not in pattern:
                self.scanner.chain(node, f"{root}.{pattern}")
            elif self.scanner.own:
                self.scanner.chain(node, f"{root}.{ANY}")

    def file(self, node: ast.Call, _name: str) -> None:
        """A module loaded from a path: whatever callers give, else anything of this package."""
        arguments = node.args[-1:] if len(node.args) > 1 else [k.value for k in node.keywords]
        value = union([evaluate(argument, self.scanner.scope()) for argument in [*arguments, *node.args[:1]]])
        if value.origin:
            self.note(node, f.NAME, Value(frozenset({ANY}), value.origin))


_HANDLERS: dict[str, Callable[[Calls, ast.Call, str], None]] = {
    **dict.fromkeys(IMPORTERS | _PROBES, Calls.importer),
    **dict.fromkeys(("iter_modules", "walk_packages"), Calls.listing),
    **dict.fromkeys(_LISTINGS, Calls.folder),
    **dict.fromkeys(_GROUP_CALLS | _MANAGERS, Calls.group),
    **dict.fromkeys(("exec", "eval", "compile"), Calls.code),
    **dict.fromkeys(("attach", "attach_stub"), Calls.attach),
    **dict.fromkeys(("load", "loads", "Unpickler", "decode", "read_pickle", "load_model"), Calls.unpickle),
    **dict.fromkeys(_SERVICE_METHODS, Calls.service),
    "getattr": Calls.attribute,
    "locate": Calls.locate,
    **dict.fromkeys(("spec_from_file_location", "run_path", "SourceFileLoader"), Calls.file),
}


def first(node: ast.Call, names: tuple[str, ...]) -> ast.expr | None:
    """The first argument, or the first keyword of these names."""
    if node.args:
        return None if isinstance(node.args[0], ast.Starred) else node.args[0]
    return next((value for name in names if (value := keyword(node, name)) is not None), None)


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """A keyword argument."""
    return next((k.value for k in node.keywords if k.arg == name), None)


def plain(func: ast.expr) -> ast.expr:
    """What is called: `getattr(session, "client")` is `session.client`."""
    if (
        isinstance(func, ast.Call)
        and isinstance(func.func, ast.Name)
        and func.func.id == "getattr"
        and len(func.args) > 1
    ):
        name = func.args[1]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            return ast.Attribute(func.args[0], name.value, ast.Load())
    return func


def with_fromlist(node: ast.Call, patterns: set[str]) -> set[str]:
    """`__import__(name, globals(), locals(), fromlist, level)` as the names that `import_module` would be given."""
    level = keyword(node, "level") or (node.args[4] if len(node.args) > 4 else None)
    if isinstance(level, ast.Constant) and isinstance(level.value, int) and level.value > 0:
        patterns = {"." * level.value + pattern for pattern in patterns}
    names = keyword(node, "fromlist") or (node.args[3] if len(node.args) > 3 else None)
    if isinstance(names, ast.List | ast.Tuple):
        texts = [n.value for n in names.elts if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value]
        computed = [ANY] if any(not isinstance(n, ast.Constant) for n in names.elts) else []
        known = {pattern for pattern in patterns if ANY not in pattern}
        patterns |= {f"{pattern}.{text}" for pattern in patterns for text in texts if pattern not in {OWN, HERE}}
        patterns |= {f"{pattern}.{text}" for pattern in known for text in computed}
    return patterns
