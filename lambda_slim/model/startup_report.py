"""The parts of the report about how a package starts: whether it can, and which imports wait."""

from dataclasses import dataclass


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
        event_reads: An event reads it, so it is imported then.
    """

    module: str
    file: str
    line: int
    name: str
    target: str
    modules: int = 0
    saves_us: int = 0
    event_reads: bool = False


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
        levers: What else INIT leaves out: `garbage collection`, `regular expressions`, `the search for modules`.
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
