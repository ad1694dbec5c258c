"""Two packages without what only bytecode makes different: a module is the same as source, bytecode, or both."""

import fnmatch
import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from lambda_slim.model.report import DistributionRow, FileRow, FunctionReport

_BESIDE = re.compile(r"(?:^|(?<=/))__pycache__/([^/]+?)\.cpython-\d+(?:\.opt-\d)?\.pyc$")


@dataclass(frozen=True, slots=True)
class PlainSide:
    """A package without the files that are not compared.

    Attributes:
        report: Its report, whose files and distributions have only the rest.
        aside: Bytes that are left out of it.
        bytecode: Bytes of all its bytecode.
        compiled: How many modules have bytecode.
    """

    report: FunctionReport
    aside: int
    bytecode: int
    compiled: int


def in_one_form(before: FunctionReport, after: FunctionReport) -> tuple[PlainSide, PlainSide]:
    """Both packages without bytecode beside its source, and without modules that each has in another form.

    What is left of bytecode stands in the place of its source on both sides, or in a module that only one side has.
    """
    counted = before.package is None and after.package is None
    return _side(before, _forms(after), counted=counted), _side(after, _forms(before), counted=counted)


def _forms(report: FunctionReport) -> Mapping[str, str]:
    """Source paths of modules to the path that Python loads them from."""
    paths = [row.path for row in report.package_files]
    sources = fnmatch.filter(paths, "*.py")
    in_place = itertools.filterfalse(_BESIDE.search, fnmatch.filter(paths, "*.pyc"))
    return {**{path[:-1]: path for path in in_place}, **dict(zip(sources, sources, strict=True))}


def _side(report: FunctionReport, other: Mapping[str, str], *, counted: bool) -> PlainSide:
    """One side; `counted` is whether the report's bytes are those of its files."""
    aside = _aside(report, other)
    plain = replace(report, files=tuple(row for row in report.files if row.path not in aside))
    if not counted:
        return PlainSide(plain, 0, *_bytecode(report))
    plain = replace(plain, distributions=_less(plain.distributions, aside.values()))
    return PlainSide(plain, sum(row.bytes for row in aside.values()), *_bytecode(report))


def _aside(report: FunctionReport, other: Mapping[str, str]) -> dict[str, FileRow]:
    """The files that are not compared."""
    own = _forms(report)
    unlike = {own[source] for source in own.keys() & other.keys() if own[source] != other[source]}
    beside = {row.path for row in report.files if _is_beside(row.path, own)}
    aside = unlike | beside
    return {row.path: row for row in report.package_files if row.path in aside}


def _bytecode(report: FunctionReport) -> tuple[int, int]:
    """Bytes of bytecode, and how many modules have it."""
    if report.package is not None:  # whose files are what it was made from
        return report.package.bytecode_bytes, report.package.bytecode_files
    bytecode = [row.bytes for row in report.package_files if row.path.endswith(".pyc")]
    return sum(bytecode), len(bytecode)


def _is_beside(path: str, sources: Collection[str]) -> bool:
    source, count = _BESIDE.subn(r"\1.py", path)
    return count > 0 and source in sources


def _less(distributions: tuple[DistributionRow, ...], aside: Iterable[FileRow]) -> tuple[DistributionRow, ...]:
    """Distributions without the bytes of some of their files."""
    sizes = Counter[str]()
    for row in aside:
        sizes[row.distribution] += row.bytes
    return tuple(replace(row, own_bytes=row.own_bytes - sizes[row.name]) for row in distributions)
