"""Adds exclusions to the settings file, which stays as it is otherwise."""

from collections.abc import Sequence
from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import atomic, read_regular
from lambda_slim.formats.toml_edit import append_to_list


def settings_place(root: Path, file: Path | None) -> Path:
    """The settings file of a project: what was read, else the pyproject.toml there is, else one to be made."""
    if file:
        return file
    project = root / "pyproject.toml"
    return project if project.is_file() else root / "lambda-slim.toml"


def add_exclusions(file: Path, patterns: Sequence[str]) -> None:
    """Appends patterns to `exclude`; the file is there whole, before or after.

    Raises:
        ConfigError: the list cannot be changed safely.
        WriteError: the file cannot be written.
    """
    place = file.resolve()
    table = "tool.lambda-slim" if place.name == "pyproject.toml" else ""
    try:
        text = read_regular(place).decode() if place.exists() else ""
        changed = append_to_list(text, table, "exclude", patterns)
    except (ValueError, OSError) as error:
        hint = f"add it by hand: exclude = {list(patterns)}"
        raise ConfigError(f"`{file.name}` cannot be changed", cause=str(error), hint=hint) from error
    with atomic(place) as out:
        out.write(changed.encode())
