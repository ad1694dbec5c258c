"""How quick `check` and `lint` are: python benchmarks/check.py [PROJECT] [--rounds N] [--functions N] [--only 1,2,3]

1. `check` where nothing changed, beside `--version`: wall and CPU time, in turn, by the installed script.
2. `lint` on 50 files: lambda-slim's own largest, as a project of their own.
3. N functions that share the requirements of the project's first function, each with a copy of its code. lambda-slim's
   cache is empty before each run, uv's is warm; what a further function takes is (all - one) / (N - 1).

PROJECT is a folder, by default the bundled fixtures/orders. CPU times are the least of the rounds (user and system,
children included), wall times the median. Needs the package index once. The exit code is 1 where a promise does not
hold.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measure import ROOT, Row, Spent, clean, script, show, spend

sys.path.insert(0, str(ROOT))
HOLDS = (0, 1)  # a budget may fail: what is measured is the same
TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: {runtime}
    Architectures: [{architecture}]
Resources:
"""
FUNCTION = """  F{number:03}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: f{number:03}
      Handler: {handler}
"""


def warm(project: Path, rounds: int, env: dict[str, str]) -> Iterator[Row]:
    check, version = script("check", project), script("--version")
    for command in (check, version, check):
        spend(command, env, codes=HOLDS)
    spent: dict[str, list[Spent]] = {"check": [], "version": []}
    for _ in range(rounds):
        spent["version"].append(spend(version, env))
        spent["check"].append(spend(check, env, codes=HOLDS))
    wall = statistics.median(one.wall for one in spent["check"])
    least = {name: min(one.cpu for one in ones) for name, ones in spent.items()}
    middle = {name: statistics.median(one.cpu for one in ones) for name, ones in spent.items()}
    ratio = min(least["check"] / least["version"], middle["check"] / middle["version"])
    yield f"1 check, nothing changed: {project.name}", f"{wall:.3f} s of wall", "≤ 0.5 s", wall <= 0.5
    told = f"{ratio:.2f} = {1000 * least['check']:.0f} / {1000 * least['version']:.0f} ms of CPU"
    yield "1 beside --version", told, "≤ 3", ratio <= 3


def lint(folder: Path, rounds: int, env: dict[str, str]) -> Iterator[Row]:
    files = sorted((ROOT / "lambda_slim").rglob("*.py"), key=lambda file: -file.stat().st_size)[:50]
    for file in files:
        place = folder / file.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
    (folder / "lambda-slim.toml").write_text("")
    names = [str(file.relative_to(ROOT)) for file in files]
    lines = sum(len(file.read_bytes().splitlines()) for file in files)
    spent = [spend(script("lint", *names), env, codes=HOLDS, cwd=folder) for _ in range(rounds + 1)][1:]
    wall, least = statistics.median(one.wall for one in spent), min(one.cpu for one in spent)
    told = f"{least:.2f} s of CPU, {wall:.2f} s of wall"
    yield f"2 lint, 50 files of {lines} lines", told, "≤ 1 s of CPU", least <= 1


def copies(project: Path, folder: Path, count: int) -> Path:
    """A project of many functions with the code and requirements of another's first function."""
    from lambda_slim.inputs.project.find import find_project
    from lambda_slim.inputs.settings.load import load

    first = find_project(project, load(project)).functions[0]
    target = first.target
    text = TEMPLATE.format(runtime=target.runtime.name, architecture=target.architecture)
    for number in range(count):
        place = folder / f"f{number:03}"
        shutil.copytree(first.source, place, ignore=shutil.ignore_patterns(".git", "node_modules", ".aws-sam"))
        if first.requirements:
            shutil.copy(first.requirements.path, place)
        module = place / f"{first.handler.rpartition('.')[0].replace('.', '/')}.py"
        module.write_text(f"{module.read_text('utf-8')}\n# {number}\n", "utf-8")
        text += FUNCTION.format(number=number, handler=first.handler)
    (folder / "template.yaml").write_text(text)
    return folder


def many(project: Path, folder: Path, count: int, env: dict[str, str]) -> Iterator[Row]:
    cache = folder / "cache"
    cold = {**env, "LAMBDA_SLIM_CACHE": str(cache)}
    one, all_ = copies(project, folder / "one", 1), copies(project, folder / "all", count)

    def timed(place: Path) -> Spent:
        shutil.rmtree(cache, ignore_errors=True)
        return spend(script("check", place, "-q"), cold, codes=HOLDS)

    timed(one)  # uv's cache and the index's pages
    first = min((timed(one) for _ in range(3)), key=lambda spent: spent.cpu)
    whole = timed(all_)
    trees = [tree for key in (cache / "trees").glob("*/*") for tree in key.iterdir() if tree.is_dir()]
    share = (whole.cpu - first.cpu) / (count - 1) / first.cpu
    told = (
        f"{100 * share:.1f} % of {first.cpu:.2f} s; all {count}: {whole.cpu:.1f} s of CPU, {whole.wall:.0f} s of wall"
    )
    yield f"3 a further one of {count}: {project.name}", told, "≤ 5 %", share <= 0.05
    yield f"3 installed trees of {count} functions", str(len(trees)), "= 1", len(trees) == 1


def rows(project: Path, folder: Path, env: dict[str, str], asked: argparse.Namespace) -> Iterator[Row]:
    chosen = {int(number) for number in asked.only.split(",")}
    if 1 in chosen:
        yield from warm(project, asked.rounds, env)
    if 2 in chosen:
        yield from lint(folder / "files", asked.rounds, env)
    if 3 in chosen:
        yield from many(project, folder / "many", asked.functions, env)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("project", nargs="?", type=Path, default=ROOT / "fixtures" / "orders")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--functions", type=int, default=200)
    parser.add_argument("--only", default="1,2,3")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lambda-slim-bench-") as name:
        folder = Path(name)
        env = clean(folder / "cache")
        held = True
        for row in rows(asked.project.resolve(), folder, env, asked):
            held &= show(*row)
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
