"""The report in a few lines a function: did it help, by how much, is it safe, and what next."""

import re
from collections.abc import Iterable, Iterator, Sequence

from lambda_slim.base.rows import total_bytes
from lambda_slim.base.text import clause, shown_all
from lambda_slim.base.units import plural, show_change, show_size, show_time
from lambda_slim.model.import_report import ImportReport
from lambda_slim.model.report import FunctionReport, PackageReport, Proof, Report, Sizes, Step, is_dead
from lambda_slim.render.built import deploy_rows
from lambda_slim.render.console import GridStyle, Look, fold, grid
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
    lines_of = _built if view == "build" else _analyzed
    if len(report.functions) > _MOST:
        lines = [*_table(report.functions, look, building=view == "build"), *_troubles(report.functions, look)]
    else:
        lines = [
            line for function in report.functions for line in (*_titled(function, look), *lines_of(function, look))
        ]
    return "".join([*lines, *_footer(report, look, view)])


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
        yield _row("proof", _proof(function), look, "error" if is_dead(function) else "")
    yield from _trouble(function, look)
    if step := _best_step(function):
        yield _row("next", _told(step), look)
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
    if package is None or after.zipped_bytes <= before.zipped_bytes or not package.plain_zipped_bytes:
        return ""
    if not package.bytecode_zipped_bytes:
        return ""
    plain = show_size(package.plain_zipped_bytes)
    return f" ({show_size(package.bytecode_zipped_bytes)} of it bytecode; {plain} with --bytecode none)"


def _init(function: FunctionReport) -> str:
    """INIT before and after, where it was measured."""
    startup = function.startup
    if startup is not None and startup.mode != "eager" and startup.eager_us:
        before, after, by = startup.eager_us, startup.lazy_us, f"CPU here, {startup.mode} imports"
    else:
        before, after = function.proof.timed_us if function.proof else (0, 0)
        by = "CPU in the runs of the proof"
    if not after:
        return ""
    if not before:
        return f"{show_time(after)}   {by}"
    return f"{show_time(before)} → {show_time(after)}{_faster(before, after)}   {by}"


def _faster(before: int, after: int) -> str:
    """How much faster INIT is; "" for a few milliseconds, by which two runs of one package differ, too."""
    times = before / after
    if abs(before - after) < _NOISE_US:
        return ""
    if abs(times - 1) < _NOISE:
        return ", about the same"
    return f", {times:.1f} times as fast" if times > 1 else f", {100 * after / before:.0f} % of the time"


def _proof(function: FunctionReport) -> str:
    package, proof = function.package, function.proof
    assert package is not None
    why = package.level_why
    if proof is None:
        told = f": {why}" if why else ", which needs no run" if package.level == "safe" else ", not run"
        return f"level {package.level}{told}"
    level = f"level {package.level}{clause(', {}', why)}"
    back = f"; {plural(len(proof.rolled_back), 'file')} brought back (-v)" if proof.rolled_back else ""
    return f"{level}: {_said(proof)}{back}"


def _said(proof: Proof) -> str:
    if proof.result == "same":
        return f"same results of {plural(proof.events, 'event')}, {_alike(proof)}"
    if proof.result == "imports-only":
        none = f"INIT fails in both, no result of {plural(proof.events, 'event')}" if proof.events else "no events"
        return f"{_alike(proof)}, {none}"
    reason = proof.notes[0] if proof.notes else ""
    if reason.startswith("the full package does not start"):
        return reason
    words = {"not-run": "not proved", "different": "DIFFERENT from the full package"}
    return f"{words.get(proof.result, 'no proof')}{clause(': {}', reason)}"


def _alike(proof: Proof) -> str:
    return f"{plural(proof.modules, 'module')} import{'s' if proof.modules == 1 else ''} alike"


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


def _told(step: Step) -> str:
    size = clause("−{}", step.saves_bytes, show_size)
    time = clause("−{}", step.saves_us, show_time)
    text = " ".join(filter(None, [size, time, step.text]))
    return f"{text}: {step.command}" if step.command else text


