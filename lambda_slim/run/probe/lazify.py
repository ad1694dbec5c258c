"""Reads which imports of modules may wait, and compiles modules with such imports. Run by the target's Python:

    python -I -S lazify.py scan < requests > answers
    python -I -S lazify.py compile < requests > answers

A request is a 4-byte count, then for each module three blocks: path, source, and JSON (for `compile`: `lazy`, names to
[module, attribute, level]; `first` and `last`, functions of the startup module to call around the module's body,
[name, *arguments] each). `patterns` has a JSON list of regular expressions, [type, text, flags] each, in place of the
source, and answers with the marshalled arguments that the engine takes.
A block is a 4-byte length and its bytes; an answer is one block a module: JSON, or the .pyc, empty where it does not
compile. Numbers are little-endian. Sources, line numbers and file names are as `compile.py` has them.
"""

import ast
import builtins
import json
import marshal
import sys
import warnings
from importlib.util import MAGIC_NUMBER, source_hash

warnings.simplefilter("ignore")

HELPER = "_lambda_slim_startup"
LOOKS = {"globals", "locals", "vars", "exec", "eval", "__builtins__"}  # at the module's own names
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
LATE_ANNOTATIONS = sys.version_info >= (3, 14)  # PEP 649


class Reader(ast.NodeVisitor):
    """What a module binds and reads, and when: `early` while it is executed, `late` in its functions."""

    def __init__(self, tree):
        self.bound, self.early, self.late = {}, set(), set()
        self.attributes, self.imports, self.chains = set(), [], set()
        self.depth = self.classes = 0
        self.empty_dir = False
        self.strings = LATE_ANNOTATIONS or any(
            isinstance(node, ast.ImportFrom)
            and node.module == "__future__"
            and any(a.name == "annotations" for a in node.names)
            for node in tree.body
        )
        self.visit(tree)

    def bind(self, name, times=1):
        if not self.depth and not self.classes:
            self.bound[name] = self.bound.get(name, 0) + times

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            (self.late if self.depth else self.early).add(node.id)
        else:
            self.bind(node.id)

    def visit_Global(self, node):
        for name in node.names:
            self.bound[name] = self.bound.get(name, 0) + 2

    def visit_Import(self, node):
        for alias in node.names:
            self.bind(alias.asname or alias.name.partition(".")[0])
            self.imports.append([alias.name, None if not alias.asname else "", 0])

    def visit_ImportFrom(self, node):
        for alias in node.names:
            self.bind(alias.asname or alias.name)
            self.imports.append([node.module or "", alias.name, node.level])

    def visit_ExceptHandler(self, node):
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node):
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node):
        if node.rest:
            self.bind(node.rest)
        self.generic_visit(node)

    def visit_Attribute(self, node):
        self.attributes.add(node.attr)
        parts, place = [node.attr], node.value
        while isinstance(place, ast.Attribute):
            parts.append(place.attr)
            place = place.value
        if isinstance(place, ast.Name):
            self.chains.add(".".join([place.id, *reversed(parts)]))
        self.generic_visit(node)

    def visit_Call(self, node):
        if isinstance(node.func, ast.Name) and node.func.id == "dir" and not node.args:
            self.empty_dir = True
        self.generic_visit(node)

    def annotations(self, node):
        """Annotations are read when a function or class is made, unless they are strings or wait."""
        for found in node:
            if found is not None:
                self.depth += self.strings
                self.visit(found)
                self.depth -= self.strings

    def visit_AnnAssign(self, node):
        self.annotations([node.annotation])
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node):
        self.bind(node.name)
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        for found in (*node.decorator_list, *arguments.defaults, *filter(None, arguments.kw_defaults)):
            self.visit(found)
        self.annotations([*(one.annotation for one in every if one is not None), node.returns])
        for found in getattr(node, "type_params", ()):
            self.visit(found)
        self.inside(node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def inside(self, body):
        self.depth += 1
        for found in body:
            self.visit(found)
        self.depth -= 1

    def visit_Lambda(self, node):
        for found in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(found)
        self.inside([node.body])

    def visit_ClassDef(self, node):
        self.bind(node.name)
        for found in (*node.decorator_list, *node.bases, *node.keywords, *getattr(node, "type_params", ())):
            self.visit(found)
        self.classes += 1
        for found in node.body:
            self.visit(found)
        self.classes -= 1


def left_alone(reader, tree):
    """Why no import of a module may wait; "" where some may."""
    read = reader.early | reader.late
    if read & LOOKS or reader.empty_dir:
        return "it looks at its own names (%s)" % ", ".join(sorted(read & LOOKS) or ["dir"])
    if "f_globals" in reader.attributes or "f_builtins" in reader.attributes:
        return "it looks at the names of frames"
    if "__name__" in read and any(
        chain.partition(".")[2].startswith("modules") for chain in reader.chains if chain.startswith("sys.")
    ):
        return "it looks itself up in sys.modules"
    own = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "__getattr__"]
    if reader.bound.get("__getattr__", 0) != len(own) or len(own) > 1 or any(node.decorator_list for node in own):
        return "it binds __getattr__ more than once, or by an assignment"
    return ""


