"""What else INIT can leave than imports: looking for garbage and modules, compiling regular expressions and texts."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from lambda_slim.bundle.startup import MODULE, PATTERNS, PLACES, TEXTS, TEXTS_MODULE, texts_source
from lambda_slim.model.member import Member
from lambda_slim.run.compiler import compile_modules, compile_patterns, compile_texts
from lambda_slim.startup.choose import star_targets
from lambda_slim.startup.compare import state_faults
from lambda_slim.startup.records import Snapshot
from lambda_slim.tasks.startup.bench import Lever, Life, StartupBench
from lambda_slim.tasks.startup.work import StartupWork

GARBAGE = "garbage collection"
_OWN = frozenset({"annotationlib", "dataclasses", "typing"})  # modules of Python's own that compile texts


def levers_of(bench: StartupBench, lives: Iterable[Sequence[Snapshot]]) -> tuple[Lever, ...]:
    """The levers that apply, by what INIT did in some runs; none if the handler's module cannot be rewritten."""
    if bench.function.module not in bench.modules:
        return ()
    starts = [snapshots[0] for snapshots in lives if snapshots]
    levers = [Lever(GARBAGE, ["hold_garbage"], ["free_garbage"])]
    if patterns := sorted({pattern for start in starts for pattern in start.patterns}):
        known = Member(PATTERNS, compile_patterns(bench.interpreter, patterns), origin=PATTERNS)
        levers.append(Lever("regular expressions", ["know_patterns"], ["forget_patterns"], (known,)))
    if texts := _texts_of(bench, starts):
        levers.append(_texts_lever(bench, texts))
    if lines := "".join(sorted(_place_lines(bench, starts))):
        places = Member(PLACES, lines.encode(), origin=PLACES)
        levers.append(Lever("the search for modules", ["know_places"], ["forget_places"], (places,)))
    return tuple(levers)


def _texts_of(bench: StartupBench, starts: Iterable[Snapshot]) -> list[tuple[str, str, str, str, int]]:
    """The texts that INIT compiled, in modules that can be given their code."""
    return sorted({text for start in starts for text in start.texts if _may_take(bench, text[0])})


def _may_take(bench: StartupBench, module: str) -> bool:
    """Whether the code of texts can be given to a module: nobody may copy its names while it has it."""
    return module in _OWN or (module in bench.modules and module not in star_targets(bench.modules))


def _texts_lever(bench: StartupBench, texts: Sequence[tuple[str, str, str, str, int]]) -> Lever:
    """The lever that has texts compiled by the build."""
    script = compile_modules(bench.interpreter, [(TEXTS_MODULE, texts_source())])[0]
    members = (
        Member(f"{TEXTS_MODULE}c", script, origin=TEXTS_MODULE),
        Member(TEXTS, compile_texts(bench.interpreter, texts), origin=TEXTS),
    )
    return Lever(
        "code made from texts",
        [f"{Path(TEXTS_MODULE).stem}:know"],
        [f"{Path(TEXTS_MODULE).stem}:forget"],
        members,
        takers=tuple(sorted({module for module, *_ in texts} - _OWN)),
    )


def _place_lines(bench: StartupBench, starts: Iterable[Snapshot]) -> set[str]:
    """`module rest` of modules that are found while the handler's module is imported."""
    before = {bench.function.module, Path(MODULE).stem, Path(TEXTS_MODULE).stem}
    return {f"{name} {rest}\n" for start in starts for name, rest in start.places.items() if name not in before}


def add_levers(work: StartupWork) -> None:
    """What else INIT can leave; the rounds used all of it, unless something differed that no import explained."""
    bench = work.bench
    if work.life is None or bench.function.module not in bench.modules or (work.settled and bench.levers):
        return
    every = levers_of(bench, (bench.lives[0].snapshots, work.life.snapshots))
    kept: tuple[Lever, ...] = ()
    for levers in (every, *((lever,) for lever in every)):
        if life := _try_levers(work, (*kept, *levers)):
            kept, work.life = bench.levers, life
        if levers is every and kept:
            break
    bench.pull(kept)


def _try_levers(work: StartupWork, levers: Sequence[Lever]) -> Life | None:
    """A life with these levers; None where something differs, or garbage that can be seen stays."""
    bench = work.bench
    while levers:
        bench.pull(levers)
        life = bench.live(bench.hold(work.table))
        if bench.compare(life) or state_faults(*work.eager_lives, life.snapshots, work.table):
            return None
        if life.last is None or not life.last.garbage:
            return life
        levers = _swept(levers, life.last.garbage, work.evidence.modules)
    return None


def garbage_round(work: StartupWork, *, last: bool) -> bool:
    """Has garbage collected where it is made, if INIT leaves some that can be seen; whether that is so.

    Only the `last` look, at what is proved in all else, costs the lever where that does not help.
    """
    bench = work.bench
    if work.life is None or work.life.last is None or not work.life.last.garbage:
        return False
    levers = _swept(bench.levers, work.life.last.garbage, work.evidence.modules)
    if not last and len(levers) < len(bench.levers):
        return False
    bench.pull(levers)
    return True


def _swept(levers: Iterable[Lever], garbage: Iterable[tuple[str, str]], known: Container[str]) -> tuple[Lever, ...]:
    """The levers, with garbage that somebody could see collected where it is made; without the one that left it else.

    Args:
        levers: Those that were tried.
        garbage: What they left, see `Snapshot.garbage`.
        known: Modules that can be rewritten.
    """
    makers = {module for module, _ in garbage}
    return tuple(
        replace(lever, swept=tuple(sorted({*lever.swept, *makers}))) if lever.name == GARBAGE else lever
        for lever in levers
        if lever.name != GARBAGE or (makers - {*lever.swept} and all(module in known for module in makers))
    )
