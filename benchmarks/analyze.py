"""What `analyze` promises, measured: python benchmarks/analyze.py [PROJECT...] [--rounds N] [--only 1,3,6,7]

Without projects, the bundled fixtures. Everything is CPU time (user and system, children included), the least of
interleaved rounds: a busy machine disturbs that least. Caches are warm and the benchmark's own. The exit code is 1
where a promise does not hold.
"""

import argparse
import gzip
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from measure import ROOT, Row, clean, cpu, least, tool

sys.path.insert(0, str(ROOT))
RUNS = 5


def imports_of(project: Path, report: dict, env: dict[str, str]) -> Callable[[bool], float]:
    """A function that runs INIT of the built package once, plain or traced, and gives its CPU seconds."""
    out = Path(env["XDG_CACHE_HOME"]) / "packages" / project.name
    cpu(tool("build", project, "-o", out, "-q"), env)
    packages = {}
    for archive in sorted(out.glob("*.zip")):
        shutil.unpack_archive(archive, out / archive.stem)
        packages[archive.stem] = out / archive.stem

    def run(*, plain: bool) -> float:
        from lambda_slim.inputs.project.find import find_project
        from lambda_slim.inputs.settings.load import load
        from lambda_slim.run.import_timer import time_init
        from lambda_slim.run.interpreter import find_interpreter

        loaded = load(project)
        used = 0.0
        for function in find_project(project, loaded).functions:
            own = [row[0] for row in files_of(report, function.name) if row[3] == "(project)"]
            interpreter = find_interpreter(function.target, loaded.interpreter)
            package = packages[function.name] if function.name in packages else next(iter(packages.values()))
            answer = time_init(interpreter, package, function, own, plain=plain).answer
            if "cpu" not in answer:
                raise SystemExit(f"{project.name}: INIT failed: {answer.get('error')}")
            used += answer["cpu"] / 1e9
        return used

    return run


def files_of(report: dict, name: str) -> list[list]:
    return next(one for one in report["functions"] if one["name"] == name)["files"]["rows"]


def project_rows(project: Path, rounds: int, env: dict[str, str], chosen: set[int]) -> Iterator[Row]:
    saved = Path(env["XDG_CACHE_HOME"]) / f"{project.name}.json"
    analyze = tool("analyze", project, "-q", "--runs", RUNS, "--json", saved)
    cpu(analyze, env)  # warm
    report = json.loads(saved.read_text("utf-8"))
    if any(one["imports"] is None for one in report["functions"]):
        raise SystemExit(f"{project.name}: there is no Python of its version here")
    if 2 in chosen:
        yield from attribution(project.name, report)
    if not chosen & {1, 3}:
        return
    run = imports_of(project, report, env)
    built = Path(env["XDG_CACHE_HOME"]) / "lambda-slim" / "builds"

    def build() -> float:
        shutil.rmtree(built, ignore_errors=True)  # or it would only be copied
        return cpu(tool("build", project, "-o", Path(env["XDG_CACHE_HOME"]) / "out", "-q"), env)

    tasks: dict[str, Callable[[], float]] = {}
    if 1 in chosen:
        tasks |= {"analyze": lambda: cpu(analyze, env), "build": build}
    tasks |= {"plain": lambda: run(plain=True), "traced": lambda: run(plain=False)}
    found = least(rounds, tasks)
    if 1 in chosen:
        allowed = RUNS * found["plain"] + found["build"]
        ratio = found["analyze"] / allowed
        what = f"{found['analyze']:.2f} s / ({RUNS} × {found['plain']:.2f} + build {found['build']:.2f} s)"
        yield f"1 analyze, warm: {project.name}", f"{ratio:.2f} = {what}", "≤ 1.5", ratio <= 1.5
    if 3 in chosen:
        more = found["traced"] / found["plain"] - 1
        yield (
            f"3 tracer: {project.name}",
            f"{100 * more:+.1f} % of {1000 * found['plain']:.0f} ms",
            "≤ 10 %",
            more <= 0.10,
        )


