"""`lambda-slim trace`: what the function touches when it runs, as evidence for `build`."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.text import shown
from lambda_slim.base.units import plural, show_count
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import Session, session
from lambda_slim.cli._spread import spread
from lambda_slim.formats.json_text import load_table
from lambda_slim.inputs.traces import read_traces, write_trace
from lambda_slim.model.run import Run as RanSession
from lambda_slim.model.trace import Trace
from lambda_slim.model.trace import merge as merge_traces
from lambda_slim.render.progress import say
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


@spread
def command(
    *,
    target: flags.Target = Path(),
    event: Event = None,
    output: Output = None,
    command: Command = None,
    merge: Merge = None,
    stub_aws: flags.StubAws = False,
    project: flags.ProjectFlags,
    run: flags.RunFlags,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Runs every function with its events and writes what it touched."""
    quiet = progress.quiet
    with session(target, project, progress, {**run.settings(), "stub_aws": stub_aws}) as opened:
        places = _places(opened, output)
        older = read_traces(merge or [])
        for function in opened.project.functions:
            prepared = prepare(flags.with_events(function, event), opened.settings, opened.progress)
            commands = (command,) if command else ()
            trace, ran = record(
                prepared.function, prepared.inventory, prepared.settings, opened.progress, commands=commands
            )
            _warn(ran, quiet=quiet, stubbed=prepared.settings.stub_aws)
            _write(trace, older, places[function.name], quiet=quiet)
    return ExitCode.OK


def _places(opened: Session, output: Path | None) -> dict[str, Path]:
    """Function name to the file for its trace."""
    functions = opened.project.functions
    if output is not None and output.suffix == ".json":
        if len(functions) > 1:
            raise UsageError(
                f"`{output}` is one trace, and there are {len(functions)} functions",
                cause="a trace is of one function",
                hint="name a folder, or choose one with -F",
            )
        return {functions[0].name: output}
    if output is None and len(functions) == 1:
        return {functions[0].name: Path("trace.json")}
    return {function.name: (output or Path("traces")) / f"{function.name}.json" for function in functions}


def _write(trace: Trace, older: Trace | None, place: Path, *, quiet: bool) -> None:
    stale = older is not None and older.code != trace.code
    merged = merge_traces([trace, older]) if older else trace
    write_trace(replace(merged, code=trace.code), place)
    if quiet:
        return
    if stale:
        sys.stderr.write("warning: a merged trace was made from other code; what it names may be gone\n")
    modules, files = plural(len(merged.modules), "module"), plural(len(merged.files), "file")
    counted = f"{modules} ({show_count(len(merged.init_modules))} at INIT), {files}"
    say(f"wrote {place}: {counted}, {plural(len(merged.events), 'event')}")
    if not merged.events:
        sys.stderr.write("warning: without an event only INIT was seen; name one with -e\n")


def _warn(ran: RanSession, *, quiet: bool, stubbed: bool) -> None:
    """Warns of what makes a trace incomplete."""
    if quiet:
        return
    for answer in ran.answers:
        if answer.kind == "error":
            document = load_table(answer.body or "{}")
            text = f"{document.get('errorType')}: {document.get('errorMessage')}"[:200]
            sys.stderr.write(
                f"warning: event {shown(answer.event)} failed, so only that path was seen: {shown(text)}\n"
            )
    if ran.asked:
        answered = "a stub answered the AWS clients" if stubbed else "there is no network here"
        sys.stderr.write(f"warning: it asked for {shown(', '.join(ran.asked[:5]))}; {answered}\n")
