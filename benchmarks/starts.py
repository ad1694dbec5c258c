"""Does "can it start?" cry wolf? Every top-level module of well-known distributions, judged and then really imported.

    python benchmarks/starts.py [NAME …] [--python 3.12] [--first N] [--count N] [--json FILE] [--own]

Each distribution is installed by itself, with all that it requires, into a folder of its own. A handler a top-level
module imports it; the verdict says what of its INIT nothing provides; then a Python of the target's version imports it
from that folder and nothing else. False alarms are verdicts of `no` where the import works (with what the runtime has
beside the package); misses are imports that fail on a missing module or name where the verdict is `yes`. The exit code
is 1 where there is a false alarm.

With `--own` the distribution's modules count as first-party code, of which more is read: functions that INIT calls,
imports by name, attributes of modules.
"""

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

CPU_SECONDS = 120
WAITING = 1800  # seconds
NO_ANSWER = "no answer"
NAMES = (Path(__file__).parent / "starts.txt").read_text().split()


@dataclass(frozen=True)
class Row:
    """One top-level module of a distribution."""

    distribution: str
    module: str
    verdict: str
    found: tuple[str, ...]
    imports: str  # "" where it imports, else the error


def main() -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--python", default="3.12")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--own", action="store_true")
    asked = parser.parse_args()
    rows: list[Row] = []
    failed: list[str] = []
    for name in asked.names[asked.first : asked.first + asked.count]:
        try:
            found = list(judge_distribution(name, asked.python, own=asked.own))
        except RuntimeError as error:
            failed.append(name)
            print(f"{name}: not installed: {str(error).splitlines()[-1] if str(error) else ''}", flush=True)
            continue
        rows += found
        for row in found:
            if wrong := kind(row):
                print(f"{name}: {row.module}: {wrong}: {row.found[:2]} / {row.imports}", flush=True)
    alarms = [row for row in rows if kind(row) == "FALSE ALARM"]
    misses = [row for row in rows if kind(row) == "miss"]
    right = sum(row.verdict == "no" and bool(row.imports) and not row.imports.startswith(NO_ANSWER) for row in rows)
    unanswered = sum(row.imports.startswith(NO_ANSWER) for row in rows)
    names = {row.distribution for row in rows}
    print(
        f"{len(names)} distributions, {len(rows)} modules: {len(alarms)} false alarms, {len(misses)} misses, ", end=""
    )
    print(f"{right} rightly refused; {unanswered} imports without an answer; ", end="")
    print(f"{len(failed)} distributions could not be installed")
    if asked.json:
        asked.json.write_text(json.dumps([row.__dict__ for row in rows], indent=1))
    return 1 if alarms else 0


def kind(row: Row) -> str:
    """What is wrong about a verdict, if anything is."""
    if row.verdict == "no" and not row.imports:
        return "FALSE ALARM"
    telling = ("ModuleNotFoundError", "ImportError", "PackageNotFoundError")
    return "miss" if row.verdict == "yes" and row.imports.startswith(telling) else ""


def judge_distribution(name: str, python: str, *, own: bool = False) -> list[Row]:
    """Installs one distribution and judges each of its top-level modules."""
    from lambda_slim.inputs.project.targets import known_target
    from lambda_slim.model.function import Function
    from lambda_slim.model.settings import Settings
    from lambda_slim.run.interpreter import find_interpreter
    from lambda_slim.tasks.audit_start import judge_whole
    from lambda_slim.tasks.prepare import Shared, plan_function

    target = known_target(f"python{python}", "x86_64", "benchmark")
    interpreter = find_interpreter(target, None)
    with tempfile.TemporaryDirectory(prefix="starts-") as folder:
        place = Path(folder)
        tree = install(name, place / "tree", target.platform, python)
        rows, shared = [], Shared()
        tops = top_levels(tree, name)
        if own:
            disown(tree, name)
        for top in tops:
            (tree / f"handler_{top}.py").write_text(f"import {top}\ndef handler(event, context): pass\n")
        settings = Settings(root=tree)
        for top in tops:
            function = Function("F", f"handler_{top}.handler", tree, target, artifact=None if own else tree)
            planned = plan_function(function, settings, shared=shared)
            judged = judge_whole(planned)
            said = tuple(f"{one.file}:{one.line} {one.message}" for one in judged.findings if one.level == "error")
            rows.append(Row(name, top, judged.report.verdict, said, really(top, tree, interpreter)))
    return rows


def install(name: str, tree: Path, platform: str, python: str) -> Path:
    """The distribution with all that it requires, as wheels for the target."""
    command = ["uv", "pip", "install", "--target", str(tree), "--python-platform", platform, "--python-version", python]
    done = subprocess.run([*command, "--only-binary", ":all:", "-q", name], capture_output=True, text=True, check=False)
    if done.returncode:
        done = subprocess.run([*command, "-q", name], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return tree


def record_of(tree: Path, name: str) -> Path | None:
    """The RECORD of a distribution in a tree."""
    wanted = name.partition("[")[0].lower().replace("_", "-").replace(".", "-")
    for record in tree.glob("*.dist-info/RECORD"):
        if record.parent.name.partition("-")[0].lower().replace("_", "-").replace(".", "-") == wanted:
            return record
    return None


def disown(tree: Path, name: str) -> None:
    """Makes a distribution's modules first-party: its metadata goes."""
    record = record_of(tree, name)
    if record is not None:
        shutil.rmtree(record.parent)


def top_levels(tree: Path, name: str) -> list[str]:
    """The modules that a distribution itself has at the root; at most five."""
    record = record_of(tree, name)
    if record is None:
        return []
    tops = {line.partition(",")[0].partition("/")[0] for line in record.read_text().splitlines()}
    names = {top.removesuffix(".py") for top in tops if top.endswith(".py") or any((tree / top).glob("**/*.py"))}
    return sorted(one for one in names if one.isidentifier() and not one.startswith("_"))[:5]


def really(module: str, tree: Path, interpreter: Path | None) -> str:
    """The error of really importing a module from the folder, with boto3 behind it as on Lambda.

    The limit counts CPU seconds, as a busy machine says nothing about an import. One that waits is ended by the clock.
    """
    code = (
        "import resource, sys, site; "
        f"resource.setrlimit(resource.RLIMIT_CPU, ({CPU_SECONDS}, {CPU_SECONDS + 5})); "
        f"sys.path[:0] = [{str(tree)!r}]; site.addsitedir({str(tree)!r}); import {module}"
    )
    command = [str(interpreter), "-s", "-S", "-c", code]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=tree, stdin=subprocess.DEVNULL, timeout=WAITING
        )
    except subprocess.TimeoutExpired:
        return f"{NO_ANSWER}: waited {WAITING} s"
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"{NO_ANSWER}: took {CPU_SECONDS} s of CPU time"
    return (done.stderr.strip().splitlines() or ["ended"])[-1][:200] if done.returncode else ""


if __name__ == "__main__":
    sys.exit(main())
