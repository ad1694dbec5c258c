"""Every file that could ship, and which distribution owns it."""

import contextlib
import csv
import io
import json
import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from lambda_slim.base.cache import cache_folders, digest, load, store
from lambda_slim.base.files import text_or_nothing
from lambda_slim.base.text import clause
from lambda_slim.formats.names import normalise
from lambda_slim.inputs.by_content import distributions_by_content
from lambda_slim.inputs.file_kinds import kind_of
from lambda_slim.inputs.idle_sites import settle_idle
from lambda_slim.inputs.leftovers import find_leftovers, told
from lambda_slim.inputs.own_metadata import own_metadata
from lambda_slim.inputs.unreadable import refuse_file, refuse_folder
from lambda_slim.inputs.written import is_written_report
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import FIRST_PARTY, File, FileKind, Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Settings

INSTALLER = "(installer)"  # the owner of what an installer left beside the distributions


_SKIPPED = {
    ".git": "version control",
    ".hg": "version control",
    ".svn": "version control",
    ".jj": "version control",
    "__pycache__": "bytecode of this machine",
    "node_modules": "JavaScript dependencies",
    ".aws-sam": "build output of SAM",
    ".serverless": "build output of Serverless",
    "cdk.out": "build output of CDK",
    ".terraform": "Terraform's working folder",
    ".sst": "build output of SST",
    ".eggs": "build output of setuptools",
    ".mypy_cache": "cache",
    ".pytest_cache": "cache",
    ".ruff_cache": "cache",
    ".tox": "cache",
    ".nox": "cache",
    ".hypothesis": "cache",
}


def folder_files(folder: Path) -> list[File]:
    """Every regular file below a folder, with the distribution that owns it, by path."""
    return _owned(_walk(folder, [], skipped={"__pycache__": "bytecode of this machine"}), FIRST_PARTY)


def take_inventory(
    function: Function, resolution: Resolution, settings: Settings, beside: tuple[File, ...] = ()
) -> Inventory:
    """Every file that could ship: the function's own and its dependency tree's; and what lies at /opt beside them.

    Version control, virtual environments (known by `pyvenv.cfg`, not by name) and caches are not walked; of a package
    that another tool built, everything is.

    Raises:
        PackageError: code of the project cannot be read.
    """
    warnings: list[str] = []
    if function.artifact is not None:
        rows = list(_walk(function.source, warnings, skipped={}))
        files = {file.path: file for file in _owned(rows, FIRST_PARTY, function.python_path, by_content=True)}
    else:
        files = _of_project(function, settings, warnings)
    installed = tree_files(resolution.tree, resolution.key) if resolution.tree is not None else ()
    settle_idle(files, installed, function, warnings)
    _add_installed(installed, files, warnings)
    if function.artifact is None:
        mine = {path: file for path, file in files.items() if file.owner == FIRST_PARTY}
        if metadata := own_metadata(mine, files, function.source, settings.root):
            files[metadata.path] = metadata
    return Inventory(tuple(files[path] for path in sorted(files)), tuple(warnings), beside)


def _of_project(function: Function, settings: Settings, warnings: list[str]) -> dict[str, File]:
    """The files of the function's own source, without reports that we wrote and what is left over from builds."""
    boundary = _project_boundary(function, settings)
    rows = [row for row in _laid(function, warnings, boundary) if not is_written_report(row[0], row[1], warnings)]
    files = {file.path: file for file in _owned(rows, FIRST_PARTY, function.python_path)}
    leftovers = find_leftovers(files, function.module, function.source, boundary)
    warnings += told(leftovers)
    return {path: file for path, file in files.items() if path not in leftovers}


def _add_installed(installed: Iterable[File], files: dict[str, File], warnings: list[str]) -> None:
    """Adds what is installed; where the function has a file of the same path, that one stays."""
    for file in installed:
        if file.path in files:
            warnings.append(f"{file.path} is both yours and {file.owner}'s; yours ships")
        else:
            files[file.path] = file


