"""On which line does a TOML key stand? tomllib does not say; messages need it."""

import re

_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")


def find_lines(text: str) -> dict[str, int]:
    r"""Dotted keys and table headers, to the line (from 1) where each first stands.

    Keys inside multi-line strings or inline tables are not looked for.

    >>> find_lines('[a]\\nb = 1\\n[a.c]')
    {'a': 1, 'a.b': 2, 'a.c': 3}
    """
    lines: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _dotted(header[1])
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            name = _dotted(key[1])
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


def _dotted(name: str) -> str:
    return ".".join(first or second or third for first, second, third in _PART.findall(name))
