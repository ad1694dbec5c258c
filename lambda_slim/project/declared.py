"""Where functions and what they depend on are declared."""

from pathlib import Path

from lambda_slim.errors import ConfigError
from lambda_slim.project.records import Requirements, RequirementsKind
from lambda_slim.settings import FunctionSettings

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
    return {"pyproject.toml": RequirementsKind.PYPROJECT, "uv.lock": RequirementsKind.UV_LOCK}.get(
        path.name, RequirementsKind.REQUIREMENTS
    )


def declared_in(folder: Path) -> Requirements | None:
    """What SAM reads comes first (requirements.txt), then locks, then pyproject.toml with dependencies."""
    for name, kind in (
        ("requirements.txt", RequirementsKind.REQUIREMENTS),
        ("uv.lock", RequirementsKind.UV_LOCK),
        ("pylock.toml", RequirementsKind.PYLOCK),
    ):
        if (folder / name).is_file():
            return Requirements(kind, folder / name)
    project = folder / "pyproject.toml"
    if project.is_file() and "dependencies" in project.read_text("utf-8", "replace"):
        if lock := _workspace_lock(folder):
            return Requirements(RequirementsKind.UV_LOCK, lock, folder)
        return Requirements(RequirementsKind.PYPROJECT, project)
    return None


def _workspace_lock(folder: Path) -> Path | None:
    """The uv.lock of the workspace that a project is a member of; it may lie above the project that was named."""
    for above in folder.parents:
        project, lock = above / "pyproject.toml", above / "uv.lock"
        if project.is_file() and "tool.uv.workspace" in project.read_text("utf-8", "replace"):
            return lock if lock.is_file() else None
    return None
