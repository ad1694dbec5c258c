"""Where functions and what they depend on are declared."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import is_odd, read_loosely
from lambda_slim.model.function import Requirements, RequirementsKind
from lambda_slim.model.settings import FunctionSettings


def requirements_of(table: FunctionSettings, source: Path, root: Path) -> Requirements | None:
    """The nearest declaration at or above the source folder, up to the project's root."""
    if table.requirements:
        if not table.requirements.is_file():
            raise ConfigError(
                f"{table.where}: `{table.requirements.name}` is not there",
                cause=f"no file in `{table.requirements.parent}`",
                hint="`requirements` is relative to the settings file",
            )
        return _started(Requirements(_kind(table.requirements), table.requirements), root)
    folder = source
    while True:
        if declared := declared_in(folder):
            return _started(declared, root)
        if folder in (root, folder.parent) or root not in folder.parents:
            return None
        folder = folder.parent


_LOCAL = re.compile(
    r"^\s*(?:-e\s+|--editable[\s=]+|[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*@\s*)?(?:file:)?(\.{1,2}/[^\s;\[#]*)"
)
_INCLUDED = re.compile(r"^\s*(?:-r|--requirement)[\s=]*([^\s#]+)")


def _started(named: Requirements, root: Path) -> Requirements:
    """Requirements with the folder that their relative paths begin in.

    pip and uv look relative paths up from the folder that they are started in, which nobody wrote down: it is taken to
    be the nearest one, from the file's own up to the project's root and its repository's, that has all of them.
    """
    if named.kind is not RequirementsKind.REQUIREMENTS or named.project:
        return named
    paths = list(_local_paths(named.path, set()))
    for folder in _started_from(named.path.parent, root):
        if all((folder / path).exists() for path in paths):
            return named if folder == named.path.parent else Requirements(named.kind, named.path, folder)
    return named


def _started_from(folder: Path, root: Path) -> Iterator[Path]:
    """The folders that pip may be started in: that of the file, and those above it up to the project's repository."""
    yield folder
    for above in folder.parents:
        yield above
        if (above / ".git").exists() or (above == root and not _in_repository(root)):
            return


def _in_repository(folder: Path) -> bool:
    return any((above / ".git").exists() for above in (folder, *folder.parents))


def _local_paths(path: Path, seen: set[Path]) -> Iterator[str]:
    """The relative paths that a requirements file and those it includes ask for."""
    if path in seen or not path.is_file():
        return
    seen.add(path)
    for line in read_loosely(path).splitlines():
        if local := _LOCAL.match(line):
            yield local[1]
        elif included := _INCLUDED.match(line):
            yield from _local_paths(path.parent / included[1], seen)


def declared_at(path: Path) -> Requirements:
    """What a requirements file or a lock declares, by its name."""
    return Requirements(_kind(path), path)


def _kind(path: Path) -> RequirementsKind:
    if path.name.startswith("pylock"):
        return RequirementsKind.PYLOCK
    return next((kind for kind in RequirementsKind if kind == path.name), RequirementsKind.REQUIREMENTS)


_NAMES = ("requirements.txt", "pyproject.toml", "pdm.lock", *RequirementsKind)


def refuse_odd(folder: Path, names: Iterable[str]) -> None:
    """What is named like a declaration and cannot be read as one is never passed over.

    Raises:
        ConfigError: a pipe, a socket, a device, or a link that leads nowhere.
    """
    if odd := next((name for name in names if is_odd(folder / name)), ""):
        raise ConfigError(
            f"`{odd}` is not a file",
            cause="it is a pipe, a socket, a device, or a link that leads nowhere",
            hint="put the file there, or remove it",
        )


def declared_in(folder: Path) -> Requirements | None:
    """What SAM reads comes first (requirements.txt), then locks, pyproject.toml with dependencies, and Pipfile.

    Raises:
        ConfigError: one of these names belongs to something that is no file.
    """
    refuse_odd(folder, _NAMES)
    for name, kind in (
        ("requirements.txt", RequirementsKind.REQUIREMENTS),
        ("uv.lock", RequirementsKind.UV_LOCK),
        ("pylock.toml", RequirementsKind.PYLOCK),
    ):
        if (folder / name).is_file():
            return Requirements(kind, folder / name)
    project = folder / "pyproject.toml"
    if project.is_file() and "dependencies" in read_loosely(project):
        if lock := _workspace_lock(folder):
            return Requirements(RequirementsKind.UV_LOCK, lock, folder)
        if (folder / "poetry.lock").is_file():
            return Requirements(RequirementsKind.POETRY_LOCK, folder / "poetry.lock")
        if (folder / "pdm.lock").is_file():
            return Requirements(RequirementsKind.PDM_LOCK, folder / "pdm.lock")
        return Requirements(RequirementsKind.PYPROJECT, project)
    pipenv = (RequirementsKind.PIPFILE_LOCK, RequirementsKind.PIPFILE)
    return next((Requirements(kind, folder / kind) for kind in pipenv if (folder / kind).is_file()), None)


def _workspace_lock(folder: Path) -> Path | None:
    """The uv.lock of the workspace that a project is a member of; it may lie above the project that was named."""
    for above in folder.parents:
        project, lock = above / "pyproject.toml", above / "uv.lock"
        if project.is_file() and "tool.uv.workspace" in read_loosely(project):
            return lock if lock.is_file() else None
    return None
