"""`check --all`: budgets and locks of everything that a repository deploys."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_slim import __version__
from lambda_slim.base.errors import ConfigError, ExitCode, UsageError
from lambda_slim.base.files import in_repository
from lambda_slim.budgets.lock import NAME, LockEntry, read_lock, write_lock
from lambda_slim.cli._every import Answers, EveryChoice, EveryScope, answers_of, choose_every, find_every
from lambda_slim.cli._options import ProgressFlags, VerdictFlags
from lambda_slim.cli._session import Session
from lambda_slim.cli._stamp import opened_deployable, remember_checks, watch_every
from lambda_slim.cli._write import STDOUT
from lambda_slim.model.deployable import Deployable
from lambda_slim.model.report import Report
from lambda_slim.render.progress import say
from lambda_slim.tasks.accept import lowered, updated
from lambda_slim.tasks.check import Checked, CheckOptions

if TYPE_CHECKING:
    from lambda_slim.model.deployable import EveryReport
    from lambda_slim.render.outputs import VerdictView
    from lambda_slim.tasks.every.job import EveryAnswer


@dataclass(frozen=True, slots=True)
class EveryCheck:
    """What `check --all` works with.

    Attributes:
        scope: What is checked.
        options: As for one check.
        update: Whether the locks are written as things are now.
        ratchet: Whether they are written where packages shrank.
        forgiven: Whether a check that fails is no failure.
    """

    scope: EveryScope
    options: CheckOptions
    update: bool
    ratchet: bool
    forgiven: bool


def check_every(run: EveryCheck, verdict: VerdictFlags, view: "VerdictView", progress: ProgressFlags) -> ExitCode:
    """Checks the chosen functions: prints the table, then the failed checks; writes the locks on request.

    Raises:
        NothingToDoError: nothing is below the folder.
        UsageError: no function has a name that was asked for.
        ConfigError: git cannot say what changed, or two functions would have one entry in a lock.
    """
    from lambda_slim.render.outputs import show_verdict
    from lambda_slim.render.progress import progress_on_stderr
    from lambda_slim.tasks.every.job import EveryJob
    from lambda_slim.tasks.every.repository import usual_jobs
    from lambda_slim.tasks.every.rows import checked_rows

    if verdict.html:
        raise UsageError(
            "--all writes no page",
            cause="a page is about one project",
            hint="--json or --markdown; or --html for one project at a time",
        )
    scope = run.scope
    with progress_on_stderr(quiet=progress.quiet, verbose=progress.verbose) as told:
        told("looking for deployables")
        choice = choose_every(find_every(scope), scope, once=False)
        opened = _watched(scope, choice)
        jobs = scope.flags.jobs or usual_jobs()
        answers = answers_of(choice.deployables, lambda row: EveryJob(row, (), run.options), jobs, told)
    rows = [made for row, answered in answers for made in checked_rows(row, answered, forgiven=run.forgiven)]
    table = choice.table(rows, scope.root, "check")
    _write_locks(run, choice, answers)
    report = _joined(answers, table.notes, scope.root.absolute())
    text = "" if STDOUT in verdict.files().values() else _printed(table, quiet=progress.quiet)
    if report.functions or any(verdict.files().values()):
        text += show_verdict(report, view, verdict.files())
    _remember(scope, (text, table.code), opened, answers)
    return ExitCode(table.code)


def _watched(scope: EveryScope, choice: EveryChoice) -> list[Session | None]:
    """The deployables, which are looked at from now on where the answer is kept."""
    opened = [opened_deployable(row) for row in choice.deployables]
    if scope.stamp:
        watch_every(scope.stamp, scope.root, opened)
    return opened


def _remember(scope: EveryScope, answer: tuple[str, int], opened: Iterable[Session | None], answers: Answers) -> None:
    """Keeps the answer where everything was checked: what failed is tried again."""
    if scope.stamp and all(row.error is None for _, answered in answers for row in answered):
        remember_checks(scope.stamp, answer, opened)


def _joined(answers: Answers, notes: tuple[str, ...], root: Path) -> Report:
    """One report of all functions."""
    from lambda_slim.tasks.every.rows import labelled

    functions = tuple(made for row, answered in answers for made in labelled(row, answered, root))
    return Report(__version__, functions, warnings=notes, folder=in_repository(root))


def _printed(table: "EveryReport", *, quiet: bool) -> str:
    """Prints the notes and the table, and gives the table back."""
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.every import render_every
    from lambda_slim.render.progress import warn

    for note in () if quiet else table.notes:
        warn(note)
    text = render_every(table, look_of_stdout(), quiet=quiet) + ("" if quiet else "\n")
    sys.stdout.write(text)
    return text


def _write_locks(run: EveryCheck, choice: EveryChoice, answers: Answers) -> None:
    """Writes the lock of each folder with a deployable; a folder whose functions were all checked loses the others.

    Raises:
        ConfigError: two functions of one folder have one name.
    """
    if not (run.update or run.ratchet):
        return
    checked: dict[Path, list[Checked]] = {}
    for row, answered in answers:
        named = [Checked(answer.report, answer.facts, answer.before) for answer in answered if answer.report]
        checked.setdefault(_root(row), []).extend(named)
    failed = {_root(row) for row, answered in answers if _has_failed(row, answered)}
    for place, rows in checked.items():
        _names_differ(rows, place)
        _write_lock(run, rows, place / NAME, whole=place not in failed and not choice.partial)


def _root(row: Deployable) -> Path:
    return row.project.root if row.project else row.folder


def _has_failed(row: Deployable, answers: Iterable["EveryAnswer"]) -> bool:
    return bool(row.error or (row.project and row.project.failures) or any(answer.error for answer in answers))


def _names_differ(rows: Iterable[Checked], place: Path) -> None:
    seen: dict[str, LockEntry | None] = {}
    for row in rows:
        name = row.report.name
        if name in seen and seen[name] != row.facts:
            raise ConfigError(
                f"two functions of `{os.path.relpath(place)}` are called {name}",
                cause=f"their deployment files lie in one folder, which has one {NAME}, and their packages differ",
                hint="give one of them another name, or its deployment file a folder of its own",
            )
        seen[name] = row.facts


def _write_lock(run: EveryCheck, rows: list[Checked], lock: Path, *, whole: bool) -> None:
    try:
        before = read_lock(lock) or {}
    except ConfigError:
        if run.ratchet or not whole:
            raise
        before = {}  # it is about to be written anew
    entries = lowered(rows, before) if run.ratchet else updated(rows, before, whole=whole)
    if (entries or lock.exists()) and write_lock(entries, lock):
        say(f"wrote {os.path.relpath(lock)}")
