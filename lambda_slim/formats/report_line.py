"""Cold starts in Lambda's own logs: `REPORT` and `INIT_REPORT` lines, and the records of the JSON log format.

Fields are found by name, not by place. Sources: AWS Lambda Developer Guide, "Working with Lambda logs" and "Lambda
Telemetry API event schema" (platform.report, platform.initReport).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from lambda_slim.formats.json_text import load_json

_INIT = re.compile(r"Init Duration: ([0-9.]+) ms")
_MEMORY = re.compile(r"Memory Size: ([0-9]+) MB")
_RESTORE = re.compile(r"(?<!Billed )Restore Duration: ([0-9.]+) ms")
_USUAL = ("", "on-demand")


@dataclass(frozen=True, slots=True)
class ColdStart:
    """One cold start as Lambda reported it.

    Attributes:
        init_ms: Init Duration.
        memory_mb: Of the function; 0 where the line does not say.
    """

    init_ms: float
    memory_mb: int = 0


@dataclass(frozen=True, slots=True)
class Starts:
    """What some logs say.

    Attributes:
        cold: Cold starts that ended well.
        reports: All invocations, warm ones too.
        failed: INIT phases that timed out or failed: no measure of a start.
        restored: Starts from a SnapStart snapshot, which have no INIT.
    """

    cold: tuple[ColdStart, ...] = ()
    reports: int = 0
    failed: int = 0
    restored: int = 0


def parse_reports(text: str) -> Starts:
    """What a log says of starts: text as CloudWatch shows it, one JSON record a line, or an export of events.

    Raises:
        ValueError: there is no REPORT, INIT_REPORT or platform record in it.
    """
    starts = [start for message in _messages(text) if (start := _read(message)) is not None]
    if not starts:
        msg = "no REPORT line and no platform.report record"
        raise ValueError(msg)
    return Starts(
        tuple(start for start in starts if isinstance(start, ColdStart)),
        len([start for start in starts if start != "failed"]),
        starts.count("failed"),
        starts.count("restored"),
    )


def _messages(text: str) -> Iterator[str | dict[str, Any]]:
    whole = _json(text)
    if isinstance(whole, dict | list):
        yield from _unpacked(whole)
        return
    for line in text.splitlines():
        _, brace, rest = line.partition("{")
        value = _json(brace + rest)
        if isinstance(value, dict):
            yield from _unpacked(value)
        else:
            yield line


def _json(text: str) -> Any:
    try:
        return load_json(text)
    except ValueError:
        return None


def _unpacked(value: Any) -> Iterator[str | dict[str, Any]]:
    """Records and messages in what `aws logs filter-log-events`, Logs Insights or `sam logs` export."""
    if isinstance(value, list):
        for item in value:
            yield from _unpacked(item)
    elif isinstance(value, dict):
        if "record" in value:
            yield value
        for key in ("events", "results", "logEvents", "message", "value"):
            yield from _unpacked(value.get(key))
    elif isinstance(value, str):
        inner = _json(value)
        if isinstance(inner, dict):
            yield from _unpacked(inner)
        else:
            yield from value.splitlines()


def _read(message: str | dict[str, Any]) -> ColdStart | str | None:
    """A cold start; `warm`, `restored` or `failed`; None for any other line."""
    return _read_line(message) if isinstance(message, str) else _read_record(message)


def _read_line(line: str) -> ColdStart | str | None:
    if "INIT_REPORT" in line:
        return "failed" if "Status:" in line else None
    if "REPORT RequestId:" not in line:
        return None
    if _RESTORE.search(line):
        return "restored"
    init = _INIT.search(line)
    if not init:
        return "warm"
    memory = _MEMORY.search(line)
    return ColdStart(float(init[1]), int(memory[1]) if memory else 0)


def _read_record(value: dict[str, Any]) -> ColdStart | str | None:
    record = value.get("record")
    if not isinstance(record, dict):
        return None
    if value.get("type") == "platform.initReport":
        bad = record.get("status", "success") != "success"
        return "failed" if bad and record.get("initializationType", "") in _USUAL else None
    if value.get("type") != "platform.report":
        return None
    metrics = record.get("metrics", {})
    if "restoreDurationMs" in metrics:
        return "restored"
    if "initDurationMs" not in metrics:
        return "warm"
    return ColdStart(float(metrics["initDurationMs"]), int(metrics.get("memorySizeMB", 0)))


def joined(parts: Iterable[Starts]) -> Starts:
    """Several logs as one."""
    rows = list(parts)
    return Starts(
        tuple(chain.from_iterable(part.cold for part in rows)),
        sum(part.reports for part in rows),
        sum(part.failed for part in rows),
        sum(part.restored for part in rows),
    )
