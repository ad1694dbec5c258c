"""Puts tables into TOML text; every other byte stays as it is."""

import copy
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Block:
    """A table's lines.

    Attributes:
        table: Its dotted name, as it is written; "" for keys that belong to none.
        lines: `key = value`, as they are written.
        comment: A line above it, without `#`.
    """

    table: str
    lines: tuple[str, ...]
    comment: str = ""


def insert_tables(text: str, blocks: Iterable[Block], beside: str = "") -> str | None:
    """The text with more tables and keys, or None where they cannot be put in as text.

    Args:
        text: A TOML document.
        blocks: The tables; none of their keys may be there already.
        beside: The last table of this name (or below it) that there is, is what new ones are put after; else the end.
    """
    blocks = tuple(blocks)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    bare = text.removeprefix(mark)
    rows = re.findall(r"[^\n]*\n|[^\n]+", bare)
    for place in dict.fromkeys((_after(rows, beside), len(rows))):
        made = _put(rows, place, blocks, "\r\n" if "\r\n" in text else "\n")
        if _as_meant(bare, made, blocks):
            return mark + made
    return None


def _heads(rows: list[str]) -> list[tuple[int, str]]:
    return [(number, found[1]) for number, row in enumerate(rows) if (found := _HEADER.match(row.rstrip("\r\n")))]


def _after(rows: list[str], beside: str) -> int:
    """The row behind the last table of a name; comments above the next table are that one's."""
    heads = _heads(rows)
    own = [number for number, name in heads if name == beside or name.startswith(f"{beside}.")]
    if not beside or not own:
        return len(rows)
    end = next((number for number, _ in heads if number > own[-1]), len(rows))
    while not rows[end - 1].strip() or rows[end - 1].lstrip().startswith("#"):
        end -= 1
    return end


def _put(rows: list[str], place: int, blocks: tuple[Block, ...], newline: str) -> str:
    """The rows, with keys of tables that are there behind their headers and new tables at a place."""
    known = {name: number for number, name in _heads(rows)}
    extra = dict.fromkeys(range(len(rows) + 1), "")
    fresh = ""
    for block in blocks:
        body = "".join(f"{line}{newline}" for line in block.lines)
        if not block.table or block.table in known:
            extra[known[block.table] + 1 if block.table else 0] += body
        else:
            comment = f"# {block.comment}{newline}" if block.comment else ""
            fresh += f"{newline}{comment}[{block.table}]{newline}{body}"
    ended = (
        [*rows[:-1], rows[-1] if rows[-1].endswith("\n") or place < len(rows) else rows[-1] + newline] if rows else []
    )
    if not place or not ended[place - 1].strip():
        fresh = fresh.removeprefix(newline)
    extra[place] += fresh
    return "".join(extra[number] + row for number, row in enumerate([*ended, ""]))


def _as_meant(before: str, after: str, blocks: tuple[Block, ...]) -> bool:
    try:
        wanted = copy.deepcopy(tomllib.loads(before))
        for block in blocks:
            head = f"[{block.table}]\n" if block.table else ""
            _merge(wanted, tomllib.loads(head + "\n".join(block.lines)))
        return tomllib.loads(after) == wanted
    except (tomllib.TOMLDecodeError, TypeError):
        return False


def _merge(table: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if key not in table:
            table[key] = value
        elif isinstance(table[key], dict) and isinstance(value, dict):
            _merge(table[key], value)
        else:
            raise TypeError(key)
