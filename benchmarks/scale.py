"""What many functions, many files and large packages cost: CPU time and memory of each command, and how they grow.

python benchmarks/scale.py --functions 1,10,50
python benchmarks/scale.py --files 60000 --mib 250
python benchmarks/scale.py --project DIR --beside OLD_CHECKOUT     # a project of yours; two versions in turn

The functions share a folder, requirements and own modules; each has a handler and an event. Every row is one process:
CPU seconds with its children, and the memory of its largest process. uv's cache is warm in all rows; "cold" is our own.
"""

import argparse
import itertools
import math
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import ROOT

_REQUIREMENTS = "requests==2.32.3\njinja2==3.1.4\npydantic==2.9.2\n"
_HEAD = """AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12, Timeout: 30, MemorySize: 512}}
Resources:
"""
_SHARED_MODULES = 20


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command took: CPU seconds with children, MiB of its largest process."""

    cpu: float
    peak: float


Row = tuple[str, int, dict[str, Cost]]  # what, how many, by checkout


def many_functions(folder: Path, count: int) -> None:
    """Writes a SAM project of `count` functions that share code and requirements."""
    source = folder / "src"
    (source / "shared").mkdir(parents=True)
    (folder / "events").mkdir()
    (folder / "lambda-slim.toml").write_text('level = "reach"\n' + _event_tables(count), "utf-8")
    rows = [_resource(f"F{number:03}", f"handlers_{number:03}.handler") for number in range(count)]
    (folder / "template.yaml").write_text(_HEAD + "".join(rows), "utf-8")
    (source / "requirements.txt").write_text(_REQUIREMENTS, "utf-8")
    (source / "shared" / "__init__.py").write_text("", "utf-8")
    for number in range(_SHARED_MODULES):
        (source / "shared" / f"part_{number:02}.py").write_text(_shared_module(number), "utf-8")
    for number in range(count):
        (source / f"handlers_{number:03}.py").write_text(_handler(number), "utf-8")
    (folder / "events" / "order.json").write_text('{"name": "a", "count": 3}', "utf-8")


def _event_tables(count: int) -> str:
    return "".join(f'\n[functions.F{number:03}]\nevents = ["events/*.json"]\n' for number in range(count))


def _resource(name: str, handler: str) -> str:
    return f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties: {{CodeUri: src/, Handler: {handler}}}\n"


def _shared_module(number: int) -> str:
    earlier = f"from shared import part_{number - 1:02}\n" if number % 5 else ""
    rules = "".join(f"    {name} = 'text {name} of part {number}'\n" for name in ("one", "two", "three"))
    functions = "".join(
        f"def step_{step}(value):\n    return [value + index for index in range({step})]\n\n\n" for step in range(30)
    )
    return f"import json\nimport logging\n{earlier}\n\nclass Texts:\n{rules}\n\n{functions}"


def _handler(number: int) -> str:
    return (
        "import jinja2\nimport pydantic\nimport requests\n"
        f"from shared import part_{number % _SHARED_MODULES:02} as part\n\n\n"
        "class Order(pydantic.BaseModel):\n    name: str\n    count: int\n\n\n"
        "def handler(event, context):\n    order = Order(**event)\n"
        "    text = jinja2.Template('{{ name }}: {{ count }}').render(**order.model_dump())\n"
        f"    return {{'text': text, 'steps': part.step_3(order.count), 'number': {number},\n"
        "            'agent': requests.utils.default_user_agent()}\n"
    )


def many_files(folder: Path, count: int) -> None:
    """Writes a project whose code folder has `count` small data files."""
    many_functions(folder, 1)
    for number in range(count):
        place = folder / "src" / "data" / f"{number // 500:03}" / f"{number:06}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"file {number}\n", "utf-8")


def large(folder: Path, mib: int) -> None:
    """Writes a project with `mib` MiB of data that does not compress."""
    many_functions(folder, 1)
    (folder / "src" / "data").mkdir()
    noise = random.Random(7)
    for number in range(mib):
        (folder / "src" / "data" / f"{number:03}.bin").write_bytes(noise.randbytes(1 << 20))


class Bench:
    """One project, and the checkouts of lambda-slim that work on copies of it in turn."""

    def __init__(self, project: Path, work: Path, checkouts: Sequence[Path], level: str) -> None:
        self.checkouts = checkouts
        self.level = level
        self.places = {}
        for number, checkout in enumerate(checkouts):
            place = work / str(number)
            shutil.copytree(project, place / "project")
            for path in (place / "project").rglob("*"):
                path.chmod(0o755 if path.is_dir() else 0o644)
            self.places[checkout] = place

    def row(self, what: str, count: int, *command: str) -> Row:
        """One row of the table, printed as it is made."""
        found = {str(checkout): self._cost(checkout, command) for checkout in self.checkouts}
        shown = "   ".join(f"{cost.cpu:8.2f} s {cost.peak:7.0f} MiB" for cost in found.values())
        sys.stdout.write(f"{what:<34}{count:>6}   {shown}\n")
        sys.stdout.flush()
        return what, count, found

    def _cost(self, checkout: Path, command: Sequence[str]) -> Cost:
        place = self.places[checkout]
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        env |= {"PYTHONPATH": str(checkout), "LAMBDA_SLIM_CACHE": str(place / "cache")}
        with (place / "said.txt").open("w") as said:
            child = os.posix_spawn(
                sys.executable,
                [sys.executable, "-P", "-m", "lambda_slim", *command, "-q", "-C", str(place / "project")],
                env,
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, said.fileno(), 1),
                    (os.POSIX_SPAWN_DUP2, said.fileno(), 2),
                ],
            )
            _, status, used = os.wait4(child, 0)
        if code := os.waitstatus_to_exitcode(status):
            raise SystemExit(f"{' '.join(command)} ended with {code}:\n{(place / 'said.txt').read_text()}")
        return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)

    def edit(self, pattern: str) -> None:
        """Adds a line to one file of every copy."""
        for place in self.places.values():
            with next(iter(sorted((place / "project").glob(pattern)))).open("a") as file:
                file.write("\n# changed\n")

    def rows(self, count: int, changed: str) -> Iterator[Row]:
        """Every command, cold and warm, on a project whose size is `count`."""
        level = ["--level", self.level]
        yield self.row("build, cold", count, "build", *level, "-o", "dist")
        yield self.row("build, unchanged", count, "build", *level, "-o", "dist")
        self.edit(changed)
        yield self.row("build, one line changed", count, "build", *level, "-o", "dist")
        yield self.row("check, first", count, "check", *level, "--exit-zero", "--against", "none")
        yield self.row("check, after it", count, "check", *level, "--exit-zero")
        yield self.row("check, unchanged", count, "check", *level, "--exit-zero")
        self.edit(changed)
        yield self.row("check, one line changed", count, "check", *level, "--exit-zero")
        yield self.row("analyze, first", count, "analyze")
        yield self.row("analyze, unchanged", count, "analyze")


def growth(rows: Sequence[Row], checkout: str) -> Iterator[str]:
    """What each row costs for a further one, and the power of the count that it grows with."""
    named: dict[str, dict[int, Cost]] = {}
    for what, count, found in rows:
        named.setdefault(what, {})[count] = found[checkout]
    for what, costs in named.items():
        counts = sorted(costs)
        if len(counts) < 2:
            continue
        slope = _slope([(count, costs[count].cpu) for count in counts])
        first = costs[counts[0]]
        power = _slope([(math.log(count), math.log(max(costs[count].cpu, 0.01))) for count in counts])
        peak = costs[counts[-1]].peak / first.peak
        yield (
            f"{what:<34} a further one {slope:7.3f} s ({100 * slope / first.cpu:5.1f} % of the first), "
            f"grows as n^{power:.2f}, peak x {peak:.2f}"
        )


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the least-squares line through some points."""
    middle = [sum(values) / len(points) for values in zip(*points, strict=True)]
    across = sum((x - middle[0]) ** 2 for x, _ in points)
    return sum((x - middle[0]) * (y - middle[1]) for x, y in points) / across


