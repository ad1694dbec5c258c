"""What would break on Lambda, for the short report: each thing once, with what to do about it."""

from collections.abc import Iterator

from lambda_slim.base.text import shown_place
from lambda_slim.base.units import plural
from lambda_slim.model.package_report import Proof
from lambda_slim.model.report import Finding, FunctionReport


def troubles(function: FunctionReport) -> Iterator[tuple[str, str, str]]:
    """(label, text, style) of each row: why it does not start, each error, and the first warning of several."""
    yield from _start(function)
    for finding in _unsaid(function, "error"):
        yield "error", f"{finding.rule} {_placed(finding)}", "error"
    if warnings := _unsaid(function, "warning"):
        more = f"; {plural(len(warnings) - 1, 'more warning')}" if len(warnings) > 1 else ""
        yield "warning", f"{_placed(warnings[0])}{more}", "warning"


def _start(function: FunctionReport) -> Iterator[tuple[str, str, str]]:
    """Why it does not start, with the hint of the finding that says so; or why that is not known."""
    why = _why_not(function)
    if not why:
        return
    told = next((_placed(finding) for finding in function.findings if _says(why, finding)), why)
    dead = function.starts is not None and function.starts.verdict == "no"
    verdict, style = ("NO", "error") if dead else ("unknown", "warning")
    yield "starts", f"{verdict}: {told}", style


def _why_not(function: FunctionReport) -> str:
    """Why it may not start; "" where it does start, by its code or as a run has shown."""
    starts = function.starts
    if starts is None or starts.verdict == "yes":
        return ""
    return "" if starts.verdict == "unknown" and _has_started(function.proof) else starts.why


def _has_started(proof: Proof | None) -> bool:
    """Whether a run of the proof has shown that the function starts."""
    if proof is None:
        return False
    return proof.result == "same" or (proof.result == "imports-only" and proof.init_us[1] > 0)


def _unsaid(function: FunctionReport, level: str) -> list[Finding]:
    """The findings of a level, without what other rows tell: why it does not start, how the full package failed."""
    said = [why] if (why := _why_not(function)) else []
    if said and function.proof:
        said += function.proof.notes[:1]
    rows = [finding for finding in function.findings if finding.level == level]
    return [finding for finding in rows if not any(_says(text, finding) for text in said)]


def _says(text: str, finding: Finding) -> bool:
    """Whether a text of the report says what a finding says."""
    return finding.message in text or text in finding.told


def _placed(finding: Finding) -> str:
    """What a finding says, after the place that it is about."""
    return f"{shown_place(finding.file, finding.line, ' ')}{finding.told}"
