"""JSON schemas of records: their fields, docstrings, and the comments beside the fields."""

import inspect
import re
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from lambda_slim.model.report import FileRow

Schema = dict[str, Any]

_UNITS = {"_us": "microseconds", "_bytes": "bytes", "_mb": "MiB", "_usd_per_million": "US dollars per million"}
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}


def object_schema(properties: dict[str, Schema], says: str = "") -> Schema:
    """An object that has all of these properties, and no others."""
    return {
        "type": "object",
        **({"description": says} if says else {}),
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def row_schema(items: list[Schema]) -> Schema:
    """An array of so many items, each of its own kind."""
    return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}


def record_schema(kind: type, records: dict[str, Schema]) -> Schema:
    """A record's schema; those of its parts are put into `records`."""
    says, notes = _documented(kind)
    hints = get_type_hints(kind)
    properties = {}
    for field in fields(kind):
        schema = _kind(hints[field.name], records)
        note = notes.get(field.name, "")
        choices = re.match(r'("\w+"(?: \| "\w+")+)', note)
        if choices:
            schema = {"enum": re.findall(r'"(\w+)"', choices[1])}
        text = _described(field.name, "" if choices else note)
        properties[field.name] = {**schema, "description": text} if text else schema
    return object_schema(properties, says)


def _kind(kind: Any, records: dict[str, Schema]) -> Schema:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        options = [_kind(option, records) for option in arguments if option is not type(None)]
        return {"anyOf": [*options, {"type": "null"}]}
    if origin is tuple:
        if arguments[1:] == (...,):
            return {"type": "array", "items": _kind(arguments[0], records)}
        return row_schema([_kind(argument, records) for argument in arguments])
    if is_dataclass(kind) and isinstance(kind, type):
        return _reference(kind, records)
    return {"type": _PLAIN[kind]}


def _reference(kind: type, records: dict[str, Schema]) -> Schema:
    """A reference to a record's schema, which is put into `records`."""
    if kind.__name__ not in records:
        records[kind.__name__] = {}
        records[kind.__name__] = record_schema(kind, records)
    return {} if kind is FileRow else {"$ref": f"#/$defs/{kind.__name__}"}


def _documented(kind: type) -> tuple[str, dict[str, str]]:
    """What a record is, and its fields: from the docstring, and from the comments beside them."""
    about, _, rest = (inspect.getdoc(kind) or "").partition("Attributes:")
    notes = dict(re.findall(r"^\s+(\w+): [^#\n]*?#\s*(.+)$", inspect.getsource(kind), re.MULTILINE))
    name = ""
    for line in rest.splitlines():
        if match := re.match(r" {4}(\w+): (.*)", line):
            name, notes[match[1]] = match[1], match[2]
        elif name and line.strip():
            notes[name] += " " + line.strip()
    return " ".join(about.replace("`", "").split()), notes


def _described(name: str, note: str) -> str:
    unit = next((unit for suffix, unit in _UNITS.items() if name.endswith(suffix)), "")
    text = (note[:1].upper() + note[1:]).replace("`", "").rstrip(".")
    parts = [text, f"in {unit}" if text and unit else unit.capitalize()]
    return ", ".join(part for part in parts if part) + "." if any(parts) else ""


# What a setting means, for editors; docs/settings.md says more.
