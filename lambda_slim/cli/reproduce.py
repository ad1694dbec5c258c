"""`lambda-slim reproduce`: build twice under different conditions and compare the bytes."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.cli import _options as flags
from lambda_slim.render.progress import progress_on_stderr
from lambda_slim.tasks.reproduce import reproduce

Folder = Annotated[Path, typer.Argument(help="project folder", show_default=False)]


def command(
    target: Folder = Path(),
    function: flags.Functions = None,
    handler: flags.Handler = None,
    python: flags.Python = None,
    arch: flags.Arch = None,
    level: flags.Level = None,
    bytecode: flags.Bytecode = None,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Builds copies of the project twice; exit 1 where the zips differ."""
    if not target.is_dir():
        raise UsageError(f"`{target}` is not a folder", hint="reproduce copies a project folder and builds it twice")
    given = {"--handler": handler, "--python": python, "--arch": arch, "--level": level, "--bytecode": bytecode}
    arguments = [word for flag, value in given.items() if value for word in (flag, value)]
    arguments += [word for name in function or () for word in ("-F", name)]
    with progress_on_stderr(quiet=quiet, verbose=verbose) as progress:
        outcomes = reproduce(target.absolute(), arguments, progress)
    for one in outcomes:
        told = f"same bytes twice, sha256 {one.first}" if one.same else f"DIFFERS, first in {one.differs}"
        sys.stdout.write(f"{one.name}: {told}\n")
    return ExitCode.OK if all(one.same for one in outcomes) else ExitCode.FINDINGS
