"""Findings on a package that are silenced, by the settings or by a comment on the line."""

import functools
from collections.abc import Callable

from lambda_slim.base.files import read_loosely
from lambda_slim.knowledge.lints import load_rules
from lambda_slim.lint.modules import comments_that_ignore
from lambda_slim.lint.suppress import is_ignored
from lambda_slim.model.report import Finding
from lambda_slim.tasks.prepare import Planned


def silenced(planned: Planned) -> Callable[[Finding], bool]:
    """Whether a finding on a function's package is silenced."""
    sources = {file.path: file.source for file in planned.inventory.files if not file.owner}

    @functools.cache
    def comments(path: str) -> dict[int, frozenset[str]]:
        return comments_that_ignore(read_loosely(sources[path])) if path in sources else {}

    def answer(finding: Finding) -> bool:
        if is_ignored(finding, planned.settings.ignore_findings):
            return True
        said = comments(finding.file or "").get(finding.line or 0, frozenset())
        return not said.isdisjoint({"*", finding.rule, load_rules()[finding.rule].name})

    return answer
