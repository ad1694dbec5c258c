"""Which distributions does a function need on its target, and where are their files?"""

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.answer_record import RECORD
from lambda_slim.base.cache import digest, entry, load, store
from lambda_slim.base.errors import NoWheelError, ResolveError
from lambda_slim.base.files import read_regular
from lambda_slim.base.progress import Progress, silent
from lambda_slim.base.stored_tree import StoredTree, ensure_tree, is_whole, open_tree
from lambda_slim.inputs.complete import settled
from lambda_slim.inputs.declarations import Inputs, names_of
from lambda_slim.inputs.install import Installation, installed_versions, make_tree
from lambda_slim.inputs.partial import partial_tree, to_be_built, unbuilt_note
from lambda_slim.inputs.requirements import read_inputs
from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.file import Inventory
from lambda_slim.model.function import Function, RequirementsKind
from lambda_slim.model.settings import Settings
from lambda_slim.run import uv as tools
from lambda_slim.run.dependency_tree import read_dependencies
from lambda_slim.run.process import without_builds
from lambda_slim.run.uv_environment import Sources, find_sources

_FRESH = 600  # seconds that an unpinned resolution is reused: as long as the index itself lets clients cache its pages

_STATIC = "this command builds nothing; `lambda-slim build`, which does, keeps what it installed for it"
_FORBIDDEN = "`UV_NO_BUILD` or `no-build` of uv's settings forbids builds"


def resolve(function: Function, settings: Settings, progress: Progress = silent) -> Resolution:
    """The installed dependency tree of a function, for its target; made once for equal requirements and sources.

    Locked and pinned requirements are reused for ever; others for ten minutes, as long as the index lets clients
    cache its pages. A tree that is not what it was is made again.

    Raises:
        ResolveError: a requirement that does not exist, has no wheel for the target, or conflicts; no network and a
            cold cache.
        LockError: a lock does not fit its project or the target, or a file does not have the hash that was asked for.
    """
    if function.artifact is not None:
        return Resolution(None, read_distributions(function.source, {}), f"artifact {function.artifact}")
    if function.requirements is None:
        return Resolution(None, (), "nothing")
    inputs = read_inputs(
        function.requirements, function.target, offline=settings.offline, allow_stale=settings.allow_stale_lock
    )
    if not inputs.batches:
        return Resolution(None, (), "nothing", inputs.notes)
    requests = tuple(_requests(inputs, offline=settings.offline))
    work = Installation(inputs, function.target, requests, progress)
    work = replace(work, static=settings.static or not _may_build(work))
    label = f"{function.requirements.path.name} for {function.target.label}"
    tree, unbuilt = _stored(work, label, partial=settings.partial)
    if not (inputs.pinned or work.offline):
        RECORD.ends(tree.made + _FRESH)
    key = digest(*inputs.text)
    notes = [unbuilt_note(unbuilt)] if unbuilt else settled(inputs.doubt, tree.folder, function.target)
    distributions = read_distributions(tree.folder, inputs.direct, tree.content)
    resolution = Resolution(
        tree.folder, distributions, f"{key}-{tree.content}", (*inputs.notes, *notes), unbuilt=unbuilt
    )
    if not unbuilt:
        store(_KNOWN, _known_key(function, inputs), f"{tree.folder}\n{resolution.key}".encode())
    return resolution


_KNOWN = "resolved"  # the shelf of trees by what was asked for, which needs no uv to be looked up


def known_resolution(function: Function) -> Resolution | None:
    """The tree that an earlier `resolve` made of the same declaration; None where it is not known. Runs no uv.

    Raises:
        ResolveError: the declaration cannot be read.
    """
    if function.requirements is None:
        return Resolution(None, (), "nothing")
    inputs = None
    if function.requirements.kind is not RequirementsKind.UV_LOCK:
        inputs = read_inputs(function.requirements, function.target, offline=True, allow_stale=True)
        if not inputs.batches:
            return Resolution(None, (), "nothing")
    known = load(_KNOWN, _known_key(function, inputs))
    if known is None:
        return None
    tree, _, key = known.decode().partition("\n")
    direct = inputs.direct if inputs else {}
    return Resolution(Path(tree), read_distributions(Path(tree), direct), key) if Path(tree).is_dir() else None


def _known_key(function: Function, inputs: Inputs | None) -> str:
    """A digest of the declaration, its indexes and the target; of a lock, its bytes and those of its project file."""
    target, declared = function.target, function.requirements
    parts: list[bytes | str] = [target.platform, target.runtime.name]
    if declared is not None:
        folder, texts = (inputs.cwd, inputs.text) if inputs else (declared.path.parent, ())
        parts.append(find_sources(folder, texts).digest)
    if declared is not None and declared.kind is RequirementsKind.UV_LOCK:
        project = declared.home / "pyproject.toml"
        parts += [read_regular(place) for place in (declared.path, project) if place.is_file()]
    elif inputs is not None:
        parts += inputs.text
    return digest("known", *parts)


