"""`lambda-slim trace`: what the function touches when it runs, as evidence for `build`."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.units import plural
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import Session, override, session
from lambda_slim.inputs.traces import read_traces, write_trace
from lambda_slim.model.run import Run as RanSession
from lambda_slim.model.trace import Trace, merge
from lambda_slim.tasks.prepare import prepare
from lambda_slim.tasks.trace import record

Event = Annotated[
    list[Path] | None,
    typer.Option("--event", "-e", help="an event to drive the handler with, or a folder of them (repeat)"),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="the trace: a .json file, or a folder for several functions", dir_okay=True),
]
Command = Annotated[
    str | None, typer.Option("--command", help="a program to trace too: 'pytest tests/handlers' (trace-command)")
]
Merge = Annotated[list[Path] | None, typer.Option("--merge", help="a trace made before, to add (repeat)")]


def command(
    target: flags.Target = Path(),
    event: Event = None,
    output: Output = None,
    command: Command = None,
    merge: Merge = None,
    stub_aws: flags.StubAws = False,
    directory: flags.Directory = None,
    config: flags.ConfigFile = None,
    function: flags.Functions = None,
    handler: flags.Handler = None,
    python: flags.Python = None,
    arch: flags.Arch = None,
    interpreter: flags.Interpreter = None,
    offline: flags.Offline = False,
    allow_stale_lock: flags.StaleLock = False,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Runs every function with its events and writes what it touched."""
    overrides = override(
        select=tuple(function or ()),
        runtime=flags.runtime(python),
        architecture=arch,
        interpreter=interpreter,
        offline=offline,
        allow_stale_lock=allow_stale_lock,
        stub_aws=stub_aws,
    )
    with session(
        target, directory=directory, config=config, handler=handler, overrides=overrides, quiet=quiet, verbose=verbose
    ) as opened:
        places = _places(opened, output)
        older = read_traces(merge or [])
        for one in opened.project.functions:
            whole = prepare(flags.with_events(one, event), opened.settings, opened.progress)
            extra = (command,) if command else ()
            found, ran = record(whole.function, whole.inventory, whole.settings, opened.progress, commands=extra)
            _warn(ran, quiet=quiet, stubbed=whole.settings.stub_aws)
            _write(found, older, places[one.name], quiet=quiet)
    return ExitCode.OK


def _places(opened: Session, output: Path | None) -> dict[str, Path]:
    """Function name to the file for its trace."""
    functions = opened.project.functions
    if output is not None and output.suffix == ".json":
        if len(functions) > 1:
            raise UsageError(
                f"`{output}` is one trace, and there are {len(functions)} functions",
                hint="name a folder, or choose one with -F",
            )
        return {functions[0].name: output}
    if output is None and len(functions) == 1:
        return {functions[0].name: Path("trace.json")}
    return {one.name: (output or Path("traces")) / f"{one.name}.json" for one in functions}


def _write(found: Trace, older: Trace | None, place: Path, *, quiet: bool) -> None:
    stale = older is not None and older.code != found.code
    whole = merge([found, older]) if older else found
    write_trace(replace(whole, code=found.code), place)
    if not quiet:
        if stale:
            sys.stderr.write("warning: a merged trace was made from other code; what it names may be gone\n")
        counted = f"{len(whole.modules)} modules ({len(whole.init_modules)} at INIT), {len(whole.files)} files"
        sys.stderr.write(f"wrote {place}: {counted}, {plural(len(whole.events), 'event')}\n")
        if not whole.events:
            sys.stderr.write("warning: without an event only INIT was seen; name one with -e\n")


def _warn(ran: RanSession, *, quiet: bool, stubbed: bool) -> None:
    """What makes a trace worth less than it looks."""
    failed = [answer for answer in ran.answers if answer.kind == "error"]
    if quiet:
        return
    for answer in failed:
        document = json.loads(answer.body or "{}")
        told = f"{document.get('errorType')}: {document.get('errorMessage')}"[:200]
        sys.stderr.write(f"warning: event {answer.event} failed, so only that path was seen: {told}\n")
    if ran.asked:
        got = "a stub answered the AWS clients" if stubbed else "there is no network here"
        sys.stderr.write(f"warning: it asked for {', '.join(ran.asked[:5])}; {got}\n")
