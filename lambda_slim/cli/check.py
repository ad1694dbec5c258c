"""`lambda-slim check`: do the budgets and the lock hold? Builds, compares, and says what changed and why."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim import __version__
from lambda_slim.base.errors import ConfigError, ExitCode, NothingToDoError, UsageError
from lambda_slim.base.files import in_repository
from lambda_slim.base.units import plural
from lambda_slim.budgets.lock import NAME, LockEntry, read_lock, write_lock
from lambda_slim.budgets.shards import shard as take_shard
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import Session, override, session
from lambda_slim.model.function import RequirementsKind
from lambda_slim.model.report import Report
from lambda_slim.tasks.check import Checked, CheckOptions, budgets_of, check_project, lowered, updated

Against = Annotated[str, typer.Option("--against", help="lock, none, git:REF, or a lock's or report's file")]
Update = Annotated[bool, typer.Option("--update", help="accept what is now: write lambda-slim.lock")]
Ratchet = Annotated[bool, typer.Option("--ratchet", help="write the lock where the package shrank")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="exit 0 where a budget or rule fails")]
AllowNone = Annotated[bool, typer.Option("--allow-none", help="exit 0 where there is no function to check")]
NoImport = Annotated[bool, typer.Option("--no-import", help="run none of the project's code: no proof, no times")]
ConfigOnly = Annotated[bool, typer.Option("--config-only", help="only read the settings, budgets and lock")]
Shard = Annotated[str | None, typer.Option("--shard", help="i/n: only the i-th of n parts of the functions")]
Format = Annotated[str, typer.Option("--format", "-f", help="text, or github (annotations)")]
CommentKey = Annotated[str, typer.Option("--comment-key", help="tells apart several comments of one pull request")]
Junit = Annotated[Path | None, typer.Option("--junit", help="write the verdict as JUnit XML")]
Sarif = Annotated[Path | None, typer.Option("--sarif", help="write the verdict as SARIF")]
MarkdownOut = Annotated[Path | None, typer.Option("--markdown", help="write the verdict as a comment (- for stdout)")]


def command(
    target: flags.Target = Path(),
    against: Against = "lock",
    update: Update = False,
    ratchet: Ratchet = False,
    exit_zero: ExitZero = False,
    allow_none: AllowNone = False,
    no_import: NoImport = False,
    config_only: ConfigOnly = False,
    shard: Shard = None,
    directory: flags.Directory = None,
    config: flags.ConfigFile = None,
    function: flags.Functions = None,
    handler: flags.Handler = None,
    python: flags.Python = None,
    arch: flags.Arch = None,
    level: flags.Level = None,
    interpreter: flags.Interpreter = None,
    offline: flags.Offline = False,
    allow_stale_lock: flags.StaleLock = False,
    format: Format = "text",  # noqa: A002  (the flag's name)
    json: flags.Json = None,
    markdown: MarkdownOut = None,
    html: flags.Html = None,
    junit: Junit = None,
    sarif: Sarif = None,
    comment_key: CommentKey = "default",
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Checks every function; exit 1 where a budget or a rule fails."""
    from lambda_slim.render.outputs import one_on_stdout, show_verdict

    begun = time.time()
    files = {"json": json, "markdown": markdown, "html": html, "junit": junit, "sarif": sarif}
    one_on_stdout(files)
    if format not in ("text", "github"):
        raise UsageError(f"`--format {format}` is not known", hint="one of text, github")
    if update and ratchet:
        raise UsageError("--update and --ratchet are two things", hint="--update accepts growth, --ratchet never does")
    if shard and (update or ratchet):
        raise UsageError("a shard cannot write the lock", hint="write it from all functions, without --shard")
    overrides = override(
        select=tuple(function or ()),
        runtime=flags.runtime(python),
        architecture=arch,
        level=level,
        interpreter=interpreter,
        offline=offline,
        allow_stale_lock=allow_stale_lock,
    )
    try:
        with session(
            target,
            directory=directory,
            config=config,
            handler=handler,
            overrides=overrides,
            quiet=quiet,
            verbose=verbose,
        ) as opened:
            if config_only:
                return _settings_hold(opened, quiet=quiet)
            project = take_shard(opened.project, shard) if shard else opened.project
            lock = project.root / NAME
            if update and against == "lock" and not _readable(lock):
                against = "none"
            asked = CheckOptions(against, run=not no_import, offline=opened.settings.offline)
            checked = check_project(project, opened.settings, asked, opened.progress)
            template = project.template.name if project.template else ""
            if update or ratchet:
                _write(checked, lock, ratchet=ratchet, whole=not opened.settings.select)
    except NothingToDoError as error:
        if not allow_none:
            raise
        sys.stderr.write(f"nothing to check: {error.message}\n")
        return ExitCode.OK
    report = Report(
        __version__,
        tuple(one.report for one in checked),
        template,
        opened.project.warnings,
        folder=in_repository(opened.project.root),
    )
    text = show_verdict(
        report,
        files,
        quiet=quiet,
        verbose=bool(verbose),
        annotations=format == "github",
        key=comment_key,
        step_summary=os.environ.get("GITHUB_STEP_SUMMARY", ""),
    )
    code = verdict(report, forgiven=exit_zero or update)
    _remember(opened, text, code, begun)
    return code


