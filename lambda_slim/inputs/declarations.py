"""What all files that declare dependencies have in common: how they are read, and which entries are local folders."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lambda_slim.base.errors import LockError, ResolveError
from lambda_slim.base.files import is_there, read_regular_text
from lambda_slim.formats.names import normalise
from lambda_slim.formats.tables import as_several, as_table, table_at
from lambda_slim.inputs.fit import misfit, other_python
from lambda_slim.inputs.locks import Batch
from lambda_slim.model.target import Target

NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")

OPTION = re.compile(r"(-[rce]|--(?:requirement|constraint|editable))(?:\s+|=|(?<=-\w)(?=\S)|$)(.*)")

_LINKS = re.compile(r"(?:-f|-i|--(?:find-links|index-url|extra-index-url))(?:\s+|=|(?<=-\w)(?=\S))(.+)")

_DIRECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@\s*(\S.*)")

COMMENT = re.compile(r"(^|\s)#.*")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that decides what is installed.

    Attributes:
        batches: What uv installs, one after the other into one folder; none where nothing is required.
        text: Content of all the files, for the key.
        pinned: Nothing that an index may change can change the result.
        direct: Names that the project itself requires, to the line that does.
        cwd: Where relative paths begin.
        local: Folders of local projects that are required; uv itself sees only some changes in them.
        notes: What does not fit, where that was to be passed over.
        links: Whether wheels may come from a folder on this machine.
        files: The files that uv reads itself.
        doubt: Why a lock may not fit the target, until what it has is installed: it is for another Python.
    """

    batches: tuple[Batch, ...]
    text: tuple[str, ...]
    pinned: bool
    direct: dict[str, str]
    cwd: Path
    local: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()
    links: bool = False
    files: tuple[Path, ...] = ()
    doubt: LockError | None = None


@dataclass(frozen=True, slots=True)
class LockReading:
    """How requirements are to be read.

    Attributes:
        notes: Collects what does not fit and is passed over.
        doubts: Collects what is to be checked once it is installed, see `Inputs`.
    """

    target: Target
    offline: bool
    allow_stale: bool
    notes: list[str] = field(default_factory=list)
    doubts: list[LockError] = field(default_factory=list)

    def complain(self, lock: str, project: str, why: str, renew: str) -> None:
        """Says that a lock does not fit.

        Raises:
            LockError: that is not to be passed over.
        """
        if not why:
            return
        error = misfit(lock, project, why, renew)
        if not self.allow_stale:
            raise error
        self.notes.append(f"{error.message}: {why}")

    def hold_against_target(self, name: str, *specifiers: str, locked: bool = True, passed: bool = False) -> None:
        """Says that a lock or a project is for other versions of Python than the target's.

        Args:
            name: Of the file.
            specifiers: The versions that it says, in one set or in several; "" allows all.
            locked: Whether it is a lock: another version of Python may need what a lock does not have.
            passed: Its own tool installs it on other versions too; what that gives is checked once it is installed.

        Raises:
            LockError: it is a lock, and that is not to be passed over.
        """
        why = other_python(specifiers, self.target.runtime.python)
        message = f"`{name}` is not for {self.target.runtime.name}"
        if why and locked and not self.allow_stale:
            hint = "build for such a runtime, or lock for this one; or take the lock as it is: --allow-stale-lock"
            error = LockError(message, cause=why, hint=hint)
            if not passed:
                raise error
            self.doubts.append(error)
        elif why:
            self.notes.append(f"{message}: {why}")


def lines_of(text: str) -> Iterator[str]:
    """The lines of a requirements file that say something, without comments."""
    for line in text.splitlines():
        if content := COMMENT.sub("", line).strip():
            yield content


def local_places(text: str, folder: Path) -> Iterator[Path]:
    """Projects and wheels on this machine that requirements name."""
    for line in lines_of(text):
        option, direct = OPTION.match(line), _DIRECT.match(line)
        if option and option[1] not in ("-e", "--editable"):
            continue
        said = option[2] if option else direct[1] if direct else line if line.startswith((".", "/", "file:")) else ""
        yield from _place(re.split(r"\s+(?:;|--hash|\\)", said)[0], folder)


def local_links(lines: Iterable[str], folder: Path) -> Iterator[Path]:
    """Folders on this machine that wheels may come from."""
    for line in lines:
        if match := _LINKS.match(line):
            yield from _place(match[1], folder)


