"""The runtime and architecture that a function is built for."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.files import read_loosely
from lambda_slim.formats.poetry import to_pep440
from lambda_slim.formats.tables import as_table
from lambda_slim.knowledge.runtimes import retired_hint, runtimes
from lambda_slim.model.settings import FunctionSettings, Settings
from lambda_slim.model.target import Target

_ARCHITECTURES = ("x86_64", "arm64")


def known_target(runtime: str, architecture: str, where: str) -> Target:
    """The target of these names.

    Raises:
        ConfigError: the runtime or the architecture is not known; names the nearest.
    """
    known = runtimes()
    if told := retired_hint(runtime):
        cause, _, hint = told.partition("; ")
        raise ConfigError(f"{where}: `{runtime}` is a retired runtime", cause=cause, hint=hint)
    if runtime not in known:
        near = get_close_matches(runtime, known, 1) or [list(known)[-3]]
        raise ConfigError(
            f"{where}: `{runtime}` is not a known Python runtime",
            cause=f"known: {', '.join(known)}",
            hint=f"did you mean `{near[0]}`? (--python {known[near[0]].python})",
        )
    if architecture not in _ARCHITECTURES:
        raise ConfigError(
            f"{where}: `{architecture}` is not an architecture of Lambda",
            cause=f"known: {', '.join(_ARCHITECTURES)}",
            hint="fix it there, or give --arch",
        )
    return Target(known[runtime], architecture)


def default_target(
    settings: Settings, table: FunctionSettings, warnings: list[str], root: Path, source: Path | None = None
) -> Target:
    """What the settings say, else x86_64 and what the project's Python says, else the usual runtime, with a warning.

    Args:
        settings: The settings.
        table: Those of the function.
        warnings: A runtime that is not named is added.
        root: The project's folder.
        source: The folder of the function's code; what lies nearer to it counts.
    """
    runtime = settings.runtime or table.runtime
    if runtime is None:
        python, why = _python_of(root, source or root)
        runtime = f"python{python}"
        warnings.append(f"{table.name}: no runtime is named; building for {runtime}{why} (set `runtime`, or --python)")
    return known_target(runtime, settings.architecture or table.architecture or "x86_64", table.where or table.name)


def _python_of(root: Path, source: Path) -> tuple[str, str]:
    """The Python of a project, and from where that is known, as a clause."""
    known = [runtime.python for runtime in runtimes().values() if not runtime.preview]
    for folder in _folders(root, source):
        for file, wanted in _wanted(folder):
            if fitting := _fitting(wanted, known):
                said = file == _PIN or fitting == _USUAL
                return fitting, "" if said else f", as {file} wants Python {wanted}"
    return _USUAL, ""


def _folders(root: Path, source: Path) -> list[Path]:
    """The folders from the code up to the project's."""
    return [folder for folder in (source, *source.parents) if folder == root or root in folder.parents] or [root]


_PIN = ".python-version"
_USUAL = "3.12"  # the newest runtime that needs no newer tool chain


def _wanted(folder: Path) -> Iterator[tuple[str, str]]:
    """(file, specifier) of the Pythons that a folder's project files ask for."""
    project = _table(folder / "pyproject.toml")
    poetry = _table_in(_table_in(_table_in(project, "tool"), "poetry"), "dependencies").get("python")
    pin = folder / _PIN
    pinned = read_loosely(pin).strip().removeprefix("python") if pin.is_file() else ""
    texts = {
        _PIN: ".".join(pinned.split(".")[:2]),
        "pyproject.toml": _table_in(project, "project").get("requires-python"),
        "poetry's table": to_pep440(poetry) if isinstance(poetry, str) else None,
        "Pipfile": _table_in(_table(folder / "Pipfile"), "requires").get("python_version"),
    }
    for file, text in texts.items():
        if isinstance(text, str) and text:
            yield file, f"=={text}.*" if text[0].isdigit() else text


def _table(file: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(read_loosely(file)) if file.is_file() else {}
    except tomllib.TOMLDecodeError:
        return {}  # who reads it for its dependencies says so


def _table_in(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    return as_table(table.get(key))


def _fitting(wanted: str, known: Sequence[str]) -> str:
    """The usual runtime where it fits, else the newest below it that does, else the oldest above; "" for none."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        specifier = SpecifierSet(wanted)
    except InvalidSpecifier:
        return ""
    fitting = [version for version in known if specifier.contains(f"{version}.99") or specifier.contains(version)]
    below = [version for version in fitting if _order(version) <= _order(_USUAL)]
    return max(below, key=_order, default="") or min(fitting, key=_order, default="")


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
