"""Is an import of a module lazy, and why? From the report of a build."""

from collections.abc import Iterator

from lambda_slim.base.units import plural, show_time
from lambda_slim.model.report import StartupReport

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
    rows = [row for row in report.lazy if row.module == name or _names(row.target, name)]
    for row in rows[:_SHOWN]:
        saves = (
            f"saves {plural(row.modules, 'module')}, {show_time(row.saves_us)} of CPU"
            if row.modules
            else "saves little"
        )
        yield f"  lazy   {row.file}:{row.line} {row.name} ({row.target}): neither INIT nor an event reads it; {saves}"
    for why, places in report.eager:
        own = [place for place in places if place.partition(":")[0] == path]
        for place in own[:_SHOWN]:
            yield f"  eager  {place}: {why}"
    for line in report.made_eager:
        if line.startswith(f"{name}."):
            yield f"  proof  {line}"


def _names(target: str, module: str) -> bool:
    """Whether an import's target is a module or something in it."""
    return any(part == module or part.rpartition(".")[0] == module for part in target.split(", "))
