"""Tokens of a TypeScript or JavaScript program."""

import re
from typing import Any

from lambda_slim.model.program import JOINED, Dotted, Opaque, ProgramCall

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)
    |(?P<number>\d[\d_]*(?:\.\d+)?)
    |(?P<name>[A-Za-z_$][\w$]*)
    |(?P<sign>\.\.\.|=>|\?\.|[^\s])""",
    re.VERBOSE | re.DOTALL,
)
_REGEX = re.compile(r"/(?![/*])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,60}\])+/[a-z]*")
_BEFORE_VALUE = frozenset("(,=:[!&|?{};") | {"return", "=>"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}


def script_tokens(source: str) -> list[tuple[str, str, int]]:
    """(kind, text, line); comments are left out."""
    tokens: list[tuple[str, str, int]] = []
    at, line = 0, 1
    while at < len(source):
        last = tokens[-1][1] if tokens else ";"
        match = _REGEX.match(source, at) if source[at] == "/" and last in _BEFORE_VALUE else None
        kind = "regex" if match else ""
        match = match or _TOKEN.match(source, at)
        if match is None:
            break
        kind = kind or str(match.lastgroup)
        if kind != "space":
            tokens.append((kind, match.group(), line))
        line += match.group().count("\n")
        at = match.end()
    return tokens


def plain_text(token: str) -> Any:
    """The text of a literal; of a template with values in it, a joined one."""
    inner = _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), token[1:-1])
    if token[0] != "`" or "${" not in token:
        return inner
    parts: list[Any] = []
    for index, part in enumerate(re.split(r"\$\{([^{}]*)\}", inner)):
        simple = re.fullmatch(r"[\w$.]+", part)
        parts.append((Dotted(part) if simple else Opaque()) if index % 2 else part)
    return ProgramCall(JOINED, tuple(parts))
