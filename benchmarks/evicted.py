"""What INIT takes from a package that no page cache holds: python benchmarks/evicted.py FOLDER [--only NAMES] [--drop]

FOLDER holds projects with events/*.json. The first function of each is packaged by uv with unchecked-hash bytecode, and
by `lambda-slim build` with eager and with lazy imports, at one level. Before every process, the pages of all files of
the package and of the interpreter (program, libraries, standard library) are dropped from the page cache with
posix_fadvise; with --drop, as root, the kernel drops all pages, folders and inodes of the machine. Tools are
interleaved. INIT is the time on the wall of importing the handler's module, the median of the rounds; "read" is what
the process read from the disk while it did so, by /proc/self/io. The warm figure is the same with the page cache as the
round before has left it. Prints a table; needs Linux, and the package index once.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from memories import package_of  # noqa: E402
from packages import MIB, Place  # noqa: E402
from peers import uv  # noqa: E402

CHILD = """
import sys, time
def read():
    rows = dict(line.split(": ") for line in open("/proc/self/io").read().splitlines())
    return int(rows["read_bytes"])
package, module = sys.argv[1:]
sys.path.insert(0, package)
before, start, cpu = read(), time.perf_counter(), time.process_time()
__import__(module)
took, spent = time.perf_counter() - start, time.process_time() - cpu
print("\\nANSWER", took, spent, read() - before)
"""
DROP = Path("/proc/sys/vm/drop_caches")


@dataclass(frozen=True, slots=True)
class Start:
    """One INIT: seconds on the wall, CPU seconds, and bytes that were read from the disk."""

    wall: float
    cpu: float
    read: float


def built(place: Place, level: str) -> dict[str, Path]:
    """Each tool's unpacked package of a project."""
    kept = place.folder / "uv-pyc"
    packages = {"uv": kept if kept.is_dir() else uv(place, compiled=True).folder}
    return packages | {startup: package_of(place, startup, level) for startup in ("eager", "lazy")}


def of_interpreter(python: Path) -> list[Path]:
    """The files of an interpreter: its program, its libraries, its standard library."""
    code = "import sys, os; print(os.path.realpath(sys.executable)); print(sys.base_prefix)"
    told = subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    program, prefix = told.splitlines()
    version = subprocess.run([str(python), "-V"], capture_output=True, text=True, check=True).stdout.split()[1]
    short = "python" + ".".join(version.split(".")[:2])
    library = Path(prefix) / "lib"
    files = [path for path in (library / short).rglob("*") if "site-packages" not in path.parts]
    return [Path(program), *library.glob("libpython*"), *files]


def evict(paths: list[Path]) -> None:
    """Drops the pages of some files from the page cache."""
    for path in paths:
        if path.is_file():
            number = os.open(path, os.O_RDONLY)
            os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(number)


def start(place: Place, package: Path) -> Start:
    """One life of a package, up to the end of INIT."""
    module = place.function.handler.replace("/", ".").rpartition(".")[0]
    command = [str(place.python), "-I", "-S", "-B", "-c", CHILD, str(package), module]
    env = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "TZ": ":UTC", "LANG": "en_US.UTF-8", **place.function.environment}
    done = subprocess.run(command, cwd=package, env=env, capture_output=True, text=True, check=False)
    if "\nANSWER" not in done.stdout:
        raise SystemExit(f"{place.project.name}: {done.stderr[-1000:]}")
    return Start(*map(float, done.stdout.rpartition("\nANSWER")[2].split()))


def measured(place: Place, asked: argparse.Namespace) -> dict[str, tuple[list[Start], list[Start]]]:
    """Every tool's starts without a page cache, and with one."""
    packages = built(place, asked.level)
    own = of_interpreter(Path(place.python))
    files = {tool: [*own, *package.rglob("*")] for tool, package in packages.items()}
    os.sync()  # a page that has to be written is not dropped
    starts: dict[str, tuple[list[Start], list[Start]]] = {tool: ([], []) for tool in packages}
    for _ in range(asked.rounds):
        for tool, package in packages.items():
            if asked.drop:
                os.sync()
                DROP.write_text("3")
            else:
                evict(files[tool])
            starts[tool][0].append(start(place, package))
            starts[tool][1].append(start(place, package))
    return starts


def median(rows: list[Start]) -> Start:
    """The median of each figure."""
    return Start(
        statistics.median(row.wall for row in rows),
        statistics.median(row.cpu for row in rows),
        statistics.median(row.read for row in rows),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="projects, with commas between them")
    parser.add_argument("--keep", type=Path, help="a folder for packages; those that lie there are not built again")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--level", default="trace")
    parser.add_argument("--drop", action="store_true", help="drop all caches of the machine; needs root")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    names = sorted(path.name for path in asked.folder.iterdir() if (path / "events").is_dir())
    names = [name for name in names if not asked.only or name in asked.only.split(",")]
    ratios, told = [], {}
    print("| INIT without page cache: ms (CPU ms, MiB) | uv | eager | lazy | eager / lazy | warm, eager / lazy |")
    print("| --- | --: | --: | --: | --: | --: |")
    with tempfile.TemporaryDirectory(prefix="lambda-slim-benchmark-") as made:
        for name in names:
            place = Place((asked.folder / name).resolve(), (asked.keep or Path(made)).absolute() / name)
            rows = measured(place, asked)
            cold, warm = ({tool: median(pair[side]) for tool, pair in rows.items()} for side in (0, 1))
            ratios.append(cold["eager"].wall / cold["lazy"].wall)
            cells = [f"{one.wall * 1e3:.0f} ({one.cpu * 1e3:.0f}, {one.read / MIB:.1f})" for one in cold.values()]
            more = f"{ratios[-1]:.2f} | {warm['eager'].wall / warm['lazy'].wall:.2f}"
            print(f"| {name} | {' | '.join(cells)} | {more} |", flush=True)
            told[name] = {tool: [[vars_of(row) for row in side] for side in pair] for tool, pair in rows.items()}
    print(f"\ngeometric mean of eager / lazy: {math.exp(statistics.fmean(map(math.log, ratios))):.2f}")
    if asked.json:
        asked.json.write_text(json.dumps(told, indent=1))
    return 0


def vars_of(row: Start) -> list[float]:
    """A start as numbers."""
    return [row.wall, row.cpu, row.read]


if __name__ == "__main__":
    sys.exit(main())
