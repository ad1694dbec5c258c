"""`lambda-slim files`: the decision for every file."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode
from lambda_slim.base.text import shown
from lambda_slim.base.units import show_size
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import session
from lambda_slim.cli._spread import spread
from lambda_slim.render.progress import warn
from lambda_slim.tasks.prepare import Planned, Shared, plan_function

Explain = Annotated[bool, typer.Option("--explain", help="with the rule and the reason")]
Dropped = Annotated[bool, typer.Option("--dropped", help="only what is left out")]
Kept = Annotated[bool, typer.Option("--kept", help="only what ships")]


@dataclass(frozen=True, slots=True)
class ListFlags:
    """Which files are listed, and how."""

    explain: Explain = False
    dropped: Dropped = False
    kept: Kept = False


@spread
def command(
    *,
    target: flags.Target = Path(),
    listing: ListFlags,
    project: flags.ProjectFlags,
    level: flags.Level = None,
    offline: flags.Offline = False,
    allow_stale_lock: flags.StaleLock = False,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Lists every file that could ship, and what happens to it."""
    shared = Shared()
    overrides = {"level": level, "offline": offline, "allow_stale_lock": allow_stale_lock}
    overrides |= {"static": True, "partial": True}
    with session(target, project, progress, overrides) as opened:
        plans: list[Planned] = []
        notes: list[str] = []
        for function, attempt in opened.each():
            with attempt:
                planned = plan_function(function, opened.settings, opened.progress, shared=shared)
                plans.append(planned)
                notes += planned.resolution.notes
    for note in dict.fromkeys(notes):
        warn(note)
    for planned in plans:
        if len(plans) > 1:
            sys.stdout.write(f"{shown(planned.function.name)}\n")
        sys.stdout.write("".join(_lines(planned, listing)))
    return opened.code()


def _lines(planned: Planned, listing: ListFlags) -> list[str]:
    lines = []
    for decision in planned.plan.decisions:
        ships = decision.verdict.keep
        if (listing.dropped and ships) or (listing.kept and not ships):
            continue
        line = f"{'keep' if ships else 'drop'}  {show_size(decision.file.size):>10}  {shown(decision.file.path)}"
        reason = f"   [{decision.verdict.rule}] {shown(decision.verdict.why)}" if listing.explain else ""
        lines.append(f"{line}{reason}\n")
    return lines
