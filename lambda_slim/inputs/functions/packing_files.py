"""The files that a script would make: an overlay on those that are there. Nothing is written."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lambda_slim.formats.shell_idioms import SCRATCH
from lambda_slim.model.packing import Packed

_SITE = ("lib", "site-packages")


class PackedFiles:
    """Folders and archives with what a script puts into them.

    An archive is a folder here: `zip -r ../a.zip .` copies the folder to `a.zip`.
    """

    def __init__(self) -> None:
        self.rows: list[Packed] = []
        self.made: set[Path] = set()
        self.exported: dict[Path, Path] = {}  # requirements that are written from a lock, with its folder
        self.removed: list[Path] = []

    def copied(self) -> "PackedFiles":
        """The same, to come back to."""
        copy = PackedFiles()
        copy.take(self)
        return copy

    def take(self, other: "PackedFiles") -> None:
        """Becomes as another one is."""
        self.rows, self.made = [*other.rows], {*other.made}
        self.exported, self.removed = {**other.exported}, [*other.removed]

    def join(self, before: "PackedFiles", branches: Sequence["PackedFiles"]) -> None:
        """Becomes what any of some branches adds to what was before; what one of them removes is gone."""
        self.take(before)
        for branch in branches:
            gone = [row for row in before.rows if row not in branch.rows]
            known = {(row.place, row.source, row.requires, row.rules) for row in self.rows}
            added = (row for row in branch.rows if (row.place, row.source, row.requires, row.rules) not in known)
            self.rows = [row for row in (*self.rows, *added) if row not in gone]
            self.made |= branch.made
            self.exported |= branch.exported
            self.removed += branch.removed

    def add(self, row: Packed) -> None:
        """Puts something somewhere."""
        self.rows.append(replace(row, place=plain_place(row.place)))

    def remove(self, place: Path) -> None:
        """Removes a folder, an archive or a file, also one that is there."""
        place = plain_place(place)
        self.rows = [row for row in self.rows if not _is_below(row.place, place)]
        self.made = {folder for folder in self.made if not _is_below(folder, place)}
        if place.exists():
            self.removed.append(place)

    def copy(self, source: Path, row: Packed) -> None:
        """Copies a file, or what a folder holds, to `row.place`; what is neither there nor made adds nothing."""
        source = plain_place(source)
        inner = [other for other in self.rows if _is_below(other.place, source)]
        if self._is_there(source):
            self.add(replace(row, source=source))
        for other in inner:
            below = os.path.relpath(other.place, source)
            rules = (*other.rules, *row.rules)
            self.add(replace(other, place=row.place / below, where=row.where, turn=row.turn, rules=rules))
        if inner or source in self.made:
            self.made.add(plain_place(row.place))

    def is_folder(self, place: Path) -> bool:
        """Whether a folder is there, or is made."""
        place = plain_place(place)
        return place in self.made or str(place.parent) == SCRATCH or (self._is_there(place) and place.is_dir())

    def is_known(self, place: Path) -> bool:
        """Whether a file or folder is there, or is made."""
        place = plain_place(place)
        return self.is_folder(place) or self._is_there(place) or any(_is_below(row.place, place) for row in self.rows)

    def original(self, place: Path) -> Path:
        """The file or folder that is copied to a place, so that it can be read; the place itself where none is."""
        place = plain_place(place)
        copies = (row.source / os.path.relpath(place, row.place) for row in self._copies_to(place) if row.source)
        return next((plain_place(source) for source in copies if source.exists()), place)

    def _copies_to(self, place: Path) -> list[Packed]:
        """What is copied to a place or to a folder above it, the last first."""
        return [row for row in reversed(self.rows) if _is_below(place, row.place)]

    def names(self, folder: Path) -> Iterator[str]:
        """What a folder has directly in it, there or made."""
        folder = plain_place(folder)
        there = sorted(file.name for file in folder.iterdir()) if self._is_there(folder) and folder.is_dir() else []
        made = [row.place for row in self.rows if row.place != folder and _is_below(row.place, folder)]
        below = (place.relative_to(folder).parts[0] for place in [*made, *self.made] if _is_inside(place, folder))
        yield from dict.fromkeys([*there, *below])

    def within(self, place: Path) -> list[Packed]:
        """What is put into a folder or an archive, and what is there; empty where a script touches nothing of it."""
        place = plain_place(place)
        rows = [row for row in self.rows if _is_below(row.place, place)]
        there = rows and self._is_there(place) and place.is_dir()
        return [*([Packed(place, "", place)] if there else []), *rows]

    def _is_there(self, place: Path) -> bool:
        return place.exists() and not any(_is_below(place, gone) for gone in self.removed)


def plain_place(place: Path) -> Path:
    """A path without `..`; the Python of an environment's folder has no version."""
    parts = Path(os.path.normpath(place)).parts
    plain = [part for part in parts if not (part.startswith("python3") and _SITE[0] in parts and _SITE[1] in parts)]
    return Path(*plain)


def _is_below(place: Path, folder: Path) -> bool:
    return place == folder or folder in place.parents


def _is_inside(place: Path, folder: Path) -> bool:
    return place != folder and folder in place.parents


def prefix_of(rows: Iterable[Packed], place: Path) -> Iterator[tuple[str, Packed]]:
    """(where it lies below a place, row): "" for the place itself."""
    for row in rows:
        below = os.path.relpath(row.place, plain_place(place))
        yield ("" if below == "." else Path(below).as_posix()), row
