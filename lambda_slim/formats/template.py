"""SAM and CloudFormation templates: the functions in them, with intrinsics resolved from parameter defaults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from lambda_slim.formats.intrinsics import Resolver
from lambda_slim.formats.tables import UNKNOWN, as_list, as_number, as_table, as_text, known_text, table_at, text_at
from lambda_slim.formats.yaml_text import load_yaml, pairs_of

_FUNCTION_TYPES = {"AWS::Serverless::Function": "CodeUri", "AWS::Lambda::Function": "Code"}
_LAYER_TYPES = {"AWS::Serverless::LayerVersion": "ContentUri", "AWS::Lambda::LayerVersion": "Content"}
_UNKNOWN_INLINE, _IN_S3 = "its code is inline, and only known at deployment", "its code is in S3"
_NESTED_TYPES = {"AWS::Serverless::Application": "Location", "AWS::CloudFormation::Stack": "TemplateURL"}


@dataclass(frozen=True, slots=True)
class TemplateLayer:
    """One layer that a function names: an ARN, or a layer version of the same template.

    Attributes:
        name: The ARN, or the logical id.
        content: The place of its content beside the template; None for an ARN, what is in S3, or what a Makefile makes.
        built: `Metadata: BuildMethod` says that `sam build` makes it of requirements.
        line: Where the template defines it.
    """

    name: str
    content: str | None = None
    built: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class TemplateFunction:
    """One function of a template; text fields hold `UNKNOWN` where an intrinsic could not be resolved."""

    name: str
    line: int
    code: str | None  # None: inline, in S3, or an image
    handler: str
    runtime: str
    architecture: str
    memory_mb: int
    timeout_s: int
    environment: Mapping[str, str] = field(default_factory=dict)
    environment_known: bool = False
    layers: tuple[TemplateLayer, ...] = ()
    snap_start: bool = False
    skipped: str = ""  # why there is nothing to build
    inline: str | None = None  # its code, where the template holds it
    asset: str = ""  # the name of its code in a bucket
    nested: str = ""  # no function: the place of a template of its own
    parameters: Mapping[str, Any] = field(default_factory=dict)  # what that template is given
    build_method: str = ""  # `makefile`
    dockerfile: str = ""  # of an image that is built here, relative to `context`
    context: str = ""  # the folder that it is built from, relative to the template
    command: str = ""  # the handler that `ImageConfig` says in place of the image's own


def parse_template(text: str, given: Mapping[str, Any] | None = None) -> tuple[TemplateFunction, ...]:
    """The Lambda functions of a SAM or CloudFormation template (YAML or JSON), in its order.

    What holds functions that are not in this text (a nested template, a loop over values that only the deployment
    knows) is a row too, with `nested` or `skipped` saying so.

    Args:
        text: The template.
        given: Values of its parameters, in place of their defaults.

    Raises:
        ValueError: the text is not a template; the message has the line.
    """
    node, document = load_yaml(text)
    if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict):
        raise ValueError("it has no Resources")
    lines = _resource_lines(node)
    resolver = Resolver(document)
    resolver.values.update({key: value for key, value in (given or {}).items() if value not in (UNKNOWN, None)})
    resolver.layers = _layers(document["Resources"], lines, resolver)
    shared = table_at(document, "Globals", "Function")
    rows = []
    for key, value in document["Resources"].items():
        line = lines.get(key, 0)
        try:
            resources = list(_unrolled(str(key), value, resolver))
        except _UnknownLoopError:
            why = "it is a loop over values that are only known at deployment"
            rows.append(_left_out(str(key).rpartition("::")[2], line, why))
            continue
        for name, resource in resources:
            if isinstance(resource, dict):
                rows += _rows(name, line, resource, shared, resolver)
    return tuple(rows)


class _UnknownLoopError(Exception):
    """A loop whose collection cannot be known."""


def _unrolled(key: str, value: Any, resolver: Resolver, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The resources that `Fn::ForEach::NAME: [variable, collection, {key: body}]` stands for; others as they are."""
    if not key.startswith("Fn::ForEach::"):
        yield key, value
        return
    if depth > 5 or not isinstance(value, list) or len(value) != 3 or not isinstance(value[2], dict):
        raise _UnknownLoopError
    variable, collection, body = str(value[0]), resolver.value(value[1]), value[2]
    if not isinstance(collection, list) or UNKNOWN in collection:
        raise _UnknownLoopError
    for item in collection:
        for name, resource in body.items():
            resolver.count(1 + len(str(resource)) // 1000)
            filled = _filled(resource, variable, str(item))
            yield from _unrolled(_filled(str(name), variable, str(item)), filled, resolver, depth + 1)


def _filled(node: Any, variable: str, value: str) -> Any:
    """A loop's body with its variable filled in; `&{variable}` is the value without what names may not hold."""
    if isinstance(node, str):
        plain = "".join(filter(str.isalnum, value))
        return node.replace("${" + variable + "}", value).replace("&{" + variable + "}", plain)
    if isinstance(node, dict):
        if node == {"Ref": variable}:
            return value
        return {_filled(key, variable, value): _filled(item, variable, value) for key, item in node.items()}
    if isinstance(node, list):
        return [_filled(item, variable, value) for item in node]
    return node


def _rows(
    name: str, line: int, resource: Mapping[str, Any], shared: Mapping[str, Any], resolver: Resolver
) -> Iterator[TemplateFunction]:
    kind = resource.get("Type")
    if kind in _FUNCTION_TYPES:
        yield _function(name, line, resource, shared, resolver)
    elif kind == "AWS::Serverless::WebFunction":
        yield _left_out(name, line, "it is a web function, which has no handler")
    elif kind in _NESTED_TYPES:
        properties = as_table(resolver.value(resource.get("Properties")))
        place = properties.get(_NESTED_TYPES[str(kind)])
        if isinstance(place, str) and "://" not in place:
            row = _left_out(name, line, f"it is a template of its own; build `{place}` by itself")
            yield replace(row, nested=place, parameters=as_table(properties.get("Parameters")))


def _left_out(name: str, line: int, why: str) -> TemplateFunction:
    return TemplateFunction(name, line, None, UNKNOWN, UNKNOWN, UNKNOWN, 128, 3, skipped=why)


def _resource_lines(node: yaml.Node | None) -> dict[str, int]:
    lines: dict[str, int] = {}
    for key, value in pairs_of(node):
        if key.value == "Resources":
            lines = {name.value: name.start_mark.line + 1 for name, _ in pairs_of(value)}
    return lines


def _function(
    name: str, line: int, resource: Mapping[str, Any], shared: Mapping[str, Any], resolver: Resolver
) -> TemplateFunction:
    kind = str(resource["Type"])
    own = as_table(resolver.value(resource.get("Properties")))
    base = as_table(resolver.value(shared)) if kind == "AWS::Serverless::Function" else {}
    properties = {**base, **own}
    variables = {**_variables(base), **_variables(own)}
    code, skipped = _code(properties, _FUNCTION_TYPES[kind], resource)
    metadata = as_table(resource.get("Metadata"))
    return TemplateFunction(
        name=name,
        line=line,
        code=code,
        handler=text_at(properties, "Handler", UNKNOWN),
        runtime=text_at(properties, "Runtime", UNKNOWN),
        architecture=_architecture(properties),
        memory_mb=as_number(properties.get("MemorySize"), 128),
        timeout_s=as_number(properties.get("Timeout"), 3),
        environment=variables,
        environment_known=_knows_variables(base) and _knows_variables(own),
        layers=tuple(_layer(item) for item in as_list(base.get("Layers")) + as_list(own.get("Layers"))),
        snap_start=as_table(properties.get("SnapStart")).get("ApplyOn") == "PublishedVersions",
        skipped=_other_runtime(properties) or skipped,
        inline=None if skipped else _inline(properties, _FUNCTION_TYPES[kind]),
        asset=_asset(properties.get(_FUNCTION_TYPES[kind])),
        build_method=text_at(metadata, "BuildMethod"),
        dockerfile=_dockerfile(metadata),
        context=text_at(metadata, "DockerContext"),
        command=_command(properties),
    )


def _architecture(properties: Mapping[str, Any]) -> str:
    architectures = properties.get("Architectures") or ["x86_64"]
    return str(architectures[0]) if isinstance(architectures, list) else UNKNOWN


def _inline(properties: Mapping[str, Any], key: str) -> str | None:
    return known_text(properties.get("InlineCode") or as_table(properties.get(key)).get("ZipFile"))


def _asset(code: Any) -> str:
    return known_text(as_table(code).get("S3Key")) or ""


def _dockerfile(metadata: Mapping[str, Any]) -> str:
    """The Dockerfile of an image that `sam build` makes."""
    name, context = metadata.get("Dockerfile", "Dockerfile"), metadata.get("DockerContext")
    return name if isinstance(name, str) and isinstance(context, str) else ""


def _command(properties: Mapping[str, Any]) -> str:
    words = as_list(as_table(properties.get("ImageConfig")).get("Command"))
    return known_text(words[0]) or "" if len(words) == 1 else ""


def _layers(resources: Mapping[str, Any], lines: Mapping[str, int], resolver: Resolver) -> dict[str, TemplateLayer]:
    """The layer versions that a template defines, by logical id."""
    layers = {}
    for name, resource in resources.items():
        row = as_table(resource)
        key = _LAYER_TYPES.get(str(row.get("Type")))
        if key is None:
            continue
        content = resolver.value(as_table(row.get("Properties")).get(key))
        layers[str(name)] = _layer_of(str(name), as_table(row.get("Metadata")), content, lines.get(str(name), 0))
    return layers


def _layer_of(name: str, metadata: Mapping[str, Any], content: Any, line: int) -> TemplateLayer:
    """A layer version; of one that a Makefile fills it is not known what is in it."""
    method = text_at(metadata, "BuildMethod")
    built = method.startswith("python")
    if method and not built:
        return TemplateLayer(name, line=line)
    local = text_at(metadata, "aws:asset:path", as_text(content))
    is_here = local not in ("", UNKNOWN) and "://" not in local
    return TemplateLayer(name, local if is_here else None, built, line)


def _layer(item: Any) -> TemplateLayer:
    """A layer as a function names it; what only the deployment knows has no place."""
    return item if isinstance(item, TemplateLayer) else TemplateLayer(str(item))


def _knows_variables(properties: Mapping[str, Any]) -> bool:
    """Whether the template says all variables: there are none, or they are a table and no intrinsic."""
    environment = properties.get("Environment")
    if environment is None:
        return True
    variables = environment.get("Variables", {}) if isinstance(environment, dict) else None
    if not isinstance(variables, dict):
        return False
    return not any(str(key).startswith(("Fn::", "Ref")) for key in variables)


def _variables(properties: Mapping[str, Any]) -> dict[str, str]:
    variables = table_at(properties, "Environment", "Variables")
    return {str(key): str(value) for key, value in variables.items()}


def _code(properties: Mapping[str, Any], key: str, resource: Mapping[str, Any]) -> tuple[str | None, str]:
    """The place of a function's code; or None, and why there is nothing to build ("" of inline code)."""
    code = properties.get(key)
    if _is_image(properties, code):
        return None, "it is a container image"
    if _inline(properties, key) is not None:
        return None, ""
    if "InlineCode" in properties:
        return None, _UNKNOWN_INLINE
    if isinstance(code, str):
        return (None, _IN_S3) if code.startswith(("s3://", "https://")) else (code, "")
    if isinstance(code, dict):
        return _code_of_asset(code, resource)
    return (".", "") if code is None and key == "CodeUri" else (None, "it names no local code")


def _is_image(properties: Mapping[str, Any], code: Any) -> bool:
    return properties.get("PackageType") == "Image" or "ImageUri" in properties or "ImageUri" in as_table(code)


def _code_of_asset(code: Mapping[str, Any], resource: Mapping[str, Any]) -> tuple[str | None, str]:
    """The place of the asset that the CDK notes beside code that is in S3."""
    local = as_table(resource.get("Metadata")).get("aws:asset:path")
    if local:
        return str(local), ""
    return None, _UNKNOWN_INLINE if "ZipFile" in code else _IN_S3


def _other_runtime(properties: Mapping[str, Any]) -> str:
    runtime = text_at(properties, "Runtime", UNKNOWN)
    known = runtime.startswith(("python", UNKNOWN))
    return "" if known else f"its runtime is {runtime}"
