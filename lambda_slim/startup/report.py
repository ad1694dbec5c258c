"""The rows of the report on a package's lazy imports."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from lambda_slim.base.units import show_time
from lambda_slim.model.startup_report import LazyRow, StartupReport
from lambda_slim.startup.choose import StartupEvidence
from lambda_slim.startup.records import ImportTarget, NameOf, Reading, Snapshot, Table
from lambda_slim.startup.table import absolute, is_attribute, wanted

_FULL_CPU_MB = 1769  # memory that buys a whole processor


def lazy_rows(
    evidence: StartupEvidence, table: Table, readings: Mapping[str, Reading], read: Collection[NameOf] = ()
) -> tuple[LazyRow, ...]:
    """The imports that wait, the dearest first; attributes of packages are none of them.

    Args:
        evidence: What the eager package showed.
        table: What waits.
        readings: What reading the names brought, by what they import.
        read: Names that an event reads.
    """
    rows = []
    for module, names in table.items():
        source = evidence.modules[module]
        for name, targets in names.items():
            if is_attribute(module, name, targets):
                continue
            wants = {part for target in targets for part in wanted(source, target, evidence.loaded)}
            reading = readings.get(" ".join(sorted(wants)))
            loads, took = (len(reading.brought), reading.cpu_us) if reading else (0, 0)
            shown = ", ".join(_shown(absolute(source, target), target) for target in targets)
            rows.append(LazyRow(module, source.path, targets[0].line, name, shown, loads, took, (module, name) in read))
    return tuple(sorted(rows, key=lambda row: (-row.modules, row.module, row.line, row.name)))


def _shown(base: str, target: ImportTarget) -> str:
    return f"{base}.{target.attribute}" if target.attribute else base


def eager_rows(evidence: StartupEvidence, reasons: Mapping[NameOf, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Reasons to the imports that happen at once because of them, `file:line name`."""
    rows: dict[str, list[str]] = {}
    for (module, name), why in sorted(reasons.items()):
        source = evidence.modules[module]
        targets = source.scan.names.get(name, ())
        if targets:
            rows.setdefault(why, []).append(f"{source.path}:{targets[0].line} {name}")
    return tuple((why, tuple(places)) for why, places in sorted(rows.items()))


def median_cpu(lives: Iterable[Sequence[Snapshot]]) -> int:
    """The middle of the CPU times of some INITs, in microseconds; 0 for none."""
    times = sorted(life[0].cpu_us for life in lives if life)
    return times[len(times) // 2] if times else 0


def median_first(lives: Iterable[Sequence[Snapshot]]) -> int:
    """The middle of the CPU times of some first events, in microseconds; 0 for none."""
    times = sorted(life[1].cpu_us - life[0].cpu_us for life in lives if len(life) > 1)
    return times[len(times) // 2] if times else 0


def at_memory(report: StartupReport, memory_mb: int) -> str:
    """What INIT, which has a whole processor, and the first event take where the event has memory/1769 of one."""
    slower = max(1.0, _FULL_CPU_MB / memory_mb)
    before, after = (round(took * slower) for took in report.first_event_us)
    return (
        f"at {memory_mb} MB: INIT {show_time(report.eager_us)} → {show_time(report.lazy_us)}, first event "
        f"{show_time(before)} → {show_time(after)}, both {show_time(report.eager_us + before)} → "
        f"{show_time(report.lazy_us + after)}"
    )
