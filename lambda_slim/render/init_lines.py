"""The lines of first-party modules that INIT's time goes to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lambda_slim.base.text import shown_place
from lambda_slim.model.import_report import BodyCall, ImportNode, ImportReport
from lambda_slim.model.report import PROJECT


@dataclass(frozen=True, slots=True)
class InitLine:
    """A line of a first-party module.

    Attributes:
        us: What it costs, its imports and calls together; no time is counted for two lines.
        what: What happens there: `boto3.client(…) → boto3 and 2 more`.
        place: `src/app.py:8`.
    """

    us: int
    what: str
    place: str


@dataclass(slots=True)
class _Spent:
    """What a line spends, and on what."""

    us: int = 0
    imports: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def add_import(self, node: ImportNode) -> None:
        self.us += node.total_us
        self.imports.append(_imported(node))

    def add_call(self, call: BodyCall) -> None:
        self.us += call.us
        self.calls.insert(0, call.call)


def lines_of(imports: ImportReport) -> Iterator[InitLine]:
    """Lines that call something in a module's body or import what is not first-party, in the order of the report."""
    spent: dict[tuple[str, int], _Spent] = {}
    nodes = {node.id: node for node in imports.nodes}
    for node in imports.nodes:
        if place := _place_of_import(node, nodes):
            spent.setdefault(place, _Spent()).add_import(node)
        for call in node.body_calls:
            spent.setdefault((node.file, call.line), _Spent()).add_call(call)
    for (file, number), line in spent.items():
        yield InitLine(line.us, _words([*line.calls, *line.imports]), shown_place(file, number))


def _place_of_import(node: ImportNode, nodes: Mapping[int, ImportNode]) -> tuple[str, int] | None:
    """The first-party line that imports a module which is not first-party."""
    importer = nodes[node.parent] if node.parent is not None else None
    if importer is None or importer.distribution != PROJECT or node.distribution == PROJECT:
        return None
    return node.importer or importer.file, node.line or 0


def _imported(node: ImportNode) -> str:
    return node.module + (" (not there)" if node.status == "failed" else "")


def _words(words: Sequence[str]) -> str:
    first, rest = words[0], words[1:]
    if not rest:
        return first
    more = f"{rest[0]} and {len(rest) - 1} more" if len(rest) > 1 else rest[0]
    return f"{first} → {more}" if first.endswith(")") else f"{first}, {more}"
