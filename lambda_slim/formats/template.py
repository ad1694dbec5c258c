"""SAM and CloudFormation templates: the functions in them, with intrinsics resolved from parameter defaults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

UNKNOWN = "(unknown)"  # the value of an intrinsic that cannot be resolved offline

_PSEUDO = {
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "stack",
    "AWS::NoValue": None,
}
_FUNCTION_TYPES = {"AWS::Serverless::Function": "CodeUri", "AWS::Lambda::Function": "Code"}
_LAYER_TYPES = {"AWS::Serverless::LayerVersion": "ContentUri", "AWS::Lambda::LayerVersion": "Content"}
_NESTED_TYPES = {"AWS::Serverless::Application": "Location", "AWS::CloudFormation::Stack": "TemplateURL"}


@dataclass(frozen=True, slots=True)
class TemplateLayer:
    """One layer that a function names: an ARN, or a layer version of the same template.

    Attributes:
        name: The ARN, or the logical id.
        content: The place of its content beside the template; None for an ARN, or what is in S3.
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
    layers: tuple[TemplateLayer, ...] = ()
    snap_start: bool = False
    skipped: str = ""  # why there is nothing to build


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags; dates stay text (`2010-09-09` is a version)."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _tagged(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = str(value).split(".")
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)


def _load(text: str) -> tuple[yaml.Node | None, Any]:
    """The document with its nodes, which know their lines."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node else None
    finally:
        loader.dispose()


def parse_template(text: str) -> tuple[TemplateFunction, ...]:
    """The Lambda functions of a SAM or CloudFormation template (YAML or JSON), in its order.

    What holds functions that are not in this text (a nested template, a loop over values that only the deployment
    knows) is a row too, with `skipped` saying so.

    Raises:
        ValueError: the text is not a template; the message has the line.
    """
    try:
        node, document = _load(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise ValueError(f"line {mark.line + 1}: {problem}" if mark else " ".join(problem.split())) from error
    if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict):
        raise ValueError("it has no Resources")
    lines = _resource_lines(node)
    resolver = _Resolver(document)
    resolver.layers = _layers(document["Resources"], lines, resolver)
    shared = _table(_table(document.get("Globals")).get("Function"))
    found = []
    for key, value in document["Resources"].items():
        line = lines.get(key, 0)
        try:
            resources = list(_unrolled(str(key), value, resolver))
        except _UnknownLoopError:
            why = "it is a loop over values that are only known at deployment"
            found.append(_left_out(str(key).rpartition("::")[2], line, why))
            continue
        for name, resource in resources:
            if isinstance(resource, dict):
                found += _rows(name, line, resource, shared, resolver)
    return tuple(found)


class _UnknownLoopError(Exception):
    """A loop whose collection cannot be known."""


def _unrolled(key: str, value: Any, resolver: "_Resolver", depth: int = 0) -> Iterator[tuple[str, Any]]:
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
    name: str, line: int, resource: Mapping[str, Any], shared: Mapping[str, Any], resolver: "_Resolver"
) -> Iterator[TemplateFunction]:
    kind = resource.get("Type")
    if kind in _FUNCTION_TYPES:
        yield _function(name, line, resource, shared, resolver)
    elif kind == "AWS::Serverless::WebFunction":
        yield _left_out(name, line, "it is a web function, which has no handler")
    elif kind in _NESTED_TYPES:
        place = _table(resource.get("Properties")).get(_NESTED_TYPES[str(kind)])
        if isinstance(place, str) and "://" not in place:
            yield _left_out(name, line, f"it is a template of its own; build `{place}` by itself")


def _left_out(name: str, line: int, why: str) -> TemplateFunction:
    return TemplateFunction(name, line, None, UNKNOWN, UNKNOWN, UNKNOWN, 128, 3, skipped=why)


def _resource_lines(node: yaml.Node | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value == "Resources" and isinstance(value, yaml.MappingNode):
            found = {name.value: name.start_mark.line + 1 for name, _ in value.value}
    return found


class _Resolver:
    """Replaces intrinsics by what parameter defaults, mappings and conditions make of them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        parameters = _table(document.get("Parameters"))
        self.values: dict[str, Any] = dict(_PSEUDO)
        self.values.update({str(name): _default(row) for name, row in parameters.items()})
        self.mappings = _table(document.get("Mappings"))
        self.conditions = _table(document.get("Conditions"))
        self.layers: Mapping[str, TemplateLayer] = {}

    def value(self, node: Any, depth: int = 0) -> Any:
        if depth > 50:
            return UNKNOWN
        if isinstance(node, list):
            return [found for item in node if (found := self.value(item, depth + 1)) is not None]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            key, argument = next(iter(node.items()))
            if key in ("Ref", "Condition") or str(key).startswith("Fn::"):
                return self._intrinsic(str(key), argument, depth + 1)
        return {key: found for key, item in node.items() if (found := self.value(item, depth + 1)) is not None}

    def _intrinsic(self, key: str, argument: Any, depth: int) -> Any:
        if key == "Ref":
            return self.layers.get(str(argument)) or self.values.get(str(argument), UNKNOWN)
        known = {
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find,
            "Fn::Select": self._select,
        }
        try:
            return known[key](argument, depth) if key in known else UNKNOWN
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, StopIteration):
            return UNKNOWN

    def _sub(self, argument: Any, depth: int) -> Any:
        text, own = (argument[0], argument[1]) if isinstance(argument, list) else (argument, {})
        values = {**self.values, **{key: self.value(item, depth) for key, item in own.items()}}
        for name, value in values.items():
            text = text.replace("${" + name + "}", str(value))
        return UNKNOWN if "${" in text.replace("${!", "") or UNKNOWN in text else text.replace("${!", "${")

    def _join(self, argument: Any, depth: int) -> Any:
        parts = self.value(argument[1], depth)
        return UNKNOWN if UNKNOWN in parts else argument[0].join(map(str, parts))

    def _if(self, argument: Any, depth: int) -> Any:
        name, yes, no = argument
        met = self._condition(self.conditions[name], depth)
        return UNKNOWN if met is None else self.value(yes if met else no, depth)

    def _condition(self, node: Any, depth: int) -> bool | None:
        if depth > 50:
            return None
        key, argument = next(iter(node.items()))
        if key == "Condition":
            return self._condition(self.conditions[argument], depth + 1)
        if key == "Fn::Equals":
            left, right = (self.value(item, depth) for item in argument)
            return None if UNKNOWN in (left, right) else str(left) == str(right)
        parts = [self._condition(item, depth + 1) for item in argument]
        if None in parts:
            return None
        return {"Fn::Not": not parts[0], "Fn::And": all(parts), "Fn::Or": any(parts)}.get(key)

    def _find(self, argument: Any, depth: int) -> Any:
        table, first, second = (self.value(item, depth) for item in argument)
        return self.mappings[table][first][second]

    def _select(self, argument: Any, depth: int) -> Any:
        return self.value(argument[1], depth)[int(argument[0])]


