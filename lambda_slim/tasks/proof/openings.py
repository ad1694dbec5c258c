"""What a handler's module imports before it does anything else, and lives that begin after that."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lambda_slim.base.files import read_regular
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.function import Function
from lambda_slim.model.member import Member
from lambda_slim.model.run import Run, RunConditions
from lambda_slim.run.forked_lives import Beginning, ForkedLives, Opening, distributed
from lambda_slim.run.open_watch import OpenWatch


def opening_of(function: Function, files: Iterable[File]) -> Opening:
    """The imports at the top of a handler's module that no first-party code has a part in; () where there are none.

    Args:
        function: Its handler is a module at the root of the package, or in packages whose own modules do nothing.
        files: Of its full package.
    """
    own = {file.path: file for file in files if file.owner == FIRST_PARTY}
    path = function.module.replace(".", "/")
    handler = own.get(f"{path}.py")
    if handler is None or _is_led(function) or _is_not_first(path, own):
        return ()
    tops = {name.partition("/")[0].partition(".")[0] for name in own}
    opening = tuple(_leading(_statements(handler), tops))
    return opening if distributed(opening) else ()


def _is_led(function: Function) -> bool:
    """Whether something starts before the runtime, or modules come from other folders than the package's root."""
    started = function.script or function.exec_wrapper
    return bool(started or function.python_path or "PYTHONPATH" in function.environment)


def _is_not_first(path: str, own: Mapping[str, File]) -> bool:
    """Whether first-party code runs before a module, or in its place: packages above it, a .pth file, its twin."""
    above = [path[:end] + "/__init__.py" for end, letter in enumerate(path) if letter == "/"]
    works = any(place in own and _statements(own[place]) for place in above)
    return works or f"{path}/__init__.py" in own or any(map(_is_started, own))


def _is_started(path: str) -> bool:
    """Whether a file at the root is run before the handler's module."""
    return "/" not in path and path.endswith(".pth")


def _statements(file: File) -> list[ast.stmt]:
    """The statements of a module, texts and `from __future__` aside; one that says nothing of what does not parse."""
    try:
        body = ast.parse(read_regular(file.source)).body
    except (OSError, ValueError, SyntaxError):
        return [ast.Pass()]
    return [row for row in body if not _is_nothing(row)]


def _is_nothing(row: ast.stmt) -> bool:
    """Whether a statement does nothing."""
    if isinstance(row, ast.ImportFrom):
        return row.module == "__future__" and not row.level
    return isinstance(row, ast.Expr) and isinstance(row.value, ast.Constant)


def _leading(statements: Iterable[ast.stmt], own: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Modules with the names that are taken from them, up to the first that is first-party or no import."""
    for row in statements:
        if isinstance(row, ast.Import):
            modules: list[tuple[str, tuple[str, ...]]] = [(alias.name, ()) for alias in row.names]
        elif isinstance(row, ast.ImportFrom) and row.module and not row.level:
            modules = [(row.module, tuple(alias.name for alias in row.names))]
        else:
            return
        for name, names in modules:
            if name.partition(".")[0] in own:
                return
            yield name, names


_TRIES = 4


@dataclass(slots=True)
class Forks:
    """The lives of one function that begin where those of functions before it began.

    Attributes:
        opening: What its module imports first; see `opening_of`.
        own: Package paths of first-party files of the full package.
        members: Those of the slim package that come from distributions.
    """

    interpreter: Path
    function: Function
    opening: Opening
    own: frozenset[str]
    events: Sequence[tuple[str, bytes]]
    shared: "SharedLives"
    members: Mapping[str, Member] = field(default_factory=dict)

    def life(self, package: Path, conditions: RunConditions, *, full: bool) -> Run | None:
        """One life of a package; None where it has to have one of its own."""
        if not self.opening:
            return None
        beginning = Beginning(self.interpreter, package, self.opening, self.own)
        if full:
            lives = self.shared.of_full(self.function, beginning, conditions)
        else:
            lives = self.shared.of_slim(self.function, beginning, conditions, self.members)
        return lives.live(self.function, self.events, conditions.timeout * (1 + len(self.events))) if lives else None


@dataclass(slots=True)
class SharedLives:
    """The processes from which lives begin: one for the full package, and one for the slim ones that are alike.

    Attributes:
        full: That of the full package, for as long as its folder is this one.
        slim: That of slim packages, with the members of distributions that it has imported from.
        refused: Openings that are no good.
        package: The full package that was asked for last.
        tries: How many more may be started for it; a start costs more than a life, and pays if others live from there.
    """

    full: ForkedLives | None = None
    slim: ForkedLives | None = None
    members: Mapping[str, Member] = field(default_factory=dict)
    refused: set[Opening] = field(default_factory=set)
    package: Path | None = None
    tries: int = _TRIES

    def of_full(self, function: Function, beginning: Beginning, conditions: RunConditions) -> ForkedLives | None:
        """That of the full package; None where what functions begin with looks at first-party files."""
        if self.package != beginning.package:
            self.package, self.tries = beginning.package, _TRIES
        if _fits(self.full, function, beginning, conditions):
            self.tries = min(_TRIES, self.tries + 1)
            return self.full
        if beginning.opening in self.refused or not self.tries:
            return None
        self.full = self._started_unseen(function, beginning, conditions)
        self.refused |= {beginning.opening} if self.full is None else set()
        return self.full

    def _started_unseen(
        self, function: Function, beginning: Beginning, conditions: RunConditions
    ) -> ForkedLives | None:
        """Starts that of the full package; None where first-party files were opened meanwhile, by whatever code."""
        own = {beginning.package / path for path in beginning.own}
        watch = OpenWatch({path.parent for path in own})
        lives = self._started(self.full, function, beginning, conditions)
        touched = not own.isdisjoint(watch.opened()) or not watch.whole
        watch.close()
        if lives is None or not touched:
            return lives
        lives.close()
        return None

    def of_slim(
        self, function: Function, beginning: Beginning, conditions: RunConditions, members: Mapping[str, Member]
    ) -> ForkedLives | None:
        """That of slim packages with these members of distributions; only where the full package has one."""
        if self.full is None:
            return None
        if _fits(self.slim, function, beginning, conditions) and same_members(members, self.members):
            return self.slim
        if not self.tries:
            return None
        self.slim, self.members = self._started(self.slim, function, beginning, conditions), members
        return self.slim

    def close(self) -> None:
        """Ends both."""
        for lives in filter(None, (self.full, self.slim)):
            lives.close()
        self.full = self.slim = None

    def _started(
        self, old: ForkedLives | None, function: Function, beginning: Beginning, conditions: RunConditions
    ) -> ForkedLives | None:
        self.tries -= 1
        if old is not None:
            old.close()
        lives = ForkedLives(beginning, function, conditions)
        return lives if lives.usable else None


def _fits(lives: ForkedLives | None, function: Function, beginning: Beginning, conditions: RunConditions) -> bool:
    if lives is None or not lives.usable or lives.beginning.package != beginning.package:
        return False
    return lives.beginning.own == beginning.own and lives.fits(function, conditions, beginning.opening)


def same_members(some: Mapping[str, Member], others: Mapping[str, Member]) -> bool:
    """Whether members have the same names, bytes and modes."""
    return some.keys() == others.keys() and all(same_member(member, others[name]) for name, member in some.items())


def same_member(member: Member, other: Member | None) -> bool:
    """Whether two members have the same bytes and mode."""
    if other is None or member.executable != other.executable:
        return False
    return member.data is other.data or member.data == other.data