def statements(tree):
    """(name, [module, attribute, level, line], stars before it) of every import at the top of a module."""
    stars = 0
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                row = [alias.name, "" if alias.asname else None, 0, node.lineno]
                yield alias.asname or alias.name.partition(".")[0], row, stars
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            for alias in node.names:
                if alias.name == "*":
                    stars += 1
                else:
                    yield alias.asname or alias.name, [node.module or "", alias.name, node.level, node.lineno], stars


def refusal(reader, name, rows, stars):
    """Why an import may not wait by what its module says; "" where it may."""
    if name.startswith("__"):
        return "its name belongs to Python"
    if reader.bound.get(name) != len(rows) or (len(rows) > 1 and any(row[1] is not None for row in rows)):
        return "the module binds the name more than once"
    if name in reader.early:
        return "the module reads it while it is imported itself"
    if stars:
        return "a star import before it may bind the name too"
    if name not in reader.late and rows[0][1] in (None, ""):
        return "nobody in the module reads it, so it is imported for its effects"
    return ""


def scan(source, _):
    """What there is to know of one module, as JSON; empty where it does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return b""
    reader, names, stars = Reader(tree), {}, {}
    for name, row, before in statements(tree):
        names.setdefault(name, []).append(row)
        stars[name] = before
    refused = {name: why for name, rows in names.items() if (why := refusal(reader, name, rows, stars[name]))}
    tops = {module.partition(".")[0] for module, _, level in reader.imports if not level}
    found = {
        "alone": left_alone(reader, tree),
        "names": names,
        "refused": refused,
        "unread": sorted(name for name in names if name not in reader.late),
        "imports": reader.imports,
        "bound": sorted(reader.bound),
        "uses": sorted(chain for chain in reader.chains if chain.partition(".")[0] in tops),
    }
    return json.dumps(found).encode()


def call(function, *arguments):
    """`__import__(HELPER).function(…)`, as a node."""
    helper = ast.Call(ast.Name("__import__", ast.Load()), [ast.Constant(HELPER)], [])
    return ast.Call(ast.Attribute(helper, function, ast.Load()), list(arguments), [])


def called(row):
    """A call of the startup module, as a node, from its name and the arguments as JSON."""
    return call(row[0], *(ast.Constant(tuple(value) if isinstance(value, list) else value) for value in row[1:]))


def placed(node, line):
    """The node and all in it, on a line."""
    for part in ast.walk(node):
        if "lineno" in part._attributes:
            part.lineno = part.end_lineno = line
            part.col_offset = part.end_col_offset = 0
    return node


def waiting(node, lazy):
    """An import statement without its lazy names, and one with them for where every import is wanted at once."""
    whole = isinstance(node, ast.Import)
    names = [(alias.asname or (alias.name.partition(".")[0] if whole else alias.name)) in lazy for alias in node.names]
    if not any(names) or getattr(node, "module", "") == "__future__":
        return [node]
    found = []
    for alias, waits in zip(node.names, names):  # one by one, in their order
        single = ast.Import([alias]) if whole else ast.ImportFrom(node.module, [alias], node.level)
        ast.copy_location(single, node)
        if waits:
            test = ast.copy_location(ast.Name("__lambda_slim_eager__", ast.Load()), node)
            single = ast.copy_location(ast.If(test, [single], []), node)
        found.append(single)
    return found


def rewritten(tree, lazy, first, last):
    """The module's tree with lazy imports; nothing else moves, and no line changes its number."""
    reader = Reader(tree)
    read = reader.early | reader.late
    used = sorted(name for name in read & set(dir(builtins)) - set(reader.bound) if not name.startswith("__"))
    body, head = [], 0
    for place, node in enumerate(tree.body):
        documented = not place and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if documented or getattr(node, "module", "") == "__future__":
            head = len(body) + 1
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            body += waiting(node, lazy)
        else:
            body.append(node)
        if lazy and isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
            node.decorator_list = [placed(ast.Attribute(call("x").func.value, "also", ast.Load()), node.lineno)]
    table = tuple((name, tuple(map(tuple, rows))) for name, rows in sorted(lazy.items()))
    space = ast.Call(ast.Name("globals", ast.Load()), [], [])
    start = [ast.Expr(called(row)) for row in first]
    if lazy:
        start.append(ast.Expr(call("begin", space, ast.Constant(table), ast.Constant(tuple(used)))))
    top = body[0].lineno if body else 1
    end = body[-1].end_lineno if body else 1
    body[head:head] = [placed(node, top) for node in start]
    tree.body = [*body, *(placed(ast.Expr(called(row)), end) for row in last)]
    return tree


