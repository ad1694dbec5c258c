"""Which functions does this project deploy?"""

import ast
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path

from lambda_slim.errors import ConfigError, HandlerError, NothingToDoError, UsageError
from lambda_slim.files import is_there
from lambda_slim.runtimes import Target, runtimes
from lambda_slim.settings import FunctionSettings, Settings


class RequirementsKind(StrEnum):
    """The formats that name a function's dependencies."""

    REQUIREMENTS = "requirements.txt"
    PYPROJECT = "pyproject.toml"
    UV_LOCK = "uv.lock"
    PYLOCK = "pylock.toml"


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


_TEMPLATES = ("template.yaml", "template.yml", "template.json")
_HANDLER_FILES = (
    "app.py",
    "lambda_function.py",
    "handler.py",
    "main.py",
    "index.py",
    "src/app.py",
    "src/handler.py",
    "src/main.py",
)
_HANDLER_NAMES = ("handler", "lambda_handler", "main")


def find_project(target: Path, settings: Settings, *, handler: str | None = None) -> Project:
    """The functions that `target` deploys, filtered by `settings.select`, each with a handler that is there.

    Args:
        target: A project folder, a SAM or CloudFormation template, or a zip or folder that another tool built.
        settings: See `settings.load`.
        handler: The handler, where neither a template nor the settings name it.

    Raises:
        UsageError: the target is not there; it is not clear which function is meant.
        ConfigError: the template cannot be read, or a function lacks what only the user knows.
        HandlerError: a handler's file or function is missing.
        NothingToDoError: no function at all.
    """
    place = target.absolute()
    if not is_there(place):
        raise UsageError(
            f"`{target}` is not there",
            cause=f"no file or folder of this name in `{place.parent}`",
            hint="name a project folder, a template, or a built zip or folder",
        )
    warnings: list[str] = []
    template = _template(place, settings)
    if (place.is_file() and template is None) or _is_package(place, settings, template):
        found = [_artifact(place, settings, handler, warnings)]
    elif template is not None:
        found = _from_template(template, settings, warnings)
        if handler and len(found) == 1:
            found = [replace(found[0], handler=handler)]
    elif settings.functions:
        found = [_from_table(table, settings, warnings) for table in settings.functions]
    else:
        found = [_plain(place, settings, handler, warnings)]
    chosen = _selected(found, settings, warnings)
    for function in chosen:
        _check_name(function)
        check_handler(function)
    root = template.parent if template else (place if place.is_dir() else place.parent)
    return Project(root, tuple(chosen), template, tuple(dict.fromkeys(warnings)))


def _template(place: Path, settings: Settings) -> Path | None:
    if place.is_file():
        return place if place.suffix in (".yaml", ".yml", ".json", ".template") else None
    if settings.template:
        return settings.template
    if settings.functions and all(table.handler for table in settings.functions):
        return None  # the settings say it all; tables without a handler only add to a template's functions
    return next((place / name for name in _TEMPLATES if (place / name).is_file()), None)


def _is_package(place: Path, settings: Settings, template: Path | None) -> bool:
    """A folder that another tool built: distributions lie in it, and nothing says what to install."""
    if not place.is_dir() or template or settings.functions:
        return False
    return any(place.glob("*.dist-info/METADATA")) and not (place / "uv.lock").is_file()


def known_target(runtime: str, architecture: str, where: str) -> Target:
    """The target of these names.

    Raises:
        ConfigError: the runtime is not known; names the nearest.
    """
    known = runtimes()
    if runtime not in known:
        near = get_close_matches(runtime, known, 1) or [list(known)[-3]]
        raise ConfigError(
            f"{where}: `{runtime}` is not a Python runtime that I know",
            cause=f"known: {', '.join(known)}",
            hint=f"did you mean `{near[0]}`? (--python {known[near[0]].python})",
        )
    return Target(known[runtime], architecture if architecture in ("x86_64", "arm64") else "x86_64")


