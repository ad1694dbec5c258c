"""Pipeline results to the report's records: pure arithmetic."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lambda_slim.base.rows import total_size
from lambda_slim.knowledge.explanations import file_rules
from lambda_slim.model.decision import Plan
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.function import Function
from lambda_slim.model.import_report import ImportReport
from lambda_slim.model.package_report import PackageReport, Proof
from lambda_slim.model.report import PROJECT, FileRow, Finding, FunctionReport, RuleRow, Sizes, Step
from lambda_slim.tasks.distribution_rows import distribution_rows
from lambda_slim.tasks.ledger import Shipped
from lambda_slim.tasks.ways import Way


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a build, as far as it went.

    Attributes:
        before: The full package, as the usual tool would ship it; None where that was not compressed.
        shipped: The written zip, where there is one.
        findings: Advice.
        package: Where the zip is.
        proof: What `verify` did.
        next_steps: What to do, best first.
        frees: By requirement, the files that would not ship without it.
        ways: Files that import paths from the handler lead to, with the import that first does.
    """

    before: Sizes | None = None
    shipped: Shipped | None = None
    findings: tuple[Finding, ...] = ()
    package: PackageReport | None = None
    proof: Proof | None = None
    next_steps: tuple[Step, ...] = ()
    frees: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ways: Mapping[str, Way] = field(default_factory=dict)


def report_function(function: Function, resolution: Resolution, plan: Plan, results: Results) -> FunctionReport:
    """Everything known about one function's package.

    Args:
        function: As found.
        resolution: Its distributions.
        plan: A decision for every file.
        results: What was built.
    """
    archive = results.shipped
    zipped = archive.zipped() if archive else {}
    unzipped = archive.unzipped() if archive else {file.path: file.size for file in plan.kept}
    files = [decision.file for decision in plan.decisions]
    return FunctionReport(
        name=function.name,
        handler=function.handler,
        runtime=function.target.runtime.name,
        architecture=function.target.architecture,
        memory_mb=function.memory_mb,
        before=results.before or Sizes(total_size(files), 0, len(files)),
        after=archive.sizes if archive else None,
        by_kind=archive.by_kind if archive else by_kind(plan.kept),
        by_folder=by_folder(plan.kept),
        distributions=distribution_rows(resolution, plan, unzipped, zipped, frees=results.frees),
        rules=rule_rows(left_out(plan)),
        files=file_rows(plan, zipped, None, results.ways),
        findings=results.findings,
        next_steps=results.next_steps,
        package=results.package,
        proof=results.proof,
    )


def by_kind(files: Iterable[File]) -> tuple[tuple[str, int], ...]:
    """Bytes by kind, most first."""
    sizes = Counter[str]()
    for file in files:
        sizes[file.kind.value] += file.size
    return _largest_first(sizes)


def by_folder(files: Iterable[File]) -> tuple[tuple[str, int], ...]:
    """Bytes of the project's own top-level folders, most first."""
    sizes = Counter[str]()
    for file in files:
        if file.owner == FIRST_PARTY:
            sizes[file.path.partition("/")[0] if "/" in file.path else "."] += file.size
    return _largest_first(sizes)


def _largest_first(sizes: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(sizes.items(), key=lambda row: (-row[1], row[0])))


def left_out(plan: Plan) -> Iterable[tuple[str, str, int]]:
    """(rule, reason, bytes) of each file that a plan leaves out."""
    return ((row.verdict.rule, row.verdict.why, row.file.size) for row in plan.dropped)


def rule_rows(dropped: Iterable[tuple[str, str, int]]) -> tuple[RuleRow, ...]:
    """What each rule leaves out, most bytes first.

    Args:
        dropped: See `left_out`.
    """
    files, sizes = Counter[str](), Counter[str]()
    whys = defaultdict[str, Counter[str]](Counter)
    for rule, why, size in dropped:
        files[rule] += 1
        sizes[rule] += size
        whys[rule][why] += size
    rows = [RuleRow(rule, _common_why(rule, whys[rule]), files[rule], sizes[rule]) for rule in files]
    return tuple(sorted(rows, key=lambda row: (-row.bytes, row.rule)))


def _common_why(rule: str, whys: Counter[str]) -> str:
    """The files' own reason where all have the same, else the rule's; a recipe's for most of the bytes."""
    titles = file_rules()
    if len(whys) > 1 and rule in titles:
        return titles[rule]["title"].removeprefix("left out: ")
    return max(whys, key=lambda why: (whys[why], why))


def file_rows(
    plan: Plan, zipped: Mapping[str, int], imports: ImportReport | None, ways: Mapping[str, Way]
) -> tuple[FileRow, ...]:
    """One row a file, in the order of the plan."""
    none = Way()
    loaded = {node.file for node in imports.loaded} if imports else set()
    return tuple(
        FileRow(
            path=decision.file.path,
            bytes=decision.file.size,
            zipped_bytes=zipped.get(decision.file.path, 0),
            distribution=decision.file.owner or PROJECT,
            kind=decision.file.kind.value,
            decision="kept" if decision.verdict.keep else "dropped",
            rule=decision.verdict.rule,
            why=decision.verdict.why,
            loaded=decision.file.path in loaded,
            reached=decision.file.path in ways,
            **ways.get(decision.file.path, none)._asdict(),
        )
        for decision in plan.decisions
    )
