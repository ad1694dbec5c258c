"""The report as Markdown: for a pull request's comment or a job's summary."""

import re

from lambda_slim.base.text import clause, shown, shown_all
from lambda_slim.base.units import plural, show_change, show_count, show_less, show_size, show_time
from lambda_slim.model.report import NO_SIZES, DistributionRow, Finding, FunctionReport, Report
from lambda_slim.model.sharing import Sharing
from lambda_slim.render.moves import moves
from lambda_slim.render.sharing import full_share, label, layer_lines, most, names, saving, slim_share

MARKER = "<!-- lambda-slim key=default -->"
LONGEST = 60_000  # characters; GitHub refuses comments over 65,536
_TOP = 12
_CLOSED = ("", "</details>", "")
_ESCAPED = (
    ("\\", "\\\\"),
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ("|", "\\|"),
    ("[", "\\["),
    ("`", "\\`"),
    ("*", "\\*"),
    ("~", "\\~"),
    ("@", "@<!-- -->"),
    ("://", ":<!-- -->//"),
)
# What GitHub makes links of by itself: `#1`, `GH-1`, `www.`; other issues then say that they were named here.
_REFERENCE = re.compile(r"(#(?=\d)|\bGH-(?=\d)|\bwww(?=\.))", re.IGNORECASE)


def render_markdown(report: Report) -> str:
    """A headline, one row a function, and what its bytes are in folded tables; cut with a note when it is too long."""
    report = shown_all(report)
    lines = [MARKER, f"### lambda-slim: {_headline(report)}", ""]
    lines += [
        "| function | unzipped | zipped | INIT, here | cold start (80 %) | findings |",
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
    """Text that Markdown and HTML leave alone, for a table cell; it makes no link or reference, and calls nobody."""
    text = shown(" ".join(text.split("\n")))
    for sign, safe in _ESCAPED:
        text = text.replace(sign, safe)
    return _REFERENCE.sub(r"\1<!-- -->", text)


def code(text: str) -> str:
    """Text as code; not between backticks where it has one itself, or would end a cell of a table."""
    plain = shown(text)
    return f"<code>{escape(text)}</code>" if {"`", "|"} & {*plain} or not plain.strip() else f"`{plain}`"


def _headline(report: Report) -> str:
    total = sum(f.now.unzipped_bytes for f in report.functions)
    return f"{plural(len(report.functions), 'function')}, {show_size(total)} unzipped"


def _row(function: FunctionReport) -> str:
    before, after, cold = function.before, function.after or NO_SIZES, function.cold_start
    unzipped = _moved(before.unzipped_bytes, after.unzipped_bytes)
    zipped = _moved(before.zipped_bytes, after.zipped_bytes)
    init = next((move.figures for move in moves(function) if move.title == "INIT"), "")
    start = f"{show_time(cold.init_low_us)} to {show_time(cold.init_high_us)}" if cold else ""
    return (
        f"| **{escape(function.name)}** | {unzipped} | {zipped} | {init} | {start} "
        f"| {show_count(len(function.findings))} |"
    )


def _moved(was: int, now: int) -> str:
    """A size before and after; 0 for what is not known."""
    if was and now:
        return f"{show_size(was)} → {show_size(now)}, {show_change(was, now)}"
    return clause("{}", was or now, show_size)


def _steps(function: FunctionReport) -> list[str]:
    """What saves something, with its command."""
    saving = function.saving_steps
    if not saving:
        return []
    lines = [f"**{escape(function.name)}**: what to do next", ""]
    for number, step in enumerate(saving, 1):
        saves = ", ".join(show_less(step.saves_bytes, step.saves_us))
        command = clause(": {}", step.command, code)
        lines.append(f"{number}. {saves}  {escape(step.text)}{command}")
    return [*lines, ""]


def _details(function: FunctionReport) -> list[str]:
    rows = [row for row in function.distributions if row.listed]
    return [
        *_steps(function),
        f"<details><summary>{escape(function.name)}: distributions</summary>",
        "",
        "| | version | own | frees | zipped | import |",
        "|:--|:--|--:|--:|--:|--:|",
        *map(_distribution, rows[:_TOP]),
        *([f"| and {len(rows) - _TOP} more | | | | | |"] if len(rows) > _TOP else []),
        *_CLOSED,
        *_findings(function),
    ]


def _distribution(row: DistributionRow) -> str:
    sizes = [clause("{}", size, show_size) for size in (row.own_bytes, row.freed_bytes, row.zipped_bytes)]
    time = clause("{}", row.import_self_us, show_time)
    cells = [escape(row.name), escape(row.version), *sizes, time]
    return f"| {' | '.join(cells)} |"


def _findings(function: FunctionReport) -> list[str]:
    if not function.findings:
        return []
    head = f"<details><summary>{escape(function.name)}: {plural(len(function.findings), 'finding')}</summary>"
    lines = [f"- **{row.rule}** {_place(row)}{escape(row.told)}" for row in function.findings]
    return [head, "", *lines, *_CLOSED]


def _place(finding: Finding) -> str:
    if not finding.file:
        return ""
    line = clause(":{}", finding.line)
    return f"{code(finding.file + line)} "


def _sharing(sharing: Sharing) -> list[str]:
    """What only some functions use, and the proposal of a layer."""
    lines: list[str] = []
    if sharing.partly_used:
        lines += ["<details><summary>used by only some of the functions</summary>", ""]
        lines += ["| | bytes | used by | unused in |", "|:--|--:|:--|:--|"]
        for row in most(sharing):
            cells = (label(row), show_size(row.bytes), names(row.used_by), names(row.unused_by))
            lines.append(f"| {' | '.join(map(escape, cells))} |")
        lines.append("")
        for split in saving(sharing.splits):
            saved = f"{full_share(split)}, and of its slim package {slim_share(split)}"
            lines.append(f"- a split would save **{escape(split.function)}** {escape(saved)}")
        lines += _CLOSED
    if sharing.layer:
        lines += [" ".join(map(escape, layer_lines(sharing.layer))), ""]
    return lines
