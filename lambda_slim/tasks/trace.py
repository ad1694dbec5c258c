"""Records what a function uses: the full package, run with its events and by the project's own programs."""

from dataclasses import replace

from lambda_slim.base.errors import RunError
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.units import plural
from lambda_slim.bundle.layout import laid_out, lay_files
from lambda_slim.inputs.traces import code_digest, only_known, read_events
from lambda_slim.model.file import Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.run import Run
from lambda_slim.model.settings import Settings
from lambda_slim.model.trace import Trace, merge
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.run.tracing import run_command, run_trace


def record(
    function: Function,
    inventory: Inventory,
    settings: Settings,
    progress: Progress = silent,
    *,
    commands: tuple[str, ...] = (),
) -> tuple[Trace, Run]:
    """A function's trace: by its events, its `trace-command`, and other programs; and how the run with events went.

    Args:
        function: Its handler, environment and events; without events, only INIT is run.
        inventory: Every file of the full package.
        settings: `interpreter`, `offline`, `stub_aws`, `functions`.
        progress: Told before each run.
        commands: Other programs to trace.

    Raises:
        UsageError: an event that is missing or not JSON.
        RunError: no Python of the target's version here, INIT failed, an event had no end, or a program failed.
    """
    events = read_events(function.events)
    interpreter = find_interpreter(function.target, settings.interpreter)
    if interpreter is None:
        wanted = function.target.runtime.python
        raise RunError(
            f"{function.name}: it cannot be run here",
            cause=f"there is no Python {wanted} on this machine",
            hint=f"`uv python install {wanted}`, or --interpreter; or use a trace made elsewhere",
        )
    files = [file for file in inventory.files if "__pycache__/" not in file.path]
    timeout = max(30.0, float(function.timeout_s))
    with laid_out() as folder:
        package = lay_files(files, folder / "task")
        progress(f"{function.name}: tracing {plural(len(events), 'event')}")
        trace, ran = run_trace(package, function, interpreter, events, settings, timeout=timeout)
        traces = [trace]
        for command in (*trace_commands(function, settings), *commands):
            progress(f"{function.name}: tracing {command}")
            traces.append(run_command(command, function.source, package, settings.root))
    return replace(only_known(merge(traces), files), code=code_digest(files)), ran


def trace_commands(function: Function, settings: Settings) -> tuple[str, ...]:
    """The function's `trace-command`, where its settings have one."""
    return tuple(
        table.trace_command for table in settings.functions if table.name == function.name and table.trace_command
    )
