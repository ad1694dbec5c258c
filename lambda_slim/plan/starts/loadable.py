"""Modules that INIT imports and that Lambda cannot load: made for another machine or Python, or damaged."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from lambda_slim.model.report import Finding
from lambda_slim.plan.starts.verdict import Judged

_RULES = frozenset({"LS101", "LS102", "LS103", "LS105", "LS106", "LS107"})


def without_unloadable(judged: Judged, findings: Iterable[Finding]) -> Judged:
    """The verdict with what an audit of the members says: a module that INIT surely imports has to load.

    Args:
        judged: What the imports alone say.
        findings: Of the same package; files are paths in it.
    """
    fault = next((finding for finding in findings if _stops(finding, judged.files)), None)
    if fault is None or judged.report.verdict == "no":
        return judged
    return replace(judged, report=replace(judged.report, verdict="no", why=f"{fault.file} {fault.message}"))


def _stops(finding: Finding, files: Collection[str]) -> bool:
    return finding.level == "error" and finding.rule in _RULES and finding.file in files
