"""`lambda-slim check`: checks the budgets and the lock. Builds, compares, and says what changed and why."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_slim import __version__
from lambda_slim.base.errors import ConfigError, ExitCode, NothingToDoError, UsageError
from lambda_slim.base.files import in_repository
from lambda_slim.base.stamps import Stamp
from lambda_slim.base.units import plural
from lambda_slim.budgets.lock import NAME, LockEntry, read_lock, write_lock
from lambda_slim.budgets.shards import shard as take_shard
from lambda_slim.cli import _options as flags
from lambda_slim.cli._every import EveryFlags, EveryScope
from lambda_slim.cli._session import Session, session
from lambda_slim.cli._spread import Without, spread
from lambda_slim.cli._stamp import can_be_kept, watched_by
from lambda_slim.cli._write import one_on_stdout
from lambda_slim.model.report import Report
from lambda_slim.render.progress import say, warn
from lambda_slim.tasks.accept import lowered, updated
from lambda_slim.tasks.check import Checked, CheckOptions, budgets_of, check_project

if TYPE_CHECKING:
    from lambda_slim.render.outputs import VerdictView

Against = Annotated[str, typer.Option("--against", help="lock, none, git:REF, or a lock's or report's file")]
Update = Annotated[bool, typer.Option("--update", help="accept the packages as they are now: write lambda-slim.lock")]
Ratchet = Annotated[bool, typer.Option("--ratchet", help="write the lock where the package shrank")]
AllowNone = Annotated[bool, typer.Option("--allow-none", help="exit 0 where there is no function to check")]
NoImport = Annotated[bool, typer.Option("--no-import", help="run none of the project's code: no proof, no times")]
ConfigOnly = Annotated[bool, typer.Option("--config-only", help="only read the settings, budgets and lock")]
Shard = Annotated[str | None, typer.Option("--shard", help="i/n: only the i-th of n parts of the functions")]


@dataclass(frozen=True, slots=True)
class CheckFlags:
    """What is compared, and what a failure means."""

    against: Against = "lock"
    update: Update = False
    ratchet: Ratchet = False
    exit_zero: flags.ExitZero = False
    allow_none: AllowNone = False
    no_import: NoImport = False
    config_only: ConfigOnly = False
    shard: Shard = None


@spread
def command(
    *,
    target: flags.Target = Path(),
    check: CheckFlags,
    every: Annotated[EveryFlags, Without("shard")],
    project: flags.ProjectFlags,
    level: flags.Level = None,
    run: flags.RunFlags,
    verdict: flags.VerdictFlags,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Checks every function; exit 1 where a budget or a rule fails."""
    from lambda_slim.render.outputs import show_verdict

    stamp = Stamp(sys.argv[1:])
    one_on_stdout(verdict.files())
    _refuse_contradictions(check, verdict)
    every.check(project.handler, verdict.html)
    settings = {**run.settings(), "level": level, "static": check.no_import}
    try:
        if every.all:
            part = replace(every, shard=check.shard)
            scope = EveryScope(project.folder / target, project, settings, part, stamp=stamp)
            return _every(scope, check, verdict, progress)
        with session(target, project, progress, settings) as opened:
            if check.config_only:
                return _settings_hold(opened, quiet=progress.quiet)
            stamp.watch(watched_by(opened))
            report = _report(opened, check)
    except NothingToDoError as error:
        if not check.allow_none:
            raise
        say(f"nothing to check: {error.message}")
        return ExitCode.OK
    text = show_verdict(report, verdict_view(verdict, progress), verdict.files())
    code = opened.code(exit_code(report, forgiven=check.exit_zero or check.update))
    if can_be_kept(opened):
        stamp.keep((text, code))
    return code


