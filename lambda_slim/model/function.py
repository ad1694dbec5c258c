"""What a project is: its functions, and where each declares what it depends on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from lambda_slim.base.errors import SlimError
from lambda_slim.model.image import ImageFacts
from lambda_slim.model.layer import Layer
from lambda_slim.model.layout import Placement
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
    """Where a function's dependencies are declared.

    Attributes:
        kind: What sort of file it is.
        path: The file.
        project: The workspace member that a `uv.lock` is read for; where relative paths of a requirements.txt begin.
        more: Requirements that the deployment tool adds to the project's by itself.
    """

    kind: RequirementsKind
    path: Path
    project: Path | None = None
    more: tuple[str, ...] = ()

    @property
    def home(self) -> Path:
        """The folder of the project that they are read for."""
        return self.project or self.path.parent


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda function.

    Attributes:
        name: Its logical id.
        handler: As Lambda reads it: `src.app.handler` or `src/app.handler`.
        source: The folder of its first-party code (CodeUri), or the unpacked package of an artifact.
        requirements: Where its dependencies are declared; None when there are none, or for an artifact.
        artifact: The zip or folder another tool built, when that is what was given; its dependencies are inside.
        environment_known: Whether these are all variables that the deployment sets.
        layers: In the order in which Lambda unpacks them to /opt.
        script: The shell script that is started in place of a handler: `run.sh`; "" for none.
        entry: What stands for the handler where a script or a vendor's handler comes first: `web.main.app`.
        roots: Modules that start besides the handler's: inner handlers, what scripts start.
        programs: Console scripts that a script starts: `uvicorn`.
        python_path: Folders of the package on PYTHONPATH, relative to it.
        opt: A folder on this machine with what lies at /opt; None before it is laid out, or without layers.
        where: `template.yaml:14`, for messages.
        layout: Which of its own files go where, where that is not all of `source` at the root.
        image: The container image that the artifact is; None for a zip or a folder.
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
    environment_known: bool = False
    layers: tuple[Layer, ...] = ()
    script: str = ""
    entry: str = ""
    roots: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    python_path: tuple[str, ...] = ()
    opt: Path | None = None
    events: tuple[Path, ...] = ()
    snap_start: bool = False
    where: str = ""
    layout: tuple[Placement, ...] = ()
    image: ImageFacts | None = None

    @property
    def parts(self) -> tuple[Placement, ...]:
        """Its own files."""
        return self.layout or (Placement(self.source),)

    @property
    def exec_wrapper(self) -> str:
        """The path in the package of the script that Lambda starts with the runtime's command; "" for none.

        Source: docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html, "Wrapper scripts".
        """
        named = self.environment.get("AWS_LAMBDA_EXEC_WRAPPER", "")
        return "" if self.script or not named.startswith("/var/task/") else named.removeprefix("/var/task/")

    @property
    def layer_wrapper(self) -> bool:
        """Whether the script that starts the runtime lies in a layer of one's own: it may set PYTHONPATH."""
        named = self.environment.get("AWS_LAMBDA_EXEC_WRAPPER", "")
        return named.startswith("/opt/") and any(layer.readable for layer in self.layers)

    @property
    def module(self) -> str:
        """The module of the handler, or of what stands for it, dotted: `src.app`."""
        return self.started.replace("/", ".").rpartition(".")[0]

    @property
    def attribute(self) -> str:
        """The handler's function: `handler`."""
        return self.started.rpartition(".")[2]

    @property
    def started(self) -> str:
        """The handler that is run here: `entry` where it stands for the handler."""
        return self.entry or self.handler


@dataclass(frozen=True, slots=True)
class Failure:
    """A function that was asked for and cannot be handled."""

    name: str
    error: SlimError
    where: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """The functions to work on.

    Attributes:
        root: The folder that messages are relative to.
        template: The deployment file that names the functions.
        failures: Functions that were asked for and are left out; a warning tells of each.
    """

    root: Path
    functions: tuple[Function, ...]
    template: Path | None = None
    warnings: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
