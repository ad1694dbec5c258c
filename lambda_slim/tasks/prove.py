"""Proves a slim package against the full one, and takes back what makes a difference."""

import functools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import RunError
from lambda_slim.base.progress import Progress
from lambda_slim.bundle.layout import Variants, laid_out, lay_files, lay_members
from lambda_slim.inputs.traces import read_events
from lambda_slim.model.behaviour import Behaviour, Difference
from lambda_slim.model.decision import Plan
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.function import Function
from lambda_slim.model.member import Shaped
from lambda_slim.model.report import Proof
from lambda_slim.model.run import Run
from lambda_slim.model.settings import Settings
from lambda_slim.prove.behaviour import differences, tidy
from lambda_slim.prove.search import culprits, suspects
from lambda_slim.run.interpreter import cannot_run, find_interpreter
from lambda_slim.run.lambda_runtime import drive
from lambda_slim.tasks.verify import Baseline, failing_imports, run_again, take_baseline, without_logs

_ROUNDS = 12
_ROUNDS_OF_ONE = 3  # with faults in one distribution, before all of it is brought back
# Rules whose decisions a proof may take back; what the user said and what is secret it may not.
_FIRM = frozenset({"exclude", "ignore-file", "secret", "sdk-runtime", "bytecode"})
_NOT_FULL = _FIRM - {"secret"}  # what not even the full package has: that a secret is missed has to show


@dataclass(frozen=True, slots=True)
class Candidate:
    """A package that could ship: the plan behind it, and its members."""

    plan: Plan
    shaped: Shaped
    reached: frozenset[str]  # names of modules that are kept and reachable
    entry_points: tuple[tuple[str, str, str], ...] = ()


Remake = Callable[[Mapping[str, str]], Candidate]


@dataclass(slots=True)
class _Bench:
    """Where the packages lie and what the full one did; grows as the proof goes on."""

    function: Function
    settings: Settings
    interpreter: Path
    full: Path
    slim: Path
    events: tuple[tuple[str, bytes], ...]
    timeout: float
    base: Baseline | None = None
    rounds: int = 0
    init_us: int = 0  # of the last package that was compared

    @property
    def baseline(self) -> Behaviour:
        """What the full package did."""
        assert self.base is not None
        return self.base.behaviour

    def run(self, package: Path) -> Run:
        """One life of a package; with boto3 beside it where the full one needed that in its first life."""
        where = self.interpreter, package, self.function, self.events
        offline, stub_aws = self.settings.offline, self.settings.stub_aws
        return drive(*where, timeout=self.timeout, offline=offline, stub_aws=stub_aws, sdk=self.sdk)

    @property
    def sdk(self) -> bool | None:
        """Whether boto3 lies beside the packages; None where that is not known yet."""
        return bool(self.base.session.sdk) if self.base else None

    def run_full(self) -> Run:
        """One more life of the full package."""
        return self.run(self.full)

    def confirmed(self, package: Path) -> tuple[Difference, ...]:
        """What differs, and still does after the full package has run again: or has the clock only moved on?"""
        found = self.compare(package)
        if found and self.base is not None:
            self.base = run_again(self.base, self.run_full, self.full)
            found = self.compare(package)
        return found

    def compare(self, package: Path) -> tuple[Difference, ...]:
        assert self.base is not None
        life = self.run(package)
        self.init_us = life.init_us
        return differences(self.baseline, tidy(life, package, self.base.ignore))


def prove(
    first: Candidate, remake: Remake, function: Function, settings: Settings, progress: Progress
) -> tuple[Candidate, Proof]:
    """Runs the full and the slim package and takes decisions back until they do the same.

    Args:
        first: The package as planned.
        remake: The package with some files brought back, to the reason.
        function: Its handler, environment and events.
        settings: `interpreter`, `ignore_fields`, `stub_aws`, `offline`.
        progress: Told what goes on.

    Returns:
        The package to ship, and the proof.

    Raises:
        RunError: it still behaves differently with everything brought back that may be.
    """
    interpreter = find_interpreter(function.target, settings.interpreter)
    if reason := cannot_run(function, interpreter):
        return first, Proof("not-run", notes=(reason,))
    if interpreter is None:
        return first, Proof("not-run")
    with laid_out() as folder:
        try:
            bench = _set_up(first, function, settings, interpreter, folder, progress)
        except RunError as error:  # nothing was found out about the package
            return first, Proof("not-run", notes=(error.message,))
        if bench.base and (result := bench.base.dead):
            return first, Proof(result, len(bench.events), notes=(bench.base.death, *bench.base.notes))
        return _settle(first, remake, bench, folder, progress)


def _set_up(
    first: Candidate, function: Function, settings: Settings, interpreter: Path, folder: Path, progress: Progress
) -> _Bench:
    progress(f"{function.name}: running the full package")
    whole = [d.file for d in first.plan.decisions if d.verdict.keep or d.verdict.rule not in _NOT_FULL]
    full = lay_files([file for file in whole if "__pycache__/" not in file.path], folder / "full" / "task")
    slim = lay_members(first.shaped.members, folder / "slim" / "task")
    events = read_events(function.events)
    timeout = max(30.0, float(function.timeout_s))

    bench = _Bench(function, settings, interpreter, full, slim, events, timeout)
    bench.base = take_baseline(bench.run_full, full, settings.ignore_fields)
    # A package must not fail for the little that it takes longer than the other.
    bench.timeout = max(timeout, 4 * bench.base.session.seconds / (1 + len(events)))
    return bench


