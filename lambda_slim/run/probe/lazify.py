"""Reads which imports of modules may wait, and compiles modules with such imports. Run by the target's Python:

    python -I -S lazify.py scan < requests > answers
    python -I -S lazify.py compile < requests > answers

A request is a 4-byte count, then for each module three blocks: path, source, and JSON (for `compile`: `lazy`, names to
[module, attribute, level]; `used`, the built-in names that the module reads; `first` and `last`, functions of the
startup module to call around the module's body, [name, *arguments] each). `patterns` has a JSON list of regular
expressions, [type, text, flags] each, in place of the source, and answers with the marshalled arguments that the engine
takes. `texts` has texts that modules compile, [module, text, file name, mode, flags] each, and answers with their code.
A block is a 4-byte length and its bytes; an answer is one block a module: JSON, or the .pyc, empty where it does not
compile. Numbers are little-endian. Sources, line numbers and file names are as `compile.py` has them.
"""

import ast
import gc
import json
import marshal
import os
import sys
import warnings
from importlib.util import MAGIC_NUMBER, source_hash

warnings.simplefilter("ignore")

FOLDER = os.path.dirname(os.path.abspath(__file__))


def load_script(name):
    """The names of another script in this folder."""
    place = os.path.join(FOLDER, name + ".py")
    space = {"__file__": place, "load_script": load_script}
    with open(place, "rb") as script:
        exec(compile(script.read(), place, "exec"), space)
    return space


SCAN = load_script("import_scan")
scan, getattrs = SCAN["scan"], SCAN["getattrs"]

HELPER = "_lambda_slim_startup"
NATIVE = sys.version_info >= (3, 15)  # imports can wait by themselves (PEP 810)


def call(function, *arguments):
    """`__import__(HELPER).function(…)`, as a node; of another module where that is named, `module:function`."""
    module, _, function = function.rpartition(":")
    helper = ast.Call(ast.Name("__import__", ast.Load()), [ast.Constant(module or HELPER)], [])
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


def bound(node):
    """The names that an import statement binds, in their order."""
    if isinstance(node, ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    return [alias.asname or alias.name.partition(".")[0] for alias in node.names]


def waiting(node, lazy):
    """An import statement without its lazy names, and one with them for where every import is wanted at once."""
    names = bound(node)
    if lazy.isdisjoint(names) or getattr(node, "module", "") == "__future__":
        return [node]
    singles = []
    for alias, name in zip(node.names, names):  # one by one, in their order
        whole = isinstance(node, ast.Import)
        single = ast.Import([alias]) if whole else ast.ImportFrom(node.module, [alias], node.level)
        ast.copy_location(single, node)
        singles.append(delayed(single, node) if name in lazy else single)
    return singles


def delayed(single, node):
    """The statement in a form that does not import at once."""
    if NATIVE:
        single.is_lazy = 1
        return single
    test = ast.copy_location(ast.Name("__lambda_slim_eager__", ast.Load()), node)
    return ast.copy_location(ast.If(test, [single], []), node)


def is_head(place, node):
    """Whether a statement has to stay before all others: the docstring, or an import from `__future__`."""
    documented = not place and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return documented or getattr(node, "module", "") == "__future__"


def body_of(tree, lazy):
    """The statements of a module with lazy imports, and how many of them stay before all others."""
    body, head, names = [], 0, set(lazy)
    for node in getattrs(tree.body) if lazy and not NATIVE else ():
        node.decorator_list = [placed(ast.Attribute(call("x").func.value, "also", ast.Load()), node.lineno)]
    for place, node in enumerate(tree.body):
        if is_head(place, node):
            head = len(body) + 1
        body += waiting(node, names) if isinstance(node, (ast.Import, ast.ImportFrom)) else [node]
    return body, head


def beginning(lazy, used):
    """The call that makes a module's names wait; the builtins that it reads must not be looked for among them."""
    space = ast.Call(ast.Name("globals", ast.Load()), [], [])
    if NATIVE:
        return ast.Expr(call("_lambda_slim_native:expect", space, ast.Constant(tuple(sorted(lazy)))))
    table = tuple((name, tuple(map(tuple, rows))) for name, rows in sorted(lazy.items()))
    return ast.Expr(call("begin", space, ast.Constant(table), ast.Constant(tuple(used))))


def unbound(tree, lazy):
    """Calls that give a package its waiting submodules: Python's own lazy statements bind what they name only."""
    if not NATIVE:
        return []
    statements = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = sorted(set(lazy).difference(*map(bound, statements)))
    own = ast.Name("__name__", ast.Load())
    return [ast.Expr(call("attach", own, ast.Constant(tuple(names))))] if names else []


def rewritten(tree, order):
    """The module's tree with lazy imports; nothing else moves, and no line changes its number."""
    lazy, last = order.get("lazy", {}), order.get("last", ())
    start = [ast.Expr(called(row)) for row in order.get("first", ())]
    if lazy:
        start.append(beginning(lazy, order["used"]))
    final = [*unbound(tree, lazy), *(ast.Expr(called(row)) for row in last)]
    body, head = body_of(tree, lazy)
    top, end = (body[0].lineno, body[-1].end_lineno) if body else (1, 1)
    body[head:head] = [placed(node, top) for node in start]
    tree.body = [*body, *(placed(node, end) for node in final)]
    return tree


def compiled(source, asked):
    """The .pyc of one module; empty where it does not compile."""
    path, order = asked
    try:
        tree = ast.parse(source, "/var/task/" + path)
        code = compile(rewritten(tree, order), "/var/task/" + path, "exec", dont_inherit=True, optimize=0)
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


def texts(source, _):
    """The code of texts, of Python's own modules and of others; what warns, or does not compile, is left out."""
    own, known = {}, {}
    warnings.simplefilter("error")
    for module, text, filename, mode, flags in json.loads(source):
        try:
            code = compile(text, filename, mode, flags, True)
        except Exception:
            continue
        table = own if module in sys.stdlib_module_names else known
        table.setdefault(module, {})[text, filename, mode] = code
    return marshal.dumps((MAGIC_NUMBER, own, known))


def main(job):
    """Answers every request."""
    sys.setrecursionlimit(10000)
    gc.disable()  # trees have no circles
    read, out = sys.stdin.buffer, sys.stdout.buffer
    action = {"scan": scan, "compile": compiled, "patterns": patterns, "texts": texts}[job]

    def block():
        return read.read(int.from_bytes(read.read(4), "little"))

    for _ in range(int.from_bytes(read.read(4), "little")):
        path, source, order = block().decode(), block(), json.loads(block())
        data = action(source, (path, order))
        out.write(len(data).to_bytes(4, "little") + data)


main(sys.argv[1])