@contextlib.contextmanager
def static(local: Sequence[Path], hint: str = _STATIC) -> Iterator[None]:
    """Installs without running anything that the project or a distribution brings.

    Args:
        local: Folders of local projects that are required.
        hint: Why nothing is built, and what to do.

    Raises:
        ResolveError: something would have to be built for it.
    """
    if local:
        names = ", ".join(sorted(path.name for path in local))
        raise ResolveError("a local project would have to be built", cause=f"the requirements name {names}", hint=hint)
    try:
        with without_builds():
            yield
    except NoWheelError as error:
        error.hint = f"{error.hint}; {hint}"
        raise


def check_tree(resolution: Resolution) -> None:
    """Whether a tree is still what it was when it was resolved, after code of the project has run.

    Raises:
        ResolveError: it is not.
    """
    if resolution.tree is not None and not is_whole(resolution.tree):
        raise ResolveError(
            "the installed dependencies changed during the build",
            cause=f"something has written into `{resolution.tree}`, perhaps the function itself",
            hint="build again; the next build installs them anew",
        )


def _requests(inputs: Inputs, *, offline: bool) -> Iterator[tuple[tools.UvRequest, Sources]]:
    for batch in inputs.batches:
        sources = find_sources(inputs.cwd, inputs.text, batch.variables)
        arguments = (*batch.arguments, *(() if offline else _refreshed(inputs, sources)))
        request = tools.UvRequest(
            arguments,
            inputs.cwd,
            sources.environment,
            batch.text,
            offline,
            batch.exact,
            local=inputs.local,
            files=inputs.files,
        )
        yield request, sources


def _may_build(work: Installation) -> bool:
    return all(sources.builds for _, sources in work.requests)


def _stored(work: Installation, label: str, *, partial: bool) -> tuple[StoredTree, tuple[str, ...]]:
    """The tree, and what is left out of it as it would have to be built."""
    target = work.target
    sources = [source.digest for _, source in work.requests]
    key = digest("tree-3", tools.uv_version(), target.platform, target.runtime.name, *sources, *work.inputs.text)
    pinned = work.inputs.pinned or work.offline

    def usable(tree: StoredTree) -> bool:
        return pinned or time.time() - tree.made < _FRESH

    if not work.static:
        return _ensured(key, usable, work, label), ()
    known = open_tree(entry("trees", key))
    if known and usable(known):
        return known, ()

    def ensure(some: Installation, without: Sequence[str]) -> StoredTree:
        return _ensured(digest("static-1", key, *without), usable, some, label)

    # Where nothing may be built, another version may have to do.
    hint = _STATIC if _may_build(work) else _FORBIDDEN
    try:
        with static(to_be_built(work.inputs.local, partial=partial), hint):
            return partial_tree(work, ensure) if partial else (ensure(work, ()), ())
    except ResolveError:
        if known:
            return known, ()
        raise


def _ensured(key: str, usable: Callable[[StoredTree], bool], work: Installation, label: str) -> StoredTree:
    try:
        return ensure_tree(
            entry("trees", key),
            usable,
            lambda folder: make_tree(folder, work, label),
            lambda: work.progress("the installed tree in the cache is damaged: it is made again"),
        )
    except OSError as error:
        raise ResolveError(
            "the cache cannot be written",
            cause=f"{error.filename or entry('trees', key)}: {error.strerror}",
            hint="set LAMBDA_SLIM_CACHE to a folder that can",
        ) from error


def _refreshed(inputs: Inputs, sources: Sources) -> tuple[str, ...]:
    """Has uv build local projects anew: it looks at their pyproject.toml, and not at an edited module."""
    if sources.local or inputs.links:
        return ("--refresh",)
    if not inputs.local:
        return ()
    names = names_of(inputs.local)
    return ("--refresh",) if names is None else tuple(f"--refresh-package={name}" for name in names)


def read_distributions(tree: Path, direct: Mapping[str, str], content: str = "") -> tuple[Distribution, ...]:
    """The distributions in a tree, by name, with what requires what.

    Args:
        tree: A folder with `*.dist-info` folders.
        direct: Names that the project requires itself, to the line; where empty, those that nothing else requires.
        content: A digest of the tree; what is found is kept under it.
    """
    rows = _rows(tree, content)
    required = {name for _, _, requires in rows for name in requires}
    own = direct or {name: "" for name, _, _ in rows if name not in required}
    return tuple(
        Distribution(name, version, tuple(requires), direct=name in own, where=own.get(name, ""))
        for name, version, requires in rows
    )


def with_carried(resolution: Resolution, inventory: Inventory) -> Resolution:
    """The resolution with the distributions that lie in folders of first-party code: `vendored/*.dist-info`."""
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


def _rows(tree: Path, content: str) -> list[tuple[str, str, list[str]]]:
    key = digest("distributions-3", content)
    if content and (known := load("distributions", key)):
        with contextlib.suppress(ValueError):
            return [(name, version, requires) for name, version, requires in json.loads(known)]
    versions = installed_versions(tree)
    graph = (read_dependencies(tree) if versions else {}) or {}
    rows = [
        (name, version, sorted(set(graph.get(name, ())) & set(versions))) for name, version in sorted(versions.items())
    ]
    if content:
        store("distributions", key, json.dumps(rows).encode())
    return rows
