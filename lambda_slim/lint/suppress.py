"""Which findings has the user silenced?"""

from collections.abc import Iterable, Sequence

from lambda_slim.base.patterns import matcher
from lambda_slim.knowledge.lints import load_rules
from lambda_slim.model.report import Finding


def is_ignored(finding: Finding, ignore: Sequence[str]) -> bool:
    """Whether an entry of the `ignore` setting names the finding: `LS203`, `LS2`, a name, or `LS203:legacy/**`."""
    return any(_names(entry, finding) for entry in ignore)


def without_ignored(findings: Iterable[Finding], ignore: Sequence[str]) -> tuple[Finding, ...]:
    """The findings that no entry of the `ignore` setting names."""
    return tuple(finding for finding in findings if not is_ignored(finding, ignore))


def _names(entry: str, finding: Finding) -> bool:
    rule, _, pattern = entry.partition(":")
    if not _means(rule, finding.rule):
        return False
    return not pattern or bool(finding.file and matcher((pattern,))(finding.file))


def _means(entry: str, rule: str) -> bool:
    """Whether an entry is a rule's id, a prefix of it, or its name."""
    if entry == rule or (entry.startswith("LS") and rule.startswith(entry)):
        return True
    known = load_rules().get(rule)
    return known is not None and entry == known.name
