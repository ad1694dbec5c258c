"""Where functions and what they depend on are declared."""

from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import read_loosely
from lambda_slim.model.function import Requirements, RequirementsKind
from lambda_slim.model.settings import FunctionSettings

TEMPLATES = ("template.yaml", "template.yml", "template.json")


def requirements_of(table: FunctionSettings, source: Path, root: Path) -> Requirements | None:
    """The nearest declaration at or above the source folder, up to the project's root."""
    if table.requirements:
        if not table.requirements.is_file():
            raise ConfigError(
                f"{table.where}: `{table.requirements.name}` is not there",
                cause=f"no file in `{table.requirements.parent}`",
                hint="`requirements` is relative to the settings file",
            )
        return Requirements(_kind(table.requirements), table.requirements)
    folder = source
    while True:
        if found := declared_in(folder):
            return found
        if folder in (root, folder.parent) or root not in folder.parents:
            return None
        folder = folder.parent


def _kind(path: Path) -> RequirementsKind:
    if path.name.startswith("pylock"):
        return RequirementsKind.PYLOCK
    return next((kind for kind in RequirementsKind if kind == path.name), RequirementsKind.REQUIREMENTS)


def declared_in(folder: Path) -> Requirements | None:
    """What SAM reads comes first (requirements.txt), then locks, pyproject.toml with dependencies, and Pipfile."""
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
