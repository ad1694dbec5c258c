"""The one model that every renderer reads; integers in bytes and microseconds, POSIX paths relative to the project."""

import posixpath
from dataclasses import dataclass

from lambda_slim.model.image import ImageReport
from lambda_slim.model.import_report import ColdStartReport, ImportNode, ImportReport
from lambda_slim.model.sharing import Sharing
from lambda_slim.model.startup_report import StartReport, StartupReport

# Owners of files and imports in a report that are no distributions.
PROJECT, STDLIB, RUNTIME, ADDED = "(project)", "(stdlib)", "(runtime)", "(added)"

SCHEMA_VERSION = "1.0"  # minor: fields were added; major: fields changed their meaning or went


@dataclass(frozen=True, slots=True)
class Sizes:
    """A package's bytes; zipped is 0 where it was not compressed."""

    unzipped_bytes: int
    zipped_bytes: int
    files: int


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


LEAST_INIT_US = 100  # an empty module takes about as long


@dataclass(frozen=True, slots=True)
class Proof:
    """What a run did: `result` is same, different, imports-only, not-run, does-not-start or events-fail.

    Attributes:
        events: How many both packages were driven with.
        modules: How many import in the slim package as in the full one.
        rolled_back: Files that were left out and came back, with the difference.
        notes: What it cannot vouch for.
        init_us: CPU time of INIT of the full package, source only, and of the slim one, in microseconds, as the runs
            of the proof had it; 0 where they did not get that far. To that of a full package that ran from bytecode is
            added what compiling the modules of INIT took.
    """

    result: str
    events: int = 0
    modules: int = 0
    rolled_back: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    init_us: tuple[int, int] = (0, 0)

    @property
    def dead(self) -> bool:
        """Whether the full package fails by itself, which proves nothing."""
        return self.result in ("does-not-start", "events-fail")

    @property
    def timed_us(self) -> tuple[int, int]:
        """`init_us`, with 0 for what is shorter than any INIT: the clock of the processor ticks too slowly there."""
        full, slim = (us if us >= LEAST_INIT_US else 0 for us in self.init_us)
        return full, slim


@dataclass(frozen=True, slots=True)
class PackageReport:
    """The zip that `build` wrote. `path` is relative to the project where it lies within.

    Attributes:
        bytecode_bytes: Unzipped bytes of all bytecode, in place of source and beside it.
        bytecode_files: How many files that is.
        bytecode_zipped_bytes: What they take in the zip.
        plain_zipped_bytes: What the zip would be with source in place of all bytecode; 0 where not known.
        level_why: Why the level is what it is, where the default decided; "" where it was asked for.
    """

    path: str
    sha256: str
    code_sha256: str
    bytecode: str
    level: str
    bytecode_bytes: int = 0
    bytecode_files: int = 0
    level_why: str = ""
    bytecode_zipped_bytes: int = 0
    plain_zipped_bytes: int = 0


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
        return tuple(row for row in self.files if row.decision == "kept")

    @property
    def import_nodes(self) -> tuple[ImportNode, ...]:
        """The imports of INIT in time order; none where they were not measured."""
        return self.imports.nodes if self.imports else ()


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

    def from_repository(self, file: str) -> str:
        """A path of the project as CI systems want it."""
        return posixpath.normpath(posixpath.join(self.folder, file)) if file else ""