def _place(said: str, folder: Path) -> Iterator[Path]:
    """The file or folder that a path or `file:` URL names, if it is there."""
    said = said.strip().strip("\"'")
    name = unquote(said[5:].removeprefix("//")) if said.startswith("file:") else said
    place = folder / re.sub(r"\[[^\]]*\]$", "", name)
    if name and "://" not in name and is_there(place):
        yield place.resolve()


def local_sources(uv: dict[str, Any], folder: Path) -> Iterator[Path]:
    """What `[tool.uv.sources]` takes from this machine: paths, and members of the workspace."""
    for rows in as_table(uv.get("sources")).values():
        for row in as_several(rows):
            said = as_table(row).get("path")
            if isinstance(said, str) and is_there(folder / said):
                yield (folder / said).resolve()
            elif as_table(row).get("workspace"):
                yield from _members(folder)


def _members(folder: Path) -> Iterator[Path]:
    """The folders of the workspace that a project is in."""
    for root in (folder, *folder.parents):
        path = root / "pyproject.toml"
        workspace = table_at(read_toml(path), "tool", "uv", "workspace") if path.is_file() else {}
        if workspace:
            for pattern in workspace.get("members", []):
                yield from (member.resolve() for member in sorted(root.glob(str(pattern))) if member.is_dir())
            return


def only_folders(places: tuple[Path, ...]) -> tuple[Path, ...]:
    """Those places that are folders."""
    return tuple(place for place in places if place.is_dir())


def names_of(folders: tuple[Path, ...]) -> tuple[str, ...] | None:
    """The names of local projects; None where one does not say it in the standard place."""
    names = []
    for folder in folders:
        path = folder / "pyproject.toml"
        name = as_table(read_toml(path).get("project")).get("name") if path.is_file() else None
        if not isinstance(name, str):
            return None
        names.append(name)
    return tuple(names)


def read_text(path: Path) -> str:
    """A file as text.

    Raises:
        ResolveError: it cannot be read, or is not UTF-8.
    """
    try:
        return read_regular_text(path)
    except (OSError, ValueError) as error:
        raise ResolveError(
            f"cannot read `{path.name}`", cause=str(error), hint="check the path in the requirements"
        ) from error


def read_toml(path: Path) -> dict[str, Any]:
    """A file as TOML.

    Raises:
        ResolveError: it cannot be read, or is something else.
    """
    try:
        return tomllib.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise ResolveError(f"`{path.name}` is not TOML", cause=str(error), hint="fix the line it names") from error


def dependencies_of(table: dict[str, Any], name: str) -> list[str]:
    """The `dependencies` of a pyproject.toml.

    Args:
        table: The file.
        name: Its name, for messages.

    Raises:
        ResolveError: they are something else than a list of texts.
    """
    project = table.get("project", {})
    if not isinstance(project, dict):
        raise ResolveError(
            f"{name}: `project` must be a table",
            cause="it is written as something else",
            hint="see packaging.python.org on pyproject.toml",
        )
    dependencies = project.get("dependencies", [])
    if not isinstance(dependencies, list) or not all(isinstance(row, str) for row in dependencies):
        raise ResolveError(
            f"{name}: `dependencies` must be a list of strings",
            cause="it is written as something else",
            hint="see packaging.python.org on pyproject.toml",
        )
    return dependencies


def direct_of_project(path: Path) -> dict[str, str]:
    """Normalised names that a pyproject.toml requires, to the line that does."""
    if not path.is_file():
        return {}
    text = read_text(path)
    places: dict[str, str] = {}
    for requirement in dependencies_of(read_toml(path), path.name):
        if name := NAME.match(requirement):
            line = next((n for n, row in enumerate(text.splitlines(), 1) if requirement in row), 0)
            places[normalise(name[1])] = f"{path.name}:{line}" if line else path.name
    return places


def _line_of(path: Path, name: str) -> str:
    """`pyproject.toml:12`, the line that starts with a name."""
    if not path.is_file():
        return ""
    rows = enumerate(read_text(path).splitlines(), 1)
    line = next((number for number, row in rows if re.match(rf"""\s*["']?{re.escape(name)}\b""", row)), 0)
    return f"{path.name}:{line}" if line else path.name


def direct_names(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Normalised names to the line of a file that starts with them."""
    return {normalise(name): _line_of(path, name) for name in names}
