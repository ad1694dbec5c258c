"""Reports where every byte and every millisecond comes from: the present package, and what could change."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from lambda_slim.base.errors import RunError
from lambda_slim.base.files import read_loosely
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.units import plural
from lambda_slim.bundle.guard import is_guard
from lambda_slim.bundle.layout import laid_out, lay_files, lay_unchanged
from lambda_slim.bundle.reading import read_file
from lambda_slim.bundle.shape import check_total
from lambda_slim.inputs.prebuilt import recognise, unpacked
from lambda_slim.inputs.zips import MOST_BYTES
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.lint.judge import lint_sources
from lambda_slim.lint.measured import make_init
from lambda_slim.lint.modules import Source
from lambda_slim.lint.suppress import without_ignored
from lambda_slim.measure.coldstart import Calibration, Workload, estimate, reference_of
from lambda_slim.measure.from_log import Log, logged
from lambda_slim.model.decision import DEFAULT, Decision, Plan
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.function import Function
from lambda_slim.model.image import is_foreign, report_of
from lambda_slim.model.import_report import ColdStartReport, ImportReport
from lambda_slim.model.member import Member, Shaped
from lambda_slim.model.report import DistributionRow, Finding, FunctionReport, Sizes
from lambda_slim.model.run import Rounds
from lambda_slim.model.settings import Settings
from lambda_slim.model.target import Target
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.tasks.advice import next_steps
from lambda_slim.tasks.assemble import by_folder, by_kind, file_rows, left_out, rule_rows
from lambda_slim.tasks.audit import audit_members, audit_modes, hidden_files
from lambda_slim.tasks.audit_start import judge_whole
from lambda_slim.tasks.build_fresh import init_modules, judge
from lambda_slim.tasks.distribution_rows import distribution_rows
from lambda_slim.tasks.ledger import full_package
from lambda_slim.tasks.measure import at_sources, measure
from lambda_slim.tasks.prepare import Planned, Shared, plan_function, prepare
from lambda_slim.tasks.shape_function import shape_function
from lambda_slim.tasks.startup.make import make_startup
from lambda_slim.tasks.ways import ways_of

_DUPLICATE = 4096  # bytes below which equal files are not worth a line


@dataclass(frozen=True, slots=True)
class AnalyzeOptions:
    """What an analysis should measure.

    Attributes:
        imports: Whether INIT is run and timed.
        runs: How many times.
        calibration: kappa fitted to the user's own cold starts.
        log: Imports that were timed elsewhere, in place of running INIT.
    """

    imports: bool = True
    runs: int = 5
    calibration: Calibration | None = None
    log: Log | None = None


def analyze_function(
    function: Function,
    settings: Settings,
    asked: AnalyzeOptions,
    progress: Progress = silent,
    shared: Shared | None = None,
) -> FunctionReport:
    """Sizes of the package as it is today, by distribution, kind, folder and rule; INIT timed; what to do next.

    A project's package "as it is today" is what any installer makes: the whole dependency tree and the code folder.
    INIT is timed on what `build` makes of a project, and on an artifact as it is.

    Raises:
        SlimError: as the stages say.
    """
    planned = plan_function(function, settings, progress, shared=shared)
    files = planned.inventory.files
    check_total(files, MOST_BYTES)
    progress(f"{function.name}: compressing {plural(len(files), 'file')}")
    contents = [read_file(file) for file in files]
    full = full_package(files, planned.resolution, function)
    sizes, zipped = full.sizes, full.zipped
    today = Plan(tuple(Decision(file, DEFAULT) for file in files))
    shaped = shape_function(planned)
    judged = judge(planned) if function.artifact is None else judge_whole(planned)
    if judged.report.verdict == "no" or is_foreign(function.image):
        asked = replace(asked, imports=False)  # it would fail
    imports, doubts = _imports(planned, shaped, asked, progress)
    built = _built(planned, shaped, asked, imports, progress)
    members = shaped.members if function.artifact is None else _members(files, contents)
    rows = distribution_rows(planned.resolution, today, {file.path: file.size for file in files}, zipped, imports)
    report = FunctionReport(
        name=function.name,
        handler=function.handler,
        runtime=function.target.runtime.name,
        architecture=function.target.architecture,
        memory_mb=function.memory_mb,
        before=sizes,
        by_kind=by_kind(files),
        by_folder=by_folder(files),
        duplicates=_duplicates(files, contents),
        distributions=rows,
        rules=rule_rows(left_out(planned.plan)),
        files=file_rows(planned.plan, zipped, imports, ways_of(planned.facts.reach, planned.imports)),
        imports=imports,
        cold_start=_cold_start(planned, imports, sizes, asked),
        findings=(*judged.findings, *_findings(planned, members, imports, rows, doubts)),
        starts=judged.report,
        image=report_of(function.image),
    )
    _, startup = make_startup(planned, shaped, progress, proved=True)
    steps = next_steps(report, planned, built)
    return replace(report, next_steps=steps, init_modules=init_modules(planned), startup=startup)


def _members(files: tuple[File, ...], contents: list[bytes]) -> tuple[Member, ...]:
    return tuple(Member(file.path, data, origin=file.path) for file, data in zip(files, contents, strict=True))


def _findings(
    planned: Planned,
    members: Sequence[Member],
    imports: ImportReport | None,
    rows: Sequence[DistributionRow],
    doubts: Iterable[Finding],
) -> tuple[Finding, ...]:
    """The findings on the package, the code and the run, without those that the settings silence."""
    function = planned.function
    place = function.source if function.image else function.artifact
    hidden = hidden_files(place) if place is not None else ()  # what we build has its own modes
    audited = (*audit_modes(hidden), *audit_members(members, function.target, function.image))
    known = {(finding.rule, finding.file) for finding in audited}
    init = make_init(imports, planned.imports, rows, function.memory_mb) if imports else None
    sources = list(_own_sources(planned.inventory.files))
    linted = [
        finding
        for finding in lint_sources(sources, [function.handler], (), init)
        if (finding.rule, finding.file) not in known
    ]
    findings = (*audited, *_secrets(planned), *linted, *doubts)
    return without_ignored(findings, planned.settings.ignore_findings)


def _own_sources(files: Iterable[File]) -> Iterator[Source]:
    for file in files:
        if file.owner == FIRST_PARTY and file.path.endswith((".py", ".pth")) and not is_guard(file.path):
            yield Source(file.path, read_loosely(file.source, MOST_BYTES))


def _secrets(planned: Planned) -> tuple[Finding, ...]:
    secrets = sorted(planned.facts.files.secrets.items())
    return tuple(Finding("secret", "warning", why, file=path) for path, why in secrets)


def _imports(
    planned: Planned, shaped: Shaped, asked: AnalyzeOptions, progress: Progress
) -> tuple[ImportReport | None, tuple[Finding, ...]]:
    """The imports of INIT, from a log or measured, and findings on their doubts."""
    function = planned.function
    if asked.log:
        return logged(asked.log, function.module, planned.imports)
    if not asked.imports or find_interpreter(function.target, planned.settings.interpreter) is None:
        return None, ()
    return _timed(planned, None if function.artifact else shaped, asked.runs, progress), ()


def _timed(planned: Planned, shaped: Shaped | None, runs: int, progress: Progress) -> ImportReport:
    """INIT of what `build` made, or of the files as they are."""
    files = planned.inventory.files
    owners = {file.path: file.owner for file in files}
    with ExitStack() as stack:
        place = stack.enter_context(laid_out()) / "task"
        package = lay_unchanged(shaped.members, files, place) if shaped else lay_files(files, place)
        report = measure(
            package, planned.function, planned.settings, owners, rounds=Rounds(runs, kernel=True), progress=progress
        )
        return at_sources(report, shaped.members) if shaped else report


def _built(
    planned: Planned, shaped: Shaped, asked: AnalyzeOptions, imports: ImportReport | None, progress: Progress
) -> ImportReport | None:
    """INIT of what `build` makes of another tool's package, where that has no bytecode that works."""
    if not imports or asked.log or planned.function.artifact is None or imports.bytecode not in ("source", "mixed"):
        return None
    try:
        return _timed(planned, shaped, asked.runs, progress)
    except RunError:
        return None  # that is for `build` to say


