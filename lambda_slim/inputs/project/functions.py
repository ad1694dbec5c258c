"""Makes a function from what deployment files and settings say of it."""

import shutil
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import is_folder
from lambda_slim.formats.tables import UNKNOWN
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.functions.staged import staged
from lambda_slim.inputs.prebuilt import unpacked
from lambda_slim.inputs.project.artifacts import is_built
from lambda_slim.inputs.project.behind import from_source
from lambda_slim.inputs.project.declared import requirements_of
from lambda_slim.inputs.project.layers import function_layers
from lambda_slim.inputs.project.targets import default_target, known_target
from lambda_slim.knowledge.runtimes import retired_hint, runtimes
from lambda_slim.model.function import Function, Requirements, RequirementsKind
from lambda_slim.model.layout import Placement
from lambda_slim.model.settings import FunctionSettings, Settings
from lambda_slim.model.target import Target

_ASIDE = shutil.ignore_patterns(".git", ".venv", "venv", "node_modules", ".aws-sam", "__pycache__", ".terraform")


def made(declared: Declared, settings: Settings, root: Path, warnings: list[str]) -> Function:
    """A function of a deployment file, with what the settings add to it.

    A function whose code is a zip, or a folder that was already built (`sam build`), ships what is in it.

    Args:
        declared: What the file says.
        settings: Whose table of the function's name is added.
        root: The project's root, up to which dependencies are looked for.
        warnings: An assumed runtime is added.

    Raises:
        ConfigError: what must be known is not, or cannot be used.
        PackageError: its zip cannot be read.
    """
    own = settings.table_of(declared.name)
    if declared.built:
        own = replace(own, source=None, requirements=None)
    _check(declared, own, settings)
    if not own.source:
        declared = from_source(declared, warnings)
    parts = (Placement(own.source),) if own.source else declared.parts
    artifact = _artifact(declared, own, settings, root)
    source = _source(artifact, parts, root)
    return Function(
        name=declared.name,
        handler=own.handler or declared.handler or "",
        source=source,
        target=_target(declared, own, settings, root, warnings),
        requirements=None if artifact else _requirements(declared, own, source, root),
        artifact=artifact,
        memory_mb=own.memory_mb or declared.memory_mb,
        timeout_s=declared.timeout_s,
        environment={**declared.environment, **own.environment},
        environment_known=declared.environment_known,
        layers=(*declared.layers, *function_layers(own, settings)),
        events=own.events,
        snap_start=declared.snap_start,
        where=declared.where,
        roots=declared.starts,
        layout=() if artifact or _is_plain(parts) else parts,
    )


def _artifact(declared: Declared, own: FunctionSettings, settings: Settings, root: Path) -> Path | None:
    """The package that is there already: one that is named, one that `make` fills, or a folder that was built."""
    if own.source:
        parts: tuple[Placement, ...] = (Placement(own.source),)
    elif declared.package:
        return declared.package
    elif declared.make:
        return _by_make(declared, settings, root)
    else:
        parts = declared.parts
    is_folder_of_package = _is_plain(parts) and not own.requirements and is_built(parts[0].source)
    return parts[0].source if is_folder_of_package else None


def _is_plain(parts: tuple[Placement, ...]) -> bool:
    """Whether a package is all of one folder, as it lies there."""
    return len(parts) == 1 and not parts[0].prefix and not parts[0].rules


def _source(artifact: Path | None, parts: tuple[Placement, ...], root: Path) -> Path:
    """The folder of the function's code, unpacked."""
    if artifact:
        return unpacked(artifact)
    code = parts[0].source if parts else root
    return code if parts and code.is_dir() else code.parent


def _check(declared: Declared, own: FunctionSettings, settings: Settings) -> None:
    """Whether everything that has to be known is declared.

    Raises:
        ConfigError: it is not.
    """
    handler = own.handler or declared.handler
    if declared.problem and not (own.source and handler):
        raise _not_understood(declared)
    runtime = _runtime(declared, own, settings)
    if handler in (UNKNOWN, None):
        raise _not_known(declared, "Handler", "handler")
    if runtime == UNKNOWN:
        raise _not_known(declared, "Runtime", "runtime")
    if _architecture(declared, own, settings) == UNKNOWN:
        raise _not_known(declared, "architecture", "arch")
    if runtime and runtime == declared.runtime:
        _check_runtime(declared, runtime)


def _not_understood(declared: Declared) -> ConfigError:
    hint = declared.hint or f"say `handler` and `source` in [functions.{declared.name}] of the settings"
    return ConfigError(f"{declared.where}: {declared.problem}", cause=f"function {declared.name}", hint=hint)


def _not_known(declared: Declared, name: str, key: str) -> ConfigError:
    why = declared.open_values.get(name.lower(), "")
    said = f"say `{key}` in [functions.{declared.name}] of the settings"
    return ConfigError(
        f"{declared.where}: {declared.name}: its {name} is missing, or only known at deployment",
        cause=why or "nothing here says it",
        hint=said if why else f"{said}, or give the parameter a default",
    )


