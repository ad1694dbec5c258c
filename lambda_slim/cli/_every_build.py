"""`build --all`: the packages of everything that a repository deploys."""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_slim.base.errors import ExitCode
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.rows import by_name
from lambda_slim.cli._every import EveryChoice, EveryScope, answers_of, choose_every, find_every
from lambda_slim.cli._options import ProgressFlags
from lambda_slim.cli._session import Session
from lambda_slim.cli._stamp import BuiltPackages, Packages, opened_deployable, remember_every, watch_every
from lambda_slim.cli._write import STDOUT, write_result
from lambda_slim.model.deployable import Deployable, EveryReport, EveryRow
from lambda_slim.model.report import FunctionReport
from lambda_slim.tasks.build_options import BuildOptions

if TYPE_CHECKING:
    from lambda_slim.inputs.project.manifest import BuiltPackage
    from lambda_slim.tasks.every.job import EveryAnswer


@dataclass(frozen=True, slots=True)
class EveryRun:
    """What `build --all` works with.

    Attributes:
        scope: What is built.
        output: The folder for all packages; None for one beside each deployable.
        options: As for one build.
        dry: Whether nothing is written.
    """

    scope: EveryScope
    output: Path | None
    options: BuildOptions
    dry: bool


def build_every(run: EveryRun, progress: ProgressFlags, files: Mapping[str, Path | None]) -> ExitCode:
    """Builds the chosen functions and shows the table.

    Raises:
        NothingToDoError: nothing is below the folder.
        UsageError: no function has a name that was asked for.
        ConfigError: git cannot say what changed.
    """
    from lambda_slim.render.progress import progress_on_stderr

    with progress_on_stderr(quiet=progress.quiet, verbose=progress.verbose) as told:
        told("looking for deployables")
        report, packages = _worked(run, told)
    text, code = show_every(report, progress, files), ExitCode(report.code)
    if run.scope.stamp and all(row.result in ("built", "same") for row in report.rows):
        remember_every(run.scope.stamp, (text, code), packages)
    return code


def show_every(report: EveryReport, progress: ProgressFlags, files: Mapping[str, Path | None]) -> str:
    """Prints what was skipped, writes the table to the requested files, and prints it; returns what was printed.

    Args:
        report: The table.
        progress: Whether notes and the table are printed.
        files: Format (json, markdown) to where it goes; `-` is standard output, in place of the text.
    """
    from lambda_slim.render.console import look_of_stdout
    from lambda_slim.render.every import every_json, every_markdown, render_every
    from lambda_slim.render.progress import warn

    for note in () if progress.quiet else report.notes:
        warn(note)
    for name, render in (("json", every_json), ("markdown", every_markdown)):
        write_result(files.get(name), render(report))
    text = "" if STDOUT in files.values() else render_every(report, look_of_stdout(), quiet=progress.quiet)
    sys.stdout.write(text)
    return text


def _worked(run: EveryRun, told: Progress) -> tuple[EveryReport, list[BuiltPackages]]:
    from lambda_slim.inputs.deployables.find import without_doubles
    from lambda_slim.tasks.every.repository import output_folders

    deployables = find_every(run.scope)
    folders = output_folders(without_doubles(deployables)[0], run.scope.root.absolute(), run.output)
    choice = choose_every(deployables, run.scope)
    places = [_packages(run, row, folders[row.label]) for row in choice.deployables]
    if run.scope.stamp:
        known = [packages for packages in places if packages]
        written = [place for packages in known for place in packages.places()]
        watch_every(run.scope.stamp, run.scope.root, [packages.opened for packages in known], written)
    rows, reports = _rows(run, choice, folders, told)
    packages = [BuiltPackages(place, made) for place, made in zip(places, reports, strict=True)]
    return choice.table(rows, run.scope.root, "build"), packages


def _packages(run: EveryRun, row: Deployable, folder: Path) -> Packages | None:
    """What is written for a deployable; None where its functions cannot be known."""
    opened = opened_deployable(row)
    return Packages(opened, folder, "zip", run.dry) if opened else None


Rows = tuple[list[EveryRow], list[tuple[FunctionReport, ...]]]


def _rows(run: EveryRun, choice: EveryChoice, folders: Mapping[str, Path], told: Progress) -> Rows:
    """The results of the functions, in the order of their deployables; and the reports of each deployable."""
    from lambda_slim.tasks.every.job import EveryJob
    from lambda_slim.tasks.every.repository import usual_jobs
    from lambda_slim.tasks.every.rows import rows_of

    def job_of(row: Deployable) -> EveryJob:
        return EveryJob(row, _outs(run, row, folders[row.label]), run.options)

    rows: list[EveryRow] = []
    reports: list[tuple[FunctionReport, ...]] = []
    for row, answered in answers_of(choice.deployables, job_of, run.scope.flags.jobs or usual_jobs(), told):
        reports.append(tuple(answer.report for answer in answered if answer.report))
        outs = dict(zip((function.name for function in row.functions), job_of(row).outs, strict=True))
        _write_manifests(row, answered, outs)
        rows += rows_of(row, answered, {name: os.path.relpath(out) for name, out in outs.items() if out})
    return rows, reports


def _outs(run: EveryRun, row: Deployable, folder: Path) -> tuple[Path | None, ...]:
    """Where the package of each function goes."""
    return tuple(None if run.dry else folder / f"{function.name}.zip" for function in row.functions)


def _write_manifests(row: Deployable, answered: Iterable["EveryAnswer"], outs: Mapping[str, Path | None]) -> None:
    """Writes beside the packages what each was made from."""
    from lambda_slim.cli._describe import describe_package
    from lambda_slim.inputs.project.manifest import write_manifest

    functions = by_name(row.functions)
    built: dict[Path, list[BuiltPackage]] = {}
    for answer in answered:
        out = outs.get(answer.function)
        if answer.report and out and row.project:
            opened = Session(row.settings, row.project, silent)
            described = describe_package(functions[answer.function], opened, out, answer.report)
            built.setdefault(out.absolute().parent, []).append(described)
    for folder, packages in built.items():
        write_manifest(folder, packages)
