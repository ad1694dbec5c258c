"""What is known of the selected line, as text for the pane beside the tree."""

from collections.abc import Iterator

from lambda_slim.base.units import show_size, show_time
from lambda_slim.model.report import DistributionRow, FunctionReport
from lambda_slim.render.tui.model import TreeItem

_BIGGEST = 5


def title(function: FunctionReport) -> str:
    """A function and its sizes, in one line."""
    sizes = function.before
    parts = [function.name, show_size(sizes.unzipped_bytes)]
    parts += [f"{show_size(sizes.zipped_bytes)} zipped"] if sizes.zipped_bytes else []
    parts += [f"{show_time(function.imports.total_us)} import"] if function.imports else []
    return " · ".join(parts)


def details(item: TreeItem, function: FunctionReport, top: TreeItem) -> str:
    """Everything known of an item."""
    lines = [item.path or item.name, ""]
    lines += _import(item) if item.node else _bytes(item, top)
    if item.row:
        lines += _distribution(item.row)
    if item.file:
        fate = "ships" if item.file.decision == "kept" else "left out"
        lines += [_line("decision", fate), _line("rule", item.file.rule)]
        lines += [_line("reason", item.file.why)] if item.file.why else []
        lines += [_line("kind", item.file.kind), _line("loaded", "at INIT" if item.file.loaded else "not at INIT")]
    elif item.kind != "module":
        lines += _biggest(item)
    lines += _findings(item, function)
    return "\n".join(lines)


def _line(label: str, text: str) -> str:
    return f"{label:<13}{text}"


def _bytes(item: TreeItem, top: TreeItem) -> Iterator[str]:
    share = 100 * item.bytes / max(1, top.bytes)
    yield _line("unzipped", f"{show_size(item.bytes)}   {share:.1f} % of the package")
    if top.zipped:
        yield _line("zipped", f"{show_size(item.zipped)}   {100 * item.zipped / top.zipped:.1f} %")
    yield _line("ships", f"{show_size(item.kept[0])} with build, as settings are")
    if item.files > 1:
        yield _line("files", f"{item.files}, {item.loaded} loaded at INIT")
    if item.us:
        yield _line("import time", f"{show_time(item.us)} of its own")


def _distribution(row: DistributionRow) -> Iterator[str]:
    yield _line(
        "frees", f"{show_size(row.freed_bytes)}" + (f" with {', '.join(row.freed_with)}" if row.freed_with else "")
    )
    by = (["you" + (f" ({row.where})" if row.where else "")] if row.direct else []) + list(row.required_by)
    if row.version and by:
        yield _line("required by", ", ".join(by))
    if row.modules_loaded:
        yield _line("modules", f"{row.modules_loaded} of {row.modules_shipped} loaded at INIT")
    if row.first_import:
        chain = [f"{file or module}:{line}" if line else module for module, file, line in row.first_import]
        yield _line("first import", " → ".join([*chain, row.name]))


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
    if node.importer and node.line:
        yield _line("asked for at", f"{node.importer}:{node.line}")
    if node.status != "ok":
        yield _line("status", node.status)
    for call in node.body_calls:
        yield _line("calls", f"{call.call}, line {call.line}: {show_time(call.us)}")


def _biggest(item: TreeItem) -> Iterator[str]:
    files = sorted((one for one in item.walk() if one.file), key=lambda one: (-one.bytes, one.path))[:_BIGGEST]
    if files:
        yield ""
        yield "biggest files"
    for one in files:
        yield f"{show_size(one.bytes):>10}  {one.path.removeprefix(f'{item.path}/')}"


def _findings(item: TreeItem, function: FunctionReport) -> Iterator[str]:
    found = [one for one in function.findings if one.file and one.file == item.path]
    if found:
        yield ""
    for one in found:
        yield f"{one.rule}: {one.message}"
