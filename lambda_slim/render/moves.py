"""The first thing on the page: what the package was and what it is, in bytes and in time of INIT."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from lambda_slim.base.rows import total_bytes
from lambda_slim.base.text import clause
from lambda_slim.base.units import plural, show_share, show_size, show_time
from lambda_slim.model.import_report import ImportReport
from lambda_slim.model.package_report import PackageReport
from lambda_slim.model.report import NO_SIZES, FunctionReport, Sizes
from lambda_slim.render.sizes import DIRECT_UPLOAD, UNZIPPED_LIMIT, cpu_note


class Move(NamedTuple):
    """One figure before and after.

    Attributes:
        title: What it is.
        was: As it is without us; "" where there is nothing to compare with.
        now: As it is built, or as it would be.
        change: `−12 %`; "" where there is nothing to compare with.
        level: Class of the change: good, warning or error.
        bars: Lengths of both bars, in per cent of the longer one.
        note: What the figure is held against.
    """

    title: str
    was: str
    now: str
    change: str
    level: str
    bars: tuple[float, float]
    note: str

    @property
    def figures(self) -> str:
        """Both figures, `30.0 MiB → 10.5 MiB`; one where there is nothing to compare with."""
        return f"{self.was} → {self.now}" if self.was else self.now


def moves(function: FunctionReport) -> list[Move]:
    """Unzipped and zipped bytes against Lambda's limits, and INIT where both were measured."""
    rows = [*_bytes(function)]
    startup = function.startup
    if startup and startup.mode != "eager" and startup.eager_us and startup.lazy_us:
        note = "CPU time here, every import at once against as built"
        rows.append(moved("INIT", startup.eager_us, startup.lazy_us, show_time, note))
    elif function.proof and all(function.proof.timed_us):
        rows.append(moved("INIT", *function.proof.timed_us, show_time, "CPU time in the runs of the proof"))
    elif function.imports:
        rows.append(moved("INIT", 0, function.imports.total_us, show_time, _timed(function.imports)))
    return rows


def moved(title: str, was: int, now: int, show: Callable[[float], str], note: str = "", limit: int = 0) -> Move:
    """One figure as the page shows it.

    Args:
        title: What it is.
        was: Before; 0 where that is not known.
        now: After.
        show: `show_size` or `show_time`.
        note: What it is held against.
        limit: Above it the figure is an error; 0 for none.
    """
    most = max(was, now, 1)
    bars = (round(100 * was / most, 1), round(100 * now / most, 1))
    level = _level(was, now, limit)
    if not was:
        return Move(title, "", show(now), "", level, bars, note)
    return Move(title, show(was), show(now), show_share(was, now), level, bars, note)


def _level(was: int, now: int, limit: int) -> str:
    if limit and now > limit:
        return "error"
    if not was:
        return ""
    return "good" if now <= was else "warning"


def _bytes(function: FunctionReport) -> Iterator[Move]:
    after = function.after or _ahead(function)
    before = function.before if after else NO_SIZES
    now = after or function.before
    layers = function.layers_bytes
    share = _limit(now.unzipped_bytes + layers, UNZIPPED_LIMIT, "250 MiB")
    in_layers = clause(" with {} in layers", layers, show_size)
    ahead = ", as build would ship it, before bytecode" if after and not function.after else ""
    note = f"{share}{in_layers}{ahead}{_bytecode(function.package)}"
    yield moved("unzipped", before.unzipped_bytes, now.unzipped_bytes, show_size, note, UNZIPPED_LIMIT - layers)
    if now.zipped_bytes:
        note = f"{_limit(now.zipped_bytes, DIRECT_UPLOAD, '50 MiB')} for direct upload{_plain(function.package)}"
        yield moved("zipped", before.zipped_bytes, now.zipped_bytes, show_size, note)


def _bytecode(package: PackageReport | None) -> str:
    """How much of the package is bytecode, in place of source and beside it."""
    if package is None:
        return ""
    return clause("; {} of it bytecode", package.bytecode_bytes, show_size)


def _plain(package: PackageReport | None) -> str:
    """What the zip would be without bytecode, where that is known."""
    if package is None or not (package.bytecode_bytes and package.plain_zipped_bytes):
        return ""
    return f"; {show_size(package.plain_zipped_bytes)} with --bytecode none"


def _ahead(function: FunctionReport) -> Sizes | None:
    """What would ship of a package that was not built; None where that is all of it."""
    kept = function.shipped
    if len(kept) == len(function.files):
        return None
    zipped = sum(row.zipped_bytes for row in kept) if function.before.zipped_bytes else 0
    return Sizes(total_bytes(kept), zipped, len(kept))


def _limit(size: int, limit: int, shown: str) -> str:
    return f"{100 * size / limit:.0f} % of {shown}"


def _timed(imports: ImportReport) -> str:
    loaded = len(imports.loaded)
    if imports.bytecode == "unknown":
        return f"{plural(loaded, 'module')}, from {imports.runtime_client}"
    spread = 100 * imports.spread_us / max(1, imports.total_us)
    memory = clause(", {} resident", imports.rss_bytes, show_size)
    return f"{plural(loaded, 'module')}{memory}; median of {imports.runs}, ±{spread:.0f} %{cpu_note(imports)}"
