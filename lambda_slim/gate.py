"""Does every function hold its budgets? Builds, compares, and says what changed and why."""

import statistics
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.check.budgets import Budget, parse_budgets
from lambda_slim.check.evaluate import Measured, Timing, changes, evaluate
from lambda_slim.check.lock import NAME, Facts, make_facts, read_lock
from lambda_slim.coldstart import Workload, estimate
from lambda_slim.errors import ConfigError, ResolveError
from lambda_slim.importtime import measure
from lambda_slim.package import opened
from lambda_slim.pipeline import Options, build_function, prepare
from lambda_slim.progress import Progress, silent
from lambda_slim.project import Function, Project, find_project
from lambda_slim.report import CheckRow, Finding, FunctionReport
from lambda_slim.settings import Settings, load
from lambda_slim.tools.git import check_out
from lambda_slim.tools.interpreter import find_interpreter
from lambda_slim.tools.kernel import reference_ms

_PAIRS = 7  # interleaved runs of base and head
_TIMED = ("import-time", "cold-start")
_LEAKS = frozenset({"LS101", "LS102", "LS103", "LS105", "LS106", "LS107", "LS109", "LS110", "LS112", "LS114"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check was asked for.

    Attributes:
        against: `lock`, `none`, `git:REF`, or a file with a lock or a report.
        times: Whether INIT is run and timed, where a budget is about time.
        offline: What cannot be had offline is unknown, not wrong.
    """

    against: str = "lock"
    times: bool = True
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """One function's verdict.

    Attributes:
        report: With its `checks`.
        facts: None where nothing is known offline.
        before: The baseline, where there is one.
        changed: What came, went and changed since the baseline, with causes.
    """

    report: FunctionReport
    facts: Facts | None
    before: Facts | None
    changed: tuple[str, ...] = ()


def check_project(
    project: Project, settings: Settings, asked: Asked, progress: Progress = silent
) -> tuple[Checked, ...]:
    """Checks every function.

    Raises:
        ConfigError: a budget, the lock or the baseline cannot be used.
        SlimError: as the pipeline says.
    """
    budgets = {one.name: budgets_of(settings, one.name) for one in project.functions}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lambda-slim-")))
        base = _base_project(project, settings, asked, folder)
        known = {} if base else _baseline(project.root, asked.against)
        return tuple(
            _check(one, settings, budgets[one.name], known.get(one.name), base, asked, folder, progress)
            for one in project.functions
        )


def budgets_of(settings: Settings, name: str) -> tuple[Budget, ...]:
    """A function's budgets: the project's, with its own in their place."""
    own = next((table for table in settings.functions if table.name == name), None)
    shared = {budget.key: budget for budget in parse_budgets(settings, settings.budgets)}
    mine = parse_budgets(settings, own.budgets, f"functions.{name}.budgets") if own else ()
    return tuple({**shared, **{budget.key: budget for budget in mine}}.values())


def _baseline(root: Path, against: str) -> Mapping[str, Facts]:
    if against == "none":
        return {}
    if against == "lock":
        return read_lock(root / NAME) or {}
    found = read_lock(Path(against))
    if found is None:
        raise ConfigError(f"the baseline `{against}` is not there", hint="write one with `lambda-slim check --update`")
    return found


def _base_project(project: Project, settings: Settings, asked: Asked, folder: Path) -> tuple[Project, Settings] | None:
    if not asked.against.startswith("git:"):
        return None
    place = check_out(project.root, asked.against.removeprefix("git:"), folder)
    target = place / project.template.name if project.template else place
    own = load(target)
    merged = replace(own, interpreter=settings.interpreter, offline=settings.offline, select=())
    return find_project(target, merged), merged


def _check(  # noqa: PLR0913, PLR0917
    function: Function,
    settings: Settings,
    budgets: tuple[Budget, ...],
    before: Facts | None,
    base: tuple[Project, Settings] | None,
    asked: Asked,
    folder: Path,
    progress: Progress,
) -> Checked:
    try:
        out = folder / f"{function.name}.zip"
        built = build_function(function, settings, out, Options(), progress)
    except ResolveError as error:
        if not asked.offline:
            raise
        row = CheckRow("size", "skipped", "warning", 0, 0, "", message=f"unknown offline: {error.message}")
        return Checked(_empty(function, (row,)), None, before)
    now = built.report
    other = _same_in_base(function, base)
    base_zip = folder / f"{function.name}-base.zip"
    if other and base:
        old = build_function(other, base[1], base_zip, Options(), progress).report
        before = facts_of(old)
    facts = facts_of(now)
    timed = asked.times and any(budget.key in _TIMED for budget in budgets)
    pair = (base_zip, other) if other else None
    times = _times(function, settings, out, pair, progress) if timed else None
    measured = Measured(
        facts,
        frozenset(row.path for row in now.files if row.decision == "kept"),
        frozenset(now.init_modules),
        times,
        _serious(now.findings),
    )
    rows = evaluate(budgets, measured, before)
    name = settings.file.name if settings.file else ""
    rows = tuple(replace(row, file=name) if row.line else row for row in rows)
    told = tuple(_with_cause(line, now) for line in changes(facts, before)) if before else ()
    return Checked(replace(now, checks=rows), facts, before, told)


def _serious(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What would break on Lambda fails; a file that looks secret is left out by `build`, so it is said and no more."""
    return tuple(
        replace(one, level="error" if one.rule in _LEAKS else "warning") for one in findings if one.level != "info"
    )


def facts_of(report: FunctionReport) -> Facts:
    """What is locked of a built function."""
    sizes = report.after or report.before
    rows = {row.name: (row.version, row.own_bytes) for row in report.distributions if row.files and row.version}
    return make_facts(sizes.unzipped_bytes, sizes.zipped_bytes, sizes.files, rows, list(report.init_modules))


def _same_in_base(function: Function, base: tuple[Project, Settings] | None) -> Function | None:
    if base is None:
        return None
    return next((one for one in base[0].functions if one.name == function.name), None)


def _empty(function: Function, rows: tuple[CheckRow, ...]) -> FunctionReport:
    from lambda_slim.report import Sizes

    target = function.target
    return FunctionReport(
        function.name,
        function.handler,
        target.runtime.name,
        target.architecture,
        function.memory_mb,
        Sizes(0, 0, 0),
        checks=rows,
    )


def _with_cause(line: str, report: FunctionReport) -> str:
    """A change with the requirement that brought it: `+ cffi 2.0.0   jose → cryptography (requirements.txt:4)`."""
    sign, _, rest = line.partition(" ")
    name = rest.split(" ")[0]
    rows = {row.name: row for row in report.distributions}
    if sign == "−" or name not in rows:
        return line
    path, seen = [name], {name}
    while not rows[path[-1]].direct:
        above = next((one for one in rows[path[-1]].required_by if one in rows and one not in seen), None)
        if above is None:
            break
        seen.add(above)
        path.append(above)
    where = rows[path[-1]].where
    chain = " → ".join(reversed(path))
    return f"{line}   {chain}{f' ({where})' if where else ''}" if len(path) > 1 or where else line


def _times(
    function: Function, settings: Settings, head: Path, base: tuple[Path, Function] | None, progress: Progress
) -> dict[str, Timing] | None:
    """INIT of head, in turn with base where there is one; an interval over the runs."""
    if find_interpreter(function.target, settings.interpreter) is None:
        return None
    owners = {file.path: file.owner for file in prepare(function, settings).inventory.files}
    runs: dict[str, list[int]] = {"head": [], "base": []}
    cpu: list[int] = []
    with ExitStack() as stack:
        packages = {"head": (stack.enter_context(opened(head)), function)}
        if base:
            packages["base"] = (stack.enter_context(opened(base[0])), base[1])
        for number in range(_PAIRS):
            for name, (package, one) in packages.items():
                progress(f"{function.name}: timing {name}, {number + 1} of {_PAIRS}")
                found = measure(package, one, settings, owners, runs=1)
                runs[name].append(found.total_us)
                if name == "head":
                    cpu.append(found.cpu_us)
    interval = _interval(runs["head"])
    slower = [after - before for after, before in zip(runs["head"], runs["base"], strict=False)]
    sure = bool(slower) and _interval(slower).low > 0
    imports = replace(interval, sure=sure)
    cold = _cold(function, settings, round(statistics.median(cpu)), head)
    return {"import-time": imports, "cold-start": replace(cold, sure=sure)}


def _interval(values: list[int]) -> Timing:
    """The median, and the range without the outermost run on either side (of seven: a 98 % interval for the median)."""
    ordered = sorted(values)
    inner = ordered[1:-1] if len(ordered) > 4 else ordered
    return Timing(round(statistics.median(ordered)), inner[0], inner[-1])


def _cold(function: Function, settings: Settings, cpu_us: int, head: Path) -> Timing:
    interpreter = find_interpreter(function.target, settings.interpreter)
    target = function.target
    found = estimate(
        Workload(
            target.runtime.name,
            target.architecture,
            function.memory_mb,
            cpu_us,
            zipped_bytes=head.stat().st_size,
            reference_ms=reference_ms(interpreter) if interpreter else None,
        )
    )
    return Timing(found.init_us, found.init_low_us, found.init_high_us)


def ratchet(facts: Mapping[str, Facts], before: Mapping[str, Facts]) -> dict[str, Facts]:
    """The lock with every function that shrank lowered, and nothing raised."""
    found = dict(before)
    for name, now in facts.items():
        old = before.get(name)
        if old is None or (now.unzipped <= old.unzipped and now.zipped <= old.zipped and now.modules <= old.modules):
            found[name] = now
    return found


def shard(project: Project, text: str) -> Project:
    """Every n-th function by name: `2/8` is the second of eight parts, the same on every machine.

    Raises:
        ConfigError: not of the form i/n with 1 ≤ i ≤ n.
    """
    first, _, second = text.partition("/")
    if not (first.isdigit() and second.isdigit() and 1 <= int(first) <= int(second)):
        raise ConfigError(f"`--shard {text}` is not i/n", hint="e.g. --shard 2/8 for the second of eight")
    ordered = sorted(project.functions, key=lambda one: one.name)
    return replace(project, functions=tuple(ordered[int(first) - 1 :: int(second)]))