def _default(parameter: Any) -> Any:
    """A parameter's value where none is given; of one that is looked up in SSM the default is only the place."""
    row = _table(parameter)
    kind, value = str(row.get("Type")), row.get("Default", UNKNOWN)
    if kind.startswith("AWS::SSM::"):
        return UNKNOWN
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [part.strip() for part in value.split(",")] if isinstance(value, str) and value != UNKNOWN else UNKNOWN
    return value


def _function(
    name: str, line: int, resource: Mapping[str, Any], shared: Mapping[str, Any], resolver: _Resolver
) -> TemplateFunction:
    kind = str(resource["Type"])
    own = _table(resolver.value(resource.get("Properties")))
    base = _table(resolver.value(shared)) if kind == "AWS::Serverless::Function" else {}
    properties = {**base, **own}
    variables = {**_variables(base), **_variables(own)}
    code, skipped = _code(properties, _FUNCTION_TYPES[kind], resource)
    architectures = properties.get("Architectures") or ["x86_64"]
    snap = properties.get("SnapStart")
    return TemplateFunction(
        name=name,
        line=line,
        code=code,
        handler=str(properties.get("Handler") or UNKNOWN),
        runtime=str(properties.get("Runtime") or UNKNOWN),
        architecture=str(architectures[0]) if isinstance(architectures, list) and architectures else UNKNOWN,
        memory_mb=_number(properties.get("MemorySize"), 128),
        timeout_s=_number(properties.get("Timeout"), 3),
        environment=variables,
        layers=tuple(_layer(item) for item in _list(base.get("Layers")) + _list(own.get("Layers"))),
        snap_start=isinstance(snap, dict) and snap.get("ApplyOn") == "PublishedVersions",
        skipped=skipped or _other_runtime(properties),
    )


def _layers(resources: Mapping[str, Any], lines: Mapping[str, int], resolver: _Resolver) -> dict[str, TemplateLayer]:
    """The layer versions that a template defines, by logical id."""
    layers = {}
    for name, resource in resources.items():
        row = _table(resource)
        key = _LAYER_TYPES.get(str(row.get("Type")))
        if key is None:
            continue
        content = resolver.value(_table(row.get("Properties")).get(key))
        metadata = _table(row.get("Metadata"))
        local = metadata.get("aws:asset:path") or (content if isinstance(content, str) else None)
        here = str(local) if local and "://" not in str(local) and local != UNKNOWN else None
        built = str(metadata.get("BuildMethod") or "").startswith("python")
        layers[str(name)] = TemplateLayer(str(name), here, built, lines.get(str(name), 0))
    return layers


def _layer(item: Any) -> TemplateLayer:
    """A layer as a function names it; what only the deployment knows has no place."""
    return item if isinstance(item, TemplateLayer) else TemplateLayer(str(item))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: Any) -> Mapping[str, Any]:
    """A mapping as it is; anything else, which only a broken template has there, is empty."""
    return value if isinstance(value, dict) else {}


def _variables(properties: Mapping[str, Any]) -> dict[str, str]:
    environment = properties.get("Environment")
    found = environment.get("Variables") if isinstance(environment, dict) else None
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _code(properties: Mapping[str, Any], key: str, resource: Mapping[str, Any]) -> tuple[str | None, str]:
    code = properties.get(key)
    if properties.get("PackageType") == "Image" or "ImageUri" in properties or "ImageUri" in _table(code):
        return None, "it is a container image"
    if properties.get("InlineCode"):
        return None, "its code is inline"
    metadata = resource.get("Metadata") or {}
    if isinstance(code, str) and code.startswith(("s3://", "https://")):
        return None, "its code is in S3"
    if isinstance(code, str):
        return code, ""
    if isinstance(code, dict):
        why = "its code is inline" if "ZipFile" in code else "its code is in S3"
        local = metadata.get("aws:asset:path") if isinstance(metadata, dict) else None
        return (str(local), "") if local else (None, why)
    return (".", "") if code is None and key == "CodeUri" else (None, "it names no local code")


def _other_runtime(properties: Mapping[str, Any]) -> str:
    runtime = str(properties.get("Runtime") or "")
    known = runtime.startswith("python") or runtime in ("", UNKNOWN)
    return "" if known else f"its runtime is {runtime}"


def _number(value: Any, default: int) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return default
