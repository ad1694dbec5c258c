"""A Python script that packs (`shutil`, `subprocess`, `zipfile`) as commands of a shell; nothing is run."""

import ast
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

from lambda_slim.base.rows import by_name
from lambda_slim.formats.python_calls import EVERY, call_effect
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import names_in, nodes_of, targets_of, texts_below
from lambda_slim.formats.python_values import FolderWords, PythonValues
from lambda_slim.formats.shell_script import ShellCommand, ShellGroup, ShellLoop, ShellNode

_DEEPEST = 8
_MOST = 10_000  # calls and statements
_MOST_ROUNDS = 200  # of one loop
# What conditions may speak of in a loop over all files: no package needs it.
_JUNK = frozenset({"__pycache__", ".pyc", ".pyo", ".DS_Store", ".git", ".gitignore", ".zip", ".pytest_cache", ".idea"})
_HARMLESS = frozenset({"os", "any", "all", "str", "len"})


def python_script(source: str) -> tuple[ShellNode, ...]:
    """The commands that a script amounts to.

    Raises:
        ValueError: it is no Python, or nested too deeply.
    """
    try:
        tree = parse_python(source)
        return tuple(_Translation(tree).body(tree.body))
    except (SyntaxError, RecursionError) as error:
        message = f"it is not understood as Python: {error}"
        raise ValueError(message) from error


class _Translation:
    """One script."""

    def __init__(self, tree: ast.Module) -> None:
        self.values = PythonValues(dict(chain.from_iterable(map(_imported, ast.walk(tree)))))
        self.functions = by_name(nodes_of(tree, ast.FunctionDef))
        self.out: list[ShellNode] = []  # what the statement that is read adds to
        self.depth = self.count = 0
        self.returned: Any = None

    def body(self, statements: Iterable[ast.stmt]) -> list[ShellNode]:
        """The commands of some statements."""
        before, self.out = self.out, []
        for statement in statements if self.count < _MOST else ():
            self.count += 1
            reader = _STATEMENTS.get(type(statement))
            if reader:
                reader(self, statement)
        commands, self.out = self.out, before
        return commands

    def _done(self, node: ast.AST | None) -> Any:
        """The value of an expression, after what its calls do, inner ones first."""
        if node is None:
            return None
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.expr | ast.keyword):
                self._done(inner)
        if isinstance(node, ast.Call):
            self._call(node)
        return self.values.value(node)

    def _call(self, node: ast.Call) -> None:
        self.count += 1
        function = self.functions.get(self.values.dotted(node.func))
        if self.count > _MOST:
            return
        if function is not None:
            self.values.results[id(node)] = self._called(function, node)
            return
        done = call_effect(node, self.values)
        self.values.results.pop(id(node), None)
        if done is not None:
            self.out += done[0]
            self.values.results[id(node)] = done[1]

    def _called(self, function: ast.FunctionDef, node: ast.Call) -> Any:
        """What a function of the script does with what is given to it."""
        if self.depth >= _DEEPEST:
            self.out.append(ShellCommand((f"{function.name}()",), node.lineno))
            return None
        names = [argument.arg for argument in [*function.args.posonlyargs, *function.args.args]]
        defaults = zip(names[::-1], function.args.defaults[::-1], strict=False)
        given = [*defaults, *zip(names, node.args, strict=False), *((row.arg, row.value) for row in node.keywords)]
        bound = {name: self.values.value(row) for name, row in given if name}
        before, self.values.names = self.values.names, {**self.values.names, **dict.fromkeys(names), **bound}
        self.depth, self.returned = self.depth + 1, None
        self.out += self.body(function.body)
        self.depth, self.values.names = self.depth - 1, before
        value, self.returned = self.returned, None
        return value

    def _bind(self, target: ast.AST, value: Any) -> None:
        if isinstance(target, ast.Name | ast.Attribute) and (name := self.values.dotted(target)):
            self.values.names[name] = value

    def assignment(self, node: ast.Assign | ast.AnnAssign) -> None:
        """`name = value`."""
        value = self._done(node.value)
        for target in targets_of(node):
            self._bind(target, value)

    def added(self, node: ast.AugAssign) -> None:
        """`name += value`."""
        self._bind(node.target, self.values.value(ast.BinOp(node.target, node.op, node.value)))

    def expression(self, node: ast.Expr) -> None:
        """A call that stands alone."""
        self._done(node.value)

    def give_back(self, node: ast.Return) -> None:
        """`return value`."""
        self.returned = self._done(node.value)

    def condition(self, node: ast.If) -> None:
        """Both branches; of what only runs when the file is started, that one."""
        if "__main__" in ast.dump(node.test):
            self.out += self.body(node.body)
            return
        self._done(node.test)
        branches = [ShellGroup("{", tuple(self.body(rows))) for rows in (node.body, node.orelse) if rows]
        self.out.append(ShellGroup("if", tuple(branches)))

    def guarded(self, node: ast.Try) -> None:
        """What happens where nothing fails."""
        self.out += self.body([*node.body, *node.orelse, *node.finalbody])

    def repeated(self, node: ast.While) -> None:
        """One round."""
        self.out += self.body(node.body)

    def within(self, node: ast.With) -> None:
        """`with value as name`."""
        for item in node.items:
            value = self._done(item.context_expr)
            if item.optional_vars:
                self._bind(item.optional_vars, value)
        self.out += self.body(node.body)

    def loop(self, node: ast.For) -> None:
        """Each round; over the files of a folder a loop of the shell, or one round for all of them."""
        rows = self._done(node.iter)
        if isinstance(rows, FolderWords):
            self._over_folder(node, rows)
            return
        rounds = rows[:_MOST_ROUNDS] if isinstance(rows, list) else [None]
        for row in rounds:
            if self.count >= _MOST:
                break
            self._bind(node.target, row)
            self.out += self.body(node.body)

    def _over_folder(self, node: ast.For, rows: FolderWords) -> None:
        if rows.every:
            if rows.pattern != "*" or not _leaves_out_junk_alone(node):
                self.out.append(ShellCommand((f"{ast.unparse(node.iter)} with conditions",), node.lineno))
            self._bind_all(node.target, rows.folder)
            self.out += self.body(node.body)
            return
        name = node.target.id if isinstance(node.target, ast.Name) else "_"
        self.values.names[name] = f"${{{name}__name}}" if rows.only_names else f"${{{name}}}"
        self.out.append(ShellLoop(name, (f"{rows.folder}/{rows.pattern}",), tuple(self.body(node.body))))

    def _bind_all(self, target: ast.expr, folder: str) -> None:
        """`for root, dirs, files in os.walk(FOLDER)`, `for path in FOLDER.rglob("*")`: all files at once."""
        if isinstance(target, ast.Tuple):
            for name, value in zip(target.elts, (folder, [], [EVERY]), strict=False):
                self._bind(name, value)
        else:
            self._bind(target, f"{folder}/{EVERY}")


