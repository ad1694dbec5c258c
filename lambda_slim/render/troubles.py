"""What would break on Lambda, for the short report: each thing once, with what to do about it."""

from collections.abc import Iterator

from lambda_slim.base.units import plural
from lambda_slim.model.report import Finding, FunctionReport


def troubles(function: FunctionReport) -> Iterator[tuple[str, str, str]]:
    """(label, text, style) of each row: why it does not start, each error, and the first warning of several."""
    yield from _dead(function)
    said = _said_already(function)
    for finding in _at(function, "error"):
        if not any(_says(text, finding) for text in said):
            yield "error", f"{finding.rule} {_placed(finding)}", "error"
    if warnings := _at(function, "warning"):
        more = f"; {plural(len(warnings) - 1, 'more warning')}" if len(warnings) > 1 else ""
        yield "warning", f"{_placed(warnings[0])}{more}", "warning"


def _dead(function: FunctionReport) -> Iterator[tuple[str, str, str]]:
    """Why it does not start, with the hint of the finding that says so."""
    if function.starts and function.starts.verdict == "no":
        why = function.starts.why
        told = next((_placed(finding) for finding in _at(function, "error") if _says(why, finding)), why)
        yield "starts", f"NO: {told}", "error"


def _said_already(function: FunctionReport) -> tuple[str, ...]:
    """What other rows say of a function that does not start: why, and how the full package failed."""
    if function.starts is None or function.starts.verdict != "no":
        return ()
    return (function.starts.why, *(function.proof.notes[:1] if function.proof else ()))


def _says(text: str, finding: Finding) -> bool:
    """Whether a text of the report says what a finding says."""
    return finding.message in text or text in finding.told


def _at(function: FunctionReport, level: str) -> list[Finding]:
    return [finding for finding in function.findings if finding.level == level]


def _placed(finding: Finding) -> str:
    """What a finding says, after the place that it is about."""
    place = f"{finding.file}:{finding.line} " if finding.line else f"{finding.file} " if finding.file else ""
    return f"{place}{finding.told}"
