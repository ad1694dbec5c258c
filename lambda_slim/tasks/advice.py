"""What to do next: edits and commands, the most saved first, each with what it saves as measured."""

from collections.abc import Iterator
from dataclasses import replace

from lambda_slim.model.report import DistributionRow, Finding, FunctionReport, ImportReport, Step
from lambda_slim.model.settings import Level
from lambda_slim.tasks.prepare import Planned, replan

_FINDINGS = 4  # of those that save something
_WORTH = 0.02  # share of the package or of INIT below which a step is no news
_VERBS = {"LS201": "delete the import", "LS202": "defer the import"}


def next_steps(report: FunctionReport, planned: Planned, built: ImportReport | None = None) -> tuple[Step, ...]:
    """Steps, ranked by the larger of their shares: of the package's bytes, or of INIT.

    Args:
        report: Of the package as it is.
        planned: What `build` would decide.
        built: INIT of what `build` makes of an artifact, where it was measured beside the artifact's own.
    """
    found = [*_edits(report), *_builds(report, planned, built)]
    worth = sorted(
        (one for one in found if share(one, report) >= _WORTH), key=lambda one: (-share(one, report), one.text)
    )
    return (*worth, *_looks(report, planned))


def share(step: Step, report: FunctionReport) -> float:
    """What a step saves as a share, 0 to 1, of the package or of INIT."""
    total = report.imports.total_us if report.imports else 0
    return max(step.saves_bytes / max(1, report.before.unzipped_bytes), step.saves_us / max(1, total))


def _edits(report: FunctionReport) -> Iterator[Step]:
    of_code = [one for one in report.findings if one.rule.startswith("LS2")]  # what is in the package, `build` mends
    saving = [one for one in of_code if one.saves_us or one.saves_bytes]
    for one in sorted(saving, key=lambda one: (-one.saves_us, -one.saves_bytes))[:_FINDINGS]:
        yield Step(_edit(one), f"lambda-slim explain {one.rule}", one.saves_bytes, one.saves_us)


def _edit(one: Finding) -> str:
    quoted = one.message.split("`")
    name = f" of `{quoted[1]}`" if len(quoted) > 1 and one.rule in _VERBS else ""
    place = f"{one.file}:{one.line}" if one.line else one.file
    return f"{_VERBS.get(one.rule, one.message)}{name}{f' at {place}' if place else ''}"


def _builds(report: FunctionReport, planned: Planned, built: ImportReport | None) -> Iterator[Step]:
    level, command = planned.settings.level, f"lambda-slim build{_target(planned)}"
    gone = sum(row.bytes for row in report.rules)
    faster = report.imports.total_us - built.total_us if built and report.imports else 0
    text = f"leave out what nothing needs (level {level})"
    if faster > 0:
        text += ", with bytecode that Lambda can use"
    yield Step(text, command, gone, max(0, faster))
    if level is Level.SAFE:
        bolder = sum(
            one.file.size for one in replan(planned, {}, replace(planned.settings, level=Level.REACH)).plan.dropped
        )
        if bolder > 1.02 * gone:
            text = "leave out what no import path reaches as well, proved by running it"
            yield Step(text, f"{command} --level reach", bolder)


def _looks(report: FunctionReport, planned: Planned) -> Iterator[Step]:
    """The distributions to think about; what dropping them would save is said, but is no advice."""
    asked = [row for row in report.distributions if row.direct and row.version]
    slow = max(asked, key=_time, default=None)
    large = max(asked, key=lambda row: row.freed_bytes, default=None)
    times = {row.name: row.import_self_us for row in report.distributions}
    for row in dict.fromkeys(one for one in (large, slow) if one):
        said = f"{100 * row.freed_bytes / max(1, report.before.unzipped_bytes):.0f} % of the bytes"
        took = row.import_self_us + sum(times.get(name, 0) for name in row.freed_with)
        if took and report.imports:
            said += f" and {100 * took / max(1, report.imports.total_us):.0f} % of INIT"
        yield Step(
            f"see why {row.name} is there: {said} would go with it", f"lambda-slim why {row.name}{_target(planned)}"
        )


def _target(planned: Planned) -> str:
    """What a command needs to be told: nothing for a project, where it is run."""
    artifact = planned.function.artifact
    return f" {artifact.name}" if artifact else ""


def _time(row: DistributionRow) -> int:
    return row.import_self_us
