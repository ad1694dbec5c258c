"""`lambda-slim why`: why a file, module or distribution is in the package, or is not."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.text import shown
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import Session, session
from lambda_slim.cli._spread import spread
from lambda_slim.model.settings import Startup
from lambda_slim.startup.explain import explain_startup
from lambda_slim.tasks.build import BuildOptions, known_build
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
    startup: flags.Startup = None,
    event: flags.Event = None,
    offline: flags.Offline = False,
    allow_stale_lock: flags.StaleLock = False,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Explains one name, for every function that has it."""
    shared = Shared()
    options = BuildOptions(events=flags.event_files(event))
    overrides = {"level": level, "startup": startup, "offline": offline, "static": True}
    with session(target, project, progress, {**overrides, "allow_stale_lock": allow_stale_lock}) as opened:
        plans = [
            plan_function(function, opened.settings, opened.progress, shared=shared)
            for function in opened.project.functions
        ]
        imports = {planned.function.name: _startup(planned, name, options, opened, shared) for planned in plans}
    answers = [
        (planned.function.name, (*lines, *imports[planned.function.name]))
        for planned in plans
        if (lines := explain(planned, name))
    ]
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
        cause=f"it is not a path, distribution or module of {functions}",
        hint=f"did you mean {guesses}?" if near else "`lambda-slim files` lists what there is",
    )


def _startup(planned: Planned, name: str, options: BuildOptions, opened: Session, shared: Shared) -> tuple[str, ...]:
    """Which imports in a module, and of the module, are lazy in the build with these settings and events."""
    module = planned.imports.modules.get(planned.facts.module_of.get(name, name))
    if planned.settings.startup is Startup.EAGER or module is None:
        return ()
    built = known_build(planned.function, opened.settings, options, opened.progress, shared)
    if built is None or built.startup is None:
        return ("  startup   not known before a build with the same settings and events: lambda-slim build",)
    return explain_startup(built.startup, module.name, module.path)
