"""`lambda-slim build`: the minimal, reproducible zip of every function."""

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim import __version__
from lambda_slim.base.errors import ExitCode, SeveralDeploymentsError, UsageError
from lambda_slim.base.stamps import Stamp
from lambda_slim.cli import _options as flags
from lambda_slim.cli._describe import describe_package, with_told
from lambda_slim.cli._every import EveryFlags, EveryScope
from lambda_slim.cli._hand_back import HandBackFlags, check_output, is_package
from lambda_slim.cli._session import Session, session
from lambda_slim.cli._spread import spread
from lambda_slim.cli._stamp import Packages
from lambda_slim.cli._write import one_on_stdout
from lambda_slim.inputs.project.manifest import BuiltPackage, read_manifest, write_manifest
from lambda_slim.inputs.traces import read_traces
from lambda_slim.model.function import Function
from lambda_slim.model.report import FunctionReport, Report, is_dead
from lambda_slim.render.progress import warn
from lambda_slim.tasks.build import BuildOptions, build_function
from lambda_slim.tasks.hand_back import build_folder, check_folder, package_place
from lambda_slim.tasks.in_common import Plans, sharing_of
from lambda_slim.tasks.prepare import Shared, plan_function

Output = Annotated[Path | None, typer.Option("--output", "-o", help="folder for the zips (dist), or a function's .zip")]
Sdk = Annotated[
    str | None, typer.Option("--sdk", metavar="[keep|runtime|prune]", help="what is done with boto3 and what it needs")
]
Release = Annotated[bool, typer.Option("--release", help="compress harder: 0.1 % smaller, takes twice as long")]
NoStrip = Annotated[bool, typer.Option("--no-strip", help="leave symbols in compiled libraries")]
Keep = Annotated[list[str] | None, typer.Option("--keep", help="gitignore pattern of files to keep (repeat)")]
Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", help="gitignore pattern of files to leave out (repeat)")
]
Allow = Annotated[
    list[str] | None, typer.Option("--allow-secret", help="pattern of files that may ship although they look secret")
]
TraceFile = Annotated[list[Path] | None, typer.Option("--trace", help="a saved trace to decide by (repeat)")]
NoGuard = Annotated[
    bool, typer.Option("--no-guard", help="no guard, which explains a failed import of a module that was left out")
]
Spare = Annotated[bool, typer.Option("--spare", help="ship modules that were left out compressed, to load on demand")]
NoVerify = Annotated[bool, typer.Option("--no-verify", help="do not prove the package (levels reach and trace do)")]
Make = Annotated[bool, typer.Option("--make", help="run the Makefiles that build functions (BuildMethod: makefile)")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="decide and report, write nothing")]


@dataclass(frozen=True, slots=True)
class PackageFlags:
    """What goes into the package."""

    level: flags.Level = None
    bytecode: flags.Bytecode = None
    startup: flags.Startup = None
    sdk: Sdk = None
    interpreter: flags.Interpreter = None
    release: Release = False
    no_strip: NoStrip = False
    keep: Keep = None
    exclude: Exclude = None
    allow_secret: Allow = None

    def settings(self) -> dict[str, object]:
        """The settings that these flags give; `--no-strip` is none of them."""
        return {
            "level": self.level,
            "bytecode": self.bytecode,
            "startup": self.startup,
            "sdk": self.sdk,
            "interpreter": self.interpreter,
            "release": self.release,
            "keep": tuple(self.keep or ()),
            "exclude": tuple(self.exclude or ()),
            "allow_secrets": tuple(self.allow_secret or ()),
        }


@dataclass(frozen=True, slots=True)
class ProofFlags:
    """The evidence that decides about the package, and how the package is proved."""

    trace: TraceFile = None
    event: flags.Event = None
    no_verify: NoVerify = False
    stub_aws: flags.StubAws = False

    def options(self) -> BuildOptions:
        """The options that these flags give.

        Raises:
            UsageError: an event or a trace cannot be read.
        """
        return BuildOptions(read_traces(self.trace or []), flags.event_files(self.event), prove=not self.no_verify)


@dataclass(frozen=True, slots=True)
class LoadFlags:
    """What an import of a dropped module does, and whether anything is built or fetched."""

    no_guard: NoGuard = False
    spare: Spare = False
    dry_run: DryRun = False
    offline: flags.Offline = False
    allow_stale_lock: flags.StaleLock = False
    make: Make = False


