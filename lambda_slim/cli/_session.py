"""What every command does first: settings from files and flags, then the functions to work on."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lambda_slim.base.errors import ExitCode, SlimError, UsageError
from lambda_slim.base.progress import Progress
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
        """The exit code: where all is fine but a function was left out, that of the first one's failure."""
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
    """A context that notes the failure of a function, and says it; of an only function it is raised."""

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
        hint = f" ({error.hint})" if error.hint else ""
        warn(f"{error.message}: {error.cause}{hint}; {name} is left out")
        return True


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
        handler: The handler; it wins over what anything else says.
        overrides: Settings that flags give; see `override`.
        quiet: No progress, no warnings.
        verbose: Above 0, every step is a line of its own.
    """
    from lambda_slim.render.progress import progress_on_stderr, warn

    place = (directory or Path()) / (target or Path())
    loaded = settings_module.load(place, config=config, overrides=overrides or {}, working=directory or Path())
    project = find_project(place, loaded, handler=handler)
    with progress_on_stderr(quiet=quiet, verbose=verbose) as progress:
        if quiet:
            for failure in project.failures:
                warn(f"{failure.name} is left out: {failure.error.message}")
        else:
            unread = "" if config else settings_module.unread(place.absolute(), loaded, directory or Path())
            for message in [unread, *project.warnings] if unread else project.warnings:
                warn(message)
        yield Session(loaded, project, progress, [*project.failures])
