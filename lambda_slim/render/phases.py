"""Which code runs when, as text: one block a file."""

from collections.abc import Sequence
from itertools import groupby

from lambda_slim.lint.phases import BODY, Phase

_INIT = {True: "INIT", False: ""}
_INVOKE = {"always": "INVOKE", "sometimes": "INVOKE on some paths", "": ""}


def render_phases(phases: Sequence[Phase]) -> str:
    """A line for every module's body and function: when, name, line."""
    lines: list[str] = []
    for path, rows in groupby(phases, lambda row: row.path):
        lines.append(path)
        lines += [f"  {_when(row):<28}  {row.name}:{row.line}" for row in rows]
    return "\n".join(lines) + "\n" if lines else ""


def _when(row: Phase) -> str:
    known = (_INIT[row.init], _INVOKE[row.invoke])
    if any(known):
        return ", ".join(filter(None, known))
    return "not imported in INIT" if row.name == BODY else "no call of it is known"
