"""The options of a build, and its result."""

from dataclasses import dataclass
from pathlib import Path

from lambda_slim.model.function import Function
from lambda_slim.model.member import UNZIPPED_LIMIT, Archive
from lambda_slim.model.report import FunctionReport
from lambda_slim.model.trace import Trace


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What a build is asked for beyond the settings.

    Attributes:
        trace: Evidence to decide by; level `trace` needs it.
        events: Events to prove the package with; the function's own come first.
        prove: Whether levels above `safe` are proved.
        cached: Whether an equal earlier build may be taken.
        beside: Other functions that have the same package; it holds what any of them needs.
        limit: Bytes that the package may have unzipped.
    """

    trace: Trace | None = None
    events: tuple[Path, ...] = ()
    prove: bool = True
    cached: bool = True
    beside: tuple[Function, ...] = ()
    limit: int = UNZIPPED_LIMIT


@dataclass(frozen=True, slots=True)
class Built:
    """A written zip and its report."""

    function: Function
    archive: Archive
    report: FunctionReport
