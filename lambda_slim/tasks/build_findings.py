"""The findings of a build on its own package."""

from collections.abc import Iterable, Iterator

from lambda_slim.inputs.traces import code_digest
from lambda_slim.model.imports import Module
from lambda_slim.model.member import Archive, Shaped
from lambda_slim.model.report import Finding
from lambda_slim.model.settings import Level
from lambda_slim.plan.runtime_sdk import sdk_notes
from lambda_slim.plan.starts.verdict import Judged
from lambda_slim.plan.unresolved import unknown_findings
from lambda_slim.tasks.audit import audit_members
from lambda_slim.tasks.prepare import Planned


def findings_of(planned: Planned, shaped: Shaped, archive: Archive, judged: Judged) -> tuple[Finding, ...]:
    """Findings on a build: no start, files that look secret, what would break on Lambda, limits, an old trace."""
    return (
        *judged.findings,
        *(Finding("lock", "warning", message) for message in planned.resolution.notes),
        *_stale_trace(planned),
        *_secrets(planned),
        *(Finding("limits", "warning", message) for message in archive.warnings),
        *_not_compiled(planned, shaped, judged),
        *audit_members(shaped.members, planned.function.target),
        *_unknown(planned),
        *sdk_notes(planned.facts),
        *(Finding("files", "info", message) for message in planned.inventory.warnings),
    )


def _stale_trace(planned: Planned) -> Iterator[Finding]:
    trace = planned.facts.trace
    files = [file for file in planned.inventory.files if "__pycache__/" not in file.path]
    if trace and trace.code and trace.code != code_digest(files):
        yield Finding("trace", "warning", "the trace was recorded for other code; record it again")


def _secrets(planned: Planned) -> Iterator[Finding]:
    for decision in planned.plan.dropped:
        if decision.verdict.rule == "secret":
            yield Finding("secret", "warning", f"left out: {decision.verdict.why}", file=decision.file.path)


def _unknown(planned: Planned) -> Iterator[Finding]:
    """Imports with computed names, of files that ship."""
    if planned.settings.level is Level.REACH:
        shipped = planned.plan.kept_paths
        yield from unknown_findings(gap for gap in planned.facts.reach.unresolved if gap.path in shipped)


def _own_sources(modules: Iterable[Module]) -> Iterator[str]:
    """Package paths of first-party modules."""
    for module in modules:
        if not module.owner and not module.namespace:
            yield module.path


def _not_compiled(planned: Planned, shaped: Shaped, judged: Judged) -> Iterator[Finding]:
    """First-party modules of INIT that the target's own Python cannot compile: no invocation would work."""
    modules, target = planned.imports.modules, planned.function.target
    wanted = set(_own_sources(modules[name] for name in judged.modules))
    told = {finding.file for finding in judged.findings if finding.rule == "LS200"}
    for path in sorted(shaped.uncompiled & (wanted - told)):
        why = f"Python {target.runtime.python} cannot compile it"
        yield Finding("LS200", "error", why, file=path, hint="`lambda-slim lint` says where")
