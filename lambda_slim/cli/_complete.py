"""What a shell completes: commands, choices of options, names of functions."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import typer

from lambda_slim.base.errors import SlimError


def choices(*values: str) -> Callable[[str], list[str]]:
    """A completion of one of some words."""
    return lambda incomplete: [value for value in values if value.startswith(incomplete)]


def function_names(context: typer.Context, incomplete: str) -> list[str]:
    """The functions of the project that the command line names; none where it cannot be read."""
    from lambda_slim.inputs.project.find import find_project
    from lambda_slim.inputs.settings.load import load

    folder = Path(context.params.get("directory") or ".")
    target = folder / (context.params.get("target") or ".")
    with contextlib.suppress(SlimError, OSError):
        settings = load(target, config=context.params.get("config"))
        names = [function.name for function in find_project(target, settings).functions]
        return [name for name in names if name.startswith(incomplete)]
    return []
