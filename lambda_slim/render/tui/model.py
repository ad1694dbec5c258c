"""What there is to walk through: a tree of bytes and a tree of imports, from one function's report."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from lambda_slim.model.report import PROJECT, RUNTIME, STDLIB, DistributionRow, FileRow, FunctionReport, ImportNode

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
            one = todo.pop()
            yield one
            todo += reversed(one.children)

    def above(self) -> list["TreeItem"]:
        """What it is in, outermost first."""
        found = []
        one = self.parent
        while one:
            found.append(one)
            one = one.parent
        return found[::-1]


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
    top = TreeItem(function.name, "all")
    rows = {row.name: row for row in function.distributions}
    times: dict[str, int] = {}
    for node in function.imports.nodes if function.imports else ():
        spent = node.self_us + sum(call.us for call in node.body_calls)
        times[node.file] = times.get(node.file, 0) + spent
    places: dict[tuple[str, str], TreeItem] = {}
    for file in function.files:
        if (file.distribution, "") not in places:
            row = rows.get(file.distribution)
            name = _LABELS.get(file.distribution) or " ".join([file.distribution, row.version if row else ""]).strip()
            places[file.distribution, ""] = _under(top, TreeItem(name, "distribution", row=row))
        parent = places[file.distribution, ""]
        parts = file.path.split("/")
        for end in range(1, len(parts)):
            path = "/".join(parts[:end])
            if (file.distribution, path) not in places:
                places[file.distribution, path] = _under(parent, TreeItem(f"{parts[end - 1]}/", "folder", path))
            parent = places[file.distribution, path]
        leaf = _under(parent, TreeItem(parts[-1], "file", file.path, file=file))
        _count(leaf, file, times.get(file.path, 0))
    return top


def _under(parent: TreeItem, child: TreeItem) -> TreeItem:
    child.parent = parent
    parent.children.append(child)
    return child


def _count(leaf: TreeItem, file: FileRow, us: int) -> None:
    ships = file.decision == "kept"
    for one in [*leaf.above(), leaf]:
        one.bytes += file.bytes
        one.zipped += file.zipped_bytes
        one.files += 1
        one.us += us
        one.loaded += file.loaded
        if ships:
            one.kept = (one.kept[0] + file.bytes, one.kept[1] + file.zipped_bytes)


def time_tree(function: FunctionReport) -> TreeItem:
    """Imports under their importers; calls in a module's body are lines of their own."""
    imports = function.imports
    top = TreeItem(function.name, "all", us=imports.total_us if imports else 0)
    items: list[TreeItem] = []
    for node in imports.nodes if imports else ():
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
    lines = [f"{item.name}", ""]
    file = item.file
    name = file.distribution if file else next((one.row.name for one in [item, *item.above()] if one.row), "")
    if item.node:
        return [*lines, *_chain(function, item.node.id)]
    if file:
        fate = "ships" if file.decision == "kept" else "left out"
        lines += [f"{fate} by rule {file.rule}" + (f": {file.why}" if file.why else "")]
    requirers = _requirers(function, name)
    if requirers:
        lines += ["required by", f"  {' → '.join(requirers)}"]
    first = _first_loaded(item, function)
    if first is None:
        lines += ["nothing of it was imported at INIT" if function.imports else "imports were not measured"]
        return lines
    return [*lines, "first imported at INIT", *_chain(function, first.id)]


def _requirers(function: FunctionReport, name: str) -> list[str]:
    """The shortest chain of requirements from the project to a distribution."""
    rows = {row.name: row for row in function.distributions}
    if name not in rows or name == PROJECT:
        return []
    todo: list[list[str]] = [[name]]
    seen = {name}
    for chain in todo:
        row = rows[chain[0]]
        if row.direct:
            return [f"you ({row.where})" if row.where else "you", *chain]
        for other in row.required_by:
            if other in rows and other not in seen:
                seen.add(other)
                todo.append([other, *chain])
    return []


def _first_loaded(item: TreeItem, function: FunctionReport) -> ImportNode | None:
    paths = {one.path for one in item.walk() if one.file}
    nodes = function.imports.nodes if function.imports else ()
    return next((node for node in nodes if node.file in paths), None)


def _chain(function: FunctionReport, number: int) -> list[str]:
    """The imports that led to one, the handler's module first, each with the line that asks for it."""
    nodes = function.imports.nodes if function.imports else ()
    found = []
    at: int | None = number
    while at is not None:
        node = nodes[at]
        place = f"{node.importer}:{node.line}" if node.importer and node.line else ""
        found.append(f"{node.module}" + (f"   {place}" if place else ""))
        at = node.parent
    return [f"  {'  ' * depth}{'→ ' if depth else ''}{text}" for depth, text in enumerate(reversed(found))]


def exclusion(item: TreeItem, top: TreeItem) -> tuple[str, ...]:
    """Patterns (gitignore syntax) that leave out an item and nothing that belongs to others."""
    foreign = {one.path for other in top.children if not _within(item, other) for one in other.walk() if one.file}
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
