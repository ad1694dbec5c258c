"""Packages as folders: the whole one and the slim one, laid out so that a function can run from them."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lambda_slim.model.file import File
from lambda_slim.model.member import Member

_TIME = (
    315_532_800  # 1980, as in zips: servers of files make Last-Modified and ETag of it, so both packages need the same
)


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
    """Puts files below a folder: code of distributions as hard links where the file system allows, else copies."""
    made: set[Path] = set()
    for file in files:
        place = folder / file.path
        if place.parent not in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            made.add(place.parent)
        if place.exists():
            continue
        # A project's own files are copied: code that writes to its folder must not reach them through a link.
        if file.owner:
            put(file.source, place)
        else:
            shutil.copy(file.source, place)  # a program of the project stays one
            _still(place)
    return folder


def put(source: Path, place: Path) -> None:
    """Links code, copies data: nltk opens no data file that has a second name.

    Raises:
        OSError: there is no such file.
    """
    if place.name.endswith((".py", ".pyc", ".so")) or ".so." in place.name:
        with contextlib.suppress(OSError):
            os.link(source, place)
            return
    shutil.copy(source, place)
    _still(place)


def still(folder: Path) -> Path:
    """Gives every file of an unpacked package the time that it has where packages are laid out."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            _still(path)
    return folder


def _still(place: Path) -> None:
    os.utime(place, (_TIME, _TIME))


def lay_unchanged(members: Iterable[Member], files: Iterable[File], folder: Path) -> Path:
    """As `lay_members`, with hard links to the distributions' own files where a member is one as it is.

    Creating a file costs twenty times what a link does.
    """
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
    """Puts members below a folder as hard links to where they have been laid before."""
    made: set[Path] = set()
    for member in members:
        place = folder / member.name
        if place.parent not in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            made.add(place.parent)
        try:
            put(source / member.name, place)
        except OSError:
            lay_members([member], folder)
    return folder


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
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            state = path.stat()
            found[path.relative_to(folder).as_posix()] = (state.st_size, state.st_mtime_ns)
    return found


def written_note(before: dict[str, tuple[int, int]], folder: Path) -> list[str]:
    """A note where a run has written to its package, which is read-only on Lambda."""
    changed = [path for path, state in sorted(file_states(folder).items()) if before.get(path) != state]
    return [f"it writes to its own folder, which is read-only on Lambda: {', '.join(changed[:3])}"] if changed else []
