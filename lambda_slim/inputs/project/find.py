"""Which functions a target deploys."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from lambda_slim.base.errors import ConfigError, HandlerError, NothingToDoError, SlimError, UsageError
from lambda_slim.base.files import is_there
from lambda_slim.base.text import clause
from lambda_slim.inputs.functions.names import plain_name
from lambda_slim.inputs.functions.records import Declared, python_runtime
from lambda_slim.inputs.images.package import is_image
from lambda_slim.inputs.project.artifacts import from_artifact, is_built
from lambda_slim.inputs.project.deployment import Deployment, deployment_of
from lambda_slim.inputs.project.entries import with_entries
from lambda_slim.inputs.project.functions import from_table, made, strangers
from lambda_slim.inputs.project.handlers import check_handler, module_file
from lambda_slim.inputs.project.image import from_image
from lambda_slim.inputs.project.plain import plain_function, plain_functions
from lambda_slim.model.function import Failure, Function, Project
from lambda_slim.model.settings import FunctionSettings, Settings


@dataclass(slots=True)
class _Found:
    """What has been found so far."""

    functions: list[Function] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of all functions, also of those that were not asked for
    others: list[Declared] = field(default_factory=list)  # functions of deployment files below, not for this tool

    def add(self, name: str, make: Callable[[], Function], where: str = "") -> None:
        """Adds a function; where it cannot be made, its failure."""
        try:
            self.functions.append(make())
        except SlimError as error:
            self.failures.append(Failure(name, error, where))


def find_project(target: Path, settings: Settings, *, handler: str | None = None) -> Project:
    """The functions that `target` deploys, filtered by `settings.select`, each with a handler that is there.

    A function that cannot be handled is left out with a warning, and is one of the project's failures.

    Args:
        target: A project folder, a deployment file, or a zip or folder that another tool built.
        settings: See `settings.load`.
        handler: The handler; it wins over what a deployment file or the settings say.

    Raises:
        UsageError: the target is not there; it is not clear which function is meant.
        ConfigError: a deployment file cannot be read, or all functions lack what only the user knows.
        HandlerError: the file or function of all handlers is missing.
        NothingToDoError: no function at all.
    """
    place = target.absolute()
    if not is_there(place):
        raise UsageError(
            f"`{target}` is not there",
            cause=f"no file or folder of this name in `{place.parent}`",
            hint="name a project folder, a template, or a built zip or folder",
        )
    search = _Found()
    tables = _tables(place, settings)
    told = bool(handler or any(table.handler for table in tables))
    deployment = _deployment(place, settings, tables, search, told=told)
    root = _root(place, deployment)
    if deployment:
        _of_deployment(deployment, settings, root, search, tables)
    elif _is_package(place, settings):
        read = from_image if is_image(place) else from_artifact
        search.functions = read(place, settings, handler, search.warnings)
        handler = None
    elif tables:
        _of_tables(tables, settings, place, search)
    else:
        search.functions = _plain(place, settings, handler, search)
        handler = None
    if handler:
        search.functions = [_handled(handler, place, settings, search)]
    chosen = _checked(_selected(search, settings), search)
    file = deployment.file if deployment else None
    return Project(root, tuple(chosen), file, tuple(dict.fromkeys(search.warnings)), tuple(search.failures))


def _plain(place: Path, settings: Settings, handler: str | None, search: _Found) -> list[Function]:
    """The functions of a folder that nothing else speaks of.

    Raises:
        UsageError: as `plain_functions`; or deployment files below deploy functions, and none for Python.
    """
    if handler:
        return [plain_function(place, settings, handler, search.warnings)]
    functions = plain_functions(place, settings, search.warnings)
    foreign = next((row for row in search.others if not python_runtime(row.runtime)), None)
    if foreign:
        raise UsageError(
            f"is `{functions[0].handler}` a function? no deployment file names it",
            cause=f"{foreign.where} deploys {foreign.name}, whose runtime is {foreign.runtime}",
            hint=f"if it is one, say --handler {functions[0].handler}",
        )
    return functions


def _is_package(place: Path, settings: Settings) -> bool:
    """Whether the target is a package that another tool built, of which the settings say nothing more."""
    return place.is_file() or is_image(place) or (is_built(place) and not settings.functions)


def deployment_file(place: Path, settings: Settings) -> Path | None:
    """The deployment file that says what a target deploys, if one does.

    Raises:
        SlimError: see `find_project`.
    """
    deployment = _deployment(place.absolute(), settings, (), _Found(), told=False)
    return deployment.file if deployment else None


def _deployment(
    place: Path, settings: Settings, tables: Sequence[FunctionSettings], search: _Found, *, told: bool
) -> Deployment | None:
    if is_image(place) or (place.is_dir() and not settings.template and is_built(place)):
        return None
    return deployment_of(place, settings, search.warnings, told=told, others=search.others, deep=not tables)


def _root(place: Path, deployment: Deployment | None) -> Path:
    if place.is_dir():
        outside = deployment and place not in deployment.file.parents
        return deployment.file.parent if deployment and outside else place
    return place.parent


def _tables(place: Path, settings: Settings) -> tuple[FunctionSettings, ...]:
    """The settings' functions that lie in the target; those of a folder above it do not replace what was named."""
    if not place.is_dir():
        return ()
    below = settings.file is not None and settings.file.parent in place.parents
    return tuple(
        table
        for table in settings.functions
        if (place in (table.source, *table.source.parents) if table.source else not below)
    )


