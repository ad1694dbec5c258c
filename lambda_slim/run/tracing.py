"""Runs a function or a command of the project and records what it touched."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import RunError
from lambda_slim.formats.json_text import load_table
from lambda_slim.formats.names import normalise
from lambda_slim.model.function import Function
from lambda_slim.model.run import Run
from lambda_slim.model.trace import Trace
from lambda_slim.run.lambda_runtime import drive
from lambda_slim.run.traced_command import run_traced


def run_trace(
    package: Path,
    function: Function,
    interpreter: Path,
    events: Sequence[tuple[str, bytes]],
    *,
    timeout: float = 60,
    offline: bool = False,
    stub_aws: bool = False,
) -> tuple[Trace, Run]:
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
    more: dict[str, Any] = {"offline": offline, "stub_aws": stub_aws}
    session = drive(interpreter, package, function, events, trace=True, timeout=timeout, **more)
    check_session(session, function)
    return parse_record(session.record, tuple(name for name, _ in events)), session


def check_session(session: Run, function: Function) -> None:
    """Whether a function came through INIT and answered every event.

    Raises:
        RunError: it did not; the cause is its own last words.
    """
    last = [line for line in session.logs.splitlines() if line.strip()][-1:]
    if session.init_error:
        document = load_table(session.init_error or "{}")
        cause = f"{document.get('errorType', 'error')}: {document.get('errorMessage', '')}"
        message = f"{function.name}: importing `{function.module}` failed"
        raise RunError(
            message,
            cause=cause[:400],
            hint=asked_hint(session.asked)
            or "does it run locally? if it needs the network or credentials at import, see docs/trace.md",
        )
    if session.stopped:
        message = f"{function.name}: {session.stopped_text}"
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
    if ended.stopped:
        why = f"did not end within {timeout:.0f} s" if ended.late else f"came to its limit of {ended.stopped}"
        raise RunError(f"`{command}` {why}", cause=last, hint="docs/security.md has the limits")
    if ended.code:
        hint = "does it pass when you run it yourself? it gets few of your variables and a home of its own here"
        raise RunError(f"`{command}` failed (exit {ended.code})", cause=last, hint=hint)
    trace = parse_record(ended.record, (command,))
    return replace(trace, init_modules=())


def parse_record(text: str, events: tuple[str, ...]) -> Trace:
    """The trace in what `probe/bootstrap.py` wrote, a JSON document a line; a line cut short is passed over."""
    modules: dict[str, str] = {}
    init: list[str] = []
    files: set[str] = set()
    read: set[str] = set()
    folders: set[str] = set()
    calls: set[str] = set()
    for line in text.splitlines():
        row = load_table(line)
        kind, what = str(row.get("kind", "")), str(row.get("what", ""))
        if not what:  # cut short, or the function wrote to its record
            continue
        if kind == "network":
            continue
        if kind == "module":
            modules[what] = str(row.get("path") or "")
            files.update(path for path in (modules[what], str(row.get("cached") or "")) if path)
            if row.get("phase") == "init":
                init.append(what)
        elif kind == "list":
            folders.add(what)
        elif kind == "call":
            calls.add(what)
        else:
            files.add(what)
            if kind == "open" and what.endswith(".py") and not row.get("importer"):
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
