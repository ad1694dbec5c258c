"""The parts of the report about the time of INIT; integers in bytes and microseconds."""

from dataclasses import dataclass


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

    @property
    def asked_at(self) -> str:
        """The line that asks for it, `src/app.py:3`; "" where that is not known."""
        return f"{self.importer}:{self.line}" if self.importer and self.line else ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Measured INIT: median of interleaved runs; totals of the nodes and body calls add up to `total_us`.

    `cpu_us` is the CPU time of the runs that were disturbed least, see `measure/undisturbed.py`.
    """

    runs: int
    total_us: int
    spread_us: int
    cpu_us: int
    bytecode: str  # "pyc" | "source" | "mixed" | "unknown"
    runtime_client: str  # `awslambdaric 4.2.2`, `own client`, or the name of a log
    rss_bytes: int
    nodes: tuple[ImportNode, ...]
    kernel_us: tuple[int, ...] = ()  # CPU time of the reference kernel, read beside the runs

    @property
    def loaded(self) -> list[ImportNode]:
        """The imports that loaded a module."""
        return [node for node in self.nodes if node.status == "ok"]


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