def _every(
    scope: EveryScope, check: CheckFlags, verdict: flags.VerdictFlags, progress: flags.ProgressFlags
) -> ExitCode:
    from lambda_slim.cli._every_check import EveryCheck, check_every

    if check.config_only:
        raise UsageError(
            "--all and --config-only exclude each other",
            cause="--config-only reads one project",
            hint="leave one of them out",
        )
    offline = bool(scope.settings["offline"])
    anew = check.update and check.against == "lock"
    options = CheckOptions(check.against, run=not check.no_import, offline=offline, damaged=anew)
    run = EveryCheck(scope, options, check.update, check.ratchet, check.exit_zero or check.update)
    return check_every(run, verdict, verdict_view(verdict, progress), progress)


def _refuse_contradictions(check: CheckFlags, verdict: flags.VerdictFlags) -> None:
    check_format(verdict)
    if check.update and check.ratchet:
        raise UsageError(
            "--update and --ratchet exclude each other",
            cause="--update accepts growth, --ratchet never does",
            hint="leave one of them out",
        )
    if check.shard and (check.update or check.ratchet):
        raise UsageError(
            "a shard cannot write the lock", cause="the lock is of all functions", hint="run it without --shard"
        )


def check_format(verdict: flags.VerdictFlags) -> None:
    """Accepts the formats that a verdict can be printed in.

    Raises:
        UsageError: `--format` names another.
    """
    if verdict.format not in ("text", "github"):
        raise flags.unknown_choice("--format", verdict.format, ("text", "github"))


def verdict_view(verdict: flags.VerdictFlags, progress: flags.ProgressFlags) -> "VerdictView":
    """How the flags want a verdict to be printed."""
    from lambda_slim.render.outputs import VerdictView

    return VerdictView(
        quiet=progress.quiet,
        verbose=bool(progress.verbose),
        annotations=verdict.format == "github",
        key=verdict.comment_key,
        step_summary=os.environ.get("GITHUB_STEP_SUMMARY", ""),
    )


def _report(opened: Session, check: CheckFlags) -> Report:
    """Checks the functions, and writes the lock on request."""
    project = take_shard(opened.project, check.shard) if check.shard else opened.project
    lock = project.root / NAME
    starts_anew = check.update and check.against == "lock" and not _readable(lock)
    against = "none" if starts_anew else check.against
    options = CheckOptions(against, run=not check.no_import, offline=opened.settings.offline)
    checked = check_project(project, opened.settings, options, opened.progress)
    if check.update or check.ratchet:
        _write(checked, lock, ratchet=check.ratchet, whole=not opened.settings.select)
    return Report(
        __version__,
        tuple(row.report for row in checked),
        template=project.template.name if project.template else "",
        warnings=opened.project.warnings,
        folder=in_repository(opened.project.root),
    )


def exit_code(report: Report, *, forgiven: bool) -> ExitCode:
    """1 if a check failed, unless failures are forgiven (`--exit-zero`, `--update`)."""
    failed = any(row.status == "failed" for function in report.functions for row in function.checks)
    return ExitCode.FINDINGS if failed and not forgiven else ExitCode.OK


def _settings_hold(opened: Session, *, quiet: bool) -> ExitCode:
    """Settings, budgets, ignore patterns and the lock can be read; nothing is resolved."""
    locked = read_lock(opened.project.root / NAME)
    names = {function.name for function in opened.project.functions}
    for name in names:
        budgets_of(opened.settings, name)
    stale = sorted(set(locked or {}) - names) if not opened.settings.select else []
    for name in stale:
        warn(f"{NAME} has `{name}`, which is not a function of this project")
    if not quiet:
        lock = f"{len(locked)} in {NAME}" if locked is not None else f"no {NAME}"
        sys.stdout.write(f"settings hold: {plural(len(names), 'function')}, {lock}\n")
    return ExitCode.OK


def _write(checked: tuple[Checked, ...], lock: Path, *, ratchet: bool, whole: bool) -> None:
    before = read_lock(lock) or {} if ratchet or not whole else _readable(lock)
    rows = lowered(checked, before) if ratchet else updated(checked, before, whole=whole)
    if write_lock(rows, lock):
        say(f"wrote {lock.name}")


def _readable(lock: Path) -> dict[str, LockEntry]:
    """The lock; nothing where it is damaged, since it is about to be written anew."""
    try:
        return read_lock(lock) or {}
    except ConfigError:
        return {}
