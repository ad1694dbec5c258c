"""What a project is: its functions, and where each declares what it depends on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from lambda_slim.model.target import Target


class RequirementsKind(StrEnum):
    """The formats that name a function's dependencies."""

    REQUIREMENTS = "requirements.txt"
    PYPROJECT = "pyproject.toml"
    UV_LOCK = "uv.lock"
    PYLOCK = "pylock.toml"
    POETRY_LOCK = "poetry.lock"
    PDM_LOCK = "pdm.lock"
    PIPFILE_LOCK = "Pipfile.lock"
    PIPFILE = "Pipfile"


@dataclass(frozen=True, slots=True)
class Requirements:
    """Where a function's dependencies are declared; `project` is the workspace member that a `uv.lock` is read for."""

    kind: RequirementsKind
    path: Path
    project: Path | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda function.

    Attributes:
        name: Its logical id.
        handler: As Lambda reads it: `src.app.handler` or `src/app.handler`.
        source: The folder of its own code (CodeUri), or the unpacked package of an artifact.
        requirements: Where its dependencies are declared; None when there are none, or for an artifact.
        artifact: The zip or folder another tool built, when that is what was given; its dependencies are inside.
        where: `template.yaml:14`, for messages.
    """

    name: str
    handler: str
    source: Path
    target: Target
    requirements: Requirements | None = None
    artifact: Path | None = None
    memory_mb: int = 128
    timeout_s: int = 3
    environment: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    events: tuple[Path, ...] = ()
    snap_start: bool = False
    where: str = ""

    @property
    def module(self) -> str:
        """The handler's module, dotted: `src.app`."""
        return self.handler.replace("/", ".").rpartition(".")[0]

    @property
    def attribute(self) -> str:
        """The handler's function: `handler`."""
        return self.handler.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Project:
    """The functions to work on, and the folder that messages are relative to."""

    root: Path
    functions: tuple[Function, ...]
    template: Path | None = None
    warnings: tuple[str, ...] = ()
