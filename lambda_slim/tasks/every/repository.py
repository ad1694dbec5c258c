"""All that a repository deploys, side by side: each deployable in a process of its own, with one store."""

import io
import os
import pickle
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from lambda_slim.base.answer_record import RECORD
from lambda_slim.base.errors import PackageError
from lambda_slim.base.machine import usable_cores
from lambda_slim.base.progress import Progress
from lambda_slim.budgets.shards import part_of
from lambda_slim.inputs.deployables.touched import changes_of, is_touched
from lambda_slim.model.deployable import Deployable
from lambda_slim.run.git import changed_since
from lambda_slim.run.own import run_own
from lambda_slim.tasks.every.job import EveryAnswer, EveryJob

_WORKER = "lambda_slim.tasks.every.worker"
_MIB = 1 << 20
_MOST_JOBS = 8  # deployables that one process works on: its start is shared, and its memory is given back
_EACH = 600 * _MIB  # memory that one deployable may take at its peak, with the handlers that are run


@dataclass(frozen=True, slots=True)
class ChosenDeployables:
    """What of a repository is worked on.

    Attributes:
        deployables: With the functions that are worked on.
        unchanged: How many functions are left as they are.
    """

    deployables: tuple[Deployable, ...]
    unchanged: int = 0


def only_changed(deployables: Iterable[Deployable], root: Path, ref: str) -> ChosenDeployables:
    """The functions that something changed for since a ref.

    Raises:
        ConfigError: no repository, or no such ref.
    """
    changes = changes_of(*changed_since(root, ref))
    kept, left = [], 0
    for row in deployables:
        names = frozenset(function.name for function in row.functions if is_touched(function, row, changes))
        left += len(row.functions) - len(names)
        beside = row.error or (row.project and row.project.failures)
        failing = beside and changes.within(row.folder.resolve())
        if names or failing:
            kept.append(row.only(names))
    return ChosenDeployables(tuple(kept), left)


def only_part(chosen: ChosenDeployables, shard: str) -> ChosenDeployables:
    """The i-th of n parts of the functions: the same on every machine, and each in exactly one part.

    Raises:
        UsageError: not of the form i/n.
    """
    every = [(row.label, name) for row in chosen.deployables for name in _names(row)]
    mine = frozenset(part_of(sorted(every), shard))
    kept = []
    for row in chosen.deployables:
        names = frozenset(name for label, name in mine if label == row.label)
        if names:
            kept.append(_with_failures(row.only(names), names))
    return replace(chosen, deployables=tuple(kept))


def _names(row: Deployable) -> Iterator[str]:
    """The names of a deployable's functions that have a row; "" for the deployable itself."""
    yield from (function.name for function in row.functions)
    yield from (failure.name for failure in (row.project.failures if row.project else ()))
    yield from [""] if row.error else []


def _with_failures(row: Deployable, names: frozenset[str]) -> Deployable:
    if row.project is None:
        return row
    failures = tuple(failure for failure in row.project.failures if failure.name in names)
    return replace(row, project=replace(row.project, failures=failures))


def output_folders(deployables: Sequence[Deployable], root: Path, output: Path | None) -> dict[str, Path]:
    """Where the packages of each deployable go, by its label: no two of them have one name.

    Args:
        deployables: All of the repository, so that a part of them goes where it would go with the others.
        root: The folder that they were found below.
        output: The folder for all of them; None for `dist` beside each.
    """
    taken: set[tuple[Path, str]] = set()
    folders = {}
    for row in deployables:
        place = row.folder / "dist" if output is None else output / os.path.relpath(row.folder, root)
        names = {(place, function.name.lower()) for function in row.functions}
        if taken & names:
            place /= Path(row.label).name.removesuffix(".json").removesuffix(".yaml").removesuffix(".yml")
            names = {(place, name) for _, name in names}
        taken |= names
        folders[row.label] = place
    return folders


def usual_jobs() -> int:
    """The number of cores, or less if the free memory is not enough."""
    cores = usable_cores()
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return cores
    return max(1, min(cores, free // _EACH))


def work_on(jobs: Sequence[EveryJob], side_by_side: int, progress: Progress) -> Iterator[list[EveryAnswer]]:
    """The answers to jobs, in their order; so many processes at a time, each with a few jobs.

    If a process ends before its work is done, only the job that it was working on fails. All are ended when this
    is interrupted.
    """
    stop = Event()
    each = max(1, min(_MOST_JOBS, len(jobs) // (4 * side_by_side)))
    groups = [jobs[start : start + each] for start in range(0, len(jobs), each)]
    done = 0

    def answer(group: Sequence[EveryJob]) -> list[list[EveryAnswer]]:
        nonlocal done
        progress(f"{group[0].deployable.label} ({done} of {len(jobs)} done)")
        answered = _answered(group, stop)
        done += len(group)
        return answered

    pool = ThreadPoolExecutor(side_by_side)
    try:
        for answered in pool.map(answer, groups):
            yield from answered
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _answered(group: Sequence[EveryJob], stop: Event) -> list[list[EveryAnswer]]:
    answers: list[list[EveryAnswer]] = []
    while len(answers) < len(group):
        left = group[len(answers) :]
        written, said = run_own(_WORKER, pickle.dumps([*left]), stop.is_set)
        answers += _unpickled(written)
        if len(answers) < len(group):
            answers.append(_ended(group[len(answers)], said))
    return answers


def _unpickled(data: bytes) -> Iterator[list[EveryAnswer]]:
    """The answers that a process had written when it ended; the last may be half written. Notes what it has read."""
    stream = io.BytesIO(data)
    while True:
        try:
            done = pickle.load(stream)
        except (EOFError, pickle.UnpicklingError):
            return
        RECORD.add(done.read, done.until)
        yield done.answers


def _ended(job: EveryJob, said: str) -> list[EveryAnswer]:
    lines = said.strip().splitlines()
    error = PackageError(
        "its process ended before it was done",
        cause=lines[-1] if lines else "it was ended from outside",
        hint="build it alone to see more; is there enough memory? --jobs 1 takes least",
    )
    return [EveryAnswer(function.name, None, error) for function in job.deployable.functions]
