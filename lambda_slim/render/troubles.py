"""What would break on Lambda, for the short report: each thing once, with what to do about it."""

from collections.abc import Iterator
from functools import partial

from lambda_slim.base.text import clause, shown_place
from lambda_slim.base.units import plural
from lambda_slim.model.package_report import Proof
from lambda_slim.model.report import Finding, FunctionReport

_STARTS = {"no": ("NO", "error"), "unknown": ("unknown", "warning")}


def troubles(function: FunctionReport) -> Iterator[tuple[str, str, str]]:
    """(label, text, style) of each row: why it does not start, each error, and the first warning of several."""
    yield from _start(function)
    for finding in _unsaid(function, "error"):
        yield "error", f"{finding.rule} {_placed(finding)}", "error"
    if warnings := _unsaid(function, "warning"):
        first, *others = warnings
        more = clause("; {}", len(others), partial(plural, noun="more warning"))
        yield "warning", f"{_placed(first)}{more}", "warning"


def _start(function: FunctionReport) -> Iterator[tuple[str, str, str]]:
    """Why it does not start, with the hint of the finding that says so; or why that is not known."""
    starts, why = function.starts, _why_not(function)
    if starts is None or not why:
        return
    told = [_placed(finding) for finding in function.findings if _says(why, finding)]
    verdict, style = _STARTS[starts.verdict]
    yield "starts", f"{verdict}: {[*told, why][0]}", style


def _why_not(function: FunctionReport) -> str:
    """Why it may not start; "" where it does start, by its code or as a run has shown."""
    starts = function.starts
    if starts is None or starts.verdict == "yes":
        return ""
    if starts.verdict == "unknown" and _has_started(function.proof):
        return ""
    return starts.why


def _has_started(proof: Proof | None) -> bool:
    """Whether a run of the proof has shown that the function starts."""
    if proof is None:
        return False
    if proof.result == "imports-only":
        return proof.init_us[1] > 0
    return proof.result == "same"


def _unsaid(function: FunctionReport, level: str) -> list[Finding]:
    """The findings of a level, without what other rows tell: why it does not start, how the full package failed."""
    rows = [finding for finding in function.findings if finding.level == level]
    for text in _said(function):
        rows = [finding for finding in rows if not _says(text, finding)]
    return rows


def _said(function: FunctionReport) -> list[str]:
    """What the row about its start tells."""
    why = _why_not(function)
    if not why:
        return []
    notes = function.proof.notes[:1] if function.proof else ()
    return [why, *notes]


def _says(text: str, finding: Finding) -> bool:
    """Whether a text of the report says what a finding says."""
    return finding.message in text or text in finding.told


def _placed(finding: Finding) -> str:
    """What a finding says, after the place that it is about."""
    return f"{shown_place(finding.file, finding.line, ' ')}{finding.told}"