def _from_template(template: Path, settings: Settings, warnings: list[str]) -> list[Function]:
    from lambda_slim.formats.template import UNKNOWN, parse_template

    try:
        rows = parse_template(template.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ConfigError(
            f"`{template.name}` cannot be read as a template",
            cause=str(error),
            hint="is it a SAM or CloudFormation template?",
        ) from error
    found = []
    tables = {table.name: table for table in settings.functions}
    for row in rows:
        where = f"{template.name}:{row.line}"
        if row.skipped or row.code is None:
            warnings.append(f"{where}: {row.name} is left out: {row.skipped}")
            continue
        own = tables.get(row.name) or FunctionSettings(row.name)
        runtime = settings.runtime or own.runtime or row.runtime
        missing = [
            key
            for key, value in (("Handler", own.handler or row.handler), ("Runtime", runtime), ("CodeUri", row.code))
            if value == UNKNOWN
        ]
        if missing:
            warnings.append(
                f"{where}: {row.name} is left out: its {missing[0]} is only known at deployment; "
                f"say it in [functions.{row.name}] or give the parameter a default"
            )
            continue
        code = Path(os.path.normpath(template.parent / row.code))
        if not code.exists():
            raise ConfigError(
                f"{where}: the code of {row.name} is not there",
                cause=f"no `{row.code}` beside {template.name}",
                hint="check CodeUri",
            )
        artifact = code if code.is_file() else None
        found.append(
            Function(
                name=row.name,
                handler=own.handler or row.handler,
                source=own.source or code,
                target=known_target(runtime, settings.architecture or own.architecture or row.architecture, where),
                requirements=None if artifact else _requirements(own, code, template.parent),
                artifact=artifact,
                memory_mb=own.memory_mb or row.memory_mb,
                timeout_s=row.timeout_s,
                environment={**row.environment, **own.environment},
                layers=row.layers,
                events=own.events,
                snap_start=row.snap_start,
                where=where,
            )
        )
    return found


def _from_table(table: FunctionSettings, settings: Settings, warnings: list[str]) -> Function:
    root = settings.file.parent if settings.file else settings.root
    source = table.source or root
    if not table.handler:
        raise ConfigError(
            f"{table.where}: function `{table.name}` has no handler",
            cause="without a template, only the settings can name it",
            hint='add handler = "module.function"',
        )
    if not source.is_dir():
        raise ConfigError(
            f"{table.where}: the source of `{table.name}` is not a folder",
            cause=str(source),
            hint="`source` is relative to the settings file",
        )
    return Function(
        name=table.name,
        handler=table.handler,
        source=source,
        target=_default_target(settings, table, warnings, root),
        requirements=_requirements(table, source, root),
        memory_mb=table.memory_mb or 128,
        environment=table.environment,
        events=table.events,
        where=table.where,
    )


def _plain(place: Path, settings: Settings, handler: str | None, warnings: list[str]) -> Function:
    chosen = handler or _obvious_handler(place)
    table = FunctionSettings(place.name)
    return Function(
        name=place.name or "function",
        handler=chosen,
        source=place,
        target=_default_target(settings, table, warnings, place),
        requirements=_requirements(table, place, place),
    )


def _artifact(place: Path, settings: Settings, handler: str | None, warnings: list[str]) -> Function:
    """A package that another tool built; a zip is unpacked by who reads it."""
    from lambda_slim.package import recognise, unpacked

    source = unpacked(place)
    seen = recognise(source)
    runtime = settings.runtime or (f"python{seen.python}" if seen.python else None)
    if runtime is None:
        raise UsageError(f"which Python is `{place.name}` for?", cause="nothing in it says", hint="say --python 3.12")
    architecture = settings.architecture or seen.architecture or "x86_64"
    if not settings.runtime:
        warnings.append(f"{place.name}: taken to be for {runtime} {architecture}, by what is in it (--python, --arch)")
    table = settings.functions[0] if len(settings.functions) == 1 else FunctionSettings(place.stem)
    return Function(
        name=table.name,
        handler=handler or table.handler or _obvious_handler(source),
        source=source,
        target=known_target(runtime, architecture, place.name),
        artifact=place,
        environment=table.environment,
        events=table.events,
    )


def _default_target(settings: Settings, table: FunctionSettings, warnings: list[str], root: Path) -> Target:
    runtime = settings.runtime or table.runtime
    if runtime is None:
        runtime = f"python{_newest_supported(root)}"
        warnings.append(f"{table.name}: no runtime is named; building for {runtime} (set `runtime`, or --python)")
    return known_target(runtime, settings.architecture or table.architecture or "x86_64", table.where or table.name)


def _newest_supported(root: Path) -> str:
    """What `.python-version` says, else the newest runtime that is neither in preview nor needs a newer tool chain."""
    pin = root / ".python-version"
    known = {runtime.python for runtime in runtimes().values() if not runtime.preview}
    if pin.is_file():
        said = ".".join(pin.read_text("utf-8").strip().removeprefix("python").split(".")[:2])
        if said in known:
            return said
    return "3.12"


def _requirements(table: FunctionSettings, source: Path, root: Path) -> Requirements | None:
    """The nearest declaration at or above the source folder, up to the project's root."""
    if table.requirements:
        if not table.requirements.is_file():
            raise ConfigError(
                f"{table.where}: `{table.requirements.name}` is not there",
                cause=f"no file in `{table.requirements.parent}`",
                hint="`requirements` is relative to the settings file",
            )
        return Requirements(_kind(table.requirements), table.requirements)
    folder = source
    while True:
        if found := _declared(folder):
            return found
        if folder in (root, folder.parent) or root not in folder.parents:
            return None
        folder = folder.parent


def _kind(path: Path) -> RequirementsKind:
    if path.name.startswith("pylock"):
        return RequirementsKind.PYLOCK
    return {"pyproject.toml": RequirementsKind.PYPROJECT, "uv.lock": RequirementsKind.UV_LOCK}.get(
        path.name, RequirementsKind.REQUIREMENTS
    )


def _declared(folder: Path) -> Requirements | None:
    """What SAM reads comes first (requirements.txt), then locks, then pyproject.toml with dependencies."""
    for name, kind in (
        ("requirements.txt", RequirementsKind.REQUIREMENTS),
        ("uv.lock", RequirementsKind.UV_LOCK),
        ("pylock.toml", RequirementsKind.PYLOCK),
    ):
        if (folder / name).is_file():
            return Requirements(kind, folder / name)
    project = folder / "pyproject.toml"
    if project.is_file() and "dependencies" in project.read_text("utf-8", "replace"):
        if lock := _workspace_lock(folder):
            return Requirements(RequirementsKind.UV_LOCK, lock, folder)
        return Requirements(RequirementsKind.PYPROJECT, project)
    return None


def _workspace_lock(folder: Path) -> Path | None:
    """The uv.lock of the workspace that a project is a member of; it may lie above the project that was named."""
    for above in folder.parents:
        project, lock = above / "pyproject.toml", above / "uv.lock"
        if project.is_file() and "tool.uv.workspace" in project.read_text("utf-8", "replace"):
            return lock if lock.is_file() else None
    return None


def _selected(found: list[Function], settings: Settings, warnings: list[str]) -> list[Function]:
    if not found:
        raise NothingToDoError(
            "no Python function to work on",
            cause="; ".join(warnings) or "the template names none",
            hint="docs/settings.md says how functions are found",
        )
    if not settings.select:
        return found
    chosen = [one for one in found if any(fnmatchcase(one.name, pattern) for pattern in settings.select)]
    if not chosen:
        names = ", ".join(one.name for one in found)
        raise UsageError(
            f"no function is called {', '.join(f'`{name}`' for name in settings.select)}",
            cause=f"there are: {names}",
            hint="-F takes a name, or a pattern: -F 'Orders*'",
        )
    return chosen


def _check_name(function: Function) -> None:
    """A function's name is also its zip's, which must stay in the output folder."""
    if function.name in (".", "..") or any(sign in function.name for sign in "/\\\0"):
        raise ConfigError(
            f"`{function.name}` cannot be the name of a zip",
            cause=f"it would lead out of the output folder ({function.where})",
            hint="rename the function",
        )


def _obvious_handler(folder: Path) -> str:
    candidates = [
        f"{path.removesuffix('.py').replace('/', '.')}.{name}"
        for path in _HANDLER_FILES
        if (folder / path).is_file()
        for name in _HANDLER_NAMES
        if name in (names_in(folder / path) or ())
    ]
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise UsageError(
            f"which handler is meant in `{folder.name}`?",
            cause=f"there are {', '.join(candidates)}",
            hint=f"say --handler {candidates[0]}",
        )
    raise NothingToDoError(
        f"no handler found in `{folder.name}`",
        cause=f"looked for {', '.join(_HANDLER_NAMES)} in {', '.join(_HANDLER_FILES[:5])}, …",
        hint="say --handler module.function, or write [functions] into lambda-slim.toml",
    )


def check_handler(function: Function) -> None:
    """Whether the handler's file and function are there.

    Raises:
        HandlerError: the string is malformed, or one of them is missing; names the nearest there is.
    """
    # Lambda reads `src/app.handler` as `src.app.handler`; an empty part would be a relative or an absolute name.
    if "." not in function.handler or not all(re.split(r"[./]", function.handler)):
        raise HandlerError(
            f"{function.name}: `{function.handler}` is not a handler",
            cause=f"it names no module and function ({function.where or 'handler'})",
            hint="Lambda wants module.function, e.g. src.app.handler",
        )
    base = function.source / function.module.replace(".", "/")
    file = next((path for path in (base.with_name(base.name + ".py"), base / "__init__.py") if path.is_file()), None)
    if file is None:
        if base.with_name(base.name + ".pyc").is_file() or list(base.parent.glob(f"{base.name}.*.so")):
            return
        near = get_close_matches(
            function.module,
            [".".join(p.relative_to(function.source).with_suffix("").parts) for p in _sources(function.source)],
            1,
        )
        hint = f"did you mean `{near[0]}.{function.attribute}`?" if near else "check Handler and CodeUri"
        raise HandlerError(
            f"{function.name}: there is no module `{function.module}`",
            cause=f"no {base.name}.py in {base.parent.name or '.'}/ ({function.where or 'handler'})",
            hint=hint,
        )
    names = names_in(file)
    if names is not None and function.attribute not in names:
        near = get_close_matches(function.attribute, names, 1)
        hint = (
            f"did you mean `{function.module}.{near[0]}`?"
            if near
            else f"it defines: {', '.join(sorted(names)[:8]) or 'nothing'}"
        )
        raise HandlerError(
            f"{function.name}: `{file.name}` has no `{function.attribute}`",
            cause=f"nothing in it binds that name ({function.where or 'handler'})",
            hint=hint,
        )


def _sources(folder: Path) -> list[Path]:
    return [
        path for path in sorted(folder.glob("**/*.py"))[:2000] if not any(part.startswith(".") for part in path.parts)
    ]


def names_in(file: Path) -> frozenset[str] | None:
    """Names that a module binds; None where it may bind others (star import, `__getattr__`, syntax error)."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return None if "__getattr__" in found else frozenset(found)
