"""Whether a finding can be fixed so that nothing behaves differently; if not, why not. Pure."""

import ast
from dataclasses import dataclass
from enum import StrEnum

from lambda_slim.lint.fixes.checks import ALWAYS, DELETING, MOVING, Statement, users
from lambda_slim.lint.fixes.references import References
from lambda_slim.lint.fixes.star import star_change
from lambda_slim.lint.mark import Mark
from lambda_slim.lint.program import Program


class FixKind(StrEnum):
    """What is done to an import statement."""

    DELETE = "deleted"
    DEFER = "moved into the function that uses it"
    SPELL = "spelled out"


@dataclass(frozen=True, slots=True)
class SafeChange:
    """One edit.

    Attributes:
        line: Of the import statement, from 1.
        function: Line of the `def` that an import moves into; 0 for others.
        names: What a spelled-out import names.
    """

    kind: FixKind
    line: int
    function: int = 0
    names: tuple[str, ...] = ()


FIXABLE = frozenset({"LS201", "LS202", "LS210"})


def decide(mark: Mark, program: Program, references: References) -> SafeChange | str:
    """The change that fixes a finding, or why there is none."""
    node = mark.node
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return "it is not an import"
    if mark.rule == "LS210":
        names = star_change(mark.module, node, program, references)
        return names if isinstance(names, str) else SafeChange(FixKind.SPELL, node.lineno, names=names)
    statement = Statement(
        mark.module, tuple(row for row in mark.module.imports if row.node is node), program, references
    )
    for check in (*ALWAYS, *(DELETING if mark.rule == "LS201" else MOVING)):
        if why := check(statement):
            return why
    if mark.rule == "LS201":
        return SafeChange(FixKind.DELETE, node.lineno)
    return SafeChange(FixKind.DEFER, node.lineno, function=users(statement)[0].lineno)
