"""The part of the reports of `build` and `analyze` that is about lazy imports."""

from collections.abc import Iterator
from itertools import chain, repeat

from lambda_slim.base.units import plural, show_time, verb
from lambda_slim.model.startup_report import StartupReport
from lambda_slim.render.console import Look, labelled

_SHOWN = 5


def startup_lines(report: StartupReport | None, look: Look, *, ahead: bool = False) -> list[str]:
    """The rows of the block; nothing where nothing but eager imports was asked for.

    Args:
        report: What is known of a package's imports.
        look: How text looks.
        ahead: The package is not built: this is what a build would bring.
    """
    if report is None:
        return []
    labels = chain(["startup"], repeat(""))
    return [labelled(label, text, look) for label, text in zip(labels, _texts(report, ahead=ahead), strict=False)]


def _texts(report: StartupReport, *, ahead: bool) -> Iterator[str]:
    if report.mode == "eager":
        yield f"eager: {report.why}"
    elif report.mode == "preload":
        yield f"preload: INIT {_change(report.eager_us, report.lazy_us)}, {_first(report)}"
    else:
        yield f"lazy: INIT {_change(report.eager_us, report.lazy_us)} here, {_first(report)}"
        count = len(report.lazy)
        waiting = f"{plural(count, 'import')} {verb(count, 'wait')}"
        yield f"{waiting}; INIT and events load {report.modules_lazy} of {report.modules_eager} modules"
    if report.levers and report.mode != "eager":
        yield f"also left out of INIT: {', '.join(report.levers)}"
    yield from _largest(report)
    for line in report.made_eager[:_SHOWN]:
        yield f"kept eager by the proof: {line}"
    if len(report.made_eager) > _SHOWN:
        yield f"and {len(report.made_eager) - _SHOWN} more (lambda-slim why MODULE)"
    yield from report.notes
    if ahead and report.mode != "eager":
        yield "lambda-slim build --startup lazy   builds it"


def _largest(report: StartupReport) -> Iterator[str]:
    """The imports that save most, each of what they import once."""
    seen: set[tuple[int, int]] = set()
    for row in report.lazy:
        if len(seen) < _SHOWN and row.modules and (row.modules, row.saves_us) not in seen:
            seen.add((row.modules, row.saves_us))
            yield f"{row.file}:{row.line} {row.target}: {plural(row.modules, 'module')}, {show_time(row.saves_us)}"


def _first(report: StartupReport) -> str:
    before, after = report.first_event_us
    return f"first event {show_time(before)} → {show_time(after)} of CPU"


def _change(before: int, after: int) -> str:
    sign = "−" if after <= before else "+"
    return f"{sign}{show_time(abs(before - after))} of {show_time(before)}"
