"""`lambda-slim verify`: does a package behave like another?"""

import json as json_module
import sys
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, NothingToDoError, RunError, UsageError
from lambda_slim.base.progress import Progress
from lambda_slim.base.text import shown
from lambda_slim.base.units import plural
from lambda_slim.bundle.layout import laid_out, lay_files, still
from lambda_slim.cli import _options as flags
from lambda_slim.cli._spread import Without, spread
from lambda_slim.cli._write import STDOUT, write_result
from lambda_slim.inputs.prebuilt import opened
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from lambda_slim.inputs.traces import read_events
from lambda_slim.model.file import FileKind
from lambda_slim.model.function import Function, Project
from lambda_slim.model.settings import Settings
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.tasks.audit_start import judge_whole
from lambda_slim.tasks.build_fresh import kept_entry_points
from lambda_slim.tasks.prepare import Planned, plan_prepared, prepare
from lambda_slim.tasks.verify import Comparison, PackagePair, VerifyOptions, verify

Package = Annotated[Path, typer.Argument(help="the package to prove: a zip or folder", show_default=False)]
Against = Annotated[
    Path | None,
    typer.Option("--against", help="the full package: a zip or folder; by default, built from the project"),
]
From = Annotated[Path, typer.Option("--project", help="the project, which names handler, events and dependencies")]
Event = Annotated[
    list[Path] | None,
    typer.Option("--event", "-e", help="an event to compare results of, or a folder of them (repeat)"),
]
Ignore = Annotated[
    list[str] | None, typer.Option("--ignore-field", help="a field of results that may differ (repeat; dotted)")
]


@dataclass(frozen=True, slots=True)
class VerifyFlags:
    """What a package is compared with, and on which events."""

    against: Against = None
    project: From = Path()
    event: Event = None
    ignore_field: Ignore = None
    stub_aws: flags.StubAws = False


