"""Compiles modules with the target's own Python, in child processes."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

from lambda_slim.base.errors import RunError
from lambda_slim.run.runner import ForeignProgram, Limits, run_foreign

_LIMIT = 600.0  # seconds


def compile_modules(interpreter: Path, modules: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """Unchecked-hash bytecode of (path, source) pairs, in order; b"" for what does not compile.

    Raises:
        RunError: the interpreter failed.
    """
    if not modules:
        return []
    workers = max(1, min(os.cpu_count() or 1, len(modules) // 40 or 1))
    parts = [modules[start::workers] for start in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        answers = list(pool.map(lambda part: _compile(interpreter, part), parts))
    found: list[bytes] = [b""] * len(modules)
    for start, answer in enumerate(answers):
        found[start::workers] = answer
    return found


def _compile(interpreter: Path, modules: Sequence[tuple[str, bytes]]) -> list[bytes]:
    script = files("lambda_slim.run.probe").joinpath("compile.py")
    request = b"".join([_number(len(modules)), *(_block(path.encode()) + _block(source) for path, source in modules)])
    program = ForeignProgram([str(interpreter), "-I", "-S", str(script)], {"PATH": "/usr/bin:/bin"}, Path("/"), request)
    try:
        done = run_foreign(program, Limits(_LIMIT, output_mb=0))
    except OSError as error:
        raise RunError(
            "compiling failed", cause=str(error), hint="check --interpreter, or use --bytecode none"
        ) from error
    answers, place = [], 0
    while place + 4 <= len(done.stdout):
        size = int.from_bytes(done.stdout[place : place + 4], "little")
        answers.append(done.stdout[place + 4 : place + 4 + size])
        place += 4 + size
    if done.code or len(answers) != len(modules):
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RunError(
            "compiling failed",
            cause=words[-1] if words else f"exit {done.code}",
            hint="check --interpreter, or use --bytecode none",
        )
    return answers


def _number(value: int) -> bytes:
    return value.to_bytes(4, "little")


def _block(data: bytes) -> bytes:
    return _number(len(data)) + data
