"""Fills a folder with the requirements: wheels of the target, and pure Python that can be built."""

import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_slim.base.errors import LockError, ResolveError, SlimError
from lambda_slim.base.files import read_loosely, read_regular
from lambda_slim.base.manifest import Manifest, take_manifest
from lambda_slim.base.progress import Progress
from lambda_slim.formats.names import normalise
from lambda_slim.formats.record import parse_record
from lambda_slim.inputs.declarations import Inputs
from lambda_slim.inputs.wheels import (
    Elsewhere,
    Missing,
    failed_build,
    find_elsewhere,
    is_known,
    no_wheel,
    no_wheel_of,
    not_built,
    parse_missing,
    sourced,
)
from lambda_slim.model.target import Target
from lambda_slim.run import uv as tools
from lambda_slim.run.fetch_and_build import NOT_FETCHED
from lambda_slim.run.process import Done
from lambda_slim.run.uv_environment import Sources


@dataclass(frozen=True, slots=True)
class Installation:
    """What is to be installed.

    Attributes:
        inputs: The requirements.
        target: For what.
        requests: One request, and its sources, for each batch.
        progress: Told what goes on.
        static: Nothing is built, since a build runs code of whoever wrote it.
    """

    inputs: Inputs
    target: Target
    requests: tuple[tuple[tools.UvRequest, Sources], ...]
    progress: Progress
    static: bool = False

    @property
    def offline(self) -> bool:
        """Whether nothing may be fetched."""
        return any(request.offline for request, _ in self.requests)


def make_tree(folder: Path, work: Installation, label: str) -> Manifest:
    """Installs, and has everything fetched anew where what came out of uv's cache is not what its RECORD says.

    Every file is read once: the manifest that is kept of the folder is what the RECORDs are compared with.
    """
    work.progress(f"installing {label}")
    _fill(folder, work)
    manifest = take_manifest(folder)
    if faults := record_faults(folder, manifest.digests):
        _fill_again(folder, work, faults)
        manifest = take_manifest(folder)
    return take_manifest(folder) if _scrub_origins(folder) else manifest


def _fill_again(folder: Path, work: Installation, faults: Sequence[str]) -> None:
    """Has everything fetched anew.

    Raises:
        ResolveError: nothing may be fetched.
    """
    if work.offline:
        raise ResolveError(
            "uv's cache is damaged",
            cause=f"{faults[0]} is not what the RECORD of its distribution says",
            hint="run `uv cache clean`, and then once without --offline",
        )
    work.progress(f"uv's cache is damaged ({faults[0]}): fetching again")
    _empty(folder)
    fresh = tuple((replace(request, fresh=True), sources) for request, sources in work.requests)
    _fill(folder, replace(work, requests=fresh))


def _scrub_origins(folder: Path) -> bool:
    """Takes what may be a credential out of the addresses that uv notes for what came from a URL; whether any was."""
    changed = False
    for path in folder.glob("*.dist-info/direct_url.json"):
        noted = read_regular(path).decode("utf-8", "surrogateescape")
        if (shown := tools.scrub(noted)) != noted:
            path.write_text(shown, "utf-8", "surrogateescape")
            changed = True
    return changed


def _empty(folder: Path) -> None:
    """Removes all that is in a folder."""
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def record_faults(folder: Path, digests: Mapping[str, str]) -> tuple[str, ...]:
    """Files of installed distributions that are not there, or not what their RECORD says; sorted.

    `digests` has the sha256 (hex) of every file below the folder, by path.
    """
    faults = []
    for record in sorted(folder.glob("*.dist-info/RECORD")):
        for path, wanted in parse_record(read_loosely(record)).items():
            if not wanted or path.endswith(".pyc") or path.startswith(("..", "/")):
                continue
            if digests.get(path) != wanted:
                faults.append(path)
    return tuple(faults)


def _fill(folder: Path, work: Installation) -> None:
    """Installs wheels; where there is none, what can be built of pure Python."""
    for request, _ in work.requests:
        done = tools.install(request, folder, work.target)
        if done.code:
            _fill_without_wheels(folder, work, request, done)
        elif not (work.inputs.pinned or request.exact or request.offline or work.static):
            _renew(folder, request, work.target)


def _fill_without_wheels(folder: Path, work: Installation, request: tools.UvRequest, done: Done) -> None:
    """Installs what wheels alone could not: builds what has none.

    Args:
        folder: Where to.
        work: What is installed.
        request: The one that failed.
        done: How it failed.

    Raises:
        ResolveError: it is another failure, nothing may be built, or what was built is not for the target.
    """
    missing = parse_missing(done.stderr)
    if missing and work.static:
        raise not_built(missing, work.target, request)
    if missing:
        done = _build(folder, request, work.target, done)
    if done.code:
        raise _explained(done.stderr, work.target)
    if built := _foreign(folder):
        raise no_wheel_of(built, work.target)


def _build(folder: Path, request: tools.UvRequest, target: Target, done: Done) -> Done:
    """Installs and builds what has no wheel at all; of all else an older version with a wheel is better."""
    versions = tools.resolved_versions(request, target)
    sources = tools.resolved_sources(request, target)
    building: set[str] = set()
    while missing := parse_missing(done.stderr):
        elsewhere = find_elsewhere(missing, target, request)
        met = {normalise(name) for name in (*sources, *sourced(done.stderr))} - building
        more = _without_wheel(versions, met, target, request)
        if not (elsewhere.for_another_target or normalise(missing.name) in building):
            more.add(normalise(missing.name))
        if not more:
            raise no_wheel(missing, elsewhere, target)  # it has wheels, so it has compiled code; or no sources at all
        building |= more
        wheels = [name for name in versions if normalise(name) not in building]
        done = tools.install(request, folder, target, wheels=wheels)
        if not done.code:
            break
        if "No solution found" not in done.stderr:
            raise _unbuilt(missing, elsewhere, target, done.stderr)
    return done


