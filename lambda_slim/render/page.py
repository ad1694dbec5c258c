"""What the page shows as ready text: verdict cards, steps, and the rows of its plain tables.

A cell is `(text, class, second line)`; the script only puts them into the page, and filters by what they say.
"""

from typing import Any

from lambda_slim.base.units import plural, show_size, show_time
from lambda_slim.model.report import CheckRow, ColdStartReport, Finding, FunctionReport, ImportReport
from lambda_slim.model.sharing import Sharing
from lambda_slim.render.sharing import label, layer_lines, most, names, saving, share_and_rest
from lambda_slim.render.sizes import DIRECT_UPLOAD, UNZIPPED_LIMIT, cpu_note
from lambda_slim.render.verdict import show_value

Cell = tuple[str, str, str]
Card = tuple[
    str, str, str, str, tuple[float, float, float], str
]  # title, figure, text, class, bar (start, length, tick)
_NO_BAR = (0.0, 0.0, 0.0)
_LIKELY = 60  # per cent of a cold start's bar at which the likely value stands
_LEVELS = {"passed": "good", "failed": "error"}


def texts(function: FunctionReport) -> dict[str, Any]:
    """Everything of a function that needs no drawing."""
    return {
        "sub": " · ".join(
            [one for one in (function.handler, function.runtime, function.architecture) if one]
            + ([f"{function.memory_mb} MB"] if function.memory_mb else [])
        ),
        "cards": cards(function),
        "steps": [(_less(one.saves_bytes, one.saves_us), one.text, one.command) for one in function.next_steps],
        "cold": _cold(function.cold_start),
        "tables": {
            "findings": [_finding(one) for one in function.findings],
            "checks": [_check(one) for one in function.checks],
            "changed": [(_cell(line, "path"),) for line in function.changed],
            "rules": [
                (
                    _cell(row.rule),
                    _cell(show_size(row.bytes), "num"),
                    _cell(f"{row.files} files", "num"),
                    _cell(row.why),
                )
                for row in function.rules
            ],
            "twice": [
                (_cell(show_size(size * (len(paths) - 1)), "num"), _cell("  ".join(paths), "path"))
                for _, size, paths in function.duplicates
            ],
        },
    }


def shared_tables(sharing: Sharing | None) -> dict[str, list[tuple[Cell, ...]]]:
    """What several functions have in common, the same whichever of them is looked at."""
    if sharing is None:
        return {}
    return {
        "shared": [
            (
                _cell(label(row)),
                _cell(show_size(row.bytes), "num"),
                _cell(f"used by {names(row.used_by)}", "path", f"carried besides by {names(row.unused_by)}"),
            )
            for row in most(sharing)
        ],
        "splits": [
            (_cell(one.function), _cell(show_size(one.saves_bytes), "num"), _cell(share_and_rest(one), "path"))
            for one in saving(sharing.splits)
        ],
        "layer": [(_cell(line, "path"),) for line in (layer_lines(sharing.layer) if sharing.layer else ())],
    }


def cards(function: FunctionReport) -> list[Card]:
    """The verdict: sizes against limits, INIT, the cold start, what can go, findings."""
    sizes, before = function.after or function.before, function.before
    full = sizes.unzipped_bytes + function.layers_bytes
    was = f", was {show_size(before.unzipped_bytes)}" if function.after else ""
    found = [_limited("unzipped", full, UNZIPPED_LIMIT, f"of 250 MiB{was}")]
    if sizes.zipped_bytes:
        found.append(_limited("zipped", sizes.zipped_bytes, DIRECT_UPLOAD, "of 50 MiB, direct upload"))
    if function.imports:
        found.append(
            ("import, here", show_time(function.imports.total_us), _timed(function.imports), "", _NO_BAR, "ice")
        )
    if function.cold_start:
        found.append(_cold_card(function.cold_start))
    gone = [row for row in function.files if row.decision != "kept"]
    size = sum(row.bytes for row in gone)
    title = "left out" if function.after else "build would leave out"
    share = size / max(1, before.unzipped_bytes)
    text = f"{len(gone)} of {len(function.files)} files"
    found.append((title, show_size(size), text, "good", (0, round(100 * share, 1), 0), "rules"))
    if function.checks:
        failed = sum(one.status == "failed" for one in function.checks)
        verdict = f"{failed} failed" if failed else "all hold"
        text = f"of {plural(len(function.checks), 'check')}"
        found.insert(0, ("checks", verdict, text, "error" if failed else "good", (0, 100, 0), "checks"))
    errors = sum(one.level == "error" for one in function.findings)
    text = f"{errors} to mend before it is deployed" if errors else "no errors"
    bar = (0, 100, 0) if function.findings else _NO_BAR
    found.append(("findings", str(len(function.findings)), text, "error" if errors else "warning", bar, "findings"))
    if proof := function.proof:
        found.append(("proof", proof.result, f"{proof.events} events, {proof.modules} modules", "", _NO_BAR, ""))
    return found


