"""Proves a slim package against the full one, and brings back the files that make a difference."""

import functools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.errors import RunError
from lambda_slim.base.progress import Progress
from lambda_slim.bundle.layout import Variants, laid_out, lay_files, lay_members
from lambda_slim.model.behaviour import Difference
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.function import Function
from lambda_slim.model.package_report import Proof
from lambda_slim.model.run import LoadedModules
from lambda_slim.model.settings import Settings
from lambda_slim.prove.search import culprits, suspects
from lambda_slim.run.interpreter import cannot_run, find_interpreter
from lambda_slim.tasks.baseline import without_logs
from lambda_slim.tasks.proof.bench import FIRM, Candidate, ProofBench, import_request, set_up
from lambda_slim.tasks.proof.grounds import Grounds
from lambda_slim.tasks.proof.imports import import_faults, unproved_faults
from lambda_slim.tasks.proof.kept import KnownProof, keep_proof, known_proof, question_of

_ROUNDS = 12
_ROUNDS_OF_ONE = 3  # with faults in one distribution, before all of it is brought back


Remake = Callable[[Mapping[str, str], LoadedModules], Candidate]


@dataclass(frozen=True, slots=True)
class Proved:
    """The package to ship, and its proof.

    Attributes:
        apart: Package paths of first-party files whose contents the proof does not depend on; none where it brought
            something back, or proves nothing.
    """

    candidate: Candidate
    proof: Proof
    apart: frozenset[str] = frozenset()


def prove(
    first: Candidate,
    remake: Remake,
    function: Function,
    settings: Settings,
    progress: Progress,
    grounds: Grounds | None = None,
) -> Proved:
    """Runs the full and the slim package and brings files back until they do the same.

    Args:
        first: The package as planned.
        remake: The package with some files brought back, to the reason, and bytecode of the modules that were loaded.
        function: Its handler, environment and events.
        settings: `interpreter`, `ignore_fields`, `stub_aws`, `offline`.
        progress: Told what goes on.
        grounds: What functions of one run have in common.

    Raises:
        RunError: it still behaves differently with everything brought back that may be.
    """
    interpreter = find_interpreter(function.target, settings.interpreter)
    if reason := cannot_run(function, interpreter):
        return Proved(first, Proof("not-run", notes=(reason,)))
    assert interpreter is not None
    question = question_of(first, function, settings)
    if known := known_proof(question):
        return Proved(remake({}, known.loaded), known.proof, known.apart)
    with laid_out() as folder:
        try:
            progress(f"{function.name}: running the full package")
            bench = set_up(first, function, settings, interpreter, folder, grounds or Grounds())
        except RunError as error:  # nothing was found out about the package
            return Proved(first, Proof("not-run", notes=(error.message,)))
        try:
            if bench.base and (result := bench.base.dead):
                notes = (bench.base.death, *bench.base.notes)
                return Proved(first, Proof(result, len(bench.events), notes=notes))
            loaded = bench.loads
            made = remake({}, loaded)
            bench.lay(made)
            candidate, proof = _settle(made, functools.partial(_made, remake, loaded), bench, folder, progress)
            apart = keep_proof(question, KnownProof(proof, loaded), bench.opened)
        finally:
            bench.close()
        return Proved(candidate, proof, apart)


def _made(remake: Remake, loaded: LoadedModules, restored: Mapping[str, str]) -> Candidate:
    return remake(restored, loaded)


def _settle(
    first: Candidate,
    remake: Callable[[Mapping[str, str]], Candidate],
    bench: ProofBench,
    folder: Path,
    progress: Progress,
) -> tuple[Candidate, Proof]:
    candidate, restored, rounds_of = first, dict[str, str](), Counter[str]()
    while True:
        bench.rounds += 1
        progress(f"{bench.function.name}: proving, round {bench.rounds}")
        faults = _faults(candidate, bench)
        if not faults:
            return candidate, _proof(candidate, bench, restored, frozenset(_compiled(first)))
        if bench.rounds > _ROUNDS:
            paths, why = _all_back(candidate), "the proof did not end"
        else:
            _check_secrets(candidate, faults, bench, folder)
            paths, why = _to_restore(candidate, faults, bench, folder, progress)
            paths = widened(paths, _soft(candidate), rounds_of)
        back = {path: why for path in paths if path not in restored}
        if not back and bench.base and _only_logs(faults):
            bench.base = without_logs(bench.base)
            continue
        if not back:
            raise RunError(
                f"{bench.function.name}: the package does not behave like the full one",
                cause=f"{faults[0].where}: {faults[0].full} became {faults[0].slim}",
                hint="if that may differ, add it to ignore-fields; otherwise use --level safe, and please report it",
            )
        restored |= back
        candidate = remake(restored)
        bench.slim = lay_members(candidate.shaped.members, folder / f"slim{len(restored)}" / "task")


def _only_logs(faults: Sequence[Difference]) -> bool:
    return {fault.where for fault in faults} == {"log"}


