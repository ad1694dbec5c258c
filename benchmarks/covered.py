"""How much of each room the tests run in their own process: branches and lines, by what `coverage` has written.

    coverage erase
    coverage run -a -m pytest -q -n 0 tests/unit tests/property
    LAMBDA_SLIM_TESTS_HERE=1 coverage run -a -m pytest -q -n 0 tests/cli
    python benchmarks/covered.py [--least 90] [--modules]

With `LAMBDA_SLIM_TESTS_HERE` the tests of the commands run each command in their own process. What other Pythons run
(`run/probe`, `bundle/runtime`) is never in this process, and is told apart. A share is that of `coverage`: lines and
branches that were run, of all. Exit code 1: the whole, or with `--least` a room, is below that share.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ELSEWHERE = ("run/probe/", "bundle/runtime/")


def room_of(module: str) -> str:
    """The room of a module: its first folder, or what other Pythons run."""
    apart = next((room for room in ELSEWHERE if module.startswith(room)), "")
    return apart or (f"{module.partition('/')[0]}/" if "/" in module else "(top)")


def counted(summary: dict[str, Any]) -> Counter[str]:
    """What was run of a module, and what there is."""
    ran = summary["covered_lines"] + summary["covered_branches"]
    return Counter(ran=ran, every=summary["num_statements"] + summary["num_branches"])


def share(counts: Counter[str]) -> float:
    """In percent; of nothing all is covered."""
    return 100 * counts["ran"] / counts["every"] if counts["every"] else 100.0


def measured() -> dict[str, Counter[str]]:
    """The counts of every module, by its path below the package."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "coverage.json"
        command = [sys.executable, "-m", "coverage", "json", "-q", "-o", str(place)]
        subprocess.run(command, cwd=ROOT, check=True)
        files = json.loads(place.read_text("utf-8"))["files"]
    return {path.removeprefix("lambda_slim/"): counted(row["summary"]) for path, row in files.items()}


def main() -> int:
    """Prints a line a room, least covered first, and the whole."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--least", type=float, default=0, help="percent that every room must have")
    parser.add_argument("--modules", action="store_true", help="also the modules below 90 %%, least covered first")
    asked = parser.parse_args()
    modules = measured()
    rooms: dict[str, Counter[str]] = defaultdict(Counter)
    for module, counts in modules.items():
        rooms[room_of(module)] += counts
    for room, counts in sorted(rooms.items(), key=lambda row: share(row[1])):
        print(f"{share(counts):5.1f} %  {counts['ran']:6} of {counts['every']:6}  {room}")
    here = [counts for room, counts in rooms.items() if room not in ELSEWHERE]
    whole = sum(here, Counter())
    print(f"{share(whole):5.1f} %  {whole['ran']:6} of {whole['every']:6}  all but what other Pythons run")
    for module, counts in sorted(modules.items(), key=lambda row: share(row[1])) if asked.modules else ():
        if share(counts) < 90 and not module.startswith(ELSEWHERE):
            print(f"    {share(counts):5.1f} %  {counts['every'] - counts['ran']:4} not run  {module}")
    return int(min(map(share, [whole, *here])) < asked.least)


if __name__ == "__main__":
    sys.exit(main())
