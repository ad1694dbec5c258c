"""What a package is compared with: the full one's lives, and what they have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import RunError
from lambda_slim.bundle.layout import file_states, written_note
from lambda_slim.model.behaviour import Behaviour
from lambda_slim.model.run import Run
from lambda_slim.prove.behaviour import ANY_LOG, short, steady, tidy, unstable_fields


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
        told = "every event fails in the full package, so nothing is proved (are the events for this function?)"
        return f"{told}: {short(next(errors, ''))}"

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on what the comparison cannot tell."""
        behaviour, notes = self.behaviour, [*self.written]
        if self.unstable:
            shown = ", ".join(self.unstable)
            notes.append(f"differs between two runs of the full package, so not compared: {shown} (ignore-fields)")
        if odd := sorted(behaviour.unsteady - {"log", ANY_LOG}):
            notes.append(f"answered differently in two runs of the full package, so not compared: {', '.join(odd)}")
        if ANY_LOG in behaviour.unsteady:
            notes.append("log lines differ with everything brought back as well, so not compared")
        elif "log" in behaviour.unsteady:
            notes.append("log lines differ between two runs of the full package: compared by their words only")
        for name, (kind, value) in sorted(behaviour.results.items()):
            notes += [f"event {name} fails in the full package too: {short(value)}"] if kind == "error" else []
        notes += _asked_notes(behaviour)
        if behaviour.client == "own client":
            notes.append("awslambdaric could not be installed; run by our own client with the same import order")
        return tuple(notes)


def _asked_notes(behaviour: Behaviour) -> list[str]:
    """Notes on requests: addresses off this machine, and AWS operations that the stub answered."""
    hosts = [address for address in behaviour.asked if ": " not in address]
    operations = [address for address in behaviour.asked if ": " in address]
    notes = []
    if hosts:
        notes.append(
            f"it asked for {', '.join(hosts[:5])}; without a network here, what handles an answer is not proved"
        )
    if behaviour.init and any(".amazonaws.com" in host for host in hosts):
        notes.append("--stub-aws answers AWS clients with empty successes, so that INIT can finish")
    if operations:
        notes.append(
            f"it asked for {', '.join(operations[:5])} and got empty successes: what handles real answers is not proved"
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
    behaviour = steady(tidy(base.session, package, skip), tidy(other, package, skip))
    behaviour = replace(behaviour, unsteady=behaviour.unsteady | base.behaviour.unsteady)
    return replace(base, behaviour=behaviour, ignore=skip, unstable=(*base.unstable, *fields))
