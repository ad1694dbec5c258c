"""`source_path` of terraform-aws-modules/lambda in its forms."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.formats.shell_idioms import SCRATCH
from lambda_slim.formats.tables import UNKNOWN, as_list, as_several
from lambda_slim.inputs.functions.packing import Packing
from lambda_slim.inputs.functions.packing_files import PackedFiles
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.functions.scripts import ScriptPackage, repository_of, script_package
from lambda_slim.inputs.functions.terraform_archives import Archives
from lambda_slim.inputs.functions.terraform_module import Instance
from lambda_slim.model.layout import Placement

_ARCHIVE = f"{SCRATCH}/archive"  # stands for the zip


class _OpenError(Exception):
    """A form that is not understood."""


def claimed(row: Declared, instance: Instance, archives: Archives) -> Declared:
    """A function or a layer with the files that its module packs, or with what is not understood about them.

    Args:
        row: What else is declared of it.
        instance: The module's block.
        archives: The archives of all modules, as functions or layers have them.
    """
    module, block = instance.module, instance.block
    if module.value(block, "create_package", instance.scope) is False:
        return _existing(row, instance, archives)
    said = module.value(block, "source_path", instance.scope)
    try:
        parts, requirements = _claims(said, module.root, archives.site)
    except _OpenError as error:
        hint = "write [functions] with handler and source, or build the package and name the zip"
        return replace(row, problem=f"{row.name}: {error}", hint=hint)
    return replace(row, parts=parts, requires=requirements, searched=False, installs=bool(requirements))


def _existing(row: Declared, instance: Instance, archives: Archives) -> Declared:
    place = instance.module.value(instance.block, "local_existing_package", instance.scope)
    if place is None:
        return replace(row, skipped="its code is in S3")
    if not isinstance(place, str) or place == UNKNOWN:
        return replace(row, problem=f"{row.name}: its package is only known at deployment", hint="build it first")
    return archives.packaged(row, place, instance)


def _claims(said: Any, root: Path, site: str) -> tuple[tuple[Placement, ...], tuple[str, ...]]:
    """Parts, and lines of requirements.

    Raises:
        _OpenError: a form that is not understood.
    """
    parts: list[Placement] = []
    requirements: list[str] = []
    for claim in as_several(said):
        if isinstance(claim, str) and claim != UNKNOWN:
            place = _there(root / claim)
            parts.append(Placement(place, place.name if place.is_file() else ""))
            requirements += _at("", list(_required(place / "requirements.txt", wanted=False)), site)
        elif isinstance(claim, dict):
            part, lines = _table(claim, root, site)
            parts += part
            requirements += lines
        else:
            raise _OpenError("its source_path is only known at deployment")
    return tuple(parts), tuple(requirements)


def _table(claim: dict[str, Any], root: Path, site: str) -> tuple[list[Placement], list[str]]:
    path, pip = claim.get("path"), claim.get("pip_requirements")
    if UNKNOWN in (path, pip):
        raise _OpenError("a path in its source_path is only known at deployment")
    prefix = str(claim.get("prefix_in_zip") or "").strip("/")
    if claim.get("commands"):
        return _commanded(claim, root, site, prefix)
    lines = _at(prefix, list(_pip(pip, path, root)), site)
    _check_installers(claim, root)
    if not isinstance(path, str):
        return [], lines
    place = _there(root / path)
    placed = "/".join(filter(None, (prefix, place.name))) if place.is_file() else prefix
    return [Placement(place, placed, tuple(_rules(claim.get("patterns"))))], lines


def _commanded(claim: dict[str, Any], root: Path, site: str, prefix: str) -> tuple[list[Placement], list[str]]:
    """What `commands` pack: they are followed, and `:zip FOLDER PREFIX` adds a folder to the archive."""
    path, texts = claim.get("path"), as_several(claim.get("commands"))
    if not isinstance(path, str) or not all(isinstance(text, str) and text != UNKNOWN for text in texts):
        raise _OpenError("its source_path has commands that are only known at deployment")
    lines = [_zipped(line, prefix) for text in texts for line in text.splitlines()]
    packed = _followed(_there(root / path), root, lines, site)
    rules = tuple(_rules(claim.get("patterns")))
    return [replace(part, rules=(*part.rules, *rules)) for part in packed.parts], list(packed.requires)


def _followed(place: Path, root: Path, lines: list[str], site: str) -> ScriptPackage:
    """What commands put into the archive.

    Raises:
        _OpenError: it is not understood.
    """
    packing = Packing(place if place.is_dir() else place.parent, place, repository_of(root), PackedFiles(), "commands")
    try:
        packing.follow("\n".join(lines))
    except ValueError as error:
        raise _OpenError(f"its source_path has commands that are not understood: {error}") from error
    packed = script_package(packing, Path(_ARCHIVE), site)
    if packed is None or packed.problem or packed.requirements:
        raise _OpenError(f"its source_path has commands, which were not run: {packed.problem if packed else 'no :zip'}")
    return packed


def _zipped(line: str, prefix: str) -> str:
    """A command as it is; `:zip` as a copy to the archive."""
    words = line.split()
    if words[:1] != [":zip"]:
        return line
    folder = words[1] if words[1:] else "."
    below = words[2].strip("/") if words[2:] else prefix
    return f"mkdir -p {_ARCHIVE}/{below} && cp -r {folder.rstrip('/')}/. {_ARCHIVE}/{below}"


def _at(prefix: str, lines: list[str], site: str) -> list[str]:
    """Requirements that are installed somewhere.

    Raises:
        _OpenError: Python does not look there.
    """
    if lines and not re.fullmatch(site, prefix):
        raise _OpenError(f"its requirements go to {prefix or '.'}/ in the zip, where Python does not look")
    return lines


def _there(path: Path) -> Path:
    place = Path(os.path.normpath(path))
    if not place.exists():
        raise _OpenError(f"`{place.name}` of its source_path is not there")
    return place


def _pip(pip: Any, path: Any, root: Path) -> Iterator[str]:
    if pip is True and isinstance(path, str):
        yield from _required(Path(os.path.normpath(root / path)) / "requirements.txt", wanted=True)
    elif isinstance(pip, str):
        place = Path(os.path.normpath(root / pip))
        yield from _required(place / "requirements.txt" if place.is_dir() else place, wanted=True)


def _check_installers(claim: dict[str, Any], root: Path) -> None:
    """Refuses a project that Poetry or uv installs.

    Raises:
        _OpenError: it is one.
    """
    path = claim.get("path")
    if isinstance(path, str) and (claim.get("poetry_install") or claim.get("uv_install")):
        raise _OpenError(f"it is installed by Poetry or uv from {(root / path).name}; export a requirements.txt")


def _required(file: Path, *, wanted: bool) -> Iterator[str]:
    if file.is_file():
        yield f"-r {file}"
    elif wanted:
        raise _OpenError(f"its requirements `{file.name}` are not there")


def _rules(patterns: Any) -> Iterator[tuple[bool, str]]:
    """Regular expressions, `!` before those that leave out."""
    lines = patterns.splitlines() if isinstance(patterns, str) else as_list(patterns)
    for line in lines:
        text = str(line).partition("#")[0].strip()
        pattern = text.removeprefix("!")
        try:
            re.compile(pattern)
        except re.error:
            raise _OpenError(f"`{pattern}` of its patterns is not a regular expression") from None
        if pattern:
            yield not text.startswith("!"), pattern
