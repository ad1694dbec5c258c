"""Do functions that nobody tuned for behave alike with lazy imports, also on an event that the build never saw?

    python benchmarks/startup.py [NAME …] [--python 3.12] [--lazy unread|init] [--keep FOLDER] [--json FILE]
    python benchmarks/startup.py --repositories FOLDER [NAME …]

With `--repositories` the functions are those of public repositories that startup_repositories.toml lists. FOLDER holds
their work trees at the listed commits, named owner+name.

Each function is built with `--startup lazy` from all its events but the last. Then three packages answer the held-back
event as the first thing after INIT, and all events in order: the whole installation, the lazy package, and the lazy
package with LAMBDA_SLIM_STARTUP=eager. Results, errors and log lines have to be the same. The exit code is 1 where
something differs.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lambda_slim.inputs.project.targets import known_target
from lambda_slim.run.interpreter import find_interpreter

PROJECTS = Path(__file__).parent / "startup.toml"
REPOSITORIES = Path(__file__).parent / "startup_repositories.toml"
CHILD = """
import sys, json, time, traceback, io, importlib, types, operator
sys.path.insert(0, sys.argv[1])
module, _, name = sys.argv[3].rpartition(".")
context = types.SimpleNamespace(function_name="f", memory_limit_in_mb=128, aws_request_id="1", function_version="1")
context.invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:f"
context.get_remaining_time_in_millis = lambda: 9000
start = time.process_time()
handler = operator.attrgetter(name)(importlib.import_module(module))
took = time.process_time() - start
told = []
for event in json.loads(sys.argv[2]):
    try:
        told.append(["result", json.loads(json.dumps(handler(event, context)))])
    except BaseException as error:
        told.append(["error", type(error).__name__, str(error)])
