"""JSON schemas of what lambda-slim reads and writes, made from the records and parsers themselves: one source of truth.

The report's schema follows the records of `model/report.py`, their docstrings and the comments beside their fields; the
settings' schema the parsers of `inputs/settings/` and the budgets of `budgets/budgets.py`.
"""

import inspect
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from lambda_slim.base.units import SIZES, TIMES
from lambda_slim.budgets import budgets as _budgets
from lambda_slim.budgets.lock import VERSION
from lambda_slim.formats.report_json import FILE_COLUMNS, SCHEMA_URL
from lambda_slim.inputs.settings import keys as _settings
from lambda_slim.model.report import SCHEMA_VERSION, Report
from lambda_slim.tasks.record_schema import Schema, object_schema, record_schema, row_schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_BASE = SCHEMA_URL.rpartition("/")[0]
_RUN = ("started", "duration_us")


def report_schema() -> Schema:
    """The schema of `--json`: draft 2020-12, strict, with units in the descriptions."""
    records: dict[str, Schema] = {}
    top = record_schema(Report, records)
    run = {name: top["properties"].pop(name) for name in _RUN}
    top["required"] = [name for name in top["required"] if name not in _RUN]
    row = records.pop("FileRow")["properties"]
    columns: Schema = {
        "type": "object",
        "description": "One row a file, as columns and rows: a third of the size of objects.",
        "properties": {
            "columns": {"const": list(FILE_COLUMNS)},
            "rows": {"type": "array", "items": row_schema([row[name] for name in FILE_COLUMNS])},
        },
        "required": ["columns", "rows"],
        "additionalProperties": False,
    }
    records["FunctionReport"]["properties"]["files"] = columns
    top["properties"]["schema_version"]["pattern"] = rf"^{SCHEMA_VERSION.partition('.')[0]}\."
    properties = {
        "$schema": {"const": SCHEMA_URL},
        **top["properties"],
        "run": object_schema(run, "What differs between runs."),
    }
    return {
        "$schema": DRAFT,
        "$id": SCHEMA_URL,
        "title": "lambda-slim report",
        **top,
        "properties": properties,
        "required": list(properties),
        "$defs": dict(sorted(records.items())),
    }


_SAYS = {
    "template": "SAM or CloudFormation template, relative to this file.",
    "runtime": "Lambda runtime of the functions: `python3.12`.",
    "python": "The same as `runtime`: `3.12`.",
    "arch": "Processor architecture of the functions.",
    "level": "How much is left out; each level includes the one before it.",
    "startup": "When imports happen: as written, or when they are needed.",
    "lazy": 'Which imports wait with `startup = "lazy"`: those never seen in use, or all that INIT does not read.',
    "eager": "Modules whose imports never wait, as patterns.",
    "margin": "What level `trace` ships beyond what was seen.",
    "keep": "Patterns (gitignore syntax) of files that always ship.",
    "exclude": "Patterns (gitignore syntax) of files that never ship.",
    "allow-secrets": "Patterns of files that may ship although they look secret.",
    "sdk": "What happens to the AWS SDK: kept, left to the runtime, or without unused services' data.",
    "bytecode": "Which modules ship as bytecode.",
    "strip": "Whether compiled libraries lose their symbols.",
    "guard": "Whether an import of a module that was left out says so.",
    "spare": "Whether modules that were left out ship compressed and load on demand.",
    "release": "Whether to compress harder, which takes longer.",
    "interpreter": "A Python of the target's minor version.",
    "layers": "Layers at /opt: folders, zips, ARNs, or requirements that are installed there.",
    "provided": "Import names that a layer or the runtime provides.",
    "ignore": "Rules of findings not to report.",
    "ignore-fields": "Fields of results that may differ between two runs.",
    "stub-aws": "Whether AWS clients get empty successes while the function is traced and proved.",
    "offline": "Whether only what is cached may be used.",
    "allow-stale-lock": "Whether a lock is used even if it does not match its project.",
    "stage": "The stage of a deployment file that has several.",
    "make": "Whether Makefiles that build functions are run.",
    "budgets": "Limits for `lambda-slim check`.",
    "functions": "For each function a table, or its handler.",
    "handler": "`src.app.handler`, or `src/app.handler`.",
    "source": "The function's code folder, relative to this file.",
    "requirements": "The function's requirements file, relative to this file.",
    "memory": "Memory in MB.",
    "environment": "Environment variables of the function when it is run here.",
    "events": "Glob patterns of event files (JSON), relative to this file.",
    "trace-command": "A program that is evidence of what the function uses: `pytest tests/handlers`.",
}

_LIST: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_RUNTIME: Schema = {"type": "string", "pattern": r"^(python)?3\.[0-9]+$"}
_ARCH: Schema = {"enum": ["x86_64", "arm64", "amd64", "aarch64"]}