def _check_secrets(candidate: Candidate, faults: Sequence[Difference], bench: ProofBench, folder: Path) -> None:
    """Checks whether the package misses files that look secret.

    Raises:
        RunError: with them the package behaves like the full one.
    """
    secrets = [d.file for d in candidate.plan.dropped if d.verdict.rule == "secret"]
    if not secrets or all(fault.where.startswith("import ") for fault in faults):
        return
    place = lay_members(candidate.shaped.members, folder / f"secrets{bench.rounds}" / "task")
    if bench.compare(lay_files(secrets, place)):
        return
    names = ", ".join(file.path for file in secrets[:3]) + (", …" if len(secrets) > 3 else "")
    raise RunError(
        f"{bench.function.name}: it needs what is left out because it looks secret: {names}",
        cause=f"{faults[0].where}: {faults[0].full} became {faults[0].slim}",
        hint="give the values as environment or from Secrets Manager; or, if the file may ship, --allow-secret PATTERN",
    )


def widened(paths: Sequence[str], soft: Sequence[File], rounds_of: Counter[str]) -> tuple[str, ...]:
    """These files, and all files of a distribution that was at fault in too many rounds."""
    named = set(paths)
    rounds_of.update({file.owner for file in soft if file.path in named})
    return tuple(file.path for file in soft if file.path in named or rounds_of[file.owner] > _ROUNDS_OF_ONE)


def _all_back(candidate: Candidate) -> tuple[str, ...]:
    return tuple(file.path for file in _soft(candidate))


def _soft(candidate: Candidate) -> list[File]:
    """What a proof may bring back: code and data before leftovers, one distribution after the other; then sources."""
    late = (FileKind.METADATA, FileKind.LICENCE, FileKind.STUB, FileKind.NATIVE)
    dropped = candidate.plan.dropped
    soft = [d.file for d in dropped if d.verdict.rule not in FIRM and "__pycache__/" not in d.file.path]
    compiled = _compiled(candidate)
    files = [*soft, *compiled.values()]
    return sorted(files, key=lambda f: (f.path in compiled, f.kind in late, f.owner != FIRST_PARTY, f.owner, f.path))


def _compiled(candidate: Candidate) -> dict[str, File]:
    """Sources in whose place only bytecode ships, by path."""
    names = {member.name for member in candidate.shaped.members}
    return {file.path: file for file in candidate.plan.kept if file.kind is FileKind.SOURCE and file.path not in names}


def _faults(candidate: Candidate, bench: ProofBench) -> tuple[Difference, ...]:
    bench.loaded, bench.slim_us = frozenset(), 0
    bench.expect(candidate)
    faults = bench.confirmed(bench.slim) if bench.events or bench.rounds == 1 else ()
    if faults:
        return faults
    return unproved_faults(candidate, bench)


def _to_restore(
    candidate: Candidate, faults: Sequence[Difference], bench: ProofBench, folder: Path, progress: Progress
) -> tuple[tuple[str, ...], str]:
    """Files to bring back: those that the errors name, else those that a search finds."""
    soft = {file.path: file for file in _soft(candidate)}
    why = f"the proof needs it: {faults[0].where}: {faults[0].slim}"[:160]
    if named := suspects((fault.slim for fault in faults), list(soft), bench.slim):
        return named, why
    tries = 0
    broken = {fault.where.removeprefix("import ") for fault in faults if fault.where.startswith("import ")}
    asked = {"modules": sorted(broken), "entry_points": [], "libraries": []}

    writes = bool(bench.base and bench.base.written)  # what it wrote in one try must not answer in the next

    @functools.cache
    def variants(number: int, life: int) -> Variants:
        place = folder / f"try{bench.rounds}-{number}-{life}" / "task"
        return Variants(candidate.shaped.members, bench.slim, place)

    def right(number: int, paths: frozenset[str]) -> bool:
        place = variants(number, tries if writes else 0).hold([soft[path] for path in paths])
        return not (import_faults(bench, place, asked) if asked["modules"] else bench.compare(place))

    def passes(sets: Sequence[frozenset[str]]) -> list[bool]:
        nonlocal tries
        tries += 1
        progress(f"{bench.function.name}: looking for the file at fault, try {tries}")
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(right, range(len(sets)), sets))

    return culprits(list(soft), passes), why


def _proof(candidate: Candidate, bench: ProofBench, restored: Mapping[str, str], compiled: frozenset[str]) -> Proof:
    modules = len(import_request(candidate)["modules"])
    lines = [f"{path} ({why})" for path, why in sorted(restored.items())]
    if len(lines) > 12:
        lines = [*lines[:12], f"and {len(lines) - 12} more (lambda-slim files --explain)"]
    result = "same" if bench.events and not bench.baseline.init else "imports-only"
    notes = (
        f"run by {bench.baseline.client}",
        *(bench.base.notes if bench.base else ()),
        *_suggestions(candidate, restored, compiled),
    )
    return Proof(result, len(bench.events), modules, tuple(lines), notes, (bench.full_us, bench.slim_us))


def _suggestions(candidate: Candidate, restored: Mapping[str, str], compiled: frozenset[str]) -> list[str]:
    """The settings and the recipe that would have kept the files that were brought back."""
    owners: dict[str, list[str]] = {}
    for decision in candidate.plan.decisions:
        if decision.file.path in restored:
            owners.setdefault(decision.file.owner, []).append(f'"/{decision.file.path}"')
    advice = []
    for owner, paths in sorted(owners.items()):
        shown = ", ".join(paths[:3]) + (", …" if len(paths) > 3 else "")
        if owner == FIRST_PARTY:
            advice.append(f"to keep it from the start, in the settings: keep = [{shown}]")
        else:
            entry = "reads_source, the module of" if paths[0].strip('"/') in compiled else "[[keep]] match ="
            advice.append(f"for the recipe of {owner} (docs/knowledge.md): {entry} [{shown}]")
    return advice
