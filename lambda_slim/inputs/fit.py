"""Does a lock fit the project that it was made for? Only files are read: no tool runs, and no index is asked."""

import re
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lambda_slim.base.errors import LockError
from lambda_slim.base.rows import values_by_key
from lambda_slim.base.text import clause
from lambda_slim.formats.names import normalise
from lambda_slim.formats.tables import as_rows, as_table, table_at, texts_among
from lambda_slim.inputs.closure import applies, fits, read_requirement, replaced
from lambda_slim.inputs.lock_places import ANY, asked_place, is_own, locked_place
from lambda_slim.model.locked import LockedPackage

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_PLACES = frozenset({"git", "url", "path", "directory", "editable", "virtual"})
_INPUT = re.compile(r"[^\s]+\.in|(?:[^\s]*/)?(?:pyproject\.toml|setup\.(?:cfg|py))")
_COMMAND = re.compile(r"(uv (pip compile|export)|pip-compile)\b")
_COMPILED = re.compile(r"^\s*# (via|--hash)|^\s+--hash=", re.MULTILINE)
_OPTIONS_WITH_FILE = frozenset(
    {"-c", "--constraint", "--constraints", "-o", "--output-file", "--override", "--overrides"}
)


def misfit(lock: str, project: str, why: str, renew: str) -> LockError:
    """The error for a lock that does not fit, with the command that renews it.

    Args:
        lock: Name of the lock.
        project: Name of the file that it was made for.
        why: What does not fit.
        renew: The command that makes the lock anew.
    """
    return LockError(
        f"`{lock}` does not fit `{project}`",
        cause=why,
        hint=f"run `{renew}`; or take the lock as it is: --allow-stale-lock",
    )


def unmet(wanted: Iterable[str], packages: Iterable[LockedPackage], environment: Mapping[str, str]) -> tuple[str, ...]:
    """What is required on a target (PEP 508) and is not locked, or in a version that is not asked for."""
    by_name = values_by_key((package.name, package) for package in packages)
    told = []
    for requirement in _applying(wanted, environment):
        rows = by_name.get(normalise(requirement.name))
        if not rows:
            told.append(f"{replaced(requirement)} is required and not locked")
        elif not any(fits(package, requirement) for package in rows):
            told.append(f"{replaced(requirement)} is required and {rows[0].version} is locked")
    return tuple(told)


def _applying(wanted: Iterable[str], environment: Mapping[str, str]) -> Iterable["Requirement"]:
    for text in wanted:
        requirement = read_requirement(text)
        if requirement is not None and applies(str(requirement.marker or ""), environment):
            yield requirement


def uv_misfit(
    lock: Mapping[str, Any], folder: Path, read: Callable[[Path], dict[str, Any]], environment: Mapping[str, str]
) -> str:
    """Why a uv.lock does not fit the projects that it was made for; "" where it does.

    Args:
        lock: uv.lock.
        folder: Where it lies.
        read: Reads a pyproject.toml.
        environment: See `marker_environment`; what only other targets need is not looked at.
    """
    top = folder / "pyproject.toml"
    root = read(top) if top.is_file() else {}
    projects: dict[str, Mapping[str, Any] | None] = {}
    for said, package in _local_packages(lock):
        path = folder / said / "pyproject.toml"
        table = read(path) if path.is_file() else None
        projects[said] = None if table is None else as_table(table.get("project"))
        if table is None:
            continue
        places = [(table_at(table, "tool", "uv"), said), (table_at(root, "tool", "uv"), "")]
        if why := _member_misfit(package, as_table(table.get("project")), environment, places):
            return why
    if why := _python_misfit(str(lock.get("requires-python", "")), projects.values()):
        return why
    if why := _workspace_misfit(projects, root, folder, read):
        return why
    return _manifest_misfit(as_table(lock.get("manifest")), root) if root else ""


