"""Functions whose code something else uploads: the handler that the deployment file names shows where it lies here."""

import ast
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.files import read_regular
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.tables import UNKNOWN
from lambda_slim.inputs.functions.code import modules
from lambda_slim.inputs.functions.records import Declared, python_runtime
from lambda_slim.model.layout import Placement


def with_code(rows: Iterable[Declared], folder: Path) -> tuple[Declared, ...]:
    """The functions, those whose code is in S3 with the only code below a folder that has their handler."""
    return tuple(_located(row, folder) if _is_uploaded(row) else row for row in rows)


def _is_uploaded(row: Declared) -> bool:
    known = row.handler not in (None, UNKNOWN) and row.runtime not in (None, UNKNOWN)
    return "its code is in S3" in row.skipped and known and python_runtime(row.runtime)


def _located(row: Declared, folder: Path) -> Declared:
    places = list(_places(str(row.handler), folder))
    if len(places) != 1:
        return row
    shown = os.path.relpath(places[0], folder)
    note = f"{row.skipped}; the only code here that has its handler is taken, that of {shown}"
    return replace(row, skipped="", parts=(Placement(places[0]),), note=f"{row.where}: {row.name}: {note}")


def _places(handler: str, folder: Path) -> Iterator[Path]:
    """Folders from which a handler is found that its module defines."""
    module, _, name = handler.rpartition(".")
    parts = tuple(module.replace(".", "/").split("/"))
    for file in modules(folder):
        below = file.relative_to(folder).with_suffix("").parts
        if below[-len(parts) :] == parts and name in _defined(file):
            yield file.parents[len(parts) - 1]


def _defined(file: Path) -> set[str]:
    """Names of functions, and of what is assigned, at the top of a module."""
    try:
        body = parse_python(read_regular(file)).body
    except (OSError, SyntaxError, ValueError):
        return set()
    functions = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    return functions | {target.id for target in targets if isinstance(target, ast.Name)}
