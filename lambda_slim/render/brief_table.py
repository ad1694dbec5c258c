"""The short report of many functions: one table."""

from collections.abc import Sequence

from lambda_slim.base.text import clause
from lambda_slim.base.units import plural, show_both, show_change, show_size, show_time
from lambda_slim.model.package_report import Proof
from lambda_slim.model.report import FunctionReport, Step, is_dead
from lambda_slim.render.console import GridStyle, Look, fold, grid


def table(functions: Sequence[FunctionReport], look: Look, *, building: bool) -> list[str]:
    """One row a function; a verdict that all share is told once, below."""
    styles = [*map(style_of, functions)]
    if not building:
        rows = [(function.name, *_analyzed_cells(function)) for function in functions]
        heads = ("FUNCTION", "ZIP", "UNZIPPED", "INIT", "NEXT")
        return [*grid(heads, rows, look, GridStyle(right=(1, 2, 3), cut=True, rows=styles)), "\n"]
    rows = [(function.name, *_built_cells(function)) for function in functions]
    style = GridStyle(right=(2,), cut=True, rows=styles)
    verdicts = {row[-1] for row in rows}
    if len(verdicts) > 1:
        return [*grid(("FUNCTION", "ZIP", "", "INIT", "PROOF"), rows, look, style), "\n"]
    lines = grid(("FUNCTION", "ZIP", "", "INIT", ""), [(*row[:-1], "") for row in rows], look, style)
    if below := verdicts.pop():
        lines.append(fold(0, f"Proof of all {len(rows)}: {below}", look))
    return [*lines, "\n"]


def style_of(function: FunctionReport) -> str:
    """The style of a function's first words."""
    return "error" if is_dead(function) else ""


def step_line(step: Step) -> str:
    """What a step saves, what it is, and its command."""
    size = clause("−{}", step.saves_bytes, show_size)
    time = clause("−{}", step.saves_us, show_time)
    text = " ".join(filter(None, [size, time, step.text]))
    return text + clause(": {}", step.command)


def _analyzed_cells(function: FunctionReport) -> tuple[str, ...]:
    sizes = function.before
    zipped = clause("{}", sizes.zipped_bytes, show_size)
    took = show_time(function.imports.total_us) if function.imports else ""
    return zipped, show_size(sizes.unzipped_bytes), took, _advice(function)


def _advice(function: FunctionReport) -> str:
    if is_dead(function):
        return "DOES NOT START"
    return "".join(map(step_line, function.saving_steps[:1]))


def _built_cells(function: FunctionReport) -> tuple[str, ...]:
    before, after = function.before, function.after
    was, now = function.timed_us
    init = show_both(was, now, show_time) if now else ""
    if after is None:
        return "not written", "", init, ""
    sizes = show_both(before.zipped_bytes, after.zipped_bytes, show_size)
    change = show_change(before.zipped_bytes, after.zipped_bytes) if before.zipped_bytes else ""
    return sizes, change, init, _verdict(function)


def _verdict(function: FunctionReport) -> str:
    if is_dead(function):
        return "DOES NOT START"
    if function.package is None:
        return ""
    return _short_proof(function.package.level, function.proof)


def _short_proof(level: str, proof: Proof | None) -> str:
    """The level, and what the proof found, for a column."""
    if proof is None:
        return f"{level}, none needed" if level == "safe" else f"{level}, not run"
    events = f"{plural(proof.events, 'event')} alike"
    words = {"same": events, "imports-only": "imports alike", "not-run": "not proved", "different": "DIFFERENT"}
    return f"{level}: {words.get(proof.result, 'no proof')}"
