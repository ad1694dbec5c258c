"""Reads which imports of a module may wait by what the module itself says; executed by `lazify.py`."""

import ast
import builtins
import json
import sys

EFFECTS = globals()["load_script"]("import_effects")  # of who executes this file
Effects, rows_of = EFFECTS["Effects"], EFFECTS["rows_of"]
TypedVisitor = globals()["load_script"]("visitor")["TypedVisitor"]

LOOKS = {"globals", "locals", "vars", "exec", "eval", "__builtins__"}  # at the module's own names
LATE_ANNOTATIONS = sys.version_info >= (3, 14)  # PEP 649


class Reader(TypedVisitor, ast.NodeVisitor):
    """What a module binds and reads, and when: `early` while it is executed, `late` in its functions."""

    def __init__(self, tree):
        self.bound, self.early, self.late = {}, set(), set()
        self.attributes, self.imports, self.chains, self.rows = set(), [], set(), {}
        self.depth = self.classes = 0
        self.empty_dir = self.in_getattr = False
        self.hidden = []  # of LOOKS, parameters of the functions around
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
            if node.id not in self.hidden:
                (self.late if self.depth else self.early).add(node.id)
        else:
            self.bind(node.id)

    def visit_Global(self, node):
        for name in node.names:
            self.bound[name] = self.bound.get(name, 0) + 2

    def keep(self, node):
        """What an import binds, wherever it stands."""
        for name, row in rows_of(node):
            self.rows.setdefault(name, []).append(row[:3])

    def visit_Import(self, node):
        self.keep(node)
        for alias in node.names:
            self.bind(alias.asname or alias.name.partition(".")[0])
            self.imports.append([alias.name, None if not alias.asname else "", 0])

    def visit_ImportFrom(self, node):
        self.keep(node)
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
        harmless = self.harmless(node)
        self.empty_dir |= node.func not in harmless and isinstance(node.func, ast.Name) and node.func.id == "dir"
        for child in (node.func, *node.args, *node.keywords):
            if child not in harmless:
                self.visit(child)

    def harmless(self, node):
        """Parts of a call that do not look at the module's own names, although they are called so."""
        if isinstance(node.func, ast.Attribute) and node.func.attr == "getLogger":
            return list(filter(is_own_name, node.args))  # a text to it
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        if called in ("dir", "locals", "vars"):
            own = not any((node.args, node.keywords, self.depth, self.classes))
            return [] if own else [node.func]  # names of a function, a class or another object
        if called in ("eval", "exec") and self.runs_apart(node):
            return [node.func, *filter(is_globals, node.args)]
        return []

    def visit_Compare(self, node):
        """`__name__ == "__main__"` looks nothing up."""
        for child in (node.left, *node.comparators):
            if not is_own_name(child):
                self.visit(child)

    def runs_apart(self, node):
        """Whether a text is run in a function, where its reads fall through as any, or with names of its own."""
        return self.depth or (len(node.args) > 1 and not is_globals(node.args[1]))

    def visit_Subscript(self, node):
        """`globals()[name]` in the module's `__getattr__` asks for a name that is not there."""
        if self.in_getattr and isinstance(node.ctx, ast.Load) and is_globals(node.value):
            self.visit(node.slice)
        else:
            self.generic_visit(node)

    def annotations(self, node):
        """Annotations are read when a function or class is made, unless they are strings or wait."""
        for child in node:
            if child is not None:
                self.depth += self.strings
                self.visit(child)
                self.depth -= self.strings

    def visit_AnnAssign(self, node):
        self.annotations([node.annotation])
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node):
        self.bind(node.name)
        arguments = node.args
        every = parameters(arguments)
        for expression in (*node.decorator_list, *arguments.defaults, *filter(None, arguments.kw_defaults)):
            self.visit(expression)
        self.annotations([*(argument.annotation for argument in every), node.returns])
        for parameter in getattr(node, "type_params", ()):
            self.visit(parameter)
        outer, self.in_getattr = self.in_getattr, self.in_getattr or self.is_getattr(node)
        self.inside(node.body, arguments)
        self.in_getattr = outer

    visit_AsyncFunctionDef = visit_FunctionDef

    def is_getattr(self, node):
        """Whether a function is the module's `__getattr__`."""
        return node.name == "__getattr__" and not self.depth and not self.classes

    def inside(self, body, arguments):
        """The body of a function, with its parameters."""
        own = [argument.arg for argument in parameters(arguments) if argument.arg in LOOKS]
        self.hidden += own
        self.depth += 1
        for statement in body:
            self.visit(statement)
        self.depth -= 1
        del self.hidden[len(self.hidden) - len(own) :]

    def visit_Lambda(self, node):
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(default)
        self.inside([node.body], node.args)

    def visit_ClassDef(self, node):
        self.bind(node.name)
        for expression in (*node.decorator_list, *node.bases, *node.keywords, *getattr(node, "type_params", ())):
            self.visit(expression)
        self.classes += 1
        for statement in node.body:
            self.visit(statement)
        self.classes -= 1


