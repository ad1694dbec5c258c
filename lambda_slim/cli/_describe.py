"""The manifest's rows on the packages that were written."""

from dataclasses import replace
from pathlib import Path

from lambda_slim.base.cache import digest
from lambda_slim.base.remember import of_same_objects
from lambda_slim.base.text import shown
from lambda_slim.cli._session import Session
from lambda_slim.inputs.project.manifest import BuiltPackage, file_digest, relative_to
from lambda_slim.model.function import Function
from lambda_slim.model.report import FunctionReport
from lambda_slim.model.settings import Settings
from lambda_slim.render.progress import warn
from lambda_slim.tasks.prepare import Planned


def describe_package(function: Function, opened: Session, out: Path, report: FunctionReport) -> BuiltPackage:
    """The manifest's row on a zip or folder that was just written."""
    place = out.absolute().parent
    return BuiltPackage(
        function=function.name,
        zip=out.name,
        sha256=file_digest(out) if out.is_dir() or not report.package else report.package.sha256,
        handler=function.handler,
        runtime=function.target.runtime.name,
        architecture=function.target.architecture,
        source=relative_to(place, (function.artifact or function.source).absolute()),
        template=relative_to(place, opened.project.template and opened.project.template.absolute()),
        settings=_settings_digest(opened.settings),
        starts=report.starts.verdict if report.starts else "",
    )


@of_same_objects(most=2)
def _settings_digest(settings: Settings) -> str:
    """A digest of the settings of a project; they have a table for each of its functions."""
    return digest(repr(replace(settings, lines={}, select=(), file=None, root=Path())))[:16]


def with_told(planned: Planned) -> Planned:
    """A plan, of which it is said what would have to be built for it."""
    from lambda_slim.inputs.partial import unbuilt_note

    if planned.resolution.unbuilt:
        warn(f"{shown(planned.function.name)}: {unbuilt_note(planned.resolution.unbuilt)}")
    return planned
