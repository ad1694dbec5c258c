"""Flags that several commands share, each defined once."""

import glob
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from lambda_slim.base.errors import UsageError
from lambda_slim.model.function import Function

Target = Annotated[
    Path,
    typer.Argument(
        help="project folder, SAM template, or a zip or folder that another tool built",
        show_default=False,
    ),
]
Directory = Annotated[Path | None, typer.Option("--directory", "-C", help="work as if started in this folder")]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", help="settings file instead of pyproject.toml or lambda-slim.toml"),
]
Functions = Annotated[list[str] | None, typer.Option("--function", "-F", help="only these functions (glob; repeat)")]
StubAws = Annotated[
    bool, typer.Option("--stub-aws", help="answer AWS clients with empty successes while the function is run")
]
Handler = Annotated[
    str | None,
    typer.Option("--handler", help="the handler, where nothing else names it: src.app.handler"),
]
Python = Annotated[str | None, typer.Option("--python", help="the target's Python: 3.12")]
Arch = Annotated[str | None, typer.Option("--arch", help="x86_64 or arm64")]
Level = Annotated[str | None, typer.Option("--level", help="safe, reach or trace (docs/levels.md)")]
Bytecode = Annotated[str | None, typer.Option("--bytecode", help="auto, init, all, none or only")]
Interpreter = Annotated[Path | None, typer.Option("--interpreter", help="a Python of the target's minor version")]
Offline = Annotated[bool, typer.Option("--offline", help="use only what is already cached")]
StaleLock = Annotated[
    bool, typer.Option("--allow-stale-lock", help="take a lock that does not fit its project as it is")
]
Json = Annotated[Path | None, typer.Option("--json", help="write the report as JSON (- for stdout)")]
Markdown = Annotated[Path | None, typer.Option("--markdown", help="write the report as Markdown (- for stdout)")]
Html = Annotated[Path | None, typer.Option("--html", help="write the report as one self-contained page")]
Speedscope = Annotated[Path | None, typer.Option("--speedscope", help="write the imports for speedscope.app")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="only failures and the summary line")]
Verbose = Annotated[int, typer.Option("--verbose", "-v", count=True, help="more: timings; twice: child commands")]


def runtime(python: str | None) -> str | None:
    """Lambda's name for a Python that was given as `3.12` or `python3.12`."""
    return f"python{python.removeprefix('python')}" if python else None


def with_events(function: Function, events: Sequence[Path] | None) -> Function:
    """The function with events that flags name after its own."""
    return replace(function, events=tuple(dict.fromkeys((*function.events, *event_files(events)))))


def event_files(events: Sequence[Path] | None) -> tuple[Path, ...]:
    """The files that `--event` names: of a folder its *.json, of a pattern that the shell left alone what it matches.

    Raises:
        UsageError: a pattern matches nothing, or a folder has no event.
    """
    found: list[Path] = []
    for event in events or ():
        if event.is_dir():
            found += _matched(event / "*.json")
        elif event.exists() or not set("*?[").intersection(str(event)):
            found.append(event)
        else:
            found += _matched(event)
    return tuple(found)


def _matched(pattern: Path) -> list[Path]:
    found = sorted(map(Path, glob.glob(str(pattern), recursive=True)))  # noqa: PTH207  (may be absolute)
    if not found:
        raise UsageError(f"no event matches `{pattern}`", hint="check --event; patterns count from this folder")
    return found
