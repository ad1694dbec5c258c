"""From a package that lambda-slim built to its source. Source and package never share a field."""

import os
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.project.manifest import is_ours, source_behind
from lambda_slim.model.layout import Placement


def from_source(declared: Declared, warnings: list[str]) -> Declared:
    """A function whose code is a zip or folder that `build` wrote is what it was made from, so that changes there ship.

    Raises:
        ConfigError: it is one of ours, and what it was made from is not known or gone.
    """
    package = _named_package(declared)
    if package is None or declared.built or not is_ours(package):
        return declared
    kind = "folder" if package.is_dir() else "zip"
    source = source_behind(package)
    if source is None:
        raise ConfigError(
            f"{declared.where}: the code of {declared.name} is a {kind} that lambda-slim built",
            cause=f"what {package.name} was made from is not known here: building it again would ship the old code",
            hint=f'name the folder: source = "…" in [functions.{declared.name}] of lambda-slim.toml, or as the code',
        )
    shown = os.path.relpath(source)
    warnings.append(f"{declared.where}: {package.name} is a {kind} that lambda-slim built; taking its source, {shown}")
    if source.is_file():
        return replace(declared, package=source)
    parts = (Placement(source),)
    return replace(declared, package=None, parts=parts, installs=True, searched=True, above=True)


def _named_package(declared: Declared) -> Path | None:
    """The zip or folder that may be a package of ours."""
    if declared.package:
        return declared.package
    alone = len(declared.parts) == 1 and not declared.parts[0].prefix
    return declared.parts[0].source if alone and declared.parts[0].source.is_dir() else None
