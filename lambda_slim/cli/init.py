"""`lambda-slim init`: proposes settings, budgets, the lock, hooks and a workflow; shows the diff and asks."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ConfigError, ExitCode, UsageError
from lambda_slim.base.units import plural
from lambda_slim.budgets.lock import LockEntry
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import Session, override, session
from lambda_slim.model.report import CheckRow
from lambda_slim.model.settings import Settings
from lambda_slim.tasks.init.propose import InitOptions

Headroom = Annotated[str, typer.Option("--headroom", help="how much more than today the budgets allow")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="write without asking")]
NoHook = Annotated[bool, typer.Option("--no-hook", help="propose no pre-commit hooks")]
NoWorkflow = Annotated[bool, typer.Option("--no-workflow", help="propose no GitHub workflow")]


def command(
    target: flags.Target = Path(),
    headroom: Headroom = "5%",
    yes: Yes = False,
    no_hook: NoHook = False,
    no_workflow: NoWorkflow = False,
    directory: flags.Directory = None,
    config: flags.ConfigFile = None,
    handler: flags.Handler = None,
    python: flags.Python = None,
    arch: flags.Arch = None,
    interpreter: flags.Interpreter = None,
    offline: flags.Offline = False,
    allow_stale_lock: flags.StaleLock = False,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Builds every function, proposes what holds it as it is, shows the diff and asks; nothing there is overwritten."""
    from lambda_slim.base.files import repository
    from lambda_slim.tasks.init.budgets import parse_headroom
    from lambda_slim.tasks.init.own import direct_url, own_requirement
    from lambda_slim.tasks.init.propose import propose, show_diff, shown

    noted = direct_url()
    wanted = InitOptions(
        parse_headroom(headroom), handler or "", arch or "", not no_hook, not no_workflow, own_requirement(noted)
    )
    overrides = override(
        runtime=flags.runtime(python),
        architecture=arch,
        interpreter=interpreter,
        offline=offline,
        allow_stale_lock=allow_stale_lock,
    )
    with session(
        target, directory=directory, config=config, handler=handler, overrides=overrides, quiet=quiet, verbose=verbose
    ) as opened:
        artifact = next((one.artifact for one in opened.project.functions if one.artifact), None)
        if artifact:
            raise UsageError(f"`{artifact.name}` is a built package", hint="init wants the project that it comes from")
        functions, failing = _build(opened)
    found = propose(opened.project, opened.settings, functions, wanted)
    place = repository(opened.project.root)
    names = [shown(change, place) for change in found.changes]
    notes = [*found.notes, *_unpublished(noted, wanted, names), *failing] if not quiet else failing
    sys.stderr.write("".join(f"note: {note}\n" for note in notes))
    if not found.changes:
        sys.stdout.write("nothing to change: settings, budgets and lock are there\n")
        return ExitCode.OK
    sys.stdout.write(show_diff(found.changes, place))
    sys.stdout.flush()
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(
                "nothing was written", cause="there is no terminal to ask on", hint="look at it, add --yes"
            )
        if not typer.confirm(f"Write {plural(len(found.changes), 'file')}?", err=True):
            sys.stderr.write("nothing was written\n")
            return ExitCode.OK
    _write({change.path: (change.before, change.after) for change in found.changes})
    sys.stderr.write("".join(f"wrote {name}\n" for name in names))
    if not quiet:
        sys.stderr.write(f"next: {_next(names)}\n")
    return ExitCode.OK


def _unpublished(noted: str, wanted: InitOptions, names: list[str]) -> list[str]:
    """What to know where hooks and CI would install another lambda-slim than this one."""
    if '"file:' not in noted or not any(name.endswith((".yml", ".yaml")) for name in names):
        return []
    return [f"this lambda-slim comes from a folder here; hooks and workflow ask the index for {wanted.requirement}"]


def _next(names: list[str]) -> str:
    from lambda_slim.tasks.init.hook import NAME

    hooks = "`pre-commit install -t pre-commit -t pre-push`, " if NAME in names else ""
    return f"{hooks}then commit all of it; `lambda-slim check` holds it"


def _build(opened: Session) -> tuple[dict[str, LockEntry], list[str]]:
    """Facts of every package that could be built, and what `check` would fail by right away."""
    from lambda_slim.render.verdict import failed, summary
    from lambda_slim.tasks.check import CheckOptions, budgets_of, check_project

    for one in opened.project.functions:
        budgets_of(opened.settings, one.name)  # those that cannot be read are an error here too
    asked = CheckOptions("none", offline=opened.settings.offline)
    checked = check_project(opened.project, _without_budgets(opened.settings), asked, opened.progress)
    functions = {one.report.name: one.facts for one in checked if one.facts is not None}
    failing = [f"{one.report.name} fails: {summary(row)}" for one in checked for row in failed(one.report)]
    unknown = [f"{one.report.name}: {_why(one.report.checks)}" for one in checked if one.facts is None]
    return functions, [*dict.fromkeys([*failing, *unknown])]


def _why(rows: Iterable[CheckRow]) -> str:
    return next((row.message for row in rows if row.message), "its size is not known")


def _without_budgets(settings: Settings) -> Settings:
    return replace(settings, budgets={}, functions=tuple(replace(one, budgets={}) for one in settings.functions))


def _write(changes: dict[Path, tuple[bytes | None, bytes]]) -> None:
    from lambda_slim.base.files import write_all

    for path, (before, _) in changes.items():
        if (path.read_bytes() if path.exists() else None) != before:
            raise ConfigError(f"`{path.name}` was changed meanwhile", hint="run init again; nothing was written")
    write_all({path: after for path, (_, after) in changes.items()})
