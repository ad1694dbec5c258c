"""What can be browsed: a tree of bytes and a tree of imports, from one function's report."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from lambda_slim.base.rows import by_name
from lambda_slim.base.text import clause
from lambda_slim.model.import_report import ImportNode
from lambda_slim.model.report import PROJECT, RUNTIME, STDLIB, DistributionRow, FileRow, FunctionReport
from lambda_slim.render.requirers import requirers

_LABELS = {PROJECT: "your code", STDLIB: "standard library", RUNTIME: "Lambda runtime", "(installer)": "installer"}


@dataclass(slots=True, eq=False)
class TreeItem:
    """One line of a tree, with what is below it.

    Attributes:
        kind: all, distribution, folder, file, module or call.
        path: In the package; "" where it is no file or folder.
        us: Own time of the modules in it, or of the import with all it brings.
        kept: Bytes and zipped bytes of it that `build` ships.
    """

    name: str
    kind: str
    path: str = ""
    bytes: int = 0
    zipped: int = 0
    files: int = 0
    us: int = 0
    kept: tuple[int, int] = (0, 0)
    loaded: int = 0
    parent: "TreeItem | None" = None
    children: list["TreeItem"] = field(default_factory=list)
    file: FileRow | None = None
    row: DistributionRow | None = None
    node: ImportNode | None = None

    def walk(self) -> Iterator["TreeItem"]:
        """This and everything below, in order."""
        todo = [self]
        while todo:
            item = todo.pop()
            yield item
            todo += reversed(item.children)

    def above(self) -> list["TreeItem"]:
        """What it is in, outermost first."""
        items = []
        item = self.parent
        while item:
            items.append(item)
            item = item.parent
        return items[::-1]


ORDERS: dict[str, Callable[[TreeItem], tuple[object, ...]]] = {
    "size": lambda item: (-item.bytes, item.name),
    "zipped size": lambda item: (-item.zipped, item.name),
    "import time": lambda item: (-item.us, -item.bytes, item.name),
    "name": lambda item: (item.name,),
}
TIME_ORDERS: dict[str, Callable[[TreeItem], tuple[object, ...]]] = {
    "time order": lambda item: (item.node.start_us if item.node else 0,),
    "import time": lambda item: (-item.us, item.name),
    "name": lambda item: (item.name,),
}


def size_tree(function: FunctionReport) -> TreeItem:
    """Distribution, folder, file: bytes and zipped bytes, with the time that importing them took."""
    tree = _SizeTree(function)
    times = _times_by_file(function)
    for file in function.files:
        leaf = _under(tree.folder_of(file), TreeItem(file.path.rpartition("/")[2], "file", file.path, file=file))
        _count(leaf, file, times.get(file.path, 0))
    if function.imports:
        tree.top.us = function.imports.total_us  # with what is in no file of the package
    return tree.top


def _times_by_file(function: FunctionReport) -> dict[str, int]:
    times: dict[str, int] = {}
    for node in function.import_nodes:
        spent = node.self_us + sum(call.us for call in node.body_calls)
        times[node.file] = times.get(node.file, 0) + spent
    return times


class _SizeTree:
    """The distributions and folders of a function, made when a file lies in them."""

    def __init__(self, function: FunctionReport) -> None:
        self.top = TreeItem(function.name, "all")
        self._rows = by_name(function.distributions)
        self._places: dict[tuple[str, str], TreeItem] = {}

    def folder_of(self, file: FileRow) -> TreeItem:
        """The innermost folder that holds a file, or its distribution."""
        place = self._distribution(file.distribution)
        parts = file.path.split("/")
        for end in range(1, len(parts)):
            key = (file.distribution, "/".join(parts[:end]))
            if key not in self._places:
                self._places[key] = _under(place, TreeItem(f"{parts[end - 1]}/", "folder", key[1]))
            place = self._places[key]
        return place

    def _distribution(self, name: str) -> TreeItem:
        if (name, "") not in self._places:
            row = self._rows.get(name)
            label = _LABELS.get(name) or f"{name} {row.version if row else ''}".strip()
            self._places[name, ""] = _under(self.top, TreeItem(label, "distribution", row=row))
        return self._places[name, ""]


def _under(parent: TreeItem, child: TreeItem) -> TreeItem:
    child.parent = parent
    parent.children.append(child)
    return child


def _count(leaf: TreeItem, file: FileRow, us: int) -> None:
    for item in [*leaf.above(), leaf]:
        item.bytes += file.bytes
        item.zipped += file.zipped_bytes
        item.files += 1
        item.us += us
        item.loaded += file.loaded
        if file.ships:
            item.kept = (item.kept[0] + file.bytes, item.kept[1] + file.zipped_bytes)


def time_tree(function: FunctionReport) -> TreeItem:
    """Imports under their importers; calls in a module's body are lines of their own."""
    top = TreeItem(function.name, "all")
    if function.imports:
        top.us = function.imports.total_us
    items: list[TreeItem] = []
    for node in function.import_nodes:
        parent = top if node.parent is None else items[node.parent]
        item = _under(parent, TreeItem(node.module, "module", node.file, us=node.total_us, node=node))
        items.append(item)
        for call in node.body_calls:
            _under(item, TreeItem(f"{call.call}  line {call.line}", "call", node.file, us=call.us, node=node))
    return top


