"""Compares budgets with facts; each result has its value, limit and baseline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lambda_slim.base.patterns import fits_any
from lambda_slim.base.text import clause, some_of
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
    keys = {budget.key for budget in budgets}
    rows = [row for budget in budgets for row in _rows(budget, now, before)]
    if before is not None:
        if "growth" not in keys:
            rows += _growth(_LOCKED, now.facts, before)
        rows.append(_new_at_init(now, before))
        if "modules" not in keys:
            rows += _more_at_init(now, before)
    rows += [_of_finding(finding) for finding in now.findings if finding.level != "info"]
    return tuple(rows)


def _of_finding(finding: Finding) -> CheckRow:
    return CheckRow(
        finding.rule,
        _status(finding.level),
        finding.level,
        0,
        0,
        "",
        message=finding.told,
        file=finding.file,
        line=finding.line,
    )


def _new_at_init(now: Measured, before: LockEntry) -> CheckRow:
    """Packages of others that INIT did not bring before; the project's own may come and go."""
    new = sorted(set(now.facts.init_modules) - set(before.init_modules) - now.own)
    count = sum(now.facts.init_modules[name] for name in new)
    message = clause(f"{{}} ({plural(count, 'module')})", new, _some)
    return CheckRow("new at INIT", "failed" if new else "passed", "error", len(new), 0, "count", 0, message)


def _more_at_init(now: Measured, before: LockEntry) -> Iterable[CheckRow]:
    """More modules of others than a new version of one may bring; a row only where it breaks."""
    value, old = _third_party_modules(now.facts, now.own), _third_party_modules(before, now.own)
    most = old + max(_LEAST_MODULES, round(old * _LOCKED.percent / 100))
    if value > most:
        message = "third-party packages load more modules at INIT than locked"
        yield CheckRow("growth of modules", "failed", "error", value, most, "count", old, message)


def _third_party_modules(entry: LockEntry, own: frozenset[str]) -> int:
    return sum(count for name, count in entry.init_modules.items() if name not in own)


def _some(names: Sequence[str]) -> str:
    return some_of(names, 5)


def _status(level: str) -> str:
    return "failed" if level == "error" else "warning"


def _rows(budget: Budget, now: Measured, before: LockEntry | None) -> Iterable[CheckRow]:
    timing = (now.times or {}).get(budget.key)
    if budget.key in ("import-time", "cold-start"):
        yield _time(budget, timing)
    elif budget.key == "import-growth":
        yield _slower(budget, timing)
    elif budget.key == "growth":
        yield from _growth(budget, now.facts, before)
    elif budget.key in ("forbid", "forbid-at-init"):
        yield _forbidden(budget, now)
    else:
        old = _value(budget.key, before) if before else None
        compared = _Compared(_value(budget.key, now.facts), budget.limit, _UNITS.get(budget.key, "bytes"), old)
        yield compared.judged(budget, broken=compared.over)


def _value(key: str, facts: LockEntry) -> int:
    if key.startswith("distributions."):
        return facts.distributions.get(key.removeprefix("distributions."), ("", 0))[1]
    return {"unzipped": facts.unzipped, "zipped": facts.zipped, "files": facts.files, "modules": facts.modules}[key]


@dataclass(frozen=True, slots=True)
class _Compared:
    """A value beside its limit and baseline, in one unit."""

    value: int
    limit: int
    unit: str
    baseline: int | None = None

    @property
    def over(self) -> bool:
        return self.value > self.limit

    def row(self, budget: Budget, status: str, message: str = "") -> CheckRow:
        """The result of a check."""
        return CheckRow(
            budget.key,
            status,
            budget.level,
            self.value,
            self.limit,
            self.unit,
            self.baseline,
            message,
            line=budget.line,
        )

    def judged(self, budget: Budget, *, broken: bool, message: str = "") -> CheckRow:
        """The result where it holds or breaks; the user's own words stand behind what breaks."""
        if not broken:
            return self.row(budget, "passed", message)
        return self.row(budget, _status(budget.level), "; ".join(filter(None, (message, budget.message))))


