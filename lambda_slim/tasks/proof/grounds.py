"""Where packages lie while they are proved, and what other functions of the run have proved already.

Functions with one code folder and one dependency tree have the same full package, so it lies in one folder, with the
bytecode that was made anyway. Their slim packages lie one after the other in another; only what differs is touched.
"""

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lambda_slim.base.files import file_signature
from lambda_slim.base.rows import by_name
from lambda_slim.bundle.layout import file_states, lay_bytecode, lay_files, lay_members, remove_files
from lambda_slim.model.file import File
from lambda_slim.model.function import Function
from lambda_slim.model.member import Member
from lambda_slim.tasks.proof.openings import SharedLives, same_member

_MOST_FULL = 2  # full packages that lie there at the same time

States = dict[str, tuple[int, int]]


@dataclass(slots=True)
class FullPackage:
    """A full package as a folder.

    Attributes:
        folder: The package.
        bytecode: What its sources compile to, where Python finds it; not below the package.
        states: What its files were when it was laid.
        runs: Functions that were run from it before.
        sdk: Whether the last of them needed boto3 beside it; None where none was run.
    """

    folder: Path
    bytecode: Path
    states: States
    runs: int = 0
    sdk: bool | None = None


@dataclass(frozen=True, slots=True)
class ProvedImports:
    """Third-party modules that import with some third-party members, with any first-party code beside them.

    Or fail to, in the full package as well.
    """

    full: FullPackage
    members: Mapping[str, bytes]
    environment: tuple[object, ...]
    modules: frozenset[str]
    entry_points: frozenset[tuple[str, ...]]
    libraries: frozenset[str]

    def rest(self, request: dict[str, Any]) -> dict[str, Any]:
        """The part of a request that is not proved yet."""
        return {
            **request,
            "modules": [name for name in request["modules"] if name not in self.modules],
            "entry_points": [row for row in request["entry_points"] if tuple(row) not in self.entry_points],
            "libraries": [path for path in request["libraries"] if path not in self.libraries],
        }


@dataclass(slots=True)
class Grounds:
    """The folders of one run; they are gone with it.

    Attributes:
        lives: Where lives of functions that begin alike begin.
    """

    lives: SharedLives = field(default_factory=SharedLives)
    _own: tempfile.TemporaryDirectory[str] | None = None
    _full: dict[tuple[object, ...], FullPackage] = field(default_factory=dict)
    _slim: Path | None = None
    _slim_members: dict[str, Member] = field(default_factory=dict)
    _slim_states: States = field(default_factory=dict)
    _imports: ProvedImports | None = None
    _made: int = 0
    _known: list[object] = field(default_factory=list)
    _shared: list[object] = field(default_factory=list)

    def is_first_shared(self, thing: object) -> bool:
        """Whether a second function has now come with the very same thing; of a third it is not the first time."""
        if any(thing is other for other in self._shared):
            return False
        shared = any(thing is other for other in self._known)
        (self._shared if shared else self._known).append(thing)
        return shared

    def full(self, files: Sequence[File], compiled: Mapping[str, bytes], tag: str) -> FullPackage:
        """The folder of a full package; one that was laid before, if nobody has written to it since.

        Args:
            files: What is in it.
            compiled: Bytecode by the path of its source.
            tag: What the names of bytecode have, `cpython-312`.
        """
        key = tuple((file.path, file.source, *file_signature(file.source)) for file in files)
        known = self._full.pop(key, None)
        if known is not None and file_states(known.folder) != known.states:
            shutil.rmtree(known.folder.parent, ignore_errors=True)
            known = None
        if known is None:
            place = self._new("full")
            folder = lay_files(files, place / "task")
            known = FullPackage(folder, place / "bytecode", file_states(folder))
        paths = {file.path for file in files}
        lay_bytecode(
            {path: data for path, data in compiled.items() if path in paths}, known.folder, known.bytecode, tag
        )
        self._full[key] = known
        for stale in list(self._full)[:-_MOST_FULL]:
            shutil.rmtree(self._full.pop(stale).folder.parent, ignore_errors=True)
        return known

    def slim(self, members: Sequence[Member]) -> Path:
        """A folder with these members; it is good until the next call."""
        wanted = by_name(members)
        if self._slim is None or file_states(self._slim) != self._slim_states:
            if self._slim is not None:
                shutil.rmtree(self._slim.parent, ignore_errors=True)
            self._slim, self._slim_members = self._new("slim") / "task", {}
        held = self._slim_members
        remove_files(self._slim, [name for name, member in held.items() if not same_member(member, wanted.get(name))])
        lay_members([member for name, member in wanted.items() if not same_member(member, held.get(name))], self._slim)
        self._slim_members, self._slim_states = wanted, file_states(self._slim)
        return self._slim

    def proved(
        self, full: FullPackage, members: Mapping[str, bytes], environment: tuple[object, ...]
    ) -> ProvedImports | None:
        """What was proved of the same third-party members in the same environment, beside the same full package."""
        known = self._imports
        if known is None or known.full is not full or known.environment != environment:
            return None
        if known.members.keys() != members.keys():
            return None
        same = all(data is members[name] or data == members[name] for name, data in known.members.items())
        return known if same else None

    def note(self, proved: ProvedImports) -> None:
        """Keeps what was proved for functions that come later."""
        self._imports = proved

    def _new(self, name: str) -> Path:
        if self._own is None:
            self._own = tempfile.TemporaryDirectory(prefix="lambda-slim-", ignore_cleanup_errors=True)
        self._made += 1
        place = Path(self._own.name) / f"{name}{self._made}"
        place.mkdir()
        return place


def import_environment(function: Function) -> tuple[object, ...]:
    """The environment that decides, with the package, how its modules import."""
    return tuple(sorted(function.environment.items())), function.opt, function.target


def third_party(members: Iterable[Member], owners: Mapping[str, str]) -> dict[str, bytes]:
    """The members that come from distributions, to their bytes."""
    return {member.name: member.data for member in members if owners.get(member.origin)}
