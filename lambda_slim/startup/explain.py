"""Is an import of a module lazy, and why? From the report of a build."""

from collections.abc import Iterator

from lambda_slim.base.units import plural, show_time
from lambda_slim.model.startup_report import LazyRow, StartupReport

_SHOWN = 12


def explain_startup(report: StartupReport, name: str, path: str) -> tuple[str, ...]:
    """Lines about the imports in a module, and about imports of it; nothing where there are none.

    Args:
        report: What a build found.
        name: The module.
        path: Its package path.
    """
    return tuple(_lines(report, name, path))


def _lines(report: StartupReport, name: str, path: str) -> Iterator[str]:
    rows = [row for row in report.lazy if _is_about(row, name)]
    for row in rows[:_SHOWN]:
        imported = f"{row.file}:{row.line} {row.name} ({row.target})"
        yield f"  lazy   {imported}: {_seen(row)}; {_saved(row)}"
    for why, places in report.eager:
        own = [place for place in places if place.partition(":")[0] == path]
        yield from (f"  eager  {place}: {why}" for place in own[:_SHOWN])
    yield from (f"  proof  {line}" for line in report.made_eager if line.startswith(f"{name}."))


def _is_about(row: LazyRow, module: str) -> bool:
    return row.module == module or _names(row.target, module)


def _seen(row: LazyRow) -> str:
    return "INIT does not read it, an event does" if row.event_reads else "neither INIT nor an event reads it"


def _saved(row: LazyRow) -> str:
    if not row.modules:
        return "saves little"
    return f"saves {plural(row.modules, 'module')}, {show_time(row.saves_us)} of CPU"


def _names(target: str, module: str) -> bool:
    """Whether an import's target is a module or something in it."""
    return any(part == module or part.rpartition(".")[0] == module for part in target.split(", "))
