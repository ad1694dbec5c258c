"""Which code runs in INIT and which in INVOKE, function by function."""

from collections.abc import Iterator
from dataclasses import dataclass

from lambda_slim.lint.program import Program

BODY = "(module)"


@dataclass(frozen=True, slots=True)
class Phase:
    """When a module's body or a function runs, as far as calls can be told for certain.

    Attributes:
        path: POSIX, relative to the code's root.
        name: The function's qualified name, or `BODY`.
        line: Where it begins.
        init: Importing the handler runs it.
        invoke: `always` or `sometimes`, by the paths through the handler that lead to it; "" where none is known.
    """

    path: str
    name: str
    line: int
    init: bool
    invoke: str = ""


def phases(program: Program) -> Iterator[Phase]:
    """One row for every module's body and every function, in order of file and line."""
    starts, invoked = program.starts(), program.invoked()
    for name, module in sorted(program.modules.items(), key=lambda row: row[1].path):
        yield Phase(module.path, BODY, 1, name in program.init)
        for function, node in sorted(module.functions.items(), key=lambda row: row[1].lineno):
            key = (name, function)
            invoke = ("always" if invoked[key] else "sometimes") if key in invoked else ""
            yield Phase(module.path, function, node.lineno, key in starts, invoke)
