"""What else INIT can leave than imports: compiling regular expressions, and looking for garbage where there is none."""

from collections.abc import Iterable, Sequence

from lambda_slim.bundle.startup import PATTERNS
from lambda_slim.model.member import Member
from lambda_slim.run.compiler import compile_patterns
from lambda_slim.startup.records import Snapshot
from lambda_slim.tasks.startup_bench import Lever, StartupBench

GARBAGE = "garbage collection"


def levers_of(bench: StartupBench, lives: Iterable[Sequence[Snapshot]]) -> tuple[Lever, ...]:
    """The levers that apply, by what INIT did in some runs; none if the handler's module cannot be rewritten."""
    if bench.function.module not in bench.modules:
        return ()
    garbage = Lever(GARBAGE, ["hold_garbage"], ["free_garbage"])
    patterns = sorted({pattern for snapshots in lives if snapshots for pattern in snapshots[0].patterns})
    if not patterns:
        return (garbage,)
    known = Member(PATTERNS, compile_patterns(bench.interpreter, patterns), origin=PATTERNS)
    return garbage, Lever("regular expressions", ["know_patterns"], ["forget_patterns"], (known,))
