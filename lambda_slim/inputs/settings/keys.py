"""The keys of the settings file, and what their values may be."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from lambda_slim.formats.tables import MOST_NUMBER
from lambda_slim.model.settings import Bytecode, Level, Margin, Sdk, Startup, Waiting


def strings(value: Any) -> tuple[str, ...]:
    """A list of strings; one string is a list of one.

    Raises:
        TypeError: it is neither.
    """
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
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_NUMBER:
        raise TypeError(f"a positive whole number, at most {MOST_NUMBER}")
    return value


def mapping(value: Any) -> dict[str, Any]:
    """A table as it is.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, dict):
        raise TypeError("a table")
    return dict(value)


def _texts(value: Any) -> dict[str, str]:
    return {str(key): str(item) for key, item in mapping(value).items()}


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


Spec = dict[str, tuple[str, Callable[[Any], Any]]]

# Setting -> (field of Settings, parser). Paths are made absolute against the file's folder afterwards.
KEYS: Spec = {
    "template": ("template", _string),
    "runtime": ("runtime", _runtime),
    "python": ("runtime", _runtime),
    "arch": ("architecture", _architecture),
    "level": ("level", _choice(Level)),
    "keep": ("keep", strings),
    "exclude": ("exclude", strings),
    "allow-secrets": ("allow_secrets", strings),
    "sdk": ("sdk", _choice(Sdk)),
    "bytecode": ("bytecode", _choice(Bytecode)),
    "strip": ("strip", _flag),
    "release": ("release", _flag),
    "interpreter": ("interpreter", _string),
    "provided": ("provided", strings),
    "layers": ("layers", strings),
    "ignore": ("ignore_findings", strings),
    "margin": ("margin", _choice(Margin)),
    "startup": ("startup", _choice(Startup)),
    "lazy": ("lazy", _choice(Waiting)),
    "eager": ("eager", strings),
    "guard": ("guard", _flag),
    "spare": ("spare", _flag),
    "ignore-fields": ("ignore_fields", strings),
    "stub-aws": ("stub_aws", _flag),
    "offline": ("offline", _flag),
    "allow-stale-lock": ("allow_stale_lock", _flag),
    "stage": ("stage", _string),
    "make": ("make", _flag),
    "budgets": ("budgets", mapping),
    "functions": ("functions", mapping),
}

FUNCTION_KEYS: Spec = {
    "handler": ("handler", _string),
    "source": ("source", _string),
    "requirements": ("requirements", _string),
    "runtime": ("runtime", _runtime),
    "python": ("runtime", _runtime),
    "arch": ("architecture", _architecture),
    "memory": ("memory_mb", _number),
    "environment": ("environment", _texts),
    "events": ("events", strings),
    "trace-command": ("trace_command", _string),
    "layers": ("layers", strings),
    "level": ("level", _choice(Level)),
    "startup": ("startup", _choice(Startup)),
    "lazy": ("lazy", _choice(Waiting)),
    "eager": ("eager", strings),
    "keep": ("keep", strings),
    "exclude": ("exclude", strings),
    "budgets": ("budgets", mapping),
}

PATHS = frozenset({"template", "interpreter", "source", "requirements"})
