"""What to do next: edits and commands, the most saved first, each with what it saves as measured."""

from collections.abc import Iterator
from dataclasses import replace

from lambda_slim.base.rows import total_bytes
from lambda_slim.base.text import clause, shown_place
from lambda_slim.model.import_report import ImportReport
from lambda_slim.model.report import DistributionRow, Finding, FunctionReport, Step
from lambda_slim.model.settings import Level
from lambda_slim.tasks.prepare import Planned, replan

_FINDINGS = 4  # of those that save something
_WORTH = 0.02  # share of the package or of INIT below which a step is not worth a line
_VERBS = {"LS201": "delete the import", "LS202": "defer the import"}


def next_steps(report: FunctionReport, planned: Planned, built: ImportReport | None = None) -> tuple[Step, ...]:
    """Steps, ranked by the larger of their shares: of the package's bytes, or of INIT.

    Args:
        report: Of the package as it is.
        planned: What `build` would decide.
        built: INIT of what `build` makes of an artifact, where it was measured beside the artifact's own.
    """
    steps = [*_edits(report), *_builds(report, planned, built)]
    worth = [step for step in steps if share(step, report) >= _WORTH]
    worth.sort(key=lambda step: (-share(step, report), step.text))
    return (*worth, *_looks(report, planned))


def share(step: Step, report: FunctionReport) -> float:
    """What a step saves as a share, 0 to 1, of the package or of INIT."""
    total = report.imports.total_us if report.imports else 0
    return max(step.saves_bytes / max(1, report.before.unzipped_bytes), step.saves_us / max(1, total))


def _edits(report: FunctionReport) -> Iterator[Step]:
    """Edits of the code. Changes of the package are not among them, because `build` makes those."""
    saving = [row for row in report.findings if row.rule.startswith("LS2") and (row.saves_us or row.saves_bytes)]
    saving.sort(key=lambda row: (-row.saves_us, -row.saves_bytes))
    for finding in saving[:_FINDINGS]:
        command = f"lambda-slim explain {finding.rule}"
        yield Step(_edit(finding), command, finding.saves_bytes, finding.saves_us)


def _edit(finding: Finding) -> str:
    quoted = finding.message.split("`")
    name = f" of `{quoted[1]}`" if len(quoted) > 1 and finding.rule in _VERBS else ""
    place = shown_place(finding.file, finding.line)
    return f"{_VERBS.get(finding.rule, finding.message)}{name}{clause(' at {}', place)}"


def _builds(report: FunctionReport, planned: Planned, built: ImportReport | None) -> Iterator[Step]:
    level, command = planned.settings.level, f"lambda-slim build{_target(planned)}"
    gone = total_bytes(report.rules)
    faster = report.imports.total_us - built.total_us if built and report.imports else 0
    bytecode = ", with bytecode that Lambda can use" if faster > 0 else ""
    yield Step(f"leave out what nothing needs (level {level}){bytecode}", command, gone, max(0, faster))
    if level is Level.SAFE:
        reach = replan(planned, {}, replace(planned.settings, level=Level.REACH))
        bolder = sum(decision.file.size for decision in reach.plan.dropped)
        if bolder > 1.02 * gone:
            text = "leave out what no import path reaches as well, proved by running it"
            yield Step(text, f"{command} --level reach", bolder)


def _looks(report: FunctionReport, planned: Planned) -> Iterator[Step]:
    """Distributions worth a look; the savings of dropping them are shown, but are no advice."""
    asked = [row for row in report.distributions if row.direct and row.version]
    if not asked:
        return
    largest = max(asked, key=lambda row: row.freed_bytes)
    slowest = max(asked, key=lambda row: row.import_self_us)
    for row in dict.fromkeys((largest, slowest)):
        text = f"see why {row.name} is there: {_shares(row, report)} would go with it"
        yield Step(text, f"lambda-slim why {row.name}{_target(planned)}")


def _shares(row: DistributionRow, report: FunctionReport) -> str:
    """How much of the package, and of INIT where that was measured, goes with a distribution."""
    text = f"{100 * row.freed_bytes / max(1, report.before.unzipped_bytes):.0f} % of the bytes"
    freed = {row.name, *row.freed_with}
    us = sum(other.import_self_us for other in report.distributions if other.name in freed)
    if us and report.imports:
        text += f" and {100 * us / max(1, report.imports.total_us):.0f} % of INIT"
    return text


def _target(planned: Planned) -> str:
    """The arguments that a command needs: none for a project, where it is run."""
    artifact = planned.function.artifact
    return f" {artifact.name}" if artifact else ""
