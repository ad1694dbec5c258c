"""`build --layer`: what several functions share in one layer, and the functions without it; both proved together."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import LimitError
from lambda_slim.base.progress import Progress
from lambda_slim.bundle.archive import write
from lambda_slim.bundle.distinfo import NOTICES
from lambda_slim.bundle.reading import zip_members
from lambda_slim.inputs.layers import MOST
from lambda_slim.model.function import Function
from lambda_slim.model.layer import Layer
from lambda_slim.model.member import UNZIPPED_LIMIT, Archive, Member
from lambda_slim.model.report import FunctionReport, is_dead
from lambda_slim.model.settings import Settings
from lambda_slim.model.sharing import LayerProposal
from lambda_slim.tasks.build import BuildOptions, build_function
from lambda_slim.tasks.in_common import layer_for
from lambda_slim.tasks.prepare import Shared

_FOLDER = "python/"  # which every runtime of Python has on its path


@dataclass(frozen=True, slots=True)
class LayerBuild:
    """The result of a build with a layer.

    Attributes:
        reports: Of every function, in their order.
        layer: The written layer; None where none pays.
        proposal: What it has in it, and for whom.
        apart: Functions that it was meant for and that are built without it, with the reason.
    """

    reports: tuple[FunctionReport, ...]
    layer: Archive | None = None
    proposal: LayerProposal | None = None
    apart: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LayerWork:
    """What is built, and where it goes.

    Attributes:
        place: The layer's zip.
        out: Where the zip of a function goes.
    """

    settings: Settings
    options: BuildOptions
    progress: Progress
    place: Path
    out: Callable[[Function], Path]


def build_with_layer(functions: Sequence[Function], work: LayerWork) -> LayerBuild:
    """Builds every function by itself, then the layer of what ships in several, then these without it.

    The layer has what any of its functions ships when it is built and proved by itself. A function whose package does
    not work with the layer keeps its own files.

    Raises:
        SlimError: as `build_function` says.
    """
    functions = [_without(function, work.place) for function in functions]
    shared = Shared(functions)
    alone, proposal, members = _apart(functions, work, shared)
    if proposal is None or not members:
        return LayerBuild(tuple(_built(function, work.out(function), work, shared) for function in functions))
    archive = write([member for _, member in members], work.place, release=work.settings.release)
    carried = frozenset(owner for owner, _ in members)
    attached = _Attached(Layer(work.place.stem, work.place.absolute(), carries=tuple(sorted(carried))), archive)
    tried = _tried(functions, proposal, alone, attached, work)
    apart = {name: why for name, (_, why) in tried.items() if why}
    rows = tuple(_final(function, tried, work, shared) for function in functions)
    narrowed = _narrowed(proposal, carried, apart)
    built = replace(narrowed, zipped_bytes=archive.zipped, apart_zipped_bytes=_left(narrowed, alone, rows))
    return LayerBuild(rows, archive, built, tuple(apart.items()))


def _left(proposal: LayerProposal, alone: Mapping[str, FunctionReport], rows: Sequence[FunctionReport]) -> int:
    """Zipped bytes that have left the zips of the layer's functions."""
    before = {row.name: _zipped(alone[row.name]) for row in rows if row.name in proposal.functions}
    return sum(before[row.name] - _zipped(row) for row in rows if row.name in before)


def _zipped(report: FunctionReport) -> int:
    return report.after.zipped_bytes if report.after else 0


def _without(function: Function, place: Path) -> Function:
    """A function without the layer of an earlier build, which its template may name by now."""
    others = (layer for layer in function.layers if not (layer.content and layer.content.resolve() == place.resolve()))
    return replace(function, layers=tuple(others))


def _apart(
    functions: Sequence[Function], work: LayerWork, shared: Shared
) -> tuple[dict[str, FunctionReport], LayerProposal | None, list[tuple[str, Member]]]:
    """Every function built alone, the layer that would pay, and its content."""
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        zips = {function.name: Path(folder) / f"{number}.zip" for number, function in enumerate(functions)}
        alone = {function.name: _built(function, zips[function.name], work, shared) for function in functions}
        proposal = _proposal(alone.values())
        members = _members([alone[name] for name in proposal.functions], zips, proposal) if proposal else []
        return alone, proposal, members


_Tried = dict[str, tuple[FunctionReport | None, str]]


def _tried(
    functions: Sequence[Function],
    proposal: LayerProposal,
    alone: Mapping[str, FunctionReport],
    attached: "_Attached",
    work: LayerWork,
) -> _Tried:
    """The functions that the layer is for, built with it."""
    chosen = [function for function in functions if function.name in proposal.functions]
    return {function.name: _with_layer(function, alone[function.name], attached, work) for function in chosen}