def _analyzed(function: FunctionReport, look: Look) -> Iterator[str]:
    cold = function.cold_start
    yield from image_lines(function.image, function.before, look) if function.image else _limits(function, look)
    if function.imports:
        yield _row("INIT", _timed(function.imports), look)
    if cold:
        low, high = show_time(cold.init_low_us), show_time(cold.init_high_us)
        yield _row("cold", f"INIT on Lambda about {show_time(cold.init_us)} (80 %: {low} to {high})", look)
    if largest := _largest(function):
        yield _row("largest", largest, look)
    yield from _trouble(function, look)
    if (step := _saving(function)) and not is_dead(function):
        yield _row("next", _told(step), look)
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
    spread = f", ±{100 * imports.spread_us / imports.total_us:.0f} %" if imports.total_us > _NOISE_US else ""
    middle = f"median of {plural(imports.runs, 'run')} here{spread}" if imports.runs > 1 else "one run"
    return f"{show_time(imports.total_us)}, {plural(loaded, 'module')}; {middle}{cpu_note(imports)}"


def _saving(function: FunctionReport) -> Step | None:
    """The first step that saves something."""
    return next((step for step in function.next_steps if step.saves_bytes or step.saves_us), None)


def _largest(function: FunctionReport) -> str:
    rows = sorted(function.distributions, key=lambda row: -row.own_bytes)[:_TOP]
    return ", ".join(f"{row.name} {show_size(row.own_bytes)}" for row in rows if row.version)


def _table(functions: Sequence[FunctionReport], look: Look, *, building: bool) -> list[str]:
    rows = [(function.name, *_cells(function, building=building)) for function in functions]
    styles = ["error" if is_dead(function) else "" for function in functions]
    verdicts, below = {row[-1] for row in rows}, ""
    if not building:
        heads = ("FUNCTION", "ZIP", "UNZIPPED", "INIT", "NEXT")
    elif len(verdicts) == 1:  # told once, below
        heads, below = ("FUNCTION", "ZIP", "", "INIT", ""), verdicts.pop()
        rows = [(*row[:-1], "") for row in rows]
    else:
        heads = ("FUNCTION", "ZIP", "", "INIT", "PROOF")
    table = grid(heads, rows, look, GridStyle(right=(2,) if building else (1, 2, 3), cut=True, rows=styles))
    return [*table, *([fold(0, f"Proof of all {len(rows)}: {below}", look)] if below else []), "\n"]


def _cells(function: FunctionReport, *, building: bool) -> tuple[str, ...]:
    return _built_cells(function) if building else _analyzed_cells(function)


def _analyzed_cells(function: FunctionReport) -> tuple[str, ...]:
    sizes, step = function.before, _saving(function)
    zipped = show_size(sizes.zipped_bytes) if sizes.zipped_bytes else ""
    took = show_time(function.imports.total_us) if function.imports else ""
    told = "DOES NOT START" if is_dead(function) else _told(step) if step else ""
    return zipped, show_size(sizes.unzipped_bytes), took, told


def _built_cells(function: FunctionReport) -> tuple[str, ...]:
    before, after = function.before, function.after
    times = function.proof.timed_us if function.proof else (0, 0)
    init = " → ".join(show_time(us) for us in times if us) if times[1] else ""
    if after is None:
        return "not written", "", init, ""
    was = clause("{} → ", before.zipped_bytes, show_size)
    sizes, change = (
        f"{was}{show_size(after.zipped_bytes)}",
        show_change(before.zipped_bytes, after.zipped_bytes) if was else "",
    )
    verdict = "DOES NOT START" if is_dead(function) else _short_proof(function) if function.package else ""
    return sizes, change, init, verdict


def _short_proof(function: FunctionReport) -> str:
    """The level, and what the proof found, for a column."""
    proof, level = function.proof, function.package.level if function.package else ""
    if proof is None:
        return f"{level}, none needed" if level == "safe" else f"{level}, not run"
    events = f"{plural(proof.events, 'event')} alike"
    words = {"same": events, "imports-only": "imports alike", "not-run": "not proved", "different": "DIFFERENT"}
    return f"{level}: {words.get(proof.result, 'no proof')}"


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
    tool = tool if tool in tools else next(name for name in reversed(tools) if name)
    start = tools.index(tool)
    rest = (text for name, text in rows[start + 1 :] if not name) if tool == "AWS CLI" else ()
    return tool, " ".join(text.rstrip("\\").strip() for text in (rows[start][1], *rest))


def _tool_of(template: str) -> str:
    """The tool of a deployment file, by the file's name."""
    return next((tool for sign, tool in _TOOLS if sign.search(template.lower())), "AWS CLI")


_TOOLS = (  # the first that fits
    (re.compile(r"serverless"), "Serverless"),
    (re.compile(r"\.tf(\.json)?$"), "Terraform"),
    (re.compile(r"^cdk|cdk\.out"), "CDK"),
    (re.compile(r"\.(ya?ml|json|template)$"), "SAM"),
)
