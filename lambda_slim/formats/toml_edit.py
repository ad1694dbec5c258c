"""Changes to a TOML file that leave comments, order, quotes and line ends as they are, through tomlkit."""

import copy
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from lambda_slim.base.text import clause

_MARK = "\ufeff"  # the byte order mark that some editors write
_LONE_END = re.compile(r"(?<!\r)\n")


@dataclass(frozen=True, slots=True)
class Block:
    """Keys to put into a table.

    Attributes:
        table: Its dotted name, as it is written; "" for keys that belong to none.
        lines: `key = value`, as they are written.
        comment: A line above a table that is made, without `#`.
    """

    table: str
    lines: tuple[str, ...]
    comment: str = ""


def append_to_list(text: str, table: str, key: str, values: Sequence[str]) -> str:
    """The text with values added to the list `key` of a table (dotted, "" for the top), which is made where it is not.

    A string becomes a list with the string in it.

    Raises:
        ValueError: it is not TOML, or the table or list is something else.
    """
    import tomlkit

    def edit(document: Any) -> None:
        place = _found(document, _parts(table))
        old = place.get(key)
        if old is None:
            _fill(document, _parts(table), {key: tomlkit.item(list(values))})
        elif isinstance(old, str):
            place[key] = [old, *values]
        else:
            old.extend(values)

    def meant(document: dict[str, Any]) -> None:
        place = _plain_table(document, _parts(table))
        old = place.get(key, [])
        place[key] = [*([old] if isinstance(old, str) else old), *values]

    try:
        return _edited(text, edit, meant, replaces=True)
    except ValueError:
        made = _appended(text, [Block(table, (f"{key} = {json.dumps(list(values))}",))], meant) if table else None
        if made is None:
            raise
        return made


def insert_tables(text: str, blocks: Iterable[Block]) -> str | None:
    """The text with more tables and keys; None where one is there already, or has no place.

    Args:
        text: A TOML document.
        blocks: The keys, and the tables that they belong to, which are made where they are not.
    """
    rows = tuple(blocks)

    def edit(document: Any) -> None:
        for block in rows:
            _insert(document, block)

    def meant(document: dict[str, Any]) -> None:
        for block in rows:
            _plain_table(document, _parts(block.table)).update(tomllib.loads("\n".join(block.lines)))

    try:
        return _edited(text, edit, meant)
    except ValueError:
        return _appended(text, rows, meant)


def _appended(text: str, blocks: Sequence[Block], meant: Callable[[dict[str, Any]], None]) -> str | None:
    """The text with new tables at its end, as tomlkit cannot add to a table in several parts; None if it is wrong."""
    end = "\r\n" if "\r\n" in text else "\n"
    made = text if not text or text.endswith("\n") else text + end
    for block in blocks:
        head = [f"# {block.comment}"] if block.comment else []
        made += end + "".join(f"{line}{end}" for line in (*head, f"[{block.table}]", *block.lines))
    try:
        wanted = tomllib.loads(text.removeprefix(_MARK))
        meant(wanted)
        return made if tomllib.loads(made.removeprefix(_MARK)) == wanted else None
    except (tomllib.TOMLDecodeError, TypeError, AttributeError):
        return None


def _edited(
    text: str, edit: Callable[[Any], None], meant: Callable[[dict[str, Any]], None], *, replaces: bool = False
) -> str:
    """The text after an edit, which is checked against what it should mean.

    Raises:
        ValueError: it is not TOML, or the edit cannot be made or means something else.
    """
    import tomlkit

    bare = text.removeprefix(_MARK)
    wanted = copy.deepcopy(tomllib.loads(bare))
    try:
        meant(wanted)
        document = tomlkit.parse(bare)
        edit(document)
        changed = tomlkit.dumps(document)
        right = tomllib.loads(changed) == wanted and (_replaced(bare, changed) <= replaces)
    except (AttributeError, KeyError, TypeError, tomlkit.exceptions.TOMLKitError) as error:
        raise ValueError(f"it is written in a way that is not changed automatically: {error}") from error
    if not right:
        raise ValueError("it is written in a way that is not changed automatically")
    mark = _MARK if text.startswith(_MARK) else ""
    return mark + (_LONE_END.sub("\r\n", changed) if "\r\n" in text else changed)


def _replaced(before: str, after: str) -> int:
    """How many blocks of lines are not where they were; tomlkit gathers tables of arrays."""
    old, new = ([line.strip() for line in text.splitlines() if line.strip()] for text in (before, after))
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(code in ("delete", "replace") for code, *_ in codes)


def _parts(table: str) -> list[str]:
    """The keys of a dotted name: `functions."my fn"`."""
    parts: list[str] = []
    place = tomllib.loads(f"[{table}]") if table else {}
    while place:
        ((name, place),) = place.items()
        parts.append(name)
    return parts


def _plain_table(document: dict[str, Any], parts: Sequence[str]) -> dict[str, Any]:
    """A table of a plain document, made where it is not."""
    place = document
    for part in parts:
        place = place.setdefault(part, {})
        if not isinstance(place, dict):
            raise TypeError(f"`{part}` is not a table")
    return place


def _insert(document: Any, block: Block) -> None:
    import tomlkit

    items = dict(tomlkit.parse("\n".join(block.lines) + "\n").items())
    parts = _parts(block.table)
    if not items.keys().isdisjoint(_found(document, parts)):
        raise ValueError("what is there is never replaced")
    _fill(document, parts, items, block.comment)


def _found(document: Any, parts: Sequence[str]) -> Any:
    """A table of a document; an empty one where it is not there."""
    place = document
    for part in parts:
        place = place.get(part, {})
    return place


def _fill(document: Any, parts: Sequence[str], items: Mapping[str, Any], comment: str = "") -> None:
    """Adds to a table of a document, which is made at the end of what holds it where it is not there."""
    import tomlkit

    place, above = document, ""
    for number, part in enumerate(parts, 1):
        if part not in place:
            above = _above(document, comment)
            _add(place, {part: tomlkit.table(is_super_table=number < len(parts))})
        place = place[part]
    _add(place, items)
    if above:
        place.trivia.indent = above  # not before: what is added takes the indent of its table


def _above(document: Any, comment: str) -> str:
    """What stands above the header of a new table: an empty line, and the comment."""
    text = document.as_string()
    gap = "\n" if text.strip() and not text.endswith("\n\n") else ""
    return gap + clause("# {}\n", comment)


def _add(place: Any, items: Mapping[str, Any]) -> None:
    """Adds to a table, before comments at its end: those belong to the next table."""
    from tomlkit.container import Container

    body = place.body if isinstance(place, Container) else place.value.body
    trailing = []
    while body and body[-1][0] is None:
        trailing.append(body.pop()[1])
    for key, item in items.items():
        place.add(key, item)
    for item in reversed(trailing):
        place.add(item)
