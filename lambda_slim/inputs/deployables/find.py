"""All that a repository deploys, each function once."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import NothingToDoError, SeveralDeploymentsError, SlimError, UsageError
from lambda_slim.inputs.deployables.files import deployment_files, module_folders
from lambda_slim.inputs.deployables.folders import folders
from lambda_slim.inputs.deployables.touched import local_projects
from lambda_slim.inputs.functions.code import LIKELY, SURE, HandlerCandidate, candidates, modules
from lambda_slim.inputs.functions.program import speaks_of_python
from lambda_slim.inputs.functions.separate import separate_functions
from lambda_slim.inputs.project.declared import declared_in
from lambda_slim.inputs.project.entries import with_entries
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.project.handlers import check_handler, module_file
from lambda_slim.inputs.project.plain import function_at, plain_function
from lambda_slim.model.deployable import Deployable
from lambda_slim.model.function import Function, Project
from lambda_slim.model.settings import Settings

_PROGRAMS = ("cdk.json", "Pulumi.", "sst.config.")  # they start programs, in folders without Python of others
Loader = Callable[[Path], Settings]


def find_deployables(root: Path, load: Loader) -> tuple[Deployable, ...]:
    """What lies below a folder: deployment files, and projects whose code shows a handler that no such file names.

    Args:
        root: The folder.
        load: The settings that hold for a file or folder.

    Returns:
        The deployables by their folders, those above first; in a folder, files with the usual names first.

    Raises:
        NothingToDoError: there is none.
    """
    top = root.absolute()
    places = list(folders(top))
    used = module_folders(places)
    deployables: list[Deployable] = []
    deploying: set[Path] = set()
    for folder in places:
        files = [] if folder.resolve() in used else deployment_files(folder)
        if files:
            deploying.add(folder)
            deployables += _deployed(folder, tuple(files), top, load)
    for folder in sorted(places, key=lambda place: -len(place.parts)):
        if folder not in deploying and not list(folder.glob("*.tf")):
            deployables += _plain(folder, top, load, deployables)
    if not deployables:
        raise NothingToDoError(
            f"nothing to deploy below `{root}`",
            cause="no deployment file names a Python function, and no project shows a handler",
            hint="docs/finding-functions.md says how functions are found",
        )
    return tuple(sorted(deployables, key=lambda row: (len(row.folder.parts), row.folder)))


def _deployed(folder: Path, files: tuple[Path, ...], top: Path, load: Loader) -> Iterator[Deployable]:
    settings = _loaded(folder, load)
    if isinstance(settings, SlimError):
        yield _failed(folder, folder, top, settings)
        return
    done: set[Path | None] = set()
    if _adds_functions(settings, folder):  # functions that only the settings name are of the folder
        first = _read(folder, files[0], folder, top, settings)
        yield from first
        done = {row.project.template if row.project else files[0] for row in first} or {files[0]}
    for file in files:
        if file not in done:
            yield from _read(file, file, folder, top, settings)


def _adds_functions(settings: Settings, folder: Path) -> bool:
    """Whether a folder has settings of its own that name functions, or the deployment file."""
    own = settings.file is not None and settings.file.parent == folder
    return own and bool(settings.template or any(table.handler for table in settings.functions))


def _loaded(place: Path, load: Loader) -> Settings | SlimError:
    try:
        return load(place)
    except SlimError as error:
        return error


def _read(target: Path, file: Path, folder: Path, top: Path, settings: Settings) -> list[Deployable]:
    """The deployable of a file or folder; nothing where it deploys no Python function."""
    try:
        project = find_project(target, settings)
    except (NothingToDoError, SeveralDeploymentsError):
        return []  # the deployments below are read by themselves
    except SlimError as error:
        without = file.name.startswith(_PROGRAMS) and next(modules(folder), None) is None
        foreign = without and not speaks_of_python(folder)
        return [] if foreign else [_failed(file, folder, top, error, settings)]
    return [Deployable(_label(project.template or file, top), folder, settings, project)]


def _failed(file: Path, folder: Path, top: Path, error: SlimError, settings: Settings | None = None) -> Deployable:
    return Deployable(_label(file, top), folder, settings or Settings(root=folder), None, error)


def _label(file: Path, top: Path) -> str:
    return Path(os.path.relpath(file, top)).as_posix()


def _plain(folder: Path, top: Path, load: Loader, others: Sequence[Deployable]) -> list[Deployable]:
    """The project of a folder that no deployment file speaks of, if its code shows a handler that is not taken."""
    settings = _loaded(folder, load)
    if isinstance(settings, SlimError):
        named = any((folder / name).is_file() for name in ("lambda-slim.toml", "pyproject.toml"))
        return [_failed(folder, folder, top, settings)] if named else []
    if _adds_functions(settings, folder):
        return _read(folder, folder, folder, top, settings)
    if declared_in(folder) is None or _is_library(folder, others):
        return []
    return _by_its_code(folder, top, settings, others)


def _by_its_code(folder: Path, top: Path, settings: Settings, others: Sequence[Deployable]) -> list[Deployable]:
    seen = [row for row in candidates(folder) if row.sure >= LIKELY]
    free = [row for row in seen if not _is_taken(row.file, others)]
    sure = [row for row in free if row.sure == SURE]
    if len(free) == len(seen):
        return _alone(folder, top, settings, others, surely=bool(sure))
    return _beside(folder, top, settings, sure)


def _is_library(folder: Path, deployables: Iterable[Deployable]) -> bool:
    """Whether a function depends on the project of a folder by its path."""
    place = folder.resolve()
    return any(place in local_projects(function) for row in deployables for function in row.functions)


def _is_taken(file: Path, deployables: Iterable[Deployable]) -> bool:
    """Whether a module is the handler of a function, or lies in the code that a deployable below its folder ships."""
    return any(_has(row, function, file) for row in deployables for function in row.functions)


def _has(row: Deployable, function: Function, file: Path) -> bool:
    plain = row.project is not None and row.project.template is None
    if plain and row.folder in file.parents:
        return True
    sources = [part.source for part in function.parts if part.source != row.folder]
    return module_file(function) == file or not set(sources).isdisjoint(file.parents)


def _alone(
    folder: Path, top: Path, settings: Settings, others: Sequence[Deployable], *, surely: bool
) -> list[Deployable]:
    """A project of its own; where it is not clear which of its functions would be the handler, it is a library."""
    below = {str(row.error) for row in others if row.error and folder in row.folder.parents}
    rows = [row for row in _read(folder, folder, folder, top, settings) if not row.error or str(row.error) not in below]
    if rows and not surely and isinstance(rows[0].error, UsageError):
        return []
    return rows


def _beside(folder: Path, top: Path, settings: Settings, free: list[HandlerCandidate]) -> list[Deployable]:
    """A project with deployables below it, and handlers that none of them has."""
    if not free:
        return []
    warnings: list[str] = []
    try:
        functions = tuple(map(with_entries, _chosen(free, folder, settings, warnings)))
        for function in functions:
            check_handler(function)
    except SlimError as error:
        return [_failed(folder, folder, top, error, settings)]
    project = Project(folder, functions, None, tuple(warnings))
    return [Deployable(_label(folder, top), folder, settings, project)]


def _chosen(free: list[HandlerCandidate], folder: Path, settings: Settings, warnings: list[str]) -> Iterator[Function]:
    if len(free) == 1:
        yield plain_function(folder, settings, free[0].handler, warnings)
        return
    places = separate_functions(free, folder)
    if not places:
        raise UsageError(
            "several handlers may be meant",
            cause=f"there are: {', '.join(row.handler for row in free[:6])}",
            hint="name the functions in [functions] of lambda-slim.toml",
        )
    for row in places:
        yield function_at(row, folder, settings, warnings)


def without_doubles(deployables: Iterable[Deployable]) -> tuple[tuple[Deployable, ...], dict[tuple[str, str], str]]:
    """The deployables with every package once, and which function each of the others is the same as.

    Two functions are one package where their handler, target, files, dependencies and layers are the same, whatever
    they are called.

    Returns:
        The deployables, without the functions that an earlier one has; and for each of those, by its deployable's
        label and its name, `label: name` of the one that is built.
    """
    first: dict[str, str] = {}
    doubles: dict[tuple[str, str], str] = {}
    kept = []
    for row in deployables:
        names = set()
        for function in row.functions:
            identity = _identity(function, row.settings)
            if identity in first:
                doubles[row.label, function.name] = first[identity]
            else:
                first[identity] = f"{row.label}: {function.name}"
                names.add(function.name)
        kept.append(row.only(frozenset(names)))
    return tuple(kept), doubles


def _identity(function: Function, settings: Settings) -> str:
    """All that a function's package is made from, without its name and the place of its declaration."""
    plain = replace(settings, lines={}, select=(), file=None, root=Path(), functions=())
    parts = [(str(part.source.resolve()), part.prefix, part.rules) for part in function.parts]
    needs = function.requirements
    required = (needs.kind, needs.path.resolve(), needs.project) if needs else None
    layers = [
        (layer.name, layer.content, layer.requirement, layer.requirements, layer.prefix) for layer in function.layers
    ]
    starts = (function.handler, function.entry, function.roots, function.programs, function.python_path)
    return repr((starts, function.target, parts, required, layers, function.artifact, plain))
