"""What the page shows as ready text: verdict cards, steps, and the rows of its plain tables.

A cell is `(text, class, second line)`, and a class that begins with `!` makes a badge of its text. The script only puts
them into the page, and filters by what they say.
"""

from collections.abc import Sequence
from typing import Any

from lambda_slim.base.text import clause, shown_place
from lambda_slim.base.units import plural, show_less, show_size, show_time
from lambda_slim.model.import_report import ColdStartReport, Part
from lambda_slim.model.report import CheckRow, Finding, FunctionReport, RuleRow, Step
from lambda_slim.model.sharing import PartlyUsed, Sharing
from lambda_slim.model.startup_report import LazyRow
from lambda_slim.render.cards import cards
from lambda_slim.render.moves import moves
from lambda_slim.render.sharing import full_share, label, layer_lines, most, names, saving, slim_share
from lambda_slim.render.verdict import show_value, value_of

Cell = tuple[str, str, str]
_LEVELS = {"passed": "good", "failed": "error"}


def texts(function: FunctionReport) -> dict[str, Any]:
    """Everything of a function that needs no drawing."""
    return {
        "sub": " · ".join(_subtitle(function)),
        "moves": moves(function),
        "cards": cards(function),
        "steps": [_step(step) for step in function.next_steps],
        "cold": _cold(function.cold_start),
        "tables": {
            "findings": [_finding(finding) for finding in function.findings],
            "checks": [_check(row) for row in function.checks],
            "changed": changed_rows(function.changed),
            "later": [_later(row) for row in function.lazy_rows],
            "rules": [_rule(row) for row in function.rules],
            "twice": [_duplicate(size, paths) for _, size, paths in function.duplicates],
        },
    }


def _subtitle(function: FunctionReport) -> list[str]:
    memory = clause("{} MB", function.memory_mb)
    return [*filter(None, (function.handler, function.runtime, function.architecture, memory))]


def _step(step: Step) -> tuple[list[str], str, str]:
    return show_less(step.saves_bytes, step.saves_us), step.text, step.command


def _rule(row: RuleRow) -> tuple[Cell, ...]:
    files = _cell(plural(row.files, "file"), "num")
    return _cell(row.rule), _cell(show_size(row.bytes), "num"), files, _cell(row.why)


def _later(row: LazyRow) -> tuple[Cell, ...]:
    saved = _cell(clause("{}", row.saves_us, show_time), "num")
    modules = _cell(plural(row.modules, "module"), "num")
    return _cell(row.target, "path"), saved, modules, _cell(f"{row.file}:{row.line}")


def _duplicate(size: int, paths: Sequence[str]) -> tuple[Cell, ...]:
    return _cell(show_size(size * (len(paths) - 1)), "num"), _cell("  ".join(paths), "path")


def changed_rows(lines: Sequence[str]) -> list[tuple[Cell, ...]]:
    """Lines of `budgets.difference` as rows: what changed, by how much, and what brought it."""
    return [tuple(_cell(part, "path") for part in line.split("   ")) for line in lines]


def shared_tables(sharing: Sharing | None) -> dict[str, list[tuple[Cell, ...]]]:
    """What several functions have in common, the same whichever of them is looked at."""
    if sharing is None:
        return {}
    splits: list[tuple[Cell, ...]] = [
        (
            _cell(split.function),
            _cell(full_share(split), "num"),
            _cell(f"of the slim package {slim_share(split)}", "path"),
        )
        for split in saving(sharing.splits)
    ]
    layer = layer_lines(sharing.layer) if sharing.layer else ()
    return {
        "shared": [_partly_used(row) for row in most(sharing)],
        "splits": splits,
        "layer": [(_cell(line, "path"),) for line in layer],
    }


def _partly_used(row: PartlyUsed) -> tuple[Cell, ...]:
    users = _cell(f"used by {names(row.used_by)}", "path", f"unused in {names(row.unused_by)}")
    return _cell(label(row)), _cell(show_size(row.bytes), "num"), users


def _cold(cold: ColdStartReport | None) -> dict[str, Any] | None:
    """The parts of the estimate, each with what it rests on."""
    if cold is None:
        return None
    total = max(1, sum(part.likely_us for part in cold.parts))
    fitted = "fitted to your own cold starts"
    scaled = fitted if cold.calibrated else "not fitted to your cold starts yet: calibrate LOG"
    return {
        "head": f"INIT costs ${cold.cost_usd_per_million:.2f} per million cold starts; {scaled}",
        "bars": [(round(100 * part.likely_us / total, 2), show_time(part.likely_us), part.name) for part in cold.parts],
        "rows": [_part(part) for part in cold.parts],
        "notes": cold.notes,
    }


def _part(part: Part) -> tuple[Cell, ...]:
    spread = f"{show_time(part.low_us)} to {show_time(part.high_us)}"
    likely = _cell(show_time(part.likely_us), "num")
    return _cell(part.name), likely, _cell(spread, "num"), _cell(part.basis, "", part.source)


def _finding(finding: Finding) -> tuple[Cell, ...]:
    saved = " ".join(show_less(finding.saves_bytes, finding.saves_us))
    level = _cell(f"{finding.rule} {finding.level}", f"!{finding.level}")
    return level, _cell(finding.message, "path", _place(finding)), _cell(saved, "num")


def _place(row: Finding | CheckRow) -> str:
    return shown_place(row.file, row.line)


def _check(row: CheckRow) -> tuple[Cell, ...]:
    status = _cell(row.status, f"!{_LEVELS.get(row.status, 'warning')}")
    value = _cell(value_of(row), "num")
    limit = f"of {show_value(row.limit, row.unit)}" if row.unit and row.limit else ""
    return status, _cell(row.id), value, _cell(limit, "num"), _cell(row.message, "path", _place(row))


def _cell(text: str, kind: str = "", second: str = "") -> Cell:
    return text, kind, second
