"""The parts of the report about a package that was built: the zip, and what runs of it have proved."""

from dataclasses import dataclass

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
    def reason(self) -> str:
        """The first note; "" for none."""
        return next(iter(self.notes), "")

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