def _unbuilt(missing: Missing, elsewhere: Elsewhere, target: Target, stderr: str) -> SlimError:
    """Why what has no wheel could not be built either: it needs a wheel, or its build failed."""
    return no_wheel(missing, elsewhere, target) if is_known(missing, elsewhere) else _explained(stderr, target)


def _renew(folder: Path, request: tools.UvRequest, target: Target) -> None:
    """Builds newer versions that come as pure-Python sources alone, as xero-python: of it only a stub has a wheel.

    So do newer versions that need such sources: without antlr4-python3-runtime, hydra-core would be years old. Where
    that cannot be done, the older versions with wheels stay.
    """
    newest = tools.resolved_versions(request, target)
    behind = _newer(newest, installed_versions(folder))
    if not behind:
        return
    unbuilt = {normalise(name) for name in tools.resolved_sources(request, target)}
    sources = _without_wheel(behind, unbuilt, target, request)
    if not sources:
        return
    wheels = [name for name in newest if name not in behind or normalise(name) not in sources]
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as name:
        done = tools.install(request, Path(name) / "new", target, wheels=wheels)
        if done.code or _foreign(Path(name) / "new"):
            return
        folder.rename(Path(name) / "old")
        (Path(name) / "new").rename(folder)


def _newer(newest: Mapping[str, str], installed: Mapping[str, str]) -> dict[str, str]:
    """The newest versions that are not installed."""
    return {name: version for name, version in newest.items() if installed.get(normalise(name)) != version}


def _without_wheel(
    versions: Mapping[str, str], among: Collection[str], target: Target, request: tools.UvRequest
) -> set[str]:
    """Of some normalised names those whose version has no wheel for any Lambda runtime."""
    names = set()
    for name, version in versions.items():
        if normalise(name) not in among:
            continue
        there = find_elsewhere(Missing(name, f"{name}=={version}", ""), target, request)
        if not there.for_another_target:
            names.add(normalise(name))
    return names


def _foreign(folder: Path) -> str:
    """A distribution that was built here for this machine and not for the target, or ""."""
    for wheel in sorted(folder.glob("*.dist-info/WHEEL")):
        tags = [line.partition(":")[2].strip() for line in read_loosely(wheel).splitlines() if line.startswith("Tag:")]
        if tags and not any(tag.endswith("-any") or "manylinux" in tag for tag in tags):
            return wheel.parent.name.removesuffix(".dist-info")
    return ""


def installed_versions(tree: Path) -> dict[str, str]:
    """Normalised names of what is installed in a tree, to versions."""
    versions = {}
    for folder in sorted(tree.glob("*.dist-info")):
        name, _, version = folder.name.removesuffix(".dist-info").rpartition("-")
        versions[normalise(name)] = version
    return versions


_HINTS = (
    (
        NOT_FETCHED,
        "a build needs what could not be fetched before it",
        "builds run without credentials and network: require a release with a wheel, or put one into an index",
    ),
    ("network was disabled", "not in the cache, and the network is off", "run once without --offline"),
    (
        "valid authentication credentials",
        "the index does not let us in",
        "give name and password as uv takes them: netrc, keyring, or UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD",
    ),
    ("TOML parse error", "a lock or project file cannot be read", "fix the line it names, or lock again"),
    (
        "Couldn't parse requirement",
        "a line of the requirements cannot be read",
        "write it as NAME==VERSION; extras, markers and URLs as packaging.python.org has them",
    ),
    (
        "Distribution not found at",
        "a file that the requirements name is not there",
        "build it first, or correct the path; relative ones begin in the folder that pip is started in",
    ),
    ("was not found in the", "a requirement does not exist", "check its name and your index settings"),
    (
        "Because there is no version of",
        "a version does not exist",
        "pypi.org lists those that there are; an index of your own may have fewer",
    ),
    ("No solution found", "the requirements cannot be met together", "loosen one of the versions that it names"),
    ("Failed to fetch", "the index cannot be reached", "check the network, or use --offline with a warm cache"),
    ("error sending request", "the index cannot be reached", "check the network, or use --offline with a warm cache"),
    ("No space left", "the disk is full", "free some space; nothing was changed"),
)


def _explained(stderr: str, target: Target) -> SlimError:
    if "Hash mismatch" in stderr:
        return LockError(
            "a file does not have the hash that was asked for",
            cause=tools.scrub(tools.last_words(stderr)),
            hint="lock again if the change is meant; otherwise do not trust the index",
        )
    if "No space left" not in stderr and (failure := failed_build(stderr, target)):
        return failure
    for sign, message, hint in _HINTS:
        if sign in stderr:
            return ResolveError(message, cause=tools.scrub(tools.last_words(stderr)), hint=hint)
    return ResolveError(
        f"uv could not install for {target.label}",
        cause=tools.scrub(tools.last_words(stderr)),
        hint="run with -vv to see uv's command",
    )
