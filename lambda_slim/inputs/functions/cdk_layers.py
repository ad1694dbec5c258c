"""The layers of a function of a CDK app, as its program says them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.formats.tables import as_given, texts_among
from lambda_slim.inputs.functions.cdk_bundling import followed
from lambda_slim.inputs.functions.made_layers import made_layer
from lambda_slim.inputs.functions.program import ProgramFile, arguments_of, place_of
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.functions.scripts import ScriptPackage
from lambda_slim.inputs.project.layers import named_layer
from lambda_slim.model.layer import Layer
from lambda_slim.model.packing import LAYER_SITE
from lambda_slim.model.program import Dotted, ProgramCall

_ADDING = ("add_layers", "addLayers")
_BY_ARN = ("from_layer_version_arn", "fromLayerVersionArn")


def layers_of(value: Any, source: ProgramFile, where: str) -> Iterator[Layer]:
    """The layers of a list; one that only a run of the program knows has no name that is known."""
    rows = as_given(value)
    for index, row in enumerate(rows):
        bundled = list(_bundled(row, source, where))
        yield from bundled
        if not bundled:
            yield _layer(row, source, where) or named_layer(_name(row) or f"layer {index + 1}", where)


def added_layers(function: ProgramCall, source: ProgramFile) -> list[Any]:
    """What `add_layers` adds to a function that is bound to a name.

    Args:
        function: The call that makes the function, as it is written.
        source: Its file.
    """
    added: list[Any] = []
    for call in source.program.calls:
        owner = call.function.text.rpartition(".")[0] if isinstance(call.function, Dotted) else ""
        made = source.program.constants.get(owner) if call.name in _ADDING else None
        if isinstance(made, ProgramCall) and (made.line, made.name) == (function.line, function.name):
            added += call.positional
    return [source.program.known(value) for value in added]


def _name(row: Any) -> str:
    """The id of a layer whose content is not known."""
    return next(iter(texts_among(arguments_of(row))), "")


def _layer(row: Any, source: ProgramFile, where: str) -> Layer | None:
    if not isinstance(row, ProgramCall):
        return None
    texts = texts_among(row.positional)
    if row.name in _BY_ARN:
        return named_layer(texts[-1], where) if texts else None
    place = layer_place(row, source)
    if place is None:
        return None
    return Layer(texts[0] if texts else place.name, place, built=row.name == "PythonLayerVersion", where=where)


def _bundled(row: Any, source: ProgramFile, where: str) -> Iterator[Layer]:
    """What the commands of a layer's bundling put into it; nothing where they are not understood."""
    code = row.named.get("code") if isinstance(row, ProgramCall) and row.name == "LayerVersion" else None
    packed = _packed(code, source) if isinstance(code, ProgramCall) else None
    if packed and not packed.problem:
        said = Declared(_name(row) or "layer", where, parts=packed.parts, requires=packed.requires)
        yield from made_layer(replace(said, requirements=packed.requirements))


def _packed(code: ProgramCall, source: ProgramFile) -> ScriptPackage | None:
    """What a bundling with nothing else beside it puts into a layer."""
    if not code.positional or code.named.keys() != {"bundling"}:
        return None
    place = place_of(code.positional[0], source)
    return followed(code, source, place, LAYER_SITE) if place and place.is_dir() else None


def layer_place(row: ProgramCall, source: ProgramFile) -> Path | None:
    """The folder or archive that a layer is made from; None where it is not there, or not known."""
    place = place_of(_content(row), source)
    return place if place and place.exists() else None


def _content(row: ProgramCall) -> Any:
    """The folder that a layer is made from; None where that is not understood."""
    if row.name == "PythonLayerVersion":
        return row.named.get("entry")
    match row.named.get("code") if row.name == "LayerVersion" else None:
        case ProgramCall(positional=(folder,), named=options) if not options:
            return folder
    return None
