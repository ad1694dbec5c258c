"""`lambda-slim why`: why a file, module or distribution is in the package, or is not."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.text import shown
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import session
from lambda_slim.cli._spread import spread
from lambda_slim.tasks.prepare import Planned, Shared, plan_function
from lambda_slim.tasks.why import explain, nearest, users

Name = Annotated[str, typer.Argument(help="path in the package, distribution or module", show_default=False)]


@spread
def command(
    *,
    name: Name,
    target: flags.Target = Path(),
    project: flags.ProjectFlags,
    level: flags.Level = None,
    offline: flags.Offline = False,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Explains one name, for every function that has it."""
    shared = Shared()
    with session(target, project, progress, {"level": level, "offline": offline, "static": True}) as opened:
        plans = [
            plan_function(function, opened.settings, opened.progress, shared=shared)
            for function in opened.project.functions
        ]
    answers = [(planned.function.name, lines) for planned in plans if (lines := explain(planned, name))]
    if not answers:
        raise _unknown(plans, name)
    for function_name, lines in answers:
        if len(plans) > 1:
            sys.stdout.write(f"{shown(function_name)}\n")
        sys.stdout.write("\n".join(map(shown, lines)) + "\n")
    if common := users(plans, name):
        sys.stdout.write(f"{shown(common)}\n")
    return ExitCode.OK


def _unknown(plans: Sequence[Planned], name: str) -> UsageError:
    near = sorted({guess for planned in plans for guess in nearest(planned, name)})
    guesses = ", ".join(f"`{guess}`" for guess in near[:3])
    functions = ", ".join(planned.function.name for planned in plans)
    return UsageError(
        f"nothing in the package is called `{name}`",
        cause=f"it is no path, distribution or module of {functions}",
        hint=f"did you mean {guesses}?" if near else "`lambda-slim files` lists what there is",
    )
