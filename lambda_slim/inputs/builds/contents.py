"""Packages that are none of a Python function: layers, and code in other languages."""

import os
from collections.abc import Iterable
from pathlib import Path

from lambda_slim.base.errors import NothingToDoError, UsageError
from lambda_slim.base.files import is_there
from lambda_slim.base.text import shown
from lambda_slim.base.units import plural
from lambda_slim.inputs.images.package import is_image
from lambda_slim.inputs.zips import read_zip

_MODULES = (".py", ".pyc", ".so")
_ROOTS = frozenset({"python", "bin", "lib", "lib64", "include", "share", "etc", "extensions", "licenses"})  # of a layer
_SHOWN = 4


def check_contents(place: Path, handler: str | None, *, only_layers: bool = False) -> None:
    """Refuses what cannot be the package of a Python function.

    Args:
        place: A zip or folder.
        handler: As it was asked for; one below `python` is that of a function.
        only_layers: Whether code in other languages is looked for later.

    Raises:
        UsageError: it is a layer.
        NothingToDoError: nothing in it is Python.
        PackageError: the zip is not safe to read.
    """
    names = _names(place)
    if _is_layer(place.name, names) and not _in_python(handler):
        raise UsageError(
            f"`{shown(place.name)}` is a layer, not the package of a function",
            cause="its modules lie below python/, where Lambda looks for them in layers only, and no function of the"
            " project in this folder has it",
            hint="name its project with -C, whose template or `layers` in the settings names the layer"
            " (docs/layers.md); --handler python.module.function if it is a function",
        )
    if not only_layers and not any(name.endswith(_MODULES) for name in names):
        few = sorted({name.partition("/")[0] for name in names})
        more = f" and {plural(len(few) - _SHOWN, 'other')}" if len(few) > _SHOWN else ""
        raise NothingToDoError(
            f"`{shown(place.name)}` has no Python code",
            cause=f"it has {', '.join(map(shown, few[:_SHOWN]))}{more}" if few else "it is empty",
            hint="`slim` changes packages of Python functions",
        )


def check_kind(place: Path) -> None:
    """Refuses what does not change in place.

    Raises:
        UsageError: it is a container image.
    """
    if is_image(place):
        raise UsageError(
            f"`{place.name}` is a container image",
            cause="what changes in place is zips and folders: an image is named by the digest of what is in it",
            hint="lambda-slim build --format oci writes the function's layer, and the lines of the Dockerfile",
        )


def is_layer(place: Path, handler: str | None) -> bool:
    """Whether a zip or folder is a layer: all modules lie below `python/`.

    Raises:
        UsageError: it is a container image.
        PackageError: the zip is not safe to read.
    """
    check_kind(place)
    if place.is_dir() and place.name != "python" and not (place / "python").is_dir():
        return False
    return is_there(place) and _is_layer(place.name, _names(place)) and not _in_python(handler)


def _in_python(handler: str | None) -> bool:
    """Whether a handler lies below `python/`, so that it is a function's folder."""
    return (handler or "").startswith(("python.", "python/"))


def _is_layer(own: str, names: Iterable[str]) -> bool:
    """Whether all modules lie below `python/`, beside what else layers have; or that folder was named itself."""
    roots = {name.partition("/")[0] for name in names if "/" in name}
    if _has_loose(names, (*_MODULES, ".zip")):
        return False
    return own == "python" or ("python" in roots and roots <= _ROOTS)


def _has_loose(names: Iterable[str], endings: tuple[str, ...]) -> bool:
    """Whether files with one of the endings lie at the root."""
    return any(name.endswith(endings) for name in names if "/" not in name)


def _names(place: Path) -> list[str]:
    """Paths of the files of a package, from its root."""
    if not place.is_dir():
        with read_zip(place) as archive:
            return [name for name in archive.namelist() if not name.endswith("/")]
    base = os.fspath(place)
    walked = ((os.path.relpath(folder, base), files) for folder, _, files in os.walk(base))
    return [os.path.normpath(f"{folder}/{file}") for folder, files in walked for file in files]
