"""Does `check` cry wolf, and does it see the wolf?

    python benchmarks/alarms.py [PROJECT] [--repeats 50] [--trials 10] [--only 1,2,3,4]

PROJECT (by default the bundled fixtures/telemetry) is copied into a git repository of its own, with budgets at what it
takes today and `import-growth = "10 %"`. Each trial is one `lambda-slim check` as a user would type it:

1. unchanged code against its own commit, `--repeats` times: none may fail.
2. a change that costs nothing (another comment), so that base and head are really timed in turn, twice `--trials`
   times: none may fail.
3. 20 % more CPU time in the handler's import: at least nine of ten must fail, by `import-growth`.
4. a file of 1 to 1,000,000 random bytes, over budgets of exactly what there is: all must fail.
5. the same from 20,000 bytes and 1.1 % on, against lambda-slim.lock alone: all must fail.
6. one to five more modules in the handler's import, over `modules`; or one that `forbid-at-init` names: all must fail.

Nothing but the trials' own caches is shared. The machine may be busy: that is the point. The exit code is 1 where one
of these does not hold.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measure import ROOT, Row, clean, script, show

sys.path.insert(0, str(ROOT))

SPIN = """import time as _time
_end = _time.process_time() + {seconds:.6f}
while _time.process_time() < _end:
    pass
