"""Packages that another tool built: a zip, or a folder."""

import re
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.errors import UsageError
from lambda_slim.base.files import read_loosely
from lambda_slim.formats.names import normalise
from lambda_slim.inputs.functions.sam import NAMES as TEMPLATES
from lambda_slim.inputs.prebuilt import recognise, unpacked
from lambda_slim.inputs.project.declared import declared_in
from lambda_slim.inputs.project.manifest import built_package
from lambda_slim.inputs.project.plain import obvious_handler
from lambda_slim.inputs.project.targets import known_target
from lambda_slim.model.function import Function
from lambda_slim.model.settings import FunctionSettings, Settings

_REQUIRED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)[^;@]*$")  # a line of requirements.txt that holds everywhere
_COMPILED = "*.cpython-3*.so"


@dataclass(frozen=True, slots=True)
class _OpenedPackage:
    """A package that another tool built.

    Attributes:
        source: Its folder, unpacked.
        runtime: "" where it does not show.
    """

    place: Path
    source: Path
    runtime: str
    architecture: str


def is_environment(folder: Path) -> bool:
    """Whether a folder is a Python environment of venv, virtualenv or conda, with any name."""
    return any((folder / sign).exists() for sign in ("pyvenv.cfg", "bin/activate", "Scripts/activate", "conda-meta"))


def is_built(folder: Path) -> bool:
    """Whether a folder is a package that another tool built: what it requires is already in it.

    Distributions lie at its root, all that its own requirements.txt names among them; or nothing is declared, no file
    says what is deployed, and compiled modules lie in it.
    """
    if not folder.is_dir() or (folder / "uv.lock").is_file():
        return False
    if there := _distributions_in(folder):
        return _required(folder) <= there
    if declared_in(folder) or any((folder / name).is_file() for name in TEMPLATES):
        return False
    return _has_compiled(folder) and not _is_deployed_from(folder)


def _has_compiled(folder: Path) -> bool:
    aside = _installed_beside_code(folder)
    compiled = (path for deep in ("", "*/", "*/*/") for path in folder.glob(f"{deep}{_COMPILED}"))
    return any(aside.isdisjoint(path.parents) for path in compiled)


def _is_deployed_from(folder: Path) -> bool:
    """Whether a folder or one in it has a deployment file; a zappa_settings.py or app.py is in packages too."""
    from lambda_slim.inputs.functions.kinds import KINDS

    inner = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    files = (kind.find(place) for place in (folder, *inner) for kind in KINDS)
    return any(file.suffix != ".py" for file in files if file)


def _distributions_in(folder: Path) -> set[str]:
    """The normalised names of distributions whose metadata lies at the root of a folder."""
    names = (path.parent.name.removesuffix(".dist-info") for path in folder.glob("*.dist-info/METADATA"))
    return {normalise(name.rpartition("-")[0]) for name in names}


def _installed_beside_code(folder: Path) -> set[Path]:
    """Folders with distributions beside modules: what `pip install -t package` left in a project."""
    if not any(folder.glob("*.py")):
        return set()
    return {path.parent.parent for path in folder.glob("*/*.dist-info/METADATA")}


def _required(folder: Path) -> set[str]:
    path = folder / "requirements.txt"
    lines = read_loosely(path).splitlines() if path.is_file() else []
    matches = (_REQUIRED.match(line.partition("#")[0].strip()) for line in lines)
    return {normalise(match[1]) for match in matches if match}


def from_artifact(place: Path, settings: Settings, handler: str | None, warnings: list[str]) -> list[Function]:
    """The functions of a package: those of the settings, as Serverless puts several in one zip, else the obvious one.

    A zip is unpacked for the rest of the process. What is in a package says for which Python and architecture it is.

    Raises:
        UsageError: it does not say its Python; it is not clear which handler is meant.
        PackageError: the zip is not safe to unpack.
        NothingToDoError: no handler.
    """
    if place.suffix == ".py":
        raise UsageError(
            f"`{place.name}` is one module, not a project",
            cause="TARGET is a project folder, a template, or a zip or folder that another tool built",
            hint=f"lambda-slim build {place.parent.name or '.'} --handler {place.stem}.handler",
        )
    package = _opened(place, settings, warnings)
    tables = _tables(settings, place.stem)
    if not package.runtime and not all(table.runtime for table in tables):
        raise UsageError(f"which Python is `{place.name}` for?", cause="nothing in it says", hint="say --python 3.12")
    if handler:
        tables = [next((table for table in tables if table.handler == handler), FunctionSettings(place.stem))]
    return [_function(package, table, settings, handler) for table in tables]


def _opened(place: Path, settings: Settings, warnings: list[str]) -> _OpenedPackage:
    """A package with what the settings, or else its content, say of its target."""
    source = unpacked(place)
    seen, built = recognise(source), built_package(place)
    runtime = f"python{seen.python}" if seen.python else built.runtime if built else ""
    architecture = settings.architecture or seen.architecture or (built.architecture if built else "x86_64")
    if runtime and not settings.runtime:
        warnings.append(f"{place.name}: taken to be for {runtime} {architecture}, by what is in it (--python, --arch)")
    return _OpenedPackage(place, source, settings.runtime or runtime, architecture)


def _tables(settings: Settings, name: str) -> list[FunctionSettings]:
    """The tables of the functions that a package holds: those with a handler, else the only one, else one without."""
    if tables := [table for table in settings.functions if table.handler]:
        return tables
    return list(settings.functions) if len(settings.functions) == 1 else [FunctionSettings(name)]


def _function(package: _OpenedPackage, table: FunctionSettings, settings: Settings, handler: str | None) -> Function:
    target = known_target(
        settings.runtime or table.runtime or package.runtime,
        settings.architecture or table.architecture or package.architecture,
        table.where or package.place.name,
    )
    return Function(
        name=table.name,
        handler=handler or table.handler or obvious_handler(package.source, package.place.name),
        source=package.source,
        target=target,
        artifact=package.place,
        memory_mb=table.memory,
        environment=table.environment,
        events=table.events,
        where=table.where,
    )
