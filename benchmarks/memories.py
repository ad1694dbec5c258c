"""Is `startup = "auto"` ever worse than eager imports? python benchmarks/memories.py FOLDER [--only NAMES]

FOLDER holds projects with events/*.json. The first function of each is built with `--startup eager` and `--startup
auto` at one level. Every process imports the handler's module and answers one event; packages are interleaved, in fresh
processes. INIT has a whole processor with any memory size, an event memory/1769 of one, so the sum at a memory size is
INIT's CPU time and 1769/memory (at least 1) times the first event's. Figures are medians of the rounds, in ms; peak
memory is the child's. The exit code is 1 where `auto` is slower at a memory size, by more than --slack.
"""

import argparse
import functools
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from packages import Place  # noqa: E402

CHILD = """
import json, sys, time
package, handler, event = sys.argv[1:]
sys.path.insert(0, package)
sys.argv[1:] = []
module, name = handler.rsplit(".", 1)
given = json.load(open(event))
start = time.process_time()
__import__(module)
init = time.process_time() - start
start = time.process_time()
getattr(sys.modules[module], name)(given, None)
first = time.process_time() - start
# Not ru_maxrss: it begins with what the process had that started this one.
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print("\\nANSWER", init, first, peak)
"""
MEMORIES = (128, 512, 1769)  # MB
FULL = 1769  # MB, that buy a whole processor


def package_of(place: Place, startup: str, level: str) -> Path:
    """Our package of a project, unpacked, with imports as the setting says; the one that lies there already."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    kept = place.folder / startup
    if kept.is_dir():
        return kept
    return place.build(startup, ("--level", level, "--startup", startup), env | {"PYTHONPATH": str(ROOT)})[0]


def lived(place: Place, package: Path, event: str) -> tuple[float, float, float]:
    """CPU seconds of INIT and of the first event, and KiB at the peak."""
    handler = place.function.handler.replace("/", ".")
    command = [str(place.python), "-I", "-S", "-B", "-c", CHILD, str(package), handler, event]
    env = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "TZ": ":UTC", "LANG": "en_US.UTF-8", **place.function.environment}
    done = subprocess.run(command, cwd=package, env=env, capture_output=True, text=True, check=False)
    if "\nANSWER" not in done.stdout:
        raise SystemExit(f"{place.project.name}: {done.stderr[-1000:]}")
    init, first, peak = map(float, done.stdout.rpartition("\nANSWER")[2].split())
    return init, first, peak


def total(memory: int, row: tuple[float, float, float]) -> float:
    """Milliseconds of INIT at full speed, and of the first event at a memory size."""
    return (row[0] + row[1] * max(1.0, FULL / memory)) * 1e3


def measured(place: Place, asked: argparse.Namespace) -> dict[str, list[float]]:
    """Figure to its medians with eager imports and with `auto`."""
    packages = {startup: package_of(place, startup, asked.level) for startup in ("eager", "auto")}
    rows: dict[str, list[tuple[float, float, float]]] = {name: [] for name in packages}
    for _ in range(asked.rounds):
        for name, package in packages.items():
            rows[name].append(lived(place, package, place.events[0]))
    figures = {
        "INIT": lambda row: row[0] * 1e3,
        "first event": lambda row: row[1] * 1e3,
        **{f"{memory} MB": functools.partial(total, memory) for memory in MEMORIES},
        "peak, MiB": lambda row: row[2] / 1024,
    }
    return {
        figure: [statistics.median(map(value, rows[name])) for name in packages] for figure, value in figures.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="projects, with commas between them")
    parser.add_argument("--keep", type=Path, help="a folder for packages; those that lie there are not built again")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--level", default="reach")
    parser.add_argument("--slack", type=float, default=0.0, help="the share by which `auto` may be slower")
    asked = parser.parse_args()
    names = sorted(path.name for path in asked.folder.iterdir() if (path / "events").is_dir())
    names = [name for name in names if not asked.only or name in asked.only.split(",")]
    worse = []
    with tempfile.TemporaryDirectory(prefix="lambda-slim-benchmark-") as made:
        for turn, name in enumerate(names):
            place = Place((asked.folder / name).resolve(), (asked.keep or Path(made)).absolute() / name)
            figures = measured(place, asked)
            if not turn:
                print(f"| | {' | '.join(figures)} |\n| --- |{' --: |' * len(figures)}")
            print(f"| {name} | {' | '.join(map(cell, figures.values()))} |", flush=True)
            worse += [
                f"{name} at {memory} MB"
                for memory in MEMORIES
                if figures[f"{memory} MB"][1] > figures[f"{memory} MB"][0] * (1 + asked.slack)
            ]
    print(f"\nauto is slower: {', '.join(worse) or 'nowhere'}")
    return 1 if worse else 0


def cell(pair: list[float]) -> str:
    """Eager, then auto."""
    return " → ".join(f"{value:.1f}" if value < 100 else f"{value:.0f}" for value in pair)


if __name__ == "__main__":
    sys.exit(main())
