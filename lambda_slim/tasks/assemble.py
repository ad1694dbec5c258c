"""Pipeline results to the report's records: pure arithmetic."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from lambda_slim.base.graph import dominated
from lambda_slim.knowledge.explanations import file_rules
from lambda_slim.model.decision import Decision, Plan
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.function import Function
from lambda_slim.model.member import Archive
from lambda_slim.model.report import (
    PROJECT,
    DistributionRow,
    FileRow,
    Finding,
    FunctionReport,
    ImportReport,
    PackageReport,
    Proof,
    RuleRow,
    Sizes,
    Step,
)
from lambda_slim.model.sharing import Sharing
from lambda_slim.plan.sharing import SharedItem, Side, compare, propose_layer


def report_function(  # noqa: PLR0913  (one place where everything known comes together)
    function: Function,
    resolution: Resolution,
    plan: Plan,
    *,
    archive: Archive | None = None,
    origins: Mapping[str, str] | None = None,
    imports: ImportReport | None = None,
    findings: Iterable[Finding] = (),
    package: PackageReport | None = None,
    proof: Proof | None = None,
    next_steps: Iterable[Step] = (),
    reached: Collection[str] = (),
) -> FunctionReport:
    """Everything known about one function's package.

    Args:
        function: As found.
        resolution: Its distributions.
        plan: A decision for every file.
        archive: The written zip, where there is one.
        origins: Member names of the zip to the package path of the file that each was made from.
        imports: Measured imports, where they were.
        findings: Advice.
        package: Where the zip is.
        proof: What `verify` did.
        next_steps: What to do, best first.
        reached: Files that import paths from the handler lead to.
    """
    zipped = _zipped_by_file(archive, origins or {})
    shipped = _shipped_by_file(archive, origins or {}) if archive else {f.path: f.size for f in plan.kept}
    after = Sizes(archive.unzipped, archive.zipped, len(archive.members)) if archive else None
    every = [decision.file for decision in plan.decisions]
    return FunctionReport(
        name=function.name,
        handler=function.handler,
        runtime=function.target.runtime.name,
        architecture=function.target.architecture,
        memory_mb=function.memory_mb,
        before=Sizes(sum(file.size for file in every), 0, len(every)),
        after=after,
        by_kind=by_kind(plan.kept),
        by_folder=by_folder(plan.kept),
        distributions=distribution_rows(resolution, plan, shipped, zipped, imports),
        rules=rule_rows(plan.dropped),
        files=file_rows(plan, zipped, imports, reached),
        imports=imports,
        findings=tuple(findings),
        next_steps=tuple(next_steps),
        package=package,
        proof=proof,
    )


def _zipped_by_file(archive: Archive | None, origins: Mapping[str, str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for name, (_, packed) in archive.members.items() if archive else ():
        found[origins.get(name, name)] += packed
    return dict(found)


def _shipped_by_file(archive: Archive, origins: Mapping[str, str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for name, (size, _) in archive.members.items():
        found[origins.get(name, name)] += size
    return dict(found)


def by_kind(files: Iterable[File]) -> tuple[tuple[str, int], ...]:
    """Bytes by kind, most first."""
    found: Counter[str] = Counter()
    for file in files:
        found[file.kind.value] += file.size
    return tuple(sorted(found.items(), key=lambda row: (-row[1], row[0])))


def by_folder(files: Iterable[File]) -> tuple[tuple[str, int], ...]:
    """Bytes of the project's own top-level folders, most first."""
    found: Counter[str] = Counter()
    for file in files:
        if file.owner == FIRST_PARTY:
            found[file.path.partition("/")[0] if "/" in file.path else "."] += file.size
    return tuple(sorted(found.items(), key=lambda row: (-row[1], row[0])))


