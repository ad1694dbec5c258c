"""The report in a few lines a function: did it help, by how much, is it safe, and what next."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from lambda_slim.base.rows import total_bytes
from lambda_slim.base.text import clause, shown_all
from lambda_slim.base.units import plural, show_both, show_change, show_size, show_time, verb
from lambda_slim.model.import_report import ImportReport
from lambda_slim.model.package_report import PackageReport, Proof
from lambda_slim.model.report import FunctionReport, Report, Sizes, Step, is_dead
from lambda_slim.render.brief_table import step_line, style_of, table
from lambda_slim.render.built import deploy_rows
from lambda_slim.render.console import Look, fold
from lambda_slim.render.sizes import DIRECT_UPLOAD, UNZIPPED_LIMIT, cpu_note, image_lines
from lambda_slim.render.troubles import troubles

_LABEL = 12  # columns before a row's text
_MOST = 3  # functions that get lines of their own; more are a table
_TOP = 3  # distributions to name
_NOISE_US = 5_000
_NOISE = 0.1  # two single runs of one package differ by that


def render_brief(report: Report, look: Look, *, view: str = "build") -> str:
    """At most six lines a function, or one table of many; then how to deploy, and how to see the rest."""
    report = shown_all(report)
    building = view == "build"
    if len(report.functions) > _MOST:
        lines = [*table(report.functions, look, building=building), *_troubles(report.functions, look)]
    else:
        lines = [*_blocks(report.functions, look, building=building)]
    return "".join([*lines, *_footer(report, look, view)])


def _blocks(functions: Iterable[FunctionReport], look: Look, *, building: bool) -> Iterator[str]:
    """The lines of each function."""
    lines_of = _built if building else _analyzed
    for function in functions:
        yield from _titled(function, look)
        yield from lines_of(function, look)


def _titled(function: FunctionReport, look: Look) -> list[str]:
    target = f"{function.runtime} {function.architecture}, {function.memory_mb} MB"
    handler = clause("   {}", function.handler)
    return [look.plain(f"{look.paint(function.name, 'bold')}   {target}{handler}\n")]


def _row(label: str, text: str, look: Look, style: str = "") -> str:
    return look.plain(f"  {look.paint(label.ljust(_LABEL - 2), 'dim')}") + fold(_LABEL, text, look, style)


def _built(function: FunctionReport, look: Look) -> Iterator[str]:
    yield _row("zip", _zip(function), look)
    if init := _init(function):
        yield _row("INIT", init, look)
    if function.package:
        yield _row("proof", _proof(function), look, style_of(function))
    yield from _trouble(function, look)
    if step := _best_step(function):
        yield _row("next", step_line(step), look)
    yield "\n"


def _zip(function: FunctionReport) -> str:
    before, after = function.before, function.after
    if after is None:
        kept = total_bytes(function.shipped)
        return f"not written: {show_size(kept)} of {show_size(before.unzipped_bytes)} would ship, without bytecode"
    was, now = show_size(before.zipped_bytes), show_size(after.zipped_bytes)
    unzipped = f"   unzipped {show_size(before.unzipped_bytes)} → {show_size(after.unzipped_bytes)}"
    if not before.zipped_bytes:
        return f"{now}{unzipped}"
    change = show_change(before.zipped_bytes, after.zipped_bytes)
    return f"{was} → {now}, {change}{_grown(function.package, before, after) or unzipped}"


def _grown(package: PackageReport | None, before: Sizes, after: Sizes) -> str:
    """Where the zip is larger than the full package: what bytecode takes of it."""
    if package is None or after.zipped_bytes <= before.zipped_bytes:
        return ""
    bytecode, plain = package.bytecode_zipped_bytes, package.plain_zipped_bytes
    if not (bytecode and plain):
        return ""
    return f" ({show_size(bytecode)} of it bytecode; {show_size(plain)} with --bytecode none)"


def _init(function: FunctionReport) -> str:
    """INIT before and after, where it was measured."""
    before, after, by = _init_times(function)
    if not after:
        return ""
    faster = _faster(before, after) if before else ""
    return f"{show_both(before, after, show_time)}{faster}   {by}"


def _init_times(function: FunctionReport) -> tuple[int, int, str]:
    """CPU time of INIT before and after, 0 where it was not measured, and what measured it."""
    startup = function.startup
    if startup is not None and startup.mode != "eager" and startup.eager_us:
        return startup.eager_us, startup.lazy_us, f"CPU here, {startup.mode} imports"
    return *function.timed_us, "CPU in the runs of the proof"


def _faster(before: int, after: int) -> str:
    """How much faster INIT is; "" for a few milliseconds, by which two runs of one package differ, too."""
    times = before / after
    if abs(before - after) < _NOISE_US:
        return ""
    if abs(times - 1) < _NOISE:
        return ", about the same"
    if times > 1:
        return f", {times:.1f} times as fast"
    return f", {100 * after / before:.0f} % of the time"


def _proof(function: FunctionReport) -> str:
    package, proof = function.package, function.proof
    assert package is not None
    level = f"level {package.level}"
    if proof is None:
        return level + _without_run(package)
    back = clause("; {} brought back (-v)", len(proof.rolled_back), partial(plural, noun="file"))
    return f"{level}{clause(', {}', package.level_why)}: {_said(proof)}{back}"


def _without_run(package: PackageReport) -> str:
    """Why nothing was run for a package."""
    if package.level_why:
        return f": {package.level_why}"
    return ", which needs no run" if package.level == "safe" else ", not run"


def _said(proof: Proof) -> str:
    if proof.result == "same":
        return f"same results of {plural(proof.events, 'event')}, {_alike(proof)}"
    if proof.result == "imports-only":
        failing = clause("INIT fails in both, no result of {}", proof.events, partial(plural, noun="event"))
        return f"{_alike(proof)}, {failing or 'no events'}"
    if proof.reason.startswith("the full package does not start"):
        return proof.reason
    words = {"not-run": "not proved", "different": "DIFFERENT from the full package"}
    return f"{words.get(proof.result, 'no proof')}{clause(': {}', proof.reason)}"


def _alike(proof: Proof) -> str:
    return f"{plural(proof.modules, 'module')} {verb(proof.modules, 'import')} alike"


def _trouble(function: FunctionReport, look: Look) -> Iterator[str]:
    for label, text, style in troubles(function):
        yield _row(label, text, look, style)


def _best_step(function: FunctionReport) -> Step | None:
    """The step that helps most: what is wrong first, then what the proof lacks, then what saves most."""
    proof = function.proof
    if is_dead(function):
        return None  # the line above says what it needs
    if proof and proof.result == "imports-only" and not proof.events:
        return Step("compare results too", "lambda-slim build -e EVENT.json")
    return _saving(function)


def _analyzed(function: FunctionReport, look: Look) -> Iterator[str]:
    cold = function.cold_start
    if function.image:
        yield from image_lines(function.image, function.before, look)
    else:
        yield from _limits(function, look)
    if function.imports:
        yield _row("INIT", _timed(function.imports), look)
    if cold:
        low, high = show_time(cold.init_low_us), show_time(cold.init_high_us)
        yield _row("cold", f"INIT on Lambda about {show_time(cold.init_us)} (80 %: {low} to {high})", look)
    if largest := _largest(function):
        yield _row("largest", largest, look)
    yield from _trouble(function, look)
    if (step := _saving(function)) and not is_dead(function):
        yield _row("next", step_line(step), look)
    yield "\n"


def _limits(function: FunctionReport, look: Look) -> Iterator[str]:
    sizes = function.before
    unzipped = sizes.unzipped_bytes + function.layers_bytes
    layers = clause(" with {} in layers", function.layers_bytes, show_size)
    if sizes.zipped_bytes:
        share = 100 * sizes.zipped_bytes / DIRECT_UPLOAD
        yield _row("zip", f"{show_size(sizes.zipped_bytes)}, {share:.0f} % of 50 MiB for direct upload", look)
    yield _row("unzipped", f"{show_size(unzipped)}{layers}, {100 * unzipped / UNZIPPED_LIMIT:.0f} % of 250 MiB", look)


def _timed(imports: ImportReport) -> str:
    loaded = len(imports.loaded)
    middle = "one run"
    if imports.runs > 1:
        middle = f"median of {plural(imports.runs, 'run')} here{_spread(imports)}"
    return f"{show_time(imports.total_us)}, {plural(loaded, 'module')}; {middle}{cpu_note(imports)}"


def _spread(imports: ImportReport) -> str:
    if imports.total_us <= _NOISE_US:
        return ""
    return f", ±{100 * imports.spread_us / imports.total_us:.0f} %"


def _saving(function: FunctionReport) -> Step | None:
    """The first step that saves something."""
    return next(iter(function.saving_steps), None)


def _largest(function: FunctionReport) -> str:
    rows = sorted(function.distributions, key=lambda row: -row.own_bytes)[:_TOP]
    return ", ".join(f"{row.name} {show_size(row.own_bytes)}" for row in rows if row.version)


def _troubles(functions: Iterable[FunctionReport], look: Look) -> Iterator[str]:
    for function in functions:
        if lines := list(_trouble(function, look)):
            yield look.plain(f"{function.name}\n")
            yield from lines


def _footer(report: Report, look: Look, view: str) -> Iterator[str]:
    if view != "build":
        yield fold(0, "All of it: lambda-slim analyze -v, or as a page: --html report.html", look, "dim")
        return
    yield from _deployment(report, look)
    yield fold(0, "All of it: lambda-slim build -v; every file: lambda-slim files --explain", look, "dim")


def _deployment(report: Report, look: Look) -> Iterator[str]:
    """How to deploy the first package with the project's tool, and the packages that must not be deployed."""
    packages = [(row, row.package) for row in report.functions if row.package]
    sound = [(row.name, package) for row, package in packages if not is_dead(row)]
    dead = [package.path for row, package in packages if is_dead(row)]
    if sound:
        name, package = sound[0]
        tool, line = _told_to(_tool_of(report.template), deploy_rows(name, package.path))
        gap = " " if len(tool) + len(line) + 14 <= look.width else "\n  "  # a command is copied, so it is never folded
        yield look.plain(f"Deploy with {tool}:{gap}{line}\n")
    if dead:
        yield fold(0, f"Not to be deployed: {', '.join(dead)}", look, "error")


def _told_to(tool: str, rows: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The tool, or the last one that takes such a package, and its configuration in one line."""
    tools = [name for name, _ in rows]
    if tool not in tools:
        tool = [*filter(None, tools)][-1]
    start = tools.index(tool)
    lines = [rows[start][1]]
    if tool == "AWS CLI":
        lines += [text for name, text in rows[start + 1 :] if not name]
    return tool, " ".join(line.rstrip("\\").strip() for line in lines)


def _tool_of(template: str) -> str:
    """The tool of a deployment file, by the file's name."""
    return next((tool for sign, tool in _TOOLS if sign.search(template.lower())), "AWS CLI")


_TOOLS = (  # the first that fits
    (re.compile(r"serverless"), "Serverless"),
    (re.compile(r"\.tf(\.json)?$"), "Terraform"),
    (re.compile(r"^cdk|cdk\.out"), "CDK"),
    (re.compile(r"\.(ya?ml|json|template)$"), "SAM"),
)
