"""The report as text for people: the answer first, then where it comes from, then what to do."""

from collections.abc import Iterator

from lambda_slim.render.breakdown import details, distributions
from lambda_slim.render.console import Look, fold, grid
from lambda_slim.render.findings import finding_lines, step_lines
from lambda_slim.render.sharing import sharing_text
from lambda_slim.render.sizes import DIRECT_UPLOAD, UPLOAD, limit_line, size_lines
from lambda_slim.report import FunctionReport, Report
from lambda_slim.units import plural, show_size, show_time

_PAGE = "lambda-slim analyze --html report.html   the same as treemap, icicle and table"


def render_terminal(report: Report, look: Look, *, view: str = "analyze", top: int = 8) -> str:
    """The whole report; `view` is `build` or `analyze`, `top` the number of distributions shown (0 for all)."""
    parts = []
    for number, function in enumerate(report.functions, 1):
        parts += _title(function, number, len(report.functions), look)
        parts += _built(function, look) if view == "build" else size_lines(function, look)
        parts += distributions(function, look, top)
        parts += _rules(function, look) if view == "build" else details(function, look)
        parts += finding_lines(function.findings, look)
        parts += step_lines(function.next_steps, look)
        parts += _deploy(function) if view == "build" and len(report.functions) == 1 else []
        parts.append("\n")
    parts += sharing_text(report.sharing, look) if report.sharing else []
    if view == "analyze":
        parts += ["  ", fold(2, _PAGE, look, "dim")]
    if view == "build" and len(report.functions) > 1:
        parts += _deploy(report.functions[0])
    return "".join(parts)


def concise(report: Report) -> str:
    """One line a function."""
    lines = []
    for function in report.functions:
        sizes = function.after or function.before
        words = [show_size(sizes.unzipped_bytes)]
        words += [f"{show_size(sizes.zipped_bytes)} zip"] if sizes.zipped_bytes else []
        words += [f"{show_time(function.imports.total_us)} import"] if function.imports else []
        words += [plural(len(function.findings), "finding")]
        lines.append(f"{function.name}: {', '.join(words)}\n")
    return "".join(lines)


def _title(function: FunctionReport, number: int, count: int, look: Look) -> list[str]:
    left = f"{function.name}   {function.handler}"
    right = f"{function.runtime} {function.architecture}, {function.memory_mb} MB"
    right += f"   {number} of {count}" if count > 1 else ""
    gap = max(3, look.width - len(left) - len(right))
    title = f"{look.paint(function.name, 'bold')}   {function.handler}{' ' * gap}{look.paint(right, 'dim')}\n"
    return [look.plain(title), look.plain(look.paint("─" * look.width, "dim") + "\n")]


def _built(function: FunctionReport, look: Look) -> list[str]:
    before, after = function.before, function.after
    lines = []
    if after is None:
        kept = sum(row.bytes for row in function.files if row.decision == "kept")
        lines.append(f"  would ship {show_size(kept)} of {show_size(before.unzipped_bytes)}, before bytecode\n")
    else:
        share = 100 * (1 - after.unzipped_bytes / max(1, before.unzipped_bytes))
        shown = f"{abs(share):.0f} % {'less' if share >= 0 else 'more, for bytecode'}"
        was, now = show_size(before.unzipped_bytes), show_size(after.unzipped_bytes)
        lines.append(f"  unzipped   {was} → {now}   {shown}, {before.files} → {after.files} files\n")
        lines.append(limit_line("zipped", after.zipped_bytes, DIRECT_UPLOAD, UPLOAD, look))
    if function.package:
        package = function.package
        lines.append(f"  bytecode   {package.bytecode}   level {package.level}\n")
    if function.proof:
        lines += _proof(function)
    return [*map(look.plain, lines), "\n"]


def _proof(function: FunctionReport) -> Iterator[str]:
    proof = function.proof
    if proof is None:
        return
    words = {
        "same": f"same results as the whole package on {proof.events} events, {proof.modules} modules import",
        "imports-only": f"{proof.modules} modules import as in the whole package; without events no results to compare",
        "different": "DIFFERENT from the whole package",
        "not-run": "not run",
    }
    yield f"  proof      {words.get(proof.result, proof.result)}\n"
    for line in proof.rolled_back:
        yield f"             rolled back: {line}\n"
    for line in proof.notes:
        yield f"             {line}\n"


def _rules(function: FunctionReport, look: Look, top: int = 10) -> list[str]:
    if not function.rules:
        return []
    rows = [(row.rule, show_size(row.bytes), str(row.files), row.why) for row in function.rules[:top]]
    rest = function.rules[top:]
    if rest:
        size, count = show_size(sum(row.bytes for row in rest)), str(sum(row.files for row in rest))
        rows.append((f"… {len(rest)} more rules", size, count, ""))
    table = grid(("LEFT OUT BY", "BYTES", "FILES", "WHY"), rows, look, right=(1, 2))
    return [*table, "  every file: lambda-slim files --explain   one: lambda-slim why NAME\n\n"]


def _deploy(function: FunctionReport) -> list[str]:
    package = function.package
    if package is None:
        return []
    return [
        f"  {package.path}\n",
        f"  sha256 {package.sha256}   CodeSha256 {package.code_sha256}\n\n",
        "  Deploy it\n",
        f"    SAM          CodeUri: {package.path}\n",
        f"    Serverless   package: {{ artifact: {package.path} }}\n",
        f"    CDK          Code.from_asset('{package.path}')\n",
        f'    Terraform    filename = "{package.path}"\n',
        f'                 source_code_hash = filebase64sha256("{package.path}")\n',
        f"    AWS CLI      aws lambda update-function-code --function-name {function.name} --zip-file fileb://{package.path}\n",
    ]
