"""One package of another tool's build: what is known of it, and its slim form beside its place."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim import __version__
from lambda_slim.base.cache import digest
from lambda_slim.base.errors import PackageError, SlimError
from lambda_slim.base.journal import check_movable, digest_place
from lambda_slim.base.progress import Progress
from lambda_slim.base.units import plural
from lambda_slim.bundle.aside import Aside, Slimmed
from lambda_slim.bundle.folder import lay_zip
from lambda_slim.inputs.builds.adopt import adopted, is_slim
from lambda_slim.inputs.builds.records import BuildOutput, Digests, ToolPackage
from lambda_slim.inputs.functions.records import Declared
from lambda_slim.inputs.project.manifest import file_digest
from lambda_slim.inputs.traces import read_events
from lambda_slim.model.layer import Layer
from lambda_slim.model.report import FunctionReport, is_dead
from lambda_slim.model.settings import Settings
from lambda_slim.model.slimmed import PackageSizes, SlimmedPackage, SlimRow
from lambda_slim.tasks.build import BuildOptions, build_function
from lambda_slim.tasks.slim.growth import gain_of, without_bytecode


@dataclass(frozen=True, slots=True)
class SlimWork:
    """What holds for every package of a run."""

    output: BuildOutput
    aside: Aside
    settings: Settings
    options: BuildOptions
    progress: Progress
    known: Slimmed

    def shown(self, place: Path) -> str:
        """A path from the folder that is slimmed."""
        return Path(os.path.relpath(place, self.aside.folder)).as_posix()


@dataclass(frozen=True, slots=True)
class SlimBeside:
    """A slim package that lies beside its place.

    Attributes:
        place: Where the package lies.
        new: Where the slim one does.
        now: Digest of what lies at `place`.
        digests: For files that name the package.
        row: What will be known of it.
        again: Whether the former state is kept already, as the package was slimmed before in another way.
    """

    place: Path
    new: Path
    now: str
    digests: Digests
    row: SlimmedPackage
    again: bool


def names_of(package: ToolPackage) -> tuple[str, ...]:
    """Names of the functions of a package."""
    return tuple(row.name for row in package.functions)


def failed(work: SlimWork, package: ToolPackage, error: SlimError) -> SlimRow:
    """The result of a package that could not be slimmed."""
    return SlimRow(path_of(work, package), names_of(package), "failed", error.line, exit_code=error.exit_code)


def path_of(work: SlimWork, package: ToolPackage) -> str:
    """Where a package lies; the name of its function where it is not there."""
    return work.shown(package.place) if package.place.is_absolute() else package.functions[0].name


def known_of(work: SlimWork, package: ToolPackage) -> tuple[SlimmedPackage | None, SlimmedPackage | None]:
    """What is known of a package: where it is slim as asked for, and where it is slim by other settings."""
    path = work.shown(package.place)
    if row := row_of(work, package.place):
        return (row, None) if row.key == key_of(work, package) else (None, row)
    if is_slim(package.place):  # and nothing is known of what it was
        return SlimmedPackage(path, path, "", "", "", "", names_of(package)), None
    return None, None


def row_of(work: SlimWork, place: Path) -> SlimmedPackage | None:
    """What is known of a place, where it is as it was left."""
    path = work.shown(place)
    row = next((row for row in work.known.packages if row.path == path), None)
    return row if row and digest_place(place) == row.after else None


def origin_of(work: SlimWork, place: Path, earlier: SlimmedPackage | None) -> Path:
    """Where a package lies as its tool built it.

    Raises:
        PackageError: it is slim, and its former state is gone.
    """
    if earlier is None or not earlier.kept:
        return place
    kept = work.aside.place / earlier.kept
    if not kept.exists():
        raise PackageError(
            f"{earlier.path} is slim already, by other settings",
            cause="its former state, from which it could be slimmed anew, is gone",
            hint="build it again with your tool",
        )
    return kept


def key_of(work: SlimWork, package: ToolPackage) -> str:
    """A digest of what decides besides the package itself."""
    names = names_of(package)
    settings = repr(replace(work.settings, lines={}, budgets={}, select=(), file=None, root=Path()))
    own = [event for table in work.settings.functions if table.name in names for event in table.events]
    data = [data for _, data in read_events([*own, *work.options.events])]
    layers = [text for row in package.functions for layer in row.layers for text in (layer.name, _before(work, layer))]
    asked = [repr(replace(row, package=None, parts=(), layers=())) for row in package.functions]
    said = (str(work.options.prove), repr(work.options.trace))
    return digest("slim-2", __version__, settings, *said, *asked, *layers, *data)


def _before(work: SlimWork, layer: Layer) -> str:
    """The digest of a layer as its tool built it."""
    if layer.content is None:
        return ""
    now = digest_place(layer.content)
    path = work.shown(layer.content.resolve())
    return next((row.before for row in work.known.packages if row.path == path and row.after == now), now)


@dataclass(frozen=True, slots=True)
class SlimMade:
    """The result of one package; `beside` is None if it is left as it was."""

    row: SlimRow
    beside: SlimBeside | None = None
    report: FunctionReport | None = None


def made(
    work: SlimWork,
    package: ToolPackage,
    earlier: SlimmedPackage | None,
    number: int,
    declared: tuple[Declared, ...] = (),
) -> SlimMade:
    """The slim package beside its place; a package that cannot start is left alone.

    Args:
        work: What holds for all packages.
        package: As the build has it.
        earlier: What is known of it, where it is slim by other settings.
        number: Tells its files from those of others.
        declared: Its functions with other layers than they have now.
    """
    path, names, place = work.shown(package.place), names_of(package), package.place
    if place.is_relative_to(work.aside.folder):
        check_movable(place)
    origin = origin_of(work, place, earlier)
    functions = adopted(replace(package, functions=declared or package.functions), origin, work.settings)
    packed = work.aside.staged(f"{number}.zip")
    options = replace(work.options, beside=functions[1:])
    report = build_function(functions[0], work.settings, packed, options, work.progress).report
    if is_dead(report):
        why = f"it cannot start: {reason_of(report)}; left as it was"
        return SlimMade(SlimRow(path, names, "failed", why, exit_code=1), report=report)
    gain = gain_of(report, packed, origin, functions[0], work.settings)
    if plain := without_bytecode(gain, work.settings):
        report = build_function(functions[0], plain, packed, options, work.progress).report
        gain = None
    sizes = _sizes(report, origin)
    zipped = report.package.sha256 if report.package else ""
    row = SlimmedPackage(path, path, "", "", "", key_of(work, package), names, sizes)
    beside = beside_of(work, place, Staged(packed, zipped, number), row, earlier)
    return SlimMade(SlimRow(path, names, "slimmed", _proof(report), sizes, gain=gain), beside, report)


@dataclass(frozen=True, slots=True)
class Staged:
    """A slim zip, with its SHA-256 and the number that tells its files from those of others."""

    zip: Path
    sha256: str
    number: int


def beside_of(
    work: SlimWork, place: Path, staged: Staged, row: SlimmedPackage, earlier: SlimmedPackage | None
) -> SlimBeside:
    """What was made, in the form of what it replaces: a folder for a folder."""
    now, new = digest_place(place), staged.zip
    if place.is_dir():
        new = work.aside.staged(str(staged.number))
        lay_zip(staged.zip, new)
    after = digest_place(new)
    known = earlier or replace(row, kept=work.aside.kept(row.path, now) if after != now else "", before=now)
    known = replace(known, after=after, key=row.key, functions=row.functions, sizes=row.sizes)
    digests = Digests(staged.sha256, "" if place.is_dir() else file_digest(place))
    return SlimBeside(place, new, now, digests, known, earlier is not None)


def reason_of(report: FunctionReport) -> str:
    """Why a function does not start."""
    if report.proof and report.proof.dead:
        return report.proof.notes[0]
    return report.starts.why if report.starts else ""


def _proof(report: FunctionReport) -> str:
    proof = report.proof
    if proof is None:
        return ""
    verb = "s" if proof.modules == 1 else ""
    words = {
        "same": f"same results on {plural(proof.events, 'event')}",
        "imports-only": f"{plural(proof.modules, 'module')} import{verb} as in the full package",
    }
    return words.get(proof.result, "not proved here")


def _sizes(report: FunctionReport, former: Path) -> PackageSizes:
    after = report.now
    zipped = former.stat().st_size if former.is_file() else 0
    return PackageSizes(report.before.unzipped_bytes, after.unzipped_bytes, zipped, after.zipped_bytes)
