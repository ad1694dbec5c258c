"""The report as text for people: the answer first, then where it comes from, then what to do."""

from lambda_slim.base.rows import total_bytes
from lambda_slim.base.text import shown, shown_all
from lambda_slim.base.units import plural, show_count, show_size, show_time
from lambda_slim.model.report import FunctionReport, Report, is_dead
from lambda_slim.render.breakdown import distributions
from lambda_slim.render.built import built_lines, deploy_lines
from lambda_slim.render.console import GridStyle, Look, fold, grid
from lambda_slim.render.details import details
from lambda_slim.render.findings import finding_lines, step_lines
from lambda_slim.render.sharing import sharing_text
from lambda_slim.render.sizes import size_lines
from lambda_slim.render.startup import startup_lines

_PAGE = "lambda-slim analyze --html report.html   the same as treemap, icicle and table"


def render_terminal(report: Report, look: Look, *, view: str = "analyze", top: int = 8) -> str:
    """The report as text; `view` is `build` or `analyze`, `top` the number of distributions shown (0 for all)."""
    report = shown_all(report)
    building = view == "build"
    parts: list[str] = []
    shown: dict[object, str] = {}
    for number, function in enumerate(report.functions, 1):
        parts += _title(function, number, len(report.functions), look)
        parts += built_lines(function, look) if building else size_lines(function, look)
        parts += [] if building else startup_lines(function.startup, look, ahead=True)
        content = (function.distributions, function.rules) if building else function.name
        first = shown.setdefault(content, function.name)
        if first != function.name:
            parts.append("  " + fold(2, f"Distributions and what is left out are those of {first}.", look) + "\n")
        else:
            parts += distributions(function, look, top)
            parts += _rules(function, look) if building else details(function, look)
        parts += [*finding_lines(function.findings, look), *step_lines(function.next_steps, look), "\n"]
    parts += sharing_text(report.sharing, look) if report.sharing else []
    parts += deploy_lines(report.functions, look) if building else ["  ", fold(2, _PAGE, look, "dim")]
    return "".join(parts)


def concise(report: Report) -> str:
    """One line a function."""
    lines = []
    for function in report.functions:
        sizes = function.now
        words = [show_size(sizes.unzipped_bytes)]
        words += [f"{show_size(sizes.zipped_bytes)} zip"] if sizes.zipped_bytes else []
        words += [f"{show_time(function.imports.total_us)} import"] if function.imports else []
        words += [plural(len(function.findings), "finding")]
        words += ["DOES NOT START"] if is_dead(function) else []
        lines.append(f"{shown(function.name)}: {', '.join(words)}\n")
    return "".join(lines)


def _title(function: FunctionReport, number: int, count: int, look: Look) -> list[str]:
    left = f"{function.name}   {function.handler}"
    right = f"{function.runtime} {function.architecture}, {function.memory_mb} MB"
    right += f"   {number} of {count}" if count > 1 else ""
    gap = max(3, look.width - len(left) - len(right))
    title = f"{look.paint(function.name, 'bold')}   {function.handler}{' ' * gap}{look.paint(right, 'dim')}\n"
    return [look.plain(title), look.plain(look.paint("─" * look.width, "dim") + "\n")]


def _rules(function: FunctionReport, look: Look, top: int = 10) -> list[str]:
    if not function.rules:
        return []
    rows = [(row.rule, show_size(row.bytes), show_count(row.files), row.why) for row in function.rules[:top]]
    rest = function.rules[top:]
    if rest:
        size, files = show_size(total_bytes(rest)), str(sum(row.files for row in rest))
        rows.append((f"… {plural(len(rest), 'more rule')}", size, files, ""))
    table = grid(("LEFT OUT BY", "BYTES", "FILES", "WHY"), rows, look, GridStyle(right=(1, 2)))
    return [*table, "  every file: lambda-slim files --explain   one: lambda-slim why NAME\n\n"]
