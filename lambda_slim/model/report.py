"""The one model that every renderer reads; integers in bytes and microseconds, POSIX paths relative to the project."""

import posixpath
from dataclasses import dataclass

from lambda_slim.model.image import ImageReport
from lambda_slim.model.sharing import Sharing

# Owners of files and imports in a report that are no distributions.
PROJECT, STDLIB, RUNTIME = "(project)", "(stdlib)", "(runtime)"

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
        freed_bytes: What leaves the package if it goes: its own bytes and those that only it needs (dominators).
        zipped_bytes: Compressed bytes of its files.
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
class BodyCall:
    """A call in a module's body that took time by itself."""

    line: int
    call: str
    us: int


@dataclass(frozen=True, slots=True)
class ImportNode:
    """One import, in time order. `status`: ok, failed, cached or lazy; `importer` is the file that `line` is in."""

    id: int
    module: str
    parent: int | None
    distribution: str  # PROJECT, STDLIB, RUNTIME or a distribution
    file: str
    line: int | None  # where the importer asks for it
    self_us: int
    total_us: int
    start_us: int = 0
    status: str = "ok"
    thread: int = 0
    body_calls: tuple[BodyCall, ...] = ()
    importer: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Measured INIT: median of interleaved runs; totals of the nodes and body calls add up to `total_us`."""

    runs: int
    total_us: int
    spread_us: int
    cpu_us: int
    bytecode: str  # "pyc" | "source" | "mixed" | "unknown"
    runtime_client: str  # `awslambdaric 4.2.2`, `own client`, or the name of a log
    rss_bytes: int
    nodes: tuple[ImportNode, ...]
    kernel_us: tuple[int, ...] = ()  # CPU time of the reference kernel, read beside the runs


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the cold-start estimate, with its basis: `measured here`, `published` or `assumed`."""

    name: str
    low_us: int
    likely_us: int
    high_us: int
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class ColdStartReport:
    """An 80 % interval of what REPORT lines would show as Init Duration, and the unbilled rest."""

    calibrated: bool
    init_low_us: int
    init_us: int
    init_high_us: int
    parts: tuple[Part, ...]
    cost_usd_per_million: float
    notes: tuple[str, ...] = ()


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
        """The message, of something missing with what lies nearest; elsewhere the hint is the rule's own."""
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


@dataclass(frozen=True, slots=True)
class Proof:
    """What a run did: `result` is same, different, imports-only, not-run, does-not-start or events-fail."""

    result: str
    events: int = 0
    modules: int = 0
    rolled_back: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def dead(self) -> bool:
        """Whether the full package fails by itself, which proves nothing."""
        return self.result in ("does-not-start", "events-fail")


@dataclass(frozen=True, slots=True)
class StartReport:
    """Whether a package can start on Lambda, told without running it.

    Attributes:
        verdict: `yes`, `no`, or `unknown` where layers or missing sources leave it open.
        why: The first reason against it; "" where there is none.
        modules: How many modules INIT imports for sure.
    """

    verdict: str
    why: str = ""
    modules: int = 0


@dataclass(frozen=True, slots=True)
class LazyRow:
    """One import that waits until it is read.

    Attributes:
        module: Where it is written; `file` and `line` say the same as a path.
        name: What it binds.
        target: What it imports, `pandas` or `pandas.DataFrame`.
        modules: How many modules it would load after INIT.
        saves_us: CPU time of loading them, in microseconds.
    """

    module: str
    file: str
    line: int
    name: str
    target: str
    modules: int = 0
    saves_us: int = 0


@dataclass(frozen=True, slots=True)
class StartupReport:
    """When the imports of a package happen, and why.

    Attributes:
        mode: `eager`, `lazy` or `preload`: what was built.
        why: Why it is that, where something else was asked for.
        eager_us: CPU time of INIT with every import at once, in microseconds.
        lazy_us: The same as built.
        modules_eager: Modules loaded after INIT and all events, with every import at once.
        modules_lazy: The same as built.
        lazy: The imports that wait.
        eager: Reasons why others do not, to `file:line name`.
        made_eager: What the proof took back, with the difference.
        first_event_us: CPU time of the first event, with every import at once and as built.
        levers: What else INIT leaves out: `garbage collection`, `regular expressions`.
        notes: What else there is to say.
    """

    mode: str
    why: str = ""
    eager_us: int = 0
    lazy_us: int = 0
    modules_eager: int = 0
    modules_lazy: int = 0
    lazy: tuple[LazyRow, ...] = ()
    eager: tuple[tuple[str, tuple[str, ...]], ...] = ()
    made_eager: tuple[str, ...] = ()
    first_event_us: tuple[int, int] = (0, 0)
    levers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageReport:
    """The zip that `build` wrote. `path` is relative to the project where it lies within.

    Attributes:
        bytecode_bytes: Unzipped bytes of bytecode that travels beside its source.
        bytecode_files: How many files that is.
    """

    path: str
    sha256: str
    code_sha256: str
    bytecode: str
    level: str
    bytecode_bytes: int = 0
    bytecode_files: int = 0


@dataclass(frozen=True, slots=True)
class FunctionReport:
    """Everything known about one function's package.

    Attributes:
        before: The package as it would be without us (whole dependency tree and source folder), or as it is now.
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
