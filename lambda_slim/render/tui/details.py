"""What is known of the selected line, as text for the pane beside the tree."""

from collections.abc import Iterator
from pathlib import Path

from lambda_slim.base.text import clause
from lambda_slim.base.units import plural, show_count, show_size, show_time
from lambda_slim.model.report import DistributionRow, FileRow, FunctionReport
from lambda_slim.render.cards import cards
from lambda_slim.render.moves import moves
from lambda_slim.render.requirers import you
from lambda_slim.render.tui.model import TreeItem, fate

_BIGGEST = 5
_PATTERNS = 8  # that are shown


def title(function: FunctionReport) -> str:
    """A function and its figures, in one line: those that the page begins with."""
    figures = [f"{move.figures} {move.title}" for move in moves(function)]
    return " · ".join([function.name, *figures])


def overview(function: FunctionReport) -> str:
    """What the pane says of a whole function: before and after, the cold start, findings, and what to do next."""
    lines = [function.name, ""]
    for move in moves(function):
        lines += _figure(move.title, move.figures, move.change, move.note)
    for name, figure, text, *_ in cards(function):
        lines += _figure(name, figure, text)
    if function.next_steps:
        lines += ["", "what to do next"]
    for step in function.next_steps:
        saved = clause("−{}  ", step.saves_bytes, show_size)
        lines.append(f"  {saved}{step.text}")
        if step.command:
            lines.append(f"    {step.command}")
    return "\n".join(lines)


def _figure(name: str, figure: str, *notes: str) -> Iterator[str]:
    """A figure, and below it what is said of it: the pane is narrow, and text that it folds begins at its edge."""
    yield f"{name}  {figure}"
    if said := ", ".join(filter(None, notes)):
        yield f"  {said}"


def details(item: TreeItem, function: FunctionReport, top: TreeItem) -> str:
    """Everything known of an item."""
    if item is top:
        return overview(function)
    lines = [item.path or item.name, ""]
    lines += _import(item) if item.node else _bytes(item, top)
    if item.row:
        lines += _distribution(item.row)
    if item.file:
        lines += _file(item.file)
    elif item.kind != "module":
        lines += _biggest(item)
    lines += _findings(item, function)
    return "\n".join(lines)


def _file(file: FileRow) -> Iterator[str]:
    yield _line("decision", fate(file))
    yield _line("rule", file.rule)
    if file.why:
        yield _line("reason", file.why)
    yield _line("kind", file.kind)
    yield _line("loaded", "at INIT" if file.loaded else "not at INIT")


def _line(label: str, text: str) -> str:
    return f"{label:<12} {text}"


def _bytes(item: TreeItem, top: TreeItem) -> Iterator[str]:
    share = 100 * item.bytes / max(1, top.bytes)
    yield _line("unzipped", f"{show_size(item.bytes)}   {share:.1f} % of the package")
    if top.zipped:
        yield _line("zipped", f"{show_size(item.zipped)}   {100 * item.zipped / top.zipped:.1f} %")
    yield _line("ships", f"{show_size(item.kept[0])} with build, as settings are")
    if item.files > 1:
        yield _line("files", f"{show_count(item.files)}, {show_count(item.loaded)} loaded at INIT")
    if item.us:
        yield _line("import time", f"{show_time(item.us)} of its own")


def _distribution(row: DistributionRow) -> Iterator[str]:
    others = clause(" with {}", row.freed_with, ", ".join)
    if row.freed_bytes:
        yield _line("frees", f"{show_size(row.freed_bytes)}{others}")
    requirers = _requirers(row)
    if row.version and requirers:
        yield _line("required by", ", ".join(requirers))
    if row.modules_loaded:
        yield _line("modules", f"{show_count(row.modules_loaded)} of {show_count(row.modules_shipped)} loaded at INIT")
    if row.first_import:
        chain = [f"{file or module}:{line}" if line else module for module, file, line in row.first_import]
        yield _line("first import", " → ".join([*chain, row.name]))


def _requirers(row: DistributionRow) -> list[str]:
    return [you(row), *row.required_by] if row.direct else [*row.required_by]


def _import(item: TreeItem) -> Iterator[str]:
    node = item.node
    if node is None:
        return
    if item.kind == "call":
        yield _line("a call", f"in the body of {node.module}")
        yield _line("took", show_time(item.us))
        return
    yield _line("with all", f"{show_time(node.total_us)} that it imports")
    yield _line("by itself", show_time(node.self_us))
    yield _line("of", node.distribution)
    if node.asked_at:
        yield _line("asked for at", node.asked_at)
    if node.status != "ok":
        yield _line("status", node.status)
    for call in node.body_calls:
        yield _line("calls", f"{call.call}, line {call.line}: {show_time(call.us)}")


def _biggest(item: TreeItem) -> Iterator[str]:
    files = sorted((leaf for leaf in item.walk() if leaf.file), key=lambda leaf: (-leaf.bytes, leaf.path))
    if files:
        yield ""
        yield "biggest files"
    for file in files[:_BIGGEST]:
        yield f"{show_size(file.bytes):>10}  {file.path.removeprefix(f'{item.path}/')}"


def _findings(item: TreeItem, function: FunctionReport) -> Iterator[str]:
    if not item.path:
        return
    lines = [f"{finding.rule}: {finding.message}" for finding in function.findings if finding.file == item.path]
    if lines:
        yield from ("", *lines)


def freed(item: TreeItem, patterns: tuple[str, ...], settings: Path) -> str:
    """What excluding an item frees and writes, in words."""
    shown = [*patterns[:_PATTERNS]]
    if more := patterns[_PATTERNS:]:
        shown.append(f"… and {len(more)} more")
    lines = [
        f"Exclude {item.path or item.name}?",
        "",
        f"frees    {show_size(item.kept[0])}, {show_size(item.kept[1])} zipped, of {plural(item.files, 'file')}",
        f"writes   exclude in {settings.name}:",
        *(f"         {pattern}" for pattern in shown),
    ]
    if item.loaded:
        lines += ["", f"Careful: {item.loaded} of these files are loaded at INIT; without them the function fails."]
    return "\n".join(lines)
