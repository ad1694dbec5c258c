"""Text from outside: how names are shown, and in which encoding files are read."""

import codecs
import functools
import operator
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

_Shown = TypeVar("_Shown")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# PEP 263; pip reads it in requirements too.
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
# What runners of CI take for a command: `::name` at the start of a line, after spaces; `##[`, `##vso[` and
# `##teamcity[` anywhere.
# A long word may be broken where it has `::name`.
_COMMAND = re.compile(r"(?<!\S)::|##(?=\w*\[)|(?<=\S{19})::(?=[a-zA-Z-]+(?:::| ))")
# What takes the place of a sign that a terminal cannot show; others become escapes.
_SIMPLER = {
    "→": "->",
    "←": "<-",
    "·": "-",
    "…": "...",
    "−": "-",
    "–": "-",
    "✓": "ok",
    "✗": "x",
    "─": "-",
    "×": "x",
    "µ": "u",
    "±": "+-",
    "≈": "~",
    "≤": "<=",
    "≥": ">=",
    "█": "#",
    "░": ".",
    "κ": "kappa",
}
_PLAIN = frozenset({int, float, bool, type(None)})
SIMPLER = "lambda-slim-simpler"  # the name of `simpler` for `open` and `str.encode`
_SPACES = frozenset("\u00a0\u202f\u2007\u3000")  # wide or unbreakable, and harmless


def shown_place(file: str, line: int, after: str = "") -> str:
    """A place in a file, as editors open it: `app.py:3`; the file alone without a line, "" without a file.

    Args:
        file: The path, "" for none.
        line: From 1; 0 for the whole file.
        after: What follows a place, before other text.

    >>> shown_place("app.py", 3, ": ")
    'app.py:3: '
    """
    place = f"{file}:{line}" if line else file
    return f"{place}{after}" if file else ""


def clause(form: str, value: Any, show: Callable[[Any], str] = str) -> str:
    """A clause about a value, with `{}` where the value stands; "" where there is none, or nothing of it.

    >>> clause(", {} packed", 3) + clause(", {}", "")
    ', 3 packed'
    """
    return form.replace("{}", show(value)) if value else ""


def some_of(names: Sequence[str], most: int) -> str:
    """The first names of some, and how many more there are.

    >>> some_of(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    return ", ".join(names[:most]) + clause(" and {} more", len(names[most:]))


def shown(text: str) -> str:
    r"""Text from outside on one line that does nothing to whoever shows it.

    Controls, line ends, marks that turn the direction of writing, half characters and the beginnings of workflow
    commands become escapes. For JSON and TOML, which have escapes of their own, text stays as it is.

    >>> shown("x\n::error file=a.py::no")
    'x\\x0a\\x3a\\x3aerror file=a.py::no'
    """
    if text.isprintable() and "::" not in text and "##" not in text:
        return text
    text = _COMMAND.sub(lambda match: "".join(f"\\x{ord(sign):02x}" for sign in match[0]), text)
    return "".join(sign if _harmless(sign) else _escape(sign) for sign in text)


def simpler(error: UnicodeError) -> tuple[str, int]:
    """Writes what an encoding lacks in simpler signs, `->` for an arrow, or as an escape; a handler for `codecs`.

    Raises:
        UnicodeError: something else went wrong.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(_SIMPLER.get(sign) or _escape(sign) for sign in signs), error.end


def in_ascii(text: str) -> str:
    """A text for a terminal that shows ASCII only."""
    return text.encode("ascii", SIMPLER).decode("ascii")


def _harmless(sign: str) -> bool:
    """Not a control, format, surrogate, unassigned, or line or paragraph separator; emoji may be joined."""
    return sign.isprintable() or sign in _SPACES or sign in "\u200d\ufe0f" or unicodedata.category(sign) == "Co"


def _escape(sign: str) -> str:
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def shown_all(value: _Shown) -> _Shown:
    """A record with every text in it as `shown` gives it; the same object where nothing changes."""
    changed: Any = _shown_value(value)
    return changed  # type: ignore[no-any-return]


def _shown_value(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, tuple):
        return _shown_tuple(value)
    if isinstance(value, dict):
        return {_shown_value(key): _shown_value(item) for key, item in value.items()}
    names = field_names(kind) if is_dataclass(kind) else ()
    return _shown_record(value, names) if names else value


def _shown_tuple(values: tuple[Any, ...]) -> tuple[Any, ...]:
    made = tuple(map(_shown_value, values))
    return values if all(map(operator.is_, made, values)) else made


@functools.cache
def field_names(kind: Any) -> tuple[str, ...]:
    """The fields of a kind of record."""
    return tuple(field.name for field in fields(kind))


def _shown_record(record: Any, names: tuple[str, ...]) -> Any:
    changed = {}
    for name in names:
        before = getattr(record, name)
        after = _shown_value(before)
        if after is not before:
            changed[name] = after
    return replace(record, **changed) if changed else record


def last_line(text: str) -> str:
    """The last line of an output that is not empty, at most 300 characters."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it printed nothing"


def decode(data: bytes, default: str = "utf-8") -> str:
    """The text of a file in the encoding that it says: by its byte order mark or a coding cookie, else `default`.

    UTF-16 without a mark, as some editors of Windows write it, is known by its zeros.

    Raises:
        ValueError: the bytes are not of that encoding, or there is none of that name; the message names it.
    """
    mark, encoding = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), (b"", ""))
    encoding = encoding or _cookie(data) or _by_zeros(data) or default
    try:
        return data[len(mark) :].decode(encoding)
    except LookupError as error:
        message = f"its first lines name the encoding `{encoding}`, which does not exist"
        raise ValueError(message) from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"line {line} is not {encoding.upper()} text (byte 0x{data[error.start]:02x}); save it as UTF-8"
        raise ValueError(message) from error


def _cookie(data: bytes) -> str:
    for line in data.split(b"\n", 2)[:2]:
        if match := _COOKIE.match(line):
            return match[1].decode("ascii")
    return ""


def _by_zeros(data: bytes) -> str:
    head = data[:64]
    if b"\0" not in head or len(data) % 2:
        return ""
    if not any(head[0::2]) or not any(head[1::2]):
        return "utf-16-be" if not any(head[0::2]) else "utf-16-le"
    return ""


def snake_case(name: str) -> str:
    """A name in camel case as Python writes it.

    >>> snake_case("memorySize")
    'memory_size'
    """
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


codecs.register_error(SIMPLER, simpler)
