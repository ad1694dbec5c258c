"""What `build` makes of projects, beside source as `sam build` ships it: python benchmarks/packages.py FOLDER

FOLDER holds projects with events/*.json; their first function is built whole (uv, source only: what `sam build`, CDK
and the others ship), at every level and with every kind of bytecode. Every package is unpacked read-only and driven by
every event in `python -I -S -B` with nothing but the package and the standard library; its answers must be those of
the full package, and tests/expected.json where that is there. INIT is CPU time of importing the handler's module, the
least of interleaved rounds in fresh processes, as a ratio to the full package. The floor, where strace is installed,
is made of the files that the events open. Needs pip's index once. The exit code is 1 where an answer differs.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from lambda_slim.inputs.project.find import find_project  # noqa: E402
from lambda_slim.inputs.settings.load import load  # noqa: E402
from lambda_slim.model.function import Function  # noqa: E402
from lambda_slim.run.interpreter import find_interpreter  # noqa: E402
from lambda_slim.run.uv import platform, uv_binary  # noqa: E402

MIB = 1024**2
BUILDS = {
    "default": (),
    "safe": ("--level", "safe", "--bytecode", "none"),
    "reach": ("--level", "reach", "--bytecode", "none"),
    "trace": ("--level", "trace", "--bytecode", "none"),
    "reach, with bytecode": ("--level", "reach", "--bytecode", "all"),
    "trace, with bytecode": ("--level", "trace", "--bytecode", "all"),
    "reach, fast": ("--level", "reach", "--bytecode", "only"),
    "trace, fast": ("--level", "trace", "--bytecode", "only"),
}
TIMED = (
    "whole",
    "whole, compiled",
    "default",
    "reach, with bytecode",
    "trace, with bytecode",
    "reach, fast",
    "trace, fast",
    "floor, with bytecode",
)
INVOKE = """
import sys, time
package, handler, result, *events = sys.argv[1:]
sys.path.insert(0, package)
sys.argv[1:] = []
module, name = handler.rsplit(".", 1)
start = time.process_time()
__import__(module)
init = time.process_time() - start
import json
answers, took = {}, []
for event in events:
    given = json.load(open(event))
    start = time.process_time()
    answers[event] = getattr(sys.modules[module], name)(given, None)
    took.append(time.process_time() - start)
