"""Which sources of a folder does a function's package not depend on, but for what their facts say?"""

from collections.abc import Iterator

from lambda_slim.bundle.guard import is_worth_it
from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.model.report import FunctionReport
from lambda_slim.model.settings import Level, Startup
from lambda_slim.tasks.prepare import Planned


def independent(planned: Planned, report: FunctionReport, unopened: frozenset[str]) -> frozenset[str]:
    """Package paths of sources that the function neither ships, reaches nor runs, and that its report does not name.

    Of these a plan reads only what `facts_digest` covers, and the report has their sizes. There are none where
    something reads more: at level trace, with imports that wait, spare modules, layers, or packages of other tools.

    Args:
        planned: What was built.
        report: What is told of it.
        unopened: First-party files that no run of the full package has opened.
    """
    if not _is_plain(planned):
        return frozenset()
    kept, reached = planned.plan.kept_paths, planned.facts.reach.files
    said = "\n".join(_said(report))
    apart = frozenset(
        file.path
        for file in planned.inventory.files
        if _is_source(file) and file.path in unopened and file.path not in kept | reached and file.path not in said
    )
    chosen_by_size = planned.settings.level_why and planned.settings.guard
    if chosen_by_size and not is_worth_it(planned.plan, planned.facts.module_of, apart):
        return frozenset()
    return apart


def _is_plain(planned: Planned) -> bool:
    function, settings = planned.function, planned.settings
    only_code = function.artifact is None and function.image is None and not function.layers
    only_graph = planned.facts.trace is None and settings.level is Level.REACH
    return only_code and only_graph and settings.startup is Startup.EAGER and not settings.spare


def _is_source(file: File) -> bool:
    return file.owner == FIRST_PARTY and file.kind is FileKind.SOURCE and file.path.endswith(".py")


def _said(report: FunctionReport) -> Iterator[str]:
    """All texts of a report but the paths of its files."""
    for row in report.files:
        yield row.why
        yield row.importer
    yield repr((report.findings, report.next_steps, report.proof, report.starts, report.package, report.duplicates))
