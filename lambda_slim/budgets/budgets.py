"""Budgets from the settings, read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from lambda_slim.base.errors import ConfigError
from lambda_slim.base.units import parse_percent, parse_size, parse_time
from lambda_slim.model.settings import Settings

SIZES = frozenset({"unzipped", "zipped"})
COUNTS = frozenset({"files", "modules"})
TIMES = frozenset({"import-time", "cold-start"})
NAMES = frozenset({"forbid", "forbid-at-init"})
OTHERS = frozenset({"growth", "import-growth", "distributions"})
_PARTS = ("max", "level", "message", "names", "min-change")
KEYS = SIZES | COUNTS | TIMES | NAMES | OTHERS

ABOUT = {
    "unzipped": "Bytes of the package, unzipped",
    "zipped": "Bytes of the package's zip",
    "files": "Files in the package",
    "modules": "Packaged modules that importing the handler loads",
    "import-time": "CPU time of the imports at INIT",
    "cold-start": "Estimated Init Duration",
    "import-growth": "CPU time of the imports at INIT, beside the base's",
    "growth": "Bytes more than in the baseline",
    "forbid": "Distributions and files that must not ship",
    "forbid-at-init": "Modules that INIT must not load",
    "distributions": "Bytes of one distribution",
    "new at INIT": "Third-party packages at INIT that the baseline does not have",
    "runtime": "Runtimes that AWS no longer patches",
    "secret": "Files that look secret",
    "size": "Packages whose size is not known offline",
}


def about(check: str) -> str:
    """What a check of some id is about: `growth of zipped`, `distributions.boto3`; "" where it is a rule's."""
    return ABOUT.get(check, ABOUT.get(check.partition(".")[0].partition(" of ")[0], ""))


@dataclass(frozen=True, slots=True)
class Budget:
    """One limit.

    Attributes:
        key: As in the settings; `distributions.NAME` for one distribution.
        limit: Bytes, a count, or microseconds; for `growth` the least bytes that count; for `import-growth` parts per
            million of the base's time.
        percent: Of growth over the baseline, 0 where it is not limited so.
        names: What is forbidden: distributions or file patterns, or modules.
        level: `error` or `warning`.
        message: The user's own words, shown when it breaks.
        line: In the settings file, 0 where not known.
    """

    key: str
    limit: int = 0
    percent: float = 0.0
    names: tuple[str, ...] = ()
    level: str = "error"
    message: str = ""
    line: int = field(default=0, compare=False)


def parse_budgets(settings: Settings, table: Mapping[str, Any], prefix: str = "budgets") -> tuple[Budget, ...]:
    """The budgets of a table, in its order.

    Raises:
        ConfigError: an unknown key (with its line and the nearest), a size without a unit, a negative or wrong value.
    """
    budgets: list[Budget] = []
    for key, value in table.items():
        if key not in KEYS:
            near = get_close_matches(key, sorted(KEYS), 1)
            hint = f"did you mean `{near[0]}`?" if near else "docs/check.md has every budget"
            known = f"there are {', '.join(sorted(KEYS))}"
            raise ConfigError(f"{_where(settings, prefix, key)}: there is no budget `{key}`", cause=known, hint=hint)
        line = _line(settings, prefix, key)
        try:
            budgets += _parse(key, value, line)
        except (TypeError, ValueError) as error:
            where = _where(settings, prefix, key)
            hint = "docs/check.md has every budget"
            raise ConfigError(f"{where}: `{key}` cannot be used", cause=str(error), hint=hint) from error
    return tuple(budgets)


def _line(settings: Settings, prefix: str, key: str) -> int:
    names = (f"{start}{name}" for name in (f"{prefix}.{key}", prefix) for start in ("tool.lambda-slim.", ""))
    return next((line for name in names if (line := settings.lines.get(name))), 0)


def _where(settings: Settings, prefix: str, key: str) -> str:
    name = settings.file.name if settings.file else "settings"
    line = _line(settings, prefix, key)
    return f"{name}:{line}" if line else name


def _parse(key: str, value: Any, line: int) -> list[Budget]:
    if key == "distributions":
        if not isinstance(value, dict):
            raise TypeError('give a table: { boto3 = "1 MiB" }')
        return [_of_distribution(name, limit, line) for name, limit in value.items()]
    return [_one(key, value, line)]


def _of_distribution(name: str, limit: Any, line: int) -> Budget:
    try:
        return _one(f"distributions.{name}", limit, line)
    except (TypeError, ValueError) as error:
        raise ValueError(f"of {name}: {error}") from error


def _one(key: str, value: Any, line: int) -> Budget:
    rest: dict[str, Any] = dict(value) if isinstance(value, dict) else {"max": value}
    level, message = rest.pop("level", "error"), str(rest.pop("message", ""))
    level = {"warn": "warning"}.get(level, level)
    if level not in ("error", "warning"):
        raise ValueError(f"level must be error or warning, not `{level}`")
    kind = key.partition(".")[0]
    if kind in NAMES:
        names = rest.pop("names", rest.pop("max", None))
        _empty(rest)
        return Budget(key, names=_names(names), level=level, message=message, line=line)
    if kind == "growth":
        return _growth(rest, level, message, line)
    if kind == "import-growth":
        return _import_growth(rest, level, message, line)
    limit = _limit(kind, rest.pop("max", None))
    _empty(rest)
    return Budget(key, limit, level=level, message=message, line=line)


def _growth(rest: dict[str, Any], level: str, message: str, line: int) -> Budget:
    most, least = rest.pop("max", None), rest.pop("min-change", "1 KiB")
    _empty(rest)
    if not isinstance(most, str):
        raise TypeError("growth takes `2 %` or a size such as `500 KiB`")
    if most.strip().endswith("%"):
        percent = parse_percent(most)
        return Budget("growth", parse_size(least), percent=percent, level=level, message=message, line=line)
    return Budget("growth", parse_size(most), level=level, message=message, line=line)


def _import_growth(rest: dict[str, Any], level: str, message: str, line: int) -> Budget:
    most = rest.pop("max", None)
    _empty(rest)
    if not isinstance(most, str):
        raise TypeError("import-growth takes a share of the base's time: `10 %`")
    return Budget("import-growth", round(parse_percent(most) * 10_000), level=level, message=message, line=line)


def _limit(kind: str, value: Any) -> int:
    if kind in COUNTS:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise TypeError(f"{_shown(value)} is not a whole number, 0 or more")
        return value
    if not isinstance(value, str):
        example = "380 ms" if kind in TIMES else "60 MiB"
        raise TypeError(f'{_shown(value)} is not a text with a unit, such as "{example}"')
    return parse_time(value) if kind in TIMES else parse_size(value)


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(value)
    raise TypeError(f'{_shown(value)} is not a list of names, such as ["boto3"]')


def _shown(value: Any) -> str:
    return "nothing" if value is None else f"`{value}`"


def _empty(rest: Mapping[str, Any]) -> None:
    if rest:
        part = next(iter(rest))
        near = get_close_matches(part, _PARTS, 1)
        raise ValueError(
            f"unknown part `{part}`; " + (f"did you mean `{near[0]}`?" if near else f"known: {', '.join(_PARTS)}")
        )
