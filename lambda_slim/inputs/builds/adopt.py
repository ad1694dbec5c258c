"""Makes functions from what a manifest says of a package; they ship what the package holds."""

from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.inputs.builds.records import ToolPackage
from lambda_slim.inputs.own_marks import GUARD, is_own_zip
from lambda_slim.inputs.project.entries import with_entries
from lambda_slim.inputs.project.functions import made
from lambda_slim.inputs.project.handlers import check_handler
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Settings


def adopted(package: ToolPackage, place: Path, settings: Settings) -> tuple[Function, ...]:
    """The functions of a package, whose code is what lies at a place.

    Raises:
        SlimError: a function is not whole, or the package cannot be read.
    """
    functions = []
    for row in package.functions:
        declared = row if row.problem else replace(row, package=place, parts=(), built=True)
        function = with_entries(made(declared, settings, settings.root, []))
        if not function.handler:
            raise ConfigError(
                f"{row.where}: {row.name} has no handler",
                cause="the template names none, and the code shows none",
                hint="build again, or say --handler",
            )
        check_handler(function)
        functions.append(function)
    return tuple(functions)


def is_slim(place: Path) -> bool:
    """Whether a package has what only lambda-slim puts into one."""
    if place.is_dir():
        return any(place.glob(f"{GUARD}*"))
    return is_own_zip(place)
