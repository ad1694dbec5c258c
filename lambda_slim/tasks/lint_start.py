"""Imports that nothing provides, for `lint`: from what is known already, with no network and no child process."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import SlimError
from lambda_slim.inputs.inventory import take_inventory
from lambda_slim.inputs.resolve import known_resolution
from lambda_slim.lint.folder import shown
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.function import Function
from lambda_slim.model.report import Finding
from lambda_slim.model.settings import Level, Settings
from lambda_slim.tasks.audit_start import judge_whole
from lambda_slim.tasks.prepare import Prepared, plan_prepared, settings_for

_ABOUT_HANDLERS = ("LS135", "LS136")
_RULES = ("LS130", "LS131", "LS132", "LS134", *_ABOUT_HANDLERS)
_NOT_INSTALLED = Resolution(None, (), "not installed")


def start_findings(functions: Sequence[Function], settings: Settings, files: Sequence[Path]) -> tuple[Finding, ...]:
    """What in some files of a project imports what nothing provides; errors of INIT, warnings elsewhere.

    Of a function whose dependencies were never installed here only the handler is judged: `build` and `check` look at
    the rest.

    Args:
        functions: The project's.
        settings: Their level does not matter.
        files: What to report on.
    """
    wanted = {file.resolve() for file in files}
    findings: dict[Finding, None] = {}
    for function in functions:
        for finding in _of(function, replace(settings, level=Level.SAFE)):
            place = function.source / finding.file
            if finding.rule in _RULES and finding.file and place.resolve() in wanted:
                findings[replace(finding, file=shown(place), column=1)] = None
    return tuple(sorted(findings, key=lambda finding: (finding.file, finding.line, finding.rule, finding.message)))


def _of(function: Function, settings: Settings) -> Iterator[Finding]:
    if function.artifact is not None:
        return
    try:
        resolution = known_resolution(function)
        own = settings_for(settings, function.name)
        inventory = take_inventory(function, resolution or _NOT_INSTALLED, own)
        judged = judge_whole(plan_prepared(Prepared(function, own, resolution or _NOT_INSTALLED, inventory)))
        yield from (finding for finding in judged.findings if resolution or finding.rule in _ABOUT_HANDLERS)
    except SlimError:
        return  # that is for `build` to say
