"""Pipeline results to the report's records: pure arithmetic."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lambda_slim.base.graph import dominated
from lambda_slim.knowledge.explanations import file_rules
from lambda_slim.model.decision import Decision, Plan
from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.function import Function
from lambda_slim.model.member import Archive
from lambda_slim.model.report import (
    PROJECT,
    DistributionRow,
    FileRow,
    Finding,
    FunctionReport,
    ImportNode,
    ImportReport,
    PackageReport,
    Proof,
    RuleRow,
    Sizes,
    Step,
)
from lambda_slim.model.sharing import Sharing
from lambda_slim.plan.sharing import SharedItem, Side, compare, propose_layer


@dataclass(frozen=True, slots=True)
class Results:
    """What came of building a function, as far as it was built.

    Attributes:
        archive: The written zip, where there is one.
        origins: Member names of the zip to the package path of the file that each was made from.
        findings: Advice.
        package: Where the zip is.
        proof: What `verify` did.
        next_steps: What to do, best first.
        reached: Files that import paths from the handler lead to.
    """

    archive: Archive | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    package: PackageReport | None = None
    proof: Proof | None = None
    next_steps: tuple[Step, ...] = ()
    reached: Collection[str] = ()


def report_function(function: Function, resolution: Resolution, plan: Plan, results: Results) -> FunctionReport:
    """Everything known about one function's package.

    Args:
        function: As found.
        resolution: Its distributions.
        plan: A decision for every file.
        results: What was built.
    """
    archive = results.archive
    zipped = _by_file(archive, results.origins, _zipped) if archive else {}
    shipped = _by_file(archive, results.origins, _unzipped) if archive else {file.path: file.size for file in plan.kept}
    files = [decision.file for decision in plan.decisions]
    return FunctionReport(
        name=function.name,
        handler=function.handler,
        runtime=function.target.runtime.name,
        architecture=function.target.architecture,
        memory_mb=function.memory_mb,
        before=Sizes(sum(file.size for file in files), 0, len(files)),
        after=Sizes(archive.unzipped, archive.zipped, len(archive.members)) if archive else None,
        by_kind=by_kind(plan.kept),
        by_folder=by_folder(plan.kept),
        distributions=distribution_rows(resolution, plan, shipped, zipped),
        rules=rule_rows(plan.dropped),
        files=file_rows(plan, zipped, None, results.reached),
        findings=results.findings,
        next_steps=results.next_steps,
        package=results.package,
        proof=results.proof,
    )


def _by_file(archive: Archive, origins: Mapping[str, str], size: Callable[[tuple[int, int]], int]) -> dict[str, int]:
    """Bytes of the zip's members, by the file that each was made from."""
    sizes = Counter[str]()
    for name, member in archive.members.items():
        sizes[origins.get(name, name)] += size(member)
    return dict(sizes)


def _unzipped(member: tuple[int, int]) -> int:
    return member[0]


def _zipped(member: tuple[int, int]) -> int:
    return member[1]


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


def distribution_rows(
    resolution: Resolution,
    plan: Plan,
    shipped: Mapping[str, int],
    zipped: Mapping[str, int],
    imports: ImportReport | None = None,
) -> tuple[DistributionRow, ...]:
    """One row a distribution and one for the project; the rows' own bytes add up to the package, notices aside."""
    columns = _Columns(plan.kept, shipped, zipped, imports)
    distributions = resolution.distributions
    requires = {row.name: row.requires for row in distributions}
    freed = dominated(requires, [row.name for row in distributions if row.direct])
    required_by: dict[str, list[str]] = {}
    for row in distributions:
        for name in row.requires:
            required_by.setdefault(name, []).append(row.name)
    rows = [
        columns.row(row, freed.get(row.name, frozenset({row.name})), required_by.get(row.name, ()))
        for row in distributions
    ]
    known = {row.name for row in distributions}
    rows += [columns.beside(name) for name in columns.owners() if name not in known]
    return (*sorted(rows, key=lambda row: (-row.freed_bytes, row.name)), columns.project())


class _Columns:
    """Bytes, files, modules and times by owner."""

    def __init__(
        self,
        kept: Iterable[File],
        shipped: Mapping[str, int],
        zipped: Mapping[str, int],
        imports: ImportReport | None,
    ) -> None:
        self._bytes, self._zipped = Counter[str](), Counter[str]()
        self._files, self._modules = Counter[str](), Counter[str]()
        for file in kept:
            self._bytes[file.owner] += shipped.get(file.path, 0)
            self._zipped[file.owner] += zipped.get(file.path, 0)
            self._files[file.owner] += 1
            self._modules[file.owner] += file.path.endswith((".py", ".so"))
        self._times, self._loaded, self._firsts = _import_columns(imports)

    def owners(self) -> list[str]:
        """Who has files that ship, the project aside."""
        return sorted(set(self._files) - {FIRST_PARTY})

    def row(self, row: Distribution, freed: frozenset[str], required_by: Iterable[str]) -> DistributionRow:
        """The row of a distribution; `freed` are those that leave with it, itself included."""
        return replace(
            self.beside(row.name),
            version=row.version,
            direct=row.direct,
            required_by=tuple(sorted(required_by)),
            freed_bytes=sum(self._bytes[name] for name in freed),
            freed_with=tuple(sorted(freed - {row.name})),
            modules_loaded=self._loaded[row.name],
            import_self_us=self._times[row.name],
            first_import=self._firsts.get(row.name, ()),
            where=row.where,
        )

    def beside(self, owner: str) -> DistributionRow:
        """The row of what an installer left beside the distributions."""
        size = self._bytes[owner]
        return DistributionRow(
            name=owner,
            version="",
            direct=False,
            required_by=(),
            own_bytes=size,
            freed_bytes=size,
            freed_with=(),
            zipped_bytes=self._zipped[owner],
            files=self._files[owner],
            modules_shipped=self._modules[owner],
        )

    def project(self) -> DistributionRow:
        """The row of first-party code."""
        return replace(
            self.beside(FIRST_PARTY),
            name=PROJECT,
            direct=True,
            modules_loaded=self._loaded[PROJECT],
            import_self_us=self._times[PROJECT],
        )


def _import_columns(
    imports: ImportReport | None,
) -> tuple[Counter[str], Counter[str], dict[str, tuple[tuple[str, str, int], ...]]]:
    """By distribution: own time, modules loaded, and the chain of imports to the first of them."""
    times, loaded = Counter[str](), Counter[str]()
    firsts: dict[str, tuple[tuple[str, str, int], ...]] = {}
    nodes = {node.id: node for node in imports.nodes} if imports else {}
    for node in nodes.values():
        times[node.distribution] += node.self_us
        loaded[node.distribution] += node.status == "ok"
        if node.distribution not in firsts:
            firsts[node.distribution] = _chain_to(node, nodes)
    return times, loaded, firsts


def _chain_to(node: ImportNode, nodes: Mapping[int, ImportNode]) -> tuple[tuple[str, str, int], ...]:
    """(module, file, line) of the imports that led to a module, outermost first."""
    chain, current = [], node
    while current.parent is not None:
        importer = nodes[current.parent]
        chain.append((importer.module, importer.file, current.line or 0))
        current = importer
    return tuple(reversed(chain))


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
