"""Where the eager and the lazy package lie while imports are made lazy, and what can be asked of them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lambda_slim.base.machine import usable_cores
from lambda_slim.base.shelf import Shelf
from lambda_slim.bundle.layout import lay_members, link_members
from lambda_slim.bundle.startup import TEXTS_MODULE, bytecode_names, helper_sources, with_rewritten
from lambda_slim.model.behaviour import Difference
from lambda_slim.model.function import Function
from lambda_slim.model.member import Member, Shaped
from lambda_slim.model.run import Run, RunConditions
from lambda_slim.model.settings import Settings
from lambda_slim.prove.behaviour import differences, tidy
from lambda_slim.run.compiler import compile_lazy, compile_modules, scan_modules
from lambda_slim.run.import_trials import read_names
from lambda_slim.run.lambda_runtime import drive
from lambda_slim.startup.parse import parse_readings, parse_scan, parse_snapshots
from lambda_slim.startup.records import ModuleScan, NameOf, Reading, Snapshot, SourceModule, Table
from lambda_slim.tasks.baseline import Baseline, run_again, take_baseline

_FRESH = 24  # groups of names that are read after an INIT of their own
_READS = 2  # a machine that is loaded may end a process, and that is no verdict
_SCANNER, _COMPILER = b"lazy scan 9", b"lazy compile 3"


@dataclass(frozen=True, slots=True)
class Lever:
    """Something else than imports that INIT can leave.

    Attributes:
        name: For the report.
        first: What the startup module does before the body of the handler's module: function, then arguments.
        last: What it does after it.
        members: Files that it needs.
        swept: Modules that leave garbage which somebody could see; it is collected when they have run.
        takers: Modules that get the code of texts before they run.
    """

    name: str
    first: Sequence[Any] = ()
    last: Sequence[Any] = ()
    members: tuple[Member, ...] = ()
    swept: tuple[str, ...] = ()
    takers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Life:
    """One life of a package, and its snapshots."""

    run: Run
    snapshots: tuple[Snapshot, ...]

    @property
    def last(self) -> Snapshot | None:
        """The snapshot after the last event."""
        return self.snapshots[-1] if self.snapshots else None


@dataclass(slots=True)
class StartupBench:
    """The folders of both packages, and what the eager one did; grows as the proof goes on."""

    function: Function
    settings: Settings
    interpreter: Path
    shaped: Shaped
    folder: Path
    events: tuple[tuple[str, bytes], ...]
    sources: Mapping[str, bytes]  # package path to source, of modules with bytecode
    modules: Mapping[str, SourceModule] = field(default_factory=dict)
    lives: list[Life] = field(default_factory=list)  # of the eager package
    base: Baseline | None = None
    helpers: tuple[Member, ...] = ()  # the compiled scripts that travel with lazy imports
    files: str = ""  # see `files_of`
    levers: tuple[Lever, ...] = ()  # those that the lazy package uses
    _laid: dict[str, bytes] = field(default_factory=dict)
    _compiled: dict[str, bytes] = field(default_factory=dict)

    @property
    def eager(self) -> Path:
        """The folder of the eager package."""
        return self.folder / "eager" / "task"

    @property
    def lazy(self) -> Path:
        """The folder of the lazy package."""
        return self.folder / "lazy" / "task"

    def lay(self) -> None:
        """Lays both packages; the lazy one is as the eager one until `hold`."""
        lay_members(self.shaped.members, self.eager)
        link_members(self.shaped.members, self.eager, self.lazy)
        scripts = helper_sources(self.function.target.runtime.version)
        compiled = compile_modules(self.interpreter, scripts)
        self.helpers = tuple(
            Member(f"{name}c", data, origin=name) for (name, _), data in zip(scripts, compiled, strict=True)
        )
        lay_members(self.helpers, self.lazy)

    def live(self, package: Path, blame: Sequence[str] | None = None, names: Sequence[NameOf] = ()) -> Life:
        """One life, through INIT and all events; for `blame` and `names` see `RunConditions`."""
        conditions = RunConditions(
            timeout=max(30.0, float(self.function.timeout_s)),
            offline=self.settings.offline,
            stub_aws=self.settings.stub_aws,
            sdk=bool(self.base.session.sdk) if self.base else None,
            startup=True,
            blame=blame,
            names=names,
        )
        run = drive(self.interpreter, package, self.function, self.events, conditions)
        return Life(run, parse_snapshots(run.record))

    def take_base(self, asked: Callable[[], Sequence[NameOf]] = tuple) -> None:
        """Runs the eager package twice; what differs then proves nothing.

        The first run sees what modules hold that they did not when their own code had run, the second who put it there.

        Args:
            asked: Says after the first run which names the second tells the values of.
        """

        def run() -> Run:
            first = self.lives[0].snapshots[:1] if self.lives else ()
            names = asked() if self.lives else ()
            self.lives.append(self.live(self.eager, first[0].grown if first else (), names))
            return self.lives[-1].run

        self.base = take_baseline(run, self.eager, self.settings.ignore_fields)

    def compare(self, life: Life) -> tuple[Difference, ...]:
        """What a life of the lazy package did otherwise; asked again where the clock may only have moved on."""
        assert self.base is not None
        told = differences(self.base.behaviour, tidy(life.run, self.lazy, self.base.ignore))
        if not told:
            return ()
        self.base = run_again(self.base, lambda: self.live(self.eager).run, self.eager)
        return differences(self.base.behaviour, tidy(life.run, self.lazy, self.base.ignore))

    def rewritten(self, table: Table) -> dict[str, bytes]:
        """Names of bytecode files to what is in them with these lazy names; what does not compile is left out."""
        names = bytecode_names(self.shaped.members)
        orders = {path: order for path, order in self._orders(table) if path in names}
        keys = {path: f"{path} {json.dumps(order, sort_keys=True)}" for path, order in orders.items()}
        missing = {path: orders[path] for path, key in keys.items() if key not in self._compiled}
        made = compile_orders(self, missing)
        self._compiled |= {keys[path]: data for path, data in made.items()}
        return {names[path]: self._compiled[key] for path, key in keys.items() if self._compiled[key]}

    def _orders(self, table: Table) -> Iterator[tuple[str, dict[str, Any]]]:
        """What is to be done to modules, by package path."""
        for module in self.modules.values():
            if order := self._order(module, table):
                yield module.path, order

    def _order(self, module: SourceModule, table: Table) -> dict[str, Any]:
        rows, calls = table.get(module.name, {}), self._calls(module.name)
        if rows and module.alone:
            return calls | {"last": [["attach", module.name, sorted(rows)], *calls.get("last", ())]}
        if not rows:
            return calls
        lazy = {
            name: [[target.module, target.attribute, target.level] for target in targets]
            for name, targets in sorted(rows.items())
        }
        return {"lazy": lazy, "used": list(module.scan.used)} | calls

    def _calls(self, name: str) -> dict[str, Any]:
        """What the levers do before and after the body of a module."""
        levers = [*(self.levers if name == self.function.module else ()), *self._levers_everywhere(name)]
        first = [lever.first for lever in levers if lever.first]
        last = [lever.last for lever in reversed(levers) if lever.last]
        return {when: rows for when, rows in (("first", first), ("last", last)) if rows}

    def _levers_everywhere(self, name: str) -> Iterator[Lever]:
        """What levers do in a module that need not be the handler's."""
        if any(name in lever.swept for lever in self.levers):
            yield Lever("sweep", ["begin_sweep"], ["end_sweep"])
        if any(name in lever.takers for lever in self.levers):
            yield Lever("texts", [f"{Path(TEXTS_MODULE).stem}:take", name])

    def pull(self, levers: Iterable[Lever]) -> None:
        """Has the lazy package use some levers, and no others, from the next `hold` on."""
        self.levers = tuple(levers)

    @property
    def extra(self) -> list[Member]:
        """Files that the levers need."""
        return [member for lever in self.levers for member in lever.members]

    def hold(self, table: Table) -> Path:
        """The folder of the lazy package, with these names lazy and no others."""
        wanted = self.rewritten(table)
        eager = {member.name: member.data for member in self.shaped.members if member.name in self._laid}
        changed = {name: eager[name] for name in self._laid if name not in wanted}
        changed |= {name: data for name, data in wanted.items() if self._laid.get(name) != data}
        for name in changed:
            (self.lazy / name).unlink(missing_ok=True)  # it may be a link to the eager one
        lay_members([Member(name, data) for name, data in changed.items()], self.lazy)
        self._laid = wanted
        for member in self.extra:
            (self.lazy / member.name).unlink(missing_ok=True)
        lay_members(self.extra, self.lazy)
        return self.lazy

    def members(self, table: Table) -> tuple[Member, ...]:
        """What ships, with these names lazy."""
        return with_rewritten(self.shaped.members, self.rewritten(table), [*self.helpers, *self.extra])

    def read(self, package: Path, groups: Sequence[Sequence[NameOf]], *, fork: bool) -> tuple[Reading, ...] | None:
        """What names are in a package, a group at a time; None where it did not live to say, twice.

        With `fork`, each group is read in a process of its own: a copy of one that has been through INIT. A group whose
        copy did not live is read after an INIT of its own: threads of INIT are not copied, their locks are.
        """
        readings = self._read(package, groups, fork=fork)
        fresh = [place for place, reading in enumerate(readings or ()) if reading.ended][:_FRESH]
        again = {place: self._read(package, [groups[place]], fork=False) for place in fresh}
        return readings and tuple((again.get(place) or (old,))[0] for place, old in enumerate(readings))

    def _read(self, package: Path, groups: Sequence[Sequence[NameOf]], *, fork: bool) -> tuple[Reading, ...] | None:
        request = {"handler": self.function.module, "fork": fork, "at_once": usable_cores(), "groups": groups}
        conditions = RunConditions(offline=self.settings.offline, sdk=bool(self.base and self.base.session.sdk))
        for _ in range(_READS):
            text = read_names(self.interpreter, package, self.function, request, conditions)
            if text and (readings := parse_readings(text)) is not None:
                return readings
        return None