@spread
def command(
    *,
    package: Package,
    comparison: VerifyFlags,
    chosen: Annotated[flags.ProjectFlags, Without("directory")],
    run: flags.RunFlags,
    json: flags.Json = None,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Runs both packages and compares; exit 1 where they differ."""
    from lambda_slim.render.progress import progress_on_stderr

    if not package.exists():
        raise UsageError(
            f"`{package}` is not there", cause="it is neither a file nor a folder", hint="name a zip or a folder"
        )
    settings = _settings(comparison, chosen, run)
    function = _function_of(package, comparison, chosen.handler, settings)
    function = flags.with_events(function, comparison.event)
    with progress_on_stderr(quiet=progress.quiet, verbose=progress.verbose) as told, ExitStack() as stack:
        full = _full_package(function, comparison.against, settings, stack, told)
        compared = _compare(_stilled(package, stack), full, function, settings, told)
    write_result(json, json_module.dumps(asdict(compared), indent=1, ensure_ascii=False) + "\n")
    if json != STDOUT:
        _tell(package.name, compared, quiet=progress.quiet)
    return ExitCode.FINDINGS if compared.differences or compared.dead else ExitCode.OK


def _settings(comparison: VerifyFlags, chosen: flags.ProjectFlags, run: flags.RunFlags) -> Settings:
    overrides = {
        **chosen.settings(),
        **run.settings(),
        "ignore_fields": tuple(comparison.ignore_field or ()),
        "stub_aws": comparison.stub_aws,
    }
    return load(comparison.project, config=chosen.config, overrides=flags.given(overrides))


def _function_of(package: Path, comparison: VerifyFlags, handler: str | None, settings: Settings) -> Function:
    """The function that a package belongs to.

    It is a function of the project; where a handler is given, one of the package that this is compared with.
    """
    place = comparison.against if comparison.against is not None and handler else comparison.project
    try:
        project: Project = find_project(place, settings, handler=handler)
    except NothingToDoError as error:
        raise UsageError(
            "which function is this package of?",
            cause=error.message,
            hint="start in its project, or say --against FULL.zip --handler app.handler",
        ) from error
    functions = project.functions
    if len(functions) > 1:
        functions = tuple(function for function in functions if function.name == package.stem)
    if len(functions) != 1:
        names = ", ".join(function.name for function in project.functions[:8])
        raise UsageError("which function is this package of?", cause=f"the project has {names}", hint="say -F NAME")
    return functions[0]


def _full_package(
    function: Function, against: Path | None, settings: Settings, stack: ExitStack, progress: Progress
) -> Path:
    if against is not None:
        if not against.exists():
            raise UsageError(
                f"`{against}` is not there", cause="it is neither a file nor a folder", hint="name a zip or a folder"
            )
        return _stilled(against, stack)
    prepared = prepare(function, settings, progress)
    files = [file for file in prepared.inventory.files if "__pycache__/" not in file.path]
    return lay_files(files, stack.enter_context(laid_out()) / "task")


def _stilled(package: Path, stack: ExitStack) -> Path:
    """An unpacked package with the file times of the other one; a folder belongs to the user and is not changed."""
    folder = stack.enter_context(opened(package))
    return folder if package.is_dir() else still(folder)


def _compare(slim: Path, full: Path, function: Function, settings: Settings, progress: Progress) -> Comparison:
    interpreter = find_interpreter(function.target, settings.interpreter)
    if interpreter is None:
        raise RunError(
            f"{function.name}: nothing can be run here",
            cause=f"there is no Python {function.target.runtime.python} on this machine",
            hint=f"`uv python install {function.target.runtime.python}`; `lambda-slim audit` needs none",
        )
    shown = replace(function, artifact=slim, source=slim, requirements=None)
    planned = plan_prepared(prepare(shown, settings, progress), progress)
    modules = sorted(name for name in planned.facts.reach.modules if _importable(name, planned.imports.modules))
    request = {
        "modules": modules,
        "entry_points": [list(row) for row in kept_entry_points(planned.plan, modules)],
        "libraries": [file.path for file in planned.inventory.files if file.kind is FileKind.LIBRARY],
    }
    progress(f"{function.name}: comparing")
    compared = verify(
        interpreter,
        PackagePair(slim, full),
        replace(function, opt=planned.function.opt),
        read_events(function.events),
        request,
        VerifyOptions(settings.ignore_fields, offline=settings.offline, stub_aws=settings.stub_aws),
    )
    return _judged(compared, planned)


def _judged(compared: Comparison, planned: Planned) -> Comparison:
    """A comparison with the verdict on what it did not run: without events nothing calls the handler."""
    if compared.events or compared.differences or compared.dead:
        return compared
    start = judge_whole(planned).report
    return replace(compared, dead=start.why) if start.verdict == "no" else compared


def _importable(name: str, modules: object) -> bool:
    return isinstance(modules, dict) and name in modules and not name.endswith("__main__")


def _tell(name: str, compared: Comparison, *, quiet: bool) -> None:
    for difference in compared.differences:
        sys.stdout.write(f"different  {shown(difference.where)}\n")
        sys.stdout.write(f"           full: {shown(difference.full)}\n           slim: {shown(difference.slim)}\n")
    if compared.dead:
        sys.stdout.write(f"error      {shown(compared.dead)}\n")
    if not quiet:
        for note in compared.notes:
            sys.stdout.write(f"note       {shown(note)}\n")
    figures = ((compared.events, "event"), (compared.modules, "module"), (compared.libraries, "library"))
    counts = (plural(count, noun) for count, noun in figures if count)
    result = _result(compared)
    sys.stdout.write(f"{shown(name)}: {result} ({', '.join(counts)}, by {compared.client})\n")


def _result(compared: Comparison) -> str:
    if compared.dead:
        return "the full package does not start, which proves nothing"
    if compared.differences:
        return "does not behave like the full package"
    return "behaves like the full package" if compared.events else "imports like the full package; no events to compare"