def _check_runtime(declared: Declared, runtime: str) -> None:
    """Whether the runtime that the deployment file says is one that Lambda has.

    Raises:
        ConfigError: it is retired, or not known.
    """
    if told := retired_hint(runtime):
        cause, _, hint = told.partition("; ")
        raise ConfigError(
            f"{declared.where}: {declared.name}: `{runtime}` is a retired runtime", cause=cause, hint=hint
        )
    if runtime not in runtimes():
        raise ConfigError(
            f"{declared.where}: {declared.name}: `{runtime}` is not a known runtime",
            cause=f"known: {', '.join(runtimes())}",
            hint=f"say `runtime` in [functions.{declared.name}], or --python",
        )


def _runtime(declared: Declared, own: FunctionSettings, settings: Settings) -> str | None:
    return settings.runtime or own.runtime or declared.runtime


def _architecture(declared: Declared, own: FunctionSettings, settings: Settings) -> str | None:
    return settings.architecture or own.architecture or declared.architecture


def _target(declared: Declared, own: FunctionSettings, settings: Settings, root: Path, warnings: list[str]) -> Target:
    runtime = _runtime(declared, own, settings)
    architecture = _architecture(declared, own, settings) or "x86_64"
    if runtime is None:
        return default_target(settings, replace(own, architecture=architecture), warnings, root)
    return known_target(runtime, architecture, declared.where)


def _requirements(declared: Declared, own: FunctionSettings, source: Path, root: Path) -> Requirements | None:
    if not own.requirements and not declared.installs:
        return None
    if declared.requirements and not own.requirements:
        if not declared.requirements.is_file():
            raise ConfigError(
                f"{declared.where}: {declared.name}: its requirements are not there",
                cause=f"no `{declared.requirements.name}` in `{declared.requirements.parent}`",
                hint=f"check it, or say `requirements` in [functions.{declared.name}] of the settings",
            )
        own = replace(own, requirements=declared.requirements)
    named = (
        requirements_of(own, source, root if declared.above else source)
        if declared.searched or own.requirements
        else None
    )
    return _with_more(named, declared.requires, root) if declared.requires else named


def _with_more(named: Requirements | None, more: tuple[str, ...], root: Path) -> Requirements:
    """Requirements with those that the deployment tool adds by itself."""
    if named and named.kind is not RequirementsKind.REQUIREMENTS:
        return replace(named, more=more)
    lines = [*([f"-r {named.path}"] if named else []), *more]
    path = staged({"requirements.txt": "".join(f"{line}\n" for line in lines)}) / "requirements.txt"
    return Requirements(RequirementsKind.REQUIREMENTS, path, named.path.parent if named else root)


def _by_make(declared: Declared, settings: Settings, root: Path) -> Path:
    """The folder that a Makefile fills, as `sam build` has it run; that happens in a copy of the project.

    Raises:
        ConfigError: nobody asked for it to be run.
        RunError: it failed.
    """
    folder = declared.parts[0].source if declared.parts else root
    if not settings.make or settings.static:
        raise ConfigError(
            f"{declared.where}: {declared.name} is built by a Makefile, which was not run",
            cause="BuildMethod: makefile; what it puts into the package is not known",
            hint="add --make to have `make` run, or run `sam build` and then `lambda-slim build .aws-sam/build`",
        )
    from lambda_slim.run.make import run_make

    inside = root in (folder, *folder.parents)
    scratch, out = staged({}) / "project", staged({})
    shutil.copytree(root if inside else folder, scratch, symlinks=True, ignore=_ASIDE)
    run_make(declared.name, scratch / folder.relative_to(root) if inside else scratch, out, scratch)
    return out


def from_table(table: FunctionSettings, settings: Settings, place: Path, warnings: list[str]) -> Function:
    """A function that only the settings name.

    Args:
        table: Its table.
        settings: What holds for all.
        place: The target; its code lies there unless the table says otherwise.
        warnings: An assumed runtime is added.

    Raises:
        ConfigError: it has no handler, or its source is not there.
    """
    source = table.source or place
    if not table.handler:
        raise ConfigError(
            f"{table.where}: function `{table.name}` has no handler",
            cause="without a deployment file, only the settings can name it",
            hint='add handler = "module.function"',
        )
    if not is_folder(source):
        raise ConfigError(
            f"{table.where}: the source of `{table.name}` is not a folder",
            cause=str(source),
            hint="`source` is relative to the settings file",
        )
    root = place if place == source or place in source.parents else source
    return Function(
        name=table.name,
        handler=table.handler,
        source=source,
        target=default_target(settings, table, warnings, root, source),
        requirements=requirements_of(table, source, root),
        memory_mb=table.memory,
        environment=table.environment,
        layers=function_layers(table, settings),
        events=table.events,
        where=table.where,
    )


def strangers(settings: Settings, names: list[str], file: str) -> list[str]:
    """Tables of functions that nothing else names: what they ask for, budgets too, holds for nothing."""
    warnings = []
    for table in settings.functions:
        if table.name not in names and not table.handler:
            near = get_close_matches(table.name, names, 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            warnings.append(f"{table.where or table.name}: `{table.name}` is no function of {file}{hint}")
    return warnings