def _remember(opened: Session, text: str, code: int, begun: float) -> None:
    """Keeps the answer for as long as the files it came from stay as they are."""
    from lambda_slim.base.stamps import keep

    project, settings = opened.project, opened.settings
    requirements = [one.requirements for one in project.functions if one.requirements]
    if any(_looks_outside(one.path) for one in requirements):
        return
    watched = {project.root, *(one.source for one in project.functions), *(one.path for one in requirements)}
    watched |= {path for one in project.functions for path in one.events}
    watched |= {path for path in (settings.file, settings.interpreter, project.template) if path}
    locked = all(one.kind in (RequirementsKind.UV_LOCK, RequirementsKind.PYLOCK) for one in requirements)
    told = "".join(f"warning: {message}\n" for message in project.warnings)
    keep(sys.argv[1:], watched, text, told, code, fresh=not locked, since=begun)


def _looks_outside(requirements: Path) -> bool:
    """Whether a requirements file may name files that lie elsewhere."""
    text = requirements.read_text("utf-8", "replace")
    return "../" in text or "file:" in text


def verdict(report: Report, *, forgiven: bool) -> ExitCode:
    """1 where a check failed, unless that was forgiven."""
    bad = any(row.status == "failed" for one in report.functions for row in one.checks)
    return ExitCode.FINDINGS if bad and not forgiven else ExitCode.OK


def _settings_hold(opened: Session, *, quiet: bool) -> ExitCode:
    """Settings, budgets, ignore patterns and the lock can be read; nothing is resolved."""
    known = read_lock(opened.project.root / NAME)
    for one in opened.project.functions:
        budgets_of(opened.settings, one.name)
    names = {one.name for one in opened.project.functions}
    stale = sorted(set(known or {}) - names) if not opened.settings.select else []
    for name in stale:
        sys.stderr.write(f"warning: {NAME} has `{name}`, which is no function of this project\n")
    if not quiet:
        lock = f"{len(known)} in {NAME}" if known is not None else f"no {NAME}"
        sys.stdout.write(f"settings hold: {plural(len(names), 'function')}, {lock}\n")
    return ExitCode.OK


def _write(checked: tuple[Checked, ...], lock: Path, *, ratchet: bool, whole: bool) -> None:
    before = read_lock(lock) or {} if ratchet or not whole else _readable(lock)
    rows = lowered(checked, before) if ratchet else updated(checked, before, whole=whole)
    if write_lock(rows, lock):
        sys.stderr.write(f"wrote {lock.name}\n")


def _readable(lock: Path) -> dict[str, LockEntry]:
    """The lock; nothing where it is damaged, since it is about to be written anew."""
    try:
        return read_lock(lock) or {}
    except ConfigError:
        return {}
