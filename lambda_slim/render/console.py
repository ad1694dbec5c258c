"""Text that looks the same everywhere: 100 columns without a terminal, ASCII without UTF-8."""

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

STYLES = {"bold": "1", "dim": "2", "error": "31", "warning": "33", "good": "32", "info": "36"}
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

    def paint(self, text: str, style: str) -> str:
        """The text in one of `STYLES`, where the terminal has colours."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.colour and style and text else text

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
            ("±", "+-"),
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


def fold(indent: int, text: str, look: Look, style: str = "") -> str:
    """Text folded at the terminal's width, its continuation indented; ends the line."""
    lines = textwrap.wrap(text, max(20, look.width - indent), break_on_hyphens=False) or [""]
    return look.plain(("\n" + " " * indent).join(look.paint(line, style) for line in lines) + "\n")


def grid(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    look: Look,
    *,
    right: Sequence[int] = (),
    cut: bool = False,
    styles: Sequence[str] = (),
) -> list[str]:
    """Lines of a table indented by two; columns are as wide as they must be, the last has what is left of the line.

    Args:
        head: Names of the columns.
        rows: Cells.
        look: Of the terminal.
        right: Numbers of the columns that are flush right.
        cut: Whether the last column is cut with an ellipsis rather than folded.
        styles: One a row, for its first cell.
    """
    last = len(head) - 1
    head, rows = list(map(look.plain, head)), [list(map(look.plain, row)) for row in rows]
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(last)]
    indent = 2 + sum(widths) + 2 * len(widths)
    lines = []
    for number, row in enumerate((head, *rows)):
        cells = [cell.rjust(widths[n]) if n in right else cell.ljust(widths[n]) for n, cell in enumerate(row[:-1])]
        if number and styles:
            cells[0] = look.paint(cells[0], styles[number - 1])
        start, end = "  " + "".join(f"{cell}  " for cell in cells), row[-1]
        if cut and indent + len(end) > look.width:
            more = look.plain("…")
            end = end[: max(0, look.width - indent - len(more))] + more if look.width > indent else ""
        if number == 0:
            lines.append(look.plain(look.paint((start + end).rstrip(), "dim") + "\n"))
        else:
            lines.append(look.plain(start.rstrip() + "\n") if not end else look.plain(start) + fold(indent, end, look))
    return lines