def _imported(node: ast.AST) -> list[tuple[str, str]]:
    """(bound name, dotted name) of an import that gives it another name."""
    if isinstance(node, ast.Import):
        return [(row.asname, row.name) for row in node.names if row.asname]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [(row.asname or row.name, f"{node.module}.{row.name}") for row in node.names]
    return []


def _leaves_out_junk_alone(loop: ast.For) -> bool:
    """Whether the conditions of a loop over all files speak of nothing but what no package needs."""
    nodes = list(ast.walk(loop))
    tests = [*chain.from_iterable(map(_tests, nodes))]
    texts = set(chain.from_iterable(map(texts_below, tests)))
    names = set[str]().union(*(names_in(test, ast.expr_context) for test in tests))
    return texts <= _JUNK and names <= names_in(loop, ast.Store) | _HARMLESS


def _tests(node: ast.AST) -> list[ast.expr]:
    """The conditions of a statement or of a comprehension."""
    if isinstance(node, ast.comprehension):
        return node.ifs
    return [node.test] if isinstance(node, ast.If | ast.IfExp) else []


_STATEMENTS: dict[type[ast.stmt], Callable[[_Translation, Any], None]] = {
    ast.Assign: _Translation.assignment,
    ast.AnnAssign: _Translation.assignment,
    ast.AugAssign: _Translation.added,
    ast.Expr: _Translation.expression,
    ast.Return: _Translation.give_back,
    ast.If: _Translation.condition,
    ast.Try: _Translation.guarded,
    ast.While: _Translation.repeated,
    ast.With: _Translation.within,
    ast.For: _Translation.loop,
}
