"""`lambda-slim explain`: what a rule means, why, an example, and how to silence it."""

import sys
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError

Rule = Annotated[str, typer.Argument(help="LS203, client-in-handler, test-suites, recipe:pandas … (none: all)")]


def command(rule: Rule = "") -> ExitCode:
    """Explains a rule of findings or of files; without one, lists all."""
    from lambda_slim.knowledge.explanations import explain, nearest, table

    if not rule:
        for title, rows in table():
            listed = "".join(f"  {name:<20} {what}\n" for name, what in rows)
            sys.stdout.write(f"{title}\n{listed}\n")
        sys.stdout.write("lambda-slim explain RULE tells more.\n")
        return ExitCode.OK
    lines = explain(rule)
    if not lines:
        near = nearest(rule)
        hint = f"did you mean {', '.join(f'`{name}`' for name in near)}?" if near else "lambda-slim explain lists them"
        raise UsageError(f"there is no rule `{rule}`", cause="no rule, kind of junk or recipe has this name", hint=hint)
    sys.stdout.write("\n".join(lines) + "\n")
    return ExitCode.OK
