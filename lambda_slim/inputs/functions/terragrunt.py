"""Terragrunt: `terragrunt.hcl` files, each a Terraform module here with the values it is given."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.base.rows import values_by_key
from lambda_slim.inputs.functions.records import Asked, Declared, DeploymentKind, numbered
from lambda_slim.inputs.functions.terraform import functions_of, leads_to_function
from lambda_slim.inputs.functions.terragrunt_file import NAMES, TerragruntFile

_ASIDE = frozenset({"node_modules", ".git", ".terraform", ".terragrunt-cache", "test", "tests", "docs"})
_DEEPEST = 7
_MOST = 200  # units that are read
_SOURCE = re.compile(r"\bsource\s*=")


def _find(folder: Path) -> Path | None:
    """A file of Terragrunt at or below a folder that leads to a function."""
    return next((file for file in _units(folder) if _leads(file)), None)


def _units(folder: Path) -> Iterator[Path]:
    """Files at and below a folder, the upper ones first."""
    seen = 0
    for name, folders, files in os.walk(folder):
        deep = len(Path(name).relative_to(folder).parts) >= _DEEPEST
        folders[:] = [] if deep else sorted(below for below in folders if below not in _ASIDE)
        for file in (Path(name) / unit for unit in NAMES if unit in files):
            seen += 1
            if seen <= _MOST:
                yield file


def _leads(file: Path) -> bool:
    """Whether a unit's module makes a function."""
    if not _SOURCE.search(read_loosely(file)):
        return False
    try:
        unit = TerragruntFile(file)
        module = unit.module()
    except (ValueError, OSError):
        return "lambda" in read_loosely(file)
    return bool(module and leads_to_function(module))


def _reads(path: Path, _: str) -> bool:
    return path.name in NAMES


def _read(path: Path, asked: Asked) -> tuple[Declared, ...]:
    top = _top(path)
    units = [path] if path.name in NAMES and not _is_searched(path) else list(_units(top))
    rows = values_by_key(((file.parent.name, row.name), (file, row)) for file in units for row in _of_unit(file, top))
    return numbered(_chosen(group, asked, top) for group in rows.values())


def _top(path: Path) -> Path:
    """The folder of the deployment: the repository, as messages and dependencies count from it."""
    return next((above for above in path.parents if (above / ".git").exists()), path.parent)


def _is_searched(path: Path) -> bool:
    """Whether other units lie beside the one that was found first, in the same repository."""
    return len(list(_units(_top(path)))) > 1


def _of_unit(file: Path, top: Path) -> Iterator[Declared]:
    where = os.path.relpath(file, top)
    if not _SOURCE.search(read_loosely(file)):
        return
    unit = TerragruntFile(file)
    module = unit.module()
    if module is None:
        if "lambda" in unit.source:
            problem = f"its module `{unit.source}` is not here"
            hint = "run `terragrunt show -json PLAN > plan.json` and name that file, or write [functions]"
            yield Declared(file.parent.name, where, problem=problem, hint=hint)
        return
    if leads_to_function(module):
        for row in functions_of(module, unit.inputs()):
            name = file.parent.name if row.name in _DULL else row.name
            yield replace(row, name=name, where=f"{where} ({row.where})")


_DULL = frozenset({"this", "default", "main", "lambda", "function", "lambda_function", "func", "fn", "lambda-function"})


def _chosen(group: list[tuple[Path, Declared]], asked: Asked, top: Path) -> Declared:
    """The row of one environment, where several deploy the same function; the stage chooses, else the first."""
    staged = [(file, row) for file, row in group if asked.stage and asked.stage in file.relative_to(top).parts]
    file, row = (staged or group)[0]
    others = [os.path.relpath(other.parent, top) for other, _ in group if other != file]
    if not others or staged:
        return row
    note = f"{row.where}: {row.name}: taken as in {os.path.relpath(file.parent, top)}; also in {', '.join(others)}"
    return replace(row, note="; ".join(filter(None, [row.note, f"{note} (name one with `stage`)"])))


KIND = DeploymentKind("Terragrunt file", _find, _reads, _read)
