"""Chalice projects: app.py with its decorators, chalicelib/ and vendor/."""

import ast
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_loosely, read_regular, read_regular_text
from lambda_slim.formats.json_text import load_json
from lambda_slim.formats.python_source import parse_python
from lambda_slim.formats.python_syntax import decorator_name, nodes_of
from lambda_slim.formats.tables import as_table
from lambda_slim.inputs.functions.records import (
    Asked,
    Declared,
    DeploymentKind,
    QuestionError,
    named_layers,
    number,
    texts,
)
from lambda_slim.model.layout import Placement

_PURE = frozenset(
    {
        "lambda_function",
        "schedule",
        "on_s3_event",
        "on_sns_message",
        "on_sqs_message",
        "on_cw_event",
        "on_kinesis_record",
        "on_dynamodb_record",
        "authorizer",
    }
)
_ROUTES = frozenset({"route", "on_ws_connect", "on_ws_message", "on_ws_disconnect", "middleware"})
_CHALICE = re.compile(r"^\s*chalice\b(?!-)", re.IGNORECASE | re.MULTILINE)


# An app whose settings are in no repository: `chalice deploy` asks for them, and they change nothing of the layout.
_APP = re.compile(r"^[ \t]*(?:from chalice(?:lib)?\b.* import|import chalice\b)", re.MULTILINE)
_DECORATED = re.compile(rf"^@\w+\.(?:{'|'.join(sorted(_PURE | _ROUTES))})\(", re.MULTILINE)


def _find(folder: Path) -> Path | None:
    place, app = folder / ".chalice" / "config.json", folder / "app.py"
    if not app.is_file():
        return None
    return place if place.is_file() else app if _is_chalice(app) else None


def _is_chalice(app: Path) -> bool:
    """Whether an app.py is one of Chalice: its decorators, on what `chalice` or `chalicelib` gives."""
    text = read_loosely(app)
    named = "Chalice(" in text or (app.parent / "chalicelib").is_dir()
    return bool(named and _APP.search(text) and _DECORATED.search(text))


def _reads(path: Path, _: str) -> bool:
    return path.name == "config.json" and path.parent.name == ".chalice"


def _read(path: Path, asked: Asked) -> tuple[Declared, ...]:
    settings = {} if path.name == "app.py" else load_json(read_regular_text(path))
    if not isinstance(settings, dict):
        message = "it is not a table"
        raise ValueError(message)
    folder = path.parent if path.name == "app.py" else path.parent.parent
    stages = as_table(settings.get("stages"))
    stage = asked.stage or ("dev" if "dev" in stages or not stages else next(iter(stages)))
    parts = tuple(_parts(folder))
    listed = folder / "requirements.txt"  # the only list that Chalice reads
    common = replace(
        Declared("app", os.path.relpath(path, folder), handler="app.app", parts=parts, memory_mb=128, timeout_s=60),
        requirements=listed if listed.is_file() else None,
        requires=() if _names_chalice(folder) else ("chalice",),
    )
    return tuple(
        _configured(replace(common, name=name, handler=f"app.{function}"), settings, as_table(stages.get(stage)))
        for name, function in _functions(folder / "app.py")
    )


def _parts(folder: Path) -> Iterator[Placement]:
    """What `chalice package` takes: app.py and chalicelib/, and what lies in vendor/ at the root."""
    if (folder / "vendor").is_dir():
        yield Placement(folder / "vendor")
    if (folder / "chalicelib").is_dir():
        yield Placement(folder / "chalicelib", "chalicelib")
    yield Placement(folder / "app.py", "app.py")


def _names_chalice(folder: Path) -> bool:
    file = folder / "requirements.txt"
    return bool(file.is_file() and _CHALICE.search(read_loosely(file)))


def _functions(file: Path) -> list[tuple[str, str]]:
    """(name, function) of what Chalice deploys: the API if there are routes, and each decorated function by itself.

    Raises:
        QuestionError: the app is no Python 3.
    """
    try:
        tree = parse_python(read_regular(file))
    except SyntaxError as error:
        raise QuestionError(
            f"`{file.name}` cannot be read as Python",
            f"line {error.lineno or 1}: {error.msg}",
            "Chalice deploys what is decorated in it; mend it, and build again",
        ) from error
    pure: list[tuple[str, str]] = []
    routes = False
    for node in nodes_of(tree, ast.FunctionDef):
        for decorator in node.decorator_list:
            kind = decorator_name(decorator)
            routes |= kind in _ROUTES
            if kind in _PURE:
                pure.append((_named(decorator) or node.name, node.name))
    return [*([("app", "app")] if routes or not pure else []), *pure]


def _named(decorator: ast.expr) -> str:
    for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return ""


def _configured(said: Declared, settings: Mapping[str, Any], stage: Mapping[str, Any]) -> Declared:
    """The function with what the settings, the stage and its own table there say, the nearest last."""
    own = as_table(as_table(stage.get("lambda_functions")).get("api_handler" if said.name == "app" else said.name))
    for table in (settings, stage, own):
        said = replace(
            said,
            memory_mb=number(table.get("lambda_memory_size"), said.memory_mb),
            timeout_s=number(table.get("lambda_timeout"), said.timeout_s),
            architecture=table.get("lambda_architecture", said.architecture),
            environment={**said.environment, **texts(table.get("environment_variables"))},
            layers=named_layers(table.get("layers"), said.where) or said.layers,
        )
    return said


KIND = DeploymentKind("Chalice project", _find, _reads, _read)
