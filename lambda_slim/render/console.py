"""Text that looks the same everywhere: 100 columns without a terminal, ASCII without UTF-8."""

import io
import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

_NARROWEST = 60
_DEFAULT = 100


@dataclass(frozen=True, slots=True)
class Look:
    """How text may look.

    Attributes:
        width: Columns.
        colour: Whether escape sequences are understood.
        unicode: Whether more than ASCII can be written.
    """

    width: int = _DEFAULT
    colour: bool = False
    unicode: bool = True

    def bar(self, share: float, width: int) -> str:
        """A bar that is `share` (0 to 1) full."""
        full = min(width, max(0, round(share * width)))
        if not full and share > 0:
            full = 1
        return ("█" * full if self.unicode else "#" * full).ljust(width, "░" if self.unicode else ".")

    def plain(self, text: str) -> str:
        """The text in what can be written."""
        if self.unicode:
            return text
        for fancy, simple in (
            ("→", "->"),
            ("·", "-"),
            ("…", "..."),
            ("−", "-"),
            ("✓", "ok"),
            ("✗", "x"),
            ("─", "-"),
            ("×", "x"),
            ("µ", "u"),
        ):
            text = text.replace(fancy, simple)
        return text.encode("ascii", "replace").decode()


def look_of_stdout() -> Look:
    """What standard output can show: NO_COLOR and TERM=dumb are heeded, FORCE_COLOR too."""
    tty = sys.stdout.isatty()
    width = (
        shutil.get_terminal_size((_DEFAULT, 40)).columns
        if tty
        else int(os.environ.get("COLUMNS", _DEFAULT) or _DEFAULT)
    )
    colour = (
        (tty or bool(os.environ.get("FORCE_COLOR")))
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return Look(max(_NARROWEST, width), colour, encoding.startswith("utf"))


def rendered(draw: object, look: Look) -> str:
    """What rich makes of renderables, as text."""
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=look.width,
        force_terminal=look.colour,
        color_system="standard" if look.colour else None,
        highlight=False,
        soft_wrap=False,
        legacy_windows=False,
    )
    console.print(draw)
    return look.plain("\n".join(line.rstrip() for line in buffer.getvalue().splitlines())) + "\n"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], look: Look, *, right: Sequence[int]) -> list[str]:
    """Columns as wide as they must be; the last is folded into what is left of the terminal."""
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head) - 1)]
    indent = 2 + sum(widths) + 2 * len(widths)
    lines = []
    for row in (head, *rows):
        cells = [cell.rjust(widths[n]) if n in right else cell.ljust(widths[n]) for n, cell in enumerate(row[:-1])]
        lines.append("  " + "  ".join(cells) + "  " + fold(indent, row[-1], look))
    return [look.plain(line.rstrip() + "\n") for line in lines]


def fold(indent: int, text: str, look: Look) -> str:
    """Text folded at the terminal's width, its continuation indented."""
    lines = textwrap.wrap(text, max(20, look.width - indent), break_on_hyphens=False) or [""]
    return look.plain(("\n" + " " * indent).join(lines) + "\n")
