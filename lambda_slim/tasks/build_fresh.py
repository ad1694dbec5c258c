"""The stages of a build in their order. Read this first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import UsageError
from lambda_slim.base.files import read_loosely
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.units import plural
from lambda_slim.bundle.archive import write
from lambda_slim.bundle.compiled import compile_ahead
from lambda_slim.formats.entry_points import parse_entry_points
from lambda_slim.imports.walk import at_init
from lambda_slim.inputs.resolve import check_tree
from lambda_slim.model.decision import Plan
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.function import Function
from lambda_slim.model.member import Archive, Shaped
from lambda_slim.model.package_report import PackageReport, Proof
from lambda_slim.model.report import Finding, FunctionReport, Step
from lambda_slim.model.run import LoadedModules
from lambda_slim.model.settings import Level, Settings
from lambda_slim.model.startup_report import StartReport
from lambda_slim.model.trace import Trace
from lambda_slim.plan.layers import layer_findings
from lambda_slim.plan.starts.loadable import with_members
from lambda_slim.plan.starts.verdict import Judged, judge_start
from lambda_slim.prove.elsewhere import fails_anywhere
from lambda_slim.tasks.assemble import Results, report_function
from lambda_slim.tasks.build_findings import findings_of
from lambda_slim.tasks.build_options import BuildOptions
from lambda_slim.tasks.cuts import next_cuts
from lambda_slim.tasks.frees import direct_frees
from lambda_slim.tasks.independent import independent
from lambda_slim.tasks.joined import ProvedPlan, join, join_proofs, worst_start
from lambda_slim.tasks.ledger import Shipped, full_package
from lambda_slim.tasks.prepare import Planned, Prepared, Shared, plan_prepared, prepare, replan
from lambda_slim.tasks.proof.bench import Candidate
from lambda_slim.tasks.proof.grounds import Grounds
from lambda_slim.tasks.proof.prove import prove
from lambda_slim.tasks.shape_function import shape_function
from lambda_slim.tasks.silenced import silenced
from lambda_slim.tasks.startup.make import make_startup
from lambda_slim.tasks.trace import record, trace_commands
from lambda_slim.tasks.ways import ways_of


@dataclass(frozen=True, slots=True)
class MadeBuild:
    """A written zip with its report.

    Attributes:
        apart: Package paths of sources of which only their facts and their sizes count; see `independent`.
    """

    archive: Archive
    report: FunctionReport
    apart: frozenset[str]


def make_build(prepared: Prepared, settings: Settings, out: Path, asked: BuildOptions, progress: Progress) -> MadeBuild:
    """Plans, shapes, proves and writes the package of a function to `out`.

    Raises:
        SlimError: as the stages say; `out` is then as it was.
    """
    function = prepared.function
    planned = plan_prepared(prepared, progress, trace=_evidence(prepared, asked, progress))
    progress(f"{function.name}: weighing the full package")  # now, while nothing of the slim one is in memory
    usual = full_package(prepared.inventory.files, prepared.resolution, function)
    ready = _proved(planned, asked, progress, prepared.shared.grounds)
    planned, shaped, proof = ready.planned, ready.shaped, ready.proof
    others = tuple(_beside(other, settings, asked, progress, prepared.shared) for other in asked.beside)
    if others:
        planned, proof = join(planned, others), join_proofs(proof, others)
        shaped = shape_function(planned)
    shaped, startup = make_startup(planned, shaped, progress, proved=asked.prove)
    check_tree(planned.resolution)
    progress(f"{function.name}: compressing {plural(len(shaped.members), 'file')}")
    layers = prepared.layers.size
    archive = write(shaped.members, out, release=settings.release, layers_bytes=layers, limit=asked.limit)
    shipped = Shipped(archive, {member.name: member.origin for member in shaped.members})
    progress(f"{function.name}: reporting")
    package = _package(shipped, shaped, planned)
    judged, frees = judge(planned), direct_frees(planned)
    findings = findings_of(planned, shaped, archive, judged)
    judged = with_members(judged, shaped.members, findings)
    alike = [(other.planned.function, judge(replace(other.planned, plan=planned.plan))) for other in others]
    verdicts = [(other, with_members(verdict, shaped.members, findings).report) for other, verdict in alike]
    results = Results(
        before=usual.sizes,
        shipped=shipped,
        findings=(*dead_proof(proof), *_unset(judged, proof), *findings),
        package=package,
        proof=proof,
        next_steps=(*map(Step, shaped.notes), *next_cuts(planned, shipped, frees)),
        frees=frees,
        ways=ways_of(planned.facts.reach, planned.imports),
    )
    report = report_function(function, planned.resolution, planned.plan, results)
    report = replace(report, init_modules=init_modules(planned), layers_bytes=prepared.layers.size, startup=startup)
    start = worst_start([(function, judged.report), *verdicts]) if others else judged.report
    report = replace(report, starts=started(start, proof))
    report = replace(report, findings=(*report.findings, *layer_findings(prepared.layers)))
    return MadeBuild(archive, report, independent(planned, report, ready.apart))


def _beside(
    function: Function, settings: Settings, asked: BuildOptions, progress: Progress, shared: Shared
) -> ProvedPlan:
    """The plan of another function of the same package, proved by itself."""
    function = replace(function, events=tuple(dict.fromkeys((*function.events, *asked.events))))
    prepared = prepare(function, settings, progress, shared)
    planned = plan_prepared(prepared, progress, trace=_evidence(prepared, asked, progress))
    ready = _proved(planned, asked, progress, shared.grounds)
    return ProvedPlan(ready.planned, ready.proof)


def planned_report(planned: Planned) -> FunctionReport:
    """What is decided about a function, with nothing built."""
    judged = judge(planned)
    frees = direct_frees(planned)
    results = Results(findings=judged.findings, frees=frees, ways=ways_of(planned.facts.reach, planned.imports))
    report = report_function(planned.function, planned.resolution, planned.plan, results)
    return replace(report, starts=judged.report)


def judge(planned: Planned) -> Judged:
    """Whether what ships can start; without what the user has silenced."""
    return judge_start(planned.facts, planned.plan, ignored=silenced(planned))


def started(judged: StartReport, proof: Proof | None) -> StartReport:
    """The verdict with the result of the run: a full package that fails does not start."""
    if proof is not None and proof.dead and judged.verdict != "no":
        verdict = "no" if proof.result == "does-not-start" else "unknown"
        return StartReport(verdict, proof.notes[0], judged.modules)
    return judged


def _unset(judged: Judged, proof: Proof | None) -> tuple[Finding, ...]:
    """Unset variables by which a full package may have failed to start, if no finding names them yet."""
    failed = proof is not None and any("KeyError" in note for note in proof.notes)
    return tuple(finding for finding in judged.unset if failed and finding not in judged.findings)


def dead_proof(proof: Proof | None) -> tuple[Finding, ...]:
    """A finding if the full package of a proof fails on its own."""
    return (Finding("LS133", "error", proof.notes[0]),) if proof and proof.dead else ()


def _package(shipped: Shipped, shaped: Shaped, planned: Planned) -> PackageReport:
    archive, settings, bytecode = shipped.archive, planned.settings, shipped.bytecode
    return PackageReport(
        "",
        archive.sha256,
        archive.code_sha256,
        shaped.bytecode,
        str(settings.level),
        bytecode_bytes=bytecode.unzipped_bytes,
        bytecode_files=bytecode.files,
        level_why=settings.level_why,
        bytecode_zipped_bytes=bytecode.zipped_bytes,
        plain_zipped_bytes=shipped.plain_zipped(planned.plan, shaped.members, release=settings.release),
    )


def _evidence(prepared: Prepared, asked: BuildOptions, progress: Progress) -> Trace | None:
    """The trace to decide by: the one given, at level trace else one made now."""
    if asked.trace or prepared.settings.level is not Level.TRACE:
        return asked.trace
    return trace_prepared(prepared, progress)


def trace_prepared(prepared: Prepared, progress: Progress = silent) -> Trace:
    """Runs the full package with the function's events and records what it touches.

    Raises:
        UsageError: there are no events.
        RunError: no Python of the target's version here, or the handler fails.
    """
    function = prepared.function
    if not function.events and not trace_commands(function, prepared.settings):
        raise UsageError(
            f"{function.name}: there is no event to trace",
            cause="level trace keeps what was seen, so something must be seen",
            hint="give --event FILE, or `events` or `trace-command` in the function's settings",
        )
    trace, _ = record(function, prepared.inventory, prepared.settings, progress)
    return trace


def init_modules(planned: Planned) -> tuple[str, ...]:
    """Modules of the package that importing the handler loads by the static import graph, sorted."""
    kept = planned.plan.kept_paths
    reached = at_init(planned.imports, planned.function.module)
    return tuple(sorted(name for name in reached if planned.imports.modules[name].path in kept))


@dataclass(frozen=True, slots=True)
class _Ready:
    """A shaped package with its proof, and the files whose contents no run of it read."""

    planned: Planned
    shaped: Shaped
    proof: Proof | None
    apart: frozenset[str] = frozenset()


def _proved(planned: Planned, asked: BuildOptions, progress: Progress, grounds: Grounds) -> _Ready:
    """Shapes the package and, above level safe, proves it; files at fault are brought back."""
    progress(f"{planned.function.name}: shaping {plural(len(planned.plan.kept), 'file')}")
    if grounds.is_first_shared(planned.inventory):
        compile_ahead(planned.inventory.files, planned.function.target, planned.settings)
    shaped = shape_function(planned)
    if planned.settings.level is Level.SAFE or not asked.prove:
        return _Ready(planned, shaped, None, frozenset(file.path for file in planned.inventory.files))
    made = {"": planned}

    def remake(restored: Mapping[str, str], loaded: LoadedModules) -> Candidate:
        made[""] = replace(replan(planned, restored) if restored else planned, loaded=loaded)
        return _candidate(made[""], shape_function(made[""]))

    began = _candidate(planned, shaped)
    proved = prove(began, remake, planned.function, planned.settings, progress, grounds)
    proof = proved.proof
    if proof.dead:  # evidence of nothing: what such runs do not use may be all that is needed
        asked_for = not planned.settings.level_why or _fails_anywhere(planned.function, proof)
        why = planned.settings.level_why and "not provable here"
        safe = replan(planned, {}, replace(planned.settings, level=Level.SAFE, level_why=why))
        return _Ready(safe, shape_function(safe), proof if asked_for else Proof("not-run", notes=proof.notes))
    return _Ready(made[""], proved.candidate.shaped, proof, proved.apart)


def _fails_anywhere(function: Function, proof: Proof) -> bool:
    layers_here = all(layer.readable for layer in function.layers) and not function.layer_wrapper
    variables_here = function.environment_known and not (function.exec_wrapper or function.script)
    return fails_anywhere(proof, layers_here=layers_here, variables_here=variables_here)


def _candidate(planned: Planned, shaped: Shaped) -> Candidate:
    kept = planned.plan.kept_paths
    modules = planned.imports.modules
    trace = planned.facts.trace
    seen = trace.modules if trace and planned.settings.level is Level.TRACE else planned.facts.reach.modules
    names = frozenset(name for name in seen if name in modules and modules[name].path in kept)
    own = frozenset(name for name in names if modules[name].owner == FIRST_PARTY)
    entry_points = kept_entry_points(planned.plan, names)
    return Candidate(planned.plan, shaped, names, own, entry_points, planned.resolution.key, planned.resolution.tree)


def kept_entry_points(plan: Plan, modules: Collection[str]) -> tuple[tuple[str, str, str], ...]:
    """(group, name, value) of entry points whose metadata ships and that lead to some modules.

    At level trace those are modules that a run loaded: what the margin adds need not be whole.
    """
    entry_points = []
    for file in plan.kept:
        if not file.path.endswith(".dist-info/entry_points.txt"):
            continue
        for group, name, value in parse_entry_points(read_loosely(file.source)):
            if value.partition(":")[0].partition("[")[0].strip() in modules:
                entry_points.append((group, name, value))
    return tuple(entry_points)
