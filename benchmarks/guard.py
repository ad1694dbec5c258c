"""What the guard costs at a cold start, where nothing of what was left out is asked for, and where something is.

    python benchmarks/guard.py [--runs 60] [--python 3.12] [PACKAGE.zip HANDLER]

Without a package, one is made of `requests` at level reach. It is run with and without the guard's files,
in turn, through the real awslambdaric up to the first request for an event; CPU seconds of the process, user and
system, as wait4 counts them. The ratio of the medians is what counts; a second pair, both without a guard,
shows the noise.
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from lambda_slim.bundle.guard import is_guard  # noqa: E402
from lambda_slim.knowledge.runtimes import runtimes  # noqa: E402
from lambda_slim.model.target import Target  # noqa: E402
from lambda_slim.run.interpreter import find_interpreter  # noqa: E402
from lambda_slim.run.lambda_runtime import runtime_client  # noqa: E402

# As /var/runtime/bootstrap.py starts a handler, up to where it would ask for the first event.
START = """
import sys; task, ric, handler = sys.argv[1:]
sys.path.insert(0, ric)
import awslambdaric.__main__, awslambdaric.bootstrap as bootstrap, site, os
sys.path.remove(ric); sys.path.append(ric); sys.path.insert(0, task); os.chdir(task)
site.addsitedir(task)
bootstrap._get_handler(handler)
os._exit(0)
"""
APP = "import requests\n\ndef handler(event, context):\n    return requests.__version__\n"
# Two names of which one is not in any index, as optional accelerators are, and one is.
ASKS = """
for name in ('requests.nothing', 'urllib3.contrib.emscripten'):
    try: __import__(name)
    except ImportError: pass
"""


def example(folder: Path, python: str) -> Path:
    project = folder / "project"
    project.mkdir()
    (project / "app.py").write_text(APP)
    (project / "requirements.txt").write_text("requests\n")
    out = folder / "package.zip"
    command = [
        sys.executable,
        "-m",
        "lambda_slim",
        "build",
        str(project),
        "--handler",
        "app.handler",
        "--level",
        "reach",
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([*command, "--python", python, "-o", str(out), "-q"], check=True, env=env)
    return out


def cpu(interpreter: Path, package: Path, ric: Path, handler: str) -> float:
    command = [str(interpreter), "-I", "-S", "-c", START, str(package), str(ric), handler]
    child = subprocess.Popen(command, env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"})
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    assert status == 0, status
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("package", nargs="?", type=Path)
    parser.add_argument("handler", nargs="?", default="app.handler")
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--python", default="3.12")
    asked = parser.parse_args()
    interpreter = find_interpreter(Target(runtimes()[f"python{asked.python}"], "x86_64"), None)
    ric = interpreter and runtime_client(interpreter)
    if interpreter is None or ric is None:
        sys.exit("needs a Python of that version, and awslambdaric")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = asked.package or example(folder, asked.python)
        places = {one: folder / one / "task" for one in ("without", "again", "guard", "asked")}
        for one, place in places.items():
            with zipfile.ZipFile(package) as opened:
                opened.extractall(place)
            if one in ("without", "again"):
                for path in [path for path in place.iterdir() if is_guard(path.name)]:
                    path.unlink()
        if asked.package is None:
            app = places["asked"] / "app.py"
            app.write_text(ASKS + app.read_text())
            shutil.rmtree(places["asked"] / "__pycache__", ignore_errors=True)
            plain = folder / "asked-without" / "task"
            shutil.copytree(places["asked"], plain)
            for path in [path for path in plain.iterdir() if is_guard(path.name)]:
                path.unlink()
            places["asked-without"] = plain
        else:
            del places["asked"]
        times: dict[str, list[float]] = {one: [] for one in places}
        for number in range(asked.runs + 2):
            order = list(places)
            random.shuffle(order)
            for one in order:
                taken = cpu(interpreter, places[one], ric, asked.handler)
                if number > 1:
                    times[one].append(taken)
    report(times)


def report(times: dict[str, list[float]]) -> None:
    for one, base in (("again", "without"), ("guard", "without"), ("asked", "asked-without")):
        if one not in times:
            continue
        pairs = [a - b for a, b in zip(times[one], times[base], strict=True)]
        ratio = statistics.median(times[one]) / statistics.median(times[base])
        least = min(times[one]) / min(times[base])
        print(
            f"{one:>6} / {base:<14} CPU {statistics.median(times[one]) * 1e3:7.2f} / "
            f"{statistics.median(times[base]) * 1e3:7.2f} ms   ratio of medians {ratio:.4f}   of least {least:.4f}   "
            f"median difference {statistics.median(pairs) * 1e6:+.0f} µs"
        )


if __name__ == "__main__":
    main()
