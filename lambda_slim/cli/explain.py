"""`lambda-slim explain`: what a rule means, why, an example, and how to change its mind."""

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
            lines = "".join(f"  {name:<20} {what}\n" for name, what in rows)
            sys.stdout.write(f"{title}\n{lines}\n")
        sys.stdout.write("lambda-slim explain RULE tells more.\n")
        return ExitCode.OK
    told = explain(rule)
    if not told:
        near = nearest(rule)
        hint = f"did you mean {', '.join(f'`{one}`' for one in near)}?" if near else "lambda-slim explain lists them"
        raise UsageError(f"there is no rule `{rule}`", hint=hint)
    sys.stdout.write("\n".join(told) + "\n")
    return ExitCode.OK