def _limited(title: str, size: int, limit: int, text: str) -> Card:
    share = size / limit
    level = "error" if share > 1 else "warning" if share > 0.8 else ""
    return title, show_size(size), f"{100 * share:.0f} % {text}", level, (0, min(100, round(100 * share, 1)), 0), "map"


def _timed(imports: ImportReport) -> str:
    loaded = sum(node.status == "ok" for node in imports.nodes)
    if imports.bytecode == "unknown":
        return f"{loaded} modules, from {imports.runtime_client}"
    spread = 100 * imports.spread_us / max(1, imports.total_us)
    memory = f", {show_size(imports.rss_bytes)} resident" if imports.rss_bytes else ""
    return f"{loaded} modules{memory}; median of {imports.runs}, ±{spread:.0f} %{cpu_note(imports)}"


def _cold_card(cold: ColdStartReport) -> Card:
    low, high = (round(_LIKELY * us / max(1, cold.init_us), 1) for us in (cold.init_low_us, cold.init_high_us))
    text = f"80 %: {show_time(cold.init_low_us)} to {show_time(cold.init_high_us)}"
    return "cold start: INIT", f"≈ {show_time(cold.init_us)}", text, "", (low, round(high - low, 1), _LIKELY), "cold"


def _cold(cold: ColdStartReport | None) -> dict[str, Any] | None:
    """The parts of the estimate, each with what it rests on."""
    if cold is None:
        return None
    total = max(1, sum(part.likely_us for part in cold.parts))
    scaled = (
        "fitted to your own cold starts" if cold.calibrated else "not fitted to your cold starts yet: calibrate LOG"
    )
    return {
        "head": f"INIT costs ${cold.cost_usd_per_million:.2f} per million cold starts; {scaled}",
        "bars": [(round(100 * part.likely_us / total, 2), show_time(part.likely_us), part.name) for part in cold.parts],
        "rows": [
            (
                _cell(part.name),
                _cell(show_time(part.likely_us), "num"),
                _cell(f"{show_time(part.low_us)} to {show_time(part.high_us)}", "num"),
                _cell(part.basis, "", part.source),
            )
            for part in cold.parts
        ],
        "notes": cold.notes,
    }


def _finding(one: Finding) -> tuple[Cell, ...]:
    place = f"{one.file}:{one.line}" if one.line else one.file
    saved = " ".join(_less(one.saves_bytes, one.saves_us))
    return _cell(f"{one.rule} {one.level}", f"pill {one.level}"), _cell(one.message, "path", place), _cell(saved, "num")


def _check(one: CheckRow) -> tuple[Cell, ...]:
    status = _cell(one.status, f"pill {_LEVELS.get(one.status, 'warning')}")
    value = show_value(one.value, one.unit) if one.unit else ""
    limit = f"of {show_value(one.limit, one.unit)}" if one.unit and one.limit else ""
    place = f"{one.file}:{one.line}" if one.line else one.file
    return status, _cell(one.id), _cell(value, "num"), _cell(limit, "num"), _cell(one.message, "path", place)


def _cell(text: str, kind: str = "", second: str = "") -> Cell:
    return text, kind, second


def _less(size: int, us: int) -> list[str]:
    return [*([f"−{show_size(size)}"] if size else []), *([f"−{show_time(us)}"] if us else [])]
