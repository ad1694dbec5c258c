"""Locks: what they hold, whether they fit their project, and how uv installs them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lambda_slim.base.errors import LockError, ResolveError
from lambda_slim.base.states import place_state
from lambda_slim.formats.json_text import load_json
from lambda_slim.formats.names import normalise
from lambda_slim.formats.pdm import pdm_hashes, pdm_pythons, read_pdm_lock
from lambda_slim.formats.pipfile import pipfile_hash, pipfile_lines, pipfile_pythons, read_pipfile_lock
from lambda_slim.formats.poetry import content_hashes, read_poetry, read_poetry_lock, to_pep440
from lambda_slim.formats.tables import as_list, as_rows, as_table, as_text, table_at
from lambda_slim.inputs.closure import Chosen, choose, marker_environment
from lambda_slim.inputs.declarations import (
    Inputs,
    LockReading,
    dependencies_of,
    direct_names,
    direct_of_project,
    local_places,
    only_folders,
    read_text,
    read_toml,
)
from lambda_slim.inputs.fit import unmet, uv_misfit
from lambda_slim.inputs.locks import Batch, batches_of, folder_links, only_index, split_export
from lambda_slim.model.function import Requirements
from lambda_slim.model.locked import Lock, LockedPackage
from lambda_slim.run import uv as tools


def of_pylock(requirements: Requirements, reading: LockReading) -> Inputs:
    """What a pylock.toml asks for; uv reads it itself."""
    path = requirements.path
    project = path.parent / "pyproject.toml"
    direct: dict[str, str] = {}
    lock = read_toml(path)
    reading.hold_against_target(path.name, as_text(lock.get("requires-python")))
    if project.is_file():
        rows = [row for row in as_rows(lock.get("packages")) if isinstance(row.get("name"), str)]
        packages = [LockedPackage(normalise(row["name"]), str(row.get("version", ""))) for row in rows]
        asked = dependencies_of(read_toml(project), project.name)
        why = "; ".join(unmet(asked, packages, marker_environment(reading.target))[:3])
        reading.complain(path.name, project.name, why, "uv export -o pylock.toml` or `pip lock -e .")
        direct = direct_of_project(project)
    batches, texts = (Batch(("-r", path.name)),), (read_text(path),)
    return Inputs(batches, texts, pinned=True, direct=direct, cwd=path.parent, files=(path,))


def of_uv(requirements: Requirements, reading: LockReading) -> Inputs:
    """What a uv.lock asks for, without the project itself and its development groups."""
    folder = requirements.path.parent
    project = requirements.project or folder
    try:
        lock = read_toml(requirements.path)
    except ResolveError as error:
        hint = "run `uv lock` in the project"
        raise ResolveError("`uv.lock` cannot be used", cause=error.cause or error.message, hint=hint) from error
    environment = marker_environment(reading.target)
    reading.complain("uv.lock", "pyproject.toml", uv_misfit(lock, folder, read_toml, environment), "uv lock")
    reading.hold_against_target("uv.lock", as_text(lock.get("requires-python")))
    text = tools.export(project, offline=reading.offline)
    local = tuple(local_places(text, folder))
    batches = tuple(_uv_batches(text, lock, folder))
    direct = direct_of_project(project / "pyproject.toml")
    states = map(place_state, local)
    return Inputs(batches, (text, repr(batches), *states), True, direct, folder, only_folders(local))


def _uv_batches(text: str, lock: dict[str, Any], folder: Path) -> Iterator[Batch]:
    """One batch for each index that the lock names; a folder of wheels is looked into besides."""
    rows = [row for row in as_list(lock.get("package")) if isinstance(as_table(row.get("source")).get("registry"), str)]
    registries = {(normalise(row["name"]), str(row.get("version"))): row["source"]["registry"] for row in rows}
    names = {str(row.get("url", "")).rstrip("/"): str(row.get("name", "")) for row in _indexes(folder)}
    for url, lines in split_export(text, registries).items():
        if not url:
            yield Batch(("-r", "-"), lines, exact=True)
        elif "://" in url:
            name = names.get(url.rstrip("/")) or "locked"
            hashed = all("--hash=" in line for line in lines.splitlines())
            yield Batch(("-r", "-"), lines, only_index(name, url, hashed=hashed), exact=True)
        else:
            yield Batch(("-r", "-"), lines, folder_links(str((folder / url).resolve())), exact=True)


def _indexes(folder: Path) -> Iterator[dict[str, Any]]:
    path = folder / "pyproject.toml"
    table = read_toml(path) if path.is_file() else {}
    yield from map(as_table, as_list(table_at(table, "tool", "uv").get("index")))


def _project_and_lock(requirements: Requirements) -> tuple[Path, dict[str, Any], dict[str, Any]]:
    """The project file beside a lock, what it says (nothing where it is not there), and the lock."""
    project = requirements.path.parent / "pyproject.toml"
    return project, read_toml(project) if project.is_file() else {}, read_toml(requirements.path)


def of_poetry(requirements: Requirements, reading: LockReading) -> Inputs:
    """What Poetry would install without its groups: what the project names, in the versions of the lock."""
    project, table, locked = _project_and_lock(requirements)
    folder = project.parent
    wanted = read_poetry(table, folder)
    said = as_table(locked.get("metadata")).get("content-hash")
    changed = bool(said) and bool(table) and said not in content_hashes(table)
    lock = read_poetry_lock(locked, wanted.requirements, folder)
    reading.hold_against_target(
        "poetry.lock", to_pep440(as_text(as_table(locked.get("metadata")).get("python-versions")))
    )
    return _of_locked(lock, direct_names(project, wanted.names), requirements, reading, _Origin("poetry lock", changed))


def of_pdm(requirements: Requirements, reading: LockReading) -> Inputs:
    """What PDM would install without its groups."""
    project, table, locked = _project_and_lock(requirements)
    folder = project.parent
    said = as_table(locked.get("metadata")).get("content_hash")
    changed = bool(said) and bool(table) and said not in pdm_hashes(table)
    lock = read_pdm_lock(locked, table, folder)
    reading.hold_against_target("pdm.lock", *pdm_pythons(locked, table))
    return _of_locked(lock, direct_of_project(project), requirements, reading, _Origin("pdm lock", changed))


@dataclass(frozen=True, slots=True)
class _Origin:
    """How a lock is made anew, and whether it says itself that its project was another one."""

    renew: str
    changed: bool


def _of_locked(
    lock: Lock, direct: dict[str, str], requirements: Requirements, reading: LockReading, origin: _Origin
) -> Inputs:
    folder, name = requirements.path.parent, requirements.path.name
    chosen = choose(lock, reading.target)
    why = "; ".join([f"{text} and is not locked" for text in chosen.missing][:3])
    why = why or ("its hash is that of another pyproject.toml" if origin.changed else "")
    reading.complain(name, "Pipfile" if name == "Pipfile.lock" else "pyproject.toml", why, origin.renew)
    if chosen.missing:
        chosen = choose(lock, reading.target, loose=True)
    _check_known(lock, chosen, name)
    batches = batches_of(lock, chosen)
    text = "\n".join(batch.text for batch in batches)
    local = tuple(local_places(text, folder))
    pinned = all(package.hashes or package.place for package in chosen.packages)
    states = map(place_state, local)
    return Inputs(batches, (text, repr(batches), *states), pinned, direct, folder, only_folders(local))


def _check_known(lock: Lock, chosen: Chosen, name: str) -> None:
    """A package of which neither the index nor a hash is known could be anybody's.

    Raises:
        LockError: there is one.
    """
    unknown = [package.name for package in chosen.packages if not (package.hashes or package.place or package.index)]
    if lock.common and unknown:
        raise LockError(
            f"`{name}` has no hash for {unknown[0]}",
            cause=f"and it does not say which of its indexes has it: {', '.join(lock.common)}",
            hint="lock again with hashes, or name the packages of each index",
        )


def of_pipfile_lock(requirements: Requirements, reading: LockReading) -> Inputs:
    """What Pipenv would install without its development packages."""
    path = requirements.path
    pipfile = path.parent / "Pipfile"
    table = read_toml(pipfile) if pipfile.is_file() else {}
    try:
        locked = as_table(load_json(read_text(path)))
    except ValueError as error:
        raise ResolveError(f"`{path.name}` is not JSON", cause=str(error), hint="run `pipenv lock`") from error
    said = table_at(locked, "_meta", "hash").get("sha256")
    lock = read_pipfile_lock(locked, path.parent)
    wanted = [line for line in pipfile_lines(table, path.parent) if " @ " not in line]
    why = "; ".join(unmet(wanted, lock.packages, marker_environment(reading.target))[:3])
    if said and table and said != pipfile_hash(table):
        reading.complain(path.name, "Pipfile", why or "its hash is that of another Pipfile", "pipenv lock")
    reading.hold_against_target(path.name, *pipfile_pythons(table_at(locked, "_meta", "requires")), passed=True)
    direct = direct_names(pipfile, as_table(table.get("packages")))
    return _of_locked(lock, direct, requirements, reading, _Origin("pipenv lock", changed=False))