def compile_orders(bench: StartupBench, orders: Mapping[str, Mapping[str, Any]]) -> dict[str, bytes]:
    """Bytecode with imports that wait, by package path; what was compiled before comes from the cache.

    As in the eager package, the bytecode of a source that does not ship has no columns.
    """
    kept = {member.name for member in bench.shaped.members}
    shelf = Shelf("lazycompiled")
    made: dict[str, bytes] = {}

    def compiled(columns: bool) -> dict[str, bytes]:
        group = {path: order for path, order in orders.items() if (path in kept) is columns}
        return _compile_group(bench, group, shelf, columns=columns)

    with ThreadPoolExecutor(2) as pool:
        for part in pool.map(compiled, (True, False)):
            made |= part
    shelf.close()
    return made


def _compile_group(
    bench: StartupBench, orders: Mapping[str, Mapping[str, Any]], shelf: Shelf, *, columns: bool
) -> dict[str, bytes]:
    label = _COMPILER if columns else _COMPILER + b" no columns"
    version = bench.function.target.runtime.name.encode()
    keys = {
        path: shelf.key(label, version, path.encode(), bench.sources[path], json.dumps(order, sort_keys=True).encode())
        for path, order in orders.items()
    }
    made = {path: data for path, key in keys.items() if (data := shelf.find(key)) is not None}
    missing = [path for path in orders if path not in made]
    asked = [(path, bench.sources[path], orders[path]) for path in missing]
    for path, data in zip(missing, compile_lazy(bench.interpreter, asked, columns=columns), strict=True):
        shelf.put(keys[path], data)
        made[path] = data
    return made


def scan_sources(interpreter: Path, version: str, sources: Mapping[str, bytes]) -> dict[str, ModuleScan]:
    """The scan of each source, by package path; scans of earlier runs come from the cache."""
    shelf = Shelf("lazyscan")
    keys = {path: shelf.key(_SCANNER, version.encode(), data) for path, data in sources.items()}
    answers = {path: data for path, key in keys.items() if (data := shelf.find(key)) is not None}
    missing = [path for path in keys if path not in answers]
    for path, data in zip(missing, scan_modules(interpreter, [(path, sources[path]) for path in missing]), strict=True):
        shelf.put(keys[path], data)
        answers[path] = data
    shelf.close()
    return {path: scan for path, data in answers.items() if (scan := parse_scan(data)) is not None}
