"""`lambda-slim slim`: slims in place what another tool has built."""

import json as json_module
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, NothingToDoError, SlimError, UsageError
from lambda_slim.base.files import is_there, write_text
from lambda_slim.bundle.aside import NAME, Aside
from lambda_slim.cli import _options as flags
from lambda_slim.cli._options import ProjectFlags
from lambda_slim.cli._spread import spread
from lambda_slim.cli.build import PackageFlags, ProofFlags
from lambda_slim.inputs.builds.contents import is_layer
from lambda_slim.inputs.builds.find import find_output
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings import load as settings_module
from lambda_slim.model.function import Project
from lambda_slim.model.settings import Settings
from lambda_slim.model.slimmed import SlimRow
from lambda_slim.render.progress import progress_on_stderr
from lambda_slim.tasks.slim import in_place as task
from lambda_slim.tasks.slim.layer import LayerAsked, slim_layer, users_of
from lambda_slim.tasks.slim.undo import undo

Built = Annotated[
    Path,
    typer.Argument(
        help="a build: .aws-sam/build, cdk.out, .serverless; a folder of packages, one package, or a layer",
        show_default=False,
    ),
]
Undo = Annotated[bool, typer.Option("--undo", help="bring back what was there before")]
DryRun = Annotated[bool, typer.Option("--dry-run", "--check", help="show what would change; exit 1 if anything would")]
Layers = Annotated[
    list[str] | None,
    typer.Option("--layer", help="slim this layer even if others may use it (glob; repeat)", show_default=False),
]
JsonRows = Annotated[
    Path | None, typer.Option("--json", help="write the result for each package as JSON (- for stdout)")
]


@dataclass(frozen=True, slots=True)
class InPlaceFlags:
    """What happens to the build."""

    undo: Undo = False
    dry_run: DryRun = False
    offline: flags.Offline = False
    layer: Layers = None


@spread
def command(
    *,
    target: Built,
    place: InPlaceFlags,
    project: ProjectFlags,
    package: PackageFlags,
    proof: ProofFlags,
    json: JsonRows = None,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Slims every Python function of a build in place; `--undo` brings back what was there."""
    folder = project.folder / target
    others: tuple[tuple[str, str], ...] = ()
    if place.undo:
        rows = _undone(folder)
    else:
        _finish(folder, dry_run=place.dry_run)
        settings = _settings(folder, place, project, package, proof)
        with progress_on_stderr(quiet=progress.quiet, verbose=progress.verbose) as told:
            if is_layer(folder, project.handler) and (owner := _owner_of(folder, project, settings)):
                asked = LayerAsked(place.layer or (), place.dry_run)
                rows = slim_layer(folder, owner, settings, proof.options(), told, asked)
            else:
                output = find_output(folder, settings, project.handler)
                settings = replace(settings, select=settings.select or output.asked)
                others = output.others
                work = task.foresee if place.dry_run else task.slim
                rows = work(output, settings, proof.options(), told, place.layer or ())
                _check_asked(rows, others, settings, output.kind)
    _show(rows, others, json, quiet=progress.quiet)
    return _code(rows)


def _settings(
    folder: Path, place: InPlaceFlags, project: ProjectFlags, package: PackageFlags, proof: ProofFlags
) -> Settings:
    off = [name for name, flag in (("strip", package.no_strip), ("proof", proof.no_verify)) if flag]
    said = {**project.settings(), **package.settings(), "offline": place.offline, "stub_aws": proof.stub_aws}
    overrides = {**flags.given({**said, "static": place.dry_run}), **dict.fromkeys(off, False)}
    return settings_module.load(folder, config=project.config, overrides=overrides, working=project.folder)


def _owner_of(layer: Path, flags: ProjectFlags, settings: Settings) -> Project | None:
    """The project in the working folder, where functions of it have a layer."""
    try:
        project = find_project(flags.folder, replace(settings, select=()))
    except SlimError:
        return None
    return project if users_of(layer, project) else None


def _finish(target: Path, *, dry_run: bool) -> None:
    """Finishes what a killed process had begun, before anything is looked at.

    Raises:
        UsageError: nothing may be written.
    """
    for parent in (target.resolve(), target.resolve().parent):
        aside = Aside(parent, parent)
        if not aside.begun:
            continue
        if dry_run:
            raise UsageError(
                f"`{target}` is partly slimmed", cause="an earlier run was killed", hint="run it without --dry-run"
            )
        with aside.held():
            pass


def _undone(target: Path) -> tuple[SlimRow, ...]:
    """Takes back what was done to a folder, or to one package of a folder.

    Raises:
        NothingToDoError: nothing was.
    """
    place = target.resolve()
    inside = place.is_dir() and (place / NAME).is_dir()
    parent = place if inside else place.parent
    aside = Aside(parent, parent)
    only = "" if inside else place.name
    if not is_there(aside.place) or (rows := undo(aside, only)) == ():
        raise NothingToDoError(
            f"nothing was slimmed in `{target}`, or its tool has rebuilt it since",
            cause=f"no {NAME} lists it",
            hint="name what was slimmed: the folder, or the zip",
        )
    return rows


def _check_asked(rows: Sequence[SlimRow], others: Sequence[tuple[str, str]], settings: Settings, kind: str) -> None:
    """Refuses a build without a function to slim.

    Raises:
        UsageError: no function has a name that was asked for.
        NothingToDoError: there is no Python function.
    """
    if rows:
        return
    if settings.select:
        raise UsageError(
            f"no function is called {', '.join(settings.select)}",
            cause="the build has none of this name",
            hint="-F takes a name, or a pattern: -F 'Orders*'",
        )
    cause = "; ".join(f"{name}: {why}" for name, why in others)
    hint = "" if cause else "did the build finish?"
    raise NothingToDoError(f"this {kind} has no Python function to slim", cause=cause or "it names none", hint=hint)


def _show(rows: Sequence[SlimRow], others: Sequence[tuple[str, str]], json: Path | None, *, quiet: bool) -> None:
    if json:
        every = {"packages": [asdict(row) for row in rows], "others": [list(row) for row in others]}
        text = json_module.dumps(every, indent=1) + "\n"
        if str(json) == "-":
            sys.stdout.write(text)
            return
        write_text(json, text)
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.slimmed import render_slimmed, render_summary

    sys.stdout.write(render_summary(rows) if quiet else render_slimmed(rows, others, look_of_stdout()))


def _code(rows: Sequence[SlimRow]) -> ExitCode:
    """The worst failure's code; with `--dry-run` 1 where something would be slimmed."""
    codes = [row.exit_code for row in rows if row.status == "failed"]
    if codes:
        return ExitCode(max(codes))
    return ExitCode.FINDINGS if any(row.status == "would" for row in rows) else ExitCode.OK