def compiled(source, asked):
    """The .pyc of one module; empty where it does not compile."""
    path, order = asked
    try:
        tree = ast.parse(source, "/var/task/" + path)
        tree = rewritten(tree, order.get("lazy", {}), order.get("first", ()), order.get("last", ()))
        code = compile(tree, "/var/task/" + path, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return b""
    return MAGIC_NUMBER + (1).to_bytes(4, "little") + source_hash(source) + marshal.dumps(code)


def patterns(source, _):
    """What `re` gives its engine for some regular expressions; one that warns, or depends on more, is left out."""
    import _sre
    import re

    compiler = getattr(re, "_compiler", None) or __import__("sre_compile")
    known, compiling, rows = {}, _sre.compile, []
    _sre.compile = lambda _, *arguments: rows.append(arguments)
    warnings.simplefilter("error")
    for kind, text, flags in json.loads(source):
        pattern = text.encode("latin-1") if kind == "bytes" else text
        if flags & (re.LOCALE | re.DEBUG):
            continue
        try:
            compiler.compile(pattern, flags)
        except Exception:
            continue
        state, code, groups, names, index = rows[-1]
        code = [int(word) for word in code]  # the compiler's own kinds of int cannot be marshalled
        known[kind == "bytes", pattern, flags] = int(state), code, groups, dict(names), tuple(index)
    _sre.compile = compiling
    return marshal.dumps((_sre.MAGIC, sys.version_info[:2], known))


def main(job):
    """Answers every request."""
    sys.setrecursionlimit(10000)
    read, out = sys.stdin.buffer, sys.stdout.buffer
    action = {"scan": scan, "compile": compiled, "patterns": patterns}[job]

    def block():
        return read.read(int.from_bytes(read.read(4), "little"))

    for _ in range(int.from_bytes(read.read(4), "little")):
        path, source, order = block().decode(), block(), json.loads(block())
        data = action(source, (path, order))
        out.write(len(data).to_bytes(4, "little") + data)


main(sys.argv[1])
