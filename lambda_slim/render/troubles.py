"""What would break on Lambda, for the short report: each thing once, with what to do about it."""

from collections.abc import Iterator

from lambda_slim.base.units import plural
from lambda_slim.model.report import Finding, FunctionReport


def troubles(function: FunctionReport) -> Iterator[tuple[str, str, str]]:
    """(label, text, style) of each row: why it does not start, each error, and the first warning of several."""
    yield from _start(function)
    said = _said_already(function)
    for finding in _at(function, "error"):
        if not any(_says(text, finding) for text in said):
            yield "error", f"{finding.rule} {_placed(finding)}", "error"
    if warnings := [finding for finding in _at(function, "warning") if not any(_says(text, finding) for text in said)]:
        more = f"; {plural(len(warnings) - 1, 'more warning')}" if len(warnings) > 1 else ""
        yield "warning", f"{_placed(warnings[0])}{more}", "warning"


def _start(function: FunctionReport) -> Iterator[tuple[str, str, str]]:
    """Why it does not start, with the hint of the finding that says so; or why that is not known."""
    if why := _why_not(function):
        told = next((_placed(finding) for finding in function.findings if _says(why, finding)), why)
        dead = function.starts is not None and function.starts.verdict == "no"
        yield "starts", f"{'NO' if dead else 'unknown'}: {told}", "error" if dead else "warning"


def _why_not(function: FunctionReport) -> str:
    """Why it may not start; "" where it does start, by its code or as a run has shown."""
    starts, proof = function.starts, function.proof
    if starts is None or starts.verdict == "yes":
        return ""
    seen = proof is not None and (proof.result == "same" or (proof.result == "imports-only" and proof.init_us[1] > 0))
    return "" if starts.verdict == "unknown" and seen else starts.why


def _said_already(function: FunctionReport) -> tuple[str, ...]:
    """What other rows say already: why it does not start, and how the full package failed."""
    why = _why_not(function)
    return (why, *(function.proof.notes[:1] if function.proof else ())) if why else ()


def _says(text: str, finding: Finding) -> bool:
    """Whether a text of the report says what a finding says."""
    return finding.message in text or text in finding.told


def _at(function: FunctionReport, level: str) -> list[Finding]:
    return [finding for finding in function.findings if finding.level == level]


def _placed(finding: Finding) -> str:
    """What a finding says, after the place that it is about."""
    place = f"{finding.file}:{finding.line} " if finding.line else f"{finding.file} " if finding.file else ""
    return f"{place}{finding.told}"
