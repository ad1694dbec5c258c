"""What `slim` costs on a build folder of SAM with many functions: time, CPU time, memory, and what a further one costs.

python benchmarks/in_place.py --functions 1,50,200 --requirement jmespath==1.0.1

Each function has a folder of its own, with the same small distribution and a handler that is its own. Rows: all slimmed
with an empty cache; again, where nothing changed; again, where the tool has built one anew; and all brought back.
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from measure import ROOT

_VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds on the clock, CPU seconds with children, MiB of the largest process."""

    wall: float
    cpu: float
    peak: float


def make_build(folder: Path, count: int, installed: Path, module: str) -> None:
    """Writes a build folder of `count` functions."""
    folder.mkdir(parents=True)
    rows = []
    for number in range(count):
        name = f"F{number:03}"
        make_function(folder / name, number, installed, module)
        rows.append(
            f"  {name}:\n    Type: AWS::Serverless::Function\n"
            f"    Properties: {{CodeUri: {name}, Handler: app.handler, Runtime: {_VERSION}}}\n"
        )
    (folder / "template.yaml").write_text("Resources:\n" + "".join(rows), "utf-8")


def make_function(folder: Path, number: int, installed: Path, module: str, edit: str = "") -> None:
    """Writes what SAM builds of one function."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(installed, folder)
    text = f"import {module}\n\n\ndef handler(event, context):\n    return {module}.__name__ * {number + 1}\n{edit}"
    (folder / "app.py").write_text(text, "utf-8")


def run(folder: Path, cache: Path, *command: str) -> Taken:
    """One command on the build; ends the benchmark where it fails."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    env |= {"PYTHONPATH": str(ROOT), "LAMBDA_SLIM_CACHE": str(cache)}
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        line = [sys.executable, "-P", "-m", "lambda_slim", "slim", str(folder), "-q", *command]
        child = subprocess.Popen(line, env=env, stdout=said, stderr=said)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            raise SystemExit(f"slim ended with {child.returncode}:\n{said.read()}")
    return Taken(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def rows(work: Path, count: int, installed: Path, module: str, level: str) -> Iterator[tuple[str, Taken]]:
    """Every row of one size."""
    folder, cache = work / ".aws-sam" / "build", work / "cache"
    make_build(folder, count, installed, module)
    asked = ["--level", level] if level else []
    yield "slim, cold", run(folder, cache, *asked)
    yield "slim, unchanged", run(folder, cache, *asked)
    yield "slim, unchanged", run(folder, cache, *asked)
    make_function(folder / "F000", 0, installed, module, "\nEDITED = True\n")
    yield "slim, one built anew", run(folder, cache, *asked)
    yield "slim --undo", run(folder, cache, "--undo")


def main() -> None:
    """Prints a row for every size and command, and what a further function costs."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--functions", default="1,50,200")
    asked.add_argument("--requirement", default="jmespath==1.0.1")
    asked.add_argument("--module", default="jmespath")
    asked.add_argument("--level", default="")
    flags = asked.parse_args()
    cold: list[tuple[int, float]] = []
    print(f"{'':<24}{'functions':>10}{'seconds':>10}{'CPU s':>10}{'MiB':>8}", flush=True)
    with tempfile.TemporaryDirectory(prefix="in-place-") as place:
        installed = Path(place, "installed")
        uv = ["uv", "pip", "install", "-q", "--target", str(installed), "--python", sys.executable, flags.requirement]
        subprocess.run(uv, check=True)
        for path in installed.glob("bin"):
            shutil.rmtree(path)
        for count in map(int, flags.functions.split(",")):
            for what, taken in rows(Path(place, str(count)), count, installed, flags.module, flags.level):
                cold += [(count, taken.cpu)] if what == "slim, cold" else []
                shown = f"{taken.wall:>10.2f}{taken.cpu:>10.2f}{taken.peak:>8.0f}"
                print(f"{what:<24}{count:>10}{shown}", flush=True)
    for (few, first), (many, last) in itertools.pairwise(cold):
        print(f"a further function, {few} to {many}: {(last - first) / (many - few):.3f} CPU s")


if __name__ == "__main__":
    main()
