"""Shortens INIT: makes imports lazy that INIT does not need, and proves that nothing else changes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from lambda_slim.base.progress import Progress
from lambda_slim.base.units import plural
from lambda_slim.bundle.layout import laid_out
from lambda_slim.bundle.reading import read_file
from lambda_slim.bundle.startup import bytecode_names
from lambda_slim.inputs.traces import read_events
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.member import Shaped
from lambda_slim.model.settings import Startup
from lambda_slim.model.startup_report import StartupReport
from lambda_slim.run.interpreter import cannot_run, find_interpreter
from lambda_slim.startup.records import NameOf, SourceModule
from lambda_slim.startup.report import at_memory, eager_rows, lazy_rows, median_cpu, median_first
from lambda_slim.startup.table import names_of
from lambda_slim.tasks.prepare import Planned
from lambda_slim.tasks.startup.bench import Lever, StartupBench, scan_sources
from lambda_slim.tasks.startup.levers import add_levers
from lambda_slim.tasks.startup.proof import candidate_names, settle
from lambda_slim.tasks.startup.work import StartupWork

_LEAST = 0.02  # of the bytecode that is loaded: below that, `auto` leaves imports where they are


def make_startup(
    planned: Planned, shaped: Shaped, progress: Progress, *, proved: bool
) -> tuple[Shaped, StartupReport | None]:
    """The package with imports as the settings ask, and the report; eager if no other form passes the proof.

    Args:
        planned: The function and what ships.
        shaped: Its members, every import at once.
        progress: Told what goes on.
        proved: Whether packages are proved; without a proof no import waits.
    """
    asked = planned.settings.startup
    if asked is Startup.EAGER:
        return shaped, None
    function, settings = planned.function, planned.settings
    events = read_events(function.events)
    interpreter = find_interpreter(function.target, settings.interpreter)
    why = cannot_run(function, interpreter) or _cannot_wait(shaped, bool(events), proved=proved)
    if why or interpreter is None:
        return shaped, StartupReport("eager", why)
    with laid_out() as folder:
        sources = _sources(planned, shaped)
        bench = StartupBench(function, settings, interpreter, shaped, folder, events, sources)
        with ThreadPoolExecutor(1) as pool:
            progress(f"{function.name}: startup, reading which imports may wait, running it with every import at once")
            modules = pool.submit(_modules, planned, bench)
            bench.lay()

            def names() -> list[NameOf]:
                bench.modules = modules.result()
                return candidate_names(bench)

            bench.take_base(names)
        if why := unfit(bench):
            return shaped, StartupReport("eager", why)
        if asked is Startup.PRELOAD:
            return preloaded(bench)
        work = settle(bench, progress)
        if asked is Startup.AUTO and _saved(work) < _LEAST:
            work.drop(list(names_of(work.table)), "all that could wait is too little to pay", told=False)
        add_levers(work)
        return _result(work)


def _saved(work: StartupWork) -> float:
    """The share of the loaded bytecode that lazy imports leave out."""
    if work.life is None or work.life.last is None:
        return 0.0
    names = bytecode_names(work.bench.shaped.members)
    sizes = {member.name: len(member.data) for member in work.bench.shaped.members}
    loaded = {
        name: sizes[names[module.path]]
        for name, module in work.evidence.modules.items()
        if name in work.evidence.init and module.path in names
    }
    rest = sum(size for name, size in loaded.items() if name not in work.life.last.modules)
    return rest / max(1, sum(loaded.values()))


def preloaded(bench: StartupBench) -> tuple[Shaped, StartupReport]:
    """The package whose INIT imports what only events would; proved like any other."""
    first = bench.lives[0].snapshots
    names = [name for name in first[-1].order if name not in first[0].modules and name not in first[-1].odd]
    if not names or bench.function.module not in bench.modules:
        return bench.shaped, StartupReport("eager", "events import nothing that INIT has not imported")
    bench.pull([Lever("preload", last=["preload", names])])
    life = bench.live(bench.hold({}))
    eager = [before.snapshots for before in bench.lives]
    report = StartupReport(
        "preload",
        eager_us=median_cpu(eager),
        lazy_us=median_cpu([life.snapshots]),
        modules_eager=len(first[0].modules),
        modules_lazy=len(life.snapshots[0].modules) if life.snapshots else 0,
        notes=(f"INIT imports {plural(len(names), 'module')} that only events would: {', '.join(names[:5])}",),
        first_event_us=(median_first(eager), median_first([life.snapshots])),
    )
    if told := bench.compare(life):
        why = f"{told[0].where}: {told[0].full} became {told[0].slim}"[:200]
        return bench.shaped, replace(report, mode="eager", why=why)
    return replace(bench.shaped, members=bench.members({})), report


def _cannot_wait(shaped: Shaped, events: bool, *, proved: bool) -> str:
    if not bytecode_names(shaped.members):
        return "lazy imports live in bytecode, and the package has none"
    if not events:
        return "which imports can wait is only known from an event; one is enough (--event FILE)"
    return "" if proved else "without a proof no import waits (--no-verify)"


def _sources(planned: Planned, shaped: Shaped) -> dict[str, bytes]:
    names = bytecode_names(shaped.members)
    return {
        file.path: read_file(file)
        for file in planned.plan.kept
        if file.path in names and file.path in planned.facts.module_of
    }


def _modules(planned: Planned, bench: StartupBench) -> dict[str, SourceModule]:
    """Modules whose bytecode could be rewritten, by name."""
    version = planned.function.target.runtime.python
    scans = scan_sources(bench.interpreter, version, bench.sources)
    owners = {file.path: file.owner for file in planned.plan.kept}
    modules = {}
    for path, scan in scans.items():
        name = planned.facts.module_of[path]
        package = path.endswith("/__init__.py")
        modules[name] = SourceModule(name, path, package, owners[path] == FIRST_PARTY, scan)
    return modules


def unfit(bench: StartupBench) -> str:
    """Why the eager package proves nothing; "" where it does."""
    assert bench.base is not None
    behaviour = bench.base.behaviour
    if bench.base.dead:
        return f"without lazy imports too, {bench.base.death}"[:200]
    if len(bench.lives) < 2 or any(len(life.snapshots) <= len(bench.events) for life in bench.lives[:2]):
        return "it did not answer every event, so it is not known which imports can wait"
    if not all(life.snapshots[turn].held for life in bench.lives[:2] for turn in (0, len(bench.events))):
        return "what its modules hold of each other could not be read"
    if {*behaviour.results} <= behaviour.unsteady:
        return "no event gives the same answer twice, so lazy imports could not be proved"
    return ""


def _result(work: StartupWork) -> tuple[Shaped, StartupReport]:
    bench, report = work.bench, _report(work)
    if bench.settings.waits_for_init_only:
        report = replace(report, notes=(at_memory(report, bench.function.memory_mb),))
    if work.life is None or not (any(work.table.values()) or bench.levers):
        why = "no import can wait" if not work.taken else "the proof took every lazy import back"
        return bench.shaped, replace(report, mode="eager", why=why)
    return replace(bench.shaped, members=bench.members(work.table)), replace(report, mode=str(Startup.LAZY))


def _report(work: StartupWork) -> StartupReport:
    """The report of a proof; its mode is not decided yet."""
    bench = work.bench
    eager = [life.snapshots for life in bench.lives]
    lazy = [work.life.snapshots] if work.life else []
    last = work.life.last if work.life else None
    return StartupReport(
        "eager",
        eager_us=median_cpu(eager),
        lazy_us=median_cpu(lazy),
        modules_eager=len(eager[0][-1].modules),
        modules_lazy=len(last.modules) if last else 0,
        lazy=lazy_rows(work.evidence, work.table, work.readings, last.read if last else ()),
        eager=eager_rows(work.evidence, work.reasons),
        first_event_us=(median_first(eager), median_first(lazy)),
        levers=tuple(lever.name for lever in bench.levers),
        made_eager=tuple(f"{module}.{name}: {why}" for (module, name), why in sorted(work.taken.items())),
    )