def _local_packages(lock: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The folder, from the lock's, and the row of each package that is a project and no distribution."""
    for package in as_rows(lock.get("package")):
        source = as_table(package.get("source"))
        said = next((source[key] for key in ("virtual", "editable", "directory") if key in source), None)
        if said is not None:
            yield str(said), package


def _python_misfit(locked: str, projects: Collection[Mapping[str, Any] | None]) -> str:
    """Whether the members are for other versions of Python than the lock: uv locks for those that all of them allow.

    Nothing is said where a member is not at hand.
    """
    asked = [str(project["requires-python"]) for project in projects if project and "requires-python" in project]
    if not locked or not asked or None in projects:
        return ""
    every = _pythons(*asked)
    if every is None or every == _pythons(locked):
        return ""
    return f"requires-python is {', '.join(sorted(set(asked)))}, and the lock is for {locked}"


def _pythons(*specifiers: str) -> frozenset[str] | None:
    """The versions of Python 3 that all of some specifiers allow, by samples; None where one cannot be read."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        sets = [SpecifierSet(text) for text in specifiers]
    except InvalidSpecifier:
        return None
    patches = {0, 1, 99, *(int(digits) for text in specifiers for digits in re.findall(r"3\.\d+\.(\d{1,2})", text))}
    samples = (f"3.{minor}.{patch}" for minor in range(6, 20) for patch in patches)
    return frozenset(version for version in samples if all(version in row for row in sets))


def other_python(specifiers: Collection[str], python: str) -> str:
    """Why what is for some versions of Python is not for a target; "" where it is, or where one cannot be read.

    Args:
        specifiers: Sets, of which one is enough: `>=3.12`.
        python: Of the target: `3.12`.
    """
    for versions in map(_pythons, specifiers):
        if versions is None or any(version.startswith(f"{python}.") for version in versions):
            return ""
    return f"it is for Python {' or '.join(specifiers)}" if specifiers else ""


def _workspace_misfit(
    projects: Mapping[str, Any], root: Mapping[str, Any], folder: Path, read: Callable[[Path], dict[str, Any]]
) -> str:
    """A member that the workspace has and the lock has not."""
    workspace = table_at(root, "tool", "uv", "workspace")
    excluded = [str(pattern) for pattern in workspace.get("exclude", ())]
    known = {Path(place) for place in projects}
    for pattern in workspace.get("members", ()):
        for path in sorted(folder.glob(f"{pattern}/pyproject.toml")) if "**" not in str(pattern) else ():
            place = path.parent.relative_to(folder)
            if place not in known and not any(place.match(other) for other in excluded):
                name = as_table(read(path).get("project")).get("name")
                return clause("{} is a member of the workspace and not locked", name)
    return ""


_Places = Sequence[tuple[Mapping[str, Any], str]]  # see `asked_place`


def _member_misfit(
    package: Mapping[str, Any], project: Mapping[str, Any], environment: Mapping[str, str], places: _Places
) -> str:
    if "dependencies" in project.get("dynamic", ()) or not project:
        return ""
    asked = _asked_rows(project, environment, places)
    anywhere = {row[0] for row in asked if row[3] == ANY}
    rows = as_rows(as_table(package.get("metadata")).get("requires-dist"))
    locked = {_locked_row(row, anywhere) for row in rows if applies(str(row.get("marker", "")), environment)}
    if more := sorted(asked - locked):
        return f"{_shown(more[0])} is required and not locked"
    if gone := sorted(locked - asked):
        return f"{_shown(gone[0])} is locked and no longer required"
    return ""


def _asked_rows(project: Mapping[str, Any], environment: Mapping[str, str], places: _Places) -> "set[_Row]":
    texts = texts_among(project.get("dependencies", ()))
    return {_asked_row(requirement, places) for requirement in _applying(texts, environment)}


_Row = tuple[str, tuple[str, ...], str, str]


def _locked_row(row: Mapping[str, Any], anywhere: Collection[str]) -> _Row:
    name = normalise(str(row.get("name", "")))
    place = locked_place(row, exact=name not in anywhere)
    extras = tuple(sorted(normalise(str(extra)) for extra in row.get("extras", ())))
    return name, extras, _specifier(str(row.get("specifier", "")), place), place


def _asked_row(requirement: "Requirement", places: _Places) -> _Row:
    place = ANY if requirement.url else asked_place(normalise(requirement.name), places)
    extras = tuple(sorted(normalise(extra) for extra in requirement.extras))
    return normalise(requirement.name), extras, _specifier(str(requirement.specifier), place), place


def _specifier(text: str, place: str) -> str:
    if is_own(place):
        return ""
    from packaging.specifiers import SpecifierSet

    try:
        return ",".join(sorted(map(str, SpecifierSet(text))))
    except ValueError:
        return text


def _shown(row: _Row) -> str:
    name, extras, specifier, place = row
    asked = f"{name}{'[' + ','.join(extras) + ']' if extras else ''}{specifier}"
    return f"{asked} from {place.removeprefix('path ').rpartition('@')[2]}" if place else asked


def _manifest_misfit(manifest: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    """Constraints and overrides, which uv.lock repeats."""
    uv = table_at(table, "tool", "uv")
    for key, setting in (("constraints", "constraint-dependencies"), ("overrides", "override-dependencies")):
        parsed = [read_requirement(str(text)) for text in uv.get(setting, ())]
        asked = {
            (normalise(requirement.name), _specifier(str(requirement.specifier), ""))
            for requirement in parsed
            if requirement and not requirement.url
        }
        rows = [row for row in as_rows(manifest.get(key)) if not _PLACES & row.keys()]
        locked = {(normalise(str(row.get("name"))), _specifier(str(row.get("specifier", "")), "")) for row in rows}
        if other := sorted(asked ^ locked):
            return f"`{setting}` has changed: {''.join(other[0])}"
    return ""


def compiled_from(text: str, folder: Path) -> tuple[tuple[Path, ...], str]:
    """The files that a requirements file says it was compiled from, as far as they are there, and its command.

    pip-compile, `uv pip compile` and `uv export` write the command into the head of the file.
    """
    head = [line.lstrip("# ").strip() for line in text.splitlines()[:12] if line.startswith("#")]
    command = next(filter(_COMMAND.match, head), "")
    names = ["requirements.in"] if _COMPILED.search(text) else []
    if command:
        names = _inputs_of(command)
    return tuple(folder / name for name in names if (folder / name).is_file()), command


def _inputs_of(command: str) -> list[str]:
    """The files that a command compiles; the one it takes where it names none."""
    words = _words(command)
    named = []
    for before, word in zip(("", *words), words, strict=False):
        if _INPUT.fullmatch(word) and before not in _OPTIONS_WITH_FILE:
            named.append(word)
    return named or ["pyproject.toml" if "export" in command else "requirements.in"]


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()
