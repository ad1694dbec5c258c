"""The full and the slim package as folders, laid out so that a function can run from them."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from lambda_slim.base.copying import copy_file
from lambda_slim.base.run_copies import LAID_TIME, run_copy
from lambda_slim.model.file import File
from lambda_slim.model.member import Member


@contextmanager
def laid_out() -> Iterator[Path]:
    """A temporary folder for unpacked packages, removed at the end."""
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
    """Puts copies of files below a folder. Code may write to them without reaching a file of ours."""
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
    """Lays members as `lay_members` does, and unchanged files of distributions as `lay_files` does."""
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
        remove_files(self.folder, self._more.keys() - wanted.keys())
        fresh = {path: file for path, file in wanted.items() if path in self._more or not (self.folder / path).exists()}
        lay_files(fresh.values(), self.folder)
        self._more = fresh
        return self.folder


def remove_files(folder: Path, paths: Iterable[str]) -> None:
    """Removes files of a package that is laid out, and folders that are empty then: those could be imported."""
    for path in paths:
        place = folder / path
        place.unlink(missing_ok=True)
        for parent in place.parents:
            if parent == folder or any(parent.iterdir()):
                break
            parent.rmdir()


def lay_bytecode(compiled: Mapping[str, bytes], package: Path, folder: Path, tag: str) -> None:
    """Writes bytecode where runs look for it that are given `folder`, and not into the package.

    Args:
        compiled: Bytecode by the path of its source in the package.
        package: Where the sources lie.
        folder: Gets the bytecode; what is there already stays.
        tag: `cpython-312`.
    """
    root = f"{folder}{package.absolute()}"
    made: set[str] = set()
    for path, data in compiled.items():
        parent, _, name = f"{root}/{path}".rpartition("/")
        place = f"{parent}/{name.removesuffix('.py')}.{tag}.pyc"
        if parent not in made:
            os.makedirs(parent, exist_ok=True)  # noqa: PTH103  (thousands of files)
            made.add(parent)
        if not os.path.exists(place):  # noqa: PTH110
            with open(place, "wb") as file:  # noqa: PTH123
                file.write(data)


def file_states(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file below a folder; of a link, of what it leads to."""
    return dict(_file_states(str(folder), ""))


def _file_states(folder: str, prefix: str) -> Iterator[tuple[str, tuple[int, int]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _file_states(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_file():
                state = entry.stat()
                yield f"{prefix}{entry.name}", (state.st_size, state.st_mtime_ns)


def written_note(before: dict[str, tuple[int, int]], folder: Path) -> list[str]:
    """A note where a run has written to its package, which is read-only on Lambda."""
    changed = [path for path, state in sorted(file_states(folder).items()) if before.get(path) != state]
    return [f"it writes to its own folder, which is read-only on Lambda: {', '.join(changed[:3])}"] if changed else []
