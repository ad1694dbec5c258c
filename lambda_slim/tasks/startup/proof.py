"""Finds the largest set of lazy imports with which a package behaves as the eager one does."""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from lambda_slim.base.progress import Progress
from lambda_slim.model.behaviour import Difference
from lambda_slim.prove.search import culprits
from lambda_slim.startup.choose import StartupEvidence, answered_by_others, candidates
from lambda_slim.startup.compare import StateFault, blamed_for, effects, name_faults, state_faults, unpaired
from lambda_slim.startup.records import NameOf, Reading, Table
from lambda_slim.startup.table import binds_from_itself, missing_names, named_in, names_of, useful, without
from lambda_slim.tasks.startup.bench import StartupBench
from lambda_slim.tasks.startup.levers import garbage_round, levers_of
from lambda_slim.tasks.startup.readings import files_of, name_groups, read_eager, read_lazy
from lambda_slim.tasks.startup.work import StartupWork, at_init, is_statement, loading, wants_of

_ROUNDS = 60
_SEARCHES = 3


def settle(bench: StartupBench, progress: Progress) -> StartupWork:
    """Makes lazy what may be, and eager again what INIT or an event reads or what makes a difference."""
    evidence = _evidence(bench)
    table, reasons = candidates(evidence)
    work = StartupWork(bench, evidence, table, reasons, progress)
    for snapshot in bench.lives[1].snapshots:
        work.eager_values |= snapshot.values
    bench.pull(levers_of(bench, [bench.lives[0].snapshots]))
    bench.files = files_of(bench)
    for turn in range(_ROUNDS):
        progress(f"{bench.function.name}: startup, trying lazy imports, round {turn + 1}")
        if not _round(work):
            work.settled = True
            return work
        if work.coming and work.life and work.life.last:  # spares the life that would show it
            _drop_idle(work, work.deciding.modules | work.coming)
        work.coming.clear()
    work.drop(list(names_of(work.table)), "the proof did not end")
    work.life = None
    return work


def candidate_names(bench: StartupBench) -> list[NameOf]:
    """The names that the proof may read, by the first life of the eager package; none where it answered nothing."""
    return list(names_of(candidates(_evidence(bench))[0])) if bench.lives[0].snapshots else []


def _evidence(bench: StartupBench) -> StartupEvidence:
    first = bench.lives[0].snapshots
    bench.modules = answered_by_others(bench.modules, first[-1])
    return StartupEvidence(
        bench.modules,
        first[-1].modules,
        first[0].modules,
        first[-1].odd,
        frozenset(sys.stdlib_module_names),
        bench.settings.eager,
    )


def _round(work: StartupWork) -> bool:
    """One life of the lazy package; whether something was changed after it."""
    bench = work.bench
    laid = work.table
    work.life, work.expected = bench.live(bench.hold(laid)), frozenset()
    work.made.clear()
    if told := bench.compare(work.life):
        why = f"{told[0].where}: {told[0].full} became {told[0].slim}"[:200]
        named = named_in((difference.slim for difference in told), work.table)
        if named:
            work.drop(named, why)
        elif not _explained(work, told):
            _search(work, why)
        return True
    swept = garbage_round(work, last=False)  # the next life tries it, whatever else that is for
    if _keep_needed(work):
        _look_ahead(work, laid)
        return True
    return state_round(work) or _name_round(work) or swept or garbage_round(work, last=True)


def _explained(work: StartupWork, told: Iterable[Difference]) -> bool:
    """Makes names eager that may make a difference, and that will be eager anyway; whether there were any."""
    assert work.life is not None
    if work.life.snapshots:
        return _keep_needed(work)  # what was read is imported at once, and that may be all
    return _keep_order(work, told) or _load_registered(work) or drop_package(work, told)