def _cold_start(
    planned: Planned, imports: ImportReport | None, sizes: Sizes, asked: AnalyzeOptions
) -> ColdStartReport | None:
    """The estimate; none without times, or with those of a log, which are Lambda's own."""
    if imports is None or asked.log:
        return None
    return estimate(_workload(planned, imports, sizes), asked.calibration)


def _workload(planned: Planned, imports: ImportReport, sizes: Sizes) -> Workload:
    function = planned.function
    loaded = {node.file for node in imports.nodes}
    native = sum(f.size for f in planned.inventory.files if f.kind is FileKind.LIBRARY and f.path in loaded)
    return Workload(
        runtime=function.target.runtime.name,
        architecture=function.target.architecture,
        memory_mb=function.memory_mb,
        import_cpu_us=imports.cpu_us,
        native_bytes=native,
        zipped_bytes=sizes.zipped_bytes,
        reference=reference_of(imports.kernel_us),
        snap_start=function.snap_start,
    )


def package_report(path: Path, settings: Settings, progress: Progress = silent) -> FunctionReport:
    """Sizes of a zip or folder that any tool built; its handler and runtime do not matter here.

    Raises:
        PackageError: it cannot be read, or is not safe to read.
    """
    known = runtimes()
    seen = recognise(unpacked(path))
    runtime = known.get(f"python{seen.python}") or known["python3.12"]
    target = Target(runtime, seen.architecture or "x86_64")
    function = Function(path.stem, "", unpacked(path), target, None, artifact=path)
    prepared = prepare(function, settings, progress)
    files = prepared.inventory.files
    check_total(files, MOST_BYTES)
    progress(f"{path.name}: compressing {plural(len(files), 'file')}")
    full = full_package(files, prepared.resolution, function)
    today = Plan(tuple(Decision(file, DEFAULT) for file in files))
    return FunctionReport(
        name=path.stem,
        handler="",
        runtime=runtime.name,
        architecture=target.architecture,
        memory_mb=0,
        before=full.sizes,
        by_kind=by_kind(files),
        by_folder=by_folder(files),
        distributions=distribution_rows(
            prepared.resolution, today, {file.path: file.size for file in files}, full.zipped
        ),
        files=file_rows(today, full.zipped, None, {}),
    )


