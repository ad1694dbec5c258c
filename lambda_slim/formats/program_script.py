"""Calls of a TypeScript or JavaScript program, as far as they are literals; what is no literal is `Opaque`."""

import re
from collections import Counter
from typing import Any

from lambda_slim.base.text import snake_case
from lambda_slim.formats.script_cursor import Cursor
from lambda_slim.formats.script_functions import ScriptFunction, script_functions
from lambda_slim.formats.script_tokens import plain_text, script_tokens
from lambda_slim.model.program import (
    JOINED,
    UNPACKED,
    Dotted,
    Opaque,
    ParsedProgram,
    ProgramCall,
    ProgramHelper,
    ProgramMember,
    constants_of,
    with_names,
)

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_ENDS = frozenset((",", ")", "]", "}", ";"))
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}
_DERIVED = re.compile(r"\bclass\s+([\w$]+)(?:<[^{>]{0,400}>)?\s+extends\s+(?:[\w$]+\.)*([\w$]+)")
_MOST = 250_000
_DEEPEST = 60
_LONGEST_TYPE = 12  # tokens between `<` and `>`


def script_program(source: str) -> ParsedProgram:
    """The calls and constants of a module.

    Raises:
        ValueError: it is longer, or nested deeper, than any program that a person writes.
    """
    if len(source) > _MOST:
        raise ValueError(f"it is longer than {_MOST} characters")
    tokens = script_tokens(source)
    shapes = list(script_functions(tokens))
    reader = _Reader(tokens, frozenset(shape.place for shape in shapes))
    try:
        reader.read_all()
        helpers = [_helper(shape) for shape in shapes]
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    constants = constants_of(((name, value) for name, value, _ in reader.bound), reader.times)
    named = with_names(helpers, reader.names, reader.bound)
    return ParsedProgram(tuple(reader.calls), constants, dict(_DERIVED.findall(source)), helpers=named)


def _helper(shape: ScriptFunction) -> ProgramHelper:
    defaults = {name: _Reader(tokens).one_value() for name, tokens in shape.defaults}
    return ProgramHelper(
        shape.name, shape.parameters, defaults, shape.first, shape.last, shape.owner, options=shape.options
    )


