"""Times INIT in fresh child processes of the target's Python."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import RunError
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.text import clause, last_line
from lambda_slim.inputs.layers import with_opt
from lambda_slim.measure.importtime import make_report
from lambda_slim.model.function import Function
from lambda_slim.model.import_report import ImportNode, ImportReport
from lambda_slim.model.member import Member
from lambda_slim.model.report import PROJECT
from lambda_slim.model.run import Rounds, RunConditions, Timed
from lambda_slim.model.settings import Settings
from lambda_slim.prove.elsewhere import variable_hint
from lambda_slim.run.import_timer import time_init, timed_by
from lambda_slim.run.interpreter import find_interpreter
from lambda_slim.run.kernel import kernel_us
from lambda_slim.run.tracing import asked_hint

_PLAIN = Rounds()
LEAST_LIMIT_S = 30.0  # for one INIT; a function's own limit may be higher


def measure(
    package: Path,
    function: Function,
    settings: Settings,
    owners: Mapping[str, str],
    *,
    rounds: Rounds = _PLAIN,
    progress: Progress = silent,
) -> ImportReport:
    """INIT of a package, timed import by import in fresh children, in the managed runtime's import order.

    What the runtime has loaded before the handler's module is not counted. The total is the median of the runs; the
    times of modules are means over the runs in the middle half, scaled to the total, so that they add up to it.

    Args:
        package: The unpacked package; nothing is written to it.
        function: Its handler and environment.
        settings: `interpreter` and `offline`.
        owners: Package path to distribution; "" or absent for the project's own files.
        rounds: How many children, and whether the reference kernel is read before and after each.
        progress: Told before each run.

    Raises:
        RunError: no Python of the target's minor version here, or INIT failed; the cause names the lines.
    """
    interpreter = find_interpreter(function.target, settings.interpreter)
    if interpreter is None:
        raise RunError(
            f"{function.name}: import time cannot be measured",
            cause=f"there is no Python {function.target.runtime.python} on this machine",
            hint=f"`uv python install {function.target.runtime.python}`, or name one with --interpreter",
        )
    function = with_opt(function, settings)
    own = sorted(_own_modules(package, owners))
    limit = max(LEAST_LIMIT_S, float(function.timeout_s))
    conditions = RunConditions(timeout=limit, offline=settings.offline)
    answers = []
    readings = []
    for number in range(rounds.count):
        progress(f"{function.name}: timing INIT, run {number + 1} of {rounds.count}")
        readings += [kernel_us(interpreter)] if rounds.kernel else []
        timed = time_init(interpreter, package, function, own, conditions)
        if timed.late:
            timed = time_init(interpreter, package, function, own, conditions)
        check_timed(timed, function, limit)
        answers.append(timed.answer)
    readings += [kernel_us(interpreter)] if rounds.kernel else []
    client = timed_by(interpreter, offline=settings.offline)
    report = make_report(answers, owners, client, _sources(package, own))
    return replace(report, kernel_us=tuple(filter(None, readings)))


def at_sources(report: ImportReport, members: Iterable[Member]) -> ImportReport:
    """The report with modules at the files that they were made from, also where bytecode ships in their place."""
    origins = {member.name: member.origin for member in members if member.origin}

    def moved(node: ImportNode) -> ImportNode:
        file, importer = origins.get(node.file, node.file), origins.get(node.importer, node.importer)
        return replace(node, file=file, importer=importer)

    return replace(report, nodes=tuple(map(moved, report.nodes)))


def _own_modules(package: Path, owners: Mapping[str, str]) -> list[str]:
    """Package paths of the project's own modules."""
    if owners:
        return [path for path, owner in owners.items() if owner in ("", PROJECT) and path.endswith((".py", ".pyc"))]
    return [path.relative_to(package).as_posix() for path in package.rglob("*.py")]


def _sources(package: Path, own: Sequence[str]) -> dict[str, str]:
    places = {path: package / path for path in own if path.endswith(".py")}
    return {path: place.read_text("utf-8", "replace") for path, place in places.items() if place.is_file()}


def check_timed(timed: Timed, function: Function, limit: float) -> None:
    """Checks that a run finished.

    Raises:
        RunError: it did not; the cause says what failed and where, from the handler's module inwards.
    """
    if timed.late:
        raise RunError(
            f"{function.name}: importing `{function.module}` did not end within {limit:.0f} s",
            cause=f"it was at {timed.at}" if timed.at else last_line(timed.output),
            hint="does it wait for the network at import? it has none here; see docs/trace.md",
        )
    if not timed.answer:
        raise RunError(
            f"{function.name}: the process ended while importing `{function.module}` (exit {timed.code})",
            cause=last_line(timed.output),
            hint="does it call os._exit, or crash in a library?",
        )
    if error := timed.answer.get("error"):
        raise RunError(
            f"{function.name}: importing `{function.module}` failed",
            cause=_cause(error),
            hint=asked_hint(timed.answer.get("asked", ()))
            or variable_hint(function.name, _cause(error))
            or _advice(error["type"]),
        )


def _cause(error: Mapping[str, Any]) -> str:
    places = " → ".join(f"{path}:{line}" for path, line in error["chain"][-4:])
    return f"{error['type']}: {error['message']}"[:300] + clause(" ({})", places)


def _advice(kind: str) -> str:
    if kind in ("ModuleNotFoundError", "ImportError"):
        return "is it in the requirements, for this Python and architecture?"
    if kind == "SystemExit":
        return "the module calls sys.exit when it is imported; guard it with `if __name__ == '__main__':`"
    return "does it import locally? if it needs the network or credentials at import, see docs/trace.md"
