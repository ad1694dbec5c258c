"""What a deployment file says, and how a kind of deployment file is recognised and read."""

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lambda_slim.base.files import first_file
from lambda_slim.formats.tables import UNKNOWN, as_number
from lambda_slim.model.layer import Layer
from lambda_slim.model.layout import Placement


@dataclass(frozen=True, slots=True)
class Declared:
    """One function of a deployment file. None: not declared; `UNKNOWN`: only the deployment knows it.

    Attributes:
        name: Its name there.
        where: `template.yaml:14`, for messages.
        parts: Its code; empty where `package` is given.
        package: A zip, or a folder that may be built already.
        requirements: The file that names its dependencies, where the deployment file says it.
        requires: Requirements that the deployment tool adds by itself, or that are written out in the deployment file.
        installs: Whether it has dependencies at all.
        searched: Whether they are looked for beside its code, in addition to `requires`.
        above: Whether they are looked for in the folders above its code too.
        environment_known: Whether these are all variables that the deployment sets.
        skipped: Why it is not for this tool: another language, code that lies elsewhere.
        note: A message for the build of the function.
        open_values: `handler`, `runtime` or `architecture` to why only the deployment knows it.
        problem: What is seen and not understood; the function cannot be built.
        hint: What to do about the problem.
        starts: Modules that are imported when it starts, as the deployment's settings name them.
        make: Whether a Makefile beside its code builds it.
        built: Whether `package` ships as it is, without regard to settings on its source.
    """

    name: str
    where: str
    handler: str | None = None
    runtime: str | None = None
    architecture: str | None = None
    parts: tuple[Placement, ...] = ()
    package: Path | None = None
    requirements: Path | None = None
    requires: tuple[str, ...] = ()
    installs: bool = True
    searched: bool = True
    above: bool = True
    memory_mb: int = 128
    timeout_s: int = 3
    environment: Mapping[str, str] = field(default_factory=dict)
    environment_known: bool = False
    layers: tuple[Layer, ...] = ()
    snap_start: bool = False
    skipped: str = ""
    note: str = ""
    open_values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    hint: str = ""
    starts: tuple[str, ...] = ()
    make: bool = False
    built: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a deployment file is read for.

    Attributes:
        stage: The stage or environment, where the file has several; "" for its default.
    """

    stage: str = ""


@dataclass(frozen=True, slots=True)
class DeploymentKind:
    """A kind of deployment file.

    Attributes:
        name: What people call it.
        find: The file of this kind that a folder has.
        reads: Whether a named file, with its text, is of this kind.
        read: Its functions. Raises ValueError where the file cannot be read, and `QuestionError` where it can and is
            not understood.
    """

    name: str
    find: Callable[[Path], Path | None]
    reads: Callable[[Path, str], bool]
    read: Callable[[Path, Asked], tuple[Declared, ...]]


class QuestionError(Exception):
    """A deployment file is seen, and somebody must say more, or run something, before its functions are known.

    Attributes:
        message: What is seen.
        cause: Why it is not enough.
        hint: What to do.
    """

    def __init__(self, message: str, cause: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.cause = cause
        self.hint = hint


def find_by_name(*names: str) -> Callable[[Path], Path | None]:
    """What finds the first of some files in a folder."""
    return functools.partial(first_file, names=names)


def numbered(rows: Iterable[Declared]) -> tuple[Declared, ...]:
    """The functions; a second one of a name gets a number: `api-2`."""
    times: Counter[str] = Counter()
    named = []
    for row in rows:
        times[row.name] += 1
        named.append(row if times[row.name] == 1 else replace(row, name=f"{row.name}-{times[row.name]}"))
    return tuple(named)


def python_runtime(runtime: str | None) -> bool:
    """Whether a runtime may be Python's."""
    return runtime in (None, UNKNOWN) or str(runtime).startswith("python")


def number(value: object, default: int) -> int:
    """A whole number; see `as_number`."""
    return as_number(value, default)


def named_layers(values: object, where: str) -> tuple[Layer, ...]:
    """The layers of a list of ARNs; what only the deployment knows has no name."""
    from lambda_slim.inputs.project.layers import named_layer

    return tuple(named_layer(str(value), where) for value in values) if isinstance(values, list | tuple) else ()


def texts(value: object) -> dict[str, str]:
    """A table of texts; empty where it is none."""
    if not isinstance(value, dict):
        return {}
    return {str(key): "" if item is None else str(item) for key, item in value.items()}
