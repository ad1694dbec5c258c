"""What pdm.lock says."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from lambda_slim.base.patterns import fits_any
from lambda_slim.base.text import clause
from lambda_slim.formats.names import normalise
from lambda_slim.formats.sources import insecure_hosts, source_name, source_urls, sources_of
from lambda_slim.formats.tables import as_list, as_rows, as_table, as_text, table_at, texts_among
from lambda_slim.model.locked import Lock, LockedPackage


def read_pdm_lock(lock: Mapping[str, Any], project: Mapping[str, Any], folder: Path) -> Lock:
    """The packages of a pdm.lock.

    The lock says nothing of indexes; `[[tool.pdm.source]]` does.

    Args:
        lock: pdm.lock.
        project: pyproject.toml.
        folder: Where relative paths begin.
    """
    sources = sources_of(_pdm(project).get("source"))
    merged: dict[tuple[str, str], LockedPackage] = {}
    for row in as_rows(lock.get("package")):
        if isinstance(row.get("name"), str):
            package = _locked(row, sources, folder)
            key = package.name, package.place or package.version
            merged[key] = _joined(merged.get(key), package)
    roots = as_list(as_table(project.get("project")).get("dependencies"))
    named = tuple(texts_among(roots))
    common = tuple(source_name(source) for source in sources if not source.get("include_packages"))
    return Lock(tuple(merged.values()), source_urls(sources), named, insecure_hosts(sources), common)


def _joined(known: LockedPackage | None, more: LockedPackage) -> LockedPackage:
    """A package and its extras, which have entries of their own."""
    if known is None:
        return more
    plain = known if known.requires or not more.requires else more
    hashes = known.hashes or more.hashes
    extras = {**known.extras, **more.extras}
    return LockedPackage(
        known.name, known.version, known.place, hashes, known.index, known.marker, plain.requires, extras
    )


def _locked(row: Mapping[str, Any], sources: Sequence[Mapping[str, Any]], folder: Path) -> LockedPackage:
    name, place = normalise(row["name"]), _place(row, folder)
    requires = tuple(texts_among(as_list(row.get("dependencies"))))
    extras = {normalise(str(extra)): requires for extra in as_list(row.get("extras"))}
    return LockedPackage(
        name=name,
        version=str(row.get("version", "")),
        place=place,
        hashes=_hashes(row),
        index="" if place else _index(name, sources),
        marker=as_text(row.get("marker")),
        requires=() if extras else requires,
        extras=extras,
    )


def _hashes(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The hashes of a package's files; what comes from git has none that pip would check."""
    if row.get("git"):
        return ()
    hashes = (file.get("hash") for file in as_rows(row.get("files")))
    return tuple(map(str, filter(None, hashes)))


def _index(name: str, sources: Sequence[Mapping[str, Any]]) -> str:
    """The name of the source that claims a package."""
    for row in sources:
        patterns = [normalise(str(pattern)) for pattern in as_list(row.get("include_packages"))]
        if fits_any(name, patterns):
            return source_name(row)
    return ""


def pdm_pythons(lock: Mapping[str, Any], project: Mapping[str, Any]) -> tuple[str, ...]:
    """The versions of Python that a pdm.lock is for, one set for each of its targets on Linux.

    Old versions of PDM lock for what the project says.
    """
    targets = as_rows(as_table(lock.get("metadata")).get("targets"))
    if not targets:
        return (as_text(as_table(project.get("project")).get("requires-python")),)
    here = [row for row in targets if "linux" in str(row.get("platform", "linux"))] or targets
    return tuple(as_text(row.get("requires_python")) for row in here)


def pdm_hashes(project: Mapping[str, Any]) -> frozenset[str]:
    """What a pdm.lock that fits a pyproject.toml has as its `content_hash`, by the versions of PDM."""
    own, settings = as_table(project.get("project")), _pdm(project)
    groups: dict[str, list[Any]] = {}
    for table in (as_table(project.get("dependency-groups")), as_table(settings.get("dev-dependencies"))):
        for group, rows in table.items():
            groups.setdefault(normalise(str(group)), []).extend(as_list(rows))
    shared = {
        "sources": settings.get("source", []),
        "dependencies": own.get("dependencies", []),
        "optional-dependencies": own.get("optional-dependencies", {}),
        "requires-python": own.get("requires-python", ""),
    }
    resolution = as_table(settings.get("resolution"))
    overrides = settings.get("overrides", resolution.get("overrides", {}))
    contents = (
        {**shared, "dev-dependencies": groups, "resolution": resolution},
        {**shared, "dev-dependencies": settings.get("dev-dependencies", {}), "overrides": overrides},
        {**shared, "dev-dependencies": groups, "overrides": overrides},
    )
    return frozenset(
        "sha256:" + sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
        for content in contents
    )


def _place(row: Mapping[str, Any], folder: Path) -> str:
    if git := row.get("git"):
        below = clause("#subdirectory={}", row.get("subdirectory"))
        return f" @ git+{str(git).removeprefix('git+')}@{row.get('revision') or row.get('ref')}{below}"
    if url := row.get("url"):
        return f" @ {url}"
    if path := row.get("path"):
        return f" @ {(folder / str(path)).resolve().as_uri()}"
    return ""


def _pdm(project: Mapping[str, Any]) -> Mapping[str, Any]:
    return table_at(project, "tool", "pdm")
