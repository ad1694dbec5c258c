"""Commands ended at random moments: no output torn, nothing left running or lying about, no exit code but documented.

`python -m benchmarks.attack kills --seed 1 --count 50`; the count is for each command.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = """import json, helper, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600.25)"], start_new_session=True)
def handler(event, context):
    return json.dumps(helper.answer(event))
"""
SETTINGS = 'runtime = "python3.12"\n[budgets]\nunzipped = "10 MiB"\n[functions.F]\nhandler = "app.handler"\n'
COMMANDS: dict[str, Sequence[str]] = {
    "build": ("build", ".", "-o", "out", "--no-verify", "--json", "out/build.json"),
    "build, proved": ("build", ".", "-o", "out", "--level", "reach"),
    "analyze": ("analyze", ".", "--runs", "1", "--json", "out/analyze.json", "--html", "out/analyze.html"),
    "check": ("check", ".", "--update", "--no-import"),
    "trace": ("trace", ".", "-o", "out/trace.json"),
    "reproduce": ("reproduce", "."),
}
DOCUMENTED = {0, 1, 2, 3, 5, 130}
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


def _project(folder: Path) -> None:
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    (folder / "helper.py").write_text("def answer(event):\n    return {'ok': True}\n")
    for number in range(60):
        (folder / f"part{number}.py").write_text(f"VALUE = {number}\ndef run():\n    return VALUE * 2\n")
    (folder / "lambda-slim.toml").write_text(SETTINGS)


class Killer:
    """One project, cache and TMPDIR in which commands are ended."""

    def __init__(self, folder: Path, random_: random.Random) -> None:
        self.folder, self.random = folder, random_
        self.project, self.tmp, self.cache = folder / "project", folder / "tmp", folder / "cache"
        self.tmp.mkdir()
        _project(self.project)
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("LAMBDA_SLIM_")}
        self.env |= {"TMPDIR": str(self.tmp), "LAMBDA_SLIM_CACHE": str(self.cache), "PYTHONPATH": str(ROOT)}

    def start(self, words: Sequence[str]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "lambda_slim", *words, "-q"]
        return subprocess.Popen(command, cwd=self.project, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def whole(self, words: Sequence[str]) -> tuple[int, str, float]:
        begun = time.monotonic()
        child = self.start(words)
        out, err = child.communicate()
        return child.returncode, (out + err).decode("utf-8", "replace"), time.monotonic() - begun

    def kill(self, words: Sequence[str], most: float) -> list[str]:
        """Ends one command somewhere within `most` seconds; gives what is wrong afterwards."""
        if self.random.random() < 0.3:  # without what the last run kept, so that all is done again
            shutil.rmtree(self.cache / "builds", ignore_errors=True)
            (self.project / "helper.py").write_text(f"def answer(event):\n    return {self.random.random()}\n")
        chosen = self.random.choice(SIGNALS)
        child = self.start(words)
        time.sleep(self.random.random() * most)
        child.send_signal(chosen)
        try:
            err = child.communicate(timeout=60)[1].decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            child.kill()
            return [f"{chosen.name}: it did not end within 60 s"]
        return [*self._exit_faults(child.returncode, chosen, err), *self._torn(), *self._alive(chosen)]

    def _exit_faults(self, code: int, chosen: signal.Signals, err: str) -> list[str]:
        early = {-signal.SIGTERM, -signal.SIGINT}  # while Python itself starts
        allowed = DOCUMENTED | ({-signal.SIGKILL} if chosen == signal.SIGKILL else early)
        faults = [] if code in allowed else [f"{chosen.name}: exit {code}: {err[-200:]}"]
        in_ours = "Traceback" in err and "lambda_slim" in err
        return [*faults, *([f"{chosen.name}: a traceback: {err[-300:]}"] if in_ours else [])]

    def _torn(self) -> list[str]:
        faults = []
        for path in (*self.project.glob("out/*"), self.project / "lambda-slim.lock"):
            try:
                if path.suffix == ".zip" and zipfile.ZipFile(path).testzip() is not None:
                    faults.append(f"torn: {path.name}")
                if path.suffix in (".json", ".lock") and path.exists():
                    json.loads(path.read_text("utf-8"))
                if path.suffix == ".html" and not path.read_text("utf-8").rstrip().endswith("</html>"):
                    faults.append(f"torn: {path.name}")
            except (ValueError, zipfile.BadZipFile) as error:
                faults.append(f"torn: {path.name}: {error}")
        return faults

    def _alive(self, chosen: signal.Signals) -> list[str]:
        """Processes that still run with this TMPDIR; they have a moment to be ended in."""
        for _ in range(40):
            left = [pid for pid in _running(str(self.tmp)) if pid != os.getpid()]
            if not left:
                return []
            time.sleep(0.05)
        return [f"{chosen.name}: {len(left)} processes still run"]

    def left(self) -> list[str]:
        """What lies about: in TMPDIR, and temporary files beside outputs and in the cache."""
        faults = [f"left in TMPDIR: {path.name}" for path in self.tmp.iterdir()]
        beside = [*self.project.glob("out/.*"), *self.project.glob(".*.tmp"), *self.cache.rglob(".*.tmp")]
        return faults + [f"left: {path.relative_to(self.folder)}" for path in beside]


def _running(text: str) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            seen = (place / "environ").read_bytes() + (place / "cmdline").read_bytes()
        except OSError:
            continue
        if text.encode() in seen or b"sleep(600.25)" in seen:
            found.append(int(place.name))
    return found


def attack(name: str, seed: int, count: int, folder: Path) -> list[str]:
    """Ends a command `count` times, runs it once more, and gives what was wrong."""
    killer = Killer(folder, random.Random(f"{name} {seed}"))
    code, said, took = killer.whole(COMMANDS[name])
    if code not in (0, 1):
        return [f"{name} does not run here: exit {code}: {said[-300:]}"]
    faults = []
    for _ in range(count):
        faults += [f"{name}: {fault}" for fault in killer.kill(COMMANDS[name], 1.1 * took)]
    code, said, _ = killer.whole(COMMANDS[name])
    if code not in (0, 1):
        faults.append(f"{name}: the next run ends with {code}: {said[-300:]}")
    return faults + [f"{name}: {fault}" for fault in killer.left()]


def main(seed: int, count: int) -> int:
    """Every command, `count` times each."""
    failed = 0
    for name in COMMANDS:
        with tempfile.TemporaryDirectory(prefix="lambda-slim-kills-") as folder:
            faults = attack(name, seed, count, Path(folder))
        failed += len(faults)
        print(f"{name}: {count} kills, {len(faults)} faults", flush=True)
        for fault in faults[:6]:
            print(f"  {fault}", flush=True)
    return failed