def _of_deployment(
    deployment: Deployment, settings: Settings, root: Path, search: _Found, tables: Sequence[FunctionSettings]
) -> None:
    """The functions of a deployment file, and those that only the settings name."""
    names = [row.name for row in deployment.rows]
    search.names += [row.name for row in deployment.rows if not row.skipped]
    search.warnings += strangers(settings, names, deployment.file.name)
    for row in deployment.rows:
        if not settings.selects(row.name):
            continue
        if row.skipped:
            search.warnings.append(f"{row.where}: {row.name} is left out: {row.skipped}")
            continue
        search.warnings += filter(None, [row.note])
        search.add(row.name, partial(made, row, settings, root, search.warnings), row.where)
    others = [table for table in tables if table.handler and table.name not in names]
    _of_tables(others, settings, root, search)


def _of_tables(tables: Sequence[FunctionSettings], settings: Settings, place: Path, search: _Found) -> None:
    """Functions that only the settings name."""
    for table in tables:
        search.names.append(table.name)
        if settings.selects(table.name):
            search.add(table.name, partial(from_table, table, settings, place, search.warnings))


def _handled(handler: str, place: Path, settings: Settings, search: _Found) -> Function:
    """The function whose handler was named: one that has it, one whose code has it, else the target's own code.

    Raises:
        UsageError: the code of several functions has it.
    """
    asked = [function for function in search.functions if settings.selects(function.name)]
    same = [function for function in asked if function.handler.replace("/", ".") == handler.replace("/", ".")]
    if len(same) == 1:
        return same[0]
    able = [changed for function in asked if module_file(changed := replace(function, handler=handler))]
    return _only_code(able, place) if able else _own_code(handler, place, settings, asked, search)


def _only_code(functions: list[Function], place: Path) -> Function:
    """One function for those that have a handler in their code, where all have the same code.

    Raises:
        UsageError: they have not.
    """
    first = functions[0]
    if len({(function.source, function.layout, function.target) for function in functions}) > 1:
        raise UsageError(
            f"`{first.handler}` is in the code of several functions",
            cause=f"there are: {', '.join(function.name for function in functions)}",
            hint=f"choose one with -F {first.name}",
        )
    return first if len(functions) == 1 else replace(first, name=plain_name(place))


def _own_code(handler: str, place: Path, settings: Settings, asked: list[Function], search: _Found) -> Function:
    """A function of the target's own code, for a handler that is in none of those that were asked for."""
    folder = place if place.is_dir() else place.parent
    function = plain_function(folder, settings, handler, [])
    if asked and not module_file(function):
        return replace(asked[0], handler=handler)  # what is missing in it is said of it
    if not search.functions:
        search.failures.clear()
        return function
    search.warnings.append(f"{handler} is in no function of the deployment file; the code of {folder.name} is taken")
    return replace(function, target=search.functions[0].target) if not settings.runtime else function


def _selected(search: _Found, settings: Settings) -> list[Function]:
    names = list(dict.fromkeys([*search.names, *(function.name for function in search.functions)]))
    if not names and not search.failures:
        raise NothingToDoError(
            "no Python function to work on",
            cause="; ".join(search.warnings) or "the deployment file names none",
            hint="docs/finding-functions.md says how functions are found; --handler names one",
        )
    chosen = [function for function in search.functions if settings.selects(function.name)]
    if not chosen and not search.failures:
        raise _not_called(settings, names, search.warnings)
    return chosen


def _not_called(settings: Settings, names: list[str], warnings: list[str]) -> UsageError:
    near = [near for name in settings.select for near in get_close_matches(name, names, 1)]
    return UsageError(
        f"no function is called {', '.join(f'`{name}`' for name in settings.select)}",
        cause=f"there are: {', '.join(names)}" + "".join(f"; {warning}" for warning in warnings),
        hint=f"did you mean `{near[0]}`?" if near else "-F takes a name, or a pattern: -F 'Orders*'",
    )


def _checked(functions: Sequence[Function], search: _Found) -> list[Function]:
    """The functions that can be handled; the others become failures, each with a warning.

    Raises:
        SlimError: none can be.
    """
    fine = []
    for function in functions:
        try:
            _check_name(function)
            entered = with_entries(function)
            check_handler(entered)
        except (ConfigError, HandlerError) as error:
            search.failures.append(Failure(function.name, error, function.where))
        else:
            fine.append(entered)
    if not fine and search.failures:
        raise _all_failed(search.failures)
    search.warnings += _told(search.failures)
    return fine


def _all_failed(failures: list[Failure]) -> SlimError:
    error = failures[0].error
    others = [failure.name for failure in failures[1:]]
    if others:
        more = f"; nor can {len(others)} more be handled: {', '.join(others[:6])}{' …' if len(others) > 6 else ''}"
        error.cause = f"{error.cause}{more}"
    return error


def _told(failures: Sequence[Failure]) -> Iterator[str]:
    for failure in failures:
        where = clause("{}: ", failure.where)
        why = failure.error.line.removeprefix(where).removeprefix(f"{failure.name}: ")
        yield f"{where}{failure.name} is left out: {why}"


def _check_name(function: Function) -> None:
    """A function's name is also its zip's, which must stay in the output folder."""
    if function.name in (".", "..") or any(sign in function.name for sign in "/\\\0"):
        raise ConfigError(
            f"`{function.name}` cannot be the name of a zip",
            cause=f"it would lead out of the output folder ({function.where})",
            hint="rename the function",
        )
