"""What a check has seen, before it is known whether it is reported."""

import ast
from dataclasses import dataclass

from lambda_slim.lint.modules import ParsedModule


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A place that breaks a rule; `level` and `hint` where the rule's own do not fit."""

    rule: str
    module: ParsedModule
    node: ast.stmt | ast.expr
    message: str
    hint: str = ""
    level: str = ""
    saves_us: int = 0
    saves_bytes: int = 0
