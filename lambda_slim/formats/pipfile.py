"""What Pipfile and Pipfile.lock ask for."""

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from lambda_slim.base.text import clause
from lambda_slim.formats.names import normalise, with_extras
from lambda_slim.formats.sources import insecure_hosts, source_urls, sources_of
from lambda_slim.formats.tables import as_list, as_spec, as_table, as_text, text_at
from lambda_slim.model.locked import Lock, LockedPackage

_PYPI = re.compile(r"https://pypi\.(org|python\.org)/simple/?")
# Of a Pipfile, what is no category of packages.
_TABLES = frozenset(
    {"source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop"}
)


def read_pipfile_lock(lock: Mapping[str, Any], folder: Path) -> Lock:
    """The `default` packages of a Pipfile.lock, each in its version and from its index.

    A package that names no index comes from the first one, as Pipenv has it.

    Args:
        lock: Pipfile.lock.
        folder: Where relative paths begin.
    """
    sources = sources_of(as_table(lock.get("_meta")).get("sources"))
    urls = source_urls(sources)
    first = next(iter(urls), "")
    packages = tuple(
        _locked(name, as_spec(spec), first, folder) for name, spec in as_table(lock.get("default")).items()
    )
    # The environment may name a mirror of the public index, and nothing else stands for a private one.
    indexes = {name: url for name, url in urls.items() if not _PYPI.fullmatch(url)}
    public = tuple(_public(package, indexes) for package in packages)
    return Lock(public, indexes, insecure=insecure_hosts(sources))


def pipfile_pythons(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The versions of Python that `requires` of a Pipfile or its lock names; none where it does not say."""
    full = as_text(said.get("python_version")) or as_text(said.get("python_full_version"))
    match = re.match(r"3\.\d+", full)
    if match is None:
        return ()
    return (f"=={match[0]}.*",)


def _public(package: LockedPackage, indexes: Mapping[str, str]) -> LockedPackage:
    from dataclasses import replace

    return package if package.index in indexes else replace(package, index="")


def _locked(name: str, table: Mapping[str, Any], first: str, folder: Path) -> LockedPackage:
    place = _place(table, folder)
    version = _version(str(table.get("version", "")).removeprefix("=="))
    hashes = [] if table.get("git") else as_list(table.get("hashes"))
    return LockedPackage(
        name=normalise(name),
        version=version,
        place=place,
        hashes=tuple(map(str, hashes)),
        index="" if place else text_at(table, "index", first),
        marker=as_text(table.get("markers")),
    )


def _version(said: object) -> str:
    """A version as it is written; "" for any, `*`."""
    return "" if said == "*" else str(said)


def pipfile_lines(pipfile: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """The `packages` of a Pipfile, which says what may be installed and locks nothing.

    Args:
        pipfile: Pipfile.
        folder: Where relative paths begin.
    """
    for name, spec in as_table(pipfile.get("packages")).items():
        table = as_spec(spec)
        head = with_extras(name, table.get("extras", ()))
        place = _place(table, folder) or _specifier(_version(table.get("version", "*")))
        yield f"{head}{place}{clause(' ; {}', table.get('markers'))}"


def _specifier(version: str) -> str:
    """A version as requirements say it; one without an operator is exact, as Pipenv locks it."""
    return f"=={version}" if version[:1].isdigit() else version


def pipfile_hash(pipfile: Mapping[str, Any]) -> str:
    """What a Pipfile.lock that fits a Pipfile has as `_meta.hash.sha256`."""
    pypi = {"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}
    content = {
        "_meta": {"sources": pipfile.get("source", [pypi]), "requires": pipfile.get("requires", {})},
        "default": pipfile.get("packages", {}),
        "develop": pipfile.get("dev-packages", {}),
        **{name: table for name, table in pipfile.items() if name not in _TABLES},
    }
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), default=str).encode()).hexdigest()


def _place(table: Mapping[str, Any], folder: Path) -> str:
    if git := table.get("git"):
        reference = clause("@{}", table.get("ref"))
        below = clause("#subdirectory={}", table.get("subdirectory"))
        return f" @ git+{str(git).removeprefix('git+')}{reference}{below}"
    path = str(table.get("path") or table.get("file") or "")
    if "://" in path:
        return f" @ {path}"
    return clause(" @ {}", path, lambda text: (folder / text).resolve().as_uri())