def settings_schema() -> Schema:
    """The schema of `lambda-slim.toml` and of `[tool.lambda-slim]`."""
    return {
        "$schema": DRAFT,
        "$id": f"{_BASE}/settings-1.json",
        "title": "lambda-slim settings",
        "description": "Settings in lambda-slim.toml, or in [tool.lambda-slim] of pyproject.toml.",
        **_table(_settings.KEYS),
    }


def tool_schema(_name: str) -> Schema:
    """Settings of lambda-slim, for validate-pyproject, which reads draft 7."""
    return {**settings_schema(), "$schema": "http://json-schema.org/draft-07/schema#"}


def _table(keys: dict[str, tuple[str, Callable[[Any], Any]]]) -> Schema:
    properties = {key: {"description": _SAYS[key], **_setting(key, parser)} for key, (_, parser) in keys.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _setting(key: str, parser: Callable[[Any], Any]) -> Schema:
    special: dict[str, Callable[[], Schema]] = {
        "budgets": budgets_schema,
        "functions": _functions,
        "runtime": lambda: _RUNTIME,
        "python": lambda: _RUNTIME,
        "arch": lambda: _ARCH,
        "memory": lambda: {"type": "integer", "exclusiveMinimum": 0},
        "environment": lambda: {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
    }
    if key in special:
        return special[key]()
    choices = next(filter(_is_choice, inspect.getclosurevars(parser).nonlocals.values()), None)
    if choices is not None:
        return {"enum": [str(choice) for choice in choices]}
    name = parser.__name__.removeprefix("_")
    return {"strings": _LIST, "string": {"type": "string"}, "flag": {"type": "boolean"}}[name]


def _is_choice(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, StrEnum)


def _functions() -> Schema:
    return {"type": "object", "additionalProperties": {"anyOf": [{"type": "string"}, _table(_settings.FUNCTION_KEYS)]}}


def _measure(units: dict[str, int], example: str) -> Schema:
    names = "|".join("".join(map(_either_case, unit)) for unit in units)
    return {"type": "string", "pattern": rf"^\s*[0-9]+(\.[0-9]+)?\s*({names})\s*$", "examples": [example]}


def _either_case(letter: str) -> str:
    return f"[{letter.upper()}{letter}]" if letter.isascii() else letter


def budgets_schema() -> Schema:
    """The schema of a `budgets` table."""
    size, time = _measure(SIZES, "60 MiB"), _measure(TIMES, "380 ms")
    names: Schema = {"type": "array", "items": {"type": "string"}}
    percent: Schema = {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*%\s*$", "examples": ["2 %"]}
    growth: Schema = {"anyOf": [percent, size]}
    kinds = {
        **dict.fromkeys(_budgets.SIZES, _limit(size)),
        **dict.fromkeys(_budgets.COUNTS, _limit({"type": "integer", "minimum": 0})),
        **dict.fromkeys(_budgets.TIMES, _limit(time)),
        **dict.fromkeys(_budgets.NAMES, _limit(names, "names")),
        "import-growth": _limit(percent),
        "growth": _limit(growth, more={"min-change": size}),
        "distributions": {"type": "object", "additionalProperties": _limit(size)},
    }
    return {"type": "object", "properties": dict(sorted(kinds.items())), "additionalProperties": False}


def _limit(value: Schema, key: str = "max", more: Schema | None = None) -> Schema:
    """A plain limit, or a table with its level and message."""
    properties: Schema = {key: value, "level": {"enum": ["error", "warning", "warn"]}, "message": {"type": "string"}}
    table = {
        "type": "object",
        "properties": {**properties, **(more or {})},
        "required": [key],
        "additionalProperties": False,
    }
    return {"anyOf": [value, table]}


def lock_schema() -> Schema:
    """The schema of `lambda-slim.lock`."""
    count: Schema = {"type": "integer", "minimum": 0}
    distribution = object_schema({"version": {"type": "string"}, "bytes": {**count, "description": "In the package."}})
    function = object_schema(
        {
            "unzipped_bytes": count,
            "zipped_bytes": count,
            "files": count,
            "distributions": {"type": "object", "additionalProperties": distribution},
            "init_modules": {
                "type": "object",
                "description": "Top-level package to the number of its modules that INIT loads.",
                "additionalProperties": count,
            },
            "init_digest": {"type": "string", "description": "Over the whole list of those modules."},
            "informative": {
                "type": "object",
                "description": "What depends on the machine; shown, never compared.",
                "properties": {"bytecode": {"type": "string"}},
            },
        },
        "What was accepted of one function's package.",
    )
    return {
        "$schema": DRAFT,
        "$id": f"{_BASE}/lock-{VERSION}.json",
        "title": "lambda-slim lock",
        **object_schema(
            {"lock_version": {"const": VERSION}, "functions": {"type": "object", "additionalProperties": function}}
        ),
    }
