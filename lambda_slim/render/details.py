"""Kinds of bytes beside the lines that INIT's time goes to, then folders and duplicates, as text."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from lambda_slim.base.units import plural, show_size, show_time
from lambda_slim.model.report import FunctionReport
from lambda_slim.render.console import Look, fold
from lambda_slim.render.init_lines import InitLine, lines_of
from lambda_slim.render.sizes import NARROW

_NEWS = 100  # microseconds below which a line is not worth a line
_HALF = 42  # columns of the left of two tables side by side
_KINDS, _FOLDERS = 7, 5  # that have a line, or a name


def details(function: FunctionReport, look: Look) -> list[str]:
    """Kinds of bytes beside the lines that INIT's time goes to, then folders and duplicates."""
    lines = _side_by_side(_kinds(function, look), _slowest(function, look), look)
    if not lines:
        return []
    lines[0] = look.paint(lines[0], "dim")
    return [*(look.plain(line + "\n") for line in lines), "\n", *_small(function, look)]


def _side_by_side(left: list[str], right: list[str], look: Look) -> list[str]:
    """Two blocks beside each other where the terminal is wide enough, else one below the other."""
    if not (left and right):
        return [*left, *right]
    if look.width < NARROW:
        return [*left, "", *right]
    pairs = zip_longest((line.ljust(_HALF) for line in left), right, fillvalue=" " * _HALF)
    return [f"{first}  {second}".rstrip() for first, second in pairs]


def _kinds(function: FunctionReport, look: Look) -> list[str]:
    total = _sum_of(function.by_kind)
    if not total:
        return []
    rest = function.by_kind[_KINDS:]
    rows = [*function.by_kind[:_KINDS], (f"{len(rest)} more kinds", _sum_of(rest))]
    lines = [f"  {kind:<17}{show_size(size):>10}  {look.bar(size / total, 10)}" for kind, size in rows if size]
    return ["  WHAT THE BYTES ARE", *lines]


def _sum_of(rows: Sequence[tuple[str, int]]) -> int:
    return sum(size for _, size in rows)


def _slowest(function: FunctionReport, look: Look, top: int = 7) -> list[str]:
    """The project's lines by the time that INIT spends in them, with what they call or import."""
    lines = _worth_a_line(function)
    if not lines:
        return []
    wide = look.width >= NARROW
    left = _HALF + 2 if wide else 2
    width = look.width - left - 10
    texts = ["WHERE INIT'S TIME GOES (the first importer pays)"]
    texts += [_init_line(line, width, look) for line in lines[:top]]
    if rest := lines[top:]:
        texts.append(f"{show_time(sum(line.us for line in rest)):>8}  {len(rest)} more lines")
    margin = "" if wide and function.by_kind else "  "
    return [margin + text for text in texts]


def _worth_a_line(function: FunctionReport) -> list[InitLine]:
    """The lines that INIT spends time in, slowest first."""
    if function.imports is None:
        return []
    lines = [line for line in lines_of(function.imports) if line.us >= _NEWS]
    return sorted(lines, key=lambda line: (-line.us, line.what))


def _init_line(line: InitLine, width: int, look: Look) -> str:
    room = max(12, width - len(line.place) - 2)
    return f"{show_time(line.us):>8}  {_cut(line.what, room, look):<{room}}  {line.place}"


def _cut(text: str, room: int, look: Look) -> str:
    label, more = look.plain(text), look.plain("…")
    if len(label) <= room:
        return label
    return label[: room - len(more)] + more


def _small(function: FunctionReport, look: Look) -> list[str]:
    lines = ["  " + fold(2, text, look, "dim") for text in _remarks(function)]
    return [*lines, "\n"] if lines else []


def _remarks(function: FunctionReport) -> Iterator[str]:
    """Folders of first-party code, where there are several, and content that ships twice."""
    folders = [(name, size) for name, size in function.by_folder if size]
    if len(folders) > 1:
        named = {".": "beside them"}
        shown = [f"{named.get(name, name)} {show_size(size)}" for name, size in folders[:_FOLDERS]]
        if more := folders[_FOLDERS:]:
            shown.append(f"{len(more)} more")
        yield "your folders: " + " · ".join(shown)
    if function.duplicates:
        wasted = sum(size * (len(paths) - 1) for _, size, paths in function.duplicates)
        first = function.duplicates[0][2][0]
        yield f"same content twice: {show_size(wasted)} in {plural(len(function.duplicates), 'group')}, e.g. {first}"
