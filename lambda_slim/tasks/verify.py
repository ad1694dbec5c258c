"""Does the slim package behave like the full one?

The pipeline hands over both as folders; this module runs each through INIT and every event, compares what can be
compared, and names what differs. `search` finds which left-out files make the difference.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import RunError
from lambda_slim.bundle.layout import file_states, written_note
from lambda_slim.model.behaviour import Behaviour, Difference
from lambda_slim.model.function import Function
from lambda_slim.model.run import ImportTrial, Run
from lambda_slim.prove.behaviour import ANY_LOG, differences, short, steady, tidy, unstable_fields
from lambda_slim.run.lambda_runtime import drive, try_imports

_LIVES_MORE = 2  # of the full package, before a difference counts


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a package is compared with.

    Attributes:
        session: The full package's first life.
        behaviour: What its lives have in common.
        ignore: Fields that are not compared: the declared, and those that differed.
        unstable: Those that differed.
        written: A note where it wrote to its own folder.
    """

    session: Run
    behaviour: Behaviour
    ignore: tuple[str, ...]
    unstable: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def dead(self) -> str:
        """`does-not-start` where INIT fails, `events-fail` where every event does, else ""."""
        if self.behaviour.init:
            return "does-not-start"
        answers = self.session.answers
        return "events-fail" if answers and all(answer.kind == "error" for answer in answers) else ""

    @property
    def death(self) -> str:
        """The same in words."""
        if self.behaviour.init:
            return f"the full package does not start: {self.behaviour.init}"
        errors = (answer.body for answer in self.session.answers)
        told = "every event fails in the full package, so nothing is proved (it does not start, or they are not for it)"
        return f"{told}: {short(next(errors, ''))}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What there is to say of it."""
        found, notes = self.behaviour, [*self.written]
        if self.unstable:
            shown = ", ".join(self.unstable)
            notes.append(f"differs between two runs of the full package, so not compared: {shown} (ignore-fields)")
        if odd := sorted(found.unsteady - {"log", ANY_LOG}):
            notes.append(f"not answered alike in two runs of the full package, so not compared: {', '.join(odd)}")
        if ANY_LOG in found.unsteady:
            notes.append("log lines differ with everything brought back as well, so not compared")
        elif "log" in found.unsteady:
            notes.append("log lines differ between two runs of the full package: compared by their words only")
        for name, (kind, value) in sorted(found.results.items()):
            notes += [f"event {name} fails in the full package too: {short(value)}"] if kind == "error" else []
        notes += _asked_notes(found)
        if found.client == "own client":
            notes.append("awslambdaric could not be installed; run by our own client with the same import order")
        return tuple(notes)


def _asked_notes(found: Behaviour) -> list[str]:
    """What it asked for: addresses off this machine, and operations of AWS that were answered in its place."""
    hosts = [one for one in found.asked if ": " not in one]
    operations = [one for one in found.asked if ": " in one]
    notes = []
    if hosts:
        notes.append(
            f"it asked for {', '.join(hosts[:5])}; there is no network here, so what an answer leads to is unproved"
        )
    if found.init and any(".amazonaws.com" in host for host in hosts):
        notes.append("--stub-aws answers AWS clients with empty successes, so that INIT may come through")
    if operations:
        notes.append(
            f"it asked for {', '.join(operations[:5])} and got empty successes: what real answers lead to is unproved"
        )
    return notes


def first_life(run: Callable[[], Run], package: Path, ignore: Sequence[str]) -> Baseline:
    """Runs the full package once; `run_again` says what of it proves nothing, where another package differs.

    Args:
        run: One life of the package, through INIT and all events.
        package: Its folder.
        ignore: Fields of results that may differ, as declared.

    Raises:
        RunError: it came to a limit, so there is nothing to compare with.
    """
    before = file_states(package)
    first = run()
    if first.unproved:
        raise RunError(
            first.unproved,
            cause=([line for line in first.logs.splitlines() if line.strip()] or ["it printed nothing"])[-1][:300],
            hint="raise the function's timeout and memory, or prove it on a machine that is less busy",
        )
    return Baseline(first, tidy(first, package, ignore), tuple(ignore), written=tuple(written_note(before, package)))


def take_baseline(run: Callable[[], Run], package: Path, ignore: Sequence[str]) -> Baseline:
    """Runs the full package twice; what differs then proves nothing. As `first_life`.

    Raises:
        RunError: as there.
    """
    return run_again(first_life(run, package, ignore), run, package)


def without_logs(base: Baseline) -> Baseline:
    """The same, but for log lines: where they differ with everything brought back as well, it is not our doing."""
    return replace(base, behaviour=replace(base.behaviour, unsteady=base.behaviour.unsteady | {ANY_LOG}))


