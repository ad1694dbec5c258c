"""Budgets against facts: pure comparison, each result with its value, limit and baseline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from lambda_slim.check.budgets import Budget
from lambda_slim.check.lock import Facts
from lambda_slim.report import CheckRow, Finding
from lambda_slim.units import show_size, show_time

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
        modules: All modules that INIT brings.
        times: `import-time` and `cold-start`, where they were measured.
        findings: What audit and secrets have to say.
    """

    facts: Facts
    files: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    times: dict[str, Timing] | None = None
    findings: tuple[Finding, ...] = ()


def evaluate(budgets: Sequence[Budget], now: Measured, before: Facts | None) -> tuple[CheckRow, ...]:
    """One row a budget, then one a finding that would break on Lambda or leak."""
    rows = [row for budget in budgets for row in _rows(budget, now, before)]
    rows += [
        CheckRow(
            f"{one.rule}",
            _status(one.level),
            one.level,
            0,
            0,
            "",
            message=f"{one.file}: {one.message}".removeprefix(": "),
        )
        for one in now.findings
        if one.level != "info"
    ]
    return tuple(rows)


def _status(level: str) -> str:
    return "failed" if level == "error" else "warning"


def _rows(budget: Budget, now: Measured, before: Facts | None) -> Iterable[CheckRow]:
    if budget.key in ("import-time", "cold-start"):
        yield _time(budget, (now.times or {}).get(budget.key))
    elif budget.key == "growth":
        yield from _growth(budget, now.facts, before)
    elif budget.key in ("forbid", "forbid-at-init"):
        yield _forbidden(budget, now)
    else:
        value, old = _value(budget.key, now.facts), _value(budget.key, before) if before else None
        over = value > budget.limit
        unit = _UNITS.get(budget.key, "bytes")
        yield _row(budget, over, value, budget.limit, unit, old)


def _value(key: str, facts: Facts) -> int:
    if key.startswith("distributions."):
        return facts.distributions.get(key.removeprefix("distributions."), ("", 0))[1]
    return {"unzipped": facts.unzipped, "zipped": facts.zipped, "files": facts.files, "modules": facts.modules}[key]


def _row(
    budget: Budget, broken: bool, value: int, limit: int, unit: str, old: int | None = None, told: str = ""
) -> CheckRow:
    status = _status(budget.level) if broken else "passed"
    message = " ".join(filter(None, (told, budget.message if broken else "")))
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


def _growth(budget: Budget, now: Facts, before: Facts | None) -> Iterable[CheckRow]:
    if before is None:
        yield CheckRow(
            "growth", "skipped", budget.level, now.unzipped, 0, "bytes", message="no baseline", line=budget.line
        )
        return
    for key in ("unzipped", "zipped"):
        value, old = _value(key, now), _value(key, before)
        most = old + (max(budget.limit, round(old * budget.percent / 100)) if budget.percent else budget.limit)
        row = _row(budget, value > most, value, most, "bytes", old)
        yield CheckRow(f"growth of {key}", row.status, row.level, value, most, "bytes", old, row.message, line=row.line)


def _forbidden(budget: Budget, now: Measured) -> CheckRow:
    if budget.key == "forbid":
        names = {*now.facts.distributions, *now.files}
        hits = sorted(name for name in names if any(fnmatchcase(name, pattern) for pattern in budget.names))
    else:
        hits = sorted(
            name for name in budget.names if any(one == name or one.startswith(f"{name}.") for one in now.modules)
        )
    shown = ", ".join(hits[:5]) + (f" and {len(hits) - 5} more" if len(hits) > 5 else "")
    return _row(budget, bool(hits), len(hits), 0, "count", told=shown)


def contradictions(budgets: Sequence[Budget]) -> tuple[str, ...]:
    """Budgets that cannot all be met: a zipped limit over the unzipped one, a distribution over the whole."""
    limits = {budget.key: budget.limit for budget in budgets}
    whole = limits.get("unzipped")
    if whole is None:
        return ()
    return tuple(
        f"`{key}` allows {show_size(limit)}, more than `unzipped` ({show_size(whole)})"
        for key, limit in limits.items()
        if (key == "zipped" or key.startswith("distributions.")) and limit > whole
    )


def changes(now: Facts, before: Facts) -> tuple[str, ...]:
    """What came, went and changed, most bytes first: `+ cffi 2.0.0  +0.9 MiB`."""
    rows: list[tuple[int, str]] = []
    for name in sorted({*now.distributions, *before.distributions}):
        (new, size), (old, was) = now.distributions.get(name, ("", 0)), before.distributions.get(name, ("", 0))
        delta = size - was
        sign = f"{'+' if delta >= 0 else '−'}{show_size(abs(delta))}"
        if not was and not old:
            rows.append((delta, f"+ {name} {new}   {sign}"))
        elif not size and not new:
            rows.append((-delta, f"− {name} {old}   {sign}"))
        elif new != old or delta:
            version = f"{old} → {new}" if new != old else new
            rows.append((abs(delta), f"~ {name} {version}   {sign}"))
    for name in sorted({*now.init_modules, *before.init_modules}):
        more = now.init_modules.get(name, 0) - before.init_modules.get(name, 0)
        if more and not now.distributions.get(name) and not before.distributions.get(name):
            rows.append((0, f"{'+' if more > 0 else '−'} {abs(more)} modules of `{name}` at INIT"))
    return tuple(text for _, text in sorted(rows, key=lambda row: (-row[0], row[1])))
