"""What other tools ship beside our default: python benchmarks/peers.py FOLDER --sam BIN/sam --sls FOLDER

FOLDER holds projects with template.yaml and events/*.json. The first function of each is packaged by `uv pip install`
(source only), by uv with unchecked-hash bytecode, by `sam build`, by Serverless with serverless-python-requirements
(`slim: true`) and by `lambda-slim build` with nothing configured but the events. Peers that are not named are left out.
`--also "NAME=FLAGS"` adds a build of ours with these flags, as in `--also "lazy=--level trace --startup lazy"`.

Every package is unpacked read-only and driven in `python -I -S -B` with nothing but the package and the standard
library. All events must give what source only gives, and tests/expected.json where that is there. INIT is CPU time of
importing the handler's module, "first event" CPU time of INIT and the first event together: the least of interleaved
rounds in fresh processes. Zips of folders are made with `zip -9`'s level. Needs the package index once. The exit code
is 1 where an answer of ours differs or our zip is more than 1.1 times that of sam; a peer's that differs is marked.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import geometric_mean

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from packages import MIB, Place, read_only, zipped  # noqa: E402

from lambda_slim.run.uv import platform, uv_binary  # noqa: E402

OURS = "lambda-slim"
SERVERLESS = """service: bench
frameworkVersion: "3"
provider: {name: aws, runtime: python%s}
plugins: [serverless-python-requirements]
functions:
  main: {handler: %s}
package:
  patterns: ["!node_modules/**", "!package*.json"]
custom:
  pythonRequirements: {pythonBin: python, dockerizePip: false, slim: true, cacheLocation: %s}
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One tool's package: unpacked, and the bytes of its zip and of its files."""

    folder: Path
    zip_bytes: int
    unzipped: int


@dataclass(frozen=True, slots=True)
class Timed:
    """CPU seconds of INIT, and of INIT with the first event."""

    init: float
    first: float


def run(command: list[object], cwd: Path, **environment: str) -> None:
    """Runs a peer; stops the benchmark with what it said where it fails."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | environment
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def fresh(place: Place, name: str) -> Path:
    """A copy of the project for a tool that writes into it."""
    copy = place.folder / name
    shutil.copytree(place.project, copy)
    subprocess.run(["chmod", "-R", "u+w", str(copy)], check=False)
    return copy


def packed(folder: Path, zip_bytes: int) -> Package:
    """A package that lies in a folder."""
    return Package(folder, zip_bytes, sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))


def as_folder(package: Path) -> Package:
    """A folder that a tool leaves to be zipped at deployment."""
    return packed(read_only(package), zipped(package))


def as_zip(path: Path) -> Package:
    """A zip that a tool has made."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(path.with_suffix(""))
    return packed(read_only(path.with_suffix("")), path.stat().st_size)


def uv(place: Place, *, compiled: bool) -> Package:
    """`uv pip install --target` and the code beside it; with bytecode of the dependencies, as uv alone makes it."""
    package = place.folder / ("uv-pyc" if compiled else "uv")
    wanted = place.function.requirements
    command = [uv_binary(), "pip", "install", "-q", "--python", place.python, "--target", package]
    command += ["--python-platform", platform(place.function.target), "--only-binary", ":all:"]
    command += ["--compile-bytecode"] if compiled else []
    if wanted is not None:
        run([*command, "-r", wanted.path], place.folder, PYC_INVALIDATION_MODE="UNCHECKED_HASH")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(place.function.source, package, dirs_exist_ok=True, ignore=ignored)
    return as_folder(package)


def sam(place: Place, binary: Path) -> Package:
    """`sam build`, with the target's Python first on PATH."""
    copy, out = fresh(place, "sam"), place.folder / "sam-out"
    command = [binary, "build", place.function.name, "--no-cached", "--build-dir", out]
    run(command, copy, PATH=path_with(place.python), SAM_CLI_TELEMETRY="0")
    return as_folder(out / place.function.name)


def serverless(place: Place, folder: Path) -> Package:
    """`serverless package` with serverless-python-requirements, `slim: true`."""
    copy, out = fresh(place, "sls"), place.folder / "sls-out"
    code = copy / place.function.source.relative_to(place.project)
    module, _, name = place.function.handler.rpartition(".")
    (code / "node_modules").symlink_to(folder / "node_modules")
    settings = (place.function.target.runtime.python, f"{module.replace('.', '/')}.{name}", place.folder / "sls-cache")
    (code / "serverless.yml").write_text(SERVERLESS % settings)
    quiet = {"SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off"}
    run(
        [folder / "node_modules/.bin/serverless", "package", "--package", out],
        code,
        PATH=path_with(place.python),
        **quiet,
    )
    return as_zip(next(out.glob("*.zip")))


def ours(place: Place, name: str = OURS, flags: tuple[str, ...] = ()) -> Package:
    """`lambda-slim build` with the project's events."""
    env = {variable: value for variable, value in os.environ.items() if not variable.startswith("PYTHON")}
    return packed(*place.build(name, flags, env | {"PYTHONPATH": str(ROOT)}))


def path_with(python: Path) -> str:
    """PATH with an interpreter's folder first."""
    return f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"


