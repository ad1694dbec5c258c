"""What the user asked for: the settings file overlaid with the environment and flags."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from lambda_slim.errors import ConfigError
from lambda_slim.files import is_folder
from lambda_slim.formats.toml_lines import find_lines


class Level(StrEnum):
    """How boldly files are left out; each level includes the one before it."""

    SAFE = "safe"  # only what is provably inert
    REACH = "reach"  # what no path from the handler reaches
    TRACE = "trace"  # what was seen used, plus a static margin


class Bytecode(StrEnum):
    """Which modules travel compiled."""

    AUTO = "auto"  # all, unless a size limit forbids it
    INIT = "init"  # only modules that INIT imports
    ALL = "all"
    NONE = "none"
    ONLY = "only"  # bytecode in place of source, except sources that code reads


class Margin(StrEnum):
    """What level trace ships beyond what was seen."""

    NONE = "none"
    SOURCES = "sources"  # all that is imported in writing, but extension modules whose own libraries were never mapped
    STATIC = "static"  # all that is imported in writing


class Sdk(StrEnum):
    """What happens to the boto set (boto3, botocore, s3transfer, jmespath, python-dateutil, six, urllib3)."""

    KEEP = "keep"
    RUNTIME = "runtime"  # leave the whole set out; the runtime's own copy is used
    PRUNE = "prune"  # keep it, with the data of the services that the code names


@dataclass(frozen=True, slots=True)
class FunctionSettings:
    """One `[tool.lambda-slim.functions.NAME]` table; None means "not said here"."""

    name: str
    handler: str | None = None
    source: Path | None = None
    requirements: Path | None = None
    runtime: str | None = None
    architecture: str | None = None
    memory_mb: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Path, ...] = ()
    trace_command: str | None = None
    level: Level | None = None
    keep: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    budgets: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""  # `pyproject.toml:12`


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one run. Paths are absolute; patterns are gitignore patterns relative to the package root."""

    root: Path
    file: Path | None = None  # where the settings were read from
    template: Path | None = None
    functions: tuple[FunctionSettings, ...] = ()
    select: tuple[str, ...] = ()  # -F: glob patterns of function names
    runtime: str | None = None
    architecture: str | None = None
    level: Level = Level.SAFE
    keep: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    allow_secrets: tuple[str, ...] = ()
    sdk: Sdk = Sdk.KEEP
    bytecode: Bytecode = Bytecode.AUTO
    strip: bool = True
    release: bool = False  # spend more time on smaller bytes (libdeflate 12)
    interpreter: Path | None = None  # a Python of the target's minor version
    provided: tuple[str, ...] = ()  # import names that come from a layer or the runtime
    ignore_findings: tuple[str, ...] = ()
    margin: Margin = Margin.SOURCES
    guard: bool = True  # an import of what was left out says so
    spare: bool = False  # pruned modules travel compressed and load on demand
    ignore_fields: tuple[str, ...] = ()  # of results that may differ between two runs
    offline: bool = False
    budgets: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)  # dotted key -> line in `file`, for messages

    def selects(self, name: str) -> bool:
        """Whether a function of this name is asked for."""
        return not self.select or any(fnmatchcase(name, pattern) for pattern in self.select)


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


def load(target: Path, *, config: Path | None = None, overrides: Mapping[str, object] | None = None) -> Settings:
    """The settings of the project that `target` belongs to; flags win over the environment, and that over the file.

    Args:
        target: A project folder, a template, or a package that another tool built.
        config: A settings file to use instead of the project's own.
        overrides: `Settings` fields by name, as flags gave them.

    Raises:
        ConfigError: a file that is not TOML, an unknown key (with its line and the nearest), a value of the wrong kind.
    """
    root = (target if is_folder(target) else target.parent).absolute()
    file = config.absolute() if config else _find_file(root)
    settings = Settings(root=root)
    if file:
        table = _read(file)
        settings = replace(settings, file=file, lines=table.lines, **_fields(table, file.parent))
    settings = replace(settings, **_environment(root))
    return replace(settings, **_checked(overrides or {}))


def _find_file(root: Path) -> Path | None:
    own = root / "lambda-slim.toml"
    if own.is_file():
        return own
    project = root / "pyproject.toml"
    try:
        return project if project.is_file() and b"lambda-slim" in project.read_bytes() else None
    except OSError:
        return project  # reading it says what is wrong


def _read(file: Path) -> _Table:
    try:
        text = file.read_text("utf-8-sig")
        table = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"cannot read `{file}`", cause=error.strerror or "", hint="check --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"`{file.name}` is not TOML", cause=str(error), hint="mend the line it names") from error
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


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise TypeError("a list of strings")


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a string")
    return value


def _runtime(value: Any) -> str:
    return f"python{_string(value).removeprefix('python')}"


def _flag(value: Any) -> bool:
    if isinstance(value, str) and value.lower() in ("1", "true", "yes", "0", "false", "no", ""):
        return value.lower() in ("1", "true", "yes")
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise TypeError("a positive whole number")
    return value


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("a table")
    return dict(value)


def _texts(value: Any) -> dict[str, str]:
    return {str(key): str(item) for key, item in _mapping(value).items()}


def _choice(kind: type[StrEnum]) -> Callable[[Any], Any]:
    def parse(value: Any) -> StrEnum:
        try:
            return kind(_string(value))
        except ValueError:
            raise TypeError("one of " + ", ".join(kind)) from None

    return parse


