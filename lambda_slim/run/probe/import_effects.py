"""Reads what a module changes elsewhere while it is executed; executed by `import_scan.py`."""

import ast

NEW = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)
# Effects on these are seen in the state of a process.
COMPARED = {"abc", "atexit", "codecs", "collections.abc", "logging", "numbers", "signal", "warnings"}


class Effects:
    """The imports whose objects a module changes while it is executed: `other.limit = 3`, `other.register(x)`."""

    def __init__(self, tree, rows, bound):
        """Reads a module.

        Args:
            tree: The module.
            rows: Its imports anywhere, names to [module, attribute, level].
            bound: The names that it binds, to how often.
        """
        self.rows, self.touched, self.called, self.renewed = rows, set(), set(), set()
        self.guarded = set()  # the same in a branch, with the names that only its imports bind: it may not have run
        self.once = {name for name, times in bound.items() if times == 1 and not name.startswith("__")}
        self.guard = ()
        self.own = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for node in tree.body:
            self.look([node])
            self.renewed.update(renewed(node))

    def look(self, body):
        """Statements that are executed; those of a function only where it is called by a statement of its own."""
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            for target in changed(node):
                if holder(target) not in self.renewed:  # what lies deeper in a copy is still another's
                    self.touch(root(target))
            if root(getattr(node, "value", None)) in self.own:
                self.touch(root(node.value))
            for part in ("body", "orelse", "finalbody"):
                self.within(node, getattr(node, part, ()))
            self.look([row for handler in getattr(node, "handlers", ()) for row in handler.body])

    def within(self, node, body):
        """Statements of another one."""
        outer = self.guard
        if isinstance(node, ast.If):
            self.guard = tuple(sorted({name for part in body for name, _ in rows_of(part)} & self.once)) or outer
        self.look(body)
        self.guard = outer

    def touch(self, name):
        """Takes note of an import, or looks into a function of the module."""
        if name in self.own and (name, self.guard) not in self.called:
            self.called.add((name, self.guard))
            self.look(self.own[name].body)
        for module, attribute, level in self.rows.get(name, ()):
            if self.guard and (module not in COMPARED or level):
                self.guarded.add((module, attribute, level, self.guard))
            elif module not in COMPARED or level:
                self.touched.add((module, attribute, level))


def renewed(node):
    """The names that a statement binds to a new object: `LOSSES = LOSSES.copy()`."""
    if not isinstance(node, ast.Assign):
        return []
    made = isinstance(node.value, NEW)
    if isinstance(node.value, ast.Call):
        maker = node.value.func
        made = getattr(maker, "attr", "") in ("copy", "deepcopy") or getattr(maker, "id", "") in ("dict", "list", "set")
    return [target.id for target in node.targets if made and isinstance(target, ast.Name)]


def changed(node):
    """What a statement changes, or calls and forgets."""
    if isinstance(node, ast.Expr):
        return [node.value.func] if isinstance(node.value, ast.Call) else []
    targets = getattr(node, "targets", ()) or [getattr(node, "target", None)]
    return [target for target in targets if isinstance(target, (ast.Attribute, ast.Subscript))]


def holder(target):
    """The name whose own attribute or item is changed; None where it lies deeper, or the name is called."""
    value = getattr(target, "value", None)
    return value.id if isinstance(value, ast.Name) else None


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
