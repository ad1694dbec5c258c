"""What a run of a function gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class RunConditions:
    """Under which conditions a package is run.

    Attributes:
        timeout: Seconds for INIT and for each event.
        offline: awslambdaric and boto3 are not fetched where they are not cached.
        sdk: Whether boto3 is there although the package has none, as in the managed runtimes. None for where a first
            run shows that it is asked for; what was left out of a package must not be hidden by it.
        bytecode: A folder with bytecode of the package, see `lay_bytecode`; it need not be complete.
        network: Whether the network may be used; off, Python code reaches only this machine.
        stub_aws: Whether AWS clients get empty successes; see `run/aws_stub.py`.
        trace: Whether to record what was touched.
        loaded: Whether to tell which modules of the package were loaded.
        startup: Whether to record what importing changed; see `probe/startup.py`.
        blame: What importing changes, to record which module does it; empty to see what that is.
        names: (module, name) pairs whose values a run with `startup` tells.
        trial: What is imported when all events are answered; see `probe/imports.py`.
    """

    timeout: float = 60
    offline: bool = False
    sdk: bool | None = None
    bytecode: Path | None = None
    network: bool = False
    stub_aws: bool = False
    trace: bool = False
    loaded: bool = False
    startup: bool = False
    blame: Sequence[str] | None = None
    names: Sequence[tuple[str, str]] = ()
    trial: Mapping[str, Any] | None = None


PLAIN = RunConditions()


@dataclass(frozen=True, slots=True)
class Rounds:
    """How INIT is timed.

    Attributes:
        count: In how many fresh children.
        kernel: Whether the reference kernel is read before and after each of them.
    """

    count: int = 5
    kernel: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What one event gave: `kind` is response or error; `body` is JSON text."""

    event: str
    kind: str
    body: str


@dataclass(frozen=True, slots=True)
class LoadedModules:
    """Names of modules of a package that a run loaded; without any where nothing ran.

    Attributes:
        at_init: Before the first event.
        ever: At INIT or for an event.
    """

    at_init: frozenset[str] = frozenset()
    ever: frozenset[str] = frozenset()

    def __or__(self, other: "LoadedModules") -> "LoadedModules":
        """What either of two runs loaded."""
        return LoadedModules(self.at_init | other.at_init, self.ever | other.ever)


@dataclass(frozen=True, slots=True)
class Run:
    """One life of a function: INIT and its events.

    Attributes:
        init_error: The error document that INIT reported, or None.
        code: Exit code; None where it lived until it was stopped after the last event.
        logs: What it printed.
        client: What drove it: `awslambdaric 4.2.2` or `own client`.
        asked: Addresses off this machine that it asked for, `host:port`, none of which answered; and operations that
            an AWS stub was asked for, `ssm: GetParameter`.
        record: What was recorded, a JSON document a line; see `probe/tracer.py`.
        sdk: `boto3 1.44.8`, where it stood in the place of the runtime's.
        stopped: "time", "memory", "output" or "processes" where it came to a limit.
        ready: Whether it asked for an event: INIT was over.
        seconds: Time in which it ran or waited; what it waited for a processor does not count.
        init_us: CPU time of INIT in microseconds, from where the package can be imported; 0 where it did not end.
        loaded: Names of modules of the package that were loaded, where that was asked for.
        loaded_at_init: Those of them that were there when it first asked for an event.
        trial: What failed to import after its last event; None where that was not asked for, or was not told.
    """

    init_error: str | None
    answers: tuple[Answer, ...]
    code: int | None
    logs: str
    client: str
    asked: tuple[str, ...] = ()
    record: str = ""
    sdk: str = ""
    stopped: str = ""
    seconds: float = 0.0
    ready: bool = True
    init_us: int = 0
    loaded: frozenset[str] = frozenset()
    loaded_at_init: frozenset[str] = frozenset()
    trial: "ImportTrial | None" = None

    @property
    def late(self) -> bool:
        """Whether it did not answer in time."""
        return self.stopped == "time"

    @property
    def stopped_text(self) -> str:
        """The limit that it came to, in words."""
        return "no answer within the time limit" if self.late else f"it came to its limit of {self.stopped}"

    @property
    def unproved(self) -> str:
        """Why nothing can be compared with it: it came to a limit of ours; "" where it did not."""
        took = {"time": f"took more than {self.seconds:.0f} s", "output": "printed too much"}
        took |= {"memory": "took more memory than it has", "processes": "started too many processes"}
        return f"could not be proved here (the full package {took[self.stopped]})" if self.stopped else ""


@dataclass(frozen=True, slots=True)
class ImportTrial:
    """What importing the modules of a package found.

    Attributes:
        failed: What fails to import or load, to the error.
        touched: Third-party modules at whose import first-party ones were loaded.
    """

    failed: dict[str, str]
    touched: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Timed:
    """One INIT: what `probe/importtime.py` found, or how the child ended without telling.

    Attributes:
        answer: The probe's document; empty where the child ended by itself or was stopped.
        code: Its exit code.
        late: It was stopped at the time limit.
        at: Where it was then, `src/app.py:3`; "" where not known.
        output: What it printed.
    """

    answer: dict[str, Any]
    code: int | None
    late: bool
    at: str
    output: str
