"""What the benchmarks share: a clean environment, CPU time, interleaved rounds."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
Row = tuple[str, str, str, bool]  # what, its value, the limit, whether it holds


def clean(cache: Path) -> dict[str, str]:
    """The environment without what changes how Python starts, with a cache of our own."""
    found = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**found, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache)}


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command took: CPU seconds (user and system, children included), wall seconds, exit code, output."""

    cpu: float
    wall: float
    code: int
    out: str


def spend(command: list[str], env: dict[str, str], *, codes: tuple[int, ...] = (0,), cwd: Path | None = None) -> Spent:
    """Runs a command; stops the benchmark where it ends with another exit code."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as problem:
        begun = time.perf_counter()
        child = subprocess.Popen(command, env=env, stdout=out, stderr=problem, text=True, cwd=cwd)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        problem.seek(0)
        said = out.read()
        if child.returncode not in codes:
            raise SystemExit(f"{' '.join(command)} ended with {child.returncode}:\n{said}{problem.read()}")
    return Spent(used.ru_utime + used.ru_stime, wall, child.returncode, said)


def cpu(command: list[str], env: dict[str, str]) -> float:
    """CPU seconds of a command and its children."""
    return spend(command, env).cpu


def least(rounds: int, tasks: dict[str, Callable[[], float]]) -> dict[str, float]:
    """The least of each task, one after another in every round."""
    found: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            found[name].append(task())
    return {name: min(values) for name, values in found.items()}


def tool(*arguments: object) -> list[str]:
    """The command line of lambda-slim."""
    return [sys.executable, "-m", "lambda_slim", *map(str, arguments)]


def script(*arguments: object) -> list[str]:
    """The same by the installed script, as hooks start it, where there is one."""
    place = Path(sys.executable).with_name("lambda-slim")
    return [str(place), *map(str, arguments)] if place.exists() else tool(*arguments)


def show(what: str, value: str, limit: str, good: bool) -> bool:
    """Prints a row; gives back whether it holds."""
    print(f"{'ok  ' if good else 'MISS'} {what:<38} {value:<60} {limit}", flush=True)
    return good
