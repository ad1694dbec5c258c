"""A template with other paths in it: only their characters change, so comments, tags and layout stay."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

import yaml

from lambda_slim.formats.yaml_text import load_yaml, pairs_of

_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./-]*")
_CODE = {"AWS::Serverless::Function": "CodeUri", "AWS::Lambda::Function": "Code"}
_INLINE = "InlineCode"
_OTHERS = ("ContentUri", "Content", "DefinitionUri", "Location", "TemplateURL", "SchemaUri", "BodyS3Location")
_PATHS = frozenset((*_CODE.values(), *_OTHERS))


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class PointedTemplate:
    """A template whose functions have their code elsewhere.

    Attributes:
        text: The copy.
        missing: Functions that the template does not have by themselves: in loops, in other files.
        shared: Functions whose properties are those of another one, by an alias; and that one, whose code they have.
    """

    text: str
    missing: tuple[str, ...]
    shared: tuple[tuple[str, str], ...] = ()


def pointed(text: str, codes: Mapping[str, str], moved: Callable[[str], str]) -> PointedTemplate:
    """A template whose functions have their code elsewhere.

    Args:
        text: The template, YAML or JSON.
        codes: Logical ids to the path of their code, from where the copy will lie.
        moved: From a path in the template to what it is for the copy; the same where it is none.

    Raises:
        ValueError: see `load_yaml`.
    """
    root, _ = load_yaml(text)
    quoted = text.lstrip().startswith("{")
    edits: list[_Edit] = []
    owners: dict[int, str] = {}  # where the properties of a function begin
    shared = []
    for name, resource in pairs_of(_get(root, "Resources")):
        properties = _get(resource, "Properties")
        key = _CODE.get(_text(_get(resource, "Type")))
        if key is None or not isinstance(properties, yaml.MappingNode):
            edits += _others(properties, moved, quoted=quoted)
            continue
        owner = owners.setdefault(properties.start_mark.index, str(name.value))
        if owner != name.value:
            shared.append((str(name.value), owner))
        elif path := codes.get(owner) or _borrowed(properties, key, moved):
            edits.append(_code(text, properties, key, _scalar(path, quoted=quoted)))
        else:
            edits += _others(properties, moved, quoted=quoted)
    edits += _others(_get(_get(root, "Globals"), "Function"), moved, quoted=quoted)
    asked = [pair for pair in shared if not codes.keys().isdisjoint(pair)]
    missing = codes.keys() - {*owners.values(), *dict(asked)}
    return PointedTemplate(_applied(text, edits), tuple(sorted(missing)), tuple(asked))


def _text(node: yaml.Node | None) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _borrowed(properties: yaml.MappingNode, key: str, moved: Callable[[str], str]) -> str:
    """The path of a function that is left alone, where it has it from another one by `<<`; "" where it has its own."""
    own = _own(properties)
    if own == properties.value or {key, _INLINE} & {name.value for name, _ in own}:
        return ""
    value = _get(properties, key)
    return moved(value.value) if _is_text(value) else ""


def _is_text(node: yaml.Node | None) -> TypeGuard[yaml.ScalarNode]:
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":str")


def _own(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    """The pairs that are written in a mapping itself, without those that `<<` brings from elsewhere."""
    if node is None:
        return []
    start, end = node.start_mark.index, node.end_mark.index
    return [pair for pair in pairs_of(node) if start <= pair[0].start_mark.index < end]


def _get(node: yaml.Node | None, key: str) -> yaml.Node | None:
    return next((value for name, value in pairs_of(node) if name.value == key), None)


def _scalar(path: str, *, quoted: bool) -> str:
    if _PLAIN.fullmatch(path) and not quoted:
        return path
    text = json.dumps(path, ensure_ascii=False)
    return "".join(map(_printable, text))


def _printable(sign: str) -> str:
    """A sign as it is, or as an escape where it cannot be seen."""
    if sign.isprintable():
        return sign
    code = ord(sign)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _code(text: str, properties: yaml.MappingNode, key: str, path: str) -> _Edit:
    """The edit that gives a function its code: in the place of what it had, else before its first property."""
    for name, value in _own(properties):
        if name.value == key:
            return _Edit(value.start_mark.index, _end(text, value), path)
        if name.value == _INLINE:
            shown = json.dumps(key) if text[name.start_mark.index] == '"' else key
            return _Edit(name.start_mark.index, _end(text, value), f"{shown}: {path}")
    start = properties.start_mark.index
    if properties.flow_style:
        shown = f'"{key}"' if path.startswith('"') else key
        return _Edit(start + 1, start + 1, f"{shown}: {path}{', ' if properties.value else ''}")
    return _Edit(start, start, f"{key}: {path}\n{' ' * properties.start_mark.column}")


def _end(text: str, node: yaml.Node) -> int:
    """Where a value ends: of a block, where the last of its scalars does."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip())


def _others(node: yaml.Node | None, moved: Callable[[str], str], *, quoted: bool) -> Iterator[_Edit]:
    """Edits of the paths that properties hold themselves."""
    for name, value in _own(node):
        if name.value in _PATHS and _is_text(value):
            path = moved(value.value)
            if path != value.value:
                yield _Edit(value.start_mark.index, value.end_mark.index, _scalar(path, quoted=quoted))


def _applied(text: str, edits: list[_Edit]) -> str:
    for edit in sorted(set(edits), key=lambda row: -row.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
