"""The log of `-X importtime`, as Python wrote it or as CloudWatch gives it back.

The format is CPython's `import time: self [us] | cumulative | imported package`, the same in 3.8 to 3.15. What it does
not say, and how it is read all the same:

- rows stand after those of what they import, two spaces a level: the tree is rebuilt from the end of each branch;
- cumulative includes the rows below, so only self times add up;
- threads share one counter: rows with negative times or with sums that do not fit are counted in `doubtful`;
- failed imports look like others, `cached` rows (3.14's `=2`) have lost their level: the latter are left out;
- other output stands between the rows, or before them in the same line; CloudWatch adds times and streams, or JSON.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lambda_slim.formats.json_text import load_json

_ROW = re.compile(r"import time:\s+(-?\d{1,15}|cached) +\|\s+(-?\d{1,15}|cached) +\| ?( *)(\S+)")
_HEADER = re.compile(r"import time:\s+self \[us\] \|")
_STREAM = re.compile(r"\[[$\w]+\][0-9a-f]{32}")
_START = re.compile(r"INIT_START\b|platform\.initStart")
_INVOKE = re.compile(r"START RequestId\b|platform\.start\b")


@dataclass(frozen=True, slots=True)
class LogRow:
    """One import, in microseconds; a negative own time of a scrambled row is 0.

    Attributes:
        parent: Index of the row that imported it, after it in time order but before it in `LogRun.rows`.
    """

    module: str
    self_us: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class LogRun:
    """One process: rows with importers first, otherwise in the order in which they ended.

    Attributes:
        doubtful: Rows whose times do not fit together, as when threads import at the same time.
    """

    rows: tuple[LogRow, ...]
    doubtful: int = 0


@dataclass(slots=True)
class _Node:
    module: str
    self_us: int
    cumulative: int
    depth: int
    children: list["_Node"]


def parse_log(text: str) -> tuple[LogRun, ...]:
    """The processes of a log, up to the first invocation of each.

    Raises:
        ValueError: there is no row of `-X importtime` in it.
    """
    runs = tuple(_run(roots) for roots in _processes(text) if roots)
    if not runs:
        raise ValueError("there is no line `import time: self [us] | cumulative | imported package` in it")
    return runs


def _processes(text: str) -> list[list[_Node]]:
    """The imports of each process that no other import began; a process may have none."""
    processes: list[list[_Node]] = []
    current: dict[str, list[_Node] | None] = {}  # by log stream; None once it has been invoked
    for stream, line in _lines(text):
        if _INVOKE.search(line):
            current[stream] = None
        if _START.search(line) or _HEADER.search(line):
            current.pop(stream, None)
        row = _ROW.search(line)
        if not row:
            continue
        if stream not in current:
            fresh: list[_Node] = []
            processes.append(fresh)
            current[stream] = fresh
        pending = current[stream]
        if pending is not None and "cached" not in row.groups():
            _add(pending, row)
    return processes


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """(log stream, line): of text, of JSON lines and of the one JSON document that the AWS CLI writes."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            yield from _strings(load_json(text), "")
        except ValueError:
            pass
        else:
            return
    for line in text.splitlines():
        brace = line.find("{")
        if brace >= 0 and line.rstrip().endswith("}"):
            try:
                yield from _strings(load_json(line[brace:]), _stream(line[:brace]))
            except ValueError:
                yield _stream(line), line
        else:
            yield _stream(line), line


def _stream(text: str) -> str:
    match = _STREAM.search(text.partition("import time:")[0])
    return match[0] if match else ""


def _strings(value: Any, stream: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        for line in value.splitlines():
            yield stream or _stream(line), line
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, stream)
    elif isinstance(value, dict):
        own = next((str(value[key]) for key in ("logStreamName", "@logStream") if key in value), stream)
        for item in value.values():
            yield from _strings(item, own)


def _add(pending: list[_Node], row: re.Match[str]) -> None:
    """Puts a row above those that it imported, which have just ended."""
    depth = len(row[3]) // 2
    first = len(pending)
    while first and pending[first - 1].depth > depth:
        first -= 1
    node = _Node(row[4], int(row[1]), int(row[2]), depth, pending[first:])
    del pending[first:]
    pending.append(node)


def _run(roots: list[_Node]) -> LogRun:
    rows: list[LogRow] = []
    doubtful = 0
    todo: list[tuple[_Node, int | None]] = [(root, None) for root in reversed(roots)]
    while todo:
        node, parent = todo.pop()
        below = node.self_us + sum(child.cumulative for child in node.children)
        rounding = 2 + len(node.children)
        doubtful += node.self_us < 0 or abs(below - node.cumulative) > rounding
        rows.append(LogRow(node.module, max(0, node.self_us), parent))
        todo += [(child, len(rows) - 1) for child in reversed(node.children)]
    return LogRun(tuple(rows), doubtful)