def _architecture(value: Any) -> str:
    names = {"x86_64": "x86_64", "amd64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}
    if not isinstance(value, str) or value not in names:
        raise TypeError("x86_64 or arm64")
    return names[value]


_Spec = dict[str, tuple[str, Callable[[Any], Any]]]

# Setting -> (field of Settings, parser). Paths are made absolute against the file's folder afterwards.
KEYS: _Spec = {
    "template": ("template", _string),
    "runtime": ("runtime", _runtime),
    "python": ("runtime", _runtime),
    "arch": ("architecture", _architecture),
    "level": ("level", _choice(Level)),
    "keep": ("keep", _strings),
    "exclude": ("exclude", _strings),
    "allow-secrets": ("allow_secrets", _strings),
    "sdk": ("sdk", _choice(Sdk)),
    "bytecode": ("bytecode", _choice(Bytecode)),
    "strip": ("strip", _flag),
    "release": ("release", _flag),
    "interpreter": ("interpreter", _string),
    "provided": ("provided", _strings),
    "ignore": ("ignore_findings", _strings),
    "margin": ("margin", _choice(Margin)),
    "guard": ("guard", _flag),
    "spare": ("spare", _flag),
    "ignore-fields": ("ignore_fields", _strings),
    "offline": ("offline", _flag),
    "budgets": ("budgets", _mapping),
    "functions": ("functions", _mapping),
}

FUNCTION_KEYS: _Spec = {
    "handler": ("handler", _string),
    "source": ("source", _string),
    "requirements": ("requirements", _string),
    "runtime": ("runtime", _runtime),
    "python": ("runtime", _runtime),
    "arch": ("architecture", _architecture),
    "memory": ("memory_mb", _number),
    "environment": ("environment", _texts),
    "events": ("events", _strings),
    "trace-command": ("trace_command", _string),
    "level": ("level", _choice(Level)),
    "keep": ("keep", _strings),
    "exclude": ("exclude", _strings),
    "budgets": ("budgets", _mapping),
}

_PATHS = frozenset({"template", "interpreter", "source", "requirements"})


def _parse(table: _Table, spec: _Spec, root: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in table.values.items():
        if key not in spec:
            raise _unknown(table, key, spec)
        name, parser = spec[key]
        try:
            parsed = parser(value)
        except TypeError as error:
            raise _wrong(table, key, str(error)) from None
        found[name] = root / parsed if name in _PATHS else parsed
    return found


def _fields(table: _Table, folder: Path) -> dict[str, Any]:
    found = _parse(table, KEYS, folder)
    tables = found.pop("functions", {})
    prefix = f"{table.prefix}.functions" if table.prefix else "functions"
    functions = []
    for name, value in tables.items():
        # A string is short for its handler: functions = { Orders = "src/app.handler" }
        values = {"handler": value} if isinstance(value, str) else value
        if not isinstance(values, dict):
            raise _wrong(table, "functions", "a table of tables")
        one = _Table(values, table.file, f"{prefix}.{name}", table.lines)
        parsed = _parse(one, FUNCTION_KEYS, folder)
        parsed["events"] = _events(parsed.get("events", ()), folder)
        functions.append(FunctionSettings(name=name, where=table.where(f"functions.{name}"), **parsed))
    return {**found, "functions": tuple(functions)}


def _events(patterns: tuple[str, ...], folder: Path) -> tuple[Path, ...]:
    """Files that the patterns name, sorted; a pattern that names none is an error."""
    found: set[Path] = set()
    for pattern in patterns:
        try:
            matches = set(folder.glob(pattern))
        except (ValueError, NotImplementedError):  # an empty or an absolute pattern
            matches = set()
        if not matches:
            raise ConfigError(
                f"no event file matches `{pattern}`",
                cause=f"nothing of this name in `{folder}`",
                hint="paths are relative to the settings file",
            )
        found |= matches
    return tuple(sorted(found))


def _variable(key: str) -> str:
    return "LAMBDA_SLIM_" + key.upper().replace("-", "_")


def _environment(root: Path) -> dict[str, Any]:
    """`LAMBDA_SLIM_<KEY>` for every simple key: `LAMBDA_SLIM_LEVEL=reach`; lists are separated by commas."""
    values: dict[str, Any] = {}
    for key, (_, parser) in KEYS.items():
        text = os.environ.get(_variable(key))
        if text is not None and parser is not _mapping:
            values[key] = [part.strip() for part in text.split(",")] if parser is _strings else text
    return _parse(_Table(values, None, "", {}), KEYS, root)


def _checked(overrides: Mapping[str, object]) -> dict[str, Any]:
    """Flags go through the same parsers as the file; what only flags have is taken as it is."""
    parsers = {name: (key, parser) for key, (name, parser) in KEYS.items()}
    found: dict[str, Any] = {}
    for name, value in overrides.items():
        if value is None:
            continue
        if name not in parsers or isinstance(value, Path):
            found[name] = value.absolute() if isinstance(value, Path) else value
            continue
        key, parser = parsers[name]
        try:
            found[name] = parser(value)
        except TypeError as error:
            raise ConfigError(f"--{key} must be {error}", cause=f"it is {value!r}", hint="see --help") from None
    return found
