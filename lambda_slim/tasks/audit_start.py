"""Whether a finished package can start: finds its handler, and what its INIT imports."""

from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import SlimError
from lambda_slim.inputs.prebuilt import unpacked
from lambda_slim.inputs.project.manifest import built_package
from lambda_slim.inputs.project.plain import obvious_handler
from lambda_slim.model.decision import DEFAULT, Decision, Plan
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Level, Settings
from lambda_slim.model.startup_report import StartReport
from lambda_slim.model.target import Target
from lambda_slim.plan.starts.verdict import Judged, judge_start
from lambda_slim.tasks.prepare import Planned, plan_function
from lambda_slim.tasks.silenced import silenced


def judge_package(place: Path, target: Target, settings: Settings, handler: str | None = None) -> Judged:
    """The verdict on a zip or folder; `unknown` where it is not clear which handler it is of.

    Args:
        place: The package.
        target: What it is for.
        settings: Their functions may name the handler.
        handler: As Lambda reads it, where the user says it.
    """
    source = unpacked(place).absolute()
    try:
        named = handler or _handler_of(place, settings) or obvious_handler(source, place.name)
    except SlimError as error:
        why = f"its handler is not known ({error.message}): give --handler module.function"
        return Judged(StartReport("unknown", why), (), frozenset())
    function = Function(place.stem, named, source, target, artifact=place.absolute())
    judged = judge_whole(plan_function(function, replace(settings, level=Level.SAFE)), path_known=False)
    return _as_built(place, judged) if handler is None else judged


def _as_built(place: Path, judged: Judged) -> Judged:
    """The verdict from the build of exactly these bytes, when sources and PYTHONPATH were known."""
    built = built_package(place)
    if judged.report.verdict != "unknown" or built is None or built.starts != "yes":
        return judged
    return Judged(replace(judged.report, verdict="yes", why=""), (), judged.modules, judged.files)


def judge_function(function: Function, settings: Settings) -> Judged:
    """The verdict on a function whose package is finished: nothing is left out."""
    return judge_whole(plan_function(function, replace(settings, level=Level.SAFE)))


def judge_whole(planned: Planned, *, path_known: bool = True) -> Judged:
    """The verdict on all files, without regard to decisions; see `judge_start`."""
    everything = Plan(tuple(Decision(file, DEFAULT) for file in planned.inventory.files))
    return judge_start(planned.facts, everything, ignored=silenced(planned), path_known=path_known)


def _handler_of(place: Path, settings: Settings) -> str:
    """The handler from the manifest beside a zip, else from the settings' function of that name; else ""."""
    if place.is_file() and (built := built_package(place)):
        return built.handler
    return settings.table_of(place.stem).handler or ""
