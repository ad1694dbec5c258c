"""The report as Markdown: for a pull request's comment or a job's summary."""

from lambda_slim.base.units import show_size, show_time
from lambda_slim.model.report import FunctionReport, Report
from lambda_slim.model.sharing import Sharing
from lambda_slim.render.sharing import label, layer_lines, left_out, most, names, saving

MARKER = "<!-- lambda-slim key=default -->"
LONGEST = 60_000  # characters; GitHub refuses comments over 65,536
_TOP = 12
_ESCAPED = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ("|", "\\|"),
    ("\n", " "),
    ("[", "\\["),
    ("@", "@<!-- -->"),
    ("://", ":<!-- -->//"),
)


def render_markdown(report: Report) -> str:
    """A headline, one row a function, and what its bytes are in folded tables; cut with a note when it is too long."""
    lines = [MARKER, f"### lambda-slim: {_headline(report)}", ""]
    lines += [
        "| function | unzipped | zipped | import, here | cold start (80 %) | findings |",
        "|:--|--:|--:|--:|--:|--:|",
    ]
    lines += [_row(function) for function in report.functions]
    lines.append("")
    for function in report.functions:
        lines += _details(function)
    lines += _sharing(report.sharing) if report.sharing else []
    lines.append(f"<sub>lambda-slim {report.tool_version}</sub>")
    return cut("\n".join(lines) + "\n")


def cut(text: str) -> str:
    """Text no longer than a comment may be; says so when something is missing."""
    if len(text) <= LONGEST:
        return text
    note = "\n\n… cut: the whole report is in the JSON or HTML file\n"
    return text[: LONGEST - len(note)].rpartition("\n")[0] + note


def escape(text: str) -> str:
    """Text that Markdown and HTML leave alone, for a table cell; it makes no link, and calls nobody by `@name`."""
    for sign, safe in _ESCAPED:
        text = text.replace(sign, safe)
    return text


def _headline(report: Report) -> str:
    count = len(report.functions)
    total = sum((f.after or f.before).unzipped_bytes for f in report.functions)
    return f"{count} function{'s' if count != 1 else ''}, {show_size(total)} unzipped"


def _row(function: FunctionReport) -> str:
    sizes = function.after or function.before
    zipped = show_size(sizes.zipped_bytes) if sizes.zipped_bytes else ""
    imports = show_time(function.imports.total_us) if function.imports else ""
    cold = function.cold_start
    start = f"{show_time(cold.init_low_us)} to {show_time(cold.init_high_us)}" if cold else ""
    return (
        f"| **{escape(function.name)}** | {show_size(sizes.unzipped_bytes)} | {zipped} | {imports} | {start} "
        f"| {len(function.findings)} |"
    )


def _steps(function: FunctionReport) -> list[str]:
    """What saves something, with its command."""
    saving = [one for one in function.next_steps if one.saves_bytes or one.saves_us]
    if not saving:
        return []
    lines = [f"**{escape(function.name)}**: what to do next", ""]
    for number, one in enumerate(saving, 1):
        saves = [f"−{show_size(one.saves_bytes)}"] if one.saves_bytes else []
        saves += [f"−{show_time(one.saves_us)}"] if one.saves_us else []
        command = f": `{one.command}`" if one.command else ""
        lines.append(f"{number}. {', '.join(saves)}  {escape(one.text)}{command}")
    return [*lines, ""]


def _details(function: FunctionReport) -> list[str]:
    lines = [*_steps(function), f"<details><summary>{escape(function.name)}: distributions</summary>", ""]
    lines += ["| | version | own | frees | zipped | import |", "|:--|:--|--:|--:|--:|--:|"]
    rows = [row for row in function.distributions if row.own_bytes or row.version]
    for row in rows[:_TOP]:
        time = show_time(row.import_self_us) if row.import_self_us else ""
        lines.append(
            f"| {escape(row.name)} | {escape(row.version)} | {show_size(row.own_bytes)} | {show_size(row.freed_bytes)} "
            f"| {show_size(row.zipped_bytes)} | {time} |"
        )
    if len(rows) > _TOP:
        lines.append(f"| and {len(rows) - _TOP} more | | | | | |")
    lines += ["", "</details>", ""]
    if function.findings:
        lines += [f"<details><summary>{escape(function.name)}: {len(function.findings)} findings</summary>", ""]
        for finding in function.findings:
            place = (
                f"`{finding.file}:{finding.line}` " if finding.line else (f"`{finding.file}` " if finding.file else "")
            )
            lines.append(f"- **{finding.rule}** {place}{escape(finding.message)}")
        lines += ["", "</details>", ""]
    return lines


def _sharing(sharing: Sharing) -> list[str]:
    """What only some functions use, and the proposal of a layer."""
    lines: list[str] = []
    if sharing.partly_used:
        lines += ["<details><summary>used by only some of the functions</summary>", ""]
        lines += ["| | bytes | used by | carried besides by |", "|:--|--:|:--|:--|"]
        for row in most(sharing):
            cells = (label(row), show_size(row.bytes), names(row.used_by), names(row.unused_by))
            lines.append(f"| {' | '.join(map(escape, cells))} |")
        lines.append("")
        for one in saving(sharing.splits):
            saved = f"{show_size(one.saves_bytes)} of {show_size(one.of_bytes)}"
            lines.append(f"- a split would save **{escape(one.function)}** {saved}; {left_out(one)}")
        lines += ["", "</details>", ""]
    if sharing.layer:
        lines += [" ".join(map(escape, layer_lines(sharing.layer))), ""]
    return lines