class _Reader(Cursor):
    """Reads values from tokens."""

    def __init__(self, tokens: list[tuple[str, str, int]], declared: frozenset[int] = frozenset()) -> None:
        super().__init__(tokens)
        self._declared = declared
        self._depth = 0
        self.calls: list[ProgramCall] = []
        self.bound: list[tuple[str, Any, int]] = []
        self.names: list[tuple[str, int]] = []
        self.times: Counter[str] = Counter()

    def one_value(self) -> Any:
        """The value that all tokens are."""
        return self._value()

    def read_all(self) -> None:
        """Reads all statements: what looks like a value is one, all else is passed over."""
        while self._at < len(self._tokens):
            start = self._at
            self._statement()
            if self._at == start and self._kind() == "name":
                self._value()
            if self._at == start:
                self._at += 1

    def _statement(self) -> None:
        """What binds a name; of a function its head, so that its body is next."""
        if self._at not in self._declared or self._text(1) != "(":
            self._binding()
            return
        self._at += 1
        self._pass_block("(")
        while self._text() not in ("{", ";", "=>", ""):
            self._at += 1

    def _binding(self) -> None:
        """`const NAME: Type = value`, and assignments to `NAME` or `this.NAME`."""
        declares = self._text() in ("const", "let", "var")
        start = self._at
        if declares:
            self._at += 1
        name = self._path()
        if name and declares:
            self._pass_type()
        if name and self._text() == "=" and self._text(1) != "=":
            self._at += 1
            self.times[name] += 1
            line = self._line()
            self.names.append((name, line))
            self.bound.append((name, self._value(), line))
        else:
            self._at = start + declares

    def _value(self) -> Any:
        """The value that begins here; all up to its end is read."""
        self._depth += 1
        try:
            value = self._primary() if self._depth < _DEEPEST else self._passed()
            parts = [value]
            while self._take("+"):
                parts.append(self._primary())
        finally:
            self._depth -= 1
        value = ProgramCall(JOINED, tuple(parts)) if len(parts) > 1 else value
        if self._text() in ("as", "satisfies"):
            self._pass_to_end()
        elif self._continues():
            self._pass_to_end()
            return Opaque()
        return value

    def _continues(self) -> bool:
        """Whether an operator follows: the value is part of a larger expression."""
        return self._kind() == "sign" and self._text() not in _ENDS and self._text() not in ("@", "{")

    def _primary(self) -> Any:
        kind, text = self._kind(), self._text()
        if kind == "text":
            self._at += 1
            return self._after(plain_text(text))
        if kind == "number":
            self._at += 1
            return float(text.replace("_", "")) if "." in text else int(text.replace("_", ""))
        if kind == "name":
            return self._named(text)
        if text == "{":
            return self._table()
        if text == "[":
            return self._after(self._row("["))
        return self._passed()

    def _named(self, text: str) -> Any:
        line = self._line()
        if text in ("new", "await"):
            self._at += 1
            return self._after(self._callee(line), line)
        self._at += 1
        if self._text() == "=>":
            return self._passed()
        return _WORDS[text] if text in _WORDS else self._after(Dotted(text), line)

    def _callee(self, line: int) -> Any:
        name = self._path()
        self._pass_generic()
        if not name:
            return self._passed()
        return self._called(Dotted(name), line) if self._text() == "(" else Dotted(name)

    def _pass_generic(self) -> None:
        """`<Type>` between a name and its arguments."""
        ahead = 0
        while self._text() == "<" and ahead < _LONGEST_TYPE and self._text(ahead) not in ("", ";", "{"):
            if self._text(ahead) == ">" and self._text(ahead + 1) == "(":
                self._at += ahead + 1
                return
            ahead += 1

    def _after(self, value: Any, line: int = 0) -> Any:
        """A value with the members, items and calls that follow it."""
        while self._kind() == "sign":
            sign = self._text()
            literal = isinstance(value, str | list | dict)
            if sign in (".", "?."):
                value = _member(value, self._text(1))
                self._at += 2
            elif sign == "(" and not literal:
                value = self._called(value, line or self._line())
            elif sign == "[" and not literal:
                value = self._item(value)
            elif sign == "!" and self._text(1) != "=":
                self._at += 1
            else:
                break
        return value

    def _item(self, value: Any) -> Any:
        items = self._row("[")
        return _member(value, str(items[0])) if items and isinstance(items[0], str | int) else Opaque()

    def _called(self, function: Any, line: int) -> Any:
        at = len(self.calls)
        values = self._row("(")
        options = values[-1] if values and isinstance(values[-1], dict) else {}
        named = {snake_case(key): value for key, value in options.items() if key != UNPACKED}
        call = ProgramCall(function, tuple(values), named, line, tuple(options.get(UNPACKED, ())))
        if isinstance(function, Opaque):
            return Opaque()
        self.calls.insert(at, call)
        return call

    def _row(self, opening: str) -> list[Any]:
        """The values between brackets."""
        self._at += 1
        values = []
        while self._at < len(self._tokens) and not self._take(_CLOSING[opening]):
            spread = self._take("...")
            start = self._at
            value = self._value()
            values.append(Opaque() if spread else value)
            if not self._take(",") and self._at == start:
                self._at += 1
        return values

    def _table(self) -> Any:
        """An object; of what is unpacked into it, the key is `...`."""
        self._at += 1
        table: dict[str, Any] = {}
        while self._at < len(self._tokens) and not self._take("}"):
            start = self._at
            if self._take("..."):
                table.setdefault(UNPACKED, []).append(self._value())
            else:
                self._entry(table)
            if not self._take(",") and self._at == start:
                self._at += 1
        return table

    def _entry(self, table: dict[str, Any]) -> None:
        kind, text = self._kind(), self._text()
        if kind not in ("name", "text", "number"):
            self._pass_to_end()  # a computed key
            table.setdefault(UNPACKED, []).append(Opaque())
            return
        key = str(plain_text(text)) if kind == "text" else text
        self._at += 1
        if self._take(":"):
            table[key] = self._value()
        elif self._text() in (",", "}"):
            table[key] = Dotted(key)
        else:
            self._pass_to_end()  # a method
            table[key] = Opaque()

    def _passed(self) -> Opaque:
        self._pass_to_end()
        return Opaque()

    def _pass_to_end(self) -> None:
        """Passes over the rest of an expression; calls in it are read."""
        while self._at < len(self._tokens) and self._text() not in _ENDS:
            if self._text() in _CLOSING and self._kind() == "sign":
                self._pass_block(self._text())
            elif self._text() == "new":
                self._named("new")
            else:
                self._at += 1

    def _pass_block(self, opening: str) -> None:
        self._at += 1
        while self._at < len(self._tokens) and not self._take(_CLOSING[opening]):
            start = self._at
            if self._text() in _CLOSING and self._kind() == "sign":
                self._pass_block(self._text())
                continue
            self._statement()
            if self._at == start and self._kind() == "name" and self._depth < _DEEPEST:
                self._value()
            if self._at == start:
                self._at += 1


def _member(value: Any, name: str) -> Any:
    return Dotted(f"{value.text}.{name}") if isinstance(value, Dotted) else ProgramMember(value, name)
