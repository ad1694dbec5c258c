"""Zappa's settings: a function of ones own, or an app that Zappa's handler starts."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lambda_slim.base.files import read_regular_text
from lambda_slim.formats.tables import first_of
from lambda_slim.inputs.functions.records import (
    Asked,
    Declared,
    DeploymentKind,
    QuestionError,
    find_by_name,
    number,
    texts,
)
from lambda_slim.inputs.functions.zappa_package import left_out, started_by_zappa
from lambda_slim.model.layout import Placement

_NAMES = ("zappa_settings.json", "zappa_settings.toml", "zappa_settings.yml", "zappa_settings.yaml")
_GENERATED = ("handler.lambda_handler", "zappa.handler.lambda_handler")  # handlers that only Zappa writes


def _reads(path: Path, _: str) -> bool:
    return path.name in _NAMES


def _read(path: Path, asked: Asked) -> tuple[Declared, ...]:
    tables = _stages(path)
    name = asked.stage or next((name for name in tables if name not in ("default", "base", "common")), "")
    if name not in tables:
        raise QuestionError(f"`{path.name}` has no stage `{name}`", f"there are {', '.join(tables)}", "say another")
    stage = _extended(tables, name)
    handler = stage.get("lambda_handler")
    own = Declared(
        str(stage.get("lambda_function_name") or stage.get("project_name") or path.parent.name),
        path.name,
        handler=handler if isinstance(handler, str) else None,
        runtime=stage.get("runtime"),
        architecture=_architecture(stage.get("architecture")),
        parts=(Placement(path.parent, "", left_out(stage)),),
        memory_mb=number(stage.get("memory_size"), 512),
        timeout_s=number(stage.get("timeout_seconds"), 30),
        environment={**texts(stage.get("environment_variables")), **texts(stage.get("aws_environment_variables"))},
    )
    written = handler in (None, *_GENERATED)
    return (started_by_zappa(own, path, name, stage) if written else own,)


def _stages(path: Path) -> dict[str, dict[str, Any]]:
    """The stages of a settings file by name.

    Raises:
        ValueError: it is no settings file.
    """
    from lambda_slim.formats.yaml_text import load_yaml

    text = read_regular_text(path)
    stages = tomllib.loads(text) if path.suffix == ".toml" else load_yaml(text.replace("\t", " "))[1]  # JSON is YAML
    if not isinstance(stages, dict):
        message = "it has no stages"
        raise ValueError(message)
    return {str(name): row for name, row in stages.items() if isinstance(row, dict)}


def _architecture(value: Any) -> str | None:
    first = first_of(value)
    return first if isinstance(first, str) else None


def _extended(tables: Mapping[str, Mapping[str, Any]], name: str, depth: int = 0) -> dict[str, Any]:
    """A stage with what it extends."""
    stage = dict(tables.get(name, {}))
    above = stage.get("extends")
    return {**_extended(tables, above, depth + 1), **stage} if isinstance(above, str) and depth < 10 else stage


KIND = DeploymentKind("Zappa settings file", find_by_name(*_NAMES), _reads, _read)
