"""One row a distribution: bytes, files, modules and times, and what leaves the package with it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lambda_slim.base.rows import size_of, values_by_key
from lambda_slim.model.decision import Plan
from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.import_report import ImportNode, ImportReport
from lambda_slim.model.report import ADDED, PROJECT, DistributionRow
from lambda_slim.tasks.frees import leaves_with


def distribution_rows(
    resolution: Resolution,
    plan: Plan,
    shipped: Mapping[str, int],
    zipped: Mapping[str, int],
    imports: ImportReport | None = None,
    frees: Mapping[str, frozenset[str]] | None = None,
) -> tuple[DistributionRow, ...]:
    """One row a distribution, one for what lambda-slim adds, one for the project; their bytes add up to the package.

    Args:
        resolution: The distributions.
        plan: What ships.
        shipped: Bytes by path.
        zipped: Bytes in the zip by path.
        imports: INIT, where it was measured.
        frees: By requirement of the project, the files that would not ship without it, as a plan without it says;
            None where all files ship, so that just the files of what leaves are freed.
    """
    columns = _ImportColumns(plan.kept, shipped, zipped, imports)
    distributions, leaving = resolution.distributions, leaves_with(resolution)
    required_by = values_by_key((name, row.name) for row in distributions for name in row.requires)
    rows = [columns.row(row, leaving[row.name], required_by.get(row.name, ())) for row in distributions]
    if frees is not None:
        rows = [replace(row, freed_bytes=size_of(frees.get(row.name, ()), shipped)) for row in rows]
    known = {row.name for row in distributions}
    rows += [columns.beside(name) for name in columns.owners() if name not in known]
    rows += columns.added()
    return (*sorted(rows, key=lambda row: (-row.freed_bytes, -row.own_bytes, row.name)), columns.project())


class _ImportColumns:
    """Bytes, files, modules and times by owner."""

    def __init__(
        self,
        kept: Sequence[File],
        shipped: Mapping[str, int],
        zipped: Mapping[str, int],
        imports: ImportReport | None,
    ) -> None:
        self._bytes, self._zipped = Counter[str](), Counter[str]()
        self._files, self._modules = Counter[str](), Counter[str]()
        for file in kept:
            self._bytes[file.owner] += shipped.get(file.path, 0)
            self._zipped[file.owner] += zipped.get(file.path, 0)
            self._files[file.owner] += file.path in shipped  # a licence may ship in a file with others
            self._modules[file.owner] += file.path.endswith((".py", ".so"))
        for path in shipped.keys() - {file.path for file in kept}:
            self._bytes[ADDED] += shipped[path]
            self._zipped[ADDED] += zipped.get(path, 0)
            self._files[ADDED] += 1
        self._times, self._firsts = _import_columns(imports)
        self._loaded = _loaded_files(kept, imports)

    def owners(self) -> list[str]:
        """Who has files that ship, the project aside."""
        return sorted(set(self._files) - {FIRST_PARTY, ADDED})

    def added(self) -> list[DistributionRow]:
        """The row of what was made from no file: the guard, licences in one file."""
        return [replace(self.beside(ADDED), freed_bytes=0)] if self._files[ADDED] else []  # nobody can drop it

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
            modules_loaded=self._loaded[FIRST_PARTY],
            import_self_us=self._times[PROJECT],
        )


def _loaded_files(kept: Iterable[File], imports: ImportReport | None) -> Counter[str]:
    """Files by owner that INIT loads, each once: code may be loaded under several names, or make modules of no file."""
    loaded = {node.file for node in imports.loaded} if imports else set()
    return Counter(file.owner for file in kept if file.path in loaded and file.path.endswith((".py", ".so")))


def _import_columns(
    imports: ImportReport | None,
) -> tuple[Counter[str], dict[str, tuple[tuple[str, str, int], ...]]]:
    """By distribution: own time, and the chain of imports to the first of its modules."""
    times = Counter[str]()
    firsts: dict[str, tuple[tuple[str, str, int], ...]] = {}
    nodes = {node.id: node for node in imports.nodes} if imports else {}
    for node in nodes.values():
        times[node.distribution] += node.self_us
        if node.distribution not in firsts:
            firsts[node.distribution] = _chain_to(node, nodes)
    return times, firsts


def _chain_to(node: ImportNode, nodes: Mapping[int, ImportNode]) -> tuple[tuple[str, str, int], ...]:
    """(module, file, line) of the imports that led to a module, outermost first."""
    chain, current = [], node
    while current.parent is not None:
        importer = nodes[current.parent]
        chain.append((importer.module, importer.file, current.line or 0))
        current = importer
    return tuple(reversed(chain))
