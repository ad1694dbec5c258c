"""What expressions of a Python script say, as words of a shell: texts, paths, lists of them. Nothing is run."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambda_slim.formats.python_syntax import bare_name, dotted_name, literal_text
from lambda_slim.formats.shell_idioms import HERE, NOT_KNOWN
from lambda_slim.formats.tables import as_several, as_text

ANYTHING = f"${{{NOT_KNOWN}}}"  # the word for what only a run gives
_SAME = frozenset(
    {
        "str", "pathlib.Path", "pathlib.PurePath", "os.path.abspath", "os.path.realpath", "os.path.normpath",
        "os.fspath", "os.path.expanduser",
    }
)  # fmt: skip
_SAME_METHODS = frozenset({"resolve", "absolute", "as_posix", "expanduser", "strip", "rstrip", "__str__"})
_ORDERS = frozenset({"sorted", "list", "tuple", "set", "iter", "reversed"})
_WORKING = frozenset({"os.getcwd", "pathlib.Path.cwd"})
_ENVIRONMENT = frozenset({"os.environ.get", "os.getenv"})


@dataclass(frozen=True, slots=True)
class RelativePath:
    """A path as it counts from a folder."""

    path: str
    start: str


@dataclass(frozen=True, slots=True)
class ArchiveWord:
    """An archive that the script writes or reads."""

    path: str


@dataclass(frozen=True, slots=True)
class FolderWords:
    """What a folder holds: `every` file at any depth, or what lies directly in it and matches."""

    folder: str
    pattern: str = "*"
    every: bool = False
    only_names: bool = False


class PythonValues:
    """Values of expressions, with what names stand for.

    Args:
        imported: Bound name to the dotted name that it stands for.
    """

    def __init__(self, imported: Mapping[str, str]) -> None:
        self.names: dict[str, Any] = {"__file__": f"${{{HERE}}}/_"}
        self.results: dict[int, Any] = {}  # what calls gave that do something, by their node
        self._imported = imported

    def dotted(self, node: ast.AST) -> str:
        """`os.path.join` for names imported under any name; "" for anything else."""
        return dotted_name(node, self._first)

    def _first(self, node: ast.AST) -> str:
        name = bare_name(node)
        return self._imported.get(name, name)

    def value(self, node: ast.AST | None) -> Any:
        """A word, a list of values, a record of this module; None for what only a run gives."""
        reader = _READERS.get(type(node)) if node else None
        return reader(self, node) if reader else None

    def word(self, node: ast.AST | None) -> str:
        """A value as one word."""
        return as_word(self.value(node))

    def words(self, node: ast.AST | None) -> list[str]:
        """The words of a list, or of a text that stands alone."""
        return [*map(as_word, as_several(self.value(node)))]

    def called(self, node: ast.Call) -> Any:
        """What a call gives."""
        if id(node) in self.results:
            return self.results[id(node)]
        name, rows = self.dotted(node.func), node.args
        if name in _WORKING:
            return "."
        if name in _ORDERS and rows:
            return self.value(rows[0])
        if name in _ENVIRONMENT:
            return self.value(rows[1]) if len(rows) > 1 else None
        if name == "os.path.join" or name in _SAME:
            return joined(list(map(self.value, rows))) or None
        return self._of_path(name, node)

    def _of_path(self, name: str, node: ast.Call) -> Any:
        """What a function gives of its first argument, a path."""
        reader = _OF_PATHS.get(name)
        if reader and node.args:
            return reader(*map(self.word, node.args))
        return self._method(node) if isinstance(node.func, ast.Attribute) else None

    def _method(self, node: ast.Call) -> Any:
        """What a method of a path or a text gives."""
        assert isinstance(node.func, ast.Attribute)
        method, owner = node.func.attr, self.value(node.func.value)
        if isinstance(owner, str) and method in _SAME_METHODS:
            return owner
        reader = _METHODS.get(method) if isinstance(owner, str) else None
        return reader(owner, *map(self.value, node.args)) if reader else None

    def of_name(self, node: ast.Name) -> Any:
        """What a name stands for."""
        return self.names.get(node.id)

    def of_attribute(self, node: ast.Attribute) -> Any:
        """`sys.executable`, `path.parent`, `path.name`, and what was bound to it."""
        dotted = self.dotted(node)
        if dotted in self.names:
            return self.names[dotted]
        if dotted == "sys.executable":
            return "python3"
        owner = self.value(node.value)
        reader = {"parent": _above, "name": _base}.get(node.attr)
        return reader(owner) if reader else None

    def of_joined_text(self, node: ast.JoinedStr) -> str:
        """An f-string."""
        parts = [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
        return "".join(map(self.word, parts))

    def of_operation(self, node: ast.BinOp) -> Any:
        """`+` and `/`."""
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.op, ast.Div):
            return joined([left, right])
        same = type(left) is type(right) and isinstance(left, str | list)
        if same and isinstance(node.op, ast.Add):
            return left + right
        return None

    def of_row(self, node: ast.List | ast.Tuple) -> list[Any]:
        """A list or tuple."""
        row: list[Any] = []
        for item in node.elts:
            if isinstance(item, ast.Starred):
                row += as_several(self.value(item.value))
            else:
                row.append(self.value(item))
        return row

    def of_either(self, node: ast.BoolOp) -> Any:
        """`a or b`: the first that is known."""
        if isinstance(node.op, ast.And):
            return None
        known = (value for value in map(self.value, node.values) if value is not None)
        return next(known, None)


def as_word(value: Any) -> str:
    """A text as it is; `ANYTHING` for any other value."""
    return value if isinstance(value, str) else ANYTHING


def joined(parts: list[Any]) -> str | None:
    """Parts of a path as one."""
    if not all(isinstance(part, str) for part in parts):
        return None
    path = ""
    for part in parts:
        starts_anew = not path or part.startswith(("/", f"${{{HERE}}}"))
        path = part if starts_anew else f"{path.rstrip('/')}/{part}"
    return path


def _above(value: Any) -> str | None:
    """The folder that a path lies in."""
    if not isinstance(value, str):
        return None
    head, slash, last = value.rstrip("/").rpartition("/")
    if slash and last not in ("..", "."):
        return head or "/"
    return f"{value}/.." if last in ("..", ".") or last.startswith("$") else "."


def _base(value: Any) -> str | None:
    """The last part of a path; of a variable of a loop the variable that has it."""
    last = as_text(value).rstrip("/").rpartition("/")[2]
    if last.startswith("${") and last.endswith("}"):
        return f"{last[:-1]}__name}}"
    return last or None


def _split(pattern: str) -> tuple[str, str]:
    head, _, last = pattern.rpartition("/")
    return head or ".", last


def _globbed(folder: str, pattern: str) -> FolderWords:
    if pattern in ("**/*", "**"):
        return FolderWords(folder, every=True)
    return FolderWords(folder, pattern)


def _relative(path: str, start: Any, *_: Any) -> RelativePath:
    return RelativePath(path, as_word(start))


_METHODS: dict[str, Any] = {
    "joinpath": lambda path, *parts: joined([path, *parts]),
    "relative_to": _relative,
    "glob": lambda path, pattern="*", *_: _globbed(path, as_word(pattern)),
    "rglob": lambda path, pattern="*", *_: FolderWords(path, as_word(pattern), every=True),
    "iterdir": lambda path, *_: FolderWords(path),
    "split": lambda text, *signs: None if signs else text.split(),
}
_OF_PATHS: dict[str, Any] = {
    "os.path.dirname": lambda path, *_: _above(path),
    "os.path.basename": lambda path, *_: _base(path),
    "os.path.relpath": lambda path, start=".", *_: RelativePath(path, start),
    "os.listdir": lambda folder, *_: FolderWords(folder, only_names=True),
    "os.walk": lambda folder, *_: FolderWords(folder, every=True),
    "glob.glob": lambda pattern, *_: _globbed(*_split(pattern)),
    "shlex.split": lambda text, *_: text.split(),
}
_READERS: dict[type[ast.AST], Any] = {
    ast.Constant: lambda _, node: literal_text(node),
    ast.Name: PythonValues.of_name,
    ast.Attribute: PythonValues.of_attribute,
    ast.JoinedStr: PythonValues.of_joined_text,
    ast.BinOp: PythonValues.of_operation,
    ast.List: PythonValues.of_row,
    ast.Tuple: PythonValues.of_row,
    ast.BoolOp: PythonValues.of_either,
    ast.Call: PythonValues.called,
}