print("ANSWER" + json.dumps([took, told, len(sys.modules)]))
"""
# Lines of a traceback or a warning that quote a source are missing where only its bytecode ships.
_QUOTES = re.compile(r"    |  (?!File \")")
_VARIES = re.compile(r"0x[0-9a-f]+|\d{4}-\d\d-\d\d[ T][\d:.,]+|\b\d{10}(?:\.\d+)?\b")


@dataclass(frozen=True)
class Row:
    """One function: how it was built, and what differs."""

    name: str
    mode: str
    why: str
    lazy: int  # imports that wait
    made_eager: tuple[str, ...]  # what the proof corrected
    full_ms: float
    eager_ms: float
    lazy_ms: float
    differs: tuple[str, ...]


def main() -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--python", default="3.12")
    parser.add_argument("--lazy", default="unread", choices=("unread", "init"))
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--repositories", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    projects, rows = tomllib.loads((REPOSITORIES if asked.repositories else PROJECTS).read_text()), []
    with tempfile.TemporaryDirectory(prefix="startup-") as made:
        for name in asked.names or projects:
            folder = (asked.keep or Path(made)) / name
            try:
                row = try_project(name, projects[name], folder, asked)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                print(f"{name}: {error}", flush=True)
                continue
            rows.append(row)
            told = f"{row.mode}, {row.lazy} wait, {len(row.made_eager)} corrected, INIT {row.full_ms:.0f} / "
            print(f"{name}: {told}{row.eager_ms:.0f} / {row.lazy_ms:.0f} ms {row.why}", *row.differs, flush=True)
            if asked.json:
                asked.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))
    wrong = [row for row in rows if row.differs]
    corrected = [row for row in rows if row.made_eager]
    lazy = [row for row in rows if row.mode == "lazy"]
    print(f"{len(rows)} functions, {len(lazy)} lazy, {len(corrected)} corrected by the proof, {len(wrong)} differ")
    return 1 if wrong else 0


def try_project(name: str, project: dict[str, Any], folder: Path, asked: argparse.Namespace) -> Row:
    """Builds one function and compares what its packages answer."""
    source, full, lazy = folder / "source", folder / "full", folder / "lazy"
    asked = argparse.Namespace(**{**vars(asked), "python": project.get("python", asked.python)})
    if asked.repositories:
        tree = asked.repositories.resolve() / project["repository"].replace("/", "+") / project.get("folder", "")
        project = {**project, "tree": tree}
    report = build(project, source, folder / "out.zip", asked)
    whole(project, full, asked.python)
    with zipfile.ZipFile(folder / "out.zip") as archive:
        archive.extractall(lazy)
    interpreter = find_interpreter(known_target(f"python{asked.python}", "x86_64", "benchmark"), None)
    if interpreter is None:
        raise RuntimeError(f"no Python {asked.python} on this machine")
    *_, held = events = project["events"]
    differs, took = [], {}
    for what, asks in (("held back", [held]), ("all", events)):
        answers = {
            "full": run(project, interpreter, full, asks),
            "eager": run(project, interpreter, lazy, asks, LAMBDA_SLIM_STARTUP="eager"),
            "lazy": run(project, interpreter, lazy, asks),
        }
        took |= {kind: answer[0] * 1e3 for kind, answer in answers.items()}
        for kind in ("eager", "lazy"):
            for before, after in zip(answers["full"][1], answers[kind][1], strict=True):
                if before != after:
                    differs.append(f"\n  {what}, {kind}: {str(before)[:300]} became {str(after)[:300]}")
    startup = report["startup"] or {}
    return Row(
        name,
        startup.get("mode", "none"),
        startup.get("why", ""),
        len(startup.get("lazy", ())),
        tuple(startup.get("made_eager", ())),
        took["full"],
        took["eager"],
        took["lazy"],
        tuple(differs),
    )


def build(project: dict[str, Any], source: Path, out: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """The report of a build from all events but the last."""
    put(project, source)
    (source / "requirements.txt").write_text("\n".join(project["needs"]) + "\n")
    (source / "lambda-slim.toml").write_text(f'lazy = "{asked.lazy}"\n{table(project)}')
    command = [
        sys.executable,
        "-m",
        "lambda_slim",
        "build",
        str(source),
        "-F",
        "function",
        "--level",
        "reach",
    ]
    command += ["--python", asked.python, "--startup", "lazy", "-o", str(out), "--json", f"{out}.json"]
    for number, event in enumerate(project["events"][:-1]):
        place = source.parent / f"{number}.json"
        place.write_text(json.dumps(event))
        command += ["-e", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode not in (0, 1) or not out.exists():
        raise RuntimeError(f"not built: {done.stderr[-800:]}{done.stdout[-200:]}")
    return json.loads(Path(f"{out}.json").read_text())["functions"][0]


def whole(project: dict[str, Any], full: Path, python: str) -> None:
    """The installation that nobody slimmed."""
    command = ["uv", "pip", "install", "-q", "--target", str(full), "--python-version", python]
    command += ["--python-platform", "x86_64-manylinux_2_28", *project["needs"]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"not installed: {done.stderr[-500:]}")
    put(project, full)


def handler(project: dict[str, Any]) -> str:
    """The handler as Lambda names it."""
    return project.get("handler", "app.handler")


def table(project: dict[str, Any]) -> str:
    """The function in lambda-slim's settings."""
    told = ", ".join(f"{name} = {json.dumps(value)}" for name, value in project.get("env", {}).items())
    return f'[functions.function]\nhandler = "{handler(project)}"\nenvironment = {{ {told} }}\n'


def put(project: dict[str, Any], folder: Path) -> None:
    """Puts a function's own files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if "tree" in project:
        left_out = shutil.ignore_patterns(".*", "tests", "*.toml", "*.lock", "*requirements*.txt", "Pipfile*", "*.y*ml")
        shutil.copytree(project["tree"], folder, dirs_exist_ok=True, ignore=left_out)
    if "code" in project:
        module = handler(project).rpartition(".")[0]
        (folder / f"{module}.py").write_text(project["code"])


def run(
    project: dict[str, Any], interpreter: Path, package: Path, asks: list[Any], **more: str
) -> tuple[float, list[Any]]:
    """The CPU time of INIT in seconds; the answers to events, and what was printed."""
    env = {"PATH": os.environ["PATH"], "HOME": "/nowhere", "LANG": "C.UTF-8", "TZ": "UTC"}
    env |= project.get("env", {}) | more
    # A source warns when it is compiled, bytecode does not.
    command = [str(interpreter), "-I", "-S", "-B", "-W", "ignore::SyntaxWarning", "-c", CHILD]
    command += [str(package), json.dumps(asks), handler(project)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, timeout=120, cwd=package)
    before, mark, answer = done.stdout.partition("ANSWER")
    if not mark:
        raise RuntimeError(f"did not answer: {done.stderr[-800:]}")
    took, told, _ = json.loads(answer)
    printed = (before + done.stderr).replace(str(package), "PACKAGE").replace("/var/task", "PACKAGE")
    return took, [*told, [_VARIES.sub("…", line) for line in printed.splitlines() if not _QUOTES.match(line)]]


if __name__ == "__main__":
    raise SystemExit(main())
