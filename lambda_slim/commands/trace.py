"""`lambda-slim trace`: record what the functions touch when they run. Runs the project's code."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.commands import _options as flags
from lambda_slim.commands._session import override, session
from lambda_slim.errors import ExitCode, UsageError
from lambda_slim.pipeline import prepare, trace_prepared
from lambda_slim.trace import merge, read_traces, write_trace

Output = Annotated[Path, typer.Option("--output", "-o", help="the trace file; a folder for several functions")]
Event = Annotated[list[Path] | None, typer.Option("--event", "-e", help="an event to run (repeat)")]
Add = Annotated[bool, typer.Option("--add", help="add to the trace file that is there")]


def command(
    target: flags.Target = Path(),
    output: Output = Path("trace.json"),
    event: Event = None,
    add: Add = False,
    directory: flags.Directory = None,
    config: flags.ConfigFile = None,
    function: flags.Functions = None,
    handler: flags.Handler = None,
    python: flags.Python = None,
    arch: flags.Arch = None,
    interpreter: flags.Interpreter = None,
    offline: flags.Offline = False,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Runs every function with its events through awslambdaric and saves what was touched."""
    overrides = override(
        select=tuple(function or ()),
        runtime=flags.runtime(python),
        architecture=arch,
        interpreter=interpreter,
        offline=offline,
    )
    with session(
        target, directory=directory, config=config, handler=handler, overrides=overrides, quiet=quiet, verbose=verbose
    ) as opened:
        functions = opened.project.functions
        if len(functions) > 1 and output.suffix == ".json":
            names = ", ".join(one.name for one in functions)
            raise UsageError(
                f"`{output}` is one file, and there are {len(functions)} functions",
                hint=f"name a folder, or choose with -F: {names}",
            )
        for one in functions:
            prepared = prepare(flags.with_events(one, event), opened.settings, opened.progress)
            found = trace_prepared(prepared, opened.progress)
            path = output if output.suffix == ".json" else output / f"{one.name}.json"
            if add and path.is_file() and (before := read_traces([path])):
                found = merge([before, found])
            write_trace(found, path)
            sys.stdout.write(f"{one.name}: {len(found.modules)} modules, {len(found.files)} files -> {path}\n")
    return ExitCode.OK
