"""Flags that several commands share: each is defined once, and those that go together are a record."""

import glob
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import UsageError
from lambda_slim.cli._complete import choices, function_names
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Bytecode as BytecodeName
from lambda_slim.model.settings import Level as LevelName
from lambda_slim.model.settings import Startup as StartupName

PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")

Target = Annotated[
    Path,
    typer.Argument(
        help="project folder, deployment file (template.yaml, …), container image, or a zip or folder of any tool",
        show_default=False,
    ),
]
Directory = Annotated[Path | None, typer.Option("--directory", "-C", help="work as if started in this folder")]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", help="settings file instead of pyproject.toml or lambda-slim.toml"),
]
Functions = Annotated[
    list[str] | None,
    typer.Option("--function", "-F", help="only these functions (glob; repeat)", autocompletion=function_names),
]
StubAws = Annotated[
    bool, typer.Option("--stub-aws", help="answer AWS clients with empty successes while the function is run")
]
Handler = Annotated[
    str | None,
    typer.Option("--handler", help="the handler, src.app.handler, in place of what the project names"),
]
Python = Annotated[
    str | None,
    typer.Option("--python", metavar="3.X", help="the target's Python: 3.12", autocompletion=choices(*PYTHONS)),
]
Arch = Annotated[
    str | None,
    typer.Option(
        "--arch", metavar="[x86_64|arm64]", help="processor of the functions", autocompletion=choices("x86_64", "arm64")
    ),
]
Level = Annotated[
    str | None,
    typer.Option(
        "--level",
        metavar="[auto|safe|reach|trace]",
        help="how much is left out (docs/levels.md)",
        autocompletion=choices(*LevelName),
    ),
]
Bytecode = Annotated[
    str | None,
    typer.Option(
        "--bytecode",
        metavar="[auto|init|all|none|only]",
        help="which modules ship as bytecode",
        autocompletion=choices(*BytecodeName),
    ),
]
Startup = Annotated[
    str | None,
    typer.Option(
        "--startup",
        metavar="[eager|lazy|auto|preload]",
        help="when modules are imported (docs/startup.md)",
        autocompletion=choices(*StartupName),
    ),
]
Event = Annotated[
    list[Path] | None,
    typer.Option("--event", "-e", help="an event to prove the package with, or a folder of them (repeat)"),
]
Interpreter = Annotated[Path | None, typer.Option("--interpreter", help="a Python of the target's minor version")]
Offline = Annotated[bool, typer.Option("--offline", help="use only what is already cached")]
StaleLock = Annotated[bool, typer.Option("--allow-stale-lock", help="use a lock even if it does not match its project")]
Json = Annotated[Path | None, typer.Option("--json", help="write the report as JSON (- for stdout)")]
Markdown = Annotated[Path | None, typer.Option("--markdown", help="write the report as Markdown (- for stdout)")]
Html = Annotated[Path | None, typer.Option("--html", help="write the report as one self-contained page")]
Speedscope = Annotated[Path | None, typer.Option("--speedscope", help="write the imports for speedscope.app")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="only failures and the summary line")]
Verbose = Annotated[
    int,
    typer.Option("--verbose", "-v", count=True, show_default=False, help="all of the report, the time of each step"),
]

Format = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="[text|github]",
        help="text, or annotations for GitHub",
        autocompletion=choices("text", "github"),
    ),
]
Comment = Annotated[Path | None, typer.Option("--markdown", help="write the verdict as a comment (- for stdout)")]
Junit = Annotated[Path | None, typer.Option("--junit", help="write the verdict as JUnit XML")]
Sarif = Annotated[Path | None, typer.Option("--sarif", help="write the verdict as SARIF")]
CommentKey = Annotated[str, typer.Option("--comment-key", help="tells apart several comments of one pull request")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="exit 0 where a budget or rule fails")]
NoImport = Annotated[bool, typer.Option("--no-import", help="do not run and time INIT")]


@dataclass(frozen=True, slots=True)
class ProjectFlags:
    """Where the project is, which of its functions are meant, and what they are built for."""

    directory: Directory = None
    config: ConfigFile = None
    function: Functions = None
    handler: Handler = None
    python: Python = None
    arch: Arch = None

    @property
    def folder(self) -> Path:
        """The folder that other paths count from."""
        return self.directory or Path()

    def settings(self) -> dict[str, object]:
        """The settings that these flags give."""
        return {
            "select": tuple(self.function or ()),
            "runtime": runtime(self.python),
            "architecture": self.arch,
        }


@dataclass(frozen=True, slots=True)
class RunFlags:
    """What the project's code is run with, and whether the network may be used."""

    interpreter: Interpreter = None
    offline: Offline = False
    allow_stale_lock: StaleLock = False

    def settings(self) -> dict[str, object]:
        """The settings that these flags give."""
        stale = self.allow_stale_lock
        return {"interpreter": self.interpreter, "offline": self.offline, "allow_stale_lock": stale}


@dataclass(frozen=True, slots=True)
class ProgressFlags:
    """How much a command says besides its result."""

    quiet: Quiet = False
    verbose: Verbose = 0


@dataclass(frozen=True, slots=True)
class VerdictFlags:
    """How the verdict of `check` is written."""

    format: Format = "text"
    json: Json = None
    markdown: Comment = None
    html: Html = None
    junit: Junit = None
    sarif: Sarif = None
    comment_key: CommentKey = "default"

    def files(self) -> dict[str, Path | None]:
        """The kinds of files to write, and where each goes."""
        return {
            "json": self.json,
            "markdown": self.markdown,
            "html": self.html,
            "junit": self.junit,
            "sarif": self.sarif,
        }


def unknown_choice(flag: str, value: str, known: Iterable[str]) -> UsageError:
    """The error for a value of a flag that is none of its choices."""
    names = tuple(known)
    return UsageError(
        f"`{flag} {value}` is not known", cause=f"there are {', '.join(names)}", hint=f"{flag} {names[0]}"
    )


def given(flags: Mapping[str, object]) -> dict[str, object]:
    """The flags that were given: those that are neither None, False nor empty."""
    return {name: value for name, value in flags.items() if value not in (None, False, [], ())}


def runtime(python: str | None) -> str | None:
    """Lambda's name for a Python that was given as `3.12` or `python3.12`."""
    return f"python{python.removeprefix('python')}" if python else None


def with_events(function: Function, events: Sequence[Path] | None) -> Function:
    """The function with events that flags name after its own."""
    return replace(function, events=tuple(dict.fromkeys((*function.events, *event_files(events)))))


def event_files(events: Sequence[Path] | None) -> tuple[Path, ...]:
    """The files that `--event` names: the *.json of a folder, and what a pattern matches that the shell did not expand.

    Raises:
        UsageError: a pattern matches nothing, or a folder has no event.
    """
    files: list[Path] = []
    for event in events or ():
        if event.is_dir():
            files += _matched(event / "*.json")
        elif event.exists() or not set("*?[").intersection(str(event)):
            files.append(event)
        else:
            files += _matched(event)
    return tuple(files)


def _matched(pattern: Path) -> list[Path]:
    files = sorted(map(Path, glob.glob(str(pattern), recursive=True)))  # noqa: PTH207  (may be absolute)
    if not files:
        raise UsageError(f"no event matches `{pattern}`", cause="patterns count from this folder", hint="check --event")
    return files