def _keep_order(work: StartupWork, told: Iterable[Difference]) -> bool:
    """Makes the imports of a package eager that should have bound what a failed INIT misses; whether there were any.

    Its modules import each other in a circle that works in one order. The deepest package comes first: those above it
    pass its names on.
    """
    texts = [difference.slim for difference in told]
    names = missing_names(texts)
    packages = [name for name in work.table if binds_from_itself(work.evidence.modules[name], names)]
    deepest = max((name.count(".") for name in packages), default=0)
    rows = [(name, row) for name in packages if name.count(".") == deepest for row in work.table[name]]
    work.drop(rows, f"its package imports itself in a circle: {texts[0]}"[:200])
    return bool(rows)


def _load_registered(work: StartupWork) -> bool:
    """Makes the names eager that load what leaves something in modules of a failed INIT; whether there were any."""
    first, second = work.eager_lives
    pairs = effects(first[0], second[0], first[0], work.evidence.modules)
    return _load_missing(work, unpaired(pairs, at_init(work)))


def drop_package(work: StartupWork, told: Iterable[Difference]) -> bool:
    """Makes names of a package eager whose modules the error of a failed INIT names; whether there were any.

    First the imports of its own modules, which may need each other in some order; all of them where that was not
    enough. A search would run a package of hundreds of modules dozens of times, to find as much.
    """
    texts = " ".join(difference.slim for difference in told)
    guilty = _named_packages(work, texts)
    names = [row for row in names_of(work.table) if _top(row[0]) in guilty]
    inside = [row for row in names if not guilty.isdisjoint(map(_top, wants_of(work, *row)))]
    work.drop(inside or names, f"INIT fails with lazy imports in {', '.join(sorted(guilty))}: {texts}"[:200])
    return bool(names)


def _named_packages(work: StartupWork, texts: str) -> set[str]:
    """The packages with lazy names that error messages name; the handler's own is no suspect."""
    tops = set(map(_top, work.table)) - {_top(work.bench.function.module)}
    return {top for top in tops if re.search(rf"\b{re.escape(top)}\.", texts)}


def _top(module: str) -> str:
    return module.partition(".")[0]


def _keep_needed(work: StartupWork) -> bool:
    """Makes names eager that were read, or that load nothing; returns whether there were any."""
    seen, asked = work.deciding, work.bench.settings
    read = [name for name in seen.read if is_statement(work.table, name)]
    before = sum(map(len, work.table.values()))
    for name in read:
        work.reasons[name] = "INIT reads it" if asked.waits_for_init_only else "INIT or an event reads it"
    work.table = without(work.table, read)
    _drop_idle(work, seen.modules)
    return sum(map(len, work.table.values())) != before


def _drop_idle(work: StartupWork, loaded: frozenset[str]) -> None:
    """Makes names eager that load nothing where some modules are loaded."""
    kept = useful(work.table, work.evidence.modules, loaded)
    for name in set(names_of(work.table)) - set(names_of(kept)):
        work.reasons[name] = "what it imports is loaded anyway"
    work.table = kept


def state_round(work: StartupWork) -> bool:
    """Compares the state after INIT and after every event; whether something was made eager."""
    assert work.life is not None
    faults = state_faults(*work.eager_lives, work.life.snapshots, work.table)
    if not faults:
        return False
    if not _mend_state(work, faults):
        _search(work, faults[0].where[:200], state=True)
    return True


def _look_ahead(work: StartupWork, laid: Table) -> None:
    """Makes names eager whose effect the next life would lack as well: it loads what the last one had in the end.

    Args:
        work: What is proved; its table is the next life's.
        laid: The table of the last life: what waited there was not there to be compared.
    """
    assert work.life is not None
    assert work.life.last is not None
    turn = len(work.bench.events)
    faults = [fault for fault in state_faults(*work.eager_lives, work.life.snapshots, laid) if fault.turn == turn]
    if not faults:
        return
    work.expected = work.deciding.modules
    work.bench.hold(work.table)
    _mend_state(work, faults)


def _mend_state(work: StartupWork, faults: Sequence[StateFault]) -> bool:
    """Makes names eager that bring back what differs; whether there were any."""
    if not work.readings:
        read_lazy(work, name_groups(work, ()))  # what each name brings tells which import is missing
    names = _bringing_back(work, faults)
    work.drop(names, f"its effect would be missing: {faults[0].where}"[:200])
    return bool(names)


