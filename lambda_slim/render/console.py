"""Text that looks the same everywhere: 100 columns without a terminal, ASCII without UTF-8."""

import itertools
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lambda_slim.base.text import in_ascii

STYLES = {"bold": "1", "dim": "2", "error": "31", "warning": "33", "good": "32", "info": "36"}
_LABEL = 13  # columns before the text of a labelled row
_NARROWEST = 60
# A command is copied, and a figure is read with its unit: both stay on one line.
_WHOLE = re.compile(r"\blambda-slim [a-z]+(?: [^\s,;:]+){0,3}|\d (?:[KMGT]iB|B|ms|µs|s|%)(?!\w)")
_JOINED = "\N{NO-BREAK SPACE}"
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
        return in_ascii(text)


def look_of_stdout() -> Look:
    """What standard output can show: NO_COLOR and TERM=dumb are heeded, FORCE_COLOR too."""
    tty = sys.stdout.isatty()
    columns = int(os.environ.get("COLUMNS", _DEFAULT) or _DEFAULT)
    width = shutil.get_terminal_size((_DEFAULT, 40)).columns if tty else columns
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return Look(max(_NARROWEST, width), _colours(tty=tty), encoding.startswith("utf"))


def _colours(*, tty: bool) -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return tty or bool(os.environ.get("FORCE_COLOR"))


def fold(indent: int, text: str, look: Look, style: str = "") -> str:
    """Text folded at the terminal's width, its continuation indented; ends the line. See `wrapped`."""
    lines = wrapped(text, max(20, look.width - indent)) or [""]
    return look.plain(("\n" + " " * indent).join(look.paint(line, style) for line in lines) + "\n")


def wrapped(text: str, width: int, *, indent: str = "") -> list[str]:
    """Lines of at most `width` columns, none of which ends inside a command or between a figure and its unit.

    Args:
        text: One line, whose first spaces stay.
        width: Columns.
        indent: What the second line and all others begin with.
    """
    whole = _WHOLE.sub(lambda match: match[0].replace(" ", _JOINED), text)
    lines = textwrap.wrap(whole, width, break_on_hyphens=False, subsequent_indent=indent)
    return [line.replace(_JOINED, " ") for line in lines]


def labelled(label: str, text: str, look: Look, style: str = "") -> str:
    """A row of the report: a label, and text folded behind it."""
    return look.plain(f"  {label:<{_LABEL - 2}}") + fold(_LABEL, text, look, style)


@dataclass(frozen=True, slots=True)
class GridStyle:
    """How a table looks.

    Attributes:
        right: Numbers of the columns that are flush right.
        cut: Whether the last column is cut with an ellipsis rather than folded.
        rows: Styles, one a row, for its first cell.
    """

    right: Collection[int] = ()
    cut: bool = False
    rows: Sequence[str] = ()


_PLAIN = GridStyle()


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], look: Look, style: GridStyle = _PLAIN) -> list[str]:
    """Lines of a table indented by two; columns are as wide as they must be, the last has what is left of the line.

    Args:
        head: Names of the columns.
        rows: Cells.
        look: Of the terminal.
        style: How the table looks.
    """
    cells = _plain_cells(head, rows, look)
    widths = _widths(cells)
    indent = _indent(widths)
    styles = ["", *style.rows] if style.rows else [""] * len(cells)
    lines = []
    for number, (row, paint) in enumerate(zip(cells, styles, strict=True)):
        start = _start(row[:-1], widths, style.right, look, paint)
        end = _shortened(row[-1], look.width - indent, look) if style.cut else row[-1]
        lines.append(_line(start, end, indent, look) if number else _head_line(start + end, look))
    return lines


def grid_width(head: Sequence[str], rows: Sequence[Sequence[str]], look: Look) -> int:
    """Columns that a table takes where no word of its last column is broken."""
    cells = _plain_cells(head, rows, look)
    words = itertools.chain.from_iterable(row[-1].split() for row in cells)
    return _indent(_widths(cells)) + max(map(len, words), default=0)


def _plain_cells(head: Sequence[str], rows: Sequence[Sequence[str]], look: Look) -> list[list[str]]:
    """The names of the columns and the rows below them, in what can be written."""
    return [[*map(look.plain, row)] for row in (head, *rows)]


def _widths(cells: Sequence[Sequence[str]]) -> list[int]:
    """Columns of all cells of a row but the last."""
    return [max(map(len, column)) for column in zip(*(row[:-1] for row in cells), strict=True)]


def _indent(widths: Sequence[int]) -> int:
    return 2 + sum(widths) + 2 * len(widths)


def _start(row: Sequence[str], widths: Sequence[int], right: Collection[int], look: Look, style: str) -> str:
    """All cells of a row but the last, the first one painted."""
    cells = []
    for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
        cells.append(cell.rjust(width) if number in right else cell.ljust(width))
    first, *others = cells
    return "  ".join(("", look.paint(first, style), *others, ""))


def _shortened(text: str, room: int, look: Look) -> str:
    if len(text) <= room:
        return text
    more = look.plain("…")
    return text[: max(0, room - len(more))] + more if room > 0 else ""


def _head_line(text: str, look: Look) -> str:
    return look.plain(look.paint(text.rstrip(), "dim") + "\n")


def _line(start: str, end: str, indent: int, look: Look) -> str:
    return look.plain(start) + fold(indent, end, look) if end else look.plain(start.rstrip() + "\n")
