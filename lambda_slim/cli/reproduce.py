"""`lambda-slim reproduce`: build twice under different conditions and compare the bytes."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.cli import _options as flags
from lambda_slim.cli._spread import Without, spread
from lambda_slim.render.progress import progress_on_stderr
from lambda_slim.tasks.reproduce import reproduce

Folder = Annotated[Path, typer.Argument(help="project folder", show_default=False)]


@spread
def command(
    *,
    target: Folder = Path(),
    project: Annotated[flags.ProjectFlags, Without("directory", "config")],
    level: flags.Level = None,
    bytecode: flags.Bytecode = None,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Builds copies of the project twice; exit 1 where the zips differ."""
    if not target.is_dir():
        raise UsageError(
            f"`{target}` is not a folder",
            cause="reproduce copies a project and builds it twice",
            hint="name the project's folder",
        )
    arguments = _arguments(project, level, bytecode)
    with progress_on_stderr(quiet=progress.quiet, verbose=progress.verbose) as told:
        outcomes = reproduce(target.absolute(), arguments, told)
    for outcome in outcomes:
        result = f"same bytes twice, sha256 {outcome.first}" if outcome.same else f"DIFFERS, first in {outcome.differs}"
        sys.stdout.write(f"{outcome.name}: {result}\n")
    return ExitCode.OK if all(outcome.same for outcome in outcomes) else ExitCode.FINDINGS


def _arguments(project: flags.ProjectFlags, level: str | None, bytecode: str | None) -> list[str]:
    """The flags to build with, as they were given."""
    options = {
        "--handler": project.handler,
        "--python": project.python,
        "--arch": project.arch,
        "--level": level,
        "--bytecode": bytecode,
    }
    arguments = [word for option, value in options.items() if value for word in (option, value)]
    for name in project.function or ():
        arguments += ["-F", name]
    return arguments
