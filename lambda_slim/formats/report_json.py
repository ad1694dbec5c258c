"""The report as JSON and back: exact inverses, so that a saved report can be rendered again."""

import itertools
import json
from dataclasses import asdict, fields, is_dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from lambda_slim.base.errors import ConfigError
from lambda_slim.formats.json_text import load_json
from lambda_slim.model.report import SCHEMA_VERSION, Report

SCHEMA_URL = "https://lambda-slim.dev/schemas/report-1.json"
FILE_COLUMNS = (
    *("path", "bytes", "zipped_bytes", "distribution", "kind", "decision", "rule", "why", "loaded", "reached"),
    *("importer", "line", "how"),
)


def report_json(report: Report) -> str:
    """The report as JSON: `$schema`, then the fields of the records; what differs between two equal runs is in `run`.

    Files are columns and rows, which is a third of the size of objects.
    """
    table = asdict(report)
    run = {"started": table.pop("started"), "duration_us": table.pop("duration_us")}
    for function in table["functions"]:
        rows = function["files"]
        function["files"] = {"columns": FILE_COLUMNS, "rows": [[row[name] for name in FILE_COLUMNS] for row in rows]}
    version = table.pop("schema_version")
    document = {"$schema": SCHEMA_URL, "schema_version": version, **table, "run": run}
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=False) + "\n"


def is_report(text: str) -> bool:
    """Whether a text is meant to be a report, to judge by its beginning."""
    return '"schema_version"' in text[:400]


def parse_report(text: str) -> Report:
    """The report that `report_json` wrote.

    Raises:
        ConfigError: not a report, or one of another major version.
    """
    try:
        table = load_json(text)
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
        for function in table["functions"]:
            files = function["files"]
            function["files"] = [dict(zip(files["columns"], row, strict=True)) for row in files["rows"]]
        run = table.pop("run", {})
        table.pop("$schema", None)
        report: Report = _record(Report, {**table, **run})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError("the report is damaged", cause=str(error), hint="make it again with --json") from error
    return report


def _record(kind: Any, value: Any) -> Any:
    """A value of an annotated type from what JSON gives: records from objects, tuples from arrays."""
    if value is None:
        return None
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _record(next(option for option in arguments if option is not type(None)), value)
    if origin is tuple:
        return _tuple(arguments, value)
    if isinstance(kind, type) and is_dataclass(kind):
        kinds = _field_kinds(kind)
        return kind(**{name: _record(kinds[name], item) for name, item in value.items() if name in kinds})
    return value


def _field_kinds(record: Any) -> dict[str, Any]:
    hints = get_type_hints(record)
    return {field.name: hints[field.name] for field in fields(record)}


def _tuple(kinds: tuple[Any, ...], values: Any) -> tuple[Any, ...]:
    """A tuple whose items have kinds of their own, or all the same: `(int, ...)`."""
    each = itertools.repeat(kinds[0]) if kinds[1:] == (...,) else kinds
    return tuple(_record(kind, value) for kind, value in zip(each, values, strict=False))
