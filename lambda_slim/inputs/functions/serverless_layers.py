"""The layers of a Serverless file: its own, that of the plugin for requirements, and those by ARN."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lambda_slim.formats.tables import as_several, as_table
from lambda_slim.inputs.functions.made_layers import made_layer
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.project.layers import named_layer
from lambda_slim.model.layer import Layer
from lambda_slim.model.layout import Placement

_OF_REQUIREMENTS = "PythonRequirementsLambdaLayer"  # as serverless-python-requirements names it


@dataclass(frozen=True, slots=True)
class ServerlessLayers:
    """The layers that a service makes.

    Attributes:
        folder: The service's folder.
        layers: The table `layers`.
        required: What the layer of the plugin for requirements is made from; None where it makes none.
    """

    folder: Path
    layers: Mapping[str, Any]
    required: Path | None = None

    def of(self, values: Any, where: str) -> tuple[Layer, ...]:
        """The layers of a function, in their order.

        Args:
            values: Its `layers`, or those of the provider.
            where: `serverless.yml:12`, for messages.
        """
        made = {_logical_id(name): (name, as_table(row)) for name, row in self.layers.items()}
        layers: list[Layer] = []
        for value in as_several(values) if values else ():
            layers += self._layers(value, where, made)
        return tuple(layers)

    def _layers(self, value: Any, where: str, made: Mapping[str, tuple[str, dict[str, Any]]]) -> Iterator[Layer]:
        reference = as_table(value).get("Ref")
        if reference == _OF_REQUIREMENTS and self.required:
            yield Layer(_OF_REQUIREMENTS, requirements=self.required, where=where)
        elif reference in made:
            yield from made_layer(self._declared(*made[str(reference)], where))
        else:
            yield named_layer(str(reference or value), where)

    def _declared(self, name: str, row: Mapping[str, Any], where: str) -> Declared:
        """A layer by its files, as a function is declared."""
        artifact = as_table(row.get("package")).get("artifact")
        place = self.folder / str(artifact or row.get("path") or "")
        said = Declared(name, where)
        if artifact:
            return replace(said, package=place) if place.is_file() else said
        return replace(said, parts=(Placement(place),)) if row.get("path") and place.is_dir() else said


def _logical_id(name: str) -> str:
    """What a layer is called in CloudFormation: `commonLibs` is `CommonLibsLambdaLayer`."""
    plain = name.replace("-", "Dash").replace("_", "Underscore")
    return f"{plain[:1].upper()}{plain[1:]}LambdaLayer"