@spread
def command(
    *,
    target: flags.Target = Path(),
    output: Output = None,
    back: HandBackFlags,
    every: EveryFlags,
    project: flags.ProjectFlags,
    package: PackageFlags,
    proof: ProofFlags,
    load: LoadFlags,
    json: flags.Json = None,
    markdown: flags.Markdown = None,
    html: flags.Html = None,
    progress: flags.ProgressFlags,
) -> ExitCode:
    """Builds the zip of every function and says what it saved and why."""
    started, stamp = time.monotonic(), Stamp(sys.argv[1:])
    switches = (("guard", load.no_guard), ("strip", package.no_strip), ("proof", proof.no_verify))
    off = [name for name, flag in switches if flag]
    settings = {
        **package.settings(),
        "offline": load.offline,
        "allow_stale_lock": load.allow_stale_lock,
        "spare": load.spare,
        "stub_aws": proof.stub_aws,
        "make": load.make,
        "static": load.dry_run,
        "partial": load.dry_run,
    }
    files = {"json": json, "markdown": markdown}
    one_on_stdout({**files, "html": html})
    every.check(project.handler, html)
    back.check(output, dry=load.dry_run, every=every.all)
    scope = EveryScope(project.folder / target, project, settings, every, off, stamp)
    if every.all:
        return _every(scope, output, proof.options(), dry=load.dry_run, progress=progress, files=files)
    with contextlib.ExitStack() as stack:
        try:
            opened = stack.enter_context(session(target, project, progress, settings, off))
        except SeveralDeploymentsError as error:
            if html or back != HandBackFlags() or is_package(output):
                raise
            warn(f"several deployments lie here, and each is built, as with --all: {error.cause}")
            return _every(scope, output, proof.options(), dry=load.dry_run, progress=progress, files=files)
        check_output(opened, output)
        back.check_copy(opened)
        shared = Shared(opened.project.functions)
        work = _BuildRun(opened, output or Path("dist"), back, proof.options(), shared, dry=load.dry_run)
        packages = Packages(opened, work.output, back.format, dry=work.dry).watched(stamp)
        rows = _rows(work)
        report = _report(work, rows, started, whole=any((progress.verbose, json, markdown, html)))
    from lambda_slim.render import outputs

    text = outputs.show(report, outputs.View("build", progress.quiet, bool(progress.verbose)), {**files, "html": html})
    code = opened.code(ExitCode.FINDINGS if any(map(is_dead, report.functions)) else ExitCode.OK)
    packages.remember(stamp, (text, code), rows)
    return code


def _every(
    scope: EveryScope,
    output: Path | None,
    options: BuildOptions,
    *,
    dry: bool,
    progress: flags.ProgressFlags,
    files: dict[str, Path | None],
) -> ExitCode:
    from lambda_slim.cli._every_build import EveryRun, build_every

    return build_every(EveryRun(scope, output, options, dry), progress, files)


@dataclass(frozen=True, slots=True)
class _BuildRun:
    """What is built, and where it goes."""

    opened: Session
    output: Path
    back: HandBackFlags
    options: BuildOptions
    shared: Shared
    dry: bool = False


def _rows(work: _BuildRun) -> tuple[FunctionReport, ...]:
    """The report of each function: planned only, built, or built with a layer."""
    if work.back.layer:
        from lambda_slim.cli._layer import build_layered

        return build_layered(work.opened, work.back.layer, work.output, work.options)
    return tuple(_dry_runs(work) if work.dry else _builds(work))


def _dry_runs(work: _BuildRun) -> Iterator[FunctionReport]:
    """Decides for every function, and builds nothing."""
    from lambda_slim.tasks.build_fresh import planned_report

    opened, options = work.opened, work.options
    for function, attempt in opened.each():
        with attempt:
            planned = plan_function(function, opened.settings, opened.progress, trace=options.trace, shared=work.shared)
            yield planned_report(with_told(planned))


def _builds(work: _BuildRun) -> Iterator[FunctionReport]:
    """Builds the package of every function, and says in the manifest beside them what each was made from."""
    opened, back = work.opened, work.back
    written: dict[str, Path] = {}
    listed: dict[Path, frozenset[BuiltPackage]] = {}
    for function, attempt in opened.each():
        out = _place(function, work.output, back.format)
        with attempt:
            report = _package(function, opened, out, work.options, work.shared, form=back.format)
            place, row = out.absolute().parent, describe_package(function, opened, out, report)
            if row not in listed.get(place, ()):
                listed[place] = frozenset(write_manifest(place, [row]))
            if not is_dead(report):
                written[function.name] = out
            yield report
    work.shared.close()
    back.write_copy(opened, written)


def _place(function: Function, output: Path, form: str) -> Path:
    """Where a function's package goes.

    Raises:
        UsageError: it would take the place of what it is made from.
    """
    out = package_place(output, function.name, form)
    if function.artifact and out.resolve() == function.artifact.resolve():
        raise UsageError(
            f"`{out}` is the package that this is made from",
            cause="the slim package would take its place",
            hint="name another folder or .zip with -o; `lambda-slim slim` is for packages of other tools in place",
        )
    return out


def _package(
    function: Function, opened: Session, out: Path, options: BuildOptions, shared: Shared, *, form: str
) -> FunctionReport:
    if form == "oci":
        from lambda_slim.tasks.oci import build_oci

        return build_oci(function, opened.settings, out, options, opened.progress, shared).report
    if form == "zip":
        return build_function(function, opened.settings, out, options, opened.progress, shared).report
    check_folder(out, ours=any(row.zip == out.name for row in read_manifest(out.absolute().parent)))
    report = build_folder(function, opened.settings, out, options, opened.progress, shared).report
    return replace(report, package=replace(report.package, path=out.as_posix()) if report.package else None)


def _report(work: _BuildRun, rows: tuple[FunctionReport, ...], started: float, *, whole: bool) -> Report:
    """The report; with `whole` it includes what the functions have in common, which takes more plans."""
    project, settings = work.opened.project, work.opened.settings
    sharing = None
    if whole:
        plans = None if work.back.layer else Plans(project.functions, settings, work.shared, work.options.trace)
        sharing = sharing_of(rows, plans, layer=not work.dry)
    return Report(
        __version__,
        rows,
        template=project.template.name if project.template else "",
        warnings=project.warnings,
        sharing=sharing,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        duration_us=round((time.monotonic() - started) * 1e6),
    )
