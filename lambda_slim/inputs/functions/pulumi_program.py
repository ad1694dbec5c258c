"""A function of a Pulumi program, in the form that Pulumi's YAML has."""

import re
from dataclasses import replace
from typing import Any

from lambda_slim.base.rows import present
from lambda_slim.formats.tables import UNKNOWN, as_table, sure_text, texts_among
from lambda_slim.inputs.functions.program import ProgramFile, options_of, place_of, variables, written_text
from lambda_slim.model.program import Dotted, ProgramCall

_GIVEN = ("path", "assets", "text")  # how the one argument of an archive is named
_FILES = {
    "FileArchive": "fn::fileArchive",
    "FileAsset": "fn::fileAsset",
    "RemoteArchive": "fn::remoteArchive",
    "RemoteAsset": "fn::remoteAsset",
}


def with_arguments(call: ProgramCall) -> ProgramCall:
    """A call with the arguments of the `FunctionArgs` in it."""
    inner = next((row for row in call.positional if isinstance(row, ProgramCall) and row.name == "FunctionArgs"), None)
    if inner is None:
        return call
    return replace(call, named={**inner.named, **call.named}, whole=call.whole and inner.whole)


def makes_function(call: ProgramCall) -> bool:
    """Whether a call is of Lambda: its name says so, or its arguments are those of a function."""
    named = call.named.keys()
    of_lambda = isinstance(call.function, Dotted) and "lambda" in call.function.text.rpartition(".")[0].lower()
    return of_lambda or {"handler", "runtime"} <= named or "image_uri" in named


def program_function(call: ProgramCall, source: ProgramFile) -> tuple[str, dict[str, Any]]:
    """(name, resource) of a call that makes a function; what is no literal is `UNKNOWN`."""
    named = call.named
    handler = sure_text(named.get("handler", UNKNOWN))
    properties = {
        "handler": handler,
        "runtime": _runtime(named.get("runtime")),
        "code": _code(named.get("code"), source),
        "memorySize": named.get("memory_size"),
        "timeout": named.get("timeout"),
        "environment": {"variables": variables(_inner(named.get("environment"), "variables"))},
        "architectures": _texts(named.get("architectures")),
        "layers": _texts(named.get("layers")),
        "packageType": named.get("package_type"),
        "imageUri": named.get("image_uri"),
    }
    texts = texts_among((*call.positional, named.get("resource_name")))
    name = texts[0] if texts else handler.replace("/", ".").partition(".")[0].strip("()")
    resource = {"properties": present(properties)}
    return re.sub(r"[^\w.-]+", "-", name) or "function", resource


def _inner(value: Any, key: str) -> Any:
    """An item of a table, or of a call that makes one."""
    return as_table(options_of(value)).get(key)


def _texts(value: Any) -> list[str] | None:
    return [sure_text(item) for item in value] if isinstance(value, list) else None


def _runtime(value: Any) -> str:
    """`"python3.12"`, `Runtime.PYTHON3D12` and `Runtime.Python3d12`."""
    if isinstance(value, str):
        return value
    text = value.name if isinstance(value, Dotted) else ""
    python = re.fullmatch(r"PYTHON(\d)D(\d+)", text.upper())
    if python:
        return f"python{python[1]}.{python[2]}"
    return text.lower() if re.match(r"(?i)nodejs|java|dotnet|ruby|provided|custom", text) else UNKNOWN


def _code(value: Any, source: ProgramFile) -> dict[str, Any] | None:
    """An archive as Pulumi's YAML writes it; None where it is not understood."""
    if not isinstance(value, ProgramCall):
        return None
    first = next((item for item in (*value.positional, *map(value.named.get, _GIVEN)) if item is not None), None)
    if value.name in ("AssetArchive", "StringAsset"):
        return _assets(first, source) if value.name == "AssetArchive" else _written(first, source)
    place = place_of(first, source) if value.name in _FILES else None
    return {_FILES[value.name]: str(place)} if place else None


def _written(value: Any, source: ProgramFile) -> dict[str, Any] | None:
    text = written_text(value, source)
    return None if text is None else {"fn::stringAsset": text}


def _assets(table: Any, source: ProgramFile) -> dict[str, Any] | None:
    if not isinstance(table, dict):
        return None
    inner = {key: _code(item, source) for key, item in table.items()}
    return None if None in inner.values() else {"fn::assetArchive": inner}
