"""What a check compares with: a lock, a report, or the project as it was."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import ConfigError, HandlerError, NothingToDoError, SlimError
from lambda_slim.base.files import read_regular_text
from lambda_slim.budgets.difference import entry_of
from lambda_slim.budgets.lock import NAME, LockEntry, parse_lock, read_lock
from lambda_slim.formats.report_json import is_report, parse_report
from lambda_slim.inputs.project.find import find_project
from lambda_slim.inputs.settings.load import load
from lambda_slim.model.function import Project
from lambda_slim.model.settings import Settings
from lambda_slim.run.git import check_out
from lambda_slim.tasks.prepare import Shared

GIT = "git:"


@dataclass(frozen=True, slots=True)
class CheckBase:
    """The project as it was at a ref, and what its functions have in common."""

    project: Project
    settings: Settings
    shared: Shared


def baseline(root: Path, against: str) -> Mapping[str, LockEntry]:
    """What a lock or a report says of each function.

    Args:
        root: The project's, where its lock lies.
        against: `lock`, `none`, or a file.

    Raises:
        ConfigError: it cannot be read.
    """
    if against == "none":
        return {}
    if against == "lock":
        return read_lock(root / NAME) or {}
    path = Path(against)
    try:
        text = read_regular_text(path)
    except (OSError, ValueError) as error:
        hint = "--against takes lock, none, git:REF, or a file: a lock, or a report made with --json"
        raise ConfigError(f"the baseline `{against}` cannot be read", cause=str(error), hint=hint) from error
    if is_report(text):
        return {function.name: entry_of(function) for function in parse_report(text).functions}
    return parse_lock(text, path.name)


def base_at(project: Project, settings: Settings, against: str, folder: Path) -> CheckBase | None:
    """What to compare with at a ref; None where there was no project yet, so that all of it is new."""
    if not against.startswith(GIT):
        return None
    place = check_out(project.root, against.removeprefix(GIT), folder)
    if not place.is_dir():
        return None
    template = place / os.path.relpath(project.template, project.root) if project.template else place
    target = template if template.exists() else place
    with told_of(against):
        given = {"static": True} if settings.static else {}
        merged = load(target, overrides=given)
        merged = replace(merged, interpreter=settings.interpreter, offline=settings.offline, select=())
        unnamed = not (project.template or merged.functions) and len(project.functions) == 1
        handler = project.functions[0].handler if unnamed else None  # what a flag or a guess said holds there too
        with suppress(NothingToDoError, *((HandlerError,) if unnamed else ())):
            before = find_project(target, merged, handler=handler)
            return CheckBase(before, merged, Shared(before.functions))
    return None


@contextmanager
def told_of(against: str) -> Iterator[None]:
    """A context in which errors say that they are about the base."""
    try:
        yield
    except SlimError as error:
        error.message = f"in the base {against}: {error.message}"
        raise
