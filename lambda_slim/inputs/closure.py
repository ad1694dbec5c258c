"""Which packages of a lock does a target need?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lambda_slim.base.rows import values_by_key
from lambda_slim.formats.names import normalise
from lambda_slim.model.locked import Lock, LockedPackage
from lambda_slim.model.target import Target

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# What old versions of Poetry and Pipenv left out of their locks, whoever required it.
UNLOCKED = frozenset({"pip", "setuptools", "wheel", "distribute"})


def marker_environment(target: Target) -> dict[str, str]:
    """What environment markers compare with, on a target."""
    full = f"{target.runtime.python}.0"
    return {
        "implementation_name": "cpython",
        "implementation_version": full,
        "os_name": "posix",
        "platform_machine": target.machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": full,
        "python_version": target.runtime.python,
        "sys_platform": "linux",
        "extra": "",
    }


# What `packaging` raises for a text that it cannot read.
UNREADABLE = (ValueError, RecursionError)


def applies(marker: str, environment: Mapping[str, str], extras: Iterable[str] = ()) -> bool:
    """Whether a marker holds on a target, with one of some extras or without; one that cannot be read does."""
    if not marker:
        return True
    from packaging.markers import Marker

    try:
        parsed = Marker(marker)
        return any(parsed.evaluate({**environment, "extra": extra}) for extra in (*extras, ""))
    except UNREADABLE:
        return True


def read_requirement(text: str) -> "Requirement | None":
    """A requirement (PEP 508); None for what is none."""
    from packaging.requirements import Requirement

    try:
        return Requirement(text)
    except UNREADABLE:
        return None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Packages of a lock that a target needs, and requirements that the lock has nothing for, as text."""

    packages: tuple[LockedPackage, ...]
    missing: tuple[str, ...]


@dataclass(slots=True)
class _Walk:
    environment: Mapping[str, str]
    by_name: Mapping[str, list[LockedPackage]]
    chosen: dict[int, LockedPackage] = field(default_factory=dict)
    seen: set[tuple[int, frozenset[str]]] = field(default_factory=set)
    missing: dict[str, None] = field(default_factory=dict)
    loose: bool = False


def choose(lock: Lock, target: Target, *, loose: bool = False) -> Chosen:
    """The packages of a lock that a target needs: from what the project requires, along what each requires itself.

    Args:
        lock: The lock.
        target: Decides which markers hold.
        loose: Whether a version that is not the one asked for is taken where there is no other.
    """
    environment = marker_environment(target)
    if lock.roots is None:
        return Chosen(tuple(locked for locked in lock.packages if applies(locked.marker, environment)), ())
    by_name = values_by_key((package.name, package) for package in lock.packages)
    walk = _Walk(environment, by_name, loose=loose)
    todo = [(text, frozenset[str](), "the project") for text in lock.roots]
    while todo:
        todo += _step(walk, *todo.pop())
    order = {id(package): place for place, package in enumerate(lock.packages)}
    chosen = sorted(walk.chosen.values(), key=lambda package: order.get(id(package), len(order)))
    return Chosen(tuple(chosen), tuple(walk.missing))


def _step(walk: _Walk, text: str, extras: frozenset[str], owner: str) -> list[tuple[str, frozenset[str], str]]:
    """Takes one requirement; what it leads to."""
    requirement = read_requirement(text)
    if requirement is None or not applies(str(requirement.marker or ""), walk.environment, extras):
        return []
    package = _matching(walk, requirement)
    if package is None:
        _note_unlocked(walk, requirement, owner)
        return []
    asked = frozenset(normalise(extra) for extra in requirement.extras)
    if (id(package), asked) in walk.seen:
        return []
    walk.seen.add((id(package), asked))
    walk.chosen[id(package)] = package
    more = [row for extra in asked for row in package.extras.get(extra, ())]
    return [(row, asked, package.name) for row in (*package.requires, *more)]


def _note_unlocked(walk: _Walk, requirement: "Requirement", owner: str) -> None:
    """Notes a requirement that the lock has nothing for: as chosen where old locks leave it out, else as missing."""
    name = normalise(requirement.name)
    if name in UNLOCKED:
        walk.chosen[hash(name)] = LockedPackage(name, "")
    else:
        walk.missing[f"{replaced(requirement)} ({owner} requires it)"] = None


def replaced(requirement: "Requirement") -> str:
    """A requirement without its marker, as it is written."""
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}{requirement.specifier}"


def _matching(walk: _Walk, requirement: "Requirement") -> LockedPackage | None:
    rows = [row for row in walk.by_name.get(normalise(requirement.name), []) if applies(row.marker, walk.environment)]
    fitting = [row for row in rows if fits(row, requirement)] or (rows if walk.loose else [])
    return fitting[0] if fitting else None


def fits(package: LockedPackage, requirement: "Requirement") -> bool:
    """Whether a locked version is one that a requirement takes."""
    if package.place or not package.version or requirement.url:
        return True
    from packaging.version import Version

    try:
        return requirement.specifier.contains(Version(package.version), prereleases=True)
    except UNREADABLE:
        return True
