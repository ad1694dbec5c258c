"""The rows of a repository's table: one for each function."""

import os
import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import ExitCode, SlimError
from lambda_slim.model.deployable import Deployable, EveryRow
from lambda_slim.model.report import FunctionReport, Sizes, is_dead
from lambda_slim.tasks.every.job import EveryAnswer


def rows_of(row: Deployable, answers: Iterable[EveryAnswer], outs: Mapping[str, str]) -> Iterator[EveryRow]:
    """The rows of a deployable.

    Args:
        row: The deployable.
        answers: The results of its functions.
        outs: Where each function's package lies, from the working folder.
    """
    answered = list(answers)
    yield from _failures(row, answered)
    for answer in answered:
        if answer.report:
            yield _built_row(row.label, answer.report, outs.get(answer.function, ""))


def failed_row(label: str, name: str, error: SlimError) -> EveryRow:
    """A function that could not be built, or a deployable whose functions are not known."""
    message = ": ".join(text for text in (error.message.removeprefix(f"{name}: "), error.cause) if text)
    return EveryRow(label, name, result="failed", message=message, hint=error.hint, code=error.exit_code)


def checked_rows(row: Deployable, answers: Iterable[EveryAnswer], *, forgiven: bool) -> Iterator[EveryRow]:
    """The rows of a deployable that was checked.

    Args:
        row: The deployable.
        answers: The results of its functions.
        forgiven: Whether a check that fails is no failure.
    """
    yield from _failures(row, answers)
    for answer in answers:
        if answer.report:
            made = _checked_row(EveryRow(row.label, answer.function, proved=_proved(answer.report)), answer.report)
            made = (
                replace(made, before=answer.before.unzipped, before_zipped=answer.before.zipped)
                if answer.before
                else made
            )
            made = replace(made, after=answer.facts.unzipped, zipped=answer.facts.zipped) if answer.facts else made
            yield replace(made, code=ExitCode.OK) if forgiven else made


def _checked_row(row: EveryRow, report: FunctionReport) -> EveryRow:
    statuses = Counter(check.status for check in report.checks)
    if statuses["failed"]:
        return replace(row, result="refused", message=str(statuses["failed"]), code=ExitCode.FINDINGS)
    return replace(row, result="holds" if statuses["passed"] else "unchecked", message=str(statuses["passed"]))


def analyzed_rows(row: Deployable, answers: Iterable[EveryAnswer]) -> Iterator[EveryRow]:
    """The rows of a deployable that was analysed."""
    yield from _failures(row, answers)
    for report in (answer.report for answer in answers):
        if report is None:
            continue
        made = EveryRow(
            row.label,
            report.name,
            before=report.before.unzipped_bytes,
            zipped=report.before.zipped_bytes,
            result="analyzed",
            message="starts" if report.starts and report.starts.verdict == "yes" else "",
            init_us=report.imports.total_us if report.imports else 0,
            cold_start_us=report.cold_start.init_us if report.cold_start else 0,
        )
        dead = is_dead(report)
        yield replace(made, result="dead", message=_why_dead(report), code=ExitCode.FINDINGS) if dead else made


def labelled(row: Deployable, answers: Iterable[EveryAnswer], root: Path) -> Iterator[FunctionReport]:
    """The reports of a deployable for one report of all: names with its label, places counted from the root."""
    below = Path(os.path.relpath(row.settings.root, root)).as_posix()
    for report in (answer.report for answer in answers):
        if report:
            checks = tuple(replace(check, file=_from(below, check.file)) for check in report.checks)
            findings = tuple(replace(finding, file=_from(below, finding.file)) for finding in report.findings)
            yield replace(report, name=f"{row.label}: {report.name}", checks=checks, findings=findings)


def _from(below: str, file: str) -> str:
    return posixpath.normpath(posixpath.join(below, file)) if file else ""


def _failures(row: Deployable, answers: Iterable[EveryAnswer]) -> Iterator[EveryRow]:
    """Rows for what failed: the deployable itself, or single functions."""
    if row.error:
        yield failed_row(row.label, "", row.error)
    for failure in row.project.failures if row.project else ():
        yield failed_row(row.label, failure.name, failure.error)
    for answer in answers:
        if answer.error:
            yield failed_row(row.label, answer.function, answer.error)


def _built_row(label: str, report: FunctionReport, out: str) -> EveryRow:
    package, dead = report.package, is_dead(report)
    after = report.after or Sizes(0, 0, 0)
    row = EveryRow(
        label,
        report.name,
        before=report.before.unzipped_bytes,
        after=after.unzipped_bytes,
        before_zipped=report.before.zipped_bytes,
        zipped=after.zipped_bytes,
        proved=_proved(report),
        result="planned",
    )
    if package:
        row = replace(
            row, result="built", path=Path(out).as_posix(), sha256=package.sha256, bytecode=package.bytecode_bytes
        )
    return replace(row, result="dead", message=_why_dead(report), code=ExitCode.FINDINGS) if dead else row


_PROVED = {"same": "yes", "imports-only": "imports only", "not-run": "not run"}


def _proved(report: FunctionReport) -> str:
    return _PROVED.get(report.proof.result, report.proof.result) if report.proof else ""


def _why_dead(report: FunctionReport) -> str:
    proof, starts = report.proof, report.starts
    if starts and starts.verdict == "no":
        return f"it does not start: {starts.why}"
    return proof.notes[0] if proof and proof.notes else "it does not start"
