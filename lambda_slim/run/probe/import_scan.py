"""Reads which imports of a module may wait by what the module itself says; executed by `lazify.py`."""

import ast
import builtins
import json
import sys

LOOKS = {"globals", "locals", "vars", "exec", "eval", "__builtins__"}  # at the module's own names
# Effects on these are seen in the state of a process.
COMPARED = {"abc", "atexit", "codecs", "collections.abc", "logging", "numbers", "signal", "warnings"}
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
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        for expression in (*node.decorator_list, *arguments.defaults, *filter(None, arguments.kw_defaults)):
            self.visit(expression)
        self.annotations([*(argument.annotation for argument in every if argument is not None), node.returns])
        for parameter in getattr(node, "type_params", ()):
            self.visit(parameter)
        self.inside(node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def inside(self, body):
        self.depth += 1
        for statement in body:
            self.visit(statement)
        self.depth -= 1

    def visit_Lambda(self, node):
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(default)
        self.inside([node.body])

    def visit_ClassDef(self, node):
        self.bind(node.name)
        for expression in (*node.decorator_list, *node.bases, *node.keywords, *getattr(node, "type_params", ())):
            self.visit(expression)
        self.classes += 1
        for statement in node.body:
            self.visit(statement)
        self.classes -= 1


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
    own = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "__getattr__"]
    if reader.bound.get("__getattr__", 0) != len(own) or len(own) > 1:
        return False
    return not any(node.decorator_list for node in own)


class Effects:
    """The imports whose objects a module changes while it is executed: `other.limit = 3`, `other.register(x)`."""

    def __init__(self, tree):
        self.rows, self.touched, self.called = {}, set(), set()
        for node in ast.walk(tree):
            for name, row in rows_of(node):
                self.rows.setdefault(name, []).append(row[:3])
        self.own = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        self.look(tree.body)

    def look(self, body):
        """Statements that are executed; those of a function only where it is called by a statement of its own."""
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            for target in changed(node):
                self.touch(root(target))
            if root(getattr(node, "value", None)) in self.own:
                self.touch(root(node.value))
            for part in ("body", "orelse", "finalbody"):
                self.look(getattr(node, part, ()))
            self.look([row for handler in getattr(node, "handlers", ()) for row in handler.body])

    def touch(self, name):
        """Takes note of an import, or looks into a function of the module."""
        if name in self.own and name not in self.called:
            self.called.add(name)
            self.look(self.own[name].body)
        for module, attribute, level in self.rows.get(name, ()):
            if module not in COMPARED or level:
                self.touched.add((module, attribute, level))


def changed(node):
    """What a statement changes, or calls and forgets."""
    if isinstance(node, ast.Expr):
        return [node.value.func] if isinstance(node.value, ast.Call) else []
    targets = getattr(node, "targets", ()) or [getattr(node, "target", None)]
    return [target for target in targets if isinstance(target, (ast.Attribute, ast.Subscript))]


def root(node):
    """The name that a chain of attributes, items and calls begins with; None where it begins otherwise."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def plain_rows(node):
    """(name, [module, attribute, level, line]) of an `import` statement."""
    for alias in node.names:
        row = [alias.name, "" if alias.asname else None, 0, node.lineno]
        yield alias.asname or alias.name.partition(".")[0], row


def rows_of(node):
    """(name, [module, attribute, level, line]) of an import statement; nothing for any other node."""
    if isinstance(node, ast.Import):
        yield from plain_rows(node)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name, [node.module or "", alias.name, node.level, node.lineno]


def statements(tree):
    """(name, [module, attribute, level, line], stars before it) of every import at the top of a module."""
    stars = 0
    for node in tree.body:
        for name, row in rows_of(node) if getattr(node, "module", "") != "__future__" else ():
            if name == "*":
                stars += 1
            else:
                yield name, row, stars


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
    facts = {
        "alone": left_alone(reader, tree),
        "names": names,
        "refused": {name: why for name, why in whys.items() if why},
        "unread": sorted(set(names) - reader.late),
        "used": used_builtins(reader),
        "imports": reader.imports,
        "bound": sorted(reader.bound),
        "touches": sorted(Effects(tree).touched, key=str),
        "uses": sorted(chain for chain in reader.chains if chain.partition(".")[0] in tops),
    }
    return json.dumps(facts).encode()
