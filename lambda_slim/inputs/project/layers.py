"""The layers that a function names, in a template or in the settings."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_slim.knowledge.layers import public_layer
from lambda_slim.model.layer import Layer
from lambda_slim.model.settings import FunctionSettings, Settings

if TYPE_CHECKING:
    from lambda_slim.formats.template import TemplateLayer


def template_layers(rows: Iterable["TemplateLayer"], template: Path) -> tuple[Layer, ...]:
    """The layers of a function of a template; places are relative to the template."""
    layers = []
    for row in rows:
        where = f"{template.name}:{row.line}" if row.line else template.name
        if row.content is None:
            layers.append(named_layer(row.name, where))
        else:
            content = Path(os.path.normpath(template.parent / row.content))
            layers.append(Layer(row.name, content, built=row.built, where=where))
    return tuple(layers)


def settings_layers(values: Iterable[str], folder: Path, where: str) -> tuple[Layer, ...]:
    """The layers that the settings name: a folder, a zip, an ARN, or a requirement that is installed.

    Args:
        values: As the settings have them.
        folder: Where relative places begin.
        where: For messages.
    """
    layers = []
    for value in values:
        place = folder / value
        if value.startswith("arn:"):
            layers.append(named_layer(value, where))
        elif place.exists() or value.startswith((".", "/")) or value.endswith((".zip", "/")):
            layers.append(Layer(value, Path(os.path.normpath(place)), where=where))
        else:
            layers.append(Layer(value, requirement=value, where=where))
    return tuple(layers)


def function_layers(table: FunctionSettings, settings: Settings) -> tuple[Layer, ...]:
    """The layers that the settings name for every function, and those of the function's own table."""
    folder = settings.file.parent if settings.file else settings.root
    where = settings.file.name if settings.file else "LAMBDA_SLIM_LAYERS"
    return (*settings_layers(settings.layers, folder, where), *settings_layers(table.layers, folder, table.where))


def named_layer(name: str, where: str) -> Layer:
    """A layer of which only the name is here: an ARN, or what only the deployment knows."""
    known = public_layer(name)
    if known is None:
        return Layer(name, provides=("*",), where=where)
    return Layer(name, provides=known.provides, known=known.title, where=where)