json.dump([init, answers, took], open(result, "w"))
"""


class Place:
    """Where one project's packages lie, and how they are run."""

    def __init__(self, project: Path, folder: Path) -> None:
        settings = load(project)
        self.project, self.folder = project, folder
        self.function: Function = find_project(project, settings, handler=None).functions[0]
        found = find_interpreter(self.function.target, None)
        if found is None:
            raise SystemExit(f"{project.name} needs Python {self.function.target.runtime.python}")
        self.python = found
        self.events = sorted(map(str, (project / "events").glob("*.json")))
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, package: Path, events: list[str], wrap: tuple[str, ...] = ()) -> tuple[float, object]:
        """INIT's CPU seconds and the answers of one life."""
        return self.timed(package, events, wrap)[:2]

    def timed(self, package: Path, events: list[str], wrap: tuple[str, ...] = ()) -> tuple[float, object, float]:
        """INIT's CPU seconds, the answers, and the first event's CPU seconds of one life."""
        result = self.folder / "result.json"
        handler = self.function.handler.replace("/", ".")
        command = [*wrap, self.python, "-I", "-S", "-B", "-c", INVOKE, package, handler, result, *events]
        env = {
            "PATH": "/usr/bin:/bin",
            "HOME": "/tmp",
            "TZ": ":UTC",
            "LANG": "en_US.UTF-8",
            **self.function.environment,
        }
        done = subprocess.run(
            list(map(str, command)), cwd=package, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
            return 0.0, f"exit {done.returncode}: {last}", 0.0
        init, answers, took = json.loads(result.read_text())
        return init, {Path(event).stem: answer for event, answer in answers.items()}, sum(took[:1])

    def whole(self) -> Path:
        """The code folder with everything that is required beside it, source only."""
        package = self.folder / "whole"
        wanted = self.function.requirements
        if wanted is not None:
            command = [uv_binary(), "pip", "install", "-q", "--python", self.python, "--target", package]
            command += [
                "--python-platform",
                platform(self.function.target),
                "--only-binary",
                ":all:",
                "-r",
                wanted.path,
            ]
            subprocess.run(list(map(str, command)), check=True)
        shutil.copytree(self.function.source, package, dirs_exist_ok=True)
        for cache in list(package.rglob("__pycache__")):
            shutil.rmtree(cache)
        return package

    def build(self, name: str, flags: tuple[str, ...], env: dict[str, str]) -> tuple[Path, int]:
        """One of our packages, unpacked, and the bytes of its zip."""
        out = self.folder / f"{re.sub(r'[^a-z]+', '-', name)}.zip"
        given = [word for event in self.events for word in ("-e", event)]
        command = [
            sys.executable,
            "-m",
            "lambda_slim",
            "build",
            self.project,
            "-q",
            "-F",
            self.function.name,
            "-o",
            out,
        ]
        done = subprocess.run(
            list(map(str, [*command, *flags, *given])), env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{self.project.name}, {name}:\n{done.stderr}")
        package = out.with_suffix("")
        with zipfile.ZipFile(out) as archive:
            archive.extractall(package)
        return read_only(package), out.stat().st_size

    def floor(self, whole: Path, expected: object) -> Path | None:
        """A copy of only those files that the events open; None without strace, or where those alone do not do."""
        if not shutil.which("strace"):
            return None
        log = self.folder / "strace.log"
        self.run(
            whole, self.events, ("strace", "-f", "-qq", "-e", "trace=open,openat", "-e", "signal=none", "-o", str(log))
        )
        opened = {
            Path(os.path.normpath(path)) for path in re.findall(rf'"({re.escape(str(whole))}/[^"]+)"', log.read_text())
        }
        own = {path for path in whole.rglob("*") if (self.function.source / path.relative_to(whole)).is_file()}
        for name, files in (("floor", opened), ("floor-and-own", opened | own)):  # a handler may list its own folder
            package = self.folder / name
            for path in files:
                if path.is_file():
                    (package / path.relative_to(whole)).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(path, package / path.relative_to(whole))
            if self.run(package, self.events)[1] == expected:
                return package
        return None


def read_only(package: Path) -> Path:
    """The folder, with nothing in it to be written."""
    for path in package.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return package


def zipped(package: Path) -> int:
    """Bytes of the folder as a zip, at zlib's level 9."""
    with tempfile.TemporaryFile() as place:
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in sorted(package.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(package))
        return place.tell()


def compiled(place: Place, package: Path) -> Path:
    """A copy with unchecked-hash bytecode beside every source, as `uv --compile-bytecode` can make it."""
    copy = place.folder / f"{package.name}-compiled"
    shutil.copytree(package, copy)
    code = "import compileall, py_compile, sys; compileall.compile_dir(sys.argv[1], quiet=2, invalidation_mode="
    code += "py_compile.PycInvalidationMode.UNCHECKED_HASH)"
    subprocess.run([str(place.python), "-c", code, str(copy)], check=False)
    return read_only(copy)


def measure(
    project: Path, folder: Path, env: dict[str, str], asked: argparse.Namespace
) -> Iterator[tuple[str, int, float, bool]]:
    """(package, bytes zipped, INIT by CPU relative to the full package, whether it answers alike)."""
    place = Place(project, folder)
    whole = place.whole()
    _, expected = place.run(whole, place.events)
    known = project / "tests" / "expected.json"
    if known.is_file() and expected != json.loads(known.read_text()):
        raise SystemExit(f"{project.name}: the full package does not give tests/expected.json: {expected}")
    packages = {"whole": whole, "whole, compiled": compiled(place, whole)}
    sizes = {name: zipped(package) for name, package in packages.items()}
    for name in asked.builds:
        packages[name], sizes[name] = place.build(name, BUILDS[name], env)
    if floor := None if asked.no_floor else place.floor(whole, expected):
        packages["floor"], sizes["floor"] = floor, zipped(floor)
        packages["floor, with bytecode"] = compiled(place, floor)
        sizes["floor, with bytecode"] = zipped(packages["floor, with bytecode"])
    right = {name: place.run(package, place.events)[1] == expected for name, package in packages.items()}
    times: dict[str, list[float]] = {name: [] for name in TIMED if name in packages}
    for _ in range(asked.rounds):
        for name, found in times.items():
            found.append(place.run(packages[name], [])[0])
    least = {name: min(found) for name, found in times.items() if found}
    for name, size in sizes.items():
        yield name, size, least[name] / least["whole"] if name in least else 0.0, right[name]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="projects, with commas between them")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--builds", default="; ".join(BUILDS), help="which of them, with semicolons between them")
    parser.add_argument("--no-floor", action="store_true")
    asked = parser.parse_args()
    asked.builds = [name.strip() for name in asked.builds.split(";")]
    names = sorted(path.name for path in asked.folder.iterdir() if (path / "events").is_dir())
    names = [name for name in names if not asked.only or name in asked.only.split(",")]
    rows: dict[str, dict[str, str]] = {}
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="lambda-slim-benchmark-") as folder:
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        env |= {"PYTHONPATH": str(ROOT)}
        for name in names:
            for package, size, ratio, right in measure(
                (asked.folder / name).resolve(), Path(folder) / name, env, asked
            ):
                init = f" / {ratio:.2f}" if ratio else ""
                rows.setdefault(package, {})[name] = f"{size / MIB:.2f}{init}{'' if right else ' DIFFERS'}"
                wrong += not right
            sys.stderr.write("".join(f"{name}: {package} {cells.get(name, '')}\n" for package, cells in rows.items()))
            subprocess.run(["chmod", "-R", "u+w", str(Path(folder) / name)], check=False)
            shutil.rmtree(Path(folder) / name)
    sys.stdout.write(f"| MiB zipped / INIT by CPU | {' | '.join(names)} |\n| --- |{' --: |' * len(names)}\n")
    for package, cells in rows.items():
        sys.stdout.write(f"| {package} | {' | '.join(cells.get(name, '') for name in names)} |\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