def main() -> None:
    """Makes the projects, prints the table and the growth of its rows."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--functions", default="", help="counts, as 1,10,50")
    asked.add_argument("--files", type=int, default=0)
    asked.add_argument("--mib", type=int, default=0)
    asked.add_argument("--project", type=Path, help="a project of yours")
    asked.add_argument("--changed", default="**/*.py", help="pattern of the file that gets a line")
    asked.add_argument("--level", default="reach")
    asked.add_argument("--beside", type=Path, action="append", default=[], help="another checkout to run in turn")
    flags = asked.parse_args()
    checkouts = [*(path.resolve() for path in flags.beside), ROOT]
    sys.stdout.write(f"{'':<34}{'count':>6}   {'   '.join(f'{path.name:>21}' for path in checkouts)}\n")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        places = (Path(folder) / str(number) for number in itertools.count())
        for count in map(int, filter(None, flags.functions.split(","))):
            many_functions(project := next(places), count)
            rows += Bench(project, next(places), checkouts, flags.level).rows(count, "src/handlers_000.py")
        if flags.files:
            many_files(project := next(places), flags.files)
            rows += Bench(project, next(places), checkouts, "safe").rows(flags.files, "src/handlers_000.py")
        if flags.mib:
            large(project := next(places), flags.mib)
            rows += Bench(project, next(places), checkouts, "safe").rows(flags.mib, "src/handlers_000.py")
        if flags.project:
            rows += Bench(flags.project, next(places), checkouts, flags.level).rows(1, flags.changed)
    for checkout in map(str, checkouts):
        lines = list(growth(rows, checkout))
        sys.stdout.write(f"\n{checkout}\n" * bool(lines) + "".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    main()
