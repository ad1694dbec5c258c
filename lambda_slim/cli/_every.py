"""`--all`: the work of a command on everything that a repository deploys."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_slim.base.errors import UsageError
from lambda_slim.base.progress import Progress
from lambda_slim.base.stamps import Stamp
from lambda_slim.cli._options import ProjectFlags, given
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.deployable import Deployable, EveryReport, EveryRow
from lambda_slim.model.settings import Settings

if TYPE_CHECKING:
    from lambda_slim.tasks.every.job import EveryAnswer, EveryJob
    from lambda_slim.tasks.every.repository import ChosenDeployables

All = Annotated[bool, typer.Option("--all", help="every template, project and Dockerfile below TARGET")]
Changed = Annotated[
    str | None, typer.Option("--changed", metavar="git:REF", help="with --all: only what changed since a commit")
]
Shard = Annotated[str | None, typer.Option("--shard", metavar="i/n", help="with --all: only the i-th of n parts")]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=0,
        show_default=False,
        help="with --all: how many run side by side (0, the default: one for each core)",
    ),
]


@dataclass(frozen=True, slots=True)
class EveryFlags:
    """Whether a command works on everything below a folder, or on a part of it."""

    all: All = False
    changed: Changed = None
    shard: Shard = None
    jobs: Jobs = 0

    def check(self, handler: str | None, html: Path | None) -> None:
        """Refuses flags that exclude each other.

        Raises:
            UsageError: they do not.
        """
        if not self.all:
            for name, value in (("--changed", self.changed), ("--shard", self.shard), ("--jobs", self.jobs)):
                if value:
                    raise UsageError(
                        f"{name} is about several deployables",
                        cause="without --all there is one",
                        hint=f"say --all {name} {value}",
                    )
        elif handler:
            raise UsageError(
                "--all and --handler exclude each other",
                cause="--handler is about one function",
                hint="leave one of them out",
            )
        elif html:
            raise UsageError(
                "--all writes no page",
                cause="a page is about one project",
                hint="--json or --markdown; or --html for one project at a time",
            )
        if self.changed and not self.changed.removeprefix("git:"):
            raise UsageError(
                "--changed names no commit", cause="it compares with one", hint="e.g. --changed git:origin/main"
            )


@dataclass(frozen=True, slots=True)
class EveryScope:
    """Where to look, and the settings that flags give.

    Attributes:
        root: The folder that is looked through.
        project: Which functions are meant, and what they are built for.
        settings: Settings that flags give.
        off: Settings that flags switch off.
        flags: Which part is meant.
        stamp: What keeps the answer; None where it is not kept.
    """

    root: Path
    project: ProjectFlags
    settings: Mapping[str, object]
    flags: EveryFlags
    off: Sequence[str] = ()
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class EveryChoice:
    """What is worked on.

    Attributes:
        found: All that was asked for by name, for the order of the table.
        deployables: With the functions that are worked on.
        doubles: Functions with the same package as another one: (deployable, name) to `label: name` of the other.
        unchanged: How many functions are left as they are.
        partial: Whether flags leave some of the functions out.
    """

    found: tuple[Deployable, ...]
    deployables: tuple[Deployable, ...]
    doubles: Mapping[tuple[str, str], str]
    unchanged: int
    partial: bool

    def table(self, rows: Iterable[EveryRow], root: Path, command: str) -> EveryReport:
        """The rows with those of doubles, in the order of their deployables."""
        shown = {f"{row.label}: {function.name}" for row in self.deployables for function in row.functions}
        same = [EveryRow(*key, result="same", message=first) for key, first in self.doubles.items() if first in shown]
        order = [row.label for row in self.found]
        ordered = sorted([*rows, *same], key=lambda row: order.index(row.deployable))
        return EveryReport(root, tuple(ordered), self.unchanged, tuple(_notes(self.deployables)), command)


def find_every(scope: EveryScope) -> tuple[Deployable, ...]:
    """All that lies below the folder, each with its settings.

    Raises:
        NothingToDoError: nothing does.
    """
    from lambda_slim.inputs.deployables.find import find_deployables

    return find_deployables(scope.root, lambda place: _settings(scope, place))


def choose_every(deployables: tuple[Deployable, ...], scope: EveryScope, *, once: bool = True) -> EveryChoice:
    """The deployables that were asked for: by name, by change, and by part.

    Args:
        deployables: All of the repository.
        scope: Which of it.
        once: Whether functions that are one package are worked on once.

    Raises:
        UsageError: no function has a name that was asked for.
        ConfigError: git cannot say what changed.
    """
    from lambda_slim.inputs.deployables.find import without_doubles

    asked = _asked(deployables, scope.project.function or ())
    unique, doubles = without_doubles(asked) if once else (asked, {})
    chosen = _chosen(scope, unique)
    partial = any((scope.project.function, scope.flags.changed, scope.flags.shard))
    return EveryChoice(asked, chosen.deployables, doubles, chosen.unchanged, partial)


Answers = list[tuple[Deployable, list["EveryAnswer"]]]


def answers_of(
    deployables: Iterable[Deployable], job_of: "Callable[[Deployable], EveryJob]", jobs: int, told: Progress
) -> Answers:
    """The results of each deployable's functions, in order."""
    from lambda_slim.tasks.every.repository import work_on

    rows = list(deployables)
    work = [job_of(row) for row in rows if row.functions]
    done = dict(zip((job.deployable.label for job in work), work_on(work, jobs, told), strict=True))
    return [(row, list(done.get(row.label, []))) for row in rows]


def _chosen(scope: EveryScope, unique: tuple[Deployable, ...]) -> "ChosenDeployables":
    """The deployables that changed, and of these the part that was asked for."""
    from lambda_slim.tasks.every.repository import ChosenDeployables, only_changed, only_part

    flags, chosen = scope.flags, ChosenDeployables(unique)
    if flags.changed:
        chosen = only_changed(unique, scope.root.absolute(), flags.changed.removeprefix("git:"))
    return only_part(chosen, flags.shard) if flags.shard else chosen


def _notes(deployables: Iterable[Deployable]) -> Iterator[str]:
    for row in deployables:
        yield from dict.fromkeys(f"{row.label}: {text}" for text in (row.project.warnings if row.project else ()))


def _settings(scope: EveryScope, place: Path) -> Settings:
    """The settings that hold for a file or folder, of all functions."""
    overrides = given({**scope.project.settings(), **scope.settings}) | dict.fromkeys(scope.off, False)
    overrides.pop("select", None)
    return load(place, config=scope.project.config, overrides=overrides, working=scope.project.folder)


def _asked(deployables: tuple[Deployable, ...], patterns: Sequence[str]) -> tuple[Deployable, ...]:
    """The deployables with the functions that `-F` names.

    Raises:
        UsageError: it names none.
    """
    if not patterns:
        return deployables
    wanted = Settings(root=Path(), select=tuple(patterns))
    kept = []
    for row in deployables:
        names = frozenset(function.name for function in row.functions if wanted.selects(function.name))
        if names:
            kept.append(row.only(names))
    if not kept:
        every = sorted({function.name for row in deployables for function in row.functions})
        raise UsageError(
            f"no function is called {', '.join(f'`{name}`' for name in patterns)}",
            cause=f"there are: {', '.join(every[:12])}",
            hint="-F takes a name, or a pattern: -F 'Orders*'",
        )
    return tuple(kept)
