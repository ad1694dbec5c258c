"""A plan of Terraform as JSON: `terraform show -json PLAN > plan.json`."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_regular_text
from lambda_slim.formats.json_text import load_json
from lambda_slim.formats.tables import UNKNOWN, as_list, as_rows, as_table, first_of, table_at
from lambda_slim.inputs.functions.globs import glob_rules
from lambda_slim.inputs.functions.records import (
    Asked,
    Declared,
    DeploymentKind,
    named_layers,
    number,
    python_runtime,
    texts,
)
from lambda_slim.model.layout import Placement

_NAMES = ("plan.json", "tfplan.json")
_DEEPEST = 20  # modules in each other


def _is_plan(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.read(400)
    return '"format_version"' in head and ('"terraform_version"' in head or '"planned_values"' in head)


def _find(folder: Path) -> Path | None:
    return next((folder / name for name in _NAMES if _is_plan(folder / name)), None)


def _reads(path: Path, text: str) -> bool:
    return path.suffix == ".json" and '"planned_values"' in text and '"format_version"' in text


def _read(path: Path, _: Asked) -> tuple[Declared, ...]:
    document = as_table(load_json(read_regular_text(path)))
    rows = list(_resources(as_table(document.get("planned_values")).get("root_module"), 0))
    before = list(_resources(table_at(document, "prior_state", "values").get("root_module"), 0))
    archives = [row for row in (*rows, *before) if row.get("type") == "archive_file"]
    return tuple(
        _function(row, archives, path)
        for row in rows
        if row.get("type") == "aws_lambda_function" and row.get("mode", "managed") == "managed"
    )


def _resources(module: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """The resources of a module and of those below it."""
    table = as_table(module)
    yield from as_rows(table.get("resources"))
    for child in as_list(table.get("child_modules")) if depth < _DEEPEST else ():
        yield from _resources(child, depth + 1)


def _function(row: Mapping[str, Any], archives: list[Mapping[str, Any]], path: Path) -> Declared:
    values = as_table(row.get("values"))
    runtime = values.get("runtime")
    architectures = as_list(values.get("architectures")) or ["x86_64"]
    said = Declared(
        _name(str(row.get("address", row.get("name", "function")))),
        path.name,
        handler=values.get("handler"),
        runtime=runtime or UNKNOWN,
        architecture=str(architectures[0]),
        memory_mb=number(values.get("memory_size"), 128),
        timeout_s=number(values.get("timeout"), 3),
        environment=_environment(values.get("environment")),
        layers=named_layers(values.get("layers"), path.name),
        snap_start=bool(values.get("snap_start")),
        above=False,
    )
    if values.get("package_type") == "Image" or values.get("image_uri"):
        return replace(said, skipped="it is a container image")
    if not python_runtime(runtime):
        return replace(said, skipped=f"its runtime is {runtime}")
    return _placed(said, values.get("filename"), archives, path.parent)


def _name(address: str) -> str:
    """`module.api.aws_lambda_function.this["a"]` is `api-this-a`."""
    text = address.replace("aws_lambda_function.", "").replace("module.", "").replace('"', "")
    return text.replace("[", "-").replace("]", "").replace(".", "-").replace("/", "-")


def _environment(rows: Any) -> dict[str, str]:
    return texts(as_table(first_of(rows)).get("variables"))


def _placed(said: Declared, filename: Any, archives: list[Mapping[str, Any]], folder: Path) -> Declared:
    if not isinstance(filename, str):
        return replace(said, skipped="its code is in S3")
    for row in archives:
        values = as_table(row.get("values"))
        out = values.get("output_path")
        if isinstance(out, str) and os.path.normpath(out) == os.path.normpath(filename):
            return _of_archive(said, values, folder)
    place = Path(os.path.normpath(folder / filename))
    if place.is_file():
        return replace(said, package=place)
    problem = f"{said.name}: its package `{filename}` is not there"
    return replace(said, problem=problem, hint="build it first, or say `source` in its table of [functions]")


def _of_archive(said: Declared, values: Mapping[str, Any], folder: Path) -> Declared:
    source, file = values.get("source_dir"), values.get("source_file")
    place = Path(os.path.normpath(folder / str(source or file)))
    if not (source or file) or not place.exists():
        problem = f"{said.name}: what its archive holds, `{source or file}`, is not there"
        return replace(said, problem=problem, hint="name the plan in the folder that it was made in")
    if file:
        return replace(said, parts=(Placement(place, place.name),))
    rules: list[tuple[bool, str]] = []
    for pattern in as_list(values.get("excludes")):
        rules += glob_rules(str(pattern), keep=False)
        rules += glob_rules(f"{str(pattern).rstrip('/')}/**", keep=False)
    return replace(said, parts=(Placement(place, "", tuple(rules)),))


KIND = DeploymentKind("Terraform plan", _find, _reads, _read)
