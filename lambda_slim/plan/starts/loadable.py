"""Modules that INIT imports and that Lambda cannot load: made for another machine or Python, or damaged."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from lambda_slim.formats.elf import ElfError, is_elf, parse_elf
from lambda_slim.model.member import Member
from lambda_slim.model.report import Finding
from lambda_slim.plan.starts.verdict import Judged

_STOPS = frozenset({"LS101", "LS102", "LS103", "LS105", "LS106", "LS107"})
_DOUBTS = frozenset({"LS104"})  # a library that is not known to be there


def with_members(judged: Judged, members: Iterable[Member], findings: Collection[Finding]) -> Judged:
    """The verdict with what an audit of the members says: what INIT surely imports has to load.

    Args:
        judged: What the imports alone say.
        members: The package.
        findings: Of the same package; files are paths in it.
    """
    if judged.report.verdict == "no":
        return judged
    loaded = loaded_files(judged.files, members)
    of_loaded = [finding for finding in findings if finding.file in loaded]
    fault = next((row for row in of_loaded if row.level == "error" and row.rule in _STOPS), None)
    if fault is not None:
        return _judged(judged, "no", fault)
    doubt = next((row for row in of_loaded if row.rule in _DOUBTS), None)
    return judged if doubt is None else _judged(judged, "unknown", doubt)


def _judged(judged: Judged, verdict: str, finding: Finding) -> Judged:
    why = f"{finding.file} {finding.message}"
    return replace(judged, report=replace(judged.report, verdict=verdict, why=why))


def loaded_files(files: Collection[str], members: Iterable[Member]) -> frozenset[str]:
    """Files of modules, and the libraries of the package that they link to, directly or in turn."""
    libraries = {member.name: member for member in members if is_elf(member.data)}
    by_name: dict[str, list[str]] = {}
    for path in libraries:
        by_name.setdefault(path.rpartition("/")[2], []).append(path)
    loaded, todo = set(files), [path for path in files if path in libraries]
    while todo:
        for needed in _needed(libraries[todo.pop()]):
            fresh = [path for path in by_name.get(needed, ()) if path not in loaded]
            loaded.update(fresh)
            todo += fresh
    return frozenset(loaded)


def _needed(member: Member) -> tuple[str, ...]:
    try:
        return parse_elf(member.data).needed
    except ElfError:
        return ()