def run_again(base: Baseline, run: Callable[[], Run], package: Path) -> Baseline:
    """One more life of the full package: what has changed since the first is not compared any more."""
    other = run()
    if other.stopped:  # what it did before says more
        return base
    fields = unstable_fields(tidy(base.session, package, base.ignore), tidy(other, package, base.ignore))
    skip = (*base.ignore, *fields)
    found = steady(tidy(base.session, package, skip), tidy(other, package, skip))
    found = replace(found, unsteady=found.unsteady | base.behaviour.unsteady)
    least = min(base.session.init_us, other.init_us) or max(base.session.init_us, other.init_us)
    session = replace(base.session, init_us=least)
    return replace(base, session=session, behaviour=found, ignore=skip, unstable=(*base.unstable, *fields))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison of two packages found.

    Attributes:
        notes: What it cannot vouch for.
        dead: Why the full package proves nothing, "" where it does; see `Baseline.death`.
    """

    differences: tuple[Difference, ...]
    events: int
    modules: int
    libraries: int
    client: str
    notes: tuple[str, ...] = ()
    dead: str = ""


def verify(  # noqa: PLR0913  (both packages, and everything they are run with)
    interpreter: Path,
    slim: Path,
    full: Path,
    function: Function,
    events: Sequence[tuple[str, bytes]],
    request: dict[str, Any],
    *,
    ignore: Sequence[str] = (),
    timeout: float = 0,
    offline: bool = False,
    stub_aws: bool = False,
) -> Comparison:
    """Runs both packages, and compares what they did and what imports in them.

    The full one runs twice more where they differ: what differs between its own runs proves nothing.

    Args:
        interpreter: A Python of the target's minor version.
        slim: The package to prove, unpacked.
        full: The full package, unpacked.
        function: Its handler and environment.
        events: (name, JSON) pairs; without any, only INIT and imports are compared.
        request: modules, entry_points and libraries that must load as in the full package.
        ignore: Fields of results that may differ, dotted or by their last name.
        timeout: Seconds for INIT and for each event; 0 for 30 or the function's own limit.
        offline: Do not fetch awslambdaric where it is not cached.
        stub_aws: Answer AWS clients with empty successes.
    """
    limit = timeout or max(30.0, float(function.timeout_s))

    def run(package: Path, *, sdk: bool | None = None) -> Run:
        where = interpreter, package, function, events
        return drive(*where, timeout=limit, offline=offline, stub_aws=stub_aws, sdk=sdk)

    base = first_life(lambda: run(full), full, ignore)
    sdk = bool(base.session.sdk)
    ran = run(slim, sdk=sdk)
    found = differences(base.behaviour, tidy(ran, slim, base.ignore))
    for _ in range(_LIVES_MORE if found else 0):  # by chance, or has only the clock moved on?
        base = run_again(base, lambda: run(full, sdk=sdk), full)
        found = differences(base.behaviour, tidy(ran, slim, base.ignore))
        if not found:
            break
    failed = failing_imports(interpreter, slim, full, function, request, offline=offline, sdk=sdk)
    found += tuple(Difference(f"import {what}", "well", error) for what, error in sorted(failed.items()))
    counts = len(events), len(request["modules"]), len(request["libraries"])
    return Comparison(found, *counts, base.behaviour.client, base.notes, base.death if base.dead else "")


@dataclass(frozen=True, slots=True)
class ImportComparison:
    """What imports and loads in two packages.

    Attributes:
        failed: What does in the full one and not in the slim one, to the error.
        touched: Modules of others whose import brought first-party modules.
        whole: Whether one process of the slim package tried everything.
    """

    failed: dict[str, str]
    touched: frozenset[str] = frozenset()
    whole: bool = False


def failing_imports(
    interpreter: Path,
    slim: Path,
    full: Path,
    function: Function,
    request: dict[str, Any],
    *,
    offline: bool = False,
    sdk: bool = False,
) -> dict[str, str]:
    """What imports or loads in the full package and not in the slim one, to the error."""

    def ask(package: Path, asked: dict[str, Any]) -> ImportTrial | None:
        return try_imports(interpreter, package, function, asked, offline=offline, sdk=sdk)

    return compare_imports(ask, slim, full, request).failed


AskImports = Callable[[Path, dict[str, Any]], ImportTrial | None]


def compare_imports(ask: AskImports, slim: Path, full: Path, request: dict[str, Any]) -> ImportComparison:
    """What imports in the slim package; what does not is tried in the full one.

    Args:
        ask: Tries a request in a package, see `try_imports`.
        slim: The package to prove.
        full: The full package.
        request: See `try_imports`.
    """
    trial = ask(slim, request)
    failed = trial.failed if trial else _one_by_one(ask, slim, request)
    touched, whole = trial.touched if trial else frozenset[str](), trial is not None
    if not failed:
        return ImportComparison({}, touched, whole)
    asked = {
        "modules": [name for name in request["modules"] if name in failed],
        "entry_points": [row for row in request["entry_points"] if f"{row[0]}: {row[1]} = {row[2]}" in failed],
        "libraries": [path for path in request["libraries"] if path in failed],
    }
    other = ask(full, asked)
    before = other.failed if other else _one_by_one(ask, full, asked)
    return ImportComparison({what: error for what, error in failed.items() if what not in before}, touched, whole)


def _one_by_one(ask: AskImports, package: Path, request: dict[str, Any]) -> dict[str, str]:
    """A module killed the child: halves are tried until it is known which."""
    modules = request["modules"]
    if len(modules) <= 1:
        return dict.fromkeys(modules, "ended the process")
    middle = len(modules) // 2
    found: dict[str, str] = {}
    for part in (modules[:middle], modules[middle:]):
        asked = {"modules": part, "entry_points": [], "libraries": []}
        trial = ask(package, asked)
        found |= trial.failed if trial else _one_by_one(ask, package, asked)
    return found
