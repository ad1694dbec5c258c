"""`lambda-slim init`: proposes settings, budgets, the lock, hooks and a workflow; shows the diff and asks."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ConfigError, ExitCode, UsageError
from lambda_slim.base.text import shown
from lambda_slim.base.units import plural
from lambda_slim.budgets.lock import LockEntry
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import Session, session
from lambda_slim.cli._spread import Without, spread
from lambda_slim.model.function import Project
from lambda_slim.model.report import CheckRow
from lambda_slim.model.settings import Settings
from lambda_slim.render.progress import say
from lambda_slim.tasks.init.propose import InitOptions

Headroom = Annotated[str, typer.Option("--headroom", help="how much more than today the budgets allow")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="write without asking")]
NoHook = Annotated[bool, typer.Option("--no-hook", help="propose no pre-commit hooks")]
NoWorkflow = Annotated[bool, typer.Option("--no-workflow", help="propose no GitHub workflow")]


@dataclass(frozen=True, slots=True)
class InitFlags:
    """What is proposed, and whether it is written without asking."""

    headroom: Headroom = "5%"
    yes: Yes = False
    no_hook: NoHook = False
    no_workflow: NoWorkflow = False


@spread
def command(
    *,
    target: flags.Target = Path(),
    init: InitFlags,
    project: Annotated[flags.ProjectFlags, Without("function")],
    run: flags.RunFlags,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Builds every function, proposes budgets and a lock, shows the diff and asks; existing settings stay."""
    from lambda_slim.base.files import repository
    from lambda_slim.tasks.init.own import direct_url, own_requirement
    from lambda_slim.tasks.init.propose import propose, show_diff
    from lambda_slim.tasks.init.propose import shown as name_of

    installed_from = direct_url()
    options = _options(init, project, own_requirement(installed_from))
    with session(target, project, progress, run.settings()) as opened:
        _refuse_built(opened.project)
        functions, failing = _build(opened)
    proposal = propose(opened.project, opened.settings, functions, options)
    place = repository(opened.project.root)
    names = [name_of(change, place) for change in proposal.changes]
    notes = failing if progress.quiet else [*proposal.notes, *_unpublished(installed_from, options, names), *failing]
    for note in notes:
        say(f"note: {note}")
    if not proposal.changes:
        sys.stdout.write("nothing to change: settings, budgets and lock are there\n")
        return ExitCode.OK
    diff = show_diff(proposal.changes, place)
    if not _agreed(diff, len(names), asked=not init.yes, verbose=bool(progress.verbose)):
        sys.stderr.write("nothing was written\n")
        return ExitCode.OK
    _write({change.path: (change.before, change.after) for change in proposal.changes})
    for name in names:
        say(f"wrote {name}")
    if not progress.quiet:
        sys.stderr.write(f"next: {_next(names)}\n")
    return ExitCode.OK


def _options(init: InitFlags, project: flags.ProjectFlags, requirement: str) -> InitOptions:
    from lambda_slim.tasks.init.budgets import parse_headroom

    return InitOptions(
        parse_headroom(init.headroom),
        project.handler or "",
        project.arch or "",
        not init.no_hook,
        not init.no_workflow,
        requirement,
    )


def _refuse_built(project: Project) -> None:
    for function in project.functions:
        if function.artifact:
            name = function.artifact.name
            raise UsageError(
                f"`{name}` is a built package",
                cause="init writes settings into a project",
                hint="name the project that it comes from",
            )


def _agreed(diff: str, files: int, *, asked: bool, verbose: bool) -> bool:
    """Shows the diff and asks; with --yes it does neither."""
    if asked or verbose:
        sys.stdout.write("".join(f"{shown(line)}\n" for line in diff.expandtabs(4).rstrip("\n").split("\n")))
        sys.stdout.flush()
    return not asked or _confirmed(files)


def _confirmed(files: int) -> bool:
    """Asks whether the changes are written.

    Raises:
        UsageError: there is no terminal to ask on.
    """
    if not sys.stdin.isatty():
        raise UsageError("nothing was written", cause="there is no terminal to ask on", hint="look at it, add --yes")
    return typer.confirm(f"Write {plural(files, 'file')}?", err=True)


def _unpublished(installed_from: str, options: InitOptions, names: list[str]) -> list[str]:
    """A note where hooks and CI would install another lambda-slim than this one."""
    if '"file:' not in installed_from or not any(name.endswith((".yml", ".yaml")) for name in names):
        return []
    return [f"this lambda-slim comes from a folder here; hooks and workflow ask the index for {options.requirement}"]


def _next(names: list[str]) -> str:
    from lambda_slim.tasks.init.hook import NAME

    hooks = "`pre-commit install -t pre-commit -t pre-push`, " if NAME in names else ""
    return f"{hooks}then commit all of it; from then on `lambda-slim check` guards the budgets"


def _build(opened: Session) -> tuple[dict[str, LockEntry], list[str]]:
    """The figures of every package that could be built, and the checks that would fail at once."""
    from lambda_slim.render.verdict import summary
    from lambda_slim.tasks.check import CheckOptions, budgets_of, check_project

    for function in opened.project.functions:
        budgets_of(opened.settings, function.name)  # those that cannot be read are an error here too
    asked = CheckOptions("none", offline=opened.settings.offline)
    checked = check_project(opened.project, _without_budgets(opened.settings), asked, opened.progress)
    functions = {row.report.name: row.facts for row in checked if row.facts is not None}
    failing = [f"{row.report.name} fails: {summary(check)}" for row in checked for check in row.report.failed_checks]
    unknown = [f"{row.report.name}: {_why(row.report.checks)}" for row in checked if row.facts is None]
    return functions, [*dict.fromkeys([*failing, *unknown])]


def _why(rows: Iterable[CheckRow]) -> str:
    return next((row.message for row in rows if row.message), "its size is not known")


def _without_budgets(settings: Settings) -> Settings:
    return replace(settings, budgets={}, functions=tuple(replace(table, budgets={}) for table in settings.functions))


def _write(changes: dict[Path, tuple[bytes | None, bytes]]) -> None:
    from lambda_slim.base.files import write_all

    for path, (before, _) in changes.items():
        if (path.read_bytes() if path.exists() else None) != before:
            raise ConfigError(
                f"`{path.name}` was changed meanwhile",
                cause="something else wrote it; nothing was written",
                hint="run init again",
            )
    write_all({path: after for path, (_, after) in changes.items()})
