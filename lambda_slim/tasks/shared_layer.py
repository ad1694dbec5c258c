"""`build --layer`: what several functions share in one layer, and the functions without it; both proved together."""

import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import LimitError
from lambda_slim.base.progress import Progress
from lambda_slim.bundle.archive import write
from lambda_slim.bundle.distinfo import NOTICES
from lambda_slim.model.function import Function
from lambda_slim.model.layer import Layer
from lambda_slim.model.member import UNZIPPED_LIMIT, Archive, Member
from lambda_slim.model.report import FunctionReport, is_dead
from lambda_slim.model.settings import Settings
from lambda_slim.model.sharing import LayerProposal
from lambda_slim.tasks.assemble import sharing_of
from lambda_slim.tasks.build import BuildOptions, build_function
from lambda_slim.tasks.prepare import Shared

_FOLDER = "python/"  # which every runtime of Python has on its path


@dataclass(frozen=True, slots=True)
class LayerBuild:
    """What came of a build with a layer.

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
    not hold with the layer keeps its own.

    Raises:
        SlimError: as `build_function` says.
    """
    shared = Shared()
    with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
        zips = {function.name: Path(folder) / f"{number}.zip" for number, function in enumerate(functions)}
        alone = [_built(function, zips[function.name], work, shared) for function in functions]
        live = [report for report in alone if not is_dead(report)]
        sharing = sharing_of(live, layer=True)
        proposal = sharing.layer if sharing else None
        names = proposal.functions if proposal else ()
        members, carried = _members([row for row in live if row.name in names], zips, proposal)
        if not members or proposal is None:
            return LayerBuild(tuple(_built(function, work.out(function), work, shared) for function in functions))
        layer = write(members, work.place, release=work.settings.release)
        proposal = replace(
            proposal, distributions=tuple(label for label in proposal.distributions if _name(label) in carried)
        )
    attached = Layer(work.place.stem, work.place.absolute(), carries=tuple(sorted(carried)))
    reports, apart = [], []
    for function, before in zip(functions, alone, strict=True):
        report, why = _with_layer(function, before, attached, layer, work) if function.name in names else (None, "")
        apart += [(function.name, why)] if why else []
        reports.append(report or _built(function, work.out(function), work, shared))
    kept = tuple(name for name in names if name not in dict(apart))
    return LayerBuild(tuple(reports), layer, replace(proposal, functions=kept), tuple(apart))


def _built(function: Function, out: Path, work: LayerWork, shared: Shared) -> FunctionReport:
    return build_function(function, work.settings, out, work.options, work.progress, shared).report


def _with_layer(
    function: Function, before: FunctionReport, layer: Layer, archive: Archive, work: LayerWork
) -> tuple[FunctionReport | None, str]:
    """The function built with the layer at /opt; or why it keeps what it shares."""
    changed = replace(function, layers=(*function.layers, layer))
    try:
        report = _built(changed, work.out(function), work, Shared())
    except LimitError as error:
        return None, error.message
    proof, sizes = report.proof, report.after
    if is_dead(report):
        return None, "it does not start with the layer"
    if proof and before.proof and (proof.result != before.proof.result or proof.rolled_back):
        return None, f"its proof says `{proof.result}` with the layer, and `{before.proof.result}` without"
    if sizes and sizes.unzipped_bytes + archive.unzipped > UNZIPPED_LIMIT:
        return None, "function and layer unzip to more than 250 MiB"
    return report, ""


def _name(label: str) -> str:
    return label.rpartition(" ")[0]


def _members(
    reports: Iterable[FunctionReport], zips: Mapping[str, Path], proposal: LayerProposal | None
) -> tuple[list[Member], frozenset[str]]:
    """The layer's members, and the distributions that they are of.

    A distribution of which two functions ship other bytes under one path stays with the functions.
    """
    wanted = frozenset(map(_name, proposal.distributions)) if proposal else frozenset()
    found: dict[str, tuple[str, Member]] = {}
    unlike: set[str] = set()
    notices: dict[str, Member] = {}
    for report in reports:
        owners = {row.path: row.distribution for row in report.files if row.decision == "kept"}
        for member in _read(zips[report.name]):
            owner = owners.get(member.name) or owners.get(_source(member.name), "")
            if member.name == NOTICES:
                notices[member.name] = max(member, notices.get(member.name, member), key=lambda one: len(one.data))
            elif owner in wanted:
                _, known = found.setdefault(member.name, (owner, member))
                unlike |= {owner} if known.data != member.data else set()
    kept = [replace(member, name=_FOLDER + member.name) for owner, member in found.values() if owner not in unlike]
    texts = [replace(member, name=_FOLDER + member.name) for member in notices.values()]
    return [*kept, *texts] if kept else [], wanted - unlike


def _source(path: str) -> str:
    """The module that bytecode was made from."""
    folder, _, name = path.rpartition("/")
    folder = folder.removesuffix("__pycache__").rstrip("/")
    stem = name.removesuffix(".pyc").partition(".cpython-")[0]
    return f"{folder}/{stem}.py" if folder else f"{stem}.py"


def _read(path: Path) -> list[Member]:
    with zipfile.ZipFile(path) as archive:
        return [
            Member(entry.filename, archive.read(entry), bool(entry.external_attr >> 16 & 0o100))
            for entry in archive.infolist()
        ]


def template_lines(build: LayerBuild, place: str, target: str) -> tuple[str, ...]:
    """What a SAM template has to say of the layer.

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
