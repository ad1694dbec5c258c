"""The script of a layer that starts the runtime: AWS_LAMBDA_EXEC_WRAPPER=/opt/wrap."""

import re
from collections.abc import Iterator
from pathlib import Path

from lambda_slim.base.files import read_regular
from lambda_slim.model.function import Function
from lambda_slim.model.layer import Layer
from lambda_slim.model.report import Finding

# What may have modules found elsewhere: a path, another program of Python, another script.
_MOVES = re.compile(rb"PYTHONPATH|\bpython|(?:^|[;&|])\s*(?:source|\.)\s", re.MULTILINE)


def moves_path(function: Function) -> bool:
    """Whether the script may change where modules are found; also where it cannot be read."""
    if not function.layer_wrapper:
        return False
    place = _place(function)
    return place is None or bool(_MOVES.search(_text(place)))


def absent_wrapper(function: Function) -> Iterator[Finding]:
    """A finding if no layer has the script: then Lambda cannot start the runtime."""
    if function.layer_wrapper and all(map(_is_listed, function.layers)) and _place(function) is None:
        message = f"the exec wrapper `{function.environment[_VARIABLE]}` is in no layer"
        yield Finding("LS130", "error", message, hint=f"add the layer that has it, or take {_VARIABLE} out")


_VARIABLE = "AWS_LAMBDA_EXEC_WRAPPER"


def _place(function: Function) -> Path | None:
    """The script, where it lies in a folder that becomes a layer; of two layers with it the later one's."""
    inside = function.environment[_VARIABLE].removeprefix("/opt/")
    for layer in reversed(function.layers):
        if _is_listed(layer) and layer.content and inside.startswith(layer.prefix):
            place = layer.content / inside.removeprefix(layer.prefix)
            if place.is_file():
                return place
    return None


def _is_listed(layer: Layer) -> bool:
    """Whether all scripts of a layer are those of a folder here; an installation brings none to its root."""
    return layer.content.is_dir() if layer.content else layer.readable


def _text(place: Path) -> bytes:
    try:
        return read_regular(place)
    except OSError:
        return b"PYTHONPATH"  # of what cannot be read anything is possible
