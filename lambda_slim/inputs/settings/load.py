"""The settings file overlaid with the environment and flags."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import ConfigError, error_text
from lambda_slim.base.files import is_folder, is_odd, read_regular, read_regular_text
from lambda_slim.formats.toml_lines import find_lines
from lambda_slim.inputs.settings.keys import FUNCTION_KEYS, KEYS, PATHS, Spec, mapping, strings
from lambda_slim.model.settings import FunctionSettings, Settings


@dataclass(frozen=True, slots=True)
class _Table:
    """A settings table and where its keys stand, for messages."""

    values: Mapping[str, Any]
    file: Path | None  # None: the environment
    prefix: str
    lines: Mapping[str, int]

    def where(self, key: str) -> str:
        if self.file is None:
            return _variable(key)
        line = self.lines.get(f"{self.prefix}.{key}" if self.prefix else key)
        return f"{self.file.name}:{line}" if line else self.file.name


def load(
    target: Path,
    *,
    config: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    working: Path | None = None,
) -> Settings:
    """The settings of the project that `target` belongs to; flags win over the environment, and that over the file.

    The file is the target's own, else that of the nearest folder above it up to the working folder.

    Args:
        target: A project folder, a template, or a package that another tool built.
        config: A settings file to use instead of the project's own.
        overrides: `Settings` fields by name, as flags gave them; with `static`, an interpreter that the file names is
            passed over.
        working: The working folder; None where only the target's own file counts.

    Raises:
        ConfigError: a file that is not TOML, an unknown key (with its line and the nearest), a value of the wrong kind.
    """
    root = (target if is_folder(target) else target.parent).absolute()
    file = config.absolute() if config else _nearest_file(root, working.absolute() if working else root)
    settings = Settings(root=root)
    if file:
        table = _read(file)
        settings = replace(settings, file=file, lines=table.lines, **_fields(table, file.parent))
    if overrides and overrides.get("static"):
        settings = replace(settings, interpreter=None)  # the repository names it, and it would be run
    settings = replace(settings, **_environment(root))
    return replace(settings, **_checked(overrides or {}))


def _nearest_file(root: Path, working: Path) -> Path | None:
    """The settings file of the target's folder, else of one above it, as far as the working folder."""
    root, working = Path(os.path.normpath(root)), Path(os.path.normpath(working))
    folders = [root, *root.parents]
    last = folders.index(working) if working in folders else 0
    return next((file for folder in folders[: last + 1] if (file := _find_file(folder))), None)


def unread(target: Path, settings: Settings, working: Path) -> str:
    """What to say where the working folder has a settings file that is not the one that is read; "" else."""
    here = Path(os.path.normpath(working.absolute()))
    file = _find_file(here)
    if (
        file is None
        or file == settings.file
        or (settings.file and settings.file.parent not in (target, *target.parents))
    ):
        return ""
    why = f"{settings.file} is nearer to the target" if settings.file else "the target lies elsewhere"
    return f"{file.name} of the working folder is not read: {why} (--config {file.name} reads it)"


def _find_file(root: Path) -> Path | None:
    own = root / "lambda-slim.toml"
    if own.is_file() or is_odd(own):
        return own  # reading it says what is wrong
    project = root / "pyproject.toml"
    try:
        return project if project.is_file() and b"lambda-slim" in read_regular(project) else None
    except OSError:
        return project  # reading it says what is wrong


def _read(file: Path) -> _Table:
    try:
        text = read_regular_text(file)
        table = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"cannot read `{file}`", cause=error_text(error), hint="check --config") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"`{file.name}` is not TOML", cause=str(error), hint="fix the line it names") from error
    lines = find_lines(text)
    if file.name == "pyproject.toml":
        for key in ("tool", "lambda-slim"):
            table = table.get(key, {})
            if not isinstance(table, dict):
                raise ConfigError(
                    f"{file.name}: `{key}` must be a table", cause=f"it is {table!r}"[:200], hint="see docs/settings.md"
                )
        return _Table(table, file, "tool.lambda-slim", lines)
    return _Table(table, file, "", lines)


