"""From functions and what else uses their code to packages."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from lambda_slim.inputs.builds.layers import nested
from lambda_slim.inputs.builds.records import ToolPackage
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.functions.staged import is_staged


def code_of(row: Declared) -> Path | None:
    """The one folder or zip that is a function's code; None where there is none."""
    if row.package:
        return row.package
    return row.parts[0].source if len(row.parts) == 1 and not row.parts[0].prefix else None


def gathered(
    rows: Iterable[Declared], folder: Path, users: Mapping[Path, Iterable[str]]
) -> tuple[tuple[ToolPackage, ...], tuple[tuple[str, str], ...]]:
    """Packages with their functions, and (function, why) of what is left alone.

    Args:
        rows: The functions of a deployment file.
        folder: What may be changed.
        users: Packages, links followed, to what else is made of them: functions in other languages, layers.
    """
    packages: dict[Path, list[Declared]] = {}
    others: list[tuple[str, str]] = []
    for row in rows:
        code = code_of(row)
        if row.skipped:
            others.append((row.name, row.skipped))
        elif row.problem:
            packages.setdefault(Path(f"?{row.name}"), []).append(row)
        elif code is None or is_staged(code):
            others.append((row.name, "its code is in the template"))
        else:
            packages.setdefault(code.resolve(), []).append(_as_built(row, code.resolve()))
    made = (_package(place, functions, folder, users) for place, functions in packages.items())
    return _each_apart(tuple(made), folder), tuple(others)


def _each_apart(packages: tuple[ToolPackage, ...], folder: Path) -> tuple[ToolPackage, ...]:
    places = [row.place for row in packages if row.place.is_absolute() and row.place != folder.resolve()]
    return tuple(_apart(row, places, folder) for row in packages)


def _apart(package: ToolPackage, places: Iterable[Path], folder: Path) -> ToolPackage:
    """A package that lies in another one, or has one in itself, is left alone: both would be changed at once."""
    place = package.place
    near = (other for other in places if other != place and nested(place, other))
    if package.why or not place.is_absolute() or not (other := next(near, None)):
        return package
    return replace(
        package, why=f"`{os.path.relpath(other, folder)}` is the code of another function, and in one with it"
    )


def _as_built(row: Declared, code: Path) -> Declared:
    """A function whose package and layers are what lies there."""
    layers = tuple(replace(layer, built=False) for layer in row.layers)
    return replace(row, package=code, parts=(), built=True, layers=layers)


def _package(place: Path, functions: list[Declared], folder: Path, users: Mapping[Path, Iterable[str]]) -> ToolPackage:
    why = ""
    if also := sorted(users.get(place, ())):
        why = f"{', '.join(also)} has the same code, and is no Python function"
    elif place.is_absolute() and not place.is_relative_to(folder.resolve()):
        why = f"its code lies outside, in {os.path.relpath(place, folder)}"
    elif place == folder.resolve():
        why = "its code is the whole folder"
    elif len({(row.runtime, row.architecture or "x86_64") for row in functions}) > 1:
        why = f"{', '.join(row.name for row in functions)} share it and have different runtimes or architectures"
    return ToolPackage(place, tuple(functions), why)