def makers(asked: argparse.Namespace) -> dict[str, Callable[[Place], Package]]:
    """What is compared, source only first."""
    tools: dict[str, Callable[[Place], Package]] = {
        "uv, source only": lambda place: uv(place, compiled=False),
        "uv, bytecode": lambda place: uv(place, compiled=True),
    }
    if asked.sam:
        tools["sam build"] = lambda place: sam(place, asked.sam.absolute())
    if asked.sls:
        tools["Serverless, slim"] = lambda place: serverless(place, asked.sls.absolute())
    tools[OURS] = ours
    for setting in asked.also:
        name, _, flags = setting.partition("=")
        tools[name] = partial(ours, name=name, flags=tuple(flags.split()))
    return tools


def measured(project: Path, folder: Path, asked: argparse.Namespace) -> dict[str, tuple[Package, Timed, bool]]:
    """Every tool's package of a project, its least times, and whether it answers as source only does."""
    place = Place(project, folder)
    packages = {name: make(place) for name, make in makers(asked).items()}
    answers = {name: place.run(package.folder, place.events)[1] for name, package in packages.items()}
    expected, known = answers["uv, source only"], project / "tests" / "expected.json"
    if known.is_file() and expected != json.loads(known.read_text()):
        raise SystemExit(f"{project.name}: source only does not give tests/expected.json: {expected}")
    times: dict[str, list[Timed]] = {name: [] for name in packages}
    for _ in range(asked.rounds):
        for name, package in packages.items():
            init, _, first = place.timed(package.folder, place.events[:1])
            times[name].append(Timed(init, init + first))
    return {
        name: (
            package,
            Timed(min(time.init for time in times[name]), min(time.first for time in times[name])),
            answers[name] == expected,
        )
        for name, package in packages.items()
    }


def table(title: str, rows: dict[str, dict[str, str]]) -> str:
    """A Markdown table: projects across, tools down."""
    projects = list(rows)
    tools = list(next(iter(rows.values())))
    head = f"| {title} | {' | '.join(projects)} |\n| --- |{' --: |' * len(projects)}\n"
    return head + "".join(f"| {tool} | {' | '.join(rows[name][tool] for name in projects)} |\n" for tool in tools)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="projects, with commas between them")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sam", type=Path, help="the sam command")
    parser.add_argument("--sls", type=Path, help="a folder with node_modules of serverless 3 and its Python plugin")
    parser.add_argument("--also", action="append", default=[], metavar="NAME=FLAGS", help="a further build of ours")
    asked = parser.parse_args()
    names = sorted(path.name for path in asked.folder.iterdir() if (path / "events").is_dir())
    names = [name for name in names if not asked.only or name in asked.only.split(",")]
    results = {}
    with tempfile.TemporaryDirectory(prefix="lambda-slim-benchmark-") as folder:
        for name in names:
            results[name] = measured((asked.folder / name).resolve(), Path(folder) / name, asked)
            for tool, (package, timed, right) in results[name].items():
                cells = f"{package.zip_bytes / MIB:.2f} MiB, INIT {timed.init * 1e3:.0f} ms"
                sys.stderr.write(f"{name}: {tool} {cells}{'' if right else ' DIFFERS'}\n")
            subprocess.run(["chmod", "-R", "u+w", str(Path(folder) / name)], check=False)
            shutil.rmtree(Path(folder) / name)
    return tell(results)


def tell(results: dict[str, dict[str, tuple[Package, Timed, bool]]]) -> int:
    """Prints a table of each figure; gives back the exit code."""
    figures: dict[str, Callable[[Package, Timed], str]] = {
        "zip, MiB": lambda package, _: f"{package.zip_bytes / MIB:.2f}",
        "unzipped, MiB": lambda package, _: f"{package.unzipped / MIB:.2f}",
        "INIT, CPU ms": lambda _, timed: f"{timed.init * 1e3:.0f}",
        "INIT and first event, CPU ms": lambda _, timed: f"{timed.first * 1e3:.0f}",
    }
    sys.stdout.write(
        "\n".join(
            table(
                title,
                {
                    project: {
                        tool: cell(package, timed) + ("" if right else " DIFFERS")
                        for tool, (package, timed, right) in rows.items()
                    }
                    for project, rows in results.items()
                },
            )
            for title, cell in figures.items()
        )
    )
    larger = [
        name
        for name, rows in results.items()
        if rows[OURS][0].zip_bytes > 1.1 * rows.get("sam build", rows["uv, source only"])[0].zip_bytes
    ]
    speed = {name: rows["uv, source only"][1].init / rows[OURS][1].init for name, rows in results.items()}
    ordered = sorted(speed.values())
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    sys.stdout.write(f"\nINIT of lambda-slim against source only: {middle:.2f} times less CPU on the median\n")
    for tool in list(next(iter(results.values())))[1:]:
        pairs = [(rows["uv, source only"][1], rows[tool][1]) for rows in results.values() if rows[tool][-1]]
        if not pairs:  # it fails everywhere
            continue
        inits = geometric_mean([source.init / other.init for source, other in pairs])
        firsts = geometric_mean([source.first / other.first for source, other in pairs])
        sys.stdout.write(f"{tool}: {inits:.2f} times less CPU than source only, with the first event {firsts:.2f}, ")
        sys.stdout.write(f"geometric means of {len(pairs)}\n")
    other = "sam's" if all("sam build" in rows for rows in results.values()) else "that of source only"
    sys.stdout.write(f"zips more than 1.1 times {other}: {', '.join(larger) or 'none'}\n")
    return 1 if larger or not all(rows[OURS][-1] for rows in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
