"""What is different between two packages of a function?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lambda_slim.base.rows import by_name
from lambda_slim.base.text import clause
from lambda_slim.base.units import plural, show_added
from lambda_slim.budgets.forms import PlainSide, in_one_form
from lambda_slim.budgets.lock import LockEntry, make_entry
from lambda_slim.model.report import DistributionRow, FunctionReport, Sizes

_LEAST = 1024  # bytes of first-party files that are worth a line


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

    @property
    def kind(self) -> str:
        """What became of it: `added`, `removed`, or `changed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class PackageDifference:
    """One function, before and after.

    Attributes:
        before: None where the function is new.
        after: None where it is gone.
        changed: Distributions and modules at INIT that came, went or changed, most bytes first.
        files: Those that came, went or have another size, most bytes first.
        import_us: INIT before and after, where both were measured.
        bytecode: Bytes of bytecode before and after, which `changed` and `files` leave out where it stands beside its
            source, or where the other side has the source in its place.
        compiled: How many modules have it, before and after.
    """

    name: str
    before: Sizes | None
    after: Sizes | None
    changed: tuple[str, ...] = ()
    files: tuple[FileChange, ...] = ()
    import_us: tuple[int, int] | None = None
    bytecode: tuple[int, int] = (0, 0)
    compiled: tuple[int, int] = (0, 0)


def compare(before: Sequence[FunctionReport], after: Sequence[FunctionReport]) -> tuple[PackageDifference, ...]:
    """Every function of either side by name; if each side has one function, they are the same, under any name."""
    if len(before) == len(after) == 1:
        return (_compare(before[0], after[0]),)
    old = by_name(before)
    new = by_name(after)
    return tuple(_side_by_side(name, old.get(name), new.get(name)) for name in sorted({*old, *new}))


def _side_by_side(name: str, before: FunctionReport | None, after: FunctionReport | None) -> PackageDifference:
    if before is None or after is None:
        return PackageDifference(name, _sizes(before), _sizes(after))
    return _compare(before, after)


def _sizes(report: FunctionReport | None) -> Sizes | None:
    return report.now if report else None


def _compare(before: FunctionReport, after: FunctionReport) -> PackageDifference:
    was, is_now = in_one_form(before, after)
    new, old = _plain_entry(is_now), _plain_entry(was)
    if not (after.init_modules and before.init_modules):  # nothing is known of a package without a handler
        new, old = replace(new, init_modules={}, digest=""), replace(old, init_modules={}, digest="")
    changed = explained(after, new, old)
    times = (before.imports.total_us, after.imports.total_us) if before.imports and after.imports else None
    files = _files(was.report, is_now.report)
    bytecode, compiled = (was.bytecode, is_now.bytecode), (was.compiled, is_now.compiled)
    return PackageDifference(after.name, _sizes(before), _sizes(after), changed, files, times, bytecode, compiled)


def _plain_entry(side: PlainSide) -> LockEntry:
    entry = entry_of(side.report)
    return replace(entry, unzipped=entry.unzipped - side.aside)


def _files(before: FunctionReport, after: FunctionReport) -> tuple[FileChange, ...]:
    old, new = _shipped(before), _shipped(after)
    paths = {path for path, _ in old.items() ^ new.items()}
    rows = [FileChange(path, old.get(path), new.get(path)) for path in paths]
    return tuple(sorted(rows, key=lambda row: (-abs(row.delta), row.path)))


def _shipped(report: FunctionReport) -> dict[str, int]:
    """Package path to bytes."""
    return {row.path: row.bytes for row in report.package_files}


def entry_of(report: FunctionReport) -> LockEntry:
    """What is locked of a function's package."""
    sizes = report.now
    rows = {row.name: (row.version, row.own_bytes) for row in report.distributions if row.files and row.version}
    bytecode, level = (report.package.bytecode, report.package.level) if report.package else ("", "")
    counts = sizes.unzipped_bytes, sizes.zipped_bytes, sizes.files
    return replace(make_entry(*counts, rows, report.init_modules, bytecode), level=level)


def changes(now: LockEntry, before: LockEntry) -> tuple[str, ...]:
    """What came, went and changed, most bytes first: `+ cffi 2.0.0  +0.9 MiB`."""
    groups = ([*_distribution_changes(now, before), *_rest_changes(now, before)], _module_changes(now, before))
    return tuple(text for group in groups for _, text in sorted(group, key=lambda row: (-row[0], row[1])))


def _distribution_changes(now: LockEntry, before: LockEntry) -> Iterator[tuple[int, str]]:
    """(bytes, line) of each distribution that came, went or changed."""
    nothing = ("", 0)
    for name in sorted({*now.distributions, *before.distributions}):
        is_now, was = now.distributions.get(name, nothing), before.distributions.get(name, nothing)
        if is_now != was:
            delta = is_now[1] - was[1]
            yield abs(delta), f"{_told(name, is_now, was)}   {show_added(delta)}"


def _told(name: str, is_now: tuple[str, int], was: tuple[str, int]) -> str:
    """What became of a distribution: `+ cffi 2.0.0`."""
    (new, size), (old, before) = is_now, was
    if not (old or before):
        return f"+ {name} {new}"
    if not (new or size):
        return f"− {name} {old}"
    return f"~ {name} {new}" if new == old else f"~ {name} {old} → {new}"


def _rest_changes(now: LockEntry, before: LockEntry) -> Iterator[tuple[int, str]]:
    delta = _rest(now) - _rest(before)
    if abs(delta) >= _LEAST:
        yield abs(delta), f"~ your own files and notices   {show_added(delta)}"


def _module_changes(now: LockEntry, before: LockEntry) -> Iterator[tuple[int, str]]:
    """(modules, line) of each package of which INIT brings more or fewer modules."""
    for name in sorted({*now.init_modules, *before.init_modules}):
        more = now.init_modules.get(name, 0) - before.init_modules.get(name, 0)
        sign = "+" if more > 0 else "−"
        if more:
            yield abs(more), f"{sign} {plural(abs(more), 'module')} of `{name}` at INIT"
    if now.digest != before.digest and now.init_modules == before.init_modules:
        yield 0, "~ other modules at INIT, as many as before"


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
    name = _subject(line, owners or {})
    rows = by_name(distributions)
    if line.startswith("− ") or name not in rows:
        return line
    path = _path_to(name, rows)
    where = rows[path[0]].where
    if len(path) == 1 and not where:
        return line
    return f"{line}   {' → '.join(path)}{clause(' ({})', where)}"


def _subject(line: str, owners: Mapping[str, str]) -> str:
    """The distribution that a change is about."""
    _, _, text = line.partition(" ")
    module = text.partition("`")[2].partition("`")[0]
    return owners.get(module, "") if module else text.split(" ")[0]


def _path_to(name: str, rows: Mapping[str, DistributionRow]) -> list[str]:
    """A chain of requirements that leads to a distribution, that of the project first."""
    path = [name]
    while not rows[path[0]].direct:
        others = rows.keys() - path
        above = [row for row in rows[path[0]].required_by if row in others]
        if not above:
            break
        path.insert(0, above[0])
    return path
