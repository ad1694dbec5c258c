"""Packages as folders: the whole one and the slim one, laid out so that a function can run from them."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lambda_slim.base.copying import copy_file
from lambda_slim.base.run_copies import LAID_TIME, run_copy
from lambda_slim.model.file import File
from lambda_slim.model.member import Member


@contextmanager
def laid_out() -> Iterator[Path]:
    """A temporary folder for packages, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="lambda-slim-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lay_members(members: Iterable[Member], folder: Path) -> Path:
    """Writes members below a folder, as Lambda unpacks them."""
    made: set[Path] = set()
    for member in members:
        place = folder / member.name
        if place.parent not in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            made.add(place.parent)
        place.write_bytes(member.data)
        if member.executable:
            place.chmod(0o755)
        _still(place)
    return folder


def lay_files(files: Iterable[File], folder: Path) -> Path:
    """Puts copies of files below a folder, where code may write to them: nothing of ours is reached through one."""
    made: set[Path] = set()
    for file in files:
        place = folder / file.path
        if place.parent not in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            made.add(place.parent)
        if not place.exists():
            put(file.source, place)
    return folder


def put(source: Path, place: Path) -> None:
    """Makes a copy that code may write to.

    Code of installed trees is linked to a copy of the tree that is there to be run. Data is not: nltk opens no data
    file that has a second name.

    Raises:
        OSError: there is no such file.
    """
    if _is_code(place) and (own := run_copy(source)) and _linked(own, place):
        return
    copy_file(source, place)
    _still(place)


def _is_code(place: Path) -> bool:
    return place.name.endswith((".py", ".pyc", ".so")) or ".so." in place.name


def still(folder: Path) -> Path:
    """Gives every file of an unpacked package the time that it has where packages are laid out."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            _still(path)
    return folder


def _still(place: Path) -> None:
    os.utime(place, (LAID_TIME, LAID_TIME))


def lay_unchanged(members: Iterable[Member], files: Iterable[File], folder: Path) -> Path:
    """As `lay_members`, as `lay_files` where a member is a distribution's file as it is."""
    sources = {file.path: file for file in files if file.owner}
    changed: list[Member] = []
    same: list[File] = []
    for member in members:
        file = sources.get(member.name)
        if file and file.size == len(member.data) and file.source.read_bytes() == member.data:
            same.append(file)
        else:
            changed.append(member)
    lay_members(changed, folder)
    return lay_files(same, folder)


def link_members(members: Iterable[Member], source: Path, folder: Path) -> Path:
    """Puts members below a folder; code as links to where it has been laid before, for the same function."""
    made: set[Path] = set()
    for member in members:
        place = folder / member.name
        if place.parent not in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            made.add(place.parent)
        if not (_is_code(place) and _linked(source / member.name, place)):
            lay_members([member], folder)
    return folder


def _linked(source: Path, place: Path) -> bool:
    try:
        os.link(source, place)
    except OSError:
        return False
    return True


class Variants:
    """A package laid out once, in which further files come and go; folders that are empty again go with them.

    Removing a file can cost as much as running an event, so only what differs from the last time is touched.
    """

    def __init__(self, members: Sequence[Member], source: Path, folder: Path) -> None:
        """Links members from where they have been laid before."""
        self.folder = link_members(members, source, folder)
        self._more: dict[str, File] = {}

    def hold(self, files: Iterable[File]) -> Path:
        """The folder with these files beside the members, and no others; a member stays as it is."""
        wanted = {file.path: file for file in files}
        for path in self._more.keys() - wanted.keys():
            self._remove(self.folder / path)
        fresh = {path: file for path, file in wanted.items() if path in self._more or not (self.folder / path).exists()}
        lay_files(fresh.values(), self.folder)
        self._more = fresh
        return self.folder

    def _remove(self, place: Path) -> None:
        place.unlink(missing_ok=True)
        for parent in place.parents:
            if parent == self.folder or any(parent.iterdir()):
                return
            parent.rmdir()  # an empty folder could be imported


def file_states(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file below a folder."""
    states = {}
    for path in folder.rglob("*"):
        if path.is_file():
            state = path.stat()
            states[path.relative_to(folder).as_posix()] = (state.st_size, state.st_mtime_ns)
    return states


def written_note(before: dict[str, tuple[int, int]], folder: Path) -> list[str]:
    """A note where a run has written to its package, which is read-only on Lambda."""
    changed = [path for path, state in sorted(file_states(folder).items()) if before.get(path) != state]
    return [f"it writes to its own folder, which is read-only on Lambda: {', '.join(changed[:3])}"] if changed else []