def attribution(name: str, report: dict) -> Iterator[Row]:
    for function in report["functions"]:
        imports, before = function["imports"], function["before"]
        counted = sum(
            node["self_us"] + sum(call["us"] for call in node["body_calls"])
            for node in imports["nodes"]
            if node["thread"] == 0
        )
        off = abs(counted / imports["total_us"] - 1)
        rows = function["distributions"]
        exact = (
            sum(row["own_bytes"] for row in rows) == before["unzipped_bytes"]
            and sum(row["files"] for row in rows) == before["files"]
            and sum(row["zipped_bytes"] for row in rows) + 22 == before["zipped_bytes"]  # the end record of the zip
            and sum(row[1] for row in function["files"]["rows"]) == before["unzipped_bytes"]
            and sum(size for _, size in function["by_kind"]) == before["unzipped_bytes"]
        )
        yield (
            f"2 INIT adds up: {name}",
            f"{100 * off:.2f} % off {imports['total_us'] / 1000:.0f} ms",
            "≤ 2 %",
            off <= 0.02,
        )
        yield f"2 sizes add up: {name}", f"{before['unzipped_bytes']} bytes", "exact", exact


def big_report() -> str:
    """A report of 4,997 files and 946 modules in 20 distributions, as JSON."""
    from lambda_slim.formats.report_json import report_json
    from lambda_slim.model import report as r

    names = [f"distribution-{number}" for number in range(19)] + ["(project)"]
    files = tuple(
        r.FileRow(
            f"{names[n % 20].strip('()')}/part{n % 7}/module{n}.py",
            900 + n * 37 % 40_000,
            300 + n * 17 % 9000,
            names[n % 20],
            ("python source", "data", "compiled library")[n % 3],
            "dropped" if n % 5 == 0 else "kept",
            "unreachable" if n % 5 == 0 else "default",
            "no import leads to it" if n % 5 == 0 else "",
            n < 946,
        )
        for n in range(4997)
    )
    nodes = tuple(
        r.ImportNode(n, f"module{n}", None if n == 0 else n // 3, names[n % 20], files[n].path, 3, 900, 1000, n * 950)
        for n in range(946)
    )
    rows = tuple(
        r.DistributionRow(n, "1.0", True, (), 10_000_000, 12_000_000, (), 3_000_000, 250, 250, 47, 45_000)
        for n in names
    )
    function = r.FunctionReport(
        "Orders", "app.handler", "python3.12", "x86_64", 512, r.Sizes(123_000_000, 45_000_000, 4997),
        by_kind=(("python source", 60_000_000), ("data", 63_000_000)), distributions=rows, files=files,
        imports=r.ImportReport(5, 891_000, 9000, 800_000, "pyc", "awslambdaric 4.2.2", 90_000_000, nodes),
        rules=(r.RuleRow("unreachable", "no import leads to it", 1000, 20_000_000),),
        findings=tuple(r.Finding("LS110", "warning", f"finding {n}", f"a{n}.py", n) for n in range(40)),
    )  # fmt: skip
    return report_json(r.Report("0", (function,)))


RENDER = """
import sys, time
from lambda_slim.formats.report_json import parse_report
report = parse_report(open(sys.argv[1], encoding="utf-8").read())
begun = time.process_time()
from lambda_slim.render.console import Look
from lambda_slim.render.terminal import render_terminal
text = render_terminal(report, Look())
sys.stderr.write("")
open(sys.argv[2], "w").write(str(time.process_time() - begun))
"""


def terminal(rounds: int, env: dict[str, str], big: Path) -> Iterator[Row]:
    took = big.with_name("took")

    def render() -> float:
        cpu([sys.executable, "-c", RENDER, str(big), str(took)], env)
        return float(took.read_text())

    found = least(rounds, {"render": render})["render"]
    yield "4 text of 4,997 files, 946 modules", f"{found:.3f} s", "≤ 0.5 s", found <= 0.5


def page(rounds: int, big: Path) -> Iterator[Row]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        yield "5 page", "playwright is not installed", "≤ 1 s", True
        return
    from lambda_slim.formats.report_json import parse_report
    from lambda_slim.render.html import render_html, script, style

    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser_path:
        yield "5 page", "no Chromium here", "≤ 1 s", True
        return
    place = big.with_suffix(".html")
    place.write_text(render_html(parse_report(big.read_text("utf-8"))), "utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])

        def once() -> tuple[float, float]:
            """Seconds until the page answers: of its main thread's CPU, and of the clock."""
            tab = browser.new_page(viewport={"width": 1200, "height": 900})
            metrics = tab.context.new_cdp_session(tab)
            metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
            begun = time.monotonic()
            tab.goto(place.as_uri())
            tab.wait_for_selector("html[data-ready]")
            tab.evaluate("1")  # a task of its own: the page answers
            took = time.monotonic() - begun
            found = {one["name"]: one["value"] for one in metrics.send("Performance.getMetrics")["metrics"]}
            tab.close()
            return found["TaskDuration"], took

        used, took = min(once() for _ in range(rounds))
        browser.close()
    weight, sent = len(script().encode()) + len(style().encode()), len(gzip.compress(place.read_bytes()))
    yield "5 page of 4,997 files, interactive", f"{used:.2f} s of CPU, {took:.2f} s of the clock", "≤ 1 s", used <= 1
    yield "5 its script and style", f"{weight} bytes", "≤ 25 KB", weight <= 25_000
    yield "5 the page compressed", f"{sent} bytes", "≤ 100 KB", sent <= 100_000


def estimates() -> Iterator[Row]:
    """The cold-start model: public cases inside its range, and what 20 cold starts with 8 % of noise make of it."""
    from lambda_slim.measure.coldstart import Workload, estimate, fit
    from tests.unit.measure.test_bias import error
    from tests.unit.measure.test_coldstart import CASES, FITTED, work

    inside, off = 0, []
    for _, runtime, architecture, cpu_ms, native_mb, observed in (*CASES, *FITTED):
        found = estimate(work(runtime, architecture, cpu_ms, native_mb))
        inside += found.init_low_us <= observed * 1000 <= found.init_high_us
        off.append(abs(found.init_us / 1000 / observed - 1))
    share = inside / len((*CASES, *FITTED))
    yield "7 public cases inside the 80 % range", f"{inside} of {len((*CASES, *FITTED))}", "≥ 80 %", share >= 0.8
    yield "7 median error", f"{100 * statistics.median(off):.0f} %", "≤ 10 %", statistics.median(off) <= 0.1
    for scaled in (("boot",), ("imports",), ("boot", "imports")):
        value = f"{100 * error(scaled):.0f} %, {100 * error(()):.0f} % without"
        yield f"7 {' and '.join(scaled)} fitted to other studies", value, "helps none", error(scaled) > error(())
    one = Workload("python3.12", "x86_64", 512, 300_000)
    before, widths, held = estimate(one), [], 0
    for seed in range(200):
        noise = random.Random(seed)
        truth = noise.uniform(1.3, 2.1)
        fitted = fit([89 + truth * 300 * noise.lognormvariate(0, 0.08) for _ in range(20)], one)
        after = estimate(one, fitted)
        was, now = ((side.init_high_us - side.init_low_us) / side.init_us for side in (before, after))
        widths.append(now / was)
        held += fitted.kappa.low <= truth <= fitted.kappa.high
    value = f"{sorted(widths)[100]:.2f} × (at most {max(widths):.2f}); the truth inside in {held / 2:.0f} %"
    yield "7 the range after `calibrate`", value, "≤ 0.5", max(widths) <= 0.5


def start(rounds: int, env: dict[str, str]) -> Iterator[Row]:
    tasks = {
        "pass": lambda: cpu([sys.executable, "-c", "pass"], env),
        "--version": lambda: cpu(tool("--version"), env),
        "--help": lambda: cpu(tool("--help"), env),
    }
    found = least(rounds * 4, tasks)
    for name in ("--version", "--help"):
        ratio = found[name] / found["pass"]
        yield f"6 {name}", f"{ratio:.2f} × {1000 * found['pass']:.0f} ms", "≤ 4", ratio <= 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("projects", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="1,2,3,4,5,6,7")
    asked = parser.parse_args()
    chosen = {int(number) for number in asked.only.split(",")}
    projects = [one.resolve() for one in asked.projects] or sorted(
        one for one in (ROOT / "fixtures").iterdir() if one.is_dir()
    )
    held = True
    with tempfile.TemporaryDirectory(prefix="lambda-slim-bench-") as folder:
        env = clean(Path(folder))
        os.environ["XDG_CACHE_HOME"] = folder  # what runs in this process shares the cache
        big = Path(folder) / "big.json"
        big.write_text(big_report(), "utf-8")

        def rows() -> Iterator[Row]:
            if 6 in chosen:
                yield from start(asked.rounds, env)
            if 4 in chosen:
                yield from terminal(asked.rounds, env, big)
            if 5 in chosen:
                yield from page(asked.rounds, big)
            if 7 in chosen:
                yield from estimates()
            for project in projects if chosen & {1, 2, 3} else ():
                yield from project_rows(project, asked.rounds, env, chosen)

        for what, value, limit, good in rows():
            print(f"{'ok  ' if good else 'MISS'} {what:<38} {value:<46} {limit}", flush=True)
            held &= good
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