def _laid(function: Function, warnings: list[str], boundary: Path) -> Iterator[tuple[str, Path, int]]:
    """The function's own files at their places in the package."""
    for part in function.parts:
        if part.source.is_file():
            yield part.prefix, part.source, part.source.stat().st_size
            continue
        for path, source, size in _walk(part.source, warnings, boundary):
            if part.ships(path):
                yield part.placed(path), source, size


def _project_boundary(function: Function, settings: Settings) -> Path:
    """Links may lead anywhere within the project: its repository, else the settings' root or the source, if wider."""
    root, source = settings.root.resolve(), function.source.resolve()
    widest = root if root in source.parents else source
    places = [part.source.resolve() for part in function.layout]
    widest = Path(os.path.commonpath([widest, *places])) if places else widest
    return next((place for place in (widest, *widest.parents) if (place / ".git").exists()), widest)


def tree_files(tree: Path, key: str) -> tuple[File, ...]:
    """The files of an installed tree with their owners; listed once and kept under its digest."""
    kept = digest("listing-5", key)
    if known := load("listings", kept):
        rows = json.loads(known)
        return tuple(
            File(path, tree / path, size, owner, FileKind(kind), site) for path, size, owner, kind, site in rows
        )
    files = tuple(_owned(_walk(tree, []), INSTALLER))
    rows = [(file.path, file.size, file.owner, file.kind.value, file.site) for file in files]
    store("listings", kept, json.dumps(rows).encode())
    return files


def _owned(
    entries: Iterable[tuple[str, Path, int]],
    otherwise: str,
    python_path: Sequence[str] = (),
    *,
    by_content: bool = False,
) -> list[File]:
    """Files with the distribution whose RECORD names them, else the owner of their top-level name, else `otherwise`.

    A folder with `*.dist-info` is a site folder in any place, and so is one on PYTHONPATH: an import starts
    there, and names are relative to it. With `by_content`, distributions at the root that have no metadata are told by
    their modules.
    """
    rows = list(entries)
    owners: dict[str, str] = {}
    tops: dict[str, str] = {}
    sites = [*python_path, ""]
    # The root comes first: what a distribution carries inside its own folder (setuptools/_vendor) is its own.
    for path, source, _ in sorted(rows, key=lambda row: row[0].count("/")):
        folder, _, name = path.rpartition("/")
        site = folder.rpartition("/")[0]
        if folder.endswith(".dist-info") and site.partition("/")[0] not in tops:
            _claim(folder, name, source, owners, tops)
            sites.append(site)
    sites = sorted(set(sites), key=len, reverse=True)
    tops |= distributions_by_content(rows, tops) if by_content else {}

    files = []
    for path, source, size in rows:
        site = next(site for site in sites if _holds(site, path))
        owner = owners.get(path) or tops.get(_joined(site, _top(path.removeprefix(f"{site}/")))) or otherwise
        files.append(File(path, source, size, owner, kind_of(path), site))
    return sorted(files, key=lambda file: file.path)


def _holds(site: str, path: str) -> bool:
    """Whether an import that starts at a site folder finds a path; the folder's own `__init__.py` belongs around it."""
    return not site or (path.startswith(f"{site}/") and path != f"{site}/__init__.py")


def _joined(site: str, name: str) -> str:
    return f"{site}/{name}" if site else name


def _claim(folder: str, name: str, source: Path, owners: dict[str, str], tops: dict[str, str]) -> None:
    """Notes what one file of a dist-info folder says of the files and top-level names of its distribution."""
    site, _, own = folder.rpartition("/")
    prefix = clause("{}/", site)
    distribution = normalise(own.removesuffix(".dist-info").rpartition("-")[0])
    owners[f"{folder}/{name}"] = distribution
    if name == "RECORD":
        for recorded in _recorded(source):
            owners.setdefault(prefix + recorded, distribution)
            tops.setdefault(prefix + recorded.partition("/")[0].removesuffix(".py"), distribution)
    elif name == "top_level.txt":
        for line in text_or_nothing(source).split():
            tops.setdefault(prefix + line, distribution)
    else:
        tops.setdefault(prefix + distribution.replace("-", "_"), distribution)


