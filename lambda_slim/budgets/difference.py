"""What is different between two packages of a function?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lambda_slim.base.units import plural, show_size
from lambda_slim.budgets.lock import LockEntry, make_entry
from lambda_slim.model.report import DistributionRow, FunctionReport, Sizes

_LEAST = 1024  # bytes of one's own files that are worth a line


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file that came, went or has another size. `before` and `after` are bytes, None where it is not there."""

    path: str
    before: int | None
    after: int | None

    @property
    def delta(self) -> int:
        """Bytes more."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True)
class PackageDifference:
    """One function, before and after.

    Attributes:
        before: None where the function is new.
        after: None where it is gone.
        changed: Distributions and modules at INIT that came, went or changed, most bytes first.
        files: Those that came, went or have another size, most bytes first.
        import_us: INIT before and after, where both were measured.
    """

    name: str
    before: Sizes | None
    after: Sizes | None
    changed: tuple[str, ...] = ()
    files: tuple[FileChange, ...] = ()
    import_us: tuple[int, int] | None = None


def compare(before: Sequence[FunctionReport], after: Sequence[FunctionReport]) -> tuple[PackageDifference, ...]:
    """Every function of either side by name; where each side has one, they are the same, whatever they are called."""
    if len(before) == len(after) == 1:
        return (_compare(before[0], after[0]),)
    old, new = {one.name: one for one in before}, {one.name: one for one in after}
    found = []
    for name in sorted({*old, *new}):
        if name in old and name in new:
            found.append(_compare(old[name], new[name]))
        else:
            gone, come = old.get(name), new.get(name)
            found.append(PackageDifference(name, _sizes(gone) if gone else None, _sizes(come) if come else None))
    return tuple(found)


def _sizes(report: FunctionReport) -> Sizes:
    return report.after or report.before


def _compare(before: FunctionReport, after: FunctionReport) -> PackageDifference:
    new, old = entry_of(after), entry_of(before)
    if not (after.init_modules and before.init_modules):  # nothing is known of a package without a handler
        new, old = replace(new, init_modules={}, digest=""), replace(old, init_modules={}, digest="")
    told = explained(after, new, old)
    times = (before.imports.total_us, after.imports.total_us) if before.imports and after.imports else None
    return PackageDifference(after.name, _sizes(before), _sizes(after), told, _files(before, after), times)


def _files(before: FunctionReport, after: FunctionReport) -> tuple[FileChange, ...]:
    old, new = _shipped(before), _shipped(after)
    rows = [FileChange(path, old.get(path), new.get(path)) for path in {*old, *new} if old.get(path) != new.get(path)]
    return tuple(sorted(rows, key=lambda row: (-abs(row.delta), row.path)))


def _shipped(report: FunctionReport) -> dict[str, int]:
    """Package path to bytes; a report without a built package is of one that ships everything."""
    whole = report.package is None
    return {row.path: row.bytes for row in report.files if whole or row.decision == "kept"}


def entry_of(report: FunctionReport) -> LockEntry:
    """What is locked of a function's package."""
    sizes = report.after or report.before
    rows = {row.name: (row.version, row.own_bytes) for row in report.distributions if row.files and row.version}
    bytecode = report.package.bytecode if report.package else ""
    return make_entry(sizes.unzipped_bytes, sizes.zipped_bytes, sizes.files, rows, report.init_modules, bytecode)


def changes(now: LockEntry, before: LockEntry) -> tuple[str, ...]:
    """What came, went and changed, most bytes first: `+ cffi 2.0.0  +0.9 MiB`."""
    rows: list[tuple[int, str]] = []
    modules: list[tuple[int, str]] = []
    for name in sorted({*now.distributions, *before.distributions}):
        (new, size), (old, was) = now.distributions.get(name, ("", 0)), before.distributions.get(name, ("", 0))
        delta = size - was
        sign = f"{'+' if delta >= 0 else '−'}{show_size(abs(delta))}"
        if not was and not old:
            rows.append((delta, f"+ {name} {new}   {sign}"))
        elif not size and not new:
            rows.append((-delta, f"− {name} {old}   {sign}"))
        elif new != old or delta:
            version = f"{old} → {new}" if new != old else new
            rows.append((abs(delta), f"~ {name} {version}   {sign}"))
    delta = _rest(now) - _rest(before)
    if abs(delta) >= _LEAST:
        rows.append((abs(delta), f"~ your own files and notices   {'+' if delta > 0 else '−'}{show_size(abs(delta))}"))
    for name in sorted({*now.init_modules, *before.init_modules}):
        more = now.init_modules.get(name, 0) - before.init_modules.get(name, 0)
        if more:
            told = f"{'+' if more > 0 else '−'} {plural(abs(more), 'module')} of `{name}` at INIT"
            modules.append((abs(more), told))
    if now.digest != before.digest and now.init_modules == before.init_modules:
        modules.append((0, "~ other modules at INIT, as many as before"))
    return tuple(text for part in (rows, modules) for _, text in sorted(part, key=lambda row: (-row[0], row[1])))


def _rest(facts: LockEntry) -> int:
    """Bytes that belong to no distribution."""
    return facts.unzipped - sum(size for _, size in facts.distributions.values())


def explained(report: FunctionReport, now: LockEntry, before: LockEntry) -> tuple[str, ...]:
    """What came, went and changed in a function, each with the requirement that brought it."""
    owners = {row.path.partition("/")[0].partition(".")[0]: row.distribution for row in report.files}
    return tuple(with_cause(line, report.distributions, owners) for line in changes(now, before))


def with_cause(line: str, distributions: Iterable[DistributionRow], owners: Mapping[str, str] | None = None) -> str:
    """A change with the requirement that brought it: `+ cffi 2.0.0   jose → cryptography (requirements.txt:4)`.

    Args:
        line: One of `changes`.
        distributions: The function's as they are now.
        owners: The distribution that has each top-level package, for lines about modules.
    """
    sign, _, rest = line.partition(" ")
    module = rest.partition("`")[2].partition("`")[0]
    name = (owners or {}).get(module, "") if module else rest.split(" ")[0]
    rows = {row.name: row for row in distributions}
    if sign == "−" or name not in rows:
        return line
    path, seen = [name], {name}
    while not rows[path[-1]].direct:
        above = next((one for one in rows[path[-1]].required_by if one in rows and one not in seen), None)
        if above is None:
            break
        seen.add(above)
        path.append(above)
    where = rows[path[-1]].where
    chain = " → ".join(reversed(path))
    return f"{line}   {chain}{f' ({where})' if where else ''}" if len(path) > 1 or where else line
