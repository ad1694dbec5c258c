"""One side of a comparison: a report, a package of any tool, a project now or at a git ref."""

import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import NothingToDoError, SlimError, UsageError
from lambda_slim.base.files import read_loosely
from lambda_slim.base.progress import Progress, silent
from lambda_slim.formats.report_json import is_report, parse_report
from lambda_slim.inputs.images.package import is_image, open_image
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.function import Project
from lambda_slim.model.report import FunctionReport
from lambda_slim.model.settings import Settings
from lambda_slim.run.git import check_out
from lambda_slim.tasks.analyze import package_report
from lambda_slim.tasks.build import BuildOptions, build_function


def read_state(name: str, here: Path, settings: Settings, progress: Progress = silent) -> tuple[FunctionReport, ...]:
    """The functions that a name stands for, none of whose code is run.

    Args:
        name: A report's file, a zip, a folder, or `git:REF` for the project in `here`.
        here: What paths and refs are relative to.
        settings: `select`, `interpreter` and `offline`.
        progress: Told what is being done.

    Raises:
        UsageError: nothing has this name.
        SlimError: as the stages say; a project at a ref says which.
    """
    if name.startswith("git:"):
        return _of_ref(name.removeprefix("git:"), here, settings, progress)
    path = here / name
    if not path.exists():
        hint = "name two of: a report (--json), a zip, a folder, git:REF"
        raise UsageError(f"`{name}` is not there", cause="it is neither a file nor a folder", hint=hint)
    if not path.is_dir() and not path.is_file():
        raise UsageError(f"`{name}` cannot be read", cause="it is a pipe or a device", hint="name a file or a folder")
    if path.suffix == ".json" and path.is_file() and is_report(text := read_loosely(path)):
        return parse_report(text).functions
    if zipfile.is_zipfile(path) or path.suffix == ".zip":
        return (package_report(path, settings, progress),)
    return _of_project(path, settings, progress)


def _of_image(path: Path, settings: Settings, progress: Progress) -> tuple[FunctionReport, ...]:
    """What the function in an image has; what starts it does not matter here."""
    image = open_image(path.absolute(), settings.architecture)
    report = package_report(image.folder, settings, progress)
    return (
        replace(report, name=path.name.partition(".")[0], runtime=f"python{image.kind.version}", image=image.report),
    )


def _of_project(path: Path, settings: Settings, progress: Progress) -> tuple[FunctionReport, ...]:
    """The functions of a project or an image; a folder that is none is a package."""
    if is_image(path):
        return _of_image(path, settings, progress)
    try:
        own = _merged(load(path), settings)
        project = find_project(path, own)
    except (UsageError, NothingToDoError):
        if not path.is_dir():
            raise
        return (package_report(path, settings, progress),)
    if any(function.artifact for function in project.functions):
        return (package_report(path, settings, progress),)
    return _built(project, own, progress)


def _merged(own: Settings, given: Settings) -> Settings:
    return replace(own, interpreter=given.interpreter, offline=given.offline, select=given.select)


def _of_ref(ref: str, here: Path, settings: Settings, progress: Progress) -> tuple[FunctionReport, ...]:
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        place = check_out(here, ref, Path(folder))
        try:
            own = _merged(load(place), settings)
            return _built(find_project(place, own), own, progress)
        except SlimError as error:
            error.message = f"at git:{ref}: {error.message}"
            raise


def _built(project: Project, settings: Settings, progress: Progress) -> tuple[FunctionReport, ...]:
    """What `build` makes of every function, with the files that are really in its zip."""
    reports = []
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        for function in project.functions:
            path = Path(folder) / f"{function.name}.zip"
            built = build_function(function, settings, path, BuildOptions(prove=False), progress).report
            packed = package_report(path, settings, progress)
            reports.append(replace(built, before=packed.before, after=None, files=packed.files, package=None))
    return tuple(reports)