def _time(budget: Budget, timing: Timing | None) -> CheckRow:
    """Time fails only where the whole interval lies above the limit and base and head ran in turn; else it is noise."""
    if timing is None:
        return _Compared(0, budget.limit, "us").row(budget, "skipped", "not measured")
    compared = _Compared(timing.value, budget.limit, "us")
    if not compared.over:
        return compared.judged(budget, broken=False)
    interval = f"{show_time(timing.low)} to {show_time(timing.high)}"
    if timing.sure and timing.low > budget.limit:
        return compared.judged(budget, broken=True, message=f"all of {interval} is over")
    why = "not proved over the limit" if timing.sure else "not measured beside its base (--against git:REF)"
    return compared.row(budget, "noise", f"{interval}, {why}: not failed")


def _slower(budget: Budget, timing: Timing | None) -> CheckRow:
    """How much longer head's INIT takes than base's, in parts per million of base's; fails on the whole interval."""
    if timing is None:
        message = "not measured beside its base (--against git:REF)"
        return _Compared(0, budget.limit, "ppm").row(budget, "skipped", message)
    compared = _Compared(timing.value, budget.limit, "ppm")
    interval = f"{_percent(timing.low)} to {_percent(timing.high)}"
    if timing.low > budget.limit:
        return compared.judged(budget, broken=True, message=f"all of {interval} is over")
    if compared.over:
        return compared.row(budget, "noise", f"{interval}, not proved over the limit: not failed")
    return compared.judged(budget, broken=False, message=interval)


def _percent(parts: int) -> str:
    return f"{parts / 10_000:+.0f} %"


def _growth(budget: Budget, now: LockEntry, before: LockEntry | None) -> Iterable[CheckRow]:
    """Bytes over the baseline; where that was compiled in another way the machine is to blame, so it only warns."""
    if before is None:
        yield CheckRow(
            "growth", "skipped", budget.level, now.unzipped, 0, "bytes", message="no baseline", line=budget.line
        )
        return
    message = _made_otherwise(now, before)
    if message:
        budget = replace(budget, level="warning")
    for key in ("unzipped", "zipped"):
        value, old = _value(key, now), _value(key, before)
        most = old + max(budget.limit, round(old * budget.percent / 100))
        compared = _Compared(value, most, "bytes", old)
        yield replace(compared.judged(budget, broken=compared.over, message=message), id=f"growth of {key}")


def _made_otherwise(now: LockEntry, before: LockEntry) -> str:
    """What the machine at hand decided otherwise than that of the baseline; "" where nothing."""
    if before.level and before.level != now.level:
        return f"the baseline has level {before.level}, this has {now.level}; set `level` in the settings to compare"
    if before.bytecode and before.bytecode != now.bytecode:
        return f"the baseline has bytecode {before.bytecode}, this has {now.bytecode}"
    return ""


def _forbidden(budget: Budget, now: Measured) -> CheckRow:
    if budget.key == "forbid":
        hits = sorted(name for name in {*now.facts.distributions, *now.files} if fits_any(name, budget.names))
    else:
        hits = sorted(name for name in budget.names if _brings(now.modules, name))
    return _Compared(len(hits), 0, "count").judged(budget, broken=bool(hits), message=_some(hits))


def _brings(modules: Iterable[str], name: str) -> bool:
    """Whether a module or one below it is among some modules."""
    return any(f"{module}.".startswith(f"{name}.") for module in modules)


def contradictions(budgets: Sequence[Budget]) -> tuple[tuple[Budget, str], ...]:
    """Budgets that cannot all be met, and why: a zipped limit over the unzipped one, a distribution over the whole."""
    whole = next((budget.limit for budget in budgets if budget.key == "unzipped"), None)
    if whole is None:
        return ()
    parts = (budget for budget in budgets if budget.key.startswith(("zipped", "distributions.")))
    return tuple((budget, _exceeds(budget, whole)) for budget in parts if budget.limit > whole)


def _exceeds(budget: Budget, whole: int) -> str:
    return f"`{budget.key}` allows {show_size(budget.limit)}, more than `unzipped` ({show_size(whole)})"
