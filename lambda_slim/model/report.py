"""The one model that every renderer reads; integers in bytes and microseconds, POSIX paths relative to the project."""

import posixpath
from dataclasses import dataclass

from lambda_slim.model.image import ImageReport
from lambda_slim.model.import_report import ColdStartReport, ImportNode, ImportReport
from lambda_slim.model.package_report import PackageReport, Proof
from lambda_slim.model.sharing import Sharing
from lambda_slim.model.startup_report import LazyRow, StartReport, StartupReport

# Owners of files and imports in a report that are no distributions.
PROJECT, STDLIB, RUNTIME, ADDED = "(project)", "(stdlib)", "(runtime)", "(added)"

SCHEMA_VERSION = "1.0"  # minor: fields were added; major: fields changed their meaning or went


@dataclass(frozen=True, slots=True)
class Sizes:
    """A package's bytes; zipped is 0 where it was not compressed."""

    unzipped_bytes: int
    zipped_bytes: int
    files: int


NO_SIZES = Sizes(0, 0, 0)  # of a package that is not there


@dataclass(frozen=True, slots=True)
class DistributionRow:
    """One distribution (or `(project)`) in a package.

    Attributes:
        freed_bytes: What leaves the package if it goes: of a built package, what a plan without it leaves out (of
            requirements of the project; 0 for others); of a full one, its own bytes and those that only it needs.
        zipped_bytes: Compressed bytes of its files.
        files: Files of it that ship; bytecode counts for the source that it was made from.
        modules_loaded: Modules loaded during INIT; 0 where imports were not measured.
        import_self_us: Their own time, median of the runs.
        first_import: Chain from the project's line to the first import: (module, file, line) each.
    """

    name: str
    version: str
    direct: bool
    required_by: tuple[str, ...]
    own_bytes: int
    freed_bytes: int
    freed_with: tuple[str, ...]
    zipped_bytes: int
    files: int
    modules_shipped: int = 0
    modules_loaded: int = 0
    import_self_us: int = 0
    first_import: tuple[tuple[str, str, int], ...] = ()
    where: str = ""  # the line that requires it: `requirements.txt:3`

    @property
    def listed(self) -> bool:
        """Whether tables have a line for it: it has files or a version."""
        return bool(self.own_bytes or self.version)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What one rule of the plan left out (or would leave out)."""

    rule: str
    why: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """The decision for one file.

    Attributes:
        importer: The file whose import first leads to it, on a shortest chain from the handler; "" for the handler's
            own module and for what no import leads to.
        line: Of that import; 0 where it has none.
        how: In what way it leads there: `imported at module level`, `imported inside a function`.
    """

    path: str
    bytes: int
    zipped_bytes: int
    distribution: str
    kind: str
    decision: str  # "kept" | "dropped"
    rule: str
    why: str
    loaded: bool = False  # at INIT
    reached: bool = False  # an import path from the handler leads to it
    importer: str = ""
    line: int = 0
    how: str = ""

    @property
    def ships(self) -> bool:
        """Whether it was kept."""
        return self.decision == "kept"


@dataclass(frozen=True, slots=True)
class Finding:
    """Advice with a rule id, a place and what it saves. `level`: error, warning or info."""

    rule: str
    level: str
    message: str
    file: str = ""
    line: int = 0
    saves_bytes: int = 0
    saves_us: int = 0
    hint: str = ""
    column: int = 0  # from 1; 0 where it is about the whole line or file

    @property
    def told(self) -> str:
        """The message; for something missing with the likely cause."""
        return f"{self.message}: {self.hint}" if self.rule.startswith("LS13") and self.hint else self.message


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do next.

    Attributes:
        text: What, or what is to be known.
        command: To run or to begin with; "" where an edit is meant.
        saves_bytes: Of the unzipped package.
        saves_us: Of INIT, as measured here.
    """

    text: str
    command: str = ""
    saves_bytes: int = 0
    saves_us: int = 0

    @property
    def saves(self) -> bool:
        """Whether it saves anything."""
        return bool(self.saves_bytes or self.saves_us)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One budget or rule of `check`. `status`: passed, failed, warning, noise or skipped."""

    id: str
    status: str
    level: str
    value: int
    limit: int
    unit: str
    baseline: int | None = None
    message: str = ""
    file: str = ""
    line: int = 0

    @property
    def passed(self) -> bool:
        """Whether it holds."""
        return self.status == "passed"

    @property
    def failed(self) -> bool:
        """Whether it is over its limit, or a rule is broken."""
        return self.status == "failed"

    @property
    def has_limit(self) -> bool:
        """Whether its limit says something: 0 is none for a rule or a count, or where the value is not known."""
        if self.limit:
            return True
        return self.unit not in ("", "count") and self.status != "skipped"

    @property
    def moved_by(self) -> int:
        """How far the value is from the baseline; 0 where there is none."""
        return 0 if self.baseline is None else self.value - self.baseline


@dataclass(frozen=True, slots=True)
class FunctionReport:
    """Everything known about one function's package.

    Attributes:
        before: The full package, as the usual tool would ship it: every distribution whole and the code folder, without
            what git ignores, caches, and packages that were built before; of another tool's package, that as it is.
        after: The package as built or as it would be built; None when that was not asked.
    """

    name: str
    handler: str
    runtime: str
    architecture: str
    memory_mb: int
    before: Sizes
    after: Sizes | None = None
    layers_bytes: int = 0
    by_kind: tuple[tuple[str, int], ...] = ()
    by_folder: tuple[tuple[str, int], ...] = ()
    duplicates: tuple[tuple[str, int, tuple[str, ...]], ...] = ()  # (digest, bytes each, paths)
    distributions: tuple[DistributionRow, ...] = ()
    rules: tuple[RuleRow, ...] = ()
    files: tuple[FileRow, ...] = ()
    imports: ImportReport | None = None
    cold_start: ColdStartReport | None = None
    findings: tuple[Finding, ...] = ()
    checks: tuple[CheckRow, ...] = ()
    next_steps: tuple[Step, ...] = ()  # most saved first
    init_modules: tuple[str, ...] = ()  # packaged modules that importing the handler brings, by the static graph
    changed: tuple[str, ...] = ()  # since the baseline of `check`, with causes
    package: PackageReport | None = None
    proof: Proof | None = None
    starts: StartReport | None = None
    startup: StartupReport | None = None
    image: ImageReport | None = None

    @property
    def now(self) -> Sizes:
        """The sizes of the package as built, or of the full one where none was built."""
        return self.after or self.before

    @property
    def shipped(self) -> tuple[FileRow, ...]:
        """The files that ship."""
        return tuple(row for row in self.files if row.ships)

    @property
    def package_files(self) -> tuple[FileRow, ...]:
        """The files of the package; one that was not built has them all."""
        return self.files if self.package is None else self.shipped

    @property
    def failed_checks(self) -> tuple[CheckRow, ...]:
        """The checks that failed."""
        return tuple(row for row in self.checks if row.failed)

    @property
    def timed_us(self) -> tuple[int, int]:
        """CPU time of INIT of the full and of the slim package in the runs of the proof; 0 where it was not run."""
        return self.proof.timed_us if self.proof else (0, 0)

    @property
    def saving_steps(self) -> tuple[Step, ...]:
        """What to do next that saves something."""
        return tuple(step for step in self.next_steps if step.saves)

    @property
    def import_nodes(self) -> tuple[ImportNode, ...]:
        """The imports of INIT in time order; none where they were not measured."""
        return self.imports.nodes if self.imports else ()

    @property
    def lazy_rows(self) -> tuple[LazyRow, ...]:
        """The imports that wait; none where imports are eager."""
        return self.startup.lazy if self.startup else ()


def is_dead(function: FunctionReport) -> bool:
    """Whether a function does not start, or fails whenever it was run."""
    starts, proof = function.starts, function.proof
    return bool((starts and starts.verdict == "no") or (proof and proof.dead))


@dataclass(frozen=True, slots=True)
class Report:
    """One run over one project.

    Attributes:
        folder: The project's folder below its repository's, which is what CI systems count paths from; "" where they
            are one.
    """

    tool_version: str
    functions: tuple[FunctionReport, ...]
    template: str = ""
    warnings: tuple[str, ...] = ()
    sharing: Sharing | None = None  # of several functions
    started: str = ""  # the `run` block of the JSON: the only volatile part
    duration_us: int = 0
    schema_version: str = SCHEMA_VERSION
    folder: str = ""

    @property
    def failed(self) -> tuple[FunctionReport, ...]:
        """The functions that have failed checks."""
        return tuple(function for function in self.functions if function.failed_checks)

    def from_repository(self, file: str) -> str:
        """A path of the project as CI systems want it."""
        return posixpath.normpath(posixpath.join(self.folder, file)) if file else ""
