"""Prices as text and JSON."""

import json
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from lambda_slim.base.text import shown_all
from lambda_slim.base.units import plural, show_added, show_size, show_time
from lambda_slim.model.price import Price
from lambda_slim.render.console import Look

_LABEL, _COLUMN = 12, 14


def render_prices(prices: Sequence[Price], failed: Sequence[tuple[str, str]], look: Look) -> str:
    """A block a price; several of one function are also set side by side, cheapest first.

    Args:
        prices: What could be priced.
        failed: (requirement, why) of what could not.
        look: How text may look.
    """
    prices = [*map(shown_all, prices)]
    lines: list[str] = []
    for price in prices:
        lines += [*_block(price, look), ""]
    for function in dict.fromkeys(price.function for price in prices):
        rows = [price for price in prices if price.function == function]
        if len(rows) > 1:
            lines += [*_table(function, rows), ""]
    for requirement, why in failed:
        lines += [f"{requirement}: {why}", ""]
    return look.plain("\n".join(lines[:-1])) + "\n"


def _block(price: Price, look: Look) -> Iterable[str]:
    name = price.requirement if price.version in price.requirement else f"{price.requirement} {price.version}"
    yield f"{name} in {price.function} ({price.target})"
    yield f"  {'':<{_LABEL}}{'HERE':>{_COLUMN}}{'ALONE':>{_COLUMN}}"
    here, alone = price.here, price.alone
    yield _row("unzipped", show_added(here.sizes.unzipped_bytes), show_size(alone.sizes.unzipped_bytes))
    yield _row("zipped", show_added(here.sizes.zipped_bytes), show_size(alone.sizes.zipped_bytes))
    if here.import_us is not None or alone.import_us is not None:
        yield _row("import", _time(here.import_us, "+"), _time(alone.import_us)) + f"   import {price.module}"
    if price.note:
        yield from _wrapped("note", price.note, look)
    yield from _wrapped("new", _list(here.distributions), look)
    if price.shared:
        yield from _wrapped("shared", _list(price.shared), look)
    if price.changed:
        yield from _wrapped("changes", ", ".join(price.changed), look)
    elif price.unpinned:
        yield from _wrapped("note", "it does not fit the present versions; all were resolved again", look)


def _row(label: str, here: str, alone: str) -> str:
    return f"  {label:<{_LABEL}}{here:>{_COLUMN}}{alone:>{_COLUMN}}"


def _time(value: int | None, sign: str = "") -> str:
    return "?" if value is None else f"{sign}{show_time(value)}"


def _list(names: Sequence[str]) -> str:
    count = plural(len(names), "distribution")
    return f"{count}: {', '.join(names)}" if names else "nothing: it is here already"


def _wrapped(label: str, text: str, look: Look) -> Iterable[str]:
    indent = " " * (_LABEL + 2)
    lines = textwrap.wrap(text, look.width - len(indent)) or [""]
    yield f"  {label:<{_LABEL}}{lines[0]}"
    yield from (f"{indent}{line}" for line in lines[1:])


def _table(function: str, prices: Sequence[Price]) -> Iterable[str]:
    rows = sorted(prices, key=lambda price: price.here.sizes.unzipped_bytes)
    width = max(len(price.requirement) for price in rows) + 2
    yield f"side by side in {function}"
    yield f"  {'':<{width}}{'UNZIPPED':>{_COLUMN}}{'ZIPPED':>{_COLUMN}}{'IMPORT':>{_COLUMN}}{'NEW':>6}"
    for price in rows:
        here = price.here.sizes
        sizes = f"{show_added(here.unzipped_bytes):>{_COLUMN}}{show_added(here.zipped_bytes):>{_COLUMN}}"
        spent = f"{_time(price.here.import_us, '+'):>{_COLUMN}}{len(price.here.distributions):>6}"
        yield f"  {price.requirement:<{width}}{sizes}{spent}"


def prices_json(prices: Sequence[Price], failed: Sequence[tuple[str, str]]) -> str:
    """The records as they are: bytes and microseconds."""
    table = {"prices": [asdict(price) for price in prices], "failed": [{"requirement": r, "why": w} for r, w in failed]}
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"