def measure_work(function: Function, settings: Settings, runs: int, progress: Progress = silent) -> Workload:
    """The input of the cold-start model for a function; INIT is measured here.

    Raises:
        RunError: no Python of the target's minor version here, or INIT failed.
        SlimError: as the stages say.
    """
    planned = plan_function(function, settings, progress)
    imports, _ = _imports(planned, shape_function(planned), AnalyzeOptions(runs=runs), progress)
    if imports is None:
        wanted = function.target.runtime.python
        raise RunError(
            f"no Python {wanted} on this machine",
            cause="INIT is timed with the target's own version",
            hint=f"uv python install {wanted}, or --interpreter",
        )
    return _workload(planned, imports, Sizes(0, 0, 0))


def _duplicates(files: tuple[File, ...], contents: list[bytes]) -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    """Groups of equal files, most wasted bytes first: (digest, bytes of one, paths)."""
    sizes: dict[int, int] = {}
    for file in files:
        sizes[file.size] = sizes.get(file.size, 0) + 1
    groups: dict[str, list[tuple[str, int]]] = {}
    for file, data in zip(files, contents, strict=True):
        if file.size >= _DUPLICATE and sizes[file.size] > 1:
            groups.setdefault(blake2b(data, digest_size=12).hexdigest(), []).append((file.path, file.size))
    duplicates = [(key, rows[0][1], tuple(path for path, _ in rows)) for key, rows in groups.items() if len(rows) > 1]
    return tuple(sorted(duplicates, key=lambda row: (-row[1] * (len(row[2]) - 1), row[0])))
