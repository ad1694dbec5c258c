"""What is known of public layers, and of handlers that vendors put in front of a function's own: `layers.toml`."""

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

_ARN = re.compile(r"arn:[\w-]+:lambda:[\w-]+:(.+)")


@dataclass(frozen=True, slots=True)
class PublicLayer:
    """A layer that anybody can use.

    Attributes:
        title: Its name for people.
        arn: A pattern of its ARN after the region.
        provides: Import names at /opt/python; `*` where it may hold anything.
        source: Where this is documented.
    """

    title: str
    arn: re.Pattern[str]
    provides: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A vendor's handler that imports the function's own, whose name stands in a variable of the function."""

    title: str
    handler: str
    variable: str
    source: str


@functools.cache
def _tables() -> tuple[tuple[PublicLayer, ...], tuple[Wrapper, ...]]:
    table = tomllib.loads(files("lambda_slim.knowledge").joinpath("layers.toml").read_text("utf-8"))
    layers = (
        PublicLayer(row["title"], re.compile(row["arn"]), tuple(row["provides"]), row["source"])
        for row in table["layers"]
    )
    return tuple(layers), tuple(Wrapper(**row) for row in table["wrappers"])


def public_layer(arn: str) -> PublicLayer | None:
    """The public layer that an ARN means.

    >>> public_layer("arn:aws:lambda:eu-west-1:336392948345:layer:AWSSDKPandas-Python312:13").title
    'AWS SDK for pandas'
    """
    match = _ARN.fullmatch(arn)
    if match is None:
        return None
    layers, _ = _tables()
    return next((layer for layer in layers if layer.arn.fullmatch(match[1])), None)


def wrappers() -> tuple[Wrapper, ...]:
    """Every handler that is known to wrap another."""
    return _tables()[1]
