"""One function's packages while they are proved: where they lie, what the full one did, how they are run."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import RunError
from lambda_slim.bundle.compiled import CompiledSource, cache_tag, compile_sources
from lambda_slim.bundle.layout import lay_bytecode
from lambda_slim.inputs.traces import read_events
from lambda_slim.model.behaviour import Behaviour, Difference
from lambda_slim.model.decision import Plan
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.function import Function
from lambda_slim.model.member import Shaped
from lambda_slim.model.run import ImportTrial, LoadedModules, Run, RunConditions
from lambda_slim.model.settings import Settings
from lambda_slim.plan.evidence.source_readers import asks_for_columns
from lambda_slim.prove.behaviour import differences, tidy
from lambda_slim.run.import_trials import try_imports
from lambda_slim.run.lambda_runtime import drive
from lambda_slim.run.open_watch import OpenWatch
from lambda_slim.tasks.baseline import Baseline, first_life, run_again
from lambda_slim.tasks.proof.grounds import FullPackage, Grounds
from lambda_slim.tasks.proof.openings import Forks, opening_of

# Rules whose decisions a proof may not change: what the user said, and what is secret.
FIRM = frozenset({"exclude", "ignore-file", "secret", "sdk-runtime", "bytecode"})
_NOT_FULL = FIRM - {"secret"}  # what not even the full package has: that a secret is missed has to show


@dataclass(frozen=True, slots=True)
class Candidate:
    """A package that could ship: the plan behind it, and its members."""

    plan: Plan
    shaped: Shaped
    reached: frozenset[str]  # names of modules that are kept and reachable
    own: frozenset[str] = frozenset()  # those of first-party modules
    entry_points: tuple[tuple[str, str, str], ...] = ()
    tree: str = ""  # a digest of the dependency tree
    installed: Path | None = None  # the tree itself


@dataclass(slots=True)
class ProofBench:
    """Where the packages lie and what the full one did; grows as the proof goes on."""

    function: Function
    settings: Settings
    interpreter: Path
    ground: FullPackage
    grounds: Grounds
    slim: Path
    sources: Mapping[str, CompiledSource]  # by package path
    events: tuple[tuple[str, bytes], ...]
    timeout: float
    scratch: Path  # for bytecode of slim packages
    base: Baseline | None = None
    rounds: int = 0
    columns: bool = False  # whether something that ships asks for the columns of instructions
    loaded: frozenset[str] = frozenset()  # modules that the last package that was compared has loaded
    full_us: int = 0  # CPU time of INIT of the full package, with what compiling its modules takes
    slim_us: int = 0  # of the last package that was compared
    trial: dict[str, Any] | None = None  # what is imported at the end of a life of the full and the slim package
    tried: ImportTrial | None = None  # what that found in the last package that was compared
    asked: dict[Path, frozenset[object]] = field(default_factory=dict)  # what was tried, by package
    alone: bool = False  # whether nothing of this proof is for functions that come later
    watch: OpenWatch | None = None  # on first-party files of the full package
    forks: Forks | None = None  # lives that begin with those of other functions; None for lives of its own
    forked: bool = False  # whether the full package had such a life

    @property
    def opened(self) -> frozenset[str] | None:
        """Package paths of first-party files that runs of the full package opened; None where that is not known."""
        if self.watch is None:
            return None
        paths = frozenset(path.relative_to(self.full).as_posix() for path in self.watch.opened())
        return paths if self.watch.whole else None

    @property
    def compiled(self) -> dict[str, bytes]:
        """Bytecode by the path of its source."""
        return {path: made.data for path, made in self.sources.items()}

    @property
    def baseline(self) -> Behaviour:
        """What the full package did."""
        assert self.base is not None
        return self.base.behaviour

    @property
    def full(self) -> Path:
        """The folder of the full package."""
        return self.ground.folder

    def run(
        self,
        package: Path,
        *,
        sdk: bool | None = None,
        bytecode: Path | None = None,
        trial: Mapping[str, Any] | None = None,
    ) -> Run:
        """One life of a package; with boto3 beside it where the full one needed that in its first life."""
        if trial is not None:
            self.asked[package] = _things(trial)
        conditions = RunConditions(
            timeout=self.timeout,
            offline=self.settings.offline,
            stub_aws=self.settings.stub_aws,
            sdk=self.sdk if self.base else sdk,
            bytecode=bytecode,
            loaded=package in (self.full, self.slim),
            trial=trial,
        )
        if self.forks and self.rounds <= 1 and package in (self.full, self.slim):
            if life := self.forks.life(package, conditions, full=package == self.full):
                self.forked = True
                return life
            self.forks = None
        return drive(self.interpreter, package, self.function, self.events, conditions)

    @property
    def loads(self) -> LoadedModules:
        """What the full package loaded in its first life."""
        session = self.base.session if self.base else None
        return LoadedModules(session.loaded_at_init, session.loaded) if session else LoadedModules()

    @property
    def sdk(self) -> bool:
        """Whether boto3 lies beside the packages."""
        return bool(self.base and self.base.session.sdk)

    def start(self) -> None:
        """The full package's first life: from the bytecode that is made anyway, and from source where that fails.

        The bytecode that ships has no columns. Something has to show what needs them: where a source asks for them, the
        first function's life is from source, as other tools ship it.

        Raises:
            RunError: the full package came to a limit.
        """
        run = functools.partial(self.run, self.full, sdk=self.ground.sdk or None, trial=self.trial)
        bytecode = self.ground.bytecode if self.compiled and (self.ground.runs or not self.columns) else None
        base = first_life(functools.partial(run, bytecode=bytecode), self.full, self.settings.ignore_fields)
        if base.dead and bytecode:
            base, bytecode = first_life(run, self.full, self.settings.ignore_fields), None
        self.base = base
        self.ground.runs, self.ground.sdk = self.ground.runs + 1, bool(base.session.sdk)
        more_us = self._compiling_us(base.session.loaded_at_init) if bytecode else 0
        self.full_us = base.session.init_us and base.session.init_us + more_us

    def _compiling_us(self, modules: Iterable[str]) -> int:
        """How much longer INIT takes from source, by the time that it took to compile these modules."""
        bases = (f"{place}{name.replace('.', '/')}" for name in modules for place in self._places)
        paths = (f"{base}{end}" for base in bases for end in (".py", "/__init__.py"))
        return sum(self.sources[path].took_us for path in paths if path in self.sources)

    @property
    def _places(self) -> tuple[str, ...]:
        """What stands before the path of a module: nothing, or a folder of the package that is on the path."""
        return ("", *(f"{place}/" for place in self.function.python_path))

    def lay(self, candidate: Candidate) -> None:
        """Lays the slim package that is compared from now on."""
        self.slim = self.grounds.slim(candidate.shaped.members)
        if self.forks:
            owned = {file.path for file in candidate.plan.kept if file.owner}
            self.forks.members = {row.name: row for row in candidate.shaped.members if row.origin in owned}

    def close(self) -> None:
        """Stops watching the full package."""
        if self.watch is not None:
            self.watch.close()

    def confirmed(self, package: Path) -> tuple[Difference, ...]:
        """The differences that remain after another run of the full package, which shows what only the clock changes.

        The last of its lives runs from source: where bytecode makes a difference, that is not the slim package's.
        """
        changes = self.compare(package)
        if changes and self.forked:  # how they began may have made the difference
            self.forks, self.forked = None, False
            self.start()
            changes = self.compare(package)
        lives: list[Path | None] = [None] if self.rounds > 1 else [None, self.ground.bytecode]
        while changes and lives and self.base is not None:
            again = functools.partial(self.run, self.full, bytecode=lives.pop())
            self.base = run_again(self.base, again, self.full)
            changes = self.compare(package)
        return changes

    def compare(self, package: Path) -> tuple[Difference, ...]:
        """The differences between a package and the full one."""
        assert self.base is not None
        trial = None
        if self.trial is not None and package == self.slim:
            trial = {**self.trial, "bytecode": str(self._beside(package))}
        life = self.run(package, trial=trial)
        self.loaded, self.slim_us, self.tried = life.loaded, life.init_us, life.trial
        return differences(self.baseline, tidy(life, package, self.base.ignore))

    def expect(self, candidate: Candidate) -> None:
        """Has imports tried at the end of the next lives of the full package and of the one that is compared.

        Not where other functions share the full package: what is proved for them as well is tried in a process that has
        loaded nothing yet. Nor where what is left out is there in a spare archive.
        """
        self.trial, self.tried = import_request(candidate) if self.alone else None, None

    def tried_or_ask(self, package: Path, request: dict[str, Any]) -> ImportTrial | None:
        """As `ask`; by what a life of the package has tried, where that was all of it."""
        known = self.tried
        if package == self.full:
            known = self.base.session.trial if self.base else None
        whole = known is not None and _things(request) <= self.asked[package]
        return known if whole else self.ask(package, request)

    def ask(self, package: Path, request: dict[str, Any]) -> ImportTrial | None:
        """Tries to import modules of a package, see `try_imports`."""
        conditions = RunConditions(offline=self.settings.offline, sdk=self.sdk, bytecode=self._beside(package))
        return try_imports(self.interpreter, package, self.function, request, conditions)

    def _beside(self, package: Path) -> Path:
        """A folder with bytecode of the sources in a package."""
        if package == self.full:
            return self.ground.bytecode
        sources = {path: data for path, data in self.compiled.items() if (package / path).exists()}
        lay_bytecode(sources, package, self.scratch, cache_tag(self.function.target))
        return self.scratch


def _things(request: Mapping[str, Any]) -> frozenset[object]:
    """What a request is about."""
    return frozenset({*request["modules"], *request["libraries"], *map(tuple, request["entry_points"])})


def import_request(candidate: Candidate) -> dict[str, Any]:
    """The request for everything that has to load in a package; see `try_imports`."""
    kept = {file.path: file for file in candidate.plan.kept}
    sizes = {member.name: len(member.data) for member in candidate.shaped.members}
    stripped = [
        path for path, file in kept.items() if file.kind is FileKind.LIBRARY and sizes.get(path, file.size) != file.size
    ]
    modules = sorted(name for name in candidate.reached if not name.endswith("__main__"))
    rows = [list(row) for row in candidate.entry_points]
    return {"modules": modules, "entry_points": rows, "libraries": stripped, "own": sorted(candidate.own)}


def full_files(candidate: Candidate) -> list[File]:
    """What the full package of a candidate has, in order of path."""
    whole = (d.file for d in candidate.plan.decisions if d.verdict.keep or d.verdict.rule not in _NOT_FULL)
    return [file for file in whole if "__pycache__/" not in file.path]


def set_up(
    first: Candidate, function: Function, settings: Settings, interpreter: Path, folder: Path, grounds: Grounds
) -> ProofBench:
    """Lays the full package and runs it once.

    Raises:
        RunError: the full package came to a limit.
    """
    sources = _bytecode(first, function, settings)
    files = full_files(first)
    compiled = {path: made.data for path, made in sources.items()}
    ground = grounds.full(files, compiled, cache_tag(function.target))
    events = read_events(function.events)
    timeout = max(30.0, float(function.timeout_s))
    bench = ProofBench(
        function, settings, interpreter, ground, grounds, folder, sources, events, timeout, folder / "bytecode"
    )
    bench.columns = asks_for_columns(first.plan.kept)
    bench.alone = not ground.runs and not settings.spare
    bench.expect(first)
    own = frozenset(file.path for file in files if file.owner == FIRST_PARTY)
    if ground.runs and not (settings.stub_aws or settings.spare):
        bench.forks = Forks(interpreter, function, opening_of(function, files), own, events, grounds.lives)
    bench.watch = OpenWatch({(ground.folder / file.path).parent for file in files if file.owner == FIRST_PARTY})
    bench.start()
    assert bench.base is not None
    # A package must not fail for the little that it takes longer than the other.
    bench.timeout = max(timeout, 4 * bench.base.session.seconds / (1 + len(events)))
    return bench


def _bytecode(candidate: Candidate, function: Function, settings: Settings) -> Mapping[str, CompiledSource]:
    """What the sources that ship compile to; what cannot be compiled here is run from source."""
    try:
        return compile_sources(candidate.plan.kept, function.target, settings)
    except RunError:
        return {}
