"""Layers that are built with their functions: each keeps what any of its functions needs of it.

A function and its layers are planned and proved as one package first. What that keeps of a layer is the slim layer, and
the function is then built, and proved again, with it at /opt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.cache import digest
from lambda_slim.base.errors import PackageError, SlimError
from lambda_slim.base.journal import check_movable
from lambda_slim.bundle.archive import write
from lambda_slim.inputs.builds.records import ToolLayer, ToolPackage
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.model.report import FunctionReport, is_dead
from lambda_slim.model.slimmed import PackageSizes, SlimmedPackage, SlimRow
from lambda_slim.tasks.build import build_function
from lambda_slim.tasks.slim.layer_union import LayerUnion, beside_layers, with_content
from lambda_slim.tasks.slim.package import (
    SlimMade,
    SlimWork,
    Staged,
    beside_of,
    failed,
    key_of,
    known_of,
    made,
    origin_of,
    reason_of,
    row_of,
)


@dataclass(frozen=True, slots=True)
class LayerGroup:
    """Layers and packages that are slimmed together, as each layer belongs to several packages, or the other way."""

    layers: tuple[ToolLayer, ...]
    packages: tuple[ToolPackage, ...]


def uses(package: ToolPackage, layer: ToolLayer) -> bool:
    """Whether a function of a package has a layer."""
    return any(_has(row, layer) for row in package.functions)


def _has(row: Declared, layer: ToolLayer) -> bool:
    return any(known.content and known.content.resolve() == layer.place for known in row.layers)


def grouped(
    layers: Sequence[ToolLayer], packages: Sequence[ToolPackage]
) -> tuple[tuple[LayerGroup, ...], tuple[ToolPackage, ...]]:
    """Layers with the packages that have them, and the packages that have none of these layers."""
    rest, groups = list(layers), list[LayerGroup]()
    while rest:
        group = _around(rest[0], rest, packages)
        rest = [layer for layer in rest if layer not in group.layers]
        groups.append(group)
    taken = {package.place for group in groups for package in group.packages}
    return tuple(groups), tuple(package for package in packages if package.place not in taken)


def _around(first: ToolLayer, layers: Sequence[ToolLayer], packages: Sequence[ToolPackage]) -> LayerGroup:
    """A layer with the packages that have it, the other layers of these, and so on."""
    near, users = [first], list[ToolPackage]()
    while more := [package for package in packages if package not in users and _any(package, near)]:
        users += more
        near += [layer for layer in layers if layer not in near and any(uses(package, layer) for package in users)]
    return LayerGroup(tuple(near), tuple(users))


def _any(package: ToolPackage, layers: Sequence[ToolLayer]) -> bool:
    return any(uses(package, layer) for layer in layers)


def layer_row(
    work: SlimWork, layer: ToolLayer, status: str, why: str = "", sizes: PackageSizes | None = None
) -> SlimRow:
    """The result of a layer."""
    code = 1 if status == "failed" else 0
    return SlimRow(work.shown(layer.place), (f"{layer.name} (layer)",), status, why, sizes or PackageSizes(), code)


def already(work: SlimWork, group: LayerGroup) -> tuple[SlimRow, ...]:
    """What is known of a group that is slim as asked for; nothing where something of it is not."""
    rows = []
    for layer in group.layers:
        known = row_of(work, layer.place)
        if known is None or known.key != layer_key(work, layer, group):
            return ()
        rows.append(layer_row(work, layer, "already", sizes=known.sizes))
    for package in group.packages:
        known, _ = known_of(work, package)
        if known is None:
            return ()
        rows.append(SlimRow(known.path, known.functions, "already", sizes=known.sizes))
    return tuple(rows)


def layer_key(work: SlimWork, layer: ToolLayer, group: LayerGroup) -> str:
    """A digest of what decides on a layer besides the packages that have it."""
    return digest("slim-layer-1", layer.name, *(key_of(work, package) for package in group.packages))


def slim_group(work: SlimWork, group: LayerGroup, number: int) -> tuple[SlimMade, ...]:
    """Slim layers and packages beside their places.

    Args:
        work: What holds for all packages.
        group: What is slimmed together.
        number: From which its files are numbered.

    Raises:
        SlimError: a function does not hold with the slim layers; nothing of the group may change.
    """
    origins = {layer.place: origin_of(work, layer.place, row_of(work, layer.place)) for layer in group.layers}
    union = LayerUnion(origins, work.settings)
    alone = {}
    for package in group.packages:
        origin = _origin(work, package)
        for row in package.functions:
            alone[row.name] = _together(work, package, row, origin, union)
    layers = [_layer(work, group, layer, union, number + at) for at, layer in enumerate(group.layers)]
    slim = {layer.place: work.aside.staged(f"{number + at}.zip") for at, layer in enumerate(group.layers)}
    packages = []
    for at, package in enumerate(group.packages, number + len(layers)):
        _, earlier = known_of(work, package)
        declared = tuple(with_content(row, slim) for row in package.functions)
        result = made(work, package, earlier or row_of(work, package.place), at, declared)
        _check_alike(result, [alone[row.name] for row in package.functions])
        packages.append(result)
    return (*layers, *packages)


def _origin(work: SlimWork, package: ToolPackage) -> Path:
    return origin_of(work, package.place, row_of(work, package.place))


def _together(work: SlimWork, package: ToolPackage, row: Declared, origin: Path, union: LayerUnion) -> FunctionReport:
    """A function planned and proved as one package with its layers; the union learns what it needs of them.

    Raises:
        SlimError: it does not start.
    """
    with beside_layers(package, row, origin, union) as (function, held):
        out = work.aside.staged("together.zip")
        report = build_function(function, union.settings, out, replace(work.options, beside=()), work.progress).report
        if is_dead(report):
            raise PackageError(f"{row.name} cannot start", cause=reason_of(report), hint="the layer stays as it was")
        union.learn(held, out, report.shipped)
    return report


def _check_alike(result: SlimMade, alone: Sequence[FunctionReport]) -> None:
    """Whether a package is proved with the slim layers as it was with all of them.

    Raises:
        PackageError: it is not.
    """
    names = ", ".join(result.row.functions)
    if result.beside is None or result.report is None:
        raise PackageError(
            f"{names} does not start with the slim layer", cause=result.row.why, hint="the layer stays as it was"
        )
    proof = result.report.proof
    before = {report.proof.result for report in alone if report.proof}
    if proof and proof.result not in before:
        raise PackageError(
            f"{names} has another result of its proof with the slim layer",
            cause=f"`{proof.result}`, and before `{', '.join(sorted(before)) or 'not run'}`",
            hint="the layer stays as it was",
        )


def _layer(work: SlimWork, group: LayerGroup, layer: ToolLayer, union: LayerUnion, number: int) -> SlimMade:
    """The slim layer beside its place.

    Raises:
        PackageError: nothing of it is needed.
        WriteError: it may not be changed.
    """
    check_movable(layer.place)
    members = union.members(layer.place)
    if not members:
        raise PackageError(
            f"no function needs anything of {layer.name}",
            cause="no import leads into it",
            hint="take it out of the functions",
        )
    archive = write(members, work.aside.staged(f"{number}.zip"), release=work.settings.release)
    origin = union.origins[layer.place]
    zipped = origin.stat().st_size if origin.is_file() else 0
    sizes = PackageSizes(union.size(layer.place), archive.unzipped, zipped, archive.zipped)
    path, names = work.shown(layer.place), (f"{layer.name} (layer)",)
    row = SlimmedPackage(path, path, "", "", "", layer_key(work, layer, group), names, sizes)
    beside = beside_of(work, layer.place, Staged(archive.path, archive.sha256, number), row, row_of(work, layer.place))
    users = ", ".join(name for package in group.packages if uses(package, layer) for name in _users(package, layer))
    return SlimMade(layer_row(work, layer, "slimmed", f"it has what {users} can need of it", sizes), beside)


def _users(package: ToolPackage, layer: ToolLayer) -> Iterator[str]:
    return (row.name for row in package.functions if _has(row, layer))


def refused(work: SlimWork, group: LayerGroup, error: SlimError) -> tuple[SlimRow, ...]:
    """The results of a group that is slim by other settings and cannot be made slim by these; nothing changes."""
    layers = (layer_row(work, layer, "failed", f"{error.reason}; left as it was") for layer in group.layers)
    return (*layers, *(failed(work, package, error) for package in group.packages))
