"""Was exactly this analysed before, today and on this machine? Then its report is still here."""

import platform
from contextlib import suppress
from datetime import UTC, datetime

from lambda_slim import __version__
from lambda_slim.base.cache import load, store
from lambda_slim.base.errors import ConfigError
from lambda_slim.base.progress import Progress, silent
from lambda_slim.formats.report_json import parse_report, report_json
from lambda_slim.inputs.traces import read_events
from lambda_slim.model.function import Function
from lambda_slim.model.report import FunctionReport, Report
from lambda_slim.model.settings import Settings
from lambda_slim.tasks.analyze import AnalyzeOptions, analyze_function
from lambda_slim.tasks.build_cache import build_key
from lambda_slim.tasks.prepare import Prepared, Shared, prepare

_SHELF = "analyses"


def analyzed_before(
    function: Function, settings: Settings, asked: AnalyzeOptions, progress: Progress = silent, *, shared: Shared
) -> FunctionReport | None:
    """The report of an equal analysis of today, its times measured then; None where there is none, or with a log.

    Raises:
        SlimError: as `prepare` says.
    """
    if asked.log:
        return None
    data = load(_SHELF, _key(prepare(function, settings, progress, shared), asked))
    with suppress(ConfigError, UnicodeDecodeError):
        return parse_report(data.decode("utf-8", "surrogateescape"), sealed=True).functions[0] if data else None
    return None


def analyze_and_keep(
    function: Function, settings: Settings, asked: AnalyzeOptions, progress: Progress = silent, *, shared: Shared
) -> FunctionReport:
    """As `analyze_function`; what was found is kept, unless files changed meanwhile.

    Raises:
        SlimError: as the stages say.
    """
    prepared = prepare(function, settings, progress, shared)
    key = _key(prepared, asked)
    report = analyze_function(function, settings, asked, progress, shared)
    if not asked.log and _key(prepared, asked) == key:
        text = report_json(Report(__version__, (report,)))
        store(_SHELF, key, text.encode("utf-8", "surrogateescape"))
    return report


def _key(prepared: Prepared, asked: AnalyzeOptions) -> str:
    events = [part for name, data in read_events(prepared.function.events) for part in (name, data)]
    # Times are those of a machine, and some findings those of a date.
    when = datetime.now(UTC).date().isoformat()
    extra = ["analyze-4", platform.node(), when, repr((asked.imports, asked.runs, asked.calibration)), *events]
    return build_key(prepared.function, prepared.settings, prepared.resolution, prepared.inventory, extra)
