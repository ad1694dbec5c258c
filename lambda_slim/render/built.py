"""The long report of `build` on a package: its bytes before and after, and how to deploy it."""

from collections.abc import Iterable, Iterator, Sequence

from lambda_slim.base.rows import total_bytes
from lambda_slim.base.text import clause
from lambda_slim.base.units import plural, show_both, show_change, show_count, show_size, show_time, verb
from lambda_slim.model.package_report import PackageReport, Proof
from lambda_slim.model.report import FunctionReport, is_dead
from lambda_slim.render.console import Look, labelled
from lambda_slim.render.sizes import DIRECT_UPLOAD, UPLOAD, limit_line
from lambda_slim.render.starts import start_lines
from lambda_slim.render.startup import startup_lines

_ALL_SHIPS = "nothing was left out on that evidence (level safe)"
_MEANING = {
    "all": "every module is compiled",
    "init": "the modules that INIT imports are compiled",
    "auto": "the modules that INIT imports are compiled, in place of their source where no code reads it",
    "only": "the modules in use are compiled, in place of their source where no code reads it",
}


def built_lines(function: FunctionReport, look: Look) -> list[str]:
    """Sizes before and after, bytecode apart, and what the proof said."""
    told = (*start_lines(function, look), *_proof(function, look), *startup_lines(function.startup, look))
    return [*_sizes(function, look), *told, "\n"]


def _sizes(function: FunctionReport, look: Look) -> Iterator[str]:
    before, after, package = function.before, function.after, function.package
    if after is None:
        kept = total_bytes(function.shipped)
        yield labelled(
            "unzipped", f"would ship {show_size(kept)} of {show_size(before.unzipped_bytes)}, before bytecode", look
        )
        return
    yield labelled("zipped", _moved(before.zipped_bytes, after.zipped_bytes), look)
    files = f", {show_count(before.files)} → {plural(after.files, 'file')}"
    yield labelled("unzipped", _moved(before.unzipped_bytes, after.unzipped_bytes) + files, look)
    if package:
        yield labelled("bytecode", _bytecode(package), look)
    if package and package.path.endswith((".oci", ".tar")):
        yield labelled("layer", f"{show_size(after.zipped_bytes)} as a zip; an image takes 10 GiB with its base", look)
    else:
        yield limit_line("upload", after.zipped_bytes, DIRECT_UPLOAD, UPLOAD, look)
    if package:
        why = clause(", {}", package.level_why)
        yield labelled("level", package.level + why, look)


def _moved(was: int, now: int) -> str:
    return f"{show_size(was)} → {show_size(now)}   {show_change(was, now)}"


def _bytecode(package: PackageReport) -> str:
    if package.bytecode == "none":
        return "none: every cold start compiles what it imports"
    if not package.bytecode_files:
        return "none: what INIT imports is too small for it to pay"
    meaning = _MEANING.get(package.bytecode, package.bytecode)
    sizes = f"{show_size(package.bytecode_bytes)} of it, {show_size(package.bytecode_zipped_bytes)} zipped"
    plain = clause("; {} zipped without", package.plain_zipped_bytes, show_size)
    return f"{sizes}, in {plural(package.bytecode_files, 'file')}{plain}: {meaning}"


def _proof(function: FunctionReport, look: Look) -> Iterator[str]:
    proof = function.proof
    if proof is None:
        return
    words = {
        "same": f"same results as the full package on {plural(proof.events, 'event')}, {_imported(proof)}",
        "imports-only": f"{_imported(proof)} as in the full package; {_no_results(proof)}",
        "different": "DIFFERENT from the full package",
        "not-run": "not run",
        "does-not-start": f"none: the full package does not start; {_ALL_SHIPS}",
        "events-fail": f"none: every event fails in the full package; {_ALL_SHIPS}",
    }
    yield labelled("proof", words.get(proof.result, proof.result), look)
    if proof.timed_us[1]:
        times = show_both(*proof.timed_us, show_time)
        yield labelled("", f"INIT {times} of CPU, in these runs", look)
    for line in proof.rolled_back:
        yield labelled("", f"brought back: {line}", look)
    for line in proof.notes:
        yield labelled("", line, look)


def _imported(proof: Proof) -> str:
    return f"{plural(proof.modules, 'module')} {verb(proof.modules, 'import')}"


def deploy_lines(functions: Sequence[FunctionReport], look: Look) -> list[str]:
    """The zips with their digests, and the configuration that each tool needs."""
    every = [(row, row.package) for row in functions if row.package]
    built = [pair for pair in every if not is_dead(pair[0])]
    if not built:
        return [f"  {package.path}   not to be deployed: see what it needs to start\n" for _, package in every]
    lines = list(_packages(built, look))
    function, package = built[0]
    example = f", {function.name} for example" if len(built) > 1 else ""
    lines.append(look.paint(f"  DEPLOY IT{example}", "dim") + "\n")
    rows = deploy_rows(function.name, package.path)
    return lines + [look.plain(f"    {tool:<13}{text}\n") for tool, text in rows]


def deploy_rows(name: str, path: str) -> tuple[tuple[str, str], ...]:
    """(tool, its configuration) for a zip, a folder, or an image layer."""
    if path.endswith(".zip"):
        return (
            ("SAM", f"CodeUri: {path}"),
            ("Serverless", f"package: {{ artifact: {path} }}"),
            ("CDK", f"Code.from_asset('{path}')"),
            ("Terraform", f'filename = "{path}"'),
            ("", f'source_code_hash = filebase64sha256("{path}")'),
            ("AWS CLI", "aws lambda update-function-code \\"),
            ("", f"  --function-name {name} \\"),
            ("", f"  --zip-file fileb://{path}"),
        )
    if path.endswith(".tar"):
        return (("skopeo", f"skopeo inspect oci-archive:{path}"),)
    if path.endswith(".oci"):
        base = path.removesuffix(".oci")
        folder, _, tag = base.rpartition("/")
        return (("Docker", f"docker build -f {base}.Dockerfile -t {tag.lower()} {folder or '.'}"),)
    return (
        ("SAM", f"CodeUri: {path}"),
        ("CDK", f"Code.from_asset('{path}')"),
        ("Dockerfile", f"COPY {path}/ ${{LAMBDA_TASK_ROOT}}/"),
    )


def _packages(built: Iterable[tuple[FunctionReport, PackageReport]], look: Look) -> Iterator[str]:
    every = list(built)
    if len(every) > 1:
        widest = max(len(package.path) for _, package in every)
        narrow = widest + 71 > look.width  # beside the path: gaps, a size, and a digest of 44 characters
        for function, package in every:
            size, gap = show_size(function.now.zipped_bytes), f"\n{'':<17}" if narrow else "  "
            yield f"  {package.path:<{widest}}  {size:>10}{gap}{_digest(package)}\n"
        yield "\n"
        return
    package = every[0][1]
    yield f"  {package.path}\n"
    yield f"    {'sha256':<13}{package.sha256}\n"
    yield f"    {'CodeSha256':<13}{package.code_sha256}\n\n" if package.code_sha256 else "\n"


def _digest(package: PackageReport) -> str:
    """The CodeSha256 of a zip; for an image layer its digest, shortened."""
    return f"CodeSha256 {package.code_sha256}" if package.code_sha256 else f"sha256:{package.sha256[:16]}…"


def _no_results(proof: Proof) -> str:
    if proof.events:
        return "INIT fails in both, so no event has a result to compare"
    return "without events no results to compare"
