"""Slims a single layer for the functions of a project that have it; their own packages do not change."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.cache import digest
from lambda_slim.base.errors import SlimError, UsageError
from lambda_slim.base.journal import digest_place
from lambda_slim.base.patterns import fits_any
from lambda_slim.base.progress import Progress
from lambda_slim.bundle.aside import Aside
from lambda_slim.inputs.builds.plain import as_declared
from lambda_slim.inputs.builds.records import BuildOutput, ToolLayer, ToolPackage
from lambda_slim.model.function import Function, Project
from lambda_slim.model.layer import Layer
from lambda_slim.model.settings import Bytecode, Level, Settings, Startup
from lambda_slim.model.slimmed import SlimRow
from lambda_slim.tasks.build import build_function
from lambda_slim.tasks.build_options import BuildOptions
from lambda_slim.tasks.slim.apply import apply_slim
from lambda_slim.tasks.slim.layers import LayerGroup, layer_key, layer_row, slim_group
from lambda_slim.tasks.slim.package import SlimWork, origin_of, row_of


@dataclass(frozen=True, slots=True)
class LayerAsked:
    """What is asked for a layer.

    Attributes:
        layers: Patterns of layers that are slimmed although others may use them.
        dry_run: Whether to write nothing.
    """

    layers: Sequence[str] = ()
    dry_run: bool = False


def users_of(place: Path, project: Project) -> tuple[Function, ...]:
    """The functions of a project that have a layer."""
    return tuple(row for row in project.functions if _layer_at(place, row))


def _layer_at(place: Path, function: Function) -> Layer | None:
    layers = (layer for layer in function.layers if layer.content and layer.content.resolve() == place.resolve())
    return next(layers, None)


def slim_layer(
    place: Path,
    project: Project,
    settings: Settings,
    options: BuildOptions,
    progress: Progress,
    asked: LayerAsked,
) -> tuple[SlimRow, ...]:
    """Slims a layer for all functions of a project that have it, and keeps its former state.

    Args:
        place: The layer, a zip or folder.
        project: With at least one function that has it.
        settings: By which it is slimmed.
        options: Events, trace, and whether the functions are proved.
        progress: Told what goes on.
        asked: What is written, and for whom.

    Raises:
        UsageError: another function may have it; another process is at it.
        WriteError: the folder cannot be written; nothing has changed.
    """
    users = users_of(place, project)
    declared = _layer_at(place, users[0])
    assert declared is not None
    layer = ToolLayer(declared.name, place.resolve())
    _check_whole(layer, project, settings, asked)
    folder = place.parent.resolve()
    aside = Aside(folder, folder)
    output = BuildOutput("layer", folder, (), aside=folder, layers=(layer,))
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as scratch, aside.held():
        work = SlimWork(output, aside, settings, options, progress, aside.read())
        packages = tuple(_packages(work, layer, users, Path(scratch).resolve()))
        work = replace(work, output=replace(output, packages=packages))
        return (_slimmed(work, LayerGroup((layer,), packages), dry_run=asked.dry_run),)


def _check_whole(layer: ToolLayer, project: Project, settings: Settings, asked: LayerAsked) -> None:
    """Refuses a layer that another function may have.

    Raises:
        UsageError: there is one, and the layer was not asked for by its name.
    """
    if fits_any(layer.name, asked.layers):
        return
    others = [row.name for row in users_of(layer.place, project) if not settings.selects(row.name)]
    broken = [failure.name for failure in project.failures]
    if others or broken:
        why = "was not asked for" if others else "cannot be read here"
        raise UsageError(
            f"`{layer.place.name}` may have another user: {(others or broken)[0]} {why}",
            cause="a layer is slimmed for all functions that have it",
            hint=f"--layer {layer.name}: slim it anyway",
        )


def _packages(work: SlimWork, layer: ToolLayer, users: Sequence[Function], scratch: Path) -> Iterator[ToolPackage]:
    """The users' packages with all that they have, built against the layer as it was."""
    plain = replace(work.settings, level=Level.SAFE, bytecode=Bytecode.NONE, proof=False, startup=Startup.EAGER)
    origin = origin_of(work, layer.place, row_of(work, layer.place))
    for number, function in enumerate(row for row in users if work.settings.selects(row.name)):
        layers = tuple(replace(row, content=origin) if _is(row, layer) else row for row in function.layers)
        out = scratch / str(number) / f"{function.name}.zip"
        build_function(replace(function, layers=layers), plain, out, BuildOptions(prove=False), work.progress)
        yield ToolPackage(out, (replace(as_declared(function), package=out, layers=function.layers),))


def _is(row: Layer, layer: ToolLayer) -> bool:
    return row.content is not None and row.content.resolve() == layer.place


def _slimmed(work: SlimWork, group: LayerGroup, *, dry_run: bool) -> SlimRow:
    (layer,) = group.layers
    code = (digest_place(package.place) for package in group.packages)
    key = digest("slim-layer-alone-1", layer_key(work, layer, group), *code)
    known = row_of(work, layer.place)
    if known and known.key == key:
        return layer_row(work, layer, "already", sizes=known.sizes)
    if dry_run:
        return layer_row(work, layer, "would")
    try:
        made = slim_group(work, group, 0)[0]
    except SlimError as error:
        return replace(layer_row(work, layer, "failed", f"{error.reason}; left as it was"), exit_code=error.exit_code)
    assert made.beside is not None
    apply_slim(work, [replace(made.beside, row=replace(made.beside.row, key=key))])
    return made.row