def _final(function: Function, tried: _Tried, work: LayerWork, shared: Shared) -> FunctionReport:
    """The function with the layer if that works, else without it."""
    report, _ = tried.get(function.name, (None, ""))
    return report or _built(function, work.out(function), work, shared)


@dataclass(frozen=True, slots=True)
class _Attached:
    """The layer as its functions have it, and what was written."""

    layer: Layer
    archive: Archive


def _proposal(reports: Iterable[FunctionReport]) -> LayerProposal | None:
    """The layer that promises most for functions that start."""
    return layer_for([report for report in reports if not is_dead(report)])


def _narrowed(proposal: LayerProposal, carried: frozenset[str], apart: Mapping[str, str]) -> LayerProposal:
    """The proposal with the functions and sizes of the written layer."""
    labels = tuple(label for label in proposal.distributions if _name(label) in carried)
    return replace(
        proposal, distributions=labels, functions=tuple(name for name in proposal.functions if name not in apart)
    )


def _built(function: Function, out: Path, work: LayerWork, shared: Shared) -> FunctionReport:
    return build_function(function, work.settings, out, work.options, work.progress, shared).report


def _with_layer(
    function: Function, before: FunctionReport, attached: _Attached, work: LayerWork
) -> tuple[FunctionReport | None, str]:
    """The function built with the layer at /opt; or why it keeps what it shares."""
    if len(function.layers) >= MOST:
        return None, f"it has {MOST} layers already, which is what Lambda takes"
    changed = replace(function, layers=(*function.layers, attached.layer))
    try:
        report = _built(changed, work.out(function), work, Shared())
    except LimitError as error:
        return None, error.message
    proof, sizes = report.proof, report.after
    if is_dead(report):
        return None, "it does not start with the layer"
    if proof and before.proof and (proof.result != before.proof.result or proof.rolled_back):
        return None, f"its proof says `{proof.result}` with the layer, and `{before.proof.result}` without"
    if sizes and sizes.unzipped_bytes + attached.archive.unzipped > UNZIPPED_LIMIT:
        return None, "function and layer unzip to more than 250 MiB"
    return report, ""


def _name(label: str) -> str:
    return label.rpartition(" ")[0]


def _members(
    reports: Iterable[FunctionReport], zips: Mapping[str, Path], proposal: LayerProposal
) -> list[tuple[str, Member]]:
    """(distribution, member) of the layer; the licences are those of the function that has most of them.

    A distribution of which two functions ship other bytes under one path stays with the functions.
    """
    shared: dict[str, tuple[str, Member]] = {}
    unlike: set[str] = set()
    notices: list[Member] = []
    for report in reports:
        members = zip_members(zips[report.name])
        notices += [member for member in members if member.name == NOTICES]
        for owner, member in _owned(report, members, proposal):
            if shared.setdefault(member.name, (owner, member))[1].data != member.data:
                unlike.add(owner)
    kept = [row for row in shared.values() if row[0] not in unlike]
    return _placed(kept, notices)


def _placed(kept: list[tuple[str, Member]], notices: Iterable[Member]) -> list[tuple[str, Member]]:
    """What is in the layer, with the licences, below its folder."""
    licences = max(notices, key=_size, default=None)
    if kept and licences:
        kept = [*kept, (kept[0][0], licences)]
    return [(owner, replace(member, name=_FOLDER + member.name)) for owner, member in kept]


def _size(member: Member) -> int:
    return len(member.data)


def _owned(report: FunctionReport, members: Iterable[Member], proposal: LayerProposal) -> Iterator[tuple[str, Member]]:
    """(distribution, member) of what a package has of the proposal's distributions."""
    wanted = frozenset(map(_name, proposal.distributions))
    owners = {row.path: row.distribution for row in report.shipped}
    for member in members:
        owner = owners.get(member.name) or owners.get(source_of(member.name), "")
        if owner in wanted:
            yield owner, member


def source_of(path: str) -> str:
    """The module that bytecode was made from."""
    folder, _, name = path.rpartition("/")
    folder = folder.removesuffix("__pycache__").rstrip("/")
    stem = name.removesuffix(".pyc").partition(".cpython-")[0]
    return f"{folder}/{stem}.py" if folder else f"{stem}.py"


def template_lines(build: LayerBuild, place: str, target: str) -> tuple[str, ...]:
    """The lines of a SAM template for the layer.

    Args:
        build: With its layer.
        place: The layer's zip, from the template.
        target: `python3.12 x86_64`.
    """
    runtime, _, architecture = target.partition(" ")
    functions = ", ".join(build.proposal.functions) if build.proposal else ""
    return (
        "SharedLayer:",
        "  Type: AWS::Serverless::LayerVersion",
        "  Properties:",
        f"    ContentUri: {place}",
        f"    CompatibleRuntimes: [{runtime}]",
        f"    CompatibleArchitectures: [{architecture}]",
        f"Layers: [!Ref SharedLayer]   # in {functions}",
    )
