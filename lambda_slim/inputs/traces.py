"""What did the function touch when it ran?"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from lambda_slim.base.cache import digest
from lambda_slim.base.errors import ConfigError, UsageError, error_text
from lambda_slim.base.files import read_regular, read_regular_text, write_text
from lambda_slim.formats.json_text import load_json
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.trace import Trace, merge

FORMAT = 1


def trace_json(trace: Trace) -> str:
    """The trace as JSON: sorted, without anything of the machine, so that it can be committed."""
    table: dict[str, object] = {"trace_version": FORMAT}
    for row in fields(trace):
        value = getattr(trace, row.name)
        if isinstance(value, frozenset):
            table[row.name] = sorted(value)
        elif isinstance(value, Mapping):
            table[row.name] = dict(sorted(value.items()))
        else:
            table[row.name] = value
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


def parse_trace(text: str) -> Trace:
    """The trace that `trace_json` wrote.

    Raises:
        ConfigError: not a trace, or one of another version.
    """
    try:
        table = load_json(text)
        version = table.pop("trace_version")
        known = {row.name for row in fields(Trace)}
        values: dict[str, Any] = {name: _parsed(name, value) for name, value in table.items() if name in known}
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ConfigError("this is not a trace", cause=str(error), hint="make one with `lambda-slim trace`") from error
    if version != FORMAT:
        hint = "make it again with this version of lambda-slim"
        raise ConfigError(
            f"the trace has version {version}", cause=f"this version of lambda-slim reads {FORMAT}", hint=hint
        )
    return Trace(**values)


def _parsed(name: str, value: object) -> object:
    if name == "modules":
        if not isinstance(value, dict):
            raise TypeError("`modules` is not a table")
        return {str(key): str(path) for key, path in value.items()}
    if name == "code":
        return str(value)
    if not isinstance(value, list):
        message = f"`{name}` is not a list"
        raise TypeError(message)
    texts = tuple(str(item) for item in value)
    return texts if name in ("init_modules", "events") else frozenset(texts)


def read_traces(paths: Sequence[Path]) -> Trace | None:
    """The traces in some files, merged; None for no file.

    Raises:
        ConfigError: a file that cannot be read, or is no trace.
    """
    traces = []
    for path in paths:
        try:
            traces.append(parse_trace(read_regular_text(path)))
        except OSError as error:
            message = f"cannot read the trace `{path}`"
            raise ConfigError(message, cause=error_text(error), hint="make one with `lambda-slim trace`") from error
        except ValueError as error:
            message = f"`{path}` is not a trace"
            raise ConfigError(message, cause=str(error), hint="make one with `lambda-slim trace`") from error
    return merge(traces) if traces else None


def write_trace(trace: Trace, path: Path) -> None:
    """Saves a trace.

    Raises:
        WriteError: the file cannot be written.
    """
    write_text(path, trace_json(trace))


def only_known(trace: Trace, files: Iterable[File]) -> Trace:
    """The trace without what is no file of the package; bytecode stands for its source."""
    owners = {file.path: file.owner for file in files}
    modules = _known_modules(trace, owners)
    folders = {path.rpartition("/")[0] for path in owners}

    def kept(paths: Iterable[str]) -> frozenset[str]:
        return frozenset(path for path in map(_source_of, paths) if path in owners)

    return replace(
        trace,
        modules=modules,
        init_modules=tuple(name for name in trace.init_modules if name in modules),
        files=kept(trace.files),
        read_sources=kept(trace.read_sources),
        calls=frozenset(call for call in trace.calls if owners.get(call.rpartition(":")[0]) == FIRST_PARTY),
        folders=trace.folders & folders,
    )


def _known_modules(trace: Trace, paths: Collection[str]) -> dict[str, str]:
    """The modules whose file is in the package; of those without a file, those below a top-level name of it."""
    tops = {path.partition("/")[0].partition(".")[0] for path in paths}
    modules = {name: _source_of(path) for name, path in trace.modules.items()}

    def is_known(name: str) -> bool:
        return modules[name] in paths or (not modules[name] and name.partition(".")[0] in tops)

    return {name: path for name, path in modules.items() if is_known(name)}


_CACHED = re.compile(r"(^|/)__pycache__/([^/]+)\.cpython-\d+\.pyc$")


def _source_of(path: str) -> str:
    """A module's source, from its bytecode's name.

    >>> _source_of("a/__pycache__/b.cpython-312.pyc")
    'a/b.py'
    """
    return _CACHED.sub(r"\1\2.py", path)


def code_digest(files: Iterable[File]) -> str:
    """What a trace was made from: the project's own modules, and which distributions in which versions."""
    parts: list[str | bytes] = []
    for file in sorted(files, key=lambda row: row.path):
        if file.owner == FIRST_PARTY and file.kind is FileKind.SOURCE:
            parts += [file.path, read_regular(file.source)]
        elif file.path.endswith(".dist-info/METADATA"):
            parts.append(file.path)
    return digest(*parts)


def read_events(paths: Sequence[Path]) -> tuple[tuple[str, bytes], ...]:
    """(name, JSON) of event files.

    Raises:
        UsageError: a file is missing, or is not JSON.
    """
    events = []
    for path in paths:
        try:
            data = read_regular_text(path).encode()  # the runtime takes UTF-8; PowerShell writes UTF-16
            load_json(data, any_number=True)
        except OSError as error:
            message = f"cannot read the event `{path.name}`"
            raise UsageError(
                message, cause=error_text(error), hint="check --event, or `events` in the settings"
            ) from error
        except ValueError as error:
            message = f"the event `{path.name}` is not JSON"
            raise UsageError(message, cause=str(error), hint="an event is one JSON document a file") from error
        events.append((path.stem, data))
    return tuple(events)
