"""One change to a TOML file that leaves every other byte as it is: values added to a list."""

import copy
import json
import re
import tomllib
from collections.abc import Sequence
from typing import Any

from lambda_slim.formats.toml_lines import find_lines

_TOKEN = re.compile(r'"""|\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]]')
_HEADER = re.compile(r"\s*\[")


def append_to_list(text: str, table: str, key: str, values: Sequence[str]) -> str:
    """The text with values added to the list `key` of a table (dotted, "" for the top), which is made where it is not.

    A string becomes a list with the string in it. Comments, order, quotes and line ends stay.

    Raises:
        ValueError: it is not TOML, or the list is written in a way that cannot be added to safely.
    """
    wanted = _expected(tomllib.loads(text), table, key, values)
    end = "\r\n" if "\r\n" in text else "\n"
    lines = find_lines(text)
    line = lines.get(f"{table}.{key}" if table else key)
    if line:
        changed = _extended(text, _value_at(text, line), values, end)
    else:
        entry = f"{key} = [{_listed(values)}]{end}"
        changed = _inserted(text, lines.get(table, 0) if table else 0, table, entry, end)
    try:
        right = tomllib.loads(changed) == wanted
    except tomllib.TOMLDecodeError:
        right = False
    if not right:
        raise ValueError(f"`{key}` is written in a way that is not changed automatically")
    return changed


def _expected(document: dict[str, Any], table: str, key: str, values: Sequence[str]) -> dict[str, Any]:
    wanted = copy.deepcopy(document)
    place = wanted
    for part in table.split(".") if table else ():
        place = place.setdefault(part, {})
        if not isinstance(place, dict):
            raise ValueError(f"`{table}` is no table")
    old = place.get(key, [])
    place[key] = [*([old] if isinstance(old, str) else old), *values]
    return wanted


def _listed(values: Sequence[str]) -> str:
    return ", ".join(json.dumps(value, ensure_ascii=False) for value in values)


def _value_at(text: str, line: int) -> int:
    """The offset at which the value of the key on a line begins."""
    start = sum(len(one) for one in text.splitlines(keepends=True)[: line - 1])
    while text[start] != "=":  # a quoted key with = in it is no key of ours
        start += 1
    start += 1
    while text[start] in " \t":
        start += 1
    return start


def _extended(text: str, start: int, values: Sequence[str], end: str) -> str:
    if text[start] != "[":
        match = _TOKEN.match(text, start)
        if not match or text[start] not in "\"'" or match[0] in ('"""', "'''"):
            raise ValueError("the value is no list")
        return f"{text[:start]}[{match[0]}, {_listed(values)}]{text[match.end() :]}"
    close, last, comma = _scan(text, start)
    if last is None:
        return f"{text[: start + 1]}{_listed(values)}{text[start + 1 :]}"
    line = text[: last[0]].rpartition("\n")[2]
    if "\n" not in text[start:close] or line.strip():
        return f"{text[: last[1]]}, {_listed(values)}{text[last[1] :]}"
    after = comma or last[1]
    head = text[: last[1]] + ("" if comma else ",") + text[last[1] : after]
    eol = text.find("\n", after, close)
    rest = (
        len(text[after:eol].rstrip("\r")) + after if eol >= 0 else after
    )  # a comment behind the last value stays there
    added = "".join(f"{end}{line}{_listed([value])}," for value in values)
    return head + text[after:rest] + added + text[rest:]


def _scan(text: str, start: int) -> tuple[int, tuple[int, int] | None, int]:
    """The array that begins at `start`: where it closes, its last value's span, and the end of the comma after that."""
    depth, last, position = 0, None, start
    while match := _TOKEN.search(text, position):
        token, position = match[0], match.end()
        if token in ('"""', "'''"):
            raise ValueError("a multi-line string in a list")
        if token == "[":
            depth += 1
        elif token == "]":
            depth -= 1
            if not depth:
                return match.start(), last, _comma(text, last, match.start())
        elif token[0] in "\"'":
            last = match.span()
    raise ValueError("the list does not end")


def _comma(text: str, last: tuple[int, int] | None, close: int) -> int:
    match = re.compile(r"\s*,").match(text, last[1], close) if last else None
    return match.end() if match else 0


def _inserted(text: str, header: int, table: str, entry: str, end: str) -> str:
    """The text with a new entry: below its table's header, or above the first header, or with a header of its own."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    if table and not header:
        return "".join([*lines, end if lines else "", f"[{table}]{end}", entry])
    if header:
        return "".join([*lines[:header], entry, *lines[header:]])
    first = next((number for number, line in enumerate(lines) if _HEADER.match(line)), len(lines))
    place = first
    while place and (not lines[place - 1].strip() or lines[place - 1].lstrip().startswith("#")):
        place -= 1
    place = first if place == 0 and first == len(lines) else place
    gap = [end] if place == 0 and lines else []
    return "".join([*lines[:place], entry, *gap, *lines[place:]])
