"""Budgets against facts: pure comparison, each result with its value, limit and baseline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from lambda_slim.base.units import plural, show_size, show_time
from lambda_slim.budgets.budgets import Budget
from lambda_slim.budgets.lock import LockEntry
from lambda_slim.model.report import CheckRow, Finding

_UNITS = {
    "unzipped": "bytes",
    "zipped": "bytes",
    "files": "count",
    "modules": "count",
    "import-time": "us",
    "cold-start": "us",
}


@dataclass(frozen=True, slots=True)
class Timing:
    """A measured time and how far it may be from the truth, in microseconds; `sure` where base and head were paired."""

    value: int
    low: int
    high: int
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """One function as it is now.

    Attributes:
        files: Package paths, for forbidden ones.
        modules: All packaged modules that INIT brings.
        own: Top-level packages of the project itself.
        times: `import-time`, `cold-start` and `import-growth`, where they were measured.
        findings: What audit and secrets have to say.
    """

    facts: LockEntry
    files: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    times: dict[str, Timing] | None = None
    findings: tuple[Finding, ...] = ()


# What a lock holds where no `growth` budget says otherwise: a line of code is free, a dependency is not.
_LOCKED = Budget("growth", limit=16 * 1024, percent=1.0)
_LEAST_MODULES = 5


def evaluate(budgets: Sequence[Budget], now: Measured, before: LockEntry | None) -> tuple[CheckRow, ...]:
    """One row a budget, then what the baseline holds, then a row a finding that would break on Lambda or leak."""
    rows = [row for budget in budgets for row in _rows(budget, now, before)]
    if before is not None:
        if not any(budget.key == "growth" for budget in budgets):
            rows += _growth(_LOCKED, now.facts, before)
        rows.append(_new_at_init(now, before))
        if not any(budget.key == "modules" for budget in budgets):
            rows += _more_at_init(now, before)
    rows += [
        CheckRow(one.rule, _status(one.level), one.level, 0, 0, "", message=one.message, file=one.file, line=one.line)
        for one in now.findings
        if one.level != "info"
    ]
    return tuple(rows)


def _new_at_init(now: Measured, before: LockEntry) -> CheckRow:
    """Packages of others that INIT did not bring before; the project's own may come and go."""
    new = sorted(set(now.facts.init_modules) - set(before.init_modules) - now.own)
    count = sum(now.facts.init_modules[name] for name in new)
    told = f"{_some(new)} ({plural(count, 'module')})" if new else ""
    return CheckRow("new at INIT", "failed" if new else "passed", "error", len(new), 0, "count", 0, told)


def _more_at_init(now: Measured, before: LockEntry) -> Iterable[CheckRow]:
    """More modules of others than a new version of one may bring; a row only where it breaks."""
    value, old = (
        sum(count for name, count in facts.init_modules.items() if name not in now.own) for facts in (now.facts, before)
    )
    most = old + max(_LEAST_MODULES, round(old * _LOCKED.percent / 100))
    if value > most:
        told = "packages of others bring more modules at INIT than locked"
        yield CheckRow("growth of modules", "failed", "error", value, most, "count", old, told)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _status(level: str) -> str:
    return "failed" if level == "error" else "warning"


def _rows(budget: Budget, now: Measured, before: LockEntry | None) -> Iterable[CheckRow]:
    if budget.key in ("import-time", "cold-start"):
        yield _time(budget, (now.times or {}).get(budget.key))
    elif budget.key == "import-growth":
        yield _slower(budget, (now.times or {}).get(budget.key))
    elif budget.key == "growth":
        yield from _growth(budget, now.facts, before)
    elif budget.key in ("forbid", "forbid-at-init"):
        yield _forbidden(budget, now)
    else:
        value, old = _value(budget.key, now.facts), _value(budget.key, before) if before else None
        over = value > budget.limit
        unit = _UNITS.get(budget.key, "bytes")
        yield _row(budget, over, value, budget.limit, unit, old)


def _value(key: str, facts: LockEntry) -> int:
    if key.startswith("distributions."):
        return facts.distributions.get(key.removeprefix("distributions."), ("", 0))[1]
    return {"unzipped": facts.unzipped, "zipped": facts.zipped, "files": facts.files, "modules": facts.modules}[key]


