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

    @property
    def silenced(self) -> frozenset[str]:
        """Rules that comments on its first and last line silence."""
        lines = (self.node.lineno, self.node.end_lineno or self.node.lineno)
        return frozenset[str]().union(*(self.module.ignored.get(line, frozenset()) for line in lines))
