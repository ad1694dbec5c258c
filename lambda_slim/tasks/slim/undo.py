"""Brings back what was there before packages were slimmed where they lie."""

from lambda_slim.base.errors import ExitCode, UsageError
from lambda_slim.base.journal import PlaceMove, digest_place
from lambda_slim.bundle.aside import Aside, Slimmed
from lambda_slim.model.slimmed import SlimmedPackage, SlimmedText, SlimRow


def undo(aside: Aside, only: str = "") -> tuple[SlimRow, ...]:
    """Brings the former states back; packages that were built again since then stay.

    Args:
        aside: Where they are.
        only: The path of one package; "" for all.

    Raises:
        WriteError: the folder cannot be written.
        UsageError: one of several packages was named, and files that name all of them have changed with them.
    """
    with aside.held():
        known = aside.read()
        if not (chosen := _chosen(known, only)):
            return ()
        moves: list[PlaceMove] = []
        rows = [_undone(aside, row, moves) for row in chosen]
        rest = tuple(row for row in known.packages if row not in chosen)
        _check_alone(only, known, rest, aside)
        front = [] if rest else _texts_back(aside, known)
        moves.sort(key=lambda move: not move.new)  # what was there comes back before anything goes
        aside.commit([*front, *moves], Slimmed(rest, known.texts if rest else ()))
    return tuple(rows)


def _chosen(known: Slimmed, only: str) -> list[SlimmedPackage]:
    return [row for row in known.packages if only in ("", row.path)]


def _check_alone(only: str, known: Slimmed, rest: tuple[SlimmedPackage, ...], aside: Aside) -> None:
    if not (rest and known.texts):
        return
    raise UsageError(
        f"`{only}` cannot be brought back by itself",
        cause=f"{', '.join(sorted(text.path for text in known.texts))} name every package by what is in it",
        hint=f"lambda-slim slim {aside.folder.name} --undo, then slim the others: -F NAME",
    )


def _texts_back(aside: Aside, known: Slimmed) -> list[PlaceMove]:
    return [move for text in known.texts if (move := _text_back(aside, text))]


def _text_back(aside: Aside, text: SlimmedText) -> PlaceMove | None:
    place, kept = aside.folder / text.path, aside.place / text.kept
    if not kept.is_file() or digest_place(place) != text.after:
        return None
    return PlaceMove(str(place), str(kept), "", text.after, text.before)


def _undone(aside: Aside, row: SlimmedPackage, moves: list[PlaceMove]) -> SlimRow:
    place, former, kept = aside.folder / row.path, aside.folder / row.was, aside.place / row.kept
    if not row.kept:
        return SlimRow(row.path, row.functions, "undone", "it was not changed", row.sizes)
    if digest_place(place) != row.after:
        return SlimRow(row.path, row.functions, "left", "it was built again since it was slimmed", row.sizes)
    if not kept.exists():
        why = "its former state is gone: build it again with your tool"
        return SlimRow(row.path, row.functions, "failed", why, row.sizes, ExitCode.UNANALYSABLE)
    if place == former:
        moves.append(PlaceMove(str(place), str(kept), "", row.after, row.before))
    else:
        if not former.exists():
            moves.append(PlaceMove(str(former), str(kept), "", "", row.before))
        moves.append(PlaceMove(str(place), "", "", row.after, ""))
    return SlimRow(row.was, row.functions, "undone", "", row.sizes)
