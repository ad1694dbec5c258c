"""Which distributions does a function need on its target, and where are their files?"""

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_slim.base.cache import digest, entry
from lambda_slim.base.errors import ResolveError, WriteError
from lambda_slim.base.files import write_text
from lambda_slim.base.progress import Progress, silent
from lambda_slim.formats.names import normalise
from lambda_slim.inputs.requirements import Inputs, names_of, read_inputs
from lambda_slim.inputs.wheels import Missing, find_elsewhere, no_wheel, no_wheel_of, parse_missing, sourced
from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.file import Inventory
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Settings
from lambda_slim.model.target import Target
from lambda_slim.run import uv as tools
from lambda_slim.run.dependency_tree import read_dependencies
from lambda_slim.run.process import Done

_FRESH = 600  # seconds that an unpinned resolution is reused: as long as the index itself lets clients cache its pages


def resolve(function: Function, settings: Settings, progress: Progress = silent) -> Resolution:
    """The installed dependency tree of a function, for its target; made once for equal requirements.

    Locked and pinned requirements are reused for ever; others for ten minutes, as long as the index lets clients
    cache its pages.

    Raises:
        ResolveError: a requirement that does not exist, has no wheel for the target, or conflicts; a hash that does
            not match; no network and a cold cache.
    """
    if function.artifact is not None:
        return Resolution(None, read_distributions(function.source, {}), f"artifact {function.artifact}")
    if function.requirements is None:
        return Resolution(None, (), "nothing")
    inputs = read_inputs(function.requirements, offline=settings.offline)
    if not any(inputs.text) or not inputs.arguments:
        return Resolution(None, (), "nothing")
    key = digest("tree-2", tools.uv_version(), function.target.platform, function.target.runtime.name, *inputs.text)
    place = entry("trees", key)
    if not _usable(place, pinned=inputs.pinned or settings.offline):
        progress(f"installing {function.requirements.path.name} for {function.target.label}")
        _install(inputs, place, function.target, offline=settings.offline)
    made = _made(place)
    return Resolution(
        place / made["tree"], read_distributions(place / made["tree"], inputs.direct), f"{key}-{made['tree']}"
    )