def _bringing_back(work: StartupWork, faults: Sequence[StateFault]) -> list[NameOf]:
    """Names that load whose objects are missing; where that was tried before, those that load what changes the part."""
    assert work.life is not None
    loaded = work.life.last.modules if work.life.last else frozenset()
    fresh = [fault for fault in faults if fault.key not in work.shown]
    work.shown |= {fault.key for fault in fresh}
    owners = {owner for fault in fresh for owner in fault.owners}
    return loading(work, owners - loaded) or loading(work, _blamed(work, faults) - loaded)


def _blamed(work: StartupWork, faults: Sequence[StateFault]) -> set[str]:
    """The modules whose import makes the difference, as one more life of the eager package tells."""
    life = work.bench.live(work.bench.eager, sorted({fault.key for fault in faults}))
    shown = life.snapshots[: min(fault.turn for fault in faults) + 1][-1:]
    return {owner for snapshot in shown for fault in faults for owner in blamed_for(fault, snapshot)}


def _search(work: StartupWork, why: str, *, state: bool = False) -> None:
    """Makes the modules eager whose lazy imports make a difference; all of them where that is not found out."""
    bench, everything = work.bench, work.table
    if bench.levers:  # they may be at fault as well; they are tried again in the end
        bench.pull(())
        return
    work.searches += 1

    def right(eager: frozenset[str]) -> bool:
        table = {module: rows for module, rows in everything.items() if module not in eager}
        life = bench.live(bench.hold(table))
        if bench.compare(life):
            return False
        return not (state and state_faults(*work.eager_lives, life.snapshots, table))

    def passes(sets: Iterable[frozenset[str]]) -> list[bool]:
        work.progress(f"{bench.function.name}: startup, looking for the import at fault")
        return [right(eager) for eager in sets]

    guilty: tuple[str, ...] = tuple(everything)
    if work.searches <= _SEARCHES:
        guilty = culprits(sorted(everything), passes) or guilty
    work.drop([(module, name) for module in guilty for name in everything[module]], why)


def _name_round(work: StartupWork) -> bool:
    """Reads every lazy name in a process of its batch, and in the eager package; whether something was made eager."""
    first, second = work.eager_lives
    assert work.life is not None
    after_init = work.life.snapshots[0]
    pairs, loaded = effects(first[0], second[0], after_init, work.evidence.modules), after_init.modules
    groups = name_groups(work, {holder for holder, _ in pairs} - loaded)
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(read_eager, work, groups.values())
        lived = read_lazy(work, groups)
    if not lived or not told.result():
        work.drop(list(names_of(work.table)), "reading the lazy names one by one did not end")
        return True
    changed = _load_missing(work, unpaired(pairs, loaded))
    for key in sorted(groups):
        missing = unpaired(pairs, loaded | work.readings[key].brought)
        changed |= _take_back(work, work.readings[key], missing)
    return _take_back(work, work.together, {}) or changed


def _take_back(work: StartupWork, lazy: Reading, missing: Mapping[str, str]) -> bool:
    """Makes names eager that do not read as in the eager package, or whose effect is missing; whether there were any.

    Args:
        work: What is proved.
        lazy: A group's names in the lazy package.
        missing: See `unpaired`.
    """
    faults = name_faults(work.eager_values, lazy, work.table)
    if faults:
        work.drop(list(faults), f"reading it alone: {next(iter(faults.values()))}"[:200])
    return _load_missing(work, missing, lazy.brought) or bool(faults)


def _load_missing(work: StartupWork, missing: Mapping[str, str], brought: frozenset[str] = frozenset()) -> bool:
    """Makes the names eager that load modules whose effect is missing; whether there were any."""
    if not missing:
        return False
    owner, holder = next(iter(missing.items()))
    names = loading(work, missing, brought)
    work.drop(names, f"`{owner}` leaves something in `{holder}`, which would be missing")
    return bool(names)
