"""A search for the largest set of lazy imports, in progress; and which of its names load a module."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lambda_slim.base.progress import Progress
from lambda_slim.startup.choose import StartupEvidence
from lambda_slim.startup.records import ImportTarget, NameOf, Reading, Snapshot, Table
from lambda_slim.startup.table import absolute, is_attribute, names_of, wanted, without
from lambda_slim.tasks.startup.bench import Life, StartupBench

_TRIES = 3  # of single imports that load a module; then it is every one that leads to it


@dataclass(slots=True)
class _WorkedOut:
    """What was worked out, as long as the same imports wait and the same names have been read."""

    table: Table = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    asked: dict[str, frozenset[str]] = field(default_factory=dict)  # see `_asked_at_once`
    brought: dict[str, frozenset[str]] = field(default_factory=dict)  # see `_brought`, by what is imported


@dataclass(slots=True)
class StartupWork:
    """A proof in progress: what is lazy now, and what was made eager again."""

    bench: StartupBench
    evidence: StartupEvidence
    table: dict[str, dict[str, tuple[ImportTarget, ...]]]
    reasons: dict[NameOf, str]
    progress: Progress
    taken: dict[NameOf, str] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    eager_values: dict[NameOf, str] = field(default_factory=dict)  # what names are in the eager package
    together: Reading = field(default_factory=lambda: Reading({}))  # see `read_lazy`
    read_with: tuple[frozenset[str], Table] = (frozenset(), {})  # modules of INIT and the table of the last readings
    life: Life | None = None
    expected: frozenset[str] = frozenset()  # what INIT of the next life loads, where the last had another table
    searches: int = 0
    tries: dict[str, int] = field(default_factory=dict)  # module -> imports that were made eager to load it
    made: dict[str, list[NameOf]] = field(default_factory=dict)  # the same, those of this round
    wants: dict[NameOf, frozenset[str]] = field(default_factory=dict)  # see `wants_of`
    written: dict[str, frozenset[str]] = field(default_factory=dict)  # module -> those that it imports at its top
    importers: dict[str, frozenset[str]] = field(default_factory=dict)  # the inverse, at any distance
    imported: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)  # see `_imported`
    shown: set[str] = field(default_factory=set)  # parts of the state that differed; whose they are did not mend them
    coming: set[str] = field(default_factory=set)  # modules that names which became eager in this round load
    worked_out: _WorkedOut = field(default_factory=_WorkedOut)
    settled: bool = False  # the last life was of this table, and everything is as in the eager package

    @property
    def eager_lives(self) -> tuple[Sequence[Snapshot], Sequence[Snapshot]]:
        """The snapshots of two lives of the eager package."""
        return self.bench.lives[0].snapshots, self.bench.lives[1].snapshots

    @property
    def deciding(self) -> Snapshot:
        """The snapshot of the lazy life that says which names are needed: after all events, or after INIT."""
        assert self.life is not None
        assert self.life.last is not None
        return self.life.snapshots[0] if self.bench.settings.waits_for_init_only else self.life.last

    def drop(self, names: Collection[NameOf], why: str, *, told: bool = True) -> None:
        """Makes names eager again; `told` where the proof did it."""
        self.coming |= {part for name in names for part in _loads_then(self, name)}
        self.table, self.settled = without(self.table, names, attributes=True), False
        for name in names:
            self.reasons[name] = why
            if told:
                self.taken[name] = why


def is_statement(table: Table, name: NameOf) -> bool:
    """Whether a lazy name stands for an import statement."""
    targets = table.get(name[0], {}).get(name[1], ())
    return bool(targets) and not is_attribute(*name, targets)


def loading(work: StartupWork, modules: Collection[str], brought: frozenset[str] = frozenset()) -> list[NameOf]:
    """Lazy names that load some modules when they are eager: one for each module where one does it alone.

    Args:
        work: What is proved.
        modules: What has to be loaded.
        brought: Modules that are loaded, and not by INIT, where it is missed: an import there costs INIT nothing.
    """
    return sorted({name for other in modules for name in _loading_one(work, other, brought)})


def _loading_one(work: StartupWork, other: str, brought: frozenset[str]) -> list[NameOf]:
    """An import of the module in what is loaded where it is missed; every name that leads to it where there is none."""
    loaded = at_init(work)
    made = work.made.setdefault(other, [])
    if any(module in brought | loaded for module, _ in made):
        return []
    near = next(filter(None, (_bringing(work, other, names_of(work.table), place) for place in (brought, loaded))), [])
    if not near or work.tries.get(other, 0) >= _TRIES:
        return list(_leading_to(work, other))
    made.append(min(near, key=lambda name: _price(work, other, name, loaded)))
    work.tries[other] = work.tries.get(other, 0) + 1
    return made[-1:]


def at_init(work: StartupWork) -> frozenset[str]:
    """The modules that INIT of the lazy package has loaded; where it did not end, those that it loads as written."""
    if work.expected:
        return work.expected
    if work.life and work.life.snapshots:
        return work.life.snapshots[0].modules
    return _at_once(work, [work.bench.function.module])


def _at_once(work: StartupWork, modules: Iterable[str]) -> frozenset[str]:
    """The modules that the import of some loads, by what is written at the top of each and does not wait."""
    loaded: set[str] = set()
    todo = {*modules}
    while todo:
        name = todo.pop()
        fresh = {name, *(name[:place] for place, letter in enumerate(name) if letter == ".")} - loaded
        loaded |= fresh
        todo |= {part for module in fresh for part in _asked_at_once(work, module)} - loaded
    return frozenset(loaded)


def _asked_at_once(work: StartupWork, module: str) -> frozenset[str]:
    """The modules that the imports at the top of a module ask for, without those that wait."""
    source, waiting, asked = work.evidence.modules.get(module), work.table.get(module, {}), _worked_out(work).asked
    if source is not None and module not in asked:
        rows = (targets for name, targets in source.scan.names.items() if name not in waiting)
        parts = (wanted(source, target, work.evidence.loaded) for targets in rows for target in targets)
        asked[module] = frozenset().union(*parts)
    return asked.get(module, frozenset())


def _worked_out(work: StartupWork) -> _WorkedOut:
    """What was worked out of the imports that wait now."""
    if work.worked_out.table is not work.table or work.worked_out.readings is not work.readings:
        work.worked_out = _WorkedOut(work.table, work.readings)
    return work.worked_out


def _bringing(work: StartupWork, other: str, names: Iterable[NameOf], place: frozenset[str]) -> list[NameOf]:
    """Those names, bound in some modules, that load a module when they are eager."""
    return [name for name in names if name[0] in place and _brings(work, other, name)]


def _brings(work: StartupWork, other: str, name: NameOf) -> bool:
    """Whether an import statement names a module, was seen to load it, or imports what imports it."""
    if not is_statement(work.table, name):
        return False
    wants = wants_of(work, *name)
    return other in wants or other in _brought(work, name) or not wants.isdisjoint(_importers(work, other))


def _price(work: StartupWork, other: str, name: NameOf, loaded: frozenset[str]) -> tuple[int, int, int]:
    """What names the module comes first, as the eager package loads it; then what loads the fewest modules."""
    wants, order = wants_of(work, *name), work.eager_lives[0][-1].order.index(name[0])
    if other in wants:
        return 0, 0, order
    brought = _brought(work, name)
    if other in brought:
        return 1 if _hands_on(work, other, name) else 2, len(brought), order
    return 3, len(_imported(work, wants) - loaded), order


def _hands_on(work: StartupWork, other: str, name: NameOf) -> bool:
    """Whether a name comes, maybe by other names that wait, from one that imports the module."""
    seen, todo = {name}, [name]
    while todo:
        module, bound = todo.pop()
        if other in wants_of(work, module, bound):
            return True
        more = {
            (absolute(work.evidence.modules[module], target), target.attribute or "")
            for target in work.table[module][bound]
        }
        todo += [row for row in more - seen if row[1] in work.table.get(row[0], {})]
        seen |= more
    return False


def _importers(work: StartupWork, other: str) -> frozenset[str]:
    """Modules whose own import loads another one, by what is written at their top, directly or by others."""
    if other not in work.importers:
        importers, more = {other}, {other}
        while more:
            more = {name for name in work.evidence.modules if not more.isdisjoint(_written(work, name))} - importers
            importers |= more
        work.importers[other] = frozenset(importers - {other})
    return work.importers[other]


def _imported(work: StartupWork, wants: frozenset[str]) -> frozenset[str]:
    """The modules that the import of some loads, by what is written at the top of each."""
    if wants not in work.imported:
        every, todo = set(wants), list(wants)
        while todo:
            more = _written(work, todo.pop()) - every
            every |= more
            todo += more
        work.imported[wants] = frozenset(every)
    return work.imported[wants]


def _written(work: StartupWork, module: str) -> frozenset[str]:
    """The modules that the imports at the top of a module ask for."""
    source = work.evidence.modules.get(module)
    if source is not None and module not in work.written:
        targets = (target for rows in source.scan.names.values() for target in rows)
        parts = {part for target in targets for part in wanted(source, target, work.evidence.loaded)}
        work.written[module] = frozenset(parts - {module})
    return work.written.get(module, frozenset())


def _brought(work: StartupWork, name: NameOf) -> frozenset[str]:
    """The modules that reading a name loaded, without those that are loaded with the modules that hold its group."""
    wants = wants_of(work, *name)
    key, brought = key_of(wants), _worked_out(work).brought
    reading = work.readings.get(key)
    if reading is not None and key not in brought:
        holders = {module for module, _ in reading.values} - work.read_with[0]
        brought[key] = reading.brought - (_at_once(work, holders) - _at_once(work, wants))
    return brought.get(key, frozenset())


def _loads_then(work: StartupWork, name: NameOf) -> frozenset[str]:
    """What a name loads at INIT once it is eager, as far as that is written and was seen."""
    loaded = work.life is not None and work.life.last is not None and name[0] in work.deciding.modules
    if not (loaded and name in work.wants and is_statement(work.table, name)):
        return frozenset()
    return _brought(work, name) & _at_once(work, work.wants[name])


def _leading_to(work: StartupWork, other: str) -> Iterator[NameOf]:
    """Lazy names whose import would load a module, as written or as seen."""
    for name in names_of(work.table):
        wants = wants_of(work, *name)
        if other in wants or other in _brought(work, name) or _is_above(wants, other):
            yield name


def _is_above(wants: Iterable[str], module: str) -> bool:
    return any(module.startswith(f"{want}.") for want in wants)


def wants_of(work: StartupWork, module: str, name: str) -> frozenset[str]:
    """The modules that the imports of a lazy name ask for."""
    if (module, name) not in work.wants:
        source, loaded = work.evidence.modules[module], work.evidence.loaded
        parts = (part for target in work.table[module][name] for part in wanted(source, target, loaded))
        work.wants[module, name] = frozenset(parts)
    return work.wants[module, name]


def key_of(wants: Iterable[str]) -> str:
    """By which names are grouped that are read in one process: what they import."""
    return " ".join(sorted(wants))
