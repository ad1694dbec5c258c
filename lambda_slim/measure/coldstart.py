"""What will a cold start take, and cost? An interval, with the basis of every part.

The model and its back-test are in docs/cold-start.md; the coefficients in `knowledge/coldstart.toml`.
"""

import functools
import math
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from statistics import median
from typing import Any

from lambda_slim.measure.undisturbed import undisturbed
from lambda_slim.model.import_report import ColdStartReport, Part

_MIB = 1024**2
_FREE_FETCH = 10  # MB that cost nothing measurable to fetch
_ONE_CPU = 1769  # MB of memory that buy one vCPU
_FEW = 3  # readings of the kernel
_ASSUMED = 0.1  # how far so few readings may be off, as a share
_MANY = 10  # cold starts, from which on some may be outliers
_PRIOR = 5  # cold starts that the published kappa is worth when your own are added


@dataclass(frozen=True, slots=True)
class Range:
    """A likely value and its 80 % range, in one unit."""

    low: float
    likely: float
    high: float

    def times(self, factor: float) -> "Range":
        """All three, scaled."""
        return Range(self.low * factor, self.likely * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Calibration:
    """kappa fitted to a user's own cold starts.

    Attributes:
        kappa: Its range.
        samples: From how many cold starts.
        reference_ms: CPU of the reference kernel where INIT was measured for the fit; None where it was not run.
    """

    kappa: Range
    samples: int
    reference_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Workload:
    """What the model needs to know of a function.

    Attributes:
        runtime: `python3.12`.
        architecture: `x86_64` or `arm64`.
        memory_mb: Of the function; it does not change INIT, which has a full CPU at any size, but its price.
        import_cpu_us: CPU time of INIT measured here, where least disturbed.
        native_bytes: Compiled libraries that INIT maps.
        zipped_bytes: Of the package.
        reference: CPU ms of the reference kernel on this machine, read beside the runs; None where it was not run.
        snap_start: INIT is then paid when a version is published.
    """

    runtime: str
    architecture: str
    memory_mb: int
    import_cpu_us: int
    native_bytes: int = 0
    zipped_bytes: int = 0
    reference: Range | None = None
    snap_start: bool = False


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("lambda_slim.knowledge").joinpath("coldstart.toml").read_text("utf-8"))


def _range(row: dict[str, Any]) -> Range:
    return Range(row["low"], row["likely"], row["high"])


def estimate(work: Workload, calibration: Calibration | None = None) -> ColdStartReport:
    """An 80 % interval for Init Duration, its parts, and what it costs.

    Independent parts are added by their squared distances from the likely value, so the sum's range is narrower than
    the sum of the ranges.
    """
    table = _table()
    boot, known = _boot(work)
    imports = kappa_here(work, calibration).times(work.import_cpu_us / 1000 * _arch(work))
    native = _range(table["native"]).times(work.native_bytes / 1e6)
    parts = [
        Part("runtime boot", *_us(boot), "published" if known else "assumed", table["boot"]["source"]),
        Part("imports and module-level work", *_us(imports), _import_basis(calibration), table["kappa"]["source"]),
        Part("mapping compiled libraries", *_us(native), table["native"]["basis"], table["native"]["source"]),
    ]
    init = _sum([boot, imports, native])
    outside = [
        Part(
            "sandbox and routing (not billed)",
            *_us(_range(table["placement"])),
            "published, weak",
            table["placement"]["source"],
        ),
        Part("fetching and unpacking (not billed)", *_us(_fetch(work)), "published, weak", table["fetch"]["source"]),
    ]
    price = table["price"].get(work.architecture, table["price"]["x86_64"])
    cost = work.memory_mb / 1024 * init.likely / 1000 * price * 1e6
    low, high = _two_digits(init.low, math.floor), _two_digits(init.high, math.ceil)
    likely = _two_digits(init.likely, round)
    return ColdStartReport(
        calibrated=calibration is not None,
        init_low_us=low,
        init_us=likely,
        init_high_us=high,
        parts=(*parts, *outside),
        cost_usd_per_million=round(cost, 2),
        notes=tuple(_notes(work, init)),
    )


def _boot(work: Workload) -> tuple[Range, bool]:
    rows = _table()["boot"].get(work.architecture, _table()["boot"]["x86_64"])
    known = work.runtime in rows
    median, ninth = rows.get(work.runtime) or rows[list(rows)[-1]]
    return Range(2 * median - ninth, median, ninth), known


def kappa_here(work: Workload, calibration: Calibration | None = None) -> Range:
    """Lambda milliseconds for a CPU millisecond of this machine."""
    row = _table()["kappa"]
    if calibration:
        return _carried(calibration.kappa, calibration.reference_ms, work.reference)
    return _carried(_range(row), row["reference_ms"], work.reference)


