"""A package by itself, or a folder of packages: zips, and folders with installed distributions."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import SlimError, UsageError
from lambda_slim.inputs.builds.contents import check_contents
from lambda_slim.inputs.builds.records import BuildOutput, ToolPackage
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.project.artifacts import from_artifact, is_built
from lambda_slim.inputs.zips import read_zip
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Settings

_OUTPUTS = {
    ".aws-sam/build": "",
    "build": "template.yaml",  # of .aws-sam
    "cdk.out": "manifest.json",
    ".serverless": "serverless-state.json",
}
_NESTED = ("template.yaml", "template.yml", "template.json", "serverless.yml", "cdk.json")


def of_package(place: Path, settings: Settings, handler: str | None) -> BuildOutput:
    """One zip, or one folder with all that a function needs.

    Raises:
        SlimError: see `from_artifact`.
    """
    kind = "folder" if place.is_dir() else "zip"
    return BuildOutput(kind, place.parent, (_package(place, settings, handler),), aside=place.parent)


def of_folder(folder: Path, settings: Settings, handler: str | None) -> BuildOutput | None:
    """The packages that lie in a folder; None where there are none."""
    places = [path for path in sorted(folder.iterdir()) if _is_package(path)]
    if not places:
        return None
    packages, others = [], []
    for place in places:
        try:
            packages.append(_package(place, settings, handler))
        except SlimError as error:
            others.append((place.name, error.line))
    return BuildOutput("folder of packages", folder, tuple(packages), tuple(others), aside=folder)


def _is_package(path: Path) -> bool:
    if path.name.startswith(".") or path.is_symlink():
        return False
    return (path.suffix == ".zip" and path.is_file()) or (path.is_dir() and is_built(path))


def _package(place: Path, settings: Settings, handler: str | None) -> ToolPackage:
    check_contents(place, handler)
    own = tuple(table for table in settings.functions if table.name == place.stem)
    settings = replace(settings, functions=own) if own else settings
    told = handler or ("" if any(table.handler for table in settings.functions) else _of_zappa(place))
    functions = from_artifact(place.resolve(), settings, told or None, [])
    return ToolPackage(place.resolve(), tuple(map(as_declared, functions)))


def _of_zappa(place: Path) -> str:
    """The handler of a package that Zappa made, which has several that look like one."""
    if place.is_dir():
        names = {path.name for path in place.glob("*.py")}
    else:
        with read_zip(place) as archive:
            names = set(archive.namelist())
    return "handler.lambda_handler" if {"handler.py", "zappa_settings.py"} <= names else ""


def as_declared(function: Function) -> Declared:
    """A function as a build would name it, with its package."""
    return Declared(
        function.name,
        function.where or (function.artifact or function.source).name,
        handler=function.handler,
        runtime=function.target.runtime.name,
        architecture=function.target.architecture,
        package=function.artifact,
        memory_mb=function.memory_mb,
        environment=function.environment,
        built=True,
    )


def outputs_below(folder: Path) -> Iterator[Path]:
    """Build folders that a project usually has, where they are there."""
    for name, mark in _OUTPUTS.items():
        if (folder / name / mark).exists():
            yield folder / name


def refuse(folder: Path) -> UsageError:
    """What to say of a folder, as it was named, in which no tool has built anything."""
    below = [place.as_posix() for place in outputs_below(folder)]
    source = any((folder / name).is_file() for name in (*_NESTED, "pyproject.toml"))
    return UsageError(
        f"`{folder.resolve().name}` is not a folder that a deployment tool has built",
        cause="it looks like a project; `slim` changes packages where they lie, and your source code is none"
        if source
        else "it has no template of a build, no cdk.out, no serverless-state.json, and no package with distributions",
        hint=f"name {' or '.join(below)}" if below else "build first; `lambda-slim build` makes zips of source code",
    )
