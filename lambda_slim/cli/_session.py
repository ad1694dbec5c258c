"""What every command does first: settings from files and flags, then the functions to work on."""

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lambda_slim.base.errors import ExitCode, SlimError, UsageError
from lambda_slim.base.progress import Progress
from lambda_slim.cli._options import ProgressFlags, ProjectFlags, given
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings import load as settings_module
from lambda_slim.model.function import Failure, Function, Project
from lambda_slim.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Session:
    """A command's settings, project, and how it says what it is doing."""

    settings: Settings
    project: Project
    progress: Progress
    failures: list[Failure] = field(default_factory=list)

    def code(self, code: ExitCode = ExitCode.OK) -> ExitCode:
        """The exit code; if functions were left out and all else is fine, that of the first failure."""
        return self.failures[0].error.exit_code if self.failures and code is ExitCode.OK else code

    def each(self) -> Iterator[tuple[Function, "Attempt"]]:
        """The functions, each with a context in which its failure does not stop the others."""
        alone = len(self.project.functions) + len(self.project.failures) == 1
        for function in self.project.functions:
            yield function, Attempt(self, function, alone=alone)
        if self.failures and len(self.failures) == len(self.project.functions) + len(self.project.failures):
            raise self.failures[-1].error


@dataclass(frozen=True, slots=True)
class Attempt:
    """A context that records and prints the failure of a function; the failure of the only function is raised."""

    session: Session
    function: Function
    alone: bool

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, SlimError):
            return False
        name = self.function.name
        if self.alone or isinstance(error, UsageError):
            return False
        from lambda_slim.render.progress import warn

        self.session.failures.append(Failure(name, error, self.function.where))
        warn(f"{error.line}; {name} is left out")
        return True


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
    loaded = settings_module.load(place, config=flags.config, overrides=overrides, working=flags.folder)
    project = find_project(place, loaded, handler=flags.handler)
    with progress_on_stderr(quiet=progress.quiet, verbose=progress.verbose) as told:
        for message in _messages(project, loaded, place, flags, quiet=progress.quiet):
            warn(message)
        yield Session(loaded, project, told, [*project.failures])


def _messages(project: Project, settings: Settings, place: Path, flags: ProjectFlags, *, quiet: bool) -> Iterator[str]:
    """Messages before the work; those about functions that are left out are printed in quiet mode too."""
    if quiet:
        yield from (f"{failure.name} is left out: {failure.error.message}" for failure in project.failures)
        return
    unread = "" if flags.config else settings_module.unread(place.absolute(), settings, flags.folder)
    yield from [unread] if unread else []
    yield from project.warnings
