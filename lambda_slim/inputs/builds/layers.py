"""The layers that a deployment builds, and whether anything but its own Python functions may use them."""

import itertools
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from lambda_slim.base.text import clause
from lambda_slim.formats.tables import as_list, as_table, table_at
from lambda_slim.inputs.builds.records import ToolLayer

TYPES = ("AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion")
_SERVERLESS = "AWS::Serverless::Function"
_GLOBAL = ("Globals", "Function", "Layers")
_RETAINED = ("RetentionPolicy", "DeletionPolicy", "UpdateReplacePolicy")

PlaceOf = Callable[[str, Mapping[str, Any]], Path | None]


def layers_of(
    document: Any, folder: Path, place_of: PlaceOf, python: Collection[str], taken: Iterable[Path] = ()
) -> Iterator[ToolLayer]:
    """The layers of a template whose content is here.

    Args:
        document: The template.
        folder: What may be changed.
        place_of: From the logical id and the resource of a layer to its content.
        python: Logical ids of the functions that are known here and run Python.
        taken: The code of functions, which is no layer alone.
    """
    resources = table_at(document, "Resources")
    codes = frozenset(taken)
    for name, row in resources.items():
        resource = as_table(row)
        place = place_of(str(name), resource) if resource.get("Type") in TYPES else None
        if place is None or not place.exists():
            continue
        place = place.resolve()
        shared = _retained(resource) or _used(document, str(name), python)
        yield ToolLayer(str(name), place, _why(place, folder, codes), shared)


def _why(place: Path, folder: Path, codes: Collection[Path]) -> str:
    if not place.is_relative_to(folder.resolve()):
        return f"it lies outside, in {os.path.relpath(place, folder)}"
    if place == folder.resolve():
        return "it is the whole folder"
    return "it lies in the code of a function, or has it in itself" if any(map(partial(nested, place), codes)) else ""


def nested(place: Path, other: Path) -> bool:
    """Whether one of two folders is the other, or lies in it."""
    return place.is_relative_to(other) or other.is_relative_to(place)


def _retained(resource: Mapping[str, Any]) -> str:
    """What says that former versions stay, for others."""
    rows = {**resource, **as_table(resource.get("Properties"))}
    named = next((key for key in _RETAINED if rows.get(key) == "Retain"), "")
    return clause("its versions are kept for others ({}: Retain)", named)


def _used(document: Any, name: str, python: Collection[str]) -> str:
    """Who refers to a layer besides the Python functions that are known here."""
    paths = {path[:4] for path in _references(document, name, ()) if path[:2] != ("Resources", name)}
    shared = {path for path in paths if path[:3] == _GLOBAL}
    if other := min(itertools.filterfalse(partial(_is_user, python), paths - shared), default=()):
        return f"{_named(other)} refers to it, so something that is not in this build may use it"
    if shared and (names := _others(document, python)):
        return f"{', '.join(names)} has it too, and is no Python function of this build"
    return "" if paths else "no function of this build has it"


def _is_user(python: Collection[str], path: tuple[str, ...]) -> bool:
    return path[0] == "Resources" and path[1] in python and path[2:4] == ("Properties", "Layers")


def _others(document: Any, python: Collection[str]) -> list[str]:
    """The functions of a template that what `Globals` says holds for too."""
    resources = table_at(document, "Resources")
    return sorted({key for key, row in resources.items() if as_table(row).get("Type") == _SERVERLESS} - set(python))


def _named(path: tuple[str, ...]) -> str:
    return path[1] if path[0] == "Resources" else " ".join(path[:2])


def _references(node: Any, name: str, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The places in a template that name a resource."""
    if isinstance(node, dict):
        for key, value in node.items():
            if _names(str(key), value, name):
                yield path
            else:
                yield from _references(value, name, (*path, str(key)))
    elif isinstance(node, list):
        for value in node:
            yield from _references(value, name, path)
    elif isinstance(node, str) and re.search(rf"\$\{{{re.escape(name)}[}}.]", node):
        yield path


def _names(key: str, value: Any, name: str) -> bool:
    """Whether an entry of a table refers to a resource: `Ref`, `Fn::GetAtt`, `DependsOn`."""
    if key == "Ref":
        return bool(value == name)
    if key not in ("Fn::GetAtt", "DependsOn"):
        return False
    first = value[0] if key == "Fn::GetAtt" and isinstance(value, list) and value else value
    named = [first] if isinstance(first, str) else as_list(first)
    return any(str(item).partition(".")[0] == name for item in named)
