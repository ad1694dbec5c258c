"""What a program says in literals: calls with their arguments, read and never run."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lambda_slim.base.text import snake_case


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that only a run of the program gives."""


@dataclass(frozen=True, slots=True)
class Dotted:
    """A name: `lambda_.Runtime.PYTHON_3_12`, `__file__`."""

    text: str

    @property
    def name(self) -> str:
        """The last part: `PYTHON_3_12` of `lambda_.Runtime.PYTHON_3_12`."""
        return self.text.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class ProgramMember:
    """An attribute or item of a value that is no name: `Path(__file__).parent`; an item's name is its index."""

    of: Any
    name: str


@dataclass(frozen=True, slots=True)
class ProgramCall:
    """A call.

    Attributes:
        function: What is called: a `Dotted`, or a `ProgramMember`.
        positional: Its positional arguments, in JavaScript with the options at the end.
        named: Its named arguments, in JavaScript those of the options at the end; names in snake case.
        line: Where it begins.
        unpacked: Tables that are unpacked into the named arguments, which come before those that stand there.
        whole: Whether these are all arguments: nothing is unpacked into it that is not known.
    """

    function: Any
    positional: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0
    unpacked: tuple[Any, ...] = ()
    whole: bool = True

    @property
    def name(self) -> str:
        """The last part of what is called: `Function` of `aws.lambda_.Function`."""
        return self.function.name if isinstance(self.function, Dotted | ProgramMember) else ""


@dataclass(frozen=True, slots=True)
class ProgramHelper:
    """A function of the program, or a class, whose calls may make what it makes of its parameters.

    Attributes:
        name: What is called: of a class its own name.
        parameters: In their order, without `self`.
        defaults: Parameter to the value that it has where a call gives none.
        first: Its first line.
        last: Its last line.
        owner: The class that it is a method of.
        names: All names that it binds itself, and its parameters.
        constants: Those that it binds once, or to the same each time, with their values.
        attributes: Those of `self` or `this` that it binds.
        options: Parameters that it takes out of the last argument: `({name, code}: Props)`.
        changed: Parameters that it binds anew, so that what a call gives them is not what they are.
        filled: Parameters that it binds anew only where a call gives nothing: `name = name or "x"`.
    """

    name: str
    parameters: tuple[str, ...]
    defaults: Mapping[str, Any]
    first: int
    last: int
    owner: str = ""
    names: frozenset[str] = frozenset()
    constants: Mapping[str, Any] = field(default_factory=dict)
    attributes: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()
    changed: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()

    @property
    def constructs(self) -> bool:
        """Whether a call of its class runs it."""
        return bool(self.owner) and self.name == self.owner

    def bound(self, call: ProgramCall) -> dict[str, Any]:
        """What a call gives to the parameters; what it leaves out and has no default is `Opaque`."""
        given = dict(zip(self.parameters, call.positional, strict=False))
        named = {key: value for key, value in call.named.items() if key in self.parameters}
        taken = {key: call.named[snake_case(key)] for key in self.options if snake_case(key) in call.named}
        missing = dict.fromkeys((*self.parameters, *self.options), Opaque())
        values = {**missing, **self.defaults, **given, **named, **taken}
        unknown = self.changed | {name for name in self.filled if not values.get(name)}
        return {name: Opaque() if name in unknown else value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class ParsedProgram:
    """One file of a program.

    Attributes:
        calls: All calls, outer ones before those in their arguments.
        constants: Names that are bound once, or to the same each time, with their values.
        shared: Names in capitals that only one other file of the program binds, with their values.
        helpers: Functions and classes with parameters.
        derived: Names of classes that are derived from others, with the last part of what each is derived from.
    """

    calls: tuple[ProgramCall, ...] = ()
    constants: Mapping[str, Any] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, Any] = field(default_factory=dict)
    helpers: tuple[ProgramHelper, ...] = ()

    def helper_of(self, call: ProgramCall) -> ProgramHelper | None:
        """The innermost helper that a call stands in."""
        return next(reversed(self.around(call.line)), None)

    def around(self, line: int) -> list[ProgramHelper]:
        """The helpers that a line stands in, the outermost first."""
        around = [helper for helper in self.helpers if helper.first <= line <= helper.last]
        return sorted(around, key=lambda helper: (helper.first, -helper.last))

    def at(self, line: int, given: Mapping[str, Any] | None = None) -> "ParsedProgram":
        """The program as a line sees it: what the helpers around it bind hides what others bind.

        Args:
            line: The line.
            given: What the helpers around it are given.
        """
        around = self.around(line)
        if not around and not given:
            return self
        constants = dict(self.constants)
        for helper in around:
            constants = {key: value for key, value in constants.items() if key not in helper.names}
            constants.update(helper.constants)
        return replace(self, constants={**constants, **(given or {})})

    def known(self, value: Any) -> Any:
        """A value with names that are bound once replaced, and joined texts joined; `Opaque` for what has no end."""
        return _Expansion(self).known(value)


def constants_of(rows: Iterable[tuple[str, Any]], times: Mapping[str, int]) -> dict[str, Any]:
    """The names that are bound once, or each time to the same: `here = os.path.dirname(__file__)` in each method.

    Args:
        rows: (name, value) of every binding that has a value.
        times: Name to how often it is bound, also without one.
    """
    values: dict[str, list[Any]] = {}
    for name, value in rows:
        values.setdefault(name, []).append(value)
    return {name: same[0] for name, same in values.items() if len(same) == times[name] and _are_alike(same)}


