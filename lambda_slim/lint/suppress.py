"""Which findings does the user not want to hear about?"""

from collections.abc import Iterable, Sequence

from lambda_slim.base.patterns import matcher
from lambda_slim.knowledge.lints import load_rules
from lambda_slim.model.report import Finding


def is_ignored(finding: Finding, ignore: Sequence[str]) -> bool:
    """Whether an entry of the `ignore` setting names the finding: `LS203`, `LS2`, a name, or `LS203:legacy/**`."""
    return any(_names(entry, finding) for entry in ignore)


def without_ignored(findings: Iterable[Finding], ignore: Sequence[str]) -> tuple[Finding, ...]:
    """The findings that no entry of the `ignore` setting names."""
    return tuple(one for one in findings if not is_ignored(one, ignore))


def _names(entry: str, finding: Finding) -> bool:
    rule, _, pattern = entry.partition(":")
    known = load_rules().get(finding.rule)
    named = rule == finding.rule or (known is not None and rule == known.name)
    if not named and not (rule.startswith("LS") and finding.rule.startswith(rule)):
        return False
    return not pattern or bool(finding.file and matcher((pattern,))(finding.file))
