"""Compiles and reads modules with the target's own Python, in child processes."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import RunError
from lambda_slim.base.machine import usable_cores
from lambda_slim.run.foreign import ForeignProgram, Limits
from lambda_slim.run.runner import run_foreign

_LIMIT = 600.0  # seconds
_NO_COLUMNS = ("-X", "no_debug_ranges")


def compile_modules(interpreter: Path, modules: Sequence[tuple[str, bytes]], *, columns: bool = True) -> list[bytes]:
    """Unchecked-hash bytecode of (path, source) pairs, in order; b"" for what does not compile; see `compile_timed`."""
    return [data for data, _ in compile_timed(interpreter, modules, columns=columns)]


def compile_timed(
    interpreter: Path, modules: Sequence[tuple[str, bytes]], *, columns: bool = True
) -> list[tuple[bytes, int]]:
    """As `compile_modules`, each with how much longer compiling took than loading the bytecode, in microseconds.

    Args:
        interpreter: A Python of the target's minor version.
        modules: Paths in the package, and sources.
        columns: Whether instructions know their columns (PEP 657), which only quotes of source lines show.

    Raises:
        RunError: the interpreter failed.
    """
    requests = [_block(path.encode()) + _block(source) for path, source in modules]
    answers = _spread(interpreter, ("compile.py",), requests, () if columns else _NO_COLUMNS)
    return [(answer[4:], int.from_bytes(answer[:4], "little")) for answer in answers]


def time_compiling(interpreter: Path, modules: Sequence[tuple[str, bytes]]) -> tuple[int, int, int]:
    """CPU microseconds of compiling (path, source) pairs and of loading their bytecode, and bytes of instructions.

    Raises:
        RunError: the interpreter failed.
    """
    requests = [_block(path.encode()) + _block(source) for path, source in modules]
    rows = [answer.split() for answer in _spread(interpreter, ("time_compile.py",), requests)]
    compiled, loaded, size = (sum(int(row[side]) for row in rows) for side in range(3))
    return compiled // 1000, loaded // 1000, size


def compile_lazy(
    interpreter: Path, modules: Sequence[tuple[str, bytes, Mapping[str, Any]]], *, columns: bool = True
) -> list[bytes]:
    """As `compile_modules`, with imports that wait; the third item is what `probe/lazify.py` takes as JSON.

    Raises:
        RunError: the interpreter failed.
    """
    requests = [_block(path.encode()) + _block(source) + _json(order) for path, source, order in modules]
    return _spread(interpreter, ("lazify.py", "compile"), requests, () if columns else _NO_COLUMNS)


def scan_modules(interpreter: Path, modules: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """What `probe/lazify.py` reads in (path, source) pairs, as JSON, in order; b"" for what does not parse.

    Raises:
        RunError: the interpreter failed.
    """
    requests = [_block(path.encode()) + _block(source) + _json({}) for path, source in modules]
    return _spread(interpreter, ("lazify.py", "scan"), requests)


def compile_patterns(interpreter: Path, patterns: Sequence[tuple[str, str, int]]) -> bytes:
    """Regular expressions, (type, text, flags) each, as the target's engine takes them, marshalled.

    Raises:
        RunError: the interpreter failed.
    """
    request = _block(b"") + _json(patterns) + _json({})
    return _spread(interpreter, ("lazify.py", "patterns"), [request])[0]


def _spread(
    interpreter: Path, script: Sequence[str], requests: Sequence[bytes], options: Sequence[str] = ()
) -> list[bytes]:
    """Answers in the order of the requests, from as many processes as pay."""
    if not requests:
        return []
    workers = max(1, min(usable_cores(), len(requests) // 40 or 1))
    parts = [requests[start::workers] for start in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        answers = list(pool.map(lambda part: _ask([str(interpreter), *options], script, part), parts))
    compiled: list[bytes] = [b""] * len(requests)
    for start, answer in enumerate(answers):
        compiled[start::workers] = answer
    return compiled


def _ask(python: Sequence[str], script: Sequence[str], requests: Sequence[bytes]) -> list[bytes]:
    place = files("lambda_slim.run.probe").joinpath(script[0])
    command = [*python, "-I", "-S", str(place), *script[1:]]
    request = b"".join([_number(len(requests)), *requests])
    try:
        program = ForeignProgram(command, {"PATH": "/usr/bin:/bin"}, Path("/"), request)
        done = run_foreign(program, Limits(_LIMIT, output_mb=0))
    except OSError as error:
        raise RunError(
            "compiling failed", cause=str(error), hint="check --interpreter, or use --bytecode none"
        ) from error
    answers, start = [], 0
    while start + 4 <= len(done.stdout):
        size = int.from_bytes(done.stdout[start : start + 4], "little")
        answers.append(done.stdout[start + 4 : start + 4 + size])
        start += 4 + size
    if done.code or len(answers) != len(requests):
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RunError(
            "compiling failed",
            cause=words[-1] if words else f"exit {done.code}",
            hint="check --interpreter, or use --bytecode none",
        )
    return answers


def _json(value: Any) -> bytes:
    return _block(json.dumps(value, sort_keys=True).encode())


def _number(value: int) -> bytes:
    return value.to_bytes(4, "little")


def _block(data: bytes) -> bytes:
    return _number(len(data)) + data
