"""What every command does first: settings from files and flags, then the functions to work on."""

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.progress import Progress
from lambda_slim.cli._options import ProgressFlags, ProjectFlags, given
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


@contextlib.contextmanager
def session(
    target: Path,
    flags: ProjectFlags,
    progress: ProgressFlags,
    settings: Mapping[str, object],
    off: Collection[str] = (),
) -> Iterator[Session]:
    """Opens a project for a command.

    Args:
        target: What the user named; `.` is the folder to work in.
        flags: Where the project is, and which of its functions are meant.
        progress: `quiet` hides progress and warnings; with `verbose` every step has a line of its own.
        settings: Settings that other flags give. Those that are None, False or empty do not count.
        off: Settings that other flags switch off.
    """
    from lambda_slim.render.progress import progress_on_stderr, warn

    place = flags.folder / target
    overrides = {**given({**flags.settings(), **settings}), **dict.fromkeys(off, False)}
    loaded = settings_module.load(place, config=flags.config, overrides=overrides)
    project = find_project(place, loaded, handler=flags.handler)
    with progress_on_stderr(quiet=progress.quiet, verbose=progress.verbose) as told:
        if not progress.quiet:
            for message in project.warnings:
                warn(message)
        yield Session(loaded, project, told)
