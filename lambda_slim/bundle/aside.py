"""`.lambda-slim-before`: the former states of packages that were slimmed in place, and what is known of them."""

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import PackageError, UsageError, WriteError, error_text
from lambda_slim.base.files import read_regular_text
from lambda_slim.base.journal import NAME as JOURNAL
from lambda_slim.base.journal import PlaceMove, commit, digest_place, is_inside, recover
from lambda_slim.base.owned import lock, remove
from lambda_slim.model.slimmed import PackageSizes, SlimmedPackage, SlimmedText

NAME = ".lambda-slim-before"
_KEPT_NAME = re.compile(r"kept/[0-9a-f]{24}(\.zip)?")
_STATE, _NEW, _KEPT, _LOCK = "slimmed.json", "new", "kept", ".lock"


@dataclass(frozen=True, slots=True)
class Slimmed:
    """Everything that was slimmed in a folder."""

    packages: tuple[SlimmedPackage, ...] = ()
    texts: tuple[SlimmedText, ...] = ()


class Aside:
    """The folder of former states of another folder; one process at a time."""

    def __init__(self, parent: Path, folder: Path) -> None:
        """Stores the paths; writes nothing.

        Args:
            parent: Where it lies.
            folder: The folder that paths count from.
        """
        self.place = parent / NAME
        self.folder = folder

    @property
    def begun(self) -> bool:
        """Whether a process was killed while it changed packages."""
        return (self.place / JOURNAL).is_file()

    def read(self) -> Slimmed:
        """What is known; nothing where there is nothing, or it is damaged."""
        try:
            table = json.loads(read_regular_text(self.place / _STATE))
            packages = tuple(map(_package, table["packages"]))
            texts = tuple(SlimmedText(**row) for row in table["texts"])
            ours = all(map(self._is_ours, packages)) and all(map(self._is_ours, texts))
        except (OSError, ValueError, KeyError, TypeError):
            return Slimmed()
        return Slimmed(packages, texts) if ours else Slimmed()

    def _is_ours(self, row: SlimmedPackage | SlimmedText) -> bool:
        """Whether all that a row names lies in the folder: a repository may bring a state that names anything."""
        places = (row.path, row.was) if isinstance(row, SlimmedPackage) else (row.path,)
        inside = all(is_inside(self.folder / place, self.folder) for place in places)
        return inside and (not row.kept or bool(_KEPT_NAME.fullmatch(row.kept)))

    def _refuse_links(self) -> None:
        """Refuses links in the place of what lambda-slim makes here: it would change, and remove, what they lead to.

        Raises:
            PackageError: there is one.
        """
        parts = (self.place, *(self.place / name for name in (_NEW, _KEPT, _LOCK, _STATE, JOURNAL)))
        if link := next((path for path in parts if path.is_symlink()), None):
            raise PackageError(
                f"`{link}` is a link",
                cause="lambda-slim makes none there: it came with the project or from another place",
                hint=f"remove `{self.place}`",
            )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Locks the folder for this process and finishes what a killed one began; removes it at the end if empty.

        Raises:
            UsageError: another process has it.
            PackageError: it is none that lambda-slim made.
            WriteError: it cannot be made.
        """
        self._refuse_links()
        try:
            (self.place / _NEW).mkdir(parents=True, exist_ok=True)
            handle = os.open(self.place / _LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise WriteError(
                f"cannot write in `{self.place.parent}`",
                cause=error_text(error),
                hint="packages are changed where they lie: make the folder writable, or slim a copy of it",
            ) from error
        try:
            if not lock(handle, wait=False):
                raise UsageError(
                    f"`{self.place.parent.name}` is being slimmed by another process",
                    cause=f"it holds {NAME}/{_LOCK}",
                    hint="wait until it has ended",
                )
            recover(self.place, self.folder)
            self._tidy()
            yield
            self._tidy()
            if not (self.place / _STATE).exists():
                remove(self.place)
        finally:
            os.close(handle)

    def staged(self, name: str) -> Path:
        """Where something new is written first; on the file system of what it replaces."""
        return self.place / _NEW / name

    def kept(self, path: str, digest: str) -> str:
        """The name under which a former state of a path is kept, from this folder.

        A zip stays one by its name: tools that package a whole project leave zips out, and would ship it else.
        """
        name = hashlib.sha256(f"{path} {digest}".encode("utf-8", "surrogateescape")).hexdigest()[:24]
        return f"{_KEPT}/{name}{'.zip' if path.endswith('.zip') else ''}"

    def commit(self, moves: list[PlaceMove], state: Slimmed) -> None:
        """Makes moves, and notes the state with them.

        Raises:
            WriteError: see `journal.commit`.
        """
        path, new = self.place / _STATE, self.staged(_STATE)
        after = ""
        if state.packages:
            packages = [asdict(row) for row in sorted(state.packages, key=lambda row: row.path)]
            texts = [asdict(row) for row in sorted(state.texts, key=lambda row: row.path)]
            new.write_text(json.dumps({"packages": packages, "texts": texts}, indent=1) + "\n", "ascii")
            after = digest_place(new)
        before = digest_place(path)
        if moves or before != after:
            commit(self.place, [*moves, PlaceMove(str(path), str(new) if after else "", "", before, after)])

    def _tidy(self) -> None:
        """Removes what is staged, and former states that nobody knows of any more."""
        remove(self.place / _NEW)
        with contextlib.suppress(OSError):
            (self.place / _NEW).mkdir(exist_ok=True)
        state = self.read()
        if not state.packages and (self.place / _STATE).exists():
            return  # it is damaged: somebody may want the former states all the same
        known = {Path(row.kept).name for row in state.packages} | {Path(text.kept).name for text in state.texts}
        folder = self.place / _KEPT
        for place in folder.iterdir() if folder.is_dir() else ():
            if place.name not in known:
                _remove(place)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)


def _package(row: dict[str, Any]) -> SlimmedPackage:
    return SlimmedPackage(**{**row, "functions": tuple(row["functions"]), "sizes": PackageSizes(**row["sizes"])})
