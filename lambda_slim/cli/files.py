"""`lambda-slim files`: the decision for every file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode
from lambda_slim.base.units import show_size
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import override, session
from lambda_slim.tasks.prepare import Planned, Shared, plan_function

Explain = Annotated[bool, typer.Option("--explain", help="with the rule and the reason")]
Dropped = Annotated[bool, typer.Option("--dropped", help="only what is left out")]
Kept = Annotated[bool, typer.Option("--kept", help="only what ships")]


def command(
    target: flags.Target = Path(),
    explain: Explain = False,
    dropped: Dropped = False,
    kept: Kept = False,
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
    """Lists every file that could ship, and what happens to it."""
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
    for one in planned:
        if len(planned) > 1:
            sys.stdout.write(f"{one.function.name}\n")
        sys.stdout.write("".join(_lines(one, explain=explain, dropped=dropped, kept=kept)))
    return ExitCode.OK


def _lines(planned: Planned, *, explain: bool, dropped: bool, kept: bool) -> list[str]:
    lines = []
    for decision in planned.plan.decisions:
        ships = decision.verdict.keep
        if (dropped and ships) or (kept and not ships):
            continue
        line = f"{'keep' if ships else 'drop'}  {show_size(decision.file.size):>10}  {decision.file.path}"
        lines.append(f"{line}   [{decision.verdict.rule}] {decision.verdict.why}\n" if explain else f"{line}\n")
    return lines
