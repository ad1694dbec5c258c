"""Puts slim packages in their places, with the files that name them; a journal makes that atomic."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.journal import PlaceMove, digest_place
from lambda_slim.bundle.aside import Slimmed
from lambda_slim.model.slimmed import SlimmedPackage, SlimmedText
from lambda_slim.tasks.slim.package import SlimBeside, SlimWork


def apply_slim(work: SlimWork, fresh: Sequence[SlimBeside]) -> None:
    """Puts slim packages and the files that name them in their places; former packages are removed last."""
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
    paths = {row.path for row in rows} | {work.shown(place) for place in work.output.places}
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
