"""`--all`: the work of a command on everything that a repository deploys."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.progress import Progress, silent
from lambda_slim.cli._options import ProgressFlags, ProjectFlags, given
from lambda_slim.cli._session import Session
from lambda_slim.cli._write import STDOUT, write_result
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.deployable import Deployable, EveryReport, EveryRow
from lambda_slim.model.settings import Settings
from lambda_slim.tasks.build_options import BuildOptions

if TYPE_CHECKING:
    from lambda_slim.inputs.project.manifest import BuiltPackage
    from lambda_slim.tasks.every import ChosenDeployables
    from lambda_slim.tasks.every_job import EveryAnswer

All = Annotated[bool, typer.Option("--all", help="every template, project and Dockerfile below TARGET")]
Changed = Annotated[
    str | None, typer.Option("--changed", metavar="git:REF", help="with --all: only what changed since a commit")
]
Shard = Annotated[str | None, typer.Option("--shard", metavar="i/n", help="with --all: build only the i-th of n parts")]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=0,
        show_default="one a core",
        help="with --all: how many builds run side by side; 0: one for each core",
    ),
]


@dataclass(frozen=True, slots=True)
class EveryFlags:
    """Whether all below a folder is meant, and which part of it."""

    all: All = False
    changed: Changed = None
    shard: Shard = None
    jobs: Jobs = 0

    def check(self, handler: str | None, html: Path | None) -> None:
        """Refuses flags that make no sense together.

        Raises:
            UsageError: they do not.
        """
        if not self.all:
            for name, value in (("--changed", self.changed), ("--shard", self.shard), ("--jobs", self.jobs)):
                if value:
                    raise UsageError(f"{name} is about several deployables", hint=f"say --all {name} {value}")
        elif handler:
            raise UsageError("--all and --handler exclude each other", hint="--handler is about one function")
        elif html:
            raise UsageError("--all writes no page", hint="--json or --markdown; or --html for one project at a time")
        if self.changed and not self.changed.removeprefix("git:"):
            raise UsageError("--changed names no commit", hint="e.g. --changed git:origin/main")


@dataclass(frozen=True, slots=True)
class EveryRun:
    """What `build --all` works with.

    Attributes:
        root: The folder that is looked through.
        project: Which functions are meant, and what they are built for.
        settings: Settings that flags give.
        off: Settings that flags switch off.
        output: The folder for all packages; None for one beside each deployable.
        options: As for one build.
        dry: Whether nothing is written.
    """

    root: Path
    project: ProjectFlags
    settings: Mapping[str, object]
    off: Sequence[str]
    output: Path | None
    options: BuildOptions
    dry: bool


def build_every(
    run: EveryRun, flags: EveryFlags, progress: ProgressFlags, files: Mapping[str, Path | None]
) -> ExitCode:
    """Builds what is meant, and shows the table.

    Raises:
        NothingToDoError: nothing is below the folder.
        UsageError: no function has a name that was asked for.
        ConfigError: git cannot say what changed.
    """
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.every import every_json, every_markdown, render_every
    from lambda_slim.render.progress import progress_on_stderr, warn

    with progress_on_stderr(quiet=progress.quiet, verbose=progress.verbose) as told:
        told("looking for deployables")
        report = _worked(run, flags, told)
    for note in () if progress.quiet else report.notes:
        warn(note)
    for name, render in (("json", every_json), ("markdown", every_markdown)):
        write_result(files.get(name), render(report))
    if STDOUT not in files.values():
        sys.stdout.write(render_every(report, look_of_stdout(), quiet=progress.quiet))
    return ExitCode(report.code)


def _worked(run: EveryRun, flags: EveryFlags, told: Progress) -> EveryReport:
    from lambda_slim.inputs.deployables.find import find_deployables, without_doubles
    from lambda_slim.tasks.every import output_folders, usual_jobs

    deployables = find_deployables(run.root, lambda place: _settings(run, place))
    folders = output_folders(without_doubles(deployables)[0], run.root.absolute(), run.output)
    unique, doubles = without_doubles(_asked(deployables, run.project.function or ()))
    chosen = _chosen(run, flags, unique)
    rows = _rows(run, chosen.deployables, folders, flags.jobs or usual_jobs(), told)
    shown = {f"{row.label}: {function.name}" for row in chosen.deployables for function in row.functions}
    same = [EveryRow(*key, result="same", message=first) for key, first in doubles.items() if first in shown]
    order = [row.label for row in deployables]
    rows = sorted([*rows, *same], key=lambda row: order.index(row.deployable))
    return EveryReport(run.root, tuple(rows), chosen.unchanged, tuple(_notes(chosen.deployables)))


def _chosen(run: EveryRun, flags: EveryFlags, unique: tuple[Deployable, ...]) -> "ChosenDeployables":
    """What changed, and of that the part that was asked for."""
    from lambda_slim.tasks.every import ChosenDeployables, only_changed, only_part

    chosen = ChosenDeployables(unique)
    if flags.changed:
        chosen = only_changed(unique, run.root.absolute(), flags.changed.removeprefix("git:"))
    return only_part(chosen, flags.shard) if flags.shard else chosen


def _notes(deployables: Iterable[Deployable]) -> Iterator[str]:
    for row in deployables:
        yield from dict.fromkeys(f"{row.label}: {text}" for text in (row.project.warnings if row.project else ()))


def _settings(run: EveryRun, place: Path) -> Settings:
    """The settings that hold for a file or folder, of all functions."""
    overrides = given({**run.project.settings(), **run.settings}) | dict.fromkeys(run.off, False)
    overrides.pop("select", None)
    return load(place, config=run.project.config, overrides=overrides, working=run.project.folder)


def _asked(deployables: tuple[Deployable, ...], patterns: Sequence[str]) -> tuple[Deployable, ...]:
    """The deployables with the functions that `-F` names.

    Raises:
        UsageError: it names none.
    """
    if not patterns:
        return deployables
    wanted = Settings(root=Path(), select=tuple(patterns))
    kept = []
    for row in deployables:
        names = frozenset(function.name for function in row.functions if wanted.selects(function.name))
        if names:
            kept.append(row.only(names))
    if not kept:
        every = sorted({function.name for row in deployables for function in row.functions})
        raise UsageError(
            f"no function is called {', '.join(f'`{name}`' for name in patterns)}",
            cause=f"there are: {', '.join(every[:12])}",
            hint="-F takes a name, or a pattern: -F 'Orders*'",
        )
    return tuple(kept)


def _rows(
    run: EveryRun, chosen: tuple[Deployable, ...], folders: Mapping[str, Path], jobs: int, told: Progress
) -> list[EveryRow]:
    """What came of the functions, in the order of their deployables."""
    from lambda_slim.tasks.every import rows_of, work_on
    from lambda_slim.tasks.every_job import EveryJob

    work = [EveryJob(row, _outs(run, row, folders[row.label]), run.options) for row in chosen if row.functions]
    done = zip(work, work_on(work, jobs, told), strict=True)
    answers = {job.deployable.label: (job, list(answered)) for job, answered in done}
    rows: list[EveryRow] = []
    for row in chosen:
        job, answered = answers.get(row.label, (None, []))
        outs = dict(zip((function.name for function in row.functions), job.outs, strict=True)) if job else {}
        _write_manifests(row, answered, outs)
        rows += rows_of(row, answered, {name: os.path.relpath(out) for name, out in outs.items() if out})
    return rows


def _outs(run: EveryRun, row: Deployable, folder: Path) -> tuple[Path | None, ...]:
    """Where the package of each function goes."""
    return tuple(None if run.dry else folder / f"{function.name}.zip" for function in row.functions)


def _write_manifests(row: Deployable, answered: Iterable["EveryAnswer"], outs: Mapping[str, Path | None]) -> None:
    """Says beside the packages what each was made from."""
    from lambda_slim.cli._describe import describe_package
    from lambda_slim.inputs.project.manifest import write_manifest

    functions = {function.name: function for function in row.functions}
    built: dict[Path, list[BuiltPackage]] = {}
    for answer in answered:
        out = outs.get(answer.function)
        if answer.report and out and row.project:
            opened = Session(row.settings, row.project, silent)
            described = describe_package(functions[answer.function], opened, out, answer.report)
            built.setdefault(out.absolute().parent, []).append(described)
    for folder, packages in built.items():
        write_manifest(folder, packages)
