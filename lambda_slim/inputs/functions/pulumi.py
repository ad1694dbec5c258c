"""Pulumi projects in YAML, and what programs in Python and TypeScript say in literals."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.files import first_file, read_loosely, read_regular_text
from lambda_slim.formats.tables import UNKNOWN, as_table, sure_text
from lambda_slim.inputs.functions.program import program_files, sources
from lambda_slim.inputs.functions.pulumi_images import image_row
from lambda_slim.inputs.functions.pulumi_program import makes_function, program_function, with_arguments
from lambda_slim.inputs.functions.records import (
    Asked,
    Declared,
    DeploymentKind,
    QuestionError,
    named_layers,
    number,
    python_runtime,
    texts,
)
from lambda_slim.inputs.functions.staged import staged
from lambda_slim.model.layout import Placement

_NAMES = ("Pulumi.yaml", "Pulumi.yml")
_TYPES = ("aws:lambda:Function", "aws:lambda/function:Function", "aws-native:lambda:Function")
_SIGNS = ("lambda_.Function", "lambda.Function", "lambda_.CallbackFunction")
_IMAGE = "it is a container image"
_HINT = "name each function in [functions] of lambda-slim.toml, with handler and source, or say --handler"


def _find(folder: Path) -> Path | None:
    file = first_file(folder, _NAMES)
    if file is None:
        return None
    text = read_loosely(file)
    return file if "lambda" in text or any(_seen(folder)) else None


def _seen(folder: Path) -> list[str]:
    """Files of the program that make functions."""
    files = program_files(folder, (".py", ".ts", ".go", ".js", ".cs"))
    return [os.path.relpath(file, folder) for file in files if _makes_functions(read_loosely(file))]


def _makes_functions(text: str) -> bool:
    """Whether a file speaks of Lambda's functions; archives are of other clouds, too."""
    return any(sign in text for sign in _SIGNS) or ("FileArchive" in text and "aws" in text.lower())


def _reads(path: Path, _: str) -> bool:
    return path.name in _NAMES


def _read(path: Path, _: Asked) -> tuple[Declared, ...]:
    from lambda_slim.formats.yaml_text import load_with_lines

    document, lines = load_with_lines(read_regular_text(path), "resources")
    table = as_table(document)
    runtime = table.get("runtime")
    language = as_table(runtime).get("name") if isinstance(runtime, dict) else runtime
    if language != "yaml":
        functions = tuple(_of_program(path.parent / str(table.get("main") or ".")))
        if not (_is_known(path.parent, functions) or _has_no_python(path.parent)):
            raise _not_run(path, str(language), functions)
        return functions
    values = _Values({str(key): _default(row) for key, row in as_table(table.get("config")).items()}, table)
    return tuple(
        _function(str(name), row, values, f"{path.name}:{lines.get(str(name), 1)}", path.parent)
        for name, row in as_table(table.get("resources")).items()
        if as_table(row).get("type") in _TYPES
    )


def _is_known(folder: Path, functions: tuple[Declared, ...]) -> bool:
    """Whether a program says a function, or only such in other languages and nothing of Python."""
    if any(not row.skipped and not row.problem for row in functions):
        return True
    texts_of_program = (read_loosely(folder / name).lower() for name in _seen(folder))
    others = bool(functions) and all(row.skipped and row.skipped != _IMAGE for row in functions)
    return others and not any("python" in text for text in texts_of_program)


def _has_no_python(folder: Path) -> bool:
    return next(program_files(folder, (".py",)), None) is None


def _not_run(path: Path, language: str, functions: tuple[Declared, ...]) -> QuestionError:
    seen = "".join(f"; {row.where}: {row.problem or row.skipped}" for row in functions[:6])
    return QuestionError(
        f"`{path.name}` is a Pulumi program in {language}, which was not run",
        f"its functions are in {', '.join(_seen(path.parent)) or 'its program'}{seen}",
        _HINT,
    )


def _of_program(folder: Path) -> Iterator[Declared]:
    """The functions that a program says in literals."""
    if not folder.is_dir():
        return
    for source in sources(Path(os.path.normpath(folder))):
        for raw in (raw for raw in source.program.calls if raw.name == "Function"):
            for _, call, inner in source.rounds(raw):
                whole = with_arguments(call)
                if makes_function(whole):
                    name, row = program_function(whole, inner)
                    said = _function(name, row, _Values({}, {}), source.where(call), folder)
                    yield image_row(said, whole, inner) if said.skipped == _IMAGE else said


class _Values:
    """What `${name}` stands for: settings' defaults and variables."""

    def __init__(self, known: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self._known = {**known, **as_table(document.get("variables"))}

    def of(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.of(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.of(item) for item in value]
        if not isinstance(value, str) or "${" not in value:
            return value
        name = value.strip()[2:-1] if value.startswith("${") and value.endswith("}") else ""
        return sure_text(self._known.get(name, UNKNOWN))


def _default(row: Any) -> Any:
    return row.get("default", row.get("value", UNKNOWN)) if isinstance(row, dict) else row


def _function(name: str, row: Mapping[str, Any], values: _Values, where: str, folder: Path) -> Declared:
    properties = as_table(values.of(as_table(row).get("properties")))
    runtime = properties.get("runtime")
    architectures = properties.get("architectures")
    said = Declared(
        name,
        where,
        handler=properties.get("handler"),
        runtime=runtime or UNKNOWN,
        architecture=str(architectures[0]) if isinstance(architectures, list) and architectures else None,
        memory_mb=number(properties.get("memorySize"), 128),
        timeout_s=number(properties.get("timeout"), 3),
        environment=texts(as_table(properties.get("environment")).get("variables")),
        above=False,
        layers=named_layers(properties.get("layers"), where),
    )
    if properties.get("packageType") == "Image" or properties.get("imageUri"):
        return replace(said, skipped=_IMAGE)
    return _coded(said, runtime, properties.get("code"), folder)


def _coded(said: Declared, runtime: Any, code: Any, folder: Path) -> Declared:
    """A function with its code."""
    if UNKNOWN in (said.handler, runtime or UNKNOWN):
        problem = f"{said.name}: its arguments are only known when the program runs"
        return replace(said, problem=problem, hint=_HINT)
    if not python_runtime(runtime):
        return replace(said, skipped=f"its runtime is {runtime}")
    parts = _parts(code, "", folder)
    if parts is None:
        return replace(said, problem=f"{said.name}: its code is not there, or not understood", hint=_HINT)
    first = parts[0].source
    return replace(said, package=first) if first.suffix == ".zip" else replace(said, parts=parts)


def _parts(code: Any, prefix: str, folder: Path) -> tuple[Placement, ...] | None:
    """Where an archive's files go; None where it is not understood."""
    table = as_table(code)
    for key in ("fn::fileArchive", "Fn::FileArchive", "fn::fileAsset", "Fn::FileAsset"):
        if isinstance(table.get(key), str):
            place = Path(os.path.normpath(folder / table[key]))
            return (Placement(place, prefix),) if place.exists() else None
    if isinstance(table.get("fn::stringAsset"), str) and prefix:
        return (Placement(staged({"text": table["fn::stringAsset"]}) / "text", prefix),)
    rows = table.get("fn::assetArchive", table.get("Fn::AssetArchive"))
    placements: list[Placement] = []
    for name, inner in as_table(rows).items():
        parts = _parts(inner, "" if name == "." else str(name), folder)
        if parts is None:
            return None
        placements += parts
    return tuple(placements) or None


KIND = DeploymentKind("Pulumi project", _find, _reads, _read)
