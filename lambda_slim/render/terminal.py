"""The report as text for people: the answer first, then where it comes from, then what to do."""

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table

from lambda_slim.render.console import Look, fold, grid, rendered
from lambda_slim.render.sharing import sharing_text
from lambda_slim.report import DistributionRow, Finding, FunctionReport, ImportReport, Report
from lambda_slim.units import show_size, show_time

UNZIPPED_LIMIT = 262_144_000
DIRECT_UPLOAD = 50 * 1024**2
_BAR = 24
_NARROW = 90


def render_terminal(report: Report, look: Look, *, view: str = "analyze", top: int = 8) -> str:
    """The whole report; `view` is `build` or `analyze`, `top` the number of distributions shown (0 for all)."""
    parts = []
    for number, function in enumerate(report.functions, 1):
        parts += _title(function, number, len(report.functions), look)
        parts += _built(function, look) if view == "build" else _sizes(function, look)
        parts += _distributions(function, look, top)
        if view == "build":
            parts += _rules(function, look)
        else:
            parts += _details(function, look)
        parts += _findings(function.findings, look)
        parts += _next(function, look)
        parts += _deploy(function) if view == "build" and len(report.functions) == 1 else []
        parts.append("\n")
    parts += sharing_text(report.sharing, look) if report.sharing else []
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
        words += [f"{len(function.findings)} findings"]
        lines.append(f"{function.name}: {', '.join(words)}\n")
    return "".join(lines)


def _title(function: FunctionReport, number: int, count: int, look: Look) -> list[str]:
    left = f"{function.name}   {function.handler}"
    right = f"{function.runtime} {function.architecture}, {function.memory_mb} MB"
    right += f"   {number} of {count}" if count > 1 else ""
    gap = max(3, look.width - len(left) - len(right))
    return [look.plain(f"{left}{' ' * gap}{right}\n"), look.plain("─" * look.width + "\n")]


