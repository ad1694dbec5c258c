"""The report of `slim`: one line for each package, and how to undo it."""

import re
from collections.abc import Iterator, Sequence

from lambda_slim.base.text import shown, shown_all
from lambda_slim.base.units import plural, show_size, show_time
from lambda_slim.model.slimmed import SlimRow
from lambda_slim.render.console import GridStyle, Look, fold, grid

_HASH = re.compile(r"([0-9a-f]{12})[0-9a-f]{52}")  # as CDK calls assets
_WORDS = {
    "slimmed": "slimmed",
    "already": "slim already",
    "would": "would be slimmed",
    "left": "left alone",
    "failed": "FAILED",
    "undone": "as before",
}


def render_slimmed(rows: Sequence[SlimRow], others: Sequence[tuple[str, str]], look: Look) -> str:
    """Packages with their bytes before and after, what is left alone, and a line that sums up.

    Args:
        rows: The result of each package.
        others: (function, why) of those that are in no package that is looked at.
        look: How text may look.
    """
    rows = [shown_all(row) for row in rows]
    table = [(", ".join(row.functions), _HASH.sub(r"\1…", row.path), *_sizes(row), _WORDS[row.status]) for row in rows]
    heads = ("FUNCTION", "PACKAGE", "UNZIPPED", "ZIP", "")
    lines = grid(heads, table, look, GridStyle(right=(2, 3))) if rows else []
    told = [*map(look.plain, _told(rows, others, look)), *_bytecode(rows, look)]
    return "".join([*lines, *told, "\n", look.plain(render_summary(rows))])


def _sizes(row: SlimRow) -> tuple[str, str]:
    sizes = row.sizes
    if not sizes.unzipped_before or row.status in ("left", "failed", "undone"):
        return "", ""
    zipped = show_size(sizes.zipped) if sizes.zipped else ""
    if sizes.zipped_before and sizes.zipped:
        zipped = f"{show_size(sizes.zipped_before)} → {zipped}"
    return f"{show_size(sizes.unzipped_before)} → {show_size(sizes.unzipped)}", zipped


def _bytecode(rows: Sequence[SlimRow], look: Look) -> Iterator[str]:
    """What packages that are larger than they were have for it."""
    for row in rows:
        if gain := row.gain:
            times = f"{show_time(gain.before_us)} → {show_time(gain.after_us)} of CPU here"
            what = "INIT" if gain.init else "compiling what INIT imports, and loading its bytecode:"
            text = f"zip {show_size(gain.larger)} larger with bytecode; {what} {times} (--bytecode none: without)"
            yield f"  {', '.join(row.functions)}: " + fold(4, text, look, "dim")


def _told(rows: Sequence[SlimRow], others: Sequence[tuple[str, str]], look: Look) -> Iterator[str]:
    for row in rows:
        if row.why:
            name = f"{', '.join(row.functions)}: "
            yield f"  {name}" + fold(4, row.why.removeprefix(name), look)
    for name, why in others:
        yield f"  {shown(name)}: left alone: " + fold(4, shown(why), look)


def render_summary(rows: Sequence[SlimRow]) -> str:
    """The number of packages by outcome."""
    counts = ((sum(row.status == status for row in rows), words) for status, words in _WORDS.items())
    parts = [f"{plural(count, 'package')} {words}" for count, words in counts if count]
    return "  " + (", ".join(parts) or "nothing to slim") + "\n"
