"""What a project lacks, as changes to its files; reads them, writes nothing."""

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_slim import __version__
from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import in_repository, read_regular, repository
from lambda_slim.budgets.lock import NAME as LOCK
from lambda_slim.budgets.lock import LockEntry, lock_json
from lambda_slim.formats.patch import unified
from lambda_slim.formats.toml_edit import Block, insert_tables
from lambda_slim.model.function import Project
from lambda_slim.model.settings import Settings
from lambda_slim.tasks.init import hook, workflow
from lambda_slim.tasks.init.budgets import Budgets, propose_budgets, show_limits

_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """One file as it is (None: it is not there) and as it would be."""

    path: Path
    before: bytes | None
    after: bytes


@dataclass(frozen=True, slots=True)
class InitOptions:
    """What `init` was asked for.

    Attributes:
        headroom: The share that a package may grow.
        handler: The handler that a flag gave, to be written down.
        architecture: Likewise.
        hook: Whether to propose the pre-commit hooks.
        workflow: Whether to propose the workflow.
        requirement: What hooks and workflow install.
    """

    headroom: float = 0.05
    handler: str = ""
    architecture: str = ""
    hook: bool = True
    workflow: bool = True
    requirement: str = f"lambda-slim=={__version__}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes, and what is left as it is or could not be done, a line each."""

    changes: tuple[ProposedChange, ...]
    notes: tuple[str, ...]


def propose(project: Project, settings: Settings, functions: Mapping[str, LockEntry], wanted: InitOptions) -> Proposal:
    """Changes that give a project settings, budgets, a lock, hooks and a workflow; what is there stays.

    Args:
        project: As it was found, with all its functions.
        settings: As they were loaded.
        functions: Facts of the packages, as they were built just now; those that could not be are missing.
        wanted: See there.

    Raises:
        ConfigError: a file that would change cannot be read.
    """
    notes: list[str] = []
    place = repository(project.root)
    folder = in_repository(project.root)
    proposed = [
        _settings(project, settings, functions, wanted, notes),
        _lock(project.root / LOCK, functions, notes),
        _hooks(place / hook.NAME, folder, wanted, notes) if wanted.hook else None,
        _workflow(place, project, folder, wanted, notes) if wanted.workflow else None,
    ]
    changes = tuple(change for change in proposed if change and change.before != change.after)
    return Proposal(changes, tuple(notes))


def show_diff(changes: Iterable[ProposedChange], root: Path) -> str:
    """A unified diff of all the changes."""
    return "".join(unified(shown(change, root.resolve()), change.before, change.after) for change in changes)


def shown(change: ProposedChange, root: Path) -> str:
    """A changed file's name, relative to the repository."""
    path = change.path.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _read(path: Path) -> str | None:
    """The text with its line ends as they are; None where there is no file."""
    try:
        return read_regular(path).decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read `{path.name}`", cause=str(error), hint="correct it, or leave it out") from error


def _settings(
    project: Project, settings: Settings, functions: Mapping[str, LockEntry], wanted: InitOptions, notes: list[str]
) -> ProposedChange | None:
    file = _settings_file(project.root, settings)
    prefix = "tool.lambda-slim" if file.name == "pyproject.toml" else ""
    text = _read(file)
    groups = [_target(project, settings, wanted, prefix)]
    if settings.budgets or any(table.budgets for table in settings.functions):
        notes.append(f"{file.name}: the budgets are left as they are")
    elif functions:
        shared, own = _budgets(functions, wanted, prefix)
        groups = [[*groups[0], shared], *([block] for block in own)]
    made = _with_tables(text or "", groups, file.name, notes)
    return ProposedChange(file, None if text is None else text.encode(), made.encode()) if made else None


def _with_tables(text: str, groups: Iterable[Sequence[Block]], name: str, notes: list[str]) -> str:
    """The text with groups of tables; a group that has no place is left out and noted."""
    for blocks in groups:
        changed = insert_tables(text, blocks)
        if changed is None:
            tables = ", ".join(f"[{block.table}]" for block in blocks if block.table)
            notes.append(f"{name}: {tables} cannot be put in; write it by hand (docs/check.md)")
        else:
            text = changed
    return text


