"""What several functions have in common, as text."""

from collections.abc import Iterable, Sequence

from lambda_slim.base.rows import total_bytes
from lambda_slim.base.text import some_of
from lambda_slim.base.units import show_size
from lambda_slim.model.sharing import LayerProposal, PartlyUsed, Sharing, Split
from lambda_slim.render.console import GridStyle, Look, fold, grid

_TOP = 10


def sharing_text(sharing: Sharing, look: Look) -> list[str]:
    """Tables of what only some functions use, of what a split would save, and the proposal of a layer."""
    lines: list[str] = []
    if sharing.partly_used:
        rows = [(label(row), show_size(row.bytes), names(row.used_by), names(row.unused_by)) for row in most(sharing)]
        rest = sharing.partly_used[_TOP:]
        if rest:
            rows.append((f"… {len(rest)} smaller", show_size(total_bytes(rest)), "", "--json has all"))
        lines += grid(("USED BY SOME ONLY", "BYTES", "USED BY", "UNUSED IN"), rows, look, GridStyle(right=(1,)))
        lines.append("\n")
    if splits := saving(sharing.splits):
        cells = [(split.function, full_share(split), slim_share(split)) for split in splits]
        lines += [*grid(("A SPLIT WOULD SAVE", "OF THE FULL PACKAGE", "OF THE SLIM PACKAGE"), cells, look), "\n"]
    if sharing.layer:
        lines += ["  " + fold(2, line, look) for line in layer_lines(sharing.layer)] + ["\n"]
    return [look.plain(line) for line in lines]


def layer_lines(layer: LayerProposal) -> tuple[str, ...]:
    """What a shared layer would have in it, save and cost."""
    saved, count = show_size(layer.apart_zipped_bytes - layer.zipped_bytes), len(layer.functions)
    name, added = layer.most_added
    what = f"A shared layer would pay for {', '.join(layer.functions)} ({layer.target})"
    sizes = f"It has {show_size(layer.zipped_bytes)} zipped in place of {show_size(layer.apart_zipped_bytes)}"
    gain = f"{saved} less to upload and to store with every deployment, all of it where only your code changed"
    cost = (
        f"It costs {name} {show_size(added)} that it does not use" if added else "No function gets what it does not use"
    )
    return (
        f"{what}: {', '.join(layer.distributions)}.",
        f"{sizes} in {count} zips: {gain}.",
        f"{cost}. Cold starts stay as they are.",
    )


def most(sharing: Sharing) -> Sequence[PartlyUsed]:
    """The largest of what only some functions use."""
    return sharing.partly_used[:_TOP]


def saving(splits: Iterable[Split]) -> list[Split]:
    """The functions that a split would save something, most first."""
    return sorted(filter(_saves, splits), key=lambda split: (-split.saves_bytes, split.function))


def _saves(split: Split) -> bool:
    return split.saves_bytes > 0


def full_share(split: Split) -> str:
    """What a split would save of the full package."""
    return f"{show_size(split.saves_bytes)} of {show_size(split.of_bytes)}"


def slim_share(split: Split) -> str:
    """What it would save of the slim package."""
    saved = show_size(split.slim_saves_bytes) if split.slim_saves_bytes else "nothing"
    return f"{saved} of {show_size(split.slim_bytes)}"


def label(row: PartlyUsed) -> str:
    """A distribution and its version, or first-party code."""
    return f"{row.name} {row.version}".rstrip()


def names(functions: Sequence[str]) -> str:
    """Functions, three of them by name."""
    return some_of(functions, 3)
