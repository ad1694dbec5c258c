"""What every command does first: settings from files and flags, then the functions to work on."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.progress import Progress
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings import load as settings_module
from lambda_slim.model.function import Project
from lambda_slim.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Session:
    """A command's settings, project, and how it says what it is doing."""

    settings: Settings
    project: Project
    progress: Progress


def override(**flags: object) -> dict[str, object]:
    """The flags that were given: those that are neither None, False nor empty."""
    return {name: value for name, value in flags.items() if value not in (None, False, [], ())}


@contextlib.contextmanager
def session(
    target: Path | None,
    *,
    directory: Path | None = None,
    config: Path | None = None,
    handler: str | None = None,
    overrides: dict[str, object] | None = None,
    quiet: bool = False,
    verbose: int = 0,
) -> Iterator[Session]:
    """Opens a project for a command.

    Args:
        target: What the user named; None or `.` for the working directory.
        directory: Work as if started there (-C).
        config: Settings file to use instead of the project's.
        handler: The handler, where nothing else names it.
        overrides: Settings that flags give; see `override`.
        quiet: No progress, no warnings.
        verbose: Above 0, every step is a line of its own.
    """
    from lambda_slim.render.progress import progress_on_stderr, warn

    place = (directory or Path()) / (target or Path())
    loaded = settings_module.load(place, config=config, overrides=overrides or {})
    project = find_project(place, loaded, handler=handler)
    with progress_on_stderr(quiet=quiet, verbose=verbose) as progress:
        if not quiet:
            for message in project.warnings:
                warn(message)
        yield Session(loaded, project, progress)
