"""Two packages side by side, as text, Markdown and JSON."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from lambda_slim.base.text import clause, shown_all
from lambda_slim.base.units import show_added, show_count, show_share, show_size, show_time
from lambda_slim.budgets.difference import FileChange, PackageDifference
from lambda_slim.model.report import NO_SIZES, Sizes
from lambda_slim.render.console import Look
from lambda_slim.render.markdown import cut, escape

_TOP = 12
_SIGNS = {"added": "+", "removed": "−", "changed": "~"}


def render_difference(rows: Sequence[PackageDifference], look: Look, *, least: int = 0, top: int = _TOP) -> str:
    """One block a function: sizes, then distributions and modules, then the files that changed most.

    Args:
        rows: Functions.
        look: How text may look.
        least: Bytes below which a change of a file is not shown.
        top: Files to show, 0 for all.
    """
    lines: list[str] = []
    for row in map(shown_all, rows):
        lines += [*_block(row, least, top), ""]
    return look.plain("\n".join(lines[:-1])) + "\n"


def _block(row: PackageDifference, least: int, top: int) -> Iterable[str]:
    if row.before is None or row.after is None:
        known = row.before or row.after or NO_SIZES
        yield f"{row.name}   is {_fate(row)}   {show_size(known.unzipped_bytes)}"
        return
    yield row.name
    yield from (f"  {line}" for line in (*_totals(row, row.before, row.after), *row.changed))
    yield from (f"  {line}" for line in _files(row, least, top))


def _totals(row: PackageDifference, before: Sizes, after: Sizes) -> Iterable[str]:
    yield f"unzipped   {_moved(before.unzipped_bytes, after.unzipped_bytes)}"
    if before.zipped_bytes and after.zipped_bytes:
        yield f"zipped     {_moved(before.zipped_bytes, after.zipped_bytes)}"
    yield f"files      {show_count(before.files)} → {show_count(after.files)}"
    if row.bytecode[0] != row.bytecode[1]:
        counts = " → ".join(map(show_count, row.compiled))
        yield f"bytecode   {_moved(*row.bytecode)}   of {counts} modules"
    if row.import_us:
        yield f"import     {show_time(row.import_us[0])} → {show_time(row.import_us[1])}"


def _files(row: PackageDifference, least: int, top: int) -> Iterable[str]:
    """The files that changed most, or that none did."""
    shown = [file for file in row.files if abs(file.delta) >= least]
    if shown:
        end = top or len(shown)
        yield f"files that changed: {_counts(row.files)}"
        yield from (f"  {_file(file)}" for file in shown[:end])
        if len(shown) > end:
            yield f"  … {show_count(len(shown) - end)} more   --top 0 = all"
    elif not row.changed:
        alike = "no difference" if row.bytecode[0] == row.bytecode[1] else "no difference but bytecode"
        yield f"{_counts(row.files)}, each below the threshold" if row.files else alike


def _moved(before: int, after: int) -> str:
    share = clause(", {}", before, lambda size: show_share(size, after))
    return f"{show_size(before)} → {show_size(after)}   {show_added(after - before)}{share}"


def _counts(files: Sequence[FileChange]) -> str:
    kinds = Counter(file.kind for file in files)
    counts = (show_count(kinds[kind]) for kind in ("added", "removed", "changed"))
    return "{} added, {} removed, {} of another size".format(*counts)


def _file(file: FileChange) -> str:
    return f"{_SIGNS[file.kind]} {file.path}   {show_added(file.delta)}"


def difference_markdown(rows: Sequence[PackageDifference]) -> str:
    """A table of functions, and the changes of each folded away."""
    rows = [*map(shown_all, rows)]
    lines = ["| function | unzipped | zipped | files |", "|:--|--:|--:|--:|", *map(_cells, rows)]
    for row in rows:
        if row.changed or row.files:
            changes = [*row.changed, *map(_file, row.files[:_TOP])]
            lines += ["", f"<details><summary>{escape(row.name)}</summary>", "", "```diff"]
            lines += [line.replace("−", "-", 1).replace("`", "'").replace("~", "!", 1) for line in changes]
            lines += ["```", "</details>"]
    return cut("\n".join(lines) + "\n")


def _cells(row: PackageDifference) -> str:
    before, after = row.before, row.after
    if before is None or after is None:
        return f"| {escape(row.name)} | {_fate(row)} | | |"
    unzipped = _moved(before.unzipped_bytes, after.unzipped_bytes)
    zipped = _moved(before.zipped_bytes, after.zipped_bytes)
    return f"| {escape(row.name)} | {unzipped} | {zipped} | {show_count(before.files)} → {show_count(after.files)} |"


def _fate(row: PackageDifference) -> str:
    """What became of a function that only one side has."""
    return "gone" if row.after is None else "new"


def difference_json(rows: Sequence[PackageDifference]) -> str:
    """The records as they are: bytes, microseconds, paths in the package."""
    return json.dumps({"functions": [asdict(row) for row in rows]}, indent=1, ensure_ascii=False) + "\n"
