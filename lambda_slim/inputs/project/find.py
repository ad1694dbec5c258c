"""Which functions a target deploys."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from lambda_slim.base.errors import ConfigError, NothingToDoError, UsageError
from lambda_slim.base.files import is_there
from lambda_slim.inputs.project.artifacts import from_artifact, is_built
from lambda_slim.inputs.project.declared import TEMPLATES, requirements_of
from lambda_slim.inputs.project.entries import with_entries
from lambda_slim.inputs.project.handlers import check_handler, obvious_handler
from lambda_slim.inputs.project.layers import function_layers
from lambda_slim.inputs.project.targets import default_target
from lambda_slim.inputs.project.templates import from_template
from lambda_slim.model.function import Function, Project
from lambda_slim.model.settings import FunctionSettings, Settings


def find_project(target: Path, settings: Settings, *, handler: str | None = None) -> Project:
    """The functions that `target` deploys, filtered by `settings.select`, each with a handler that is there.

    Args:
        target: A project folder, a SAM or CloudFormation template, or a zip or folder that another tool built.
        settings: See `settings.load`.
        handler: The handler, where neither a template nor the settings name it.

    Raises:
        UsageError: the target is not there; it is not clear which function is meant.
        ConfigError: the template cannot be read, or a function lacks what only the user knows.
        HandlerError: a handler's file or function is missing.
        NothingToDoError: no function at all.
    """
    place = target.absolute()
    if not is_there(place):
        raise UsageError(
            f"`{target}` is not there",
            cause=f"no file or folder of this name in `{place.parent}`",
            hint="name a project folder, a template, or a built zip or folder",
        )
    warnings: list[str] = []
    template = template_of(place, settings)
    if template is None and (place.is_file() or (is_built(place) and not settings.functions)):
        found = from_artifact(place, settings, handler, warnings)
    elif template is not None:
        found = from_template(template, settings, warnings)
        if handler and len(found) == 1:
            found = [replace(found[0], handler=handler)]
    elif settings.functions:
        found = [_from_table(table, settings, warnings) for table in settings.functions]
    else:
        found = [_plain(place, settings, handler, warnings)]
    chosen = [with_entries(function) for function in _selected(found, settings, warnings)]
    for function in chosen:
        _check_name(function)
        check_handler(function)
    root = template.parent if template else (place if place.is_dir() else place.parent)
    return Project(root, tuple(chosen), template, tuple(dict.fromkeys(warnings)))


def template_of(place: Path, settings: Settings) -> Path | None:
    """The template that says what a target deploys, if one does."""
    if place.is_file():
        return place if place.suffix in (".yaml", ".yml", ".json", ".template") else None
    if settings.template:
        return settings.template
    if settings.functions and all(table.handler for table in settings.functions):
        return None  # the settings say it all; tables without a handler only add to a template's functions
    return next((place / name for name in TEMPLATES if (place / name).is_file()), None)


def _from_table(table: FunctionSettings, settings: Settings, warnings: list[str]) -> Function:
    root = settings.file.parent if settings.file else settings.root
    source = table.source or root
    if not table.handler:
        raise ConfigError(
            f"{table.where}: function `{table.name}` has no handler",
            cause="without a template, only the settings can name it",
            hint='add handler = "module.function"',
        )
    if not source.is_dir():
        raise ConfigError(
            f"{table.where}: the source of `{table.name}` is not a folder",
            cause=str(source),
            hint="`source` is relative to the settings file",
        )
    return Function(
        name=table.name,
        handler=table.handler,
        source=source,
        target=default_target(settings, table, warnings, root),
        requirements=requirements_of(table, source, root),
        memory_mb=table.memory_mb or 128,
        environment=table.environment,
        layers=function_layers(table, settings),
        events=table.events,
        where=table.where,
    )


def _plain(place: Path, settings: Settings, handler: str | None, warnings: list[str]) -> Function:
    chosen = handler or obvious_handler(place, place.name)
    table = FunctionSettings(place.name)
    return Function(
        name=place.name or "function",
        handler=chosen,
        source=place,
        target=default_target(settings, table, warnings, place),
        requirements=requirements_of(table, place, place),
        layers=function_layers(table, settings),
    )


def _selected(found: list[Function], settings: Settings, warnings: list[str]) -> list[Function]:
    if not found:
        raise NothingToDoError(
            "no Python function to work on",
            cause="; ".join(warnings) or "the template names none",
            hint="docs/settings.md says how functions are found",
        )
    chosen = [one for one in found if settings.selects(one.name)]
    if not chosen:
        names = [one.name for one in found]
        near = [near for one in settings.select for near in get_close_matches(one, names, 1)]
        raise UsageError(
            f"no function is called {', '.join(f'`{name}`' for name in settings.select)}",
            cause=f"there are: {', '.join(names)}" + "".join(f"; {warning}" for warning in warnings),
            hint=f"did you mean `{near[0]}`?" if near else "-F takes a name, or a pattern: -F 'Orders*'",
        )
    return chosen


def _check_name(function: Function) -> None:
    """A function's name is also its zip's, which must stay in the output folder."""
    if function.name in (".", "..") or any(sign in function.name for sign in "/\\\0"):
        raise ConfigError(
            f"`{function.name}` cannot be the name of a zip",
            cause=f"it would lead out of the output folder ({function.where})",
            hint="rename the function",
        )