def _carried(kappa: Range, there_ms: float | None, here: Range | None) -> Range:
    """A kappa of another machine on this one; how far the kernel's readings differ here makes its range wider."""
    if not there_ms or here is None or here.likely <= 0:
        return kappa
    there = kappa.times(there_ms / here.likely)
    unsure = math.log(here.high / here.likely)
    up = math.hypot(math.log(there.high / there.likely), unsure)
    low = there.low  # not above 0 where a fit saw an INIT that is shorter than the runtime's own
    if low > 0:
        low = there.likely * math.exp(-math.hypot(math.log(there.likely / low), unsure))
    return Range(low, there.likely, there.likely * math.exp(up))


def reference_of(readings_us: Sequence[int]) -> Range | None:
    """CPU ms of the reference kernel from its readings, where least disturbed, and how well they tell it.

    Fewer than three readings say nothing of how far they may be off; then that is assumed.
    """
    if not readings_us:
        return None
    likely = undisturbed(readings_us) / 1000
    if len(readings_us) < _FEW:
        return Range(likely / (1 + _ASSUMED), likely, likely * (1 + _ASSUMED))
    width = math.exp(_spread(readings_us, median(readings_us)) / math.sqrt(len(readings_us)))
    return Range(likely / width, likely, likely * width)


def _arch(work: Workload) -> float:
    return float(_table()["arm64"]["likely"]) if work.architecture == "arm64" else 1.0


def _fetch(work: Workload) -> Range:
    return _range(_table()["fetch"]).times(max(0.0, work.zipped_bytes / 1e6 - _FREE_FETCH))


def _sum(ranges: Sequence[Range]) -> Range:
    likely = sum(part.likely for part in ranges)
    down = math.sqrt(sum((part.likely - part.low) ** 2 for part in ranges))
    up = math.sqrt(sum((part.high - part.likely) ** 2 for part in ranges))
    return Range(max(0.0, likely - down), likely, likely + up)


def _us(value: Range) -> tuple[int, int, int]:
    return round(value.low * 1000), round(value.likely * 1000), round(value.high * 1000)


def _two_digits(ms: float, whole: Callable[[float], int]) -> int:
    """Microseconds of a time in ms, to two significant digits; more would claim too much, and ranges grow by it."""
    if ms <= 0:
        return 0
    unit = 10.0 ** (math.floor(math.log10(ms)) - 1)
    return round(whole(round(ms / unit, 6)) * unit * 1000)


def _import_basis(calibration: Calibration | None) -> str:
    if calibration:
        return f"measured here, scaled by {calibration.samples} of your cold starts"
    return "measured here, scaled by a published factor"


def _notes(work: Workload, init: Range) -> list[str]:
    notes = [
        "memory does not change INIT (it has a full CPU at any size); it changes what INIT costs, and the first call"
    ]
    if work.snap_start:
        notes.append("SnapStart: INIT runs when a version is published; a cold start restores the snapshot instead")
    if init.high > 7000:
        notes.append("INIT is stopped after 10 s and run again, throttled, within the first call")
    if work.memory_mb < _ONE_CPU:
        notes.append(
            f"code in the handler, deferred imports included, runs at {work.memory_mb / _ONE_CPU:.2f} of a CPU"
        )
    return notes


def fit(observed_ms: Sequence[float], work: Workload) -> Calibration:
    """Kappa from a user's own Init Durations, shrunk towards the published one while they are few.

    Its range holds what was observed: all of it while that is little, the middle half of ten cold starts and more.

    Args:
        observed_ms: Init Durations of cold starts of one function, in ms.
        work: That function.

    Raises:
        ValueError: nothing was observed, or nothing was measured here.
    """
    if not observed_ms or work.import_cpu_us <= 0:
        raise ValueError("there is nothing to fit")
    boot, _ = _boot(work)
    native = _range(_table()["native"]).likely * work.native_bytes / 1e6
    per_ms = work.import_cpu_us / 1000 * _arch(work)
    exact = sorted((observed - boot.likely - native) / per_ms for observed in observed_ms)
    factors = [max(0.01, factor) for factor in exact]
    count = len(factors)
    middle = median(factors)
    prior = kappa_here(work)
    weight = count / (count + _PRIOR)
    likely = math.exp(weight * math.log(middle) + (1 - weight) * math.log(prior.likely))
    spread = _spread(factors, middle)
    width = math.sqrt(
        ((1 - weight) * math.log(prior.high / prior.likely)) ** 2 + (weight * spread / math.sqrt(count)) ** 2
    )
    inner = exact[count // 4 : count - count // 4] if count >= _MANY else exact
    low, high = min(likely * math.exp(-width), inner[0]), max(likely * math.exp(width), inner[-1])
    kappa = Range(low, likely, high)
    return Calibration(kappa, count, work.reference.likely if work.reference else None)


def _spread(values: Sequence[float], middle: float) -> float:
    """Half the width of an 80 % range, as a factor's logarithm: 1.28 robust standard deviations."""
    away = sorted(abs(math.log(value / middle)) for value in values)
    return 1.28 * 1.4826 * away[len(away) // 2] if away else 0.0
