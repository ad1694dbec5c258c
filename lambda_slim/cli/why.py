"""`lambda-slim why`: why a file, module or distribution is in the package, or is not."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import override, session
from lambda_slim.tasks.prepare import Shared, plan_function
from lambda_slim.tasks.why import explain, nearest, users

Name = Annotated[str, typer.Argument(help="path in the package, distribution or module", show_default=False)]


def command(
    name: Name,
    target: flags.Target = Path(),
    directory: flags.Directory = None,
    config: flags.ConfigFile = None,
    function: flags.Functions = None,
    handler: flags.Handler = None,
    python: flags.Python = None,
    arch: flags.Arch = None,
    level: flags.Level = None,
    offline: flags.Offline = False,
    allow_stale_lock: flags.StaleLock = False,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Explains one name, for every function that has it."""
    overrides = override(
        select=tuple(function or ()),
        runtime=flags.runtime(python),
        architecture=arch,
        level=level,
        offline=offline,
        allow_stale_lock=allow_stale_lock,
    )
    with session(
        target, directory=directory, config=config, handler=handler, overrides=overrides, quiet=quiet, verbose=verbose
    ) as opened:
        shared = Shared()
        planned = [
            plan_function(found, opened.settings, opened.progress, shared=shared) for found in opened.project.functions
        ]
    answers = [(one.function.name, lines) for one in planned if (lines := explain(one, name))]
    if not answers:
        near = sorted({found for one in planned for found in nearest(one, name)})
        hint = (
            f"did you mean {', '.join(f'`{one}`' for one in near[:3])}?"
            if near
            else "`lambda-slim files` lists what there is"
        )
        raise UsageError(
            f"nothing in the package is called `{name}`",
            cause="it is no path, distribution or module of " + ", ".join(one.function.name for one in planned),
            hint=hint,
        )
    for function_name, lines in answers:
        if len(planned) > 1:
            sys.stdout.write(f"{function_name}\n")
        sys.stdout.write("\n".join(lines) + "\n")
    if common := users(planned, name):
        sys.stdout.write(f"{common}\n")
    return ExitCode.OK