def _made(place: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((place / "made.json").read_text("utf-8"))
        return found
    except (OSError, ValueError):
        return {}


def _usable(place: Path, *, pinned: bool) -> bool:
    made = _made(place)
    if not made or not (place / made["tree"]).is_dir():
        return False
    return pinned or time.time() - (place / "made.json").stat().st_mtime < _FRESH


def _install(inputs: Inputs, place: Path, target: Target, *, offline: bool) -> None:
    """Installs into a folder of its own name and then points to it, so that readers never see half a tree."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=place, prefix="."))
    except OSError as error:
        raise ResolveError(
            "the cache cannot be written",
            cause=f"{place.parent}: {error.strerror}",
            hint="set LAMBDA_SLIM_CACHE to a folder that can",
        ) from error
    try:
        _fill(folder, inputs, target, offline=offline)
        name = _content_name(folder)
        with contextlib.suppress(OSError):  # another process was quicker: its tree has the same content
            folder.rename(place / name)
        write_text(place / "made.json", json.dumps({"tree": name}))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(folder: Path, inputs: Inputs, target: Target, *, offline: bool) -> None:
    """Installs wheels; where there is none, what can be built of pure Python."""
    arguments = (*inputs.arguments, *(() if offline else _refreshed(inputs)))
    done = tools.install(arguments, folder, target, cwd=inputs.cwd, offline=offline)
    if not done.code:
        if not (inputs.pinned or offline):
            _renew(folder, arguments, inputs, target)
        return
    if parse_missing(done.stderr):
        done = _build(folder, arguments, inputs, target, done, offline=offline)
    if done.code:
        raise _explained(done.stderr, target)
    if built := _foreign(folder):
        raise no_wheel_of(built, target)


def _build(
    folder: Path, arguments: tuple[str, ...], inputs: Inputs, target: Target, done: Done, *, offline: bool
) -> Done:
    """Installs and builds what has no wheel at all; of all else an older version with a wheel is better."""
    versions = tools.resolved_versions(inputs.arguments, target, cwd=inputs.cwd, offline=offline)
    sources = tools.resolved_sources(inputs.arguments, target, cwd=inputs.cwd, offline=offline)
    building: set[str] = set()
    while missing := parse_missing(done.stderr):
        elsewhere = find_elsewhere(missing, target, cwd=inputs.cwd, offline=offline)
        met = {normalise(name) for name in (*sources, *sourced(done.stderr))} - building
        asked = {name: version for name, version in versions.items() if normalise(name) in met}
        more = _without_wheel(asked, inputs.cwd, target, offline=offline)
        if not (elsewhere.runtimes or elsewhere.architecture or normalise(missing.name) in building):
            more.add(normalise(missing.name))
        if not more:
            raise no_wheel(missing, elsewhere, target)  # it has wheels, so it has compiled code; or no sources at all
        building |= more
        wheels = [name for name in versions if normalise(name) not in building]
        done = tools.install(arguments, folder, target, cwd=inputs.cwd, offline=offline, wheels=wheels)
        if not done.code:
            break
        if "No solution found" not in done.stderr:
            raise no_wheel(missing, elsewhere, target)
    return done


def _renew(folder: Path, arguments: tuple[str, ...], inputs: Inputs, target: Target) -> None:
    """Builds newer versions that come as pure-Python sources alone, as xero-python: of it only a stub has a wheel.

    So do newer versions that need such sources: without antlr4-python3-runtime, hydra-core would be years old. Where
    that cannot be done, the older versions with wheels stay.
    """
    newest = tools.resolved_versions(inputs.arguments, target, cwd=inputs.cwd, offline=False)
    there = _versions(folder)
    behind = [name for name, version in newest.items() if there.get(normalise(name)) != version]
    if not behind:
        return
    unbuilt = {
        normalise(name) for name in tools.resolved_sources(inputs.arguments, target, cwd=inputs.cwd, offline=False)
    }
    asked = {name: newest[name] for name in behind if normalise(name) in unbuilt}
    alone = _without_wheel(asked, inputs.cwd, target, offline=False)
    sources = [name for name in asked if normalise(name) in alone]
    if not sources:
        return
    wheels = [name for name in newest if name not in sources]
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as name:
        done = tools.install(arguments, Path(name) / "new", target, cwd=inputs.cwd, offline=False, wheels=wheels)
        if done.code or _foreign(Path(name) / "new"):
            return
        folder.rename(Path(name) / "old")
        (Path(name) / "new").rename(folder)


def _without_wheel(versions: Mapping[str, str], cwd: Path, target: Target, *, offline: bool) -> set[str]:
    """The normalised names of versions that have no wheel for any Lambda runtime."""
    found = set()
    for name, version in versions.items():
        there = find_elsewhere(Missing(name, f"{name}=={version}", ""), target, cwd=cwd, offline=offline)
        if not (there.runtimes or there.architecture):
            found.add(normalise(name))
    return found


def _refreshed(inputs: Inputs) -> tuple[str, ...]:
    """Has uv build local projects anew: it looks at their pyproject.toml, and not at an edited module."""
    if not inputs.local:
        return ()
    names = names_of(inputs.local)
    return ("--refresh",) if names is None else tuple(f"--refresh-package={name}" for name in names)


def _content_name(folder: Path) -> str:
    """Named by what was installed: a resolution that comes out the same keeps its caches."""
    rows = sorted(path.name for path in folder.glob("*.dist-info"))
    records = [record.read_bytes() for record in sorted(folder.glob("*.dist-info/RECORD"))]
    return digest(*rows, *records)[:16]


def _foreign(folder: Path) -> str:
    """A distribution that was built here for this machine and not for the target, or ""."""
    for wheel in sorted(folder.glob("*.dist-info/WHEEL")):
        tags = [
            line.partition(":")[2].strip()
            for line in wheel.read_text("utf-8", "replace").splitlines()
            if line.startswith("Tag:")
        ]
        if tags and not any(tag.endswith("-any") or "manylinux" in tag for tag in tags):
            return wheel.parent.name.removesuffix(".dist-info")
    return ""


_HINTS = (
    (
        "Hash mismatch",
        "a file does not have the hash that was asked for",
        "lock again if the change is meant; otherwise do not trust the index",
    ),
    ("network was disabled", "not in the cache, and the network is off", "run once without --offline"),
    (
        "valid authentication credentials",
        "the index does not let us in",
        "give name and password as uv takes them: netrc, keyring, or UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD",
    ),
    ("TOML parse error", "a lock or project file cannot be read", "mend the line it names, or lock again"),
    (
        "Couldn't parse requirement",
        "a line of the requirements cannot be read",
        "write it as NAME==VERSION; extras, markers and URLs as packaging.python.org has them",
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


def _explained(stderr: str, target: Target) -> ResolveError:
    for sign, message, hint in _HINTS:
        if sign in stderr:
            return ResolveError(message, cause=tools.scrub(tools.last_words(stderr)), hint=hint)
    return ResolveError(
        f"uv could not install for {target.label}",
        cause=tools.scrub(tools.last_words(stderr)),
        hint="run with -vv to see uv's command",
    )


def read_distributions(tree: Path, direct: Mapping[str, str]) -> tuple[Distribution, ...]:
    """The distributions in a tree, by name, with what requires what; kept beside a tree of ours.

    Args:
        tree: A folder with `*.dist-info` folders.
        direct: Names that the project requires itself, to the line; where empty, those that nothing else requires.
    """
    rows = _rows(tree)
    required = {name for _, _, requires in rows for name in requires}
    own = direct or {name: "" for name, _, _ in rows if name not in required}
    return tuple(
        Distribution(name, version, tuple(requires), direct=name in own, where=own.get(name, ""))
        for name, version, requires in rows
    )


def with_carried(resolution: Resolution, inventory: Inventory) -> Resolution:
    """The resolution with the distributions that lie in folders of the function's own code: `vendored/*.dist-info`."""
    folders = set()
    for file in inventory.files:
        if file.path.endswith(".dist-info/METADATA") and resolution.tree not in file.source.parents:
            folders.add(file.source.parent.parent)
    known = {distribution.name for distribution in resolution.distributions}
    carried: dict[str, Distribution] = {}
    for folder in sorted(folders):
        for distribution in read_distributions(folder, {}):
            if distribution.name not in known:
                carried.setdefault(distribution.name, distribution)
    return replace(resolution, distributions=(*resolution.distributions, *carried.values()))


def _versions(tree: Path) -> dict[str, str]:
    """Normalised names of what is installed in a tree, to versions."""
    versions = {}
    for folder in sorted(tree.glob("*.dist-info")):
        name, _, version = folder.name.removesuffix(".dist-info").rpartition("-")
        versions[normalise(name)] = version
    return versions


def _rows(tree: Path) -> list[tuple[str, str, list[str]]]:
    kept = tree.with_name(f"{tree.name}.distributions.json")
    ours = (tree.parent / "made.json").exists()
    if ours:
        with contextlib.suppress(OSError, ValueError):
            return [(name, version, requires) for name, version, requires in json.loads(kept.read_text("utf-8"))]
    versions = _versions(tree)
    graph = (read_dependencies(tree) if versions else {}) or {}
    rows = [
        (name, version, sorted(set(graph.get(name, ())) & set(versions))) for name, version in sorted(versions.items())
    ]
    if ours:
        with contextlib.suppress(WriteError):
            write_text(kept, json.dumps(rows))
    return rows
