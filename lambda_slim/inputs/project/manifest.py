"""`lambda-slim.manifest.json`: beside the zips of a build, what each was made from."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_regular_text, text_or_nothing, write_text
from lambda_slim.base.journal import digest_place
from lambda_slim.inputs.own_marks import is_own_folder, is_own_zip

NAME = "lambda-slim.manifest.json"
_ASIDE = ".lambda-slim-before"  # where `slim` keeps former states
_BUILDS = frozenset({".aws-sam", "cdk.out", ".serverless"})
_SCHEMA = "https://lambda-slim.dev/schemas/manifest-1.json"


@dataclass(frozen=True, slots=True)
class BuiltPackage:
    """One zip or folder that `build` wrote.

    Attributes:
        function: The function's name.
        zip: Its name, in the manifest's folder.
        sha256: Hex digest of the zip's bytes; of a folder, of its files with their names and modes.
        handler: As Lambda reads it.
        runtime: `python3.12`.
        architecture: `x86_64` or `arm64`.
        source: The folder that it was made from, POSIX, from the manifest's folder.
        template: The template that names the function, likewise; "" without one.
        settings: Digest of the settings.
        starts: Whether it can start, `yes`, `no` or `unknown`, as was said when it was built.
    """

    function: str
    zip: str
    sha256: str
    handler: str
    runtime: str
    architecture: str
    source: str
    template: str = ""
    settings: str = ""
    starts: str = ""


def read_manifest(folder: Path) -> tuple[BuiltPackage, ...]:
    """The packages that a folder's manifest lists; nothing where there is none, or it is damaged."""
    try:
        table = json.loads(read_regular_text(folder / NAME))
        return tuple(BuiltPackage(**_fields(row)) for row in table["packages"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _fields(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(row[name]) for name in BuiltPackage.__dataclass_fields__ if name in row}


def write_manifest(folder: Path, built: Iterable[BuiltPackage]) -> tuple[BuiltPackage, ...]:
    """Adds packages to a folder's manifest, in the place of earlier ones of the same name; gives what it lists now.

    Raises:
        WriteError: the folder cannot be written.
    """
    rows = {package.zip: package for package in read_manifest(folder) if (folder / package.zip).exists()}
    rows |= {package.zip: package for package in built}
    table = {"$schema": _SCHEMA, "packages": [asdict(rows[name]) for name in sorted(rows)]}
    text = json.dumps(table, indent=1) + "\n"  # plain ASCII: a folder may have a name that is no text
    place = folder / NAME
    if text_or_nothing(place) != text:
        write_text(place, text)
    return tuple(rows.values())


def relative_to(folder: Path, place: Path | None) -> str:
    """A path from a folder, POSIX, so that a project that is moved keeps its manifest true."""
    return Path(os.path.relpath(place, folder)).as_posix() if place else ""


def built_package(path: Path) -> BuiltPackage | None:
    """What the manifest beside a zip says of exactly these bytes; None where it says nothing."""
    for package in read_manifest(path.parent):
        if package.zip == path.name and package.sha256 == file_digest(path):
            return package
    return None


def file_digest(path: Path) -> str:
    """SHA-256 of a file, or of what a folder holds, hex; "" where it cannot be read."""
    try:
        if path.is_dir():
            return digest_place(path)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def source_behind(path: Path) -> Path | None:
    """The folder, or another tool's package, that a zip of ours was made from, where that is still there."""
    built = built_package(path)
    place = Path(os.path.normpath(path.parent / built.source)) if built and built.source else None
    return place if place and place.exists() and place != path else None


def is_ours(path: Path) -> bool:
    """Whether a zip or folder is one that `build` wrote, to judge by the manifest's names or by what is in it.

    What `slim` made slim where another tool built it is not; nor is what lies in a build folder of another tool.
    """
    if any(package.zip == path.name for package in read_manifest(path.parent)):
        return True
    if any((folder / _ASIDE).is_dir() for folder in path.parents[:2]) or not _BUILDS.isdisjoint(path.parts):
        return False
    return is_own_folder(path) if path.is_dir() else is_own_zip(path)
