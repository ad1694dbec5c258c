"""A search for the largest set of lazy imports, in progress; and which of its names load a module."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lambda_slim.base.progress import Progress
from lambda_slim.startup.choose import StartupEvidence, is_attribute, names_of, wanted, without
from lambda_slim.startup.records import ImportTarget, NameOf, Reading, Snapshot, Table
from lambda_slim.tasks.startup_bench import Life, StartupBench


@dataclass(slots=True)
class StartupWork:
    """A proof in progress: what is lazy now, and what was taken back."""

    bench: StartupBench
    evidence: StartupEvidence
    table: dict[str, dict[str, tuple[ImportTarget, ...]]]
    reasons: dict[NameOf, str]
    progress: Progress
    taken: dict[NameOf, str] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    eager_values: dict[NameOf, str] = field(default_factory=dict)  # what names are in the eager package
    life: Life | None = None
    searches: int = 0
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
        self.table, self.settled = without(self.table, names, attributes=True), False
        for name in names:
            self.reasons[name] = why
            if told:
                self.taken[name] = why


def is_statement(table: Table, name: NameOf) -> bool:
    """Whether a lazy name stands for an import statement."""
    targets = table.get(name[0], {}).get(name[1], ())
    return bool(targets) and not is_attribute(*name, targets)


def loading(work: StartupWork, modules: Collection[str]) -> list[NameOf]:
    """Lazy names that, when they are eager, load some modules at INIT: one for each where one does it alone.

    That is the import which is the first to name the module, in the order of the eager package, and which INIT comes
    to. Where there is none, it is every name whose import would load the module, as written or as seen.
    """
    rows: set[NameOf] = set()
    for other in modules:
        first = next(_at_init(work, other), None)
        rows |= {first} if first else set(_leading_to(work, other))
    return sorted(rows)


def _at_init(work: StartupWork, other: str) -> Iterator[NameOf]:
    """Lazy names whose statements import a module, in modules that INIT loads, in the order of the eager package."""
    loaded = work.life.snapshots[0].modules if work.life and work.life.snapshots else frozenset()
    for module in work.eager_lives[0][0].order:
        for name in work.table.get(module, ()) if module in loaded else ():
            if is_statement(work.table, (module, name)) and other in wants_of(work, module, name):
                yield module, name


def _leading_to(work: StartupWork, other: str) -> Iterator[NameOf]:
    """Lazy names whose import would load a module."""
    for module, name in names_of(work.table):
        wants = wants_of(work, module, name)
        brought = work.readings[key].brought if (key := key_of(wants)) in work.readings else frozenset()
        if other in wants or other in brought or _is_above(wants, other):
            yield module, name


def _is_above(wants: Iterable[str], module: str) -> bool:
    return any(module.startswith(f"{want}.") for want in wants)


def wants_of(work: StartupWork, module: str, name: str) -> frozenset[str]:
    """The modules that the imports of a lazy name ask for."""
    source, loaded = work.evidence.modules[module], work.evidence.loaded
    return frozenset(part for target in work.table[module][name] for part in wanted(source, target, loaded))


def key_of(wants: Iterable[str]) -> str:
    """By which names are grouped that are read in one process: what they import."""
    return " ".join(sorted(wants))
