"""What did the function touch when it ran?"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from lambda_slim.cache import digest
from lambda_slim.errors import ConfigError, RunError, UsageError
from lambda_slim.files import write_text
from lambda_slim.formats.names import normalise
from lambda_slim.inventory import PROJECT, File, Kind
from lambda_slim.project import Function
from lambda_slim.tools.lambda_runtime import Session, drive
from lambda_slim.tools.traced_command import run_traced

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Trace:
    """Evidence from runs of the handler; all paths are package paths.

    Attributes:
        modules: Every module seen, to its file in the package ("" for none), INIT and events alike.
        init_modules: Those loaded before the first event, in order.
        files: Files opened, mapped or stat'ed for reading.
        read_sources: Files of modules whose source was opened as text although bytecode was there.
        folders: Folders that were listed.
        distributions: Names looked up through importlib.metadata.
        groups: Entry-point groups looked up.
        calls: Own functions that were entered, `src/app.py:12`, by the first line; Python tells from 3.12 on.
        events: Names of the events driven.
        code: Digest of the package that was traced.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    init_modules: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    read_sources: frozenset[str] = frozenset()
    distributions: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    events: tuple[str, ...] = ()
    code: str = ""


def merge(traces: Iterable[Trace]) -> Trace:
    """Everything that any of the traces saw; the order of INIT modules is that of the first."""
    found = list(traces)
    modules: dict[str, str] = {}
    for trace in found:
        for name, path in trace.modules.items():
            modules[name] = modules.get(name) or path
    return Trace(
        modules=dict(sorted(modules.items())),
        init_modules=tuple(dict.fromkeys(name for trace in found for name in trace.init_modules)),
        files=_union(trace.files for trace in found),
        folders=_union(trace.folders for trace in found),
        read_sources=_union(trace.read_sources for trace in found),
        distributions=_union(trace.distributions for trace in found),
        groups=_union(trace.groups for trace in found),
        calls=_union(trace.calls for trace in found),
        events=tuple(dict.fromkeys(name for trace in found for name in trace.events)),
        code=found[0].code if len({trace.code for trace in found}) == 1 else "",
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def trace_json(trace: Trace) -> str:
    """The trace as JSON: sorted, without anything of the machine, so that it can be committed."""
    table: dict[str, object] = {"trace_version": FORMAT}
    for one in fields(trace):
        value = getattr(trace, one.name)
        if isinstance(value, frozenset):
            table[one.name] = sorted(value)
        elif isinstance(value, Mapping):
            table[one.name] = dict(sorted(value.items()))
        else:
            table[one.name] = value
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


def parse_trace(text: str) -> Trace:
    """The trace that `trace_json` wrote.

    Raises:
        ConfigError: not a trace, or one of another version.
    """
    try:
        table = json.loads(text)
        version = table.pop("trace_version")
        known = {one.name: one for one in fields(Trace)}
        values: dict[str, Any] = {name: _parsed(name, value) for name, value in table.items() if name in known}
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ConfigError("this is not a trace", cause=str(error), hint="make one with `lambda-slim trace`") from error
    if version != FORMAT:
        hint = "make it again with this version of lambda-slim"
        raise ConfigError(f"the trace has version {version}; this version reads {FORMAT}", hint=hint)
    return Trace(**values)


def _parsed(name: str, value: object) -> object:
    if name == "modules" and isinstance(value, dict):
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
    found = []
    for path in paths:
        try:
            found.append(parse_trace(path.read_text("utf-8")))
        except OSError as error:
            message = f"cannot read the trace `{path}`"
            raise ConfigError(message, cause=error.strerror or "", hint="make one with `lambda-slim trace`") from error
    return merge(found) if found else None


def write_trace(trace: Trace, path: Path) -> None:
    """Saves a trace.

    Raises:
        WriteError: the file cannot be written.
    """
    write_text(path, trace_json(trace))


def run_trace(
    package: Path,
    function: Function,
    interpreter: Path,
    events: Sequence[tuple[str, bytes]],
    *,
    timeout: float = 60,
    offline: bool = False,
    stub_aws: bool = False,
) -> tuple[Trace, Session]:
    """Runs the handler with every event and records what it touched.

    Args:
        package: The unpacked whole package.
        function: Its handler and environment.
        interpreter: A Python of the target's minor version.
        events: (name, JSON) pairs; without any, only INIT is seen.
        timeout: Seconds for INIT and for each event.
        offline: Do not fetch awslambdaric where it is not cached.
        stub_aws: Answer AWS clients with empty successes.

    Raises:
        RunError: INIT failed, or an event did not end in time.
    """
    more = {"offline": offline, "stub_aws": stub_aws}
    session = drive(interpreter, package, function, events, trace=True, timeout=timeout, **more)
    check_session(session, function)
    return parse_record(session.record, tuple(name for name, _ in events)), session


def check_session(session: Session, function: Function) -> None:
    """Whether a function came through INIT and answered every event.

    Raises:
        RunError: it did not; the cause is its own last words.
    """
    last = [line for line in session.logs.splitlines() if line.strip()][-1:]
    if session.init_error:
        document = json.loads(session.init_error or "{}")
        cause = f"{document.get('errorType', 'error')}: {document.get('errorMessage', '')}"
        message = f"{function.name}: importing `{function.module}` failed"
        raise RunError(
            message,
            cause=cause[:400],
            hint=asked_hint(session.asked)
            or "does it run locally? if it needs the network or credentials at import, see docs/trace.md",
        )
    if session.late:
        message = f"{function.name}: no answer within the time limit"
        raise RunError(
            message,
            cause=last[0][:300] if last else "it printed nothing",
            hint=asked_hint(session.asked) or "does it wait for something that is not here? see docs/trace.md",
        )
    if session.code is not None:
        message = f"{function.name}: the handler's process ended by itself (exit {session.code})"
        raise RunError(
            message,
            cause=last[0][:300] if last else "it printed nothing",
            hint="does it call sys.exit, or crash in a library?",
        )


def asked_hint(asked: Sequence[str]) -> str:
    """What to say where a function asked for the network, which it does not have here; "" where it did not."""
    if not asked:
        return ""
    more = f" and {len(asked) - 3} more" if len(asked) > 3 else ""
    return f"it asked for {', '.join(asked[:3])}{more}, and has no network here: see docs/trace.md"


def run_command(command: str, source: Path, package: Path, root: Path, *, timeout: float = 1800) -> Trace:
    """Runs a program of the project, such as its test suite, and records what it touched of the function.

    Args:
        command: As the settings give it, `pytest tests/handlers`; run without a shell.
        source: The function's own code, where the program finds it.
        package: The unpacked whole package; its modules come first, so that dependencies are those that ship.
        root: Where the program is started.
        timeout: Seconds.

    Raises:
        RunError: it could not be started, failed, or did not end in time.
    """
    ended = run_traced(command, source, package, root, timeout=timeout)
    last = ([line for line in ended.output.splitlines() if line.strip()] or ["it printed nothing"])[-1][:300]
    if ended.late:
        raise RunError(f"`{command}` did not end within {timeout:.0f} s", cause=last)
    if ended.code:
        hint = "does it pass when you run it yourself? it gets no credentials and no AWS_* variables here"
        raise RunError(f"`{command}` failed (exit {ended.code})", cause=last, hint=hint)
    trace = parse_record(ended.record, (command,))
    return replace(trace, init_modules=())


def only_known(trace: Trace, files: Iterable[File]) -> Trace:
    """The trace without what is no file of the package; bytecode stands for its source."""
    owners = {file.path: file.owner for file in files}
    known = owners.keys()

    def kept(paths: Iterable[str]) -> frozenset[str]:
        return frozenset(path for path in map(_source_of, paths) if path in known)

    modules = {name: _source_of(path) for name, path in trace.modules.items()}
    folders = {path.rpartition("/")[0] for path in known}
    tops = {path.partition("/")[0].partition(".")[0] for path in known}
    shown = {
        name: path for name, path in modules.items() if path in known or (not path and name.partition(".")[0] in tops)
    }
    return replace(
        trace,
        modules=shown,
        init_modules=tuple(name for name in trace.init_modules if name in shown),
        files=kept(trace.files),
        read_sources=kept(trace.read_sources),
        calls=frozenset(call for call in trace.calls if owners.get(call.rpartition(":")[0]) == PROJECT),
        folders=frozenset(folder for folder in trace.folders if folder in folders),
    )


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
    for file in sorted(files, key=lambda one: one.path):
        if file.owner == PROJECT and file.kind is Kind.SOURCE:
            parts += [file.path, file.source.read_bytes()]
        elif file.path.endswith(".dist-info/METADATA"):
            parts.append(file.path)
    return digest(*parts)


def parse_record(text: str, events: tuple[str, ...]) -> Trace:
    """The trace in what `probe/bootstrap.py` wrote, a JSON document a line; a line cut short is passed over."""
    modules: dict[str, str] = {}
    init: list[str] = []
    files: set[str] = set()
    read: set[str] = set()
    folders: set[str] = set()
    calls: set[str] = set()
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        kind, what = row["kind"], row["what"]
        if kind == "network":
            continue
        if kind == "module":
            modules[what] = row["path"]
            files.update(path for path in (row["path"], row["cached"]) if path)
            if row["phase"] == "init":
                init.append(what)
        elif kind == "list":
            folders.add(what)
        elif kind == "call":
            calls.add(what)
        else:
            files.add(what)
            if kind == "open" and what.endswith(".py") and not row["importer"]:
                read.add(what)
    return Trace(
        modules=dict(sorted(modules.items())),
        init_modules=tuple(init),
        files=frozenset(file for file in files if file != "."),
        folders=frozenset(folders),
        calls=frozenset(calls),
        read_sources=frozenset(read),
        distributions=frozenset(
            _distribution(file) for file in files if file.endswith((".dist-info/METADATA", ".dist-info/PKG-INFO"))
        ),
        events=events,
    )


def _distribution(path: str) -> str:
    return normalise(path.partition(".dist-info")[0].rpartition("-")[0])


def read_events(paths: Sequence[Path]) -> tuple[tuple[str, bytes], ...]:
    """(name, JSON) of event files.

    Raises:
        UsageError: a file is missing, or is not JSON.
    """
    found = []
    for path in paths:
        try:
            data = path.read_bytes()
            json.loads(data)
        except OSError as error:
            message = f"cannot read the event `{path.name}`"
            raise UsageError(
                message, cause=error.strerror or "", hint="check --event, or `events` in the settings"
            ) from error
        except ValueError as error:
            message = f"the event `{path.name}` is not JSON"
            raise UsageError(message, cause=str(error), hint="an event is one JSON document a file") from error
        found.append((path.stem, data))
    return tuple(found)