def _row(
    budget: Budget, broken: bool, value: int, limit: int, unit: str, old: int | None = None, told: str = ""
) -> CheckRow:
    status = _status(budget.level) if broken else "passed"
    message = "; ".join(filter(None, (told, budget.message if broken else "")))
    return CheckRow(budget.key, status, budget.level, value, limit, unit, old, message, line=budget.line)


def _time(budget: Budget, found: Timing | None) -> CheckRow:
    """Time fails only where the whole interval lies above the limit and base and head ran in turn; else it is noise."""
    if found is None:
        return CheckRow(
            budget.key, "skipped", budget.level, 0, budget.limit, "us", message="not measured", line=budget.line
        )
    if found.value <= budget.limit:
        return _row(budget, False, found.value, budget.limit, "us")
    if found.sure and found.low > budget.limit:
        return _row(
            budget,
            True,
            found.value,
            budget.limit,
            "us",
            told=f"all of {show_time(found.low)} to {show_time(found.high)} is over",
        )
    why = "not proved over the limit" if found.sure else "not measured beside its base (--against git:REF)"
    noise = f"{show_time(found.low)} to {show_time(found.high)}, {why}: not failed"
    return CheckRow(budget.key, "noise", budget.level, found.value, budget.limit, "us", message=noise, line=budget.line)


def _slower(budget: Budget, found: Timing | None) -> CheckRow:
    """How much longer head's INIT takes than base's, in parts per million of base's; fails on the whole interval."""
    if found is None:
        told = "not measured beside its base (--against git:REF)"
        return CheckRow(budget.key, "skipped", budget.level, 0, budget.limit, "ppm", message=told, line=budget.line)
    told = f"{_percent(found.low)} to {_percent(found.high)}"
    if found.low > budget.limit:
        return _row(budget, True, found.value, budget.limit, "ppm", told=f"all of {told} is over")
    if found.value > budget.limit:
        told = f"{told}, not proved over the limit: not failed"
        return CheckRow(
            budget.key, "noise", budget.level, found.value, budget.limit, "ppm", None, told, "", budget.line
        )
    return _row(budget, False, found.value, budget.limit, "ppm", told=told)


def _percent(parts: int) -> str:
    return f"{parts / 10_000:+.0f} %"


def _growth(budget: Budget, now: LockEntry, before: LockEntry | None) -> Iterable[CheckRow]:
    """Bytes over the baseline; where that was compiled in another way the machine is to blame, so it only warns."""
    if before is None:
        told = "no baseline"
        yield CheckRow("growth", "skipped", budget.level, now.unzipped, 0, "bytes", message=told, line=budget.line)
        return
    other = bool(before.bytecode) and before.bytecode != now.bytecode
    for key in ("unzipped", "zipped"):
        value, old = _value(key, now), _value(key, before)
        most = old + max(budget.limit, round(old * budget.percent / 100))
        level = "warning" if other else budget.level
        told = f"the baseline has bytecode {before.bytecode}, this has {now.bytecode}" if other else ""
        row = _row(replace(budget, level=level), value > most, value, most, "bytes", old, told=told)
        yield replace(row, id=f"growth of {key}")


def _forbidden(budget: Budget, now: Measured) -> CheckRow:
    if budget.key == "forbid":
        names = {*now.facts.distributions, *now.files}
        hits = sorted(name for name in names if any(fnmatchcase(name, pattern) for pattern in budget.names))
    else:
        hits = sorted(
            name for name in budget.names if any(one == name or one.startswith(f"{name}.") for one in now.modules)
        )
    return _row(budget, bool(hits), len(hits), 0, "count", told=_some(hits))


def contradictions(budgets: Sequence[Budget]) -> tuple[tuple[Budget, str], ...]:
    """Budgets that cannot all be met, and why: a zipped limit over the unzipped one, a distribution over the whole."""
    whole = next((budget.limit for budget in budgets if budget.key == "unzipped"), None)
    if whole is None:
        return ()
    return tuple(
        (one, f"`{one.key}` allows {show_size(one.limit)}, more than `unzipped` ({show_size(whole)})")
        for one in budgets
        if (one.key == "zipped" or one.key.startswith("distributions.")) and one.limit > whole
    )