def _limit(label: str, size: int, limit: int, what: str, look: Look) -> str:
    bar = look.bar(size / limit, _BAR if look.width >= _NARROW else _BAR // 2)
    return look.plain(f"  {label:<10}{show_size(size):>10}  {bar}  {100 * size / limit:3.0f} %   {what}\n")


def _sizes(function: FunctionReport, look: Look) -> list[str]:
    sizes = function.before
    lines = [
        _limit("unzipped", sizes.unzipped_bytes + function.layers_bytes, UNZIPPED_LIMIT, "of 250 MiB with layers", look)
    ]
    if sizes.zipped_bytes:
        lines.append(_limit("zipped", sizes.zipped_bytes, DIRECT_UPLOAD, "of 50 MiB for direct upload", look))
    if function.imports:
        lines.append(_import_line(function.imports, look))
    if function.cold_start:
        cold = function.cold_start
        interval = f"{show_time(cold.init_low_us)} to {show_time(cold.init_high_us)}"
        how = "calibrated" if cold.calibrated else "published figures; `lambda-slim calibrate` fits it to your logs"
        cost = f"${cold.cost_usd_per_million:.2f} of INIT per million cold starts"
        lines.append(
            f"  cold start{show_time(cold.init_us):>10}  " + fold(22, f"INIT on Lambda, 80 %: {interval}; {how}", look)
        )
        lines.append(" " * 22 + f"{cost}\n")
    return [*lines, "\n"]


def _import_line(imports: ImportReport, look: Look) -> str:
    loaded = sum(node.status == "ok" for node in imports.nodes)
    spread = 100 * imports.spread_us / max(1, imports.total_us)
    basis = f"median of {imports.runs}, ±{spread:.0f} %, {imports.bytecode}, {imports.runtime_client}"
    if imports.bytecode == "unknown":
        basis = f"from {imports.runtime_client}" + (f", middle of {imports.runs} runs" if imports.runs > 1 else "")
    return f"  import    {show_time(imports.total_us):>10}  " + fold(22, f"{loaded} modules; {basis}", look)


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
        lines.append(_limit("zipped", after.zipped_bytes, DIRECT_UPLOAD, "of 50 MiB for direct upload", look))
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


def _distributions(function: FunctionReport, look: Look, top: int) -> list[str]:
    rows = [row for row in function.distributions if row.name != "(project)"]
    own = next((row for row in function.distributions if row.name == "(project)"), None)
    if not rows:
        return []
    narrow = look.width < _NARROW
    timed = function.imports is not None
    packed = any(row.zipped_bytes for row in rows)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("  DISTRIBUTION", no_wrap=True)
    heads = ["OWN", "FREES", *(["ZIPPED"] if packed and not (narrow and timed) else []), *(["IMPORT"] if timed else [])]
    heads += ["MODULES"] if timed and not narrow else []
    for head in heads:
        table.add_column(
            head, justify="right", no_wrap=True, min_width=9 if head in ("OWN", "FREES", "ZIPPED") else len(head)
        )
    table.add_column("REQUIRED BY", no_wrap=True, overflow="ellipsis")
    shown = rows if top == 0 or len(rows) <= top + 1 else rows[:top]
    for row in shown:
        table.add_row(
            f"  {row.name} {row.version}", *_cells(row, heads), "you" if row.direct else ", ".join(row.required_by)
        )
    rest = rows[len(shown) :]
    if rest:
        table.add_row(f"  … {len(rest)} smaller", *_cells(_sum(rest), heads, frees=False), "--top 0 = all")
    if own:
        table.add_row("  your code", *_cells(own, heads, frees=False), "")
    if timed and function.imports:
        table.add_row("  standard library", *_cells(_others(function.imports), heads, frees=False, bytes_=False), "")
    return [
        rendered(table, look),
        "  " + fold(2, "FREES = bytes that leave the zip if you drop it, with everything only it needs", look),
        "\n",
    ]


def _cells(row: DistributionRow, heads: Sequence[str], *, frees: bool = True, bytes_: bool = True) -> list[str]:
    values = {
        "OWN": show_size(row.own_bytes) if bytes_ else "",
        "FREES": show_size(row.freed_bytes) if frees else "",
        "ZIPPED": show_size(row.zipped_bytes) if bytes_ else "",
        "IMPORT": show_time(row.import_self_us) if row.import_self_us else "",
        "MODULES": str(row.modules_loaded) if row.modules_loaded else "",
    }
    return [values[head] for head in heads]


def _sum(rows: Iterable[DistributionRow]) -> DistributionRow:
    some = list(rows)
    return DistributionRow(
        name="",
        version="",
        direct=False,
        required_by=(),
        own_bytes=sum(row.own_bytes for row in some),
        freed_bytes=0,
        freed_with=(),
        zipped_bytes=sum(row.zipped_bytes for row in some),
        files=sum(row.files for row in some),
        modules_loaded=sum(row.modules_loaded for row in some),
        import_self_us=sum(row.import_self_us for row in some),
    )


def _others(imports: ImportReport) -> DistributionRow:
    nodes = [node for node in imports.nodes if node.distribution in ("(stdlib)", "(runtime)")]
    row = _sum([])
    return DistributionRow(
        **{
            **{name: getattr(row, name) for name in row.__slots__},
            "modules_loaded": sum(node.status == "ok" for node in nodes),
            "import_self_us": sum(node.self_us for node in nodes),
        }
    )


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


def _details(function: FunctionReport, look: Look) -> list[str]:
    lines = []
    total = sum(size for _, size in function.by_kind) or 1
    if function.by_kind:
        lines.append("  What the bytes are\n")
        for kind, size in function.by_kind[:8]:
            lines.append(look.plain(f"  {kind:<20}{show_size(size):>10}  {look.bar(size / total, 20)}\n"))
        lines.append("\n")
    if function.imports:
        lines += _slowest(function.imports, look)
    return lines


def _slowest(imports: ImportReport, look: Look, top: int = 8) -> list[str]:
    """Where import time goes: what the handler's module asks for, and the calls in its body."""
    roots = {node.id for node in imports.nodes if node.parent is None}
    files = {node.id: node.file for node in imports.nodes}
    found = [
        (node.total_us, node.module, f"{files.get(node.parent or 0, '')}:{node.line}" if node.line else "")
        for node in imports.nodes
        if node.parent in roots
    ]
    calls = [
        (call.us, call.call, f"{node.file}:{call.line}")
        for node in imports.nodes
        for call in node.body_calls
        if call.us > 500
    ]
    lines = ["  Where import time goes (the first importer pays)\n"]
    for us, name, place in sorted([*found, *calls], key=lambda row: (-row[0], row[1]))[:top]:
        lines.append(look.plain(f"  {show_time(us):>8}  {name:<34} {place}\n"))
    return [*lines, "\n"]


def _findings(findings: Sequence[Finding], look: Look) -> list[str]:
    if not findings:
        return []
    order = {"error": 0, "warning": 1, "info": 2}
    rows = []
    for finding in sorted(
        findings, key=lambda f: (order.get(f.level, 3), -f.saves_us, -f.saves_bytes, f.rule, f.file, f.line)
    ):
        place = f"{finding.file}:{finding.line}  " if finding.line else (f"{finding.file}  " if finding.file else "")
        saves = [f"−{show_size(finding.saves_bytes)}"] if finding.saves_bytes else []
        saves += [f"−{show_time(finding.saves_us)}"] if finding.saves_us else []
        rows.append((f"{finding.rule} {finding.level}", " ".join(saves), f"{place}{finding.message}"))
    return [*grid(("FINDINGS", "SAVES", ""), rows, look, right=(1,)), "\n"]


def _next(function: FunctionReport, look: Look) -> list[str]:
    if not function.next_steps:
        return []
    lines = [f"  {'Next:' if not n else '':<6} " + fold(9, step, look) for n, step in enumerate(function.next_steps)]
    return [*lines, "\n"]


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
