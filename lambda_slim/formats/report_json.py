"""The report as JSON and back: exact inverses, so that a saved report can be rendered again."""

import functools
import itertools
import json
import operator
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.text import field_names
from lambda_slim.formats.json_text import load_json
from lambda_slim.model.report import SCHEMA_VERSION, FileRow, Report

SCHEMA_URL = "https://lambda-slim.dev/schemas/report-1.json"
FILE_COLUMNS = (
    *("path", "bytes", "zipped_bytes", "distribution", "kind", "decision", "rule", "why", "loaded", "reached"),
    *("importer", "line", "how"),
)


def report_json(report: Report) -> str:
    """The report as JSON: `$schema`, then the fields of the records; what differs between two equal runs is in `run`.

    Files are columns and rows, which is a third of the size of objects.
    """
    table = _plain(replace(report, functions=tuple(replace(row, files=()) for row in report.functions)))
    run = {"started": table.pop("started"), "duration_us": table.pop("duration_us")}
    for function, record in zip(table["functions"], report.functions, strict=True):
        function["files"] = {"columns": FILE_COLUMNS, "rows": list(map(_file_row, record.files))}
    version = table.pop("schema_version")
    document = {"$schema": SCHEMA_URL, "schema_version": version, **table, "run": run}
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=False) + "\n"


_file_row = operator.attrgetter(*FILE_COLUMNS)


def _plain(value: Any) -> Any:
    """Records as tables, and tuples as lists."""
    if isinstance(value, tuple):
        return list(map(_plain, value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        kind: Any = type(value)
        return {name: _plain(getattr(value, name)) for name in field_names(kind)}
    return value


def is_report(text: str) -> bool:
    """Whether a text is meant to be a report, to judge by its beginning."""
    return '"schema_version"' in text[:400]


def parse_report(text: str, *, sealed: bool = False) -> Report:
    """The report that `report_json` wrote.

    Args:
        text: The JSON.
        sealed: It is as this version wrote it, so none of its numbers is too large.

    Raises:
        ConfigError: not a report, or one of another major version.
    """
    try:
        table = load_json(text, any_number=sealed)
        version = str(table["schema_version"])
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            "this is not a report of lambda-slim", cause=str(error), hint="make one with --json"
        ) from error
    if version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
        hint = "make it again with this version of lambda-slim"
        raise ConfigError(
            f"the report has schema {version}; this version reads {SCHEMA_VERSION}",
            cause="it was written by another version of lambda-slim",
            hint=hint,
        )
    try:
        files = [_file_rows(function.pop("files")) for function in table["functions"]]
        run = table.pop("run", {})
        table.pop("$schema", None)
        report: Report = _record(Report, {**table, **run})
        functions = zip(report.functions, files, strict=True)
        return replace(report, functions=tuple(replace(function, files=rows) for function, rows in functions))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError("the report is damaged", cause=str(error), hint="make it again with --json") from error


def _file_rows(table: Any) -> tuple[FileRow, ...]:
    """The rows of the files: thousands, so those with our columns are taken as they stand."""
    columns, rows = table["columns"], table["rows"]
    if tuple(columns) == FILE_COLUMNS and all(len(row) == len(FILE_COLUMNS) for row in rows):
        return tuple(itertools.starmap(FileRow, rows))
    return tuple(_record(FileRow, dict(zip(columns, row, strict=True))) for row in rows)


Reader = Callable[[Any], Any]


def _record(kind: Any, value: Any) -> Any:
    """A value of an annotated type from what JSON gives: records from objects, tuples from arrays."""
    reader = _reader(kind)
    return reader(value) if reader else value


@functools.cache
def _reader(kind: Any) -> Reader | None:
    """What makes a value of an annotated type from what JSON gives; None where that is the value already."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _optional(_reader(next(option for option in arguments if option is not type(None))))
    if origin is tuple:
        return _optional(_equal_items(_reader(arguments[0])) if arguments[1:] == (...,) else _own_items(arguments))
    if isinstance(kind, type) and is_dataclass(kind):
        return _optional(_object_reader(kind))
    return None


def _optional(reader: Reader | None) -> Reader | None:
    return reader and (lambda value: None if value is None else reader(value))


def _equal_items(reader: Reader | None) -> Reader:
    """A tuple whose items are all of one kind: `(int, ...)`."""
    return (lambda values: tuple(map(reader, values))) if reader else tuple


def _own_items(kinds: tuple[Any, ...]) -> Reader:
    """A tuple whose items have kinds of their own."""
    readers = tuple(map(_reader, kinds))

    def read(values: Any) -> tuple[Any, ...]:
        pairs = zip(readers, values, strict=False)
        return tuple(reader(value) if reader else value for reader, value in pairs)

    return read


def _object_reader(record: Any) -> Reader:
    """A record from an object; names that the record does not have are of a later version, and left out."""
    hints = get_type_hints(record)
    readers = {field.name: _reader(hints[field.name]) for field in fields(record)}

    def read(table: Any) -> Any:
        values = {}
        for name, value in table.items():
            if name in readers:
                reader = readers[name]
                values[name] = reader(value) if reader else value
        return record(**values)

    return read
