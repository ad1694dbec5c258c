"""What is wrong and what to do, as lines of text."""

from collections.abc import Sequence

from lambda_slim.base.text import shown_place
from lambda_slim.base.units import show_less
from lambda_slim.model.report import Finding, Step
from lambda_slim.render.console import GridStyle, Look, fold, grid

_ORDER = {"error": 0, "warning": 1, "info": 2}


def finding_lines(findings: Sequence[Finding], look: Look) -> list[str]:
    """Errors first, then what saves most."""
    if not findings:
        return []
    ranked = sorted(findings, key=_rank)
    rows = []
    for finding in ranked:
        place = shown_place(finding.file, finding.line, "  ")
        rows.append(
            (
                f"{finding.rule} {finding.level}",
                " ".join(show_less(finding.saves_bytes, finding.saves_us)),
                f"{place}{finding.told}",
            )
        )
    lines = grid(
        ("FINDINGS", "SAVES", ""), rows, look, GridStyle(right=(1,), rows=[finding.level for finding in ranked])
    )
    return [*lines, "  ", fold(2, "lambda-slim explain RULE tells of each, and how to silence it", look, "dim"), "\n"]


def _rank(finding: Finding) -> tuple[int, int, int, str, str, int]:
    return (
        _ORDER.get(finding.level, 3),
        -finding.saves_us,
        -finding.saves_bytes,
        finding.rule,
        finding.file,
        finding.line,
    )


def step_lines(steps: Sequence[Step], look: Look) -> list[str]:
    """What to do, in the order of the report: what, and below it the command."""
    if not steps:
        return []
    saves = [" ".join(show_less(step.saves_bytes, step.saves_us)) for step in steps]
    width = max(map(len, saves))
    gap = "  " if width else ""
    indent = 6 + width + len(gap)
    lines = [look.paint("  WHAT TO DO NEXT", "dim") + "\n"]
    for number, (step, less) in enumerate(zip(steps, saves, strict=True), 1):
        saved = less.rjust(width) + gap
        lines.append(look.plain(f"  {number}.  {look.paint(saved, 'good')}") + fold(indent, step.text, look))
        if step.command:
            lines.append(" " * indent + look.paint(step.command, "info") + "\n")
    return [*lines, "\n"]
