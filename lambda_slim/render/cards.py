"""The verdict cards of the page: title, figure, text, class, bar, and where a click leads."""

from collections.abc import Iterator

from lambda_slim.base.rows import total_bytes
from lambda_slim.base.units import plural, show_count, show_size, show_time
from lambda_slim.model.import_report import ColdStartReport
from lambda_slim.model.package_report import Proof
from lambda_slim.model.report import NO_SIZES, FunctionReport

Bar = tuple[float, float, float]  # start, length and tick, in per cent
Card = tuple[str, str, str, str, Bar, str]
_NO_BAR: Bar = (0.0, 0.0, 0.0)
_FULL: Bar = (0, 100, 0)
_PROOFS = {
    "same": "same results",
    "imports-only": "imports alike",
    "different": "DIFFERENT",
    "not-run": "not run",
    "does-not-start": "none: it does not start",
    "events-fail": "none: every event fails",
}
_LIKELY = 60  # per cent of a cold start's bar at which the likely value stands


def cards(function: FunctionReport) -> list[Card]:
    """The verdict: checks, the cold start, what can go, findings, the proof."""
    return [
        *_checks(function),
        *_cold_start(function.cold_start),
        _left_out(function),
        _findings(function),
        *_proof(function.proof),
    ]


def _checks(function: FunctionReport) -> Iterator[Card]:
    if not function.checks:
        return
    failed = len(function.failed_checks)
    verdict = f"{failed} failed" if failed else "all hold"
    text = f"of {plural(len(function.checks), 'check')}"
    yield "checks", verdict, text, "error" if failed else "good", _FULL, "checks"


def _cold_start(cold: ColdStartReport | None) -> Iterator[Card]:
    if cold is None:
        return
    low, high = (round(_LIKELY * us / max(1, cold.init_us), 1) for us in (cold.init_low_us, cold.init_high_us))
    text = f"80 %: {show_time(cold.init_low_us)} to {show_time(cold.init_high_us)}"
    bar = (low, round(high - low, 1), _LIKELY)
    yield "cold start: INIT", f"≈ {show_time(cold.init_us)}", text, "", bar, "cold"


def _left_out(function: FunctionReport) -> Card:
    gone = [row for row in function.files if not row.ships]
    size = total_bytes(gone)
    share = size / max(1, function.before.unzipped_bytes)
    title = "left out" if function.after else "build would leave out"
    text = f"{show_count(len(gone))} of {plural(len(function.files), 'file')}{_rest(function, size)}"
    return title, show_size(size), text, "good", (0, round(100 * share, 1), 0), "rules"


def _rest(function: FunctionReport, gone: int) -> str:
    """What the other files became, so that before, left out and after add up."""
    after = (function.after or NO_SIZES).unzipped_bytes
    kept = function.before.unzipped_bytes - gone
    if not after or show_size(after) == show_size(kept):
        return ""
    if after < kept:
        return f"; the others became {show_size(kept - after)} smaller: compiled, stripped"
    return f"; {show_size(after - kept)} came in: bytecode, notices"


def _findings(function: FunctionReport) -> Card:
    errors = sum(finding.level == "error" for finding in function.findings)
    text = f"{errors} to fix before it is deployed" if errors else "no errors"
    bar = _FULL if function.findings else _NO_BAR
    return "findings", show_count(len(function.findings)), text, "error" if errors else "warning", bar, "findings"


def _proof(proof: Proof | None) -> Iterator[Card]:
    if proof is None:
        return
    result = _PROOFS.get(proof.result, proof.result)
    yield "proof", result, f"{plural(proof.events, 'event')}, {plural(proof.modules, 'module')}", "", _NO_BAR, ""