"""


class Trial:
    """A project in a repository of its own; every change starts from its commit."""

    def __init__(self, project: Path, folder: Path) -> None:
        from lambda_slim.inputs.project.find import find_project
        from lambda_slim.inputs.settings.load import load

        self.folder = folder / "project"
        shutil.copytree(project, self.folder, ignore=shutil.ignore_patterns(".git", "dist"))
        self.env = clean(folder / "cache")
        self.git("init", "-q")
        found = find_project(self.folder, load(self.folder)).functions[0]
        self.name = found.name
        self.code = found.source
        self.module = found.source / f"{found.handler.rpartition('.')[0].replace('.', '/')}.py"
        self.settings = self.folder / "lambda-slim.toml"
        self.plain = self.settings.read_text() if self.settings.exists() else ""
        self.commit("")

    def git(self, *words: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, "-C", str(self.folder), *words], check=True, capture_output=True)

    def commit(self, budgets: str) -> None:
        head, _, tables = self.plain.partition("\n[")
        self.settings.write_text(f"{head}\n[budgets]\n{budgets}\n" + (f"[{tables}" if tables else ""))
        self.git("add", "-A")
        self.git("commit", "-qm", "base", "--allow-empty")

    def clear(self) -> None:
        self.git("checkout", "-q", ".")
        self.git("clean", "-fdq")

    def check(self, *arguments: str) -> dict[str, dict]:
        """The rows of a check by id; those that failed have the status `failed`."""
        out = self.folder.parent / "report.json"
        out.unlink(missing_ok=True)
        command = script("check", self.folder, "-F", self.name, "-q", "--json", out, *arguments)
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
        self.report = json.loads(out.read_text())["functions"][0]
        return {row["id"]: row for row in self.report["checks"]}

    def prepend(self, text: str) -> None:
        lines = self.module.read_text().splitlines(keepends=True)
        place = next((n for n, line in enumerate(lines) if line.startswith(("import ", "from "))), 0)
        while place < len(lines) and "__future__" in lines[place]:
            place += 1
        self.module.write_text("".join([*lines[:place], text, *lines[place:]]))


def failed(rows: dict[str, dict]) -> list[str]:
    return sorted(name for name, row in rows.items() if row["status"] == "failed")


def unchanged(trial: Trial, repeats: int) -> Iterator[Row]:
    trial.commit('import-growth = "10 %"')
    alarms = sum(bool(failed(trial.check("--against", "git:HEAD"))) for _ in range(repeats))
    yield f"1 unchanged, {repeats} times", f"{alarms} false alarms", "0", not alarms


def as_quick(trial: Trial, repeats: int) -> Iterator[Row]:
    trial.clear()
    trial.commit('import-growth = "10 %"\nimport-time = "60 s"')
    alarms, widest = 0, 0.0
    for number in range(repeats):
        trial.clear()
        trial.module.write_text(f"{trial.module.read_text()}\n# {number} {random.random()}\n")
        rows = trial.check("--against", "git:HEAD")
        alarms += bool(failed(rows))
        widest = max(widest, abs(rows["import-growth"]["value"]) / 10_000)
    told = f"{alarms} false alarms; median of pairs at most {widest:.1f} % off"
    yield f"2 a comment changed, {repeats} times", told, "0", not alarms


def slower(trial: Trial, trials: int) -> Iterator[Row]:
    trial.clear()
    trial.commit('import-growth = "10 %"\nimport-time = "60 s"')
    base = trial.check("--against", "none")["import-time"]["value"]
    caught = 0
    seen: list[float] = []
    for _ in range(trials):
        trial.clear()
        trial.prepend(SPIN.format(seconds=0.2 * base / 1e6))
        rows = trial.check("--against", "git:HEAD")
        caught += failed(rows) == ["import-growth"]
        seen.append(rows["import-growth"]["value"] / 10_000)
    told = f"{caught} of {trials} caught; seen as {min(seen):+.0f} to {max(seen):+.0f} % of {base / 1000:.0f} ms"
    yield f"3 20 % more import time, {trials} times", told, "≥ 9 of 10", caught >= 0.9 * trials


def larger(trial: Trial, trials: int) -> Iterator[Row]:
    trial.clear()
    trial.commit("")
    trial.check("--against", "none")
    sizes, modules = trial.report["after"], len(trial.report["init_modules"])
    limits = f'unzipped = "{sizes["unzipped_bytes"]} B"\nzipped = "{sizes["zipped_bytes"]} B"\nmodules = {modules}\n'
    trial.commit(limits + f'forbid-at-init = ["injected"]\nfiles = {sizes["files"]}')
    alarm = failed(trial.check("--against", "none"))
    caught = 0
    for number in range(trials):
        trial.clear()
        size = round(10 ** (6 * number / max(trials - 1, 1)))
        (trial.code / "injected.dat").write_bytes(random.randbytes(size))
        found = failed(trial.check("--against", "none"))
        caught += {"unzipped", "zipped", "files"} <= set(found)
    told = f"{caught} of {trials} caught; {len(alarm)} false alarms without"
    yield f"4 more bytes than budgets, {trials} times", told, "all, 0", caught == trials and not alarm

    caught = 0
    for number in range(trials):
        trial.clear()
        added = number % 5 + 1
        for one in range(added):
            (trial.code / f"injected{one or ''}.py").write_text(f"VALUE = {number}\n")
        trial.prepend("".join(f"import injected{one or ''}\n" for one in range(added)))
        found = failed(trial.check("--against", "none"))
        caught += {"modules", "forbid-at-init"} <= set(found)
    told = f"{caught} of {trials} caught"
    yield f"6 more modules at INIT, {trials} times", told, "all", caught == trials

    trial.clear()
    trial.commit("")
    command = script("check", trial.folder, "-F", trial.name, "-q", "--update")
    subprocess.run(command, env=trial.env, check=True, capture_output=True)
    trial.git("add", "-A")
    trial.git("commit", "-qm", "lock")
    alarm = failed(trial.check())
    caught = 0
    least = max(20_000, sizes["unzipped_bytes"] * 11 // 1000)
    for number in range(trials):
        trial.clear()
        size = round(least * (1_000_000 / least) ** (number / max(trials - 1, 1))) if least < 1_000_000 else least
        (trial.code / "injected.dat").write_bytes(random.randbytes(size))
        caught += "growth of unzipped" in failed(trial.check())
    told = f"{caught} of {trials} caught; {len(alarm)} false alarms without"
    yield f"5 more bytes than the lock, {trials} times", told, "all, 0", caught == trials and not alarm


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("project", nargs="?", type=Path, default=ROOT / "fixtures" / "telemetry")
    parser.add_argument("--repeats", type=int, default=50)
    parser.add_argument("--trials", type=int, default=10)
    parser.add_argument("--only", default="1,2,3,4", help="4 stands for 4, 5 and 6")
    asked = parser.parse_args()
    chosen = {int(number) for number in asked.only.split(",")}
    held = True
    with tempfile.TemporaryDirectory(prefix="lambda-slim-bench-") as name:
        os.environ["LAMBDA_SLIM_CACHE"] = f"{name}/cache/own"
        trial = Trial(asked.project.resolve(), Path(name))
        experiments = (
            unchanged(trial, asked.repeats),
            as_quick(trial, 2 * asked.trials),
            slower(trial, asked.trials),
            larger(trial, asked.trials),
        )
        for number, rows in enumerate(experiments, 1):
            for row in rows if number in chosen else ():
                held &= show(*row)
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
