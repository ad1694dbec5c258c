"""Modules that INIT imports and that Lambda cannot load: made for another machine or Python, or damaged."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from lambda_slim.formats.elf import ElfError, is_elf, parse_elf
from lambda_slim.model.member import Member
from lambda_slim.model.report import Finding
from lambda_slim.plan.starts.verdict import Judged

# What findings about a file that INIT loads mean; LS104 is a library that is not known to be there. The worst is first.
_VERDICTS = {"no": ("LS101", "LS102", "LS103", "LS105", "LS106", "LS107"), "unknown": ("LS104",)}


def with_members(judged: Judged, members: Iterable[Member], findings: Collection[Finding]) -> Judged:
    """The verdict with the findings of an audit: what INIT certainly imports has to load.

    Args:
        judged: What the imports alone say.
        members: The package.
        findings: Of the same package; files are paths in it.
    """
    if judged.report.verdict == "no":
        return judged
    loaded = loaded_files(judged.files, members)
    of_loaded = [finding for finding in findings if finding.file in loaded]
    for verdict, rules in _VERDICTS.items():
        if fault := next((finding for finding in of_loaded if finding.rule in rules), None):
            why = f"{fault.file} {fault.message}"
            return replace(judged, report=replace(judged.report, verdict=verdict, why=why))
    return judged


def loaded_files(files: Collection[str], members: Iterable[Member]) -> frozenset[str]:
    """Files of modules, and the libraries of the package that they link to, directly or in turn."""
    libraries = {member.name: member for member in members if is_elf(member.data)}
    by_name = _by_name(libraries)
    loaded, todo = set(files), [path for path in files if path in libraries]
    while todo:
        for name in _needed(libraries[todo.pop()]):
            linked = by_name.get(name, set()) - loaded
            loaded |= linked
            todo += linked
    return frozenset(loaded)


def _by_name(paths: Iterable[str]) -> Mapping[str, set[str]]:
    """Paths by the last part of each: several distributions can bring a library of one name."""
    named: dict[str, set[str]] = {}
    for path in paths:
        named.setdefault(path.rpartition("/")[2], set()).add(path)
    return named


def _needed(member: Member) -> tuple[str, ...]:
    try:
        return parse_elf(member.data).needed
    except ElfError:
        return ()
