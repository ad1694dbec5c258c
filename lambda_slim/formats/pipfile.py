"""What Pipfile and Pipfile.lock ask for."""

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from lambda_slim.formats.names import normalise, with_extras
from lambda_slim.formats.sources import insecure_hosts, source_urls, sources_of
from lambda_slim.formats.tables import as_spec, as_table, as_text
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
    return (f"=={match[0]}.*",) if match else ()


def _public(package: LockedPackage, indexes: Mapping[str, str]) -> LockedPackage:
    from dataclasses import replace

    return package if package.index in indexes else replace(package, index="")


def _locked(name: str, table: Mapping[str, Any], first: str, folder: Path) -> LockedPackage:
    place = _place(table, folder)
    version = str(table.get("version", "")).removeprefix("==")
    marker, hashes = table.get("markers"), table.get("hashes")
    return LockedPackage(
        name=normalise(name),
        version="" if version == "*" else version,
        place=place,
        hashes=tuple(str(text) for text in hashes) if isinstance(hashes, list) and not table.get("git") else (),
        index="" if place else str(table.get("index") or first),
        marker=as_text(marker),
    )


def pipfile_lines(pipfile: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """The `packages` of a Pipfile, which says what may be installed and locks nothing.

    Args:
        pipfile: Pipfile.
        folder: Where relative paths begin.
    """
    for name, spec in as_table(pipfile.get("packages")).items():
        table = as_spec(spec)
        head = with_extras(name, table.get("extras", ()))
        marker = f" ; {table['markers']}" if table.get("markers") else ""
        yield f"{head}{_place(table, folder) or _specifier(str(table.get('version', '*')))}{marker}"


def _specifier(version: str) -> str:
    """A version as requirements say it; one without an operator is exact, as Pipenv locks it."""
    text = "" if version == "*" else version
    return f"=={text}" if text[:1].isdigit() else text


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
        below = f"#subdirectory={table['subdirectory']}" if table.get("subdirectory") else ""
        return f" @ git+{str(git).removeprefix('git+')}" + (f"@{table['ref']}" if table.get("ref") else "") + below
    if path := table.get("path") or table.get("file"):
        text = str(path)
        return f" @ {text}" if "://" in text else f" @ {(folder / text).resolve().as_uri()}"
    return ""