def _wrong(table: _Table, key: str, expected: str) -> ConfigError:
    return ConfigError(
        f"{table.where(key)}: `{key}` must be {expected}",
        cause=f"it is {table.values[key]!r}"[:200],
        hint="docs/settings.md has every key",
    )


def _unknown(table: _Table, key: str, known: Mapping[str, object]) -> ConfigError:
    near = get_close_matches(key, known, 1)
    hint = f"did you mean `{near[0]}`?" if near else "docs/settings.md has every key"
    return ConfigError(
        f"{table.where(key)}: there is no setting `{key}`", cause=f"known: {', '.join(sorted(known))}", hint=hint
    )


def _parse(table: _Table, spec: Spec, root: Path) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in table.values.items():
        if key not in spec:
            raise _unknown(table, key, spec)
        name, parser = spec[key]
        try:
            parsed = parser(value)
        except TypeError as error:
            raise _wrong(table, key, str(error)) from None
        values[name] = root / parsed if name in PATHS else parsed
    return values


def _fields(table: _Table, folder: Path) -> dict[str, Any]:
    fields = _parse(table, KEYS, folder)
    tables = fields.pop("functions", {})
    prefix = f"{table.prefix}.functions" if table.prefix else "functions"
    functions = []
    for name, value in tables.items():
        # A string is short for its handler: functions = { Orders = "src/app.handler" }
        values = {"handler": value} if isinstance(value, str) else value
        if not isinstance(values, dict):
            raise _wrong(table, "functions", "a table of tables")
        settings = _Table(values, table.file, f"{prefix}.{name}", table.lines)
        parsed = _parse(settings, FUNCTION_KEYS, folder)
        parsed["events"] = _events(parsed.get("events", ()), folder)
        functions.append(FunctionSettings(name=name, where=table.where(f"functions.{name}"), **parsed))
    return {**fields, "functions": tuple(functions)}


_LONGEST_PATH = 4096  # of Linux; a pattern of many brackets costs the square of its length


def _events(patterns: tuple[str, ...], folder: Path) -> tuple[Path, ...]:
    """Files that the patterns name, sorted; a pattern that names none is an error."""
    events: set[Path] = set()
    for pattern in patterns:
        try:
            matches = set(folder.glob(pattern)) if len(pattern) <= _LONGEST_PATH else set()
        except (ValueError, NotImplementedError):  # an empty or an absolute pattern
            matches = set()
        if not matches:
            raise ConfigError(
                f"no event file matches `{pattern}`",
                cause=f"nothing of this name in `{folder}`",
                hint="paths are relative to the settings file",
            )
        events |= matches
    return tuple(sorted(events))


def _variable(key: str) -> str:
    return "LAMBDA_SLIM_" + key.upper().replace("-", "_")


def _environment(root: Path) -> dict[str, Any]:
    """`LAMBDA_SLIM_<KEY>` for every simple key: `LAMBDA_SLIM_LEVEL=reach`; lists are separated by commas."""
    values: dict[str, Any] = {}
    for key, (_, parser) in KEYS.items():
        text = os.environ.get(_variable(key))
        if text is not None and parser is not mapping:
            values[key] = [part.strip() for part in text.split(",")] if parser is strings else text
    return _parse(_Table(values, None, "", {}), KEYS, root)


def _checked(overrides: Mapping[str, object]) -> dict[str, Any]:
    """Flags go through the same parsers as the file; what only flags have is taken as it is."""
    parsers = {name: (key, parser) for key, (name, parser) in KEYS.items()}
    checked: dict[str, Any] = {}
    for name, value in overrides.items():
        if value is None:
            continue
        if name not in parsers or isinstance(value, Path):
            checked[name] = value.absolute() if isinstance(value, Path) else value
            continue
        key, parser = parsers[name]
        try:
            checked[name] = parser(value)
        except TypeError as error:
            raise ConfigError(f"--{key} must be {error}", cause=f"it is {value!r}", hint="see --help") from None
    return checked
