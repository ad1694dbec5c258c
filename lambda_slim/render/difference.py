"""Two packages side by side, as text, Markdown and JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from lambda_slim.base.units import show_size, show_time
from lambda_slim.budgets.difference import FileChange, PackageDifference
from lambda_slim.render.console import Look
from lambda_slim.render.markdown import cut, escape

_TOP = 12


def render_difference(rows: Sequence[PackageDifference], look: Look, *, least: int = 0, top: int = _TOP) -> str:
    """One block a function: sizes, then distributions and modules, then the files that changed most.

    Args:
        rows: Functions.
        look: How text may look.
        least: Bytes below which a change of a file is not shown.
        top: Files to show, 0 for all.
    """
    lines: list[str] = []
    for row in rows:
        lines += [*_block(row, least, top), ""]
    return look.plain("\n".join(lines[:-1])) + "\n"


def _block(row: PackageDifference, least: int, top: int) -> Iterable[str]:
    if row.before is None or row.after is None:
        known = row.before or row.after
        size = show_size(known.unzipped_bytes) if known else ""
        yield f"{row.name}   {'is gone' if row.after is None else 'is new'}   {size}"
        return
    yield row.name
    yield f"  unzipped   {_moved(row.before.unzipped_bytes, row.after.unzipped_bytes)}"
    if row.before.zipped_bytes and row.after.zipped_bytes:
        yield f"  zipped     {_moved(row.before.zipped_bytes, row.after.zipped_bytes)}"
    yield f"  files      {row.before.files:,} → {row.after.files:,}"
    if row.import_us:
        yield f"  import     {show_time(row.import_us[0])} → {show_time(row.import_us[1])}"
    yield from (f"  {line}" for line in row.changed)
    shown = [one for one in row.files if abs(one.delta) >= least]
    if shown:
        yield f"  files that changed: {_counts(row.files)}"
        cut_at = top or len(shown)
        yield from (f"    {_file(one)}" for one in shown[:cut_at])
        if len(shown) > cut_at:
            yield f"    … {len(shown) - cut_at} more   --top 0 = all"
    elif not row.changed:
        yield "  no difference" if not row.files else f"  {_counts(row.files)}, each below the threshold"


def _moved(before: int, after: int) -> str:
    delta = after - before
    share = f", {delta / before:+.0%}".replace("-", "−").replace("%", " %") if before else ""
    return f"{show_size(before)} → {show_size(after)}   {_signed(delta)}{share}"


def _signed(delta: int) -> str:
    return f"{'+' if delta >= 0 else '−'}{show_size(abs(delta))}"


def _counts(files: Sequence[FileChange]) -> str:
    come = sum(one.before is None for one in files)
    gone = sum(one.after is None for one in files)
    return f"{come} added, {gone} removed, {len(files) - come - gone} of another size"


def _file(one: FileChange) -> str:
    sign = "+" if one.before is None else "−" if one.after is None else "~"
    return f"{sign} {one.path}   {_signed(one.delta)}"


def difference_markdown(rows: Sequence[PackageDifference]) -> str:
    """A table of functions, and the changes of each folded away."""
    lines = ["| function | unzipped | zipped | files |", "|:--|--:|--:|--:|"]
    for row in rows:
        if row.before is None or row.after is None:
            lines.append(f"| {escape(row.name)} | {'gone' if row.after is None else 'new'} | | |")
            continue
        sizes = _moved(row.before.unzipped_bytes, row.after.unzipped_bytes)
        zipped = _moved(row.before.zipped_bytes, row.after.zipped_bytes)
        lines.append(f"| {escape(row.name)} | {sizes} | {zipped} | {row.before.files:,} → {row.after.files:,} |")
    for row in rows:
        if row.changed or row.files:
            told = [*row.changed, *(_file(one) for one in row.files[:_TOP])]
            lines += ["", f"<details><summary>{escape(row.name)}</summary>", "", "```diff"]
            lines += [line.replace("`", "'").replace("−", "-", 1) for line in told]
            lines += ["```", "</details>"]
    return cut("\n".join(lines) + "\n")


def difference_json(rows: Sequence[PackageDifference]) -> str:
    """The records as they are: bytes, microseconds, paths in the package."""
    return json.dumps({"functions": [asdict(row) for row in rows]}, indent=1, ensure_ascii=False) + "\n"