def with_names(
    helpers: Iterable[ProgramHelper], bound: Iterable[tuple[str, int]], values: Iterable[tuple[str, Any, int]]
) -> tuple[ProgramHelper, ...]:
    """The helpers of a file with the names that each binds.

    Args:
        helpers: All of the file.
        bound: (name, line) of every binding.
        values: (name, value, line) of those that have a value.
    """
    program = ParsedProgram(helpers=tuple(helpers))
    names: dict[int, list[str]] = {}
    given: dict[int, list[tuple[str, Any]]] = {}
    for name, line in bound:
        names.setdefault(_innermost(program, line), []).append(name)
    for name, value, line in values:
        given.setdefault(_innermost(program, line), []).append((name, value))
    return tuple(_named(helper, names.get(id(helper), []), given.get(id(helper), [])) for helper in program.helpers)


def _innermost(program: ParsedProgram, line: int) -> int:
    around = program.around(line)
    return id(around[-1]) if around else 0


def _named(helper: ProgramHelper, names: list[str], values: list[tuple[str, Any]]) -> ProgramHelper:
    own = {name for name in names if "." not in name} | {*helper.parameters, *helper.options}
    attributes = frozenset(name for name in names if name.startswith(("self.", "this.")))
    constants = constants_of(((name, value) for name, value in values if name in own), Counter(names))
    return replace(helper, names=frozenset(own), constants=constants, attributes=attributes)


def _are_alike(values: list[Any]) -> bool:
    return len(values) == 1 or len({_LINE.sub("", repr(value)) for value in values}) == 1


class _Expansion:
    """One value with its names replaced; how many parts it may have is limited, since names may lead to themselves."""

    def __init__(self, program: ParsedProgram) -> None:
        self._constants, self._shared = program.constants, program.shared
        self._left = _MOST_PARTS

    def known(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return Opaque()
        if isinstance(value, Dotted):
            return self._known_name(value, depth)
        if isinstance(value, list):
            return [self.known(item, depth + 1) for item in value]
        if isinstance(value, dict):
            return {key: self.known(item, depth + 1) for key, item in value.items()}
        return self._known_call(value, depth) if isinstance(value, ProgramCall) else self._known_member(value, depth)

    def _known_name(self, name: Dotted, depth: int) -> Any:
        if name.text in self._constants:
            return self.known(self._constants[name.text], depth + 1)
        owner, _, member = name.text.rpartition(".")
        table = self.known(self._constants[owner], depth + 1) if owner in self._constants else None
        if isinstance(table, dict):  # `props.handler`
            return table.get(member, Opaque())
        return self.known(self._shared[name.name], depth + 1) if name.name in self._shared else name

    def _known_call(self, call: ProgramCall, depth: int) -> Any:
        positional = tuple(self.known(item, depth + 1) for item in call.positional)
        if call.function == JOINED:
            return _joined(positional)
        text = self._text_of_list(call, positional, depth) if call.name == "join" else None
        if text is not None:
            return text
        tables = [self._table(value, depth + 1) for value in call.unpacked]
        whole = call.whole and not any(table is None or UNPACKED in table for table in tables)
        named = self._named([*filter(None, tables), self._options(call, positional)])
        named.update((key, self.known(item, depth + 1)) for key, item in call.named.items())
        return ProgramCall(self._function(call.function, depth), positional, named, call.line, whole=whole)

    def _named(self, tables: list[dict[str, Any]]) -> dict[str, Any]:
        return {snake_case(key): item for table in tables for key, item in table.items()}

    def _text_of_list(self, call: ProgramCall, positional: tuple[Any, ...], depth: int) -> str | None:
        """`" && ".join([…])` and `[…].join(" && ")`; None where a part is not known, or it joins no texts."""
        of = self._function(call.function, depth)
        pair = (of.of if isinstance(of, ProgramMember) else None, *positional)
        match pair:
            case (str(sign), list(rows)) | (list(rows), str(sign)) if all(isinstance(row, str) for row in rows):
                return sign.join(rows)
        return None

    def _options(self, call: ProgramCall, positional: tuple[Any, ...]) -> dict[str, Any]:
        """The options of a call whose last argument is a name that stands for a table."""
        named = bool(call.positional) and isinstance(call.positional[-1], Dotted)
        return positional[-1] if named and isinstance(positional[-1], dict) else {}

    def _table(self, value: Any, depth: int) -> dict[str, Any] | None:
        """A table that is unpacked, also where a call such as `dict(…)` makes it; None where it is not known."""
        table = self.known(value, depth)
        if isinstance(table, ProgramCall):
            return dict(table.named) if table.name == "dict" and not table.positional and table.whole else None
        return table if isinstance(table, dict) else None

    def _function(self, function: Any, depth: int) -> Any:
        """What is called; of a method of a name that is bound once, with that name's value."""
        if isinstance(function, Dotted):
            owner, _, method = function.text.rpartition(".")
            return ProgramMember(self.known(Dotted(owner), depth + 1), method) if owner in self._constants else function
        return self._known_member(function, depth)

    def _known_member(self, value: Any, depth: int) -> Any:
        if not isinstance(value, ProgramMember):
            return value
        of = self.known(value.of, depth + 1)
        if isinstance(of, list) and value.name.isdecimal():
            return of[int(value.name)] if int(value.name) < len(of) else Opaque()
        return of.get(value.name, Opaque()) if isinstance(of, dict) else ProgramMember(of, value.name)


def _joined(values: tuple[Any, ...]) -> Any:
    texts = all(isinstance(value, str | int) for value in values)
    return "".join(map(str, values)) if texts else Opaque()


UNPACKED = "..."  # the key of what is unpacked into a table
JOINED = Dotted("+")  # stands for texts that are joined
DIVIDED = Dotted("/")  # stands for `Path / "part"`
_LINE = re.compile(r"\bline=\d+")
_DEEPEST = 30
_MOST_PARTS = 20_000  # of one value