def _top(path: str) -> str:
    """The top-level module that a file belongs to by its place: of `__pycache__/six.cpython-312.pyc` it is `six`."""
    return path.removeprefix("__pycache__/").partition("/")[0].partition(".")[0]


def _recorded(record: Path) -> Iterator[str]:
    with contextlib.suppress(csv.Error):
        for row in csv.reader(io.StringIO(text_or_nothing(record), newline="")):
            if row:
                yield posixpath.normpath(row[0])


def _walk(
    root: Path, warnings: list[str], boundary: Path | None = None, *, skipped: Mapping[str, str] = _SKIPPED
) -> Iterator[tuple[str, Path, int]]:
    """(package path, source, bytes) of every regular file below a folder; links are followed within `boundary`."""
    first = root.stat()
    caches = _caches() if skipped else frozenset()
    todo: list[tuple[str, str, frozenset[tuple[int, int]]]] = [
        ("", str(root), frozenset({(first.st_dev, first.st_ino)}))
    ]
    while todo:
        prefix, folder, above = todo.pop()
        for entry in _listed(prefix, folder, warnings, environments=not skipped):
            path = f"{prefix}{entry.name}"
            kind = _entry_kind(entry, path, boundary, warnings)
            if kind == "folder" and entry.name not in skipped:
                state = entry.stat()
                here = (state.st_dev, state.st_ino)
                if here in caches:
                    warnings.append(f"{path}/: left out: a cache")
                elif here in above:
                    warnings.append(f"{path}: left out: a link into a folder above it")
                else:
                    todo.append((f"{path}/", entry.path, above | {here}))
            elif kind == "file":
                yield path, Path(entry.path), entry.stat().st_size


def _listed(prefix: str, folder: str, warnings: list[str], *, environments: bool) -> list[os.DirEntry[str]]:
    """What is in a folder, by name.

    Nothing of a folder that cannot be read and that the package can do without; nor, unless `environments`, of a
    virtual environment below the root.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        refuse_folder(prefix, folder, error)
        warnings.append(f"{prefix or Path(folder).name}: cannot be read ({error.strerror})")
        return []
    if prefix and not environments and any(entry.name == "pyvenv.cfg" for entry in entries):
        warnings.append(f"{prefix}: left out: a virtual environment")
        return []
    return entries


def _caches() -> frozenset[tuple[int, int]]:
    """Device and inode of the caches that are there."""
    inodes = set()
    for folder in cache_folders():
        with contextlib.suppress(OSError):
            state = folder.stat()
            inodes.add((state.st_dev, state.st_ino))
    return frozenset(inodes)


def _entry_kind(entry: os.DirEntry[str], path: str, boundary: Path | None, warnings: list[str]) -> str:
    try:
        path.encode()
    except UnicodeEncodeError:
        warnings.append(f"{path.encode('utf-8', 'replace').decode()}: left out: its name is not UTF-8")
        return ""
    try:
        if entry.is_symlink():
            if not Path(entry.path).exists():
                warnings.append(f"{path}: left out: a link to nothing")
                return ""
            if boundary and not Path(entry.path).resolve().is_relative_to(boundary):
                warnings.append(f"{path}: left out: a link out of the project")
                return ""
        if entry.is_dir():
            return "folder"
        if entry.is_file():
            if os.access(entry.path, os.R_OK):
                return "file"
            refuse_file(path, entry.path, kind_of(path))
            warnings.append(f"{path}: left out: it cannot be read")
        else:
            warnings.append(f"{path}: left out: neither a file nor a folder")
    except OSError as error:
        warnings.append(f"{path}: left out: {error.strerror}")
    return ""
