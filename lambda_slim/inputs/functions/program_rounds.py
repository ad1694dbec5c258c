"""The ways in which a program comes to a call: through the helpers, methods and classes around it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lambda_slim.formats.program_loops import LOOP
from lambda_slim.model.program import Dotted, Opaque, ParsedProgram, ProgramCall, ProgramHelper

Caller = tuple[ParsedProgram, ProgramCall]
Round = tuple[ProgramCall | None, ParsedProgram, dict[str, Any]]
_MOST = 200  # rounds of one call
_LINE = re.compile(r"\bline=\d+")


def rounds_of(
    program: ParsedProgram, callers: Sequence[Caller], raw: ProgramCall
) -> Iterator[tuple[ProgramCall | None, ParsedProgram, ParsedProgram]]:
    """(call of a helper, its file, the program with what that call gives) of every way to a call.

    Args:
        program: The file that the call stands in.
        callers: (file, call) of the calls of its helpers, in all files.
        raw: The call, as it is written.
    """
    rounds: list[Round] = [(None, program, {})]
    for helper in _leading(program, raw):
        calls = [row for row in callers if row[1].name == helper.name]
        if calls:
            rounds = [row for before in rounds for row in _through(helper, calls, before, program)][:_MOST]
    seen: set[str] = set()
    once = _is_once(program, raw)
    for outer, file, given in rounds:
        bound = program.at(raw.line, given)
        shown = _LINE.sub("", repr(bound.known(raw)))
        if not once or shown not in seen:
            seen.add(shown)
            yield outer, file, bound


def _is_once(program: ParsedProgram, raw: ProgramCall) -> bool:
    """Whether what a call makes twice of the same is one function: not where a construct is made for each."""
    around = program.around(raw.line)
    stack = bool(around) and program.derived.get(around[0].owner, "").endswith("Stack")
    return stack or not any(helper.constructs for helper in around)


def _leading(program: ParsedProgram, raw: ProgramCall) -> list[ProgramHelper]:
    """The helpers around a call, and before a method its class."""
    around = program.around(raw.line)
    owners = {helper.owner for helper in around if helper.owner and not helper.constructs}
    made = [helper for helper in program.helpers if helper.constructs and helper.owner in owners]
    return [helper for helper in (*made, *around) if helper.parameters or helper.options]


def _through(helper: ProgramHelper, calls: list[Caller], before: Round, program: ParsedProgram) -> Iterator[Round]:
    outer, _, given = before
    for file, call in calls:
        inside = file is program and _is_inside(helper, call, program)
        for looped in _in_loops(file, call, given if inside else {}):
            bound = helper.bound(file.at(call.line, looped).known(call))
            values = {**given, **bound}
            if helper.constructs:
                values |= _attributes(helper, program, bound)
            yield (call if outer is None or not helper.constructs else outer), file, values


def _in_loops(file: ParsedProgram, call: ProgramCall, given: dict[str, Any]) -> list[dict[str, Any]]:
    """What the names around a call are, for each round of the loops that it stands in and that are not decided yet."""
    rounds = [given]
    for loop in file.around(call.line):
        if loop.name.startswith(LOOP) and not given.keys() >= {*loop.parameters}:
            items = [row for row in file.calls if row.name == loop.name]
            rounds = [
                {**before, **loop.bound(file.at(row.line, before).known(row))} for before in rounds for row in items
            ][:_MOST]
    return rounds


def _is_inside(helper: ProgramHelper, call: ProgramCall, program: ParsedProgram) -> bool:
    """Whether a call stands in the class of a method, or beside a function within the same one."""
    owners = {row.owner for row in program.around(call.line) if row.owner}
    within = {row.name for row in program.around(helper.first) if row is not helper}
    return helper.owner in owners or bool(within & {row.name for row in program.around(call.line)})


def _attributes(helper: ProgramHelper, program: ParsedProgram, bound: Mapping[str, Any]) -> dict[str, Any]:
    """What a constructor binds to `self` or `this`, with what it is given."""
    inner = program.at(helper.first, bound)
    values: dict[str, Any] = {}
    for name in helper.attributes & program.constants.keys():
        value = inner.known(program.constants[name])
        hidden = isinstance(value, Dotted) and value.text in helper.names
        values[name] = Opaque() if hidden else value
    return values