def parameters(arguments):
    """The parameters of a function."""
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    return list(filter(None, every))


def is_own_name(node):
    """Whether a node is `__name__`."""
    return isinstance(node, ast.Name) and node.id == "__name__"


def is_globals(node):
    """Whether a node is `globals()`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "globals"


def left_alone(reader, tree):
    """Why no import of a module may wait; "" where some may."""
    read = reader.early | reader.late
    if read & LOOKS or reader.empty_dir:
        return "it looks at its own names (%s)" % ", ".join(sorted(read & LOOKS) or ["dir"])
    if reader.attributes & {"f_globals", "f_builtins"}:
        return "it looks at the names of frames"
    if "__name__" in read and any(chain.startswith("sys.modules") for chain in reader.chains):
        return "it looks itself up in sys.modules"
    if not has_plain_getattr(reader, tree):
        return "it binds __getattr__ more than once, or by an assignment"
    return ""


def has_plain_getattr(reader, tree):
    """Whether a module has no `__getattr__`, or one that is a function without decorators."""
    own = list(getattrs(tree.body))
    if reader.bound.get("__getattr__", 0) != len(own) or len(own) > 1:
        return False
    return not any(node.decorator_list for node in own)


def getattrs(body):
    """Definitions of the module's `__getattr__`, also under a condition."""
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
            yield node
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for part in ("body", "orelse", "finalbody"):
                yield from getattrs(getattr(node, part, ()))


def statements(tree):
    """(name, [module, attribute, level, line], stars before it) of every import at the top of a module."""
    stars = 0
    for node in tree.body:
        for name, row in rows_of(node) if may_be_moved(node) else ():
            if name == "*":
                stars += 1
            else:
                yield name, row, stars


def may_be_moved(node):
    """Whether a statement is an import that is not lazy as it is written (PEP 810)."""
    return getattr(node, "module", "") != "__future__" and not getattr(node, "is_lazy", 0)


def used_builtins(reader):
    """The built-in names that a module reads and does not bind."""
    read = (reader.early | reader.late) & set(dir(builtins)) - set(reader.bound)
    return sorted(name for name in read if not name.startswith("__"))


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
    whys = {name: refusal(reader, name, rows, stars[name]) for name, rows in names.items()}
    tops = {module.partition(".")[0] for module, _, level in reader.imports if not level}
    effects = Effects(tree, reader.rows, reader.bound)
    facts = {
        "alone": left_alone(reader, tree),
        "names": names,
        "refused": {name: why for name, why in whys.items() if why},
        "unread": sorted(set(names) - reader.late),
        "used": used_builtins(reader),
        "imports": reader.imports,
        "bound": sorted(reader.bound),
        "free": sorted((reader.early | reader.late) - set(reader.bound) - set(dir(builtins))),
        "touches": sorted(effects.touched, key=str),
        "guarded": sorted(effects.guarded, key=str),
        "uses": sorted(chain for chain in reader.chains if chain.partition(".")[0] in tops),
    }
    return json.dumps(facts).encode()
