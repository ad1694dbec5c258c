"""`lambda-slim build`: the minimal, reproducible zip of every function."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim import __version__
from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import Session, override, session
from lambda_slim.inputs.traces import read_traces
from lambda_slim.model.report import Report
from lambda_slim.tasks.assemble import report_function, sharing_of
from lambda_slim.tasks.build import BuildOptions, build_function
from lambda_slim.tasks.prepare import Shared, plan_function

Output = Annotated[Path, typer.Option("--output", "-o", help="folder for the zips, or one .zip for one function")]
Sdk = Annotated[str | None, typer.Option("--sdk", help="the boto set: keep, runtime or prune")]
Release = Annotated[bool, typer.Option("--release", help="compress as hard as can be: 0.1 % smaller, twice the time")]
NoStrip = Annotated[bool, typer.Option("--no-strip", help="leave symbols in compiled libraries")]
Keep = Annotated[list[str] | None, typer.Option("--keep", help="gitignore pattern of files to keep (repeat)")]
Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", help="gitignore pattern of files to leave out (repeat)")
]
Allow = Annotated[
    list[str] | None, typer.Option("--allow-secret", help="pattern of files that may ship although they look secret")
]
TraceFile = Annotated[list[Path] | None, typer.Option("--trace", help="a saved trace to decide by (repeat)")]
Event = Annotated[
    list[Path] | None,
    typer.Option("--event", "-e", help="an event to prove the package with, or a folder of them (repeat)"),
]
NoGuard = Annotated[bool, typer.Option("--no-guard", help="an import of what was left out does not say so")]
Spare = Annotated[bool, typer.Option("--spare", help="pruned modules travel compressed and load on demand")]
NoVerify = Annotated[bool, typer.Option("--no-verify", help="do not prove the package (levels reach and trace do)")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="decide and report, write nothing")]


def command(
    target: flags.Target = Path(),
    output: Output = Path("dist"),
    directory: flags.Directory = None,
    config: flags.ConfigFile = None,
    function: flags.Functions = None,
    handler: flags.Handler = None,
    python: flags.Python = None,
    arch: flags.Arch = None,
    level: flags.Level = None,
    bytecode: flags.Bytecode = None,
    sdk: Sdk = None,
    interpreter: flags.Interpreter = None,
    release: Release = False,
    no_strip: NoStrip = False,
    keep: Keep = None,
    exclude: Exclude = None,
    allow_secret: Allow = None,
    trace: TraceFile = None,
    event: Event = None,
    no_verify: NoVerify = False,
    stub_aws: flags.StubAws = False,
    no_guard: NoGuard = False,
    spare: Spare = False,
    dry_run: DryRun = False,
    offline: flags.Offline = False,
    allow_stale_lock: flags.StaleLock = False,
    json: flags.Json = None,
    markdown: flags.Markdown = None,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Builds the zip of every function and says what it saved and why."""
    overrides = override(
        select=tuple(function or ()),
        runtime=flags.runtime(python),
        architecture=arch,
        level=level,
        bytecode=bytecode,
        sdk=sdk,
        interpreter=interpreter,
        release=release,
        keep=tuple(keep or ()),
        exclude=tuple(exclude or ()),
        allow_secrets=tuple(allow_secret or ()),
        offline=offline,
        allow_stale_lock=allow_stale_lock,
        spare=spare,
        stub_aws=stub_aws,
    )
    if no_guard:
        overrides["guard"] = False
    if no_strip:
        overrides["strip"] = False
    started = time.monotonic()
    with session(
        target, directory=directory, config=config, handler=handler, overrides=overrides, quiet=quiet, verbose=verbose
    ) as opened:
        report = _run(opened, output, trace or [], event or [], prove=not no_verify, dry_run=dry_run, started=started)
    from lambda_slim.render import outputs

    outputs.show(report, quiet=quiet, json=json, markdown=markdown, view="build")
    return ExitCode.OK


def _run(
    opened: Session, output: Path, traces: list[Path], events: list[Path], *, prove: bool, dry_run: bool, started: float
) -> Report:
    functions = opened.project.functions
    if output.suffix == ".zip" and len(functions) > 1:
        raise UsageError(
            f"`{output}` is one zip, and there are {len(functions)} functions",
            cause=f"there are: {', '.join(function.name for function in functions)}",
            hint="name a folder, or choose one with -F",
        )
    options = BuildOptions(trace=read_traces(traces), events=flags.event_files(events), prove=prove)
    rows, shared = [], Shared()
    for function in functions:
        if dry_run:
            planned = plan_function(function, opened.settings, opened.progress, trace=options.trace, shared=shared)
            reached = planned.facts.reach.files
            rows.append(report_function(function, planned.resolution, planned.plan, reached=reached))
            continue
        out = output if output.suffix == ".zip" else output / f"{function.name}.zip"
        if function.artifact and out.resolve() == function.artifact.resolve():
            raise UsageError(
                f"`{out}` is the package that this is made from",
                cause="the slim one would take its place",
                hint="name another folder or .zip with -o",
            )
        rows.append(build_function(function, opened.settings, out, options, opened.progress, shared).report)
    template = opened.project.template.name if opened.project.template else ""
    took = round((time.monotonic() - started) * 1e6)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    sharing = sharing_of(rows, layer=not dry_run)
    return Report(__version__, tuple(rows), template, opened.project.warnings, sharing, started=now, duration_us=took)
