"""Slims packages of another tool where they lie."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim import __version__
from lambda_slim.base.cache import digest
from lambda_slim.base.errors import PackageError, SlimError
from lambda_slim.base.journal import PlaceMove, digest_place
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.units import plural
from lambda_slim.bundle.aside import Aside, Slimmed
from lambda_slim.bundle.folder import lay_zip
from lambda_slim.inputs.builds.adopt import adopted, is_slim
from lambda_slim.inputs.builds.records import BuildOutput, Digests, ToolPackage
from lambda_slim.inputs.project.manifest import file_digest
from lambda_slim.inputs.traces import read_events
from lambda_slim.model.report import FunctionReport, is_dead
from lambda_slim.model.settings import Settings
from lambda_slim.model.slimmed import PackageSizes, SlimmedPackage, SlimmedText, SlimRow
from lambda_slim.tasks.build import BuildOptions, build_function
from lambda_slim.tasks.prepare import plan_function


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


def slim(
    output: BuildOutput, settings: Settings, options: BuildOptions, progress: Progress = silent
) -> tuple[SlimRow, ...]:
    """Slims every package that is not slim yet, and keeps its former state.

    Raises:
        WriteError: the folder cannot be written; nothing has changed.
        UsageError: another process is at it.
    """
    aside = Aside(output.aside.resolve(), output.folder.resolve())
    rows: list[SlimRow] = []
    fresh: list[SlimBeside] = []
    with aside.held():
        work = SlimWork(output, aside, settings, options, progress, aside.read())
        for package in _asked(output, settings):
            row, made = _attempt(work, package, len(fresh))
            rows.append(row)
            fresh += [made] if made else []
        _apply(work, fresh)
    return tuple(rows)


def foresee(
    output: BuildOutput, settings: Settings, options: BuildOptions, progress: Progress = silent
) -> tuple[SlimRow, ...]:
    """What `slim` would do; nothing is written and nothing of the packages is run."""
    aside = Aside(output.aside.resolve(), output.folder.resolve())
    work = SlimWork(output, aside, settings, options, progress, aside.read())
    return tuple(_foreseen(work, package) for package in _asked(output, settings))


def _asked(output: BuildOutput, settings: Settings) -> Iterator[ToolPackage]:
    """The packages that have a function that was asked for."""
    for package in output.packages:
        if any(settings.selects(row.name) for row in package.functions):
            yield package


def _names(package: ToolPackage) -> tuple[str, ...]:
    return tuple(row.name for row in package.functions)


def _failed(work: SlimWork, package: ToolPackage, error: SlimError) -> SlimRow:
    hint = f" ({error.hint})" if error.hint else ""
    why = f"{error.message}: {error.cause}{hint}" if error.cause else f"{error.message}{hint}"
    return SlimRow(_path(work, package), _names(package), "failed", why, exit_code=error.exit_code)


def _path(work: SlimWork, package: ToolPackage) -> str:
    return work.shown(package.place) if package.place.is_absolute() else package.functions[0].name


def _foreseen(work: SlimWork, package: ToolPackage) -> SlimRow:
    if package.why:
        return SlimRow(_path(work, package), _names(package), "left", package.why)
    try:
        known, earlier = _known(work, package)
        if known:
            return SlimRow(known.path, known.functions, "already", sizes=known.sizes)
        functions = adopted(package, _origin(work, package, earlier), work.settings)
        from lambda_slim.tasks.build_fresh import planned_report

        report = planned_report(plan_function(functions[0], work.settings, work.progress))
    except SlimError as error:
        return _failed(work, package, error)
    kept = sum(row.bytes for row in report.files if row.decision == "kept")
    zipped = package.place.stat().st_size if package.place.is_file() else 0
    sizes = PackageSizes(report.before.unzipped_bytes, kept, zipped)
    return SlimRow(_path(work, package), _names(package), "would", sizes=sizes)


def _attempt(work: SlimWork, package: ToolPackage, number: int) -> tuple[SlimRow, SlimBeside | None]:
    if package.why:
        return SlimRow(_path(work, package), _names(package), "left", package.why), None
    try:
        known, earlier = _known(work, package)
        if known:
            return SlimRow(known.path, known.functions, "already", sizes=known.sizes), None
        return _made(work, package, earlier, number)
    except SlimError as error:
        return _failed(work, package, error), None


def _known(work: SlimWork, package: ToolPackage) -> tuple[SlimmedPackage | None, SlimmedPackage | None]:
    """What is known of a package: where it is slim as asked for, and where it is slim by other settings.

    Raises:
        PackageError: it is slim, and nothing is known of it.
    """
    path = work.shown(package.place)
    row = next((row for row in work.known.packages if row.path == path), None)
    if row and digest_place(package.place) == row.after:
        return (row, None) if row.key == _key(work, package) else (None, row)
    if is_slim(package.place):  # and nothing is known of what it was
        return SlimmedPackage(path, path, "", "", "", "", _names(package)), None
    return None, None


def _origin(work: SlimWork, package: ToolPackage, earlier: SlimmedPackage | None) -> Path:
    """Where the package lies as its tool built it."""
    if earlier is None or not earlier.kept:
        return package.place
    kept = work.aside.place / earlier.kept
    if not kept.exists():
        raise PackageError(
            f"{earlier.path} is slim already, by other settings",
            cause="its former state, from which it could be slimmed anew, is gone",
            hint="build it again with your tool",
        )
    return kept


def _key(work: SlimWork, package: ToolPackage) -> str:
    """A digest of what decides besides the package itself."""
    names = _names(package)
    settings = repr(replace(work.settings, lines={}, budgets={}, select=(), file=None, root=Path()))
    own = [event for table in work.settings.functions if table.name in names for event in table.events]
    data = [data for _, data in read_events([*own, *work.options.events])]
    layers = [digest_place(layer.content) for row in package.functions for layer in row.layers if layer.content]
    asked = [repr(replace(row, package=None, parts=())) for row in package.functions]
    said = (str(work.options.prove), repr(work.options.trace))
    return digest("slim-1", __version__, settings, *said, *asked, *layers, *data)


def _made(
    work: SlimWork, package: ToolPackage, earlier: SlimmedPackage | None, number: int
) -> tuple[SlimRow, SlimBeside | None]:
    """The slim package beside its place; a package that cannot start is left alone."""
    path, names, place = work.shown(package.place), _names(package), package.place
    origin = _origin(work, package, earlier)
    functions = adopted(package, origin, work.settings)
    now = digest_place(place)
    packed = work.aside.staged(f"{number}.zip")
    options = replace(work.options, beside=functions[1:])
    report = build_function(functions[0], work.settings, packed, options, work.progress).report
    if is_dead(report):
        return SlimRow(path, names, "failed", f"it cannot start: {_reason(report)}; left as it was", exit_code=1), None
    new = packed
    if place.is_dir():
        new = work.aside.staged(str(number))
        lay_zip(packed, new)
    after = digest_place(new)
    sizes = _sizes(report, origin)
    row = earlier or SlimmedPackage(path, path, work.aside.kept(path, now) if after != now else "", now, "", "", names)
    row = replace(row, after=after, key=_key(work, package), functions=names, sizes=sizes)
    digests = Digests(report.package.sha256 if report.package else "", "" if place.is_dir() else file_digest(place))
    said = SlimRow(path, names, "slimmed", _proof(report), sizes)
    return said, SlimBeside(place, new, now, digests, row, earlier is not None)


def _reason(report: FunctionReport) -> str:
    if report.proof and report.proof.dead:
        return report.proof.notes[0]
    return report.starts.why if report.starts else ""


def _proof(report: FunctionReport) -> str:
    proof = report.proof
    if proof is None:
        return ""
    words = {
        "same": f"same results on {plural(proof.events, 'event')}",
        "imports-only": f"{plural(proof.modules, 'module')} import as in the full package",
    }
    return words.get(proof.result, "not proved here")


def _sizes(report: FunctionReport, former: Path) -> PackageSizes:
    after = report.after or report.before
    zipped = former.stat().st_size if former.is_file() else 0
    return PackageSizes(report.before.unzipped_bytes, after.unzipped_bytes, zipped, after.zipped_bytes)


def _apply(work: SlimWork, fresh: list[SlimBeside]) -> None:
    """Puts slim packages in their places, and what names them with them; what was there goes last."""
    changed = [row for row in fresh if row.row.after != row.now]
    edits = work.output.edits({row.place: row.digests for row in changed})
    rows = [replace(row.row, path=work.shown(edits.places.get(row.place, row.place))) for row in fresh]
    moves = [move for row in changed for move in _moves(work, row, edits.places.get(row.place, row.place))]
    texts = []
    for number, (path, data) in enumerate(edits.texts.items()):
        move, text = _text_move(work, path, data, number)
        moves.append(move)
        texts.append(text)
    moves += _removals(work, rows)
    work.aside.commit(sorted(moves, key=lambda move: not move.new), _merged(work, rows, texts))


def _moves(work: SlimWork, row: SlimBeside, goal: Path) -> Iterator[PlaceMove]:
    keep = "" if row.again else str(work.aside.place / row.row.kept)
    if goal == row.place:
        yield PlaceMove(str(goal), str(row.new), keep, row.now, row.row.after)
        return
    yield PlaceMove(str(goal), str(row.new), "", digest_place(goal), row.row.after)
    yield PlaceMove(str(row.place), "", keep, row.now, "")


def _text_move(work: SlimWork, path: Path, data: bytes, number: int) -> tuple[PlaceMove, SlimmedText]:
    new = work.aside.staged(f"text-{number}")
    new.write_bytes(data)
    with contextlib.suppress(OSError):
        new.chmod(path.stat().st_mode & 0o777)
    now, after, shown = digest_place(path), digest_place(new), work.shown(path)
    known = next((row for row in work.known.texts if row.path == shown and row.after == now), None)
    keep = "" if known else str(work.aside.place / work.aside.kept(shown, now))
    text = replace(known, after=after) if known else SlimmedText(shown, work.aside.kept(shown, now), now, after)
    return PlaceMove(str(path), str(new), keep, now, after), text


def _removals(work: SlimWork, rows: list[SlimmedPackage]) -> Iterator[PlaceMove]:
    """Slim packages that nothing leads to any more."""
    for row in _gone(work, rows):
        place = work.aside.folder / row.path
        if digest_place(place) == row.after:
            yield PlaceMove(str(place), "", "", row.after, "")


def _gone(work: SlimWork, rows: list[SlimmedPackage]) -> list[SlimmedPackage]:
    """Rows of packages that nothing leads to since their tool has run again, or that are not there any more."""
    paths = {row.path for row in rows} | {work.shown(package.place) for package in work.output.packages}
    return [
        row
        for row in work.known.packages
        if row.path not in paths and (row.path != row.was or not (work.aside.folder / row.path).exists())
    ]


def _merged(work: SlimWork, rows: list[SlimmedPackage], texts: list[SlimmedText]) -> Slimmed:
    named = {text.path for text in texts}
    origins = {row.was for row in rows} | {row.was for row in _gone(work, rows)}
    packages = (*(row for row in work.known.packages if row.was not in origins), *rows)
    return Slimmed(packages, (*(row for row in work.known.texts if row.path not in named), *texts))