def distribution_rows(
    resolution: Resolution,
    plan: Plan,
    shipped: Mapping[str, int],
    zipped: Mapping[str, int],
    imports: ImportReport | None = None,
) -> tuple[DistributionRow, ...]:
    """One row a distribution and one for the project; the rows' own bytes add up to the package, notices aside."""
    own, packed, counts, modules = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for file in plan.kept:
        own[file.owner] += shipped.get(file.path, 0)
        packed[file.owner] += zipped.get(file.path, 0)
        counts[file.owner] += 1
        modules[file.owner] += file.path.endswith((".py", ".so"))
    edges = {one.name: one.requires for one in resolution.distributions}
    freed = dominated(edges, [one.name for one in resolution.distributions if one.direct])
    required_by: dict[str, list[str]] = {}
    for one in resolution.distributions:
        for name in one.requires:
            required_by.setdefault(name, []).append(one.name)
    times, loaded, firsts = _import_columns(imports)
    rows = []
    for one in resolution.distributions:
        gone = freed.get(one.name, frozenset({one.name}))
        rows.append(
            DistributionRow(
                name=one.name,
                version=one.version,
                direct=one.direct,
                required_by=tuple(sorted(required_by.get(one.name, ()))),
                own_bytes=own[one.name],
                freed_bytes=sum(own[name] for name in gone),
                freed_with=tuple(sorted(gone - {one.name})),
                zipped_bytes=packed[one.name],
                files=counts[one.name],
                modules_shipped=modules[one.name],
                modules_loaded=loaded[one.name],
                import_self_us=times[one.name],
                first_import=firsts.get(one.name, ()),
                where=one.where,
            )
        )
    project = DistributionRow(
        name=PROJECT,
        version="",
        direct=True,
        required_by=(),
        own_bytes=own[FIRST_PARTY],
        freed_bytes=own[FIRST_PARTY],
        freed_with=(),
        zipped_bytes=packed[FIRST_PARTY],
        files=counts[FIRST_PARTY],
        modules_shipped=modules[FIRST_PARTY],
        modules_loaded=loaded[PROJECT],
        import_self_us=times[PROJECT],
    )
    known = {row.name for row in rows} | {FIRST_PARTY}
    for name in sorted(set(counts) - known):  # what an installer left beside the distributions
        size = own[name]
        rows.append(DistributionRow(name, "", False, (), size, size, (), packed[name], counts[name], modules[name]))
    return (*sorted(rows, key=lambda row: (-row.freed_bytes, row.name)), project)


def _import_columns(
    imports: ImportReport | None,
) -> tuple[Counter[str], Counter[str], dict[str, tuple[tuple[str, str, int], ...]]]:
    times, loaded = Counter[str](), Counter[str]()
    firsts: dict[str, tuple[tuple[str, str, int], ...]] = {}
    nodes = {node.id: node for node in imports.nodes} if imports else {}
    for node in nodes.values():
        times[node.distribution] += node.self_us
        loaded[node.distribution] += node.status == "ok"
        if node.distribution not in firsts:
            chain, parent, line = [], node.parent, node.line
            while parent is not None:
                above = nodes[parent]
                chain.append((above.module, above.file, line or 0))
                parent, line = above.parent, above.line
            firsts[node.distribution] = tuple(reversed(chain))
    return times, loaded, firsts


def rule_rows(dropped: Iterable[Decision]) -> tuple[RuleRow, ...]:
    """What each rule leaves out, most bytes first."""
    files, sizes = Counter[str](), Counter[str]()
    whys = defaultdict[str, Counter[str]](Counter)
    for decision in dropped:
        rule = decision.verdict.rule
        files[rule] += 1
        sizes[rule] += decision.file.size
        whys[rule][decision.verdict.why] += decision.file.size
    rows = [RuleRow(rule, _common_why(rule, whys[rule]), files[rule], sizes[rule]) for rule in files]
    return tuple(sorted(rows, key=lambda row: (-row.bytes, row.rule)))


def _common_why(rule: str, whys: Counter[str]) -> str:
    """The files' own reason where all have the same, else the rule's; a recipe's for most of the bytes."""
    titles = file_rules()
    if len(whys) > 1 and rule in titles:
        return titles[rule]["title"].removeprefix("left out: ")
    return max(whys, key=lambda why: (whys[why], why))


def file_rows(
    plan: Plan, zipped: Mapping[str, int], imports: ImportReport | None, reached: Collection[str] = ()
) -> tuple[FileRow, ...]:
    """One row a file, in the order of the plan."""
    loaded = {node.file for node in imports.nodes if node.status == "ok"} if imports else set()
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
            reached=decision.file.path in reached,
        )
        for decision in plan.decisions
    )


_CODE = frozenset({FileKind.SOURCE.value, FileKind.BYTECODE.value, FileKind.LIBRARY.value})


def sharing_of(functions: Sequence[FunctionReport], *, layer: bool = False) -> Sharing | None:
    """What several functions have in common; None for a single one.

    Args:
        functions: With their files.
        layer: Whether to look for a layer to share, for which the files must be as they ship.
    """
    if len(functions) < 2:
        return None
    sides = [_side(function) for function in functions]
    return replace(compare(sides), layer=propose_layer(sides) if layer else None)


def _side(function: FunctionReport) -> Side:
    versions = {row.name: row.version for row in function.distributions}
    items = tuple(
        SharedItem(
            row.path,
            "" if row.distribution == PROJECT else row.distribution,
            versions.get(row.distribution, ""),
            row.bytes,
            row.zipped_bytes,
            row.kind in _CODE,
            row.decision == "kept",
            row.reached,
        )
        for row in function.files
    )
    return Side(function.name, f"{function.runtime} {function.architecture}", items)