def _settings_file(root: Path, settings: Settings) -> Path:
    """The file that settings are in, or would be in."""
    if settings.file:
        return settings.file
    project = root / "pyproject.toml"
    return project if project.is_file() else root / "lambda-slim.toml"


def _target(project: Project, settings: Settings, wanted: InitOptions, prefix: str) -> list[Block]:
    """Settings for what only a flag or a guess has determined, so that it is the same everywhere."""
    if project.template:
        return []
    lines = []
    if not _names_runtime(settings, prefix):
        lines.append(f'python = "{project.functions[0].target.runtime.python}"')
    if wanted.architecture and not _has(settings, prefix, "arch"):
        lines.append(f'arch = "{wanted.architecture}"')
    blocks = [Block(prefix, tuple(lines))] if lines else []
    if not settings.functions and len(project.functions) == 1:
        blocks.append(Block(_dotted(prefix, "functions"), (_named(project),)))
    return blocks


def _names_runtime(settings: Settings, prefix: str) -> bool:
    """Whether the settings file names the runtime, for all functions or for each."""
    if settings.file and _has(settings, prefix, "runtime", "python"):
        return True
    return bool(settings.functions) and all(table.runtime is not None for table in settings.functions)


def _named(project: Project) -> str:
    """The function's name, which is else that of a folder, with what was found to be its handler."""
    (function,) = project.functions
    handler = json.dumps(function.handler)
    below = os.path.relpath(function.source, project.root)
    value = handler if below == "." else f"{{ handler = {handler}, source = {json.dumps(below)} }}"
    return f"{_key(function.name)} = {value}"


def _has(settings: Settings, prefix: str, *names: str) -> bool:
    return not settings.lines.keys().isdisjoint(_dotted(prefix, name) for name in names)


def _budgets(functions: Mapping[str, LockEntry], wanted: InitOptions, prefix: str) -> tuple[Block, list[Block]]:
    """The budgets of all functions, and those of single ones."""
    budgets: Budgets = propose_budgets(functions, wanted.headroom)
    comment = f"as of today, and {wanted.headroom * 100:g} % more; `lambda-slim check` holds them"
    shared = Block(_dotted(prefix, "budgets"), show_limits(budgets.shared), comment)
    own = [
        Block(_dotted(prefix, f"functions.{_key(name)}.budgets"), show_limits(limits))
        for name, limits in budgets.own.items()
    ]
    return shared, own


def _dotted(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name)


def _lock(path: Path, functions: Mapping[str, LockEntry], notes: list[str]) -> ProposedChange | None:
    if path.exists():
        notes.append(f"{path.name} is left as it is (`lambda-slim check --update` writes a new lock)")
        return None
    return ProposedChange(path, None, lock_json(functions).encode()) if functions else None


def _hooks(path: Path, folder: str, wanted: InitOptions, notes: list[str]) -> ProposedChange | None:
    text = _read(path)
    made = hook.insert_hooks(text or "", wanted.requirement, folder)
    if made is None:
        notes.append(f"{path.name}: the hooks cannot be put in as text; docs/ci.md has them")
        return None
    if made == text:
        notes.append(f"{path.name} has hooks of lambda-slim: left as it is")
    return ProposedChange(path, None if text is None else text.encode(), made.encode())


def _workflow(
    place: Path, project: Project, folder: str, wanted: InitOptions, notes: list[str]
) -> ProposedChange | None:
    name = workflow.workflow_path(folder)
    others = [name for name in (".gitlab-ci.yml", "buildspec.yml", "buildspec.yaml") if (place / name).exists()]
    if others and not (place / ".github").exists():
        notes.append(f"{others[0]} is there, so no GitHub workflow is proposed; docs/ci.md has what to put into it")
        return None
    pythons = (function.target.runtime.python for function in project.functions)
    if _read(place / name) is None:
        return ProposedChange(place / name, None, workflow.workflow_yaml(pythons, wanted.requirement, folder).encode())
    notes.append(f"{name} is left as it is")
    return None
