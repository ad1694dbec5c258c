"""Bytes and times: how they are read from settings and shown to people."""

import re
from collections.abc import Callable

SIZES = {
    "b": 1,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "kib": 1024,
    "mib": 1024**2,
    "gib": 1024**3,
}
TIMES = {"us": 1, "µs": 1, "ms": 1000, "s": 1_000_000}
_NUMBER = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*([A-Za-zµ]+)\s*\Z")


def _parse(text: str, units: dict[str, int], kind: str) -> int:
    match = _NUMBER.match(text)
    if not match or match[2].lower() not in units:
        known = ", ".join(units)
        msg = f"`{text}` is not a {kind}: give a number and a unit ({known})"
        raise ValueError(msg)
    return round(float(match[1]) * units[match[2].lower()])


def parse_size(text: str) -> int:
    """Bytes of a size with a unit.

    >>> parse_size("60 MiB")
    62914560

    Raises:
        ValueError: no unit, a negative number, or an unknown unit.
    """
    return _parse(text, SIZES, "size")


def parse_time(text: str) -> int:
    """Microseconds of a time with a unit: `parse_time("380 ms")` is 380000. It fails as `parse_size` does."""
    return _parse(text, TIMES, "time")


def parse_percent(text: str) -> float:
    """A share in percent, 0 or more.

    >>> parse_percent("2.5 %")
    2.5

    Raises:
        ValueError: no percent sign, a negative number, or no number.
    """
    number = text.strip().removesuffix("%").strip()
    if not text.strip().endswith("%") or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", number):
        msg = f"`{text}` is not a share: give a number, 0 or more, and `%`"
        raise ValueError(msg)
    return float(number)


def show_size(size: float) -> str:
    """Bytes in binary units with one decimal, as `humanize` writes them: `41.4 MiB`."""
    from humanize import naturalsize

    return naturalsize(size, binary=True, format="%.1f").replace("Bytes", "B").replace("Byte", "B")


def show_added(delta: int, show: Callable[[int], str] = show_size) -> str:
    """A difference with its sign, in bytes if nothing else is said: `+1.2 MiB`, `−3.0 KiB`."""
    return f"{'+' if delta >= 0 else '−'}{show(abs(delta))}"


def show_both(before: float, after: float, show: Callable[[float], str]) -> str:
    """A figure before and after, `1.4 s → 198 ms`; the second alone where the first is not known, which 0 says."""
    return f"{show(before)} → {show(after)}" if before else show(after)


def show_less(size: int, microseconds: int) -> list[str]:
    """What is saved, `−1.2 MiB` and `−3 ms`, without what is nothing."""
    saved = ((size, show_size), (microseconds, show_time))
    return [f"−{show(value)}" for value, show in saved if value]


def show_time(microseconds: float) -> str:
    """A time to the precision that a person reads: `1.4 s`, `198 ms`, `0.6 ms`."""
    ms = microseconds / 1000
    if abs(ms) >= 10_000:
        return f"{ms / 1000:.0f} s"
    if abs(ms) >= 1000:
        return f"{ms / 1000:.1f} s"
    return f"{ms:.0f} ms" if abs(ms) >= 1 or not ms else f"{ms:.1f} ms"


def show_percent(before: float, after: float) -> str:
    """How far apart two figures are in per cent of the first: never 0 where they differ, never 100 where some is left.

    >>> show_percent(100, 21), show_percent(10_000, 7), show_percent(10_000, 9_999)
    ('79', '99.9', '<0.1')
    """
    share = 100 * abs(after - before) / max(1, before)
    if before == after or 1 <= share <= 99 or share > 100 or not after:
        return f"{share:.0f}"
    return "<0.1" if share < 0.1 else "99.9" if share > 99.9 else f"{share:.1f}"


def show_change(before: float, after: float) -> str:
    """What became of a figure: `79 % less`, `2 % more`, `3.4 times as large`, `no change`."""
    if before == after:
        return "no change"
    if after > 2 * before > 0:
        return f"{after / before:.1f} times as large"
    return f"{show_percent(before, after)} % {'less' if after < before else 'more'}"


def show_share(before: float, after: float) -> str:
    """The same with a sign: `−79 %`, `+2 %`, `±0 %`."""
    sign = "±" if before == after else "−" if after < before else "+"
    return f"{sign}{show_percent(before, after)} %"


def show_count(count: int) -> str:
    """A count as every report shows it: `2,406`."""
    return f"{count:,}"


def verb(count: int, plain: str) -> str:
    """A verb after its count: `holds` of one, `hold` of others."""
    return f"{plain}s" if count == 1 else plain


def plural(count: int, noun: str) -> str:
    """A count with its noun.

    >>> plural(1, "module"), plural(1200, "file"), plural(2, "library"), plural(2, "day")
    ('1 module', '1,200 files', '2 libraries', '2 days')
    """
    if count == 1:
        return f"1 {noun}"
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{show_count(count)} {many}"
