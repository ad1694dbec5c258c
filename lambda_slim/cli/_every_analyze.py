"""`analyze --all`: sizes and INIT of everything that a repository deploys."""

from collections.abc import Mapping
from pathlib import Path

from lambda_slim.base.errors import ExitCode
from lambda_slim.cli._every import EveryScope, answers_of, choose_every, find_every
from lambda_slim.cli._every_build import show_every
from lambda_slim.cli._options import ProgressFlags
from lambda_slim.tasks.every.job import AnalysisJob


def analyze_every(
    scope: EveryScope, asked: AnalysisJob, progress: ProgressFlags, files: Mapping[str, Path | None]
) -> ExitCode:
    """Analyses the chosen functions and shows the table; timed INITs run one by one unless flags allow more.

    Raises:
        NothingToDoError: nothing is below the folder.
        UsageError: no function has a name that was asked for.
        ConfigError: git cannot say what changed.
    """
    from lambda_slim.render.progress import progress_on_stderr
    from lambda_slim.tasks.every.job import EveryJob
    from lambda_slim.tasks.every.repository import usual_jobs
    from lambda_slim.tasks.every.rows import analyzed_rows

    with progress_on_stderr(quiet=progress.quiet, verbose=progress.verbose) as told:
        told("looking for deployables")
        choice = choose_every(find_every(scope), scope)
        jobs = scope.flags.jobs or (1 if asked.imports else usual_jobs())
        answers = answers_of(choice.deployables, lambda row: EveryJob(row, (), asked), jobs, told)
    rows = [made for row, answered in answers for made in analyzed_rows(row, answered)]
    report = choice.table(rows, scope.root, "analyze")
    show_every(report, progress, files)
    return ExitCode(report.code)
