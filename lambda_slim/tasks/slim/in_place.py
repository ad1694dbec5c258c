"""Slims packages of another tool where they lie."""

from collections.abc import Iterator, Sequence

from lambda_slim.base.errors import SlimError
from lambda_slim.base.patterns import fits_any
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.rows import total_bytes
from lambda_slim.bundle.aside import Aside
from lambda_slim.inputs.builds.adopt import adopted
from lambda_slim.inputs.builds.records import BuildOutput, ToolLayer, ToolPackage
from lambda_slim.model.settings import Settings
from lambda_slim.model.slimmed import PackageSizes, SlimRow
from lambda_slim.tasks.build import BuildOptions
from lambda_slim.tasks.build_fresh import planned_report
from lambda_slim.tasks.prepare import plan_function
from lambda_slim.tasks.slim.apply import apply_slim
from lambda_slim.tasks.slim.layers import LayerGroup, already, grouped, layer_row, refused, slim_group, uses
from lambda_slim.tasks.slim.package import (
    SlimBeside,
    SlimMade,
    SlimWork,
    failed,
    known_of,
    made,
    names_of,
    origin_of,
    path_of,
    row_of,
)


def slim(
    output: BuildOutput,
    settings: Settings,
    options: BuildOptions,
    progress: Progress = silent,
    layers: Sequence[str] = (),
) -> tuple[SlimRow, ...]:
    """Slims every package that is not slim yet, and keeps its former state.

    Args:
        output: What a tool has built.
        settings: By which it is slimmed.
        options: Events, trace, and whether packages are proved.
        progress: Told what goes on.
        layers: Patterns of layers that are slimmed although something that is not known here may use them.

    Raises:
        WriteError: the folder cannot be written; nothing has changed.
        UsageError: another process is at it.
    """
    aside = Aside(output.aside.resolve(), output.folder.resolve())
    rows: list[SlimRow] = []
    fresh: list[SlimBeside] = []
    with aside.held():
        work = SlimWork(output, aside, settings, options, progress, aside.read())
        for result in _each(work, layers):
            rows.append(result.row)
            fresh += [result.beside] if result.beside else []
        apply_slim(work, fresh)
    return tuple(rows)


def _each(work: SlimWork, asked: Sequence[str]) -> Iterator[SlimMade]:
    """The results of every layer and package that was asked for."""
    chosen, left = _layers(work, asked)
    yield from map(SlimMade, left)
    groups, packages = grouped(chosen, tuple(_asked(work.output, work.settings)))
    number = 0
    for group in groups:
        yield from _group(work, group, number)
        number += 2 * (len(group.layers) + len(group.packages))  # twice: of a group that does not hold, each by itself
    for at, package in enumerate(packages, number):
        yield _attempt(work, package, at)


def _layers(work: SlimWork, asked: Sequence[str]) -> tuple[tuple[ToolLayer, ...], tuple[SlimRow, ...]]:
    """The layers that can be slimmed with all functions that have them, and results for the others."""
    chosen, left = [], []
    for layer in work.output.layers:
        why = _left(work, layer, asked)
        if why and row_of(work, layer.place):
            left.append(layer_row(work, layer, "already"))
        elif why:
            left.append(layer_row(work, layer, "left", why))
        else:
            chosen.append(layer)
    return tuple(chosen), tuple(left)


def _left(work: SlimWork, layer: ToolLayer, asked: Sequence[str]) -> str:
    """Why a layer is left alone; "" where it is not."""
    if layer.why:
        return layer.why
    if layer.shared and not fits_any(layer.name, asked):
        return f"{layer.shared} (--layer {layer.name}: slim it for the functions of this build)"
    users = [package for package in work.output.packages if uses(package, layer)]
    whys = (why for package in users if (why := _user_left(work, package)))
    return next(whys, "") if users else "no Python function of this build has it"


def _user_left(work: SlimWork, package: ToolPackage) -> str:
    """Why a layer of a package is left alone with it."""
    names = ", ".join(names_of(package))
    if package.why or any(row.problem for row in package.functions):
        return f"{names} has it, and is left alone"
    return "" if any(map(work.settings.selects, names_of(package))) else f"{names} has it too, and was not asked for"


def _group(work: SlimWork, group: LayerGroup, number: int) -> Iterator[SlimMade]:
    """The results of layers and their packages; if they do not work together, of each package alone."""
    if rows := already(work, group):
        yield from map(SlimMade, rows)
        return
    try:
        yield from slim_group(work, group, number)
    except SlimError as error:
        if any(row_of(work, layer.place) for layer in group.layers):
            yield from map(SlimMade, refused(work, group, error))
            return
        yield from (SlimMade(layer_row(work, layer, "left", error.reason)) for layer in group.layers)
        begin = number + len(group.layers) + len(group.packages)
        yield from (_attempt(work, package, at) for at, package in enumerate(group.packages, begin))


def foresee(
    output: BuildOutput,
    settings: Settings,
    options: BuildOptions,
    progress: Progress = silent,
    layers: Sequence[str] = (),
) -> tuple[SlimRow, ...]:
    """What `slim` would do; nothing is written and no code of the packages runs."""
    aside = Aside(output.aside.resolve(), output.folder.resolve())
    work = SlimWork(output, aside, settings, options, progress, aside.read())
    chosen, left = _layers(work, layers)
    groups, packages = grouped(chosen, tuple(_asked(output, settings)))
    rows = [row for group in groups for row in _group_foreseen(work, group)]
    return (*left, *rows, *(_foreseen(work, package) for package in packages))


def _group_foreseen(work: SlimWork, group: LayerGroup) -> Iterator[SlimRow]:
    rows = already(work, group)
    yield from rows or (layer_row(work, layer, "would") for layer in group.layers)
    yield from () if rows else (_foreseen(work, package) for package in group.packages)


def _asked(output: BuildOutput, settings: Settings) -> Iterator[ToolPackage]:
    """The packages that have a function that was asked for."""
    for package in output.packages:
        if any(settings.selects(row.name) for row in package.functions):
            yield package


def _foreseen(work: SlimWork, package: ToolPackage) -> SlimRow:
    if package.why:
        return SlimRow(path_of(work, package), names_of(package), "left", package.why)
    try:
        known, earlier = known_of(work, package)
        if known:
            return SlimRow(known.path, known.functions, "already", sizes=known.sizes)
        functions = adopted(package, origin_of(work, package.place, earlier), work.settings)
        report = planned_report(plan_function(functions[0], work.settings, work.progress))
    except SlimError as error:
        return failed(work, package, error)
    kept = total_bytes(report.shipped)
    zipped = package.place.stat().st_size if package.place.is_file() else 0
    sizes = PackageSizes(report.before.unzipped_bytes, kept, zipped)
    return SlimRow(path_of(work, package), names_of(package), "would", sizes=sizes)


def _attempt(work: SlimWork, package: ToolPackage, number: int) -> SlimMade:
    if package.why:
        return SlimMade(SlimRow(path_of(work, package), names_of(package), "left", package.why))
    try:
        known, earlier = known_of(work, package)
        if known:
            return SlimMade(SlimRow(known.path, known.functions, "already", sizes=known.sizes))
        return made(work, package, earlier, number)
    except SlimError as error:
        return SlimMade(failed(work, package, error))
