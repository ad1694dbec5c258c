"""Layers in Terraform's files: `aws_lambda_layer_version`, and those of terraform-aws-modules/lambda."""

from collections.abc import Iterator
from typing import Any

from lambda_slim.base.text import clause
from lambda_slim.formats.hcl_value import REFERENCE
from lambda_slim.formats.tables import UNKNOWN, as_given
from lambda_slim.inputs.functions.made_layers import made_layer
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.functions.terraform_archives import Archives
from lambda_slim.inputs.functions.terraform_claims import claimed
from lambda_slim.inputs.functions.terraform_module import Instance
from lambda_slim.inputs.project.layers import named_layer
from lambda_slim.model.layer import Layer


def terraform_layers(value: Any, where: str, archives: Archives) -> tuple[Layer, ...]:
    """The layers of a function.

    Args:
        value: What `layers` stands for.
        where: `main.tf:12`, for messages.
        archives: The archives of all modules, as layers have them.

    Returns:
        Of a layer that is made here its folders and requirements, of any other its name.
    """
    rows = as_given(value)
    layers: list[Layer] = []
    for index, row in enumerate(rows, 1):
        layers += _layers(row, f"layer {index}", where, archives)
    return tuple(layers)


def _layers(value: Any, default: str, where: str, archives: Archives) -> Iterator[Layer]:
    known = isinstance(value, str) and value != UNKNOWN
    instance = archives.followed(value) if known and value.startswith(REFERENCE) else None
    if instance is None:
        yield named_layer(value if known and not value.startswith(REFERENCE) else default, where)
        return
    row = Declared(_label(instance), instance.module.where(instance.block))
    if instance.block.kind == "module":
        yield from made_layer(claimed(row, instance, archives))
    elif instance.block.labels[0] == "aws_lambda_layer_version" and instance.block.kind == "resource":
        yield from made_layer(archives.placed(row, instance))
    else:
        yield named_layer(row.name, where)


def _label(instance: Instance) -> str:
    key = clause("[{}]", instance.key)
    return f"{instance.block.labels[-1]}{key}"