def _settle(
    first: Candidate, remake: Remake, bench: _Bench, folder: Path, progress: Progress
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
        if not back and bench.base and {fault.where for fault in faults} == {"log"}:
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


def _check_secrets(candidate: Candidate, faults: Sequence[Difference], bench: _Bench, folder: Path) -> None:
    """Whether it is files that look secret which are missed.

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
    """These files, and all of a distribution that is at fault in one round too many: it is beyond what we know."""
    named = set(paths)
    rounds_of.update({file.owner for file in soft if file.path in named})
    return tuple(file.path for file in soft if file.path in named or rounds_of[file.owner] > _ROUNDS_OF_ONE)


def _all_back(candidate: Candidate) -> tuple[str, ...]:
    return tuple(file.path for file in _soft(candidate))


def _soft(candidate: Candidate) -> list[File]:
    """What a proof may bring back: code and data before leftovers, one distribution after the other; then sources."""
    late = (FileKind.METADATA, FileKind.LICENCE, FileKind.STUB, FileKind.NATIVE)
    dropped = candidate.plan.dropped
    soft = [d.file for d in dropped if d.verdict.rule not in _FIRM and "__pycache__/" not in d.file.path]
    compiled = _compiled(candidate)
    found = [*soft, *compiled.values()]
    return sorted(found, key=lambda f: (f.path in compiled, f.kind in late, f.owner != FIRST_PARTY, f.owner, f.path))


def _compiled(candidate: Candidate) -> dict[str, File]:
    """Sources in whose place only bytecode ships, by path."""
    names = {member.name for member in candidate.shaped.members}
    return {file.path: file for file in candidate.plan.kept if file.kind is FileKind.SOURCE and file.path not in names}


def _faults(candidate: Candidate, bench: _Bench) -> tuple[Difference, ...]:
    bench.init_us = 0
    found = bench.confirmed(bench.slim) if bench.events or bench.rounds == 1 else ()
    if found:
        return found
    return _import_faults(bench, bench.slim, _request(candidate))


def _import_faults(bench: _Bench, package: Path, request: dict[str, Any]) -> tuple[Difference, ...]:
    failed = failing_imports(
        bench.interpreter,
        package,
        bench.full,
        bench.function,
        request,
        offline=bench.settings.offline,
        sdk=bool(bench.sdk),
    )
    return tuple(Difference(f"import {what}", "well", error) for what, error in sorted(failed.items()))


def _request(candidate: Candidate) -> dict[str, Any]:
    kept = {file.path: file for file in candidate.plan.kept}
    sizes = {member.name: len(member.data) for member in candidate.shaped.members}
    stripped = [
        path for path, file in kept.items() if file.kind is FileKind.LIBRARY and sizes.get(path, file.size) != file.size
    ]
    modules = sorted(name for name in candidate.reached if not name.endswith("__main__"))
    return {"modules": modules, "entry_points": [list(row) for row in candidate.entry_points], "libraries": stripped}


def _to_restore(
    candidate: Candidate, faults: Sequence[Difference], bench: _Bench, folder: Path, progress: Progress
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
        return not (_import_faults(bench, place, asked) if asked["modules"] else bench.compare(place))

    def passes(sets: Sequence[frozenset[str]]) -> list[bool]:
        nonlocal tries
        tries += 1
        progress(f"{bench.function.name}: looking for the file at fault, try {tries}")
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(right, range(len(sets)), sets))

    return culprits(list(soft), passes), why


def _proof(candidate: Candidate, bench: _Bench, restored: Mapping[str, str], compiled: frozenset[str]) -> Proof:
    modules = len(_request(candidate)["modules"])
    lines = [f"{path} ({why})" for path, why in sorted(restored.items())]
    if len(lines) > 12:
        lines = [*lines[:12], f"and {len(lines) - 12} more (lambda-slim files --explain)"]
    result = "same" if bench.events and not bench.baseline.init else "imports-only"
    notes = (
        f"run by {bench.baseline.client}",
        *(bench.base.notes if bench.base else ()),
        *_suggestions(candidate, restored, compiled),
    )
    took = (bench.base.session.init_us, bench.init_us) if bench.base and bench.init_us else (0, 0)
    return Proof(result, len(bench.events), modules, tuple(lines), notes, took)


def _suggestions(candidate: Candidate, restored: Mapping[str, str], compiled: frozenset[str]) -> list[str]:
    """The settings and the recipe that would have kept what had to be taken back."""
    owners: dict[str, list[str]] = {}
    for decision in candidate.plan.decisions:
        if decision.file.path in restored:
            owners.setdefault(decision.file.owner, []).append(f'"/{decision.file.path}"')
    found = []
    for owner, paths in sorted(owners.items()):
        shown = ", ".join(paths[:3]) + (", …" if len(paths) > 3 else "")
        if owner == FIRST_PARTY:
            found.append(f"to keep it from the start, in the settings: keep = [{shown}]")
        else:
            entry = "reads_source, the module of" if paths[0].strip('"/') in compiled else "[[keep]] match ="
            found.append(f"for the recipe of {owner} (docs/knowledge.md): {entry} [{shown}]")
    return found
