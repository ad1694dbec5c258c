"""What can be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from lambda_slim.base.patterns import fits_any


class Level(StrEnum):
    """How much is left out; each level includes the one before it."""

    AUTO = "auto"  # the default: reach where the package can be proved here, else safe
    SAFE = "safe"  # only what is provably inert
    REACH = "reach"  # what no path from the handler reaches
    TRACE = "trace"  # what was seen used, plus a static margin


class Bytecode(StrEnum):
    """Which modules ship as bytecode."""

    AUTO = "auto"  # modules that INIT imports: in place of source where the package is proved, else beside it
    INIT = "init"  # modules that INIT imports, beside their source
    ALL = "all"  # every module, beside its source
    NONE = "none"
    ONLY = "only"  # all modules that are likely to be imported, in place of source, except sources that code reads


class Startup(StrEnum):
    """When imports happen."""

    EAGER = "eager"  # as written
    LAZY = "lazy"  # what neither INIT nor an event reads waits until it is read
    AUTO = "auto"  # lazy where it saves something
    PRELOAD = "preload"  # INIT imports also what only events read: for SnapStart and provisioned concurrency


class Waiting(StrEnum):
    """Which imports wait, where imports are lazy."""

    UNREAD = "unread"  # those that neither INIT nor an event reads
    INIT = "init"  # all that INIT does not read: events pay for them


class Margin(StrEnum):
    """What level trace ships beyond what was seen."""

    NONE = "none"
    SOURCES = "sources"  # all that is imported in writing, but extension modules whose own libraries were never mapped
    STATIC = "static"  # all that is imported in writing


class Sdk(StrEnum):
    """What happens to the boto set (boto3, botocore, s3transfer, jmespath, python-dateutil, six, urllib3)."""

    KEEP = "keep"
    RUNTIME = "runtime"  # leave the whole set out; the runtime's own copy is used
    PRUNE = "prune"  # keep it, with the data of the services that the code names


@dataclass(frozen=True, slots=True)
class FunctionSettings:
    """One `[tool.lambda-slim.functions.NAME]` table; None means "not said here"."""

    name: str
    handler: str | None = None
    source: Path | None = None
    requirements: Path | None = None
    runtime: str | None = None
    architecture: str | None = None
    memory_mb: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Path, ...] = ()
    trace_command: str | None = None
    layers: tuple[str, ...] = ()  # as for all functions, after those
    level: Level | None = None
    startup: Startup | None = None
    lazy: Waiting | None = None
    eager: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    budgets: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""  # `pyproject.toml:12`

    @property
    def memory(self) -> int:
        """MB: the declared memory, or Lambda's default."""
        return self.memory_mb or 128


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one run. Paths are absolute; patterns are gitignore patterns relative to the package root."""

    root: Path
    file: Path | None = None  # where the settings were read from
    template: Path | None = None
    functions: tuple[FunctionSettings, ...] = ()
    select: tuple[str, ...] = ()  # -F: glob patterns of function names
    runtime: str | None = None
    architecture: str | None = None
    level: Level = Level.AUTO
    level_why: str = ""  # where `auto` was asked for: why the level is what it is now
    proof: bool = True  # packages may be proved; off, `auto` is safe
    keep: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    allow_secrets: tuple[str, ...] = ()
    sdk: Sdk = Sdk.KEEP
    bytecode: Bytecode = Bytecode.AUTO
    strip: bool = True
    release: bool = False  # spend more time on smaller bytes (libdeflate 12)
    interpreter: Path | None = None  # a Python of the target's minor version
    layers: tuple[str, ...] = ()  # folders, zips, ARNs or requirements at /opt, for every function
    provided: tuple[str, ...] = ()  # import names that come from a layer or the runtime
    ignore_findings: tuple[str, ...] = ()
    margin: Margin = Margin.SOURCES
    startup: Startup = Startup.EAGER
    lazy: Waiting = Waiting.UNREAD
    eager: tuple[str, ...] = ()  # modules whose imports never wait, as patterns
    guard: bool = True  # an import of what was left out says so
    spare: bool = False  # modules that were left out ship compressed and load on demand
    ignore_fields: tuple[str, ...] = ()  # of results that may differ between two runs
    stub_aws: bool = False  # AWS clients get empty successes while the function is traced and proved
    offline: bool = False
    allow_stale_lock: bool = False  # a lock that does not fit its project is taken as it is
    stage: str = ""  # of a deployment file that has several; "" for its default
    make: bool = False  # Makefiles that build functions are run
    static: bool = False  # of the command: nothing is run that the project brings, no build backend either
    partial: bool = False  # of a static command: a requirement that would have to be built is only named
    budgets: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)  # dotted key -> line in `file`, for messages

    def table_of(self, name: str) -> FunctionSettings:
        """A function's own table; an empty one where it has none."""
        return next((table for table in self.functions if table.name == name), FunctionSettings(name))

    @property
    def waits_for_init_only(self) -> bool:
        """Whether imports that events read wait too; `auto` never moves work into an event."""
        return self.startup is Startup.LAZY and self.lazy is Waiting.INIT

    def selects(self, name: str) -> bool:
        """Whether a function of this name is asked for."""
        return not self.select or fits_any(name, self.select)
