"""Functions, arrow functions and methods of a TypeScript or JavaScript program: names, parameters and lines."""

from collections.abc import Iterator
from dataclasses import dataclass

Tokens = list[tuple[str, str, int]]
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_BEFORE = frozenset(("{", "}", ";", "private", "public", "protected", "static", "async", "override", "readonly"))
_NO_METHODS = frozenset(("if", "for", "while", "switch", "catch", "function", "return", "constructor"))
_ACCESS = frozenset(("private", "public", "protected", "readonly", "override"))
_LONGEST_TYPE = 40  # tokens of a type behind the parameters


@dataclass(frozen=True, slots=True)
class ScriptFunction:
    """A function with the lines that it stands on.

    Attributes:
        name: What calls it; of a constructor the class.
        parameters: In their order.
        options: Parameters that are taken out of one object.
        defaults: (parameter, tokens of the value that it has where a call gives none).
        first: Its first line.
        last: Its last line.
        place: The place of its name among the tokens.
        owner: The class that it is a method of.
    """

    name: str
    parameters: tuple[str, ...]
    options: tuple[str, ...]
    defaults: tuple[tuple[str, Tokens], ...]
    first: int
    last: int
    place: int
    owner: str = ""


def script_functions(tokens: Tokens) -> Iterator[ScriptFunction]:
    """The functions with names."""
    ends = _ends(tokens)
    classes = list(_classes(tokens, ends))
    for at in (place for place, row in enumerate(tokens) if row[0] == "name"):
        opening = _opening(tokens, at)
        body = _body(tokens, ends[opening] + 1) if opening in ends else None
        if opening is None or body is None:
            continue
        last = ends.get(body, body) if _text(tokens, body) == "{" else _end_of_value(tokens, ends, body)
        owner = _owner(tokens, at, classes)
        name = owner if _text(tokens, at) == "constructor" and owner else _text(tokens, at)
        lines = (tokens[at][2], tokens[min(last, len(tokens) - 1)][2])
        yield _shape(name, list(_parts(tokens, opening + 1, ends[opening], ends)), (*lines, at), owner)


def _owner(tokens: Tokens, at: int, classes: list[tuple[str, int, int]]) -> str:
    """The class that a name is a method of."""
    around = [name for name, first, end in classes if first < at < end]
    method = _text(tokens, at + 1) == "(" and _text(tokens, at - 1) != "function"
    return around[-1] if around and method else ""


def _text(tokens: Tokens, at: int) -> str:
    return tokens[at][1] if 0 <= at < len(tokens) else ""


def _ends(tokens: Tokens) -> dict[int, int]:
    """Place of each opening bracket to that of the closing one."""
    ends: dict[int, int] = {}
    open_: list[int] = []
    for at, (kind, text, _) in enumerate(tokens):
        if kind != "sign":
            continue
        if text in _CLOSING:
            open_.append(at)
        elif open_ and text == _CLOSING[tokens[open_[-1]][1]]:
            ends[open_.pop()] = at
    return ends


def _classes(tokens: Tokens, ends: dict[int, int]) -> Iterator[tuple[str, int, int]]:
    """(name, place of the opening brace, place of the closing one), the outer ones first."""
    for at, (kind, text, _) in enumerate(tokens):
        if (kind, text) == ("name", "class"):
            opening = next((place for place in range(at, min(at + 60, len(tokens))) if tokens[place][1] == "{"), -1)
            if opening in ends:
                yield _text(tokens, at + 1), opening, ends[opening]


def _opening(tokens: Tokens, at: int) -> int | None:
    """Where the parameters of the function open whose name stands at a place."""
    text, before, after = tokens[at][1], _text(tokens, at - 1), _text(tokens, at + 1)
    method = before in _BEFORE and text not in _NO_METHODS
    if after == "(" and (before == "function" or text == "constructor" or method):
        return at + 1
    if after == "=" and before in ("const", "let", "var", "private", "readonly", "static"):
        start = at + 2 + (_text(tokens, at + 2) == "async")
        return start if _text(tokens, start) == "(" else None
    return None


def _body(tokens: Tokens, at: int) -> int | None:
    """Where a function's body begins behind its parameters: `{`, or what follows `=>`."""
    for place in range(at, min(at + _LONGEST_TYPE, len(tokens))):
        text = tokens[place][1]
        if text == "=>":
            return place + 1
        if text == "{" and tokens[place][0] == "sign":
            return place
        if text in (";", ")", ",", "=") or (place == at and text != ":"):
            return None
    return None


def _end_of_value(tokens: Tokens, ends: dict[int, int], at: int) -> int:
    while at < len(tokens) and tokens[at][1] not in (";", ",", ")", "]", "}"):
        at = ends.get(at, at) + 1
    return at


def _parts(tokens: Tokens, at: int, end: int, ends: dict[int, int]) -> Iterator[Tokens]:
    """The tokens of each parameter."""
    start = at
    while at < end:
        if tokens[at][1] == "," and tokens[at][0] == "sign":
            yield tokens[start:at]
            start = at + 1
        at = ends.get(at, at) + 1
    if start < end:
        yield tokens[start:end]


def _shape(name: str, parts: list[Tokens], places: tuple[int, int, int], owner: str) -> ScriptFunction:
    parameters: list[str] = []
    options: list[str] = []
    defaults: list[tuple[str, Tokens]] = []
    for part in parts:
        inner = [row for row in part if row[1] not in _ACCESS]
        if inner and inner[0][1] == "{":
            parameters.append("{}")
            taken = list(_taken(inner))
            options += [option for option, _ in taken]
            defaults += taken
        else:
            parameters.append(inner[0][1] if inner and inner[0][0] == "name" else "...")
            defaults.append((parameters[-1], _behind_equals(inner)))
    return ScriptFunction(name, tuple(parameters), tuple(options), tuple(filter(_has_value, defaults)), *places, owner)


def _has_value(row: tuple[str, Tokens]) -> bool:
    return bool(row[1])


def _taken(inner: Tokens) -> Iterator[tuple[str, Tokens]]:
    """(name, default) of what `{name, other = 1}` takes out of an object."""
    ends = _ends(inner)
    for row in _parts(inner, 1, ends.get(0, len(inner)), ends):
        if row and row[0][0] == "name":
            yield row[0][1], _behind_equals(row)


def _behind_equals(row: Tokens) -> Tokens:
    at = next((place for place, (kind, text, _) in enumerate(row) if (kind, text) == ("sign", "=")), len(row))
    return row[at + 1 :]
