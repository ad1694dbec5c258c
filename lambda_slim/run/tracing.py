"""Runs a function or a command of the project and records what it touched."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import RunError
from lambda_slim.base.text import last_line
from lambda_slim.formats.json_text import load_table
from lambda_slim.formats.names import normalise
from lambda_slim.model.function import Function
from lambda_slim.model.run import Run, RunConditions
from lambda_slim.model.settings import Settings
from lambda_slim.model.trace import Trace
from lambda_slim.run.lambda_runtime import drive
from lambda_slim.run.traced_command import run_traced


def run_trace(
    package: Path,
    function: Function,
    interpreter: Path,
    events: Sequence[tuple[str, bytes]],
    settings: Settings | None = None,
    *,
    timeout: float = 60,
) -> tuple[Trace, Run]:
    """Runs the handler with every event and records what it touched.

    Args:
        package: The unpacked full package.
        function: Its handler and environment.
        interpreter: A Python of the target's minor version.
        events: (name, JSON) pairs; without any, only INIT is seen.
        settings: `offline`: awslambdaric is not fetched where it is not cached; `stub_aws`: AWS clients get empty
            successes.
        timeout: Seconds for INIT and for each event.

    Raises:
        RunError: INIT failed, or an event did not end in time.
    """
    conditions = RunConditions(timeout=timeout, trace=True)
    if settings:
        conditions = replace(conditions, offline=settings.offline, stub_aws=settings.stub_aws)
    session = drive(interpreter, package, function, events, conditions)
    check_session(session, function)
    return parse_record(session.record, tuple(name for name, _ in events)), session


def check_session(session: Run, function: Function) -> None:
    """Checks that a function came through INIT and answered every event.

    Raises:
        RunError: it did not; the cause is its own last words.
    """
    if session.init_error:
        document = load_table(session.init_error or "{}")
        cause = f"{document.get('errorType', 'error')}: {document.get('errorMessage', '')}"[:400]
        hint = "does it run locally? if it needs the network or credentials at import, see docs/trace.md"
        message = f"{function.name}: importing `{function.module}` failed"
        raise RunError(message, cause=cause, hint=asked_hint(session.asked) or hint)
    if session.stopped:
        hint = asked_hint(session.asked) or "does it wait for something that is not here? see docs/trace.md"
        message = f"{function.name}: {session.stopped_text}"
        raise RunError(message, cause=last_line(session.logs), hint=hint)
    if session.code is not None:
        message = f"{function.name}: the handler's process ended by itself (exit {session.code})"
        hint = "does it call sys.exit, or crash in a library?"
        raise RunError(message, cause=last_line(session.logs), hint=hint)


def asked_hint(asked: Sequence[str]) -> str:
    """A hint for a function that asked for the network, which it does not have here; "" if it did not ask."""
    if not asked:
        return ""
    more = f" and {len(asked) - 3} more" if len(asked) > 3 else ""
    return f"it asked for {', '.join(asked[:3])}{more}, and has no network here: see docs/trace.md"


def run_command(command: str, source: Path, package: Path, root: Path, *, timeout: float = 1800) -> Trace:
    """Runs a program of the project, such as its test suite, and records what it touched of the function.

    Args:
        command: As the settings give it, `pytest tests/handlers`; run without a shell.
        source: The function's first-party code, where the program finds it.
        package: The unpacked full package; its modules come first, so that dependencies are those that ship.
        root: Where the program is started.
        timeout: Seconds.

    Raises:
        RunError: it could not be started, failed, or did not end in time.
    """
    ended = run_traced(command, source, package, root, timeout=timeout)
    last = last_line(ended.output)
    if ended.stopped:
        why = f"did not end within {timeout:.0f} s" if ended.late else f"came to its limit of {ended.stopped}"
        raise RunError(f"`{command}` {why}", cause=last, hint="docs/security.md has the limits")
    if ended.code:
        hint = "does it pass when you run it yourself? here it gets few of your variables and a separate home folder"
        raise RunError(f"`{command}` failed (exit {ended.code})", cause=last, hint=hint)
    trace = parse_record(ended.record, (command,))
    return replace(trace, init_modules=())


def parse_record(text: str, events: tuple[str, ...]) -> Trace:
    """The trace in what `probe/bootstrap.py` wrote, a JSON document a line; a line cut short is passed over."""
    record = _Record()
    for line in text.splitlines():
        row = {name: str(value or "") for name, value in load_table(line).items()}
        if row.get("what"):  # else it is cut short, or the function wrote to its record
            record.add(row)
    return record.trace(events)


class _Record:
    """Collects the rows of a record."""

    def __init__(self) -> None:
        self._modules: dict[str, str] = {}
        self._init: list[str] = []
        self._files: set[str] = set()
        self._read: set[str] = set()
        self._folders: set[str] = set()
        self._calls: set[str] = set()

    def add(self, row: Mapping[str, str]) -> None:
        """Adds a row."""
        match row.get("kind", ""):
            case "network" | "init":
                pass
            case "module":
                self._add_module(row)
            case "list":
                self._folders.add(row["what"])
            case "call":
                self._calls.add(row["what"])
            case kind:
                self._files.add(row["what"])
                if kind == "open" and row["what"].endswith(".py") and not row.get("importer"):
                    self._read.add(row["what"])

    def _add_module(self, row: Mapping[str, str]) -> None:
        self._modules[row["what"]] = row.get("path", "")
        self._files.update(path for path in (row.get("path"), row.get("cached")) if path)
        if row.get("phase") == "init":
            self._init.append(row["what"])

    def trace(self, events: tuple[str, ...]) -> Trace:
        """The trace of some events."""
        metadata = [file for file in self._files if file.endswith((".dist-info/METADATA", ".dist-info/PKG-INFO"))]
        return Trace(
            modules=dict(sorted(self._modules.items())),
            init_modules=tuple(self._init),
            files=frozenset(self._files - {"."}),
            folders=frozenset(self._folders),
            calls=frozenset(self._calls),
            read_sources=frozenset(self._read),
            distributions=frozenset(map(_distribution, metadata)),
            events=events,
        )


def _distribution(path: str) -> str:
    return normalise(path.partition(".dist-info")[0].rpartition("-")[0])
