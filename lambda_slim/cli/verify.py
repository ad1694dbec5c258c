"""`lambda-slim verify`: does a package behave like another?"""

import json as json_module
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import ExitCode, NothingToDoError, RunError, UsageError
from lambda_slim.base.files import write_text
from lambda_slim.base.progress import Progress
from lambda_slim.base.units import plural
from lambda_slim.bundle.layout import laid_out, lay_files, still
from lambda_slim.cli import _options as flags
from lambda_slim.cli._session import override
from lambda_slim.inputs.prebuilt import opened
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from lambda_slim.inputs.traces import read_events
from lambda_slim.model.file import FileKind
from lambda_slim.model.function import Function, Project
from lambda_slim.model.settings import Settings
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.tasks.build import kept_entry_points
from lambda_slim.tasks.prepare import plan_prepared, prepare
from lambda_slim.tasks.verify import Comparison, verify

Package = Annotated[Path, typer.Argument(help="the package to prove: a zip or folder", show_default=False)]
Against = Annotated[
    Path | None,
    typer.Option("--against", help="the whole package: a zip or folder; by default, built from the project"),
]
From = Annotated[Path, typer.Option("--project", help="the project, which names handler, events and dependencies")]
Event = Annotated[
    list[Path] | None,
    typer.Option("--event", "-e", help="an event to compare results of, or a folder of them (repeat)"),
]
Ignore = Annotated[
    list[str] | None, typer.Option("--ignore-field", help="a field of results that may differ (repeat; dotted)")
]


def command(
    package: Package,
    against: Against = None,
    project: From = Path(),
    event: Event = None,
    ignore_field: Ignore = None,
    stub_aws: flags.StubAws = False,
    config: flags.ConfigFile = None,
    function: flags.Functions = None,
    handler: flags.Handler = None,
    python: flags.Python = None,
    arch: flags.Arch = None,
    interpreter: flags.Interpreter = None,
    offline: flags.Offline = False,
    allow_stale_lock: flags.StaleLock = False,
    json: flags.Json = None,
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = 0,
) -> ExitCode:
    """Runs both packages and compares; exit 1 where they differ."""
    from lambda_slim.render.progress import progress_on_stderr

    if not package.exists():
        raise UsageError(f"`{package}` is not there", hint="name a zip or a folder")
    overrides = override(
        select=tuple(function or ()),
        runtime=flags.runtime(python),
        architecture=arch,
        interpreter=interpreter,
        offline=offline,
        allow_stale_lock=allow_stale_lock,
        ignore_fields=tuple(ignore_field or ()),
        stub_aws=stub_aws,
    )
    settings = load(project, config=config, overrides=overrides)
    whole = _one_function(project, against, settings, handler, package)
    whole = flags.with_events(whole, event)
    with progress_on_stderr(quiet=quiet, verbose=verbose) as progress, ExitStack() as stack:
        full = _full_package(whole, against, settings, stack, progress)
        found = _compare(_stilled(package, stack), full, whole, settings, progress)
    _tell(package.name, found, json, quiet=quiet)
    return ExitCode.FINDINGS if found.differences else ExitCode.OK


def _one_function(
    project: Path, against: Path | None, settings: Settings, handler: str | None, package: Path
) -> Function:
    """The function that the package is of: of the project, or of what it is compared with where a handler is given."""
    where = against if against is not None and handler else project
    try:
        found: Project = find_project(where, settings, handler=handler)
    except NothingToDoError as error:
        raise UsageError(
            "which function is this package of?",
            cause=error.message,
            hint="start in its project, or say --against FULL.zip --handler app.handler",
        ) from error
    functions = found.functions
    if len(functions) > 1:
        functions = tuple(one for one in functions if one.name == package.stem)
    if len(functions) != 1:
        names = ", ".join(one.name for one in found.functions[:8])
        raise UsageError("which function is this package of?", cause=f"the project has {names}", hint="say -F NAME")
    return functions[0]


def _full_package(
    function: Function, against: Path | None, settings: Settings, stack: ExitStack, progress: Progress
) -> Path:
    if against is not None:
        if not against.exists():
            raise UsageError(f"`{against}` is not there", hint="name a zip or a folder")
        return _stilled(against, stack)
    prepared = prepare(function, settings, progress)
    files = [file for file in prepared.inventory.files if "__pycache__/" not in file.path]
    return lay_files(files, stack.enter_context(laid_out()) / "task")


def _stilled(package: Path, stack: ExitStack) -> Path:
    """An unpacked package, its files as old as those of the other; a folder is the user's and stays as it is."""
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
    return verify(
        interpreter,
        slim,
        full,
        replace(function, opt=planned.function.opt),
        read_events(function.events),
        request,
        ignore=settings.ignore_fields,
        offline=settings.offline,
        stub_aws=settings.stub_aws,
    )


def _importable(name: str, modules: object) -> bool:
    return isinstance(modules, dict) and name in modules and not name.endswith("__main__")


def _tell(name: str, found: Comparison, json: Path | None, *, quiet: bool) -> None:
    if json:
        text = json_module.dumps(asdict(found), indent=1, ensure_ascii=False) + "\n"
        sys.stdout.write(text) if json == Path("-") else write_text(json, text)
    if json == Path("-"):
        return
    for one in found.differences:
        sys.stdout.write(f"different  {one.where}\n           whole: {one.full}\n           this:  {one.slim}\n")
    if not quiet:
        for note in found.notes:
            sys.stdout.write(f"note       {note}\n")
    counted = f"{plural(found.events, 'event')}, {plural(found.modules, 'module')}, {found.libraries} libraries"
    counted += f", by {found.client}"
    sys.stdout.write(f"{name}: {_verdict(found.differences, found.events)} ({counted})\n")


def _verdict(differences: Sequence[object], events: int) -> str:
    if differences:
        return "does not behave like the whole package"
    return "behaves like the whole package" if events else "imports like the whole package; no events to compare"
