"""Layers that a deployment file makes here: their folders, archives and requirements."""

import re
from collections.abc import Iterator

from lambda_slim.base.text import clause
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.project.layers import named_layer
from lambda_slim.model.layer import Layer
from lambda_slim.model.layout import Placement
from lambda_slim.model.packing import LAYER_SITE


def made_layer(row: Declared) -> Iterator[Layer]:
    """A layer that is declared as a function is, by its files: one `Layer` for each folder and for its requirements.

    What is not understood about its files makes it a layer of which only the name is known.
    """
    unclear = row.problem or row.skipped or not all(map(_is_plain, row.parts))
    layers = [] if unclear else list(_contents(row))
    yield from layers or [named_layer(row.name, row.where)]


def _contents(row: Declared) -> Iterator[Layer]:
    if row.package:
        yield Layer(row.name, row.package, where=row.where)
    if row.requires or row.requirements:
        lines = "\n".join(row.requires)
        yield Layer(row.name, requirement=lines, requirements=row.requirements, where=row.where)
    yield from (Layer(row.name, part.source, prefix=_prefix(part), where=row.where) for part in row.parts)


def _is_plain(part: Placement) -> bool:
    """Whether all of a folder goes into the layer."""
    return part.source.is_dir() and not part.rules


def _prefix(part: Placement) -> str:
    """Where the folder goes: a folder of distributions to `python/`, for any version of Python."""
    prefix = "python" if re.fullmatch(LAYER_SITE, part.prefix) else part.prefix
    return clause("{}/", prefix)