def find(top: TreeItem, text: str) -> list[TreeItem]:
    """Items whose name or path has the text in it, in the order of the tree; no case."""
    wanted = text.casefold()
    return [item for item in top.walk() if wanted in item.name.casefold() or wanted in item.path.casefold()]


def why(item: TreeItem, function: FunctionReport) -> list[str]:
    """Lines that say why something is in the package: the decision, who requires it, who imports it first."""
    lines = [item.name, ""]
    if item.node:
        return [*lines, *_chain(function, item.node.id)]
    if item.file:
        lines.append(_decision(item.file))
    chain = requirers(by_name(function.distributions), _owner(item))
    if chain:
        lines += ["required by", f"  {' → '.join(chain)}"]
    first = _first_loaded(item, function)
    if first:
        return [*lines, "first imported at INIT", *_chain(function, first.id)]
    return [*lines, "nothing of it was imported at INIT" if function.imports else "imports were not measured"]


def _decision(file: FileRow) -> str:
    return f"{fate(file)} by rule {file.rule}{clause(': {}', file.why)}"


def fate(file: FileRow) -> str:
    """What becomes of a file."""
    return "ships" if file.ships else "left out"


def _owner(item: TreeItem) -> str:
    """The distribution that an item belongs to."""
    if item.file:
        return item.file.distribution
    return next((place.row.name for place in [item, *item.above()] if place.row), "")


def _first_loaded(item: TreeItem, function: FunctionReport) -> ImportNode | None:
    paths = {leaf.path for leaf in item.walk() if leaf.file}
    nodes = function.import_nodes
    return next((node for node in nodes if node.file in paths), None)


def _chain(function: FunctionReport, number: int) -> list[str]:
    """The imports that led to a module, the handler's module first, each with the line that asks for it."""
    nodes = function.import_nodes
    texts = []
    current: int | None = number
    while current is not None:
        node = nodes[current]
        texts.append(node.module + clause("   {}", node.asked_at))
        current = node.parent
    return [f"  {'  ' * depth}{'→ ' if depth else ''}{text}" for depth, text in enumerate(reversed(texts))]


def exclusion(item: TreeItem, top: TreeItem) -> tuple[str, ...]:
    """Patterns (gitignore syntax) that leave out an item and nothing that belongs to others."""
    foreign: set[str] = set()
    for distribution in top.children:
        if not _within(item, distribution):
            foreign.update(leaf.path for leaf in distribution.walk() if leaf.file)
    return tuple(sorted(_patterns(item, foreign)))


def _within(item: TreeItem, distribution: TreeItem) -> bool:
    return item is distribution or distribution in item.above()


def _patterns(item: TreeItem, foreign: Iterable[str]) -> Iterator[str]:
    if item.file:
        yield f"/{_escaped(item.path)}"
    elif item.path and not any(path.startswith(f"{item.path}/") for path in foreign):
        yield f"/{_escaped(item.path)}/"
    else:
        for child in item.children:
            yield from _patterns(child, foreign)


def _escaped(path: str) -> str:
    text = "".join(f"\\{sign}" if sign in "\\*?[" else sign for sign in path)
    return text[:-1] + "\\ " if text.endswith(" ") else text
