"""Is what is installed complete? Each distribution says in its metadata what it requires."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from lambda_slim.base.errors import LockError
from lambda_slim.base.files import read_regular_text
from lambda_slim.formats.names import normalise
from lambda_slim.inputs.closure import UNLOCKED, UNREADABLE, applies, marker_environment, read_requirement
from lambda_slim.inputs.install import installed_versions
from lambda_slim.model.target import Target


def settled(doubt: LockError | None, tree: Path, target: Target) -> tuple[str, ...]:
    """What to say of a lock for another Python, once what it has is installed; nothing without a doubt.

    Raises:
        LockError: something that it has requires what it has not, on the target.
    """
    if doubt is None:
        return ()
    lacking = next(lacks(tree, marker_environment(target)), "")
    if lacking:
        raise LockError(doubt.message, cause=f"{doubt.cause}; on {target.runtime.name} {lacking}", hint=doubt.hint)
    return (f"{doubt.message}: {doubt.cause}; what it has is complete there too",)


def lacks(tree: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """What distributions of a tree require and is not in it, or in another version."""
    versions = {normalise(name): version for name, version in installed_versions(tree).items()}
    for path in sorted(tree.glob("*.dist-info/METADATA")):
        name = path.parent.name.partition("-")[0]
        for text in _required(path):
            requirement = read_requirement(text)
            if requirement is None or normalise(requirement.name) in UNLOCKED:
                continue
            if not applies(str(requirement.marker or ""), environment):
                continue
            version = versions.get(normalise(requirement.name))
            if version is None:
                yield f"{name} requires {requirement.name}, which is not locked"
            elif not _fits(str(requirement.specifier), version):
                yield f"{name} requires {requirement.name}{requirement.specifier}, and {version} is locked"


def _required(path: Path) -> Iterator[str]:
    for line in read_regular_text(path).splitlines():
        if not line:
            return
        if line.startswith("Requires-Dist:"):
            yield line.partition(":")[2].strip()


def _fits(specifier: str, version: str) -> bool:
    from packaging.specifiers import SpecifierSet

    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except UNREADABLE:
        return True
