"""May the runtime's AWS SDK take the place of the project's? All of it, or nothing."""

from collections.abc import Iterable, Iterator, Mapping
from email.parser import HeaderParser
from itertools import chain

from lambda_slim.base.files import read_loosely
from lambda_slim.base.rows import by_name
from lambda_slim.knowledge.aws import load_aws
from lambda_slim.model.distribution import Distribution, Resolution
from lambda_slim.model.evidence import SdkUse
from lambda_slim.model.file import FIRST_PARTY, Inventory
from lambda_slim.model.imports import Imports

_FAR = "1.9999"  # the SDK has been at 1 for ten years: `<2` bounds nothing


def find_sdk(resolution: Resolution, imports: Imports, inventory: Inventory) -> SdkUse:
    """Which distributions belong to the SDK, and whether anything else needs them in the project's own version."""
    installed = by_name(resolution.distributions)
    parts = _parts(installed)
    if not parts:
        return SdkUse()
    reasons = chain(
        _required_elsewhere(installed, parts),
        _declared_apart(installed, parts, imports),
        _bounded(installed, parts, inventory),
    )
    declared = tuple(f"{name} {installed[name].version}" for name in sorted(parts) if installed[name].direct)
    return SdkUse(parts, next(reasons, ""), declared)


def _parts(installed: Mapping[str, Distribution]) -> frozenset[str]:
    """The installed distributions of the SDK, and all that they require, directly or in turn."""
    parts: set[str] = set()
    waiting = sorted(load_aws().sdk & installed.keys())
    while waiting:
        name = waiting.pop()
        if name not in parts:
            parts.add(name)
            waiting += sorted(load_aws().boto_set.intersection(installed[name].requires) & installed.keys())
    return frozenset(parts)


def _required_elsewhere(installed: Mapping[str, Distribution], parts: frozenset[str]) -> Iterator[str]:
    """Distributions outside the SDK that require a distribution of the SDK."""
    for name, distribution in installed.items():
        if name not in parts and load_aws().companions.keys() & set(distribution.requires):
            yield f"{name} needs a part of the AWS SDK set"


def _declared_apart(installed: Mapping[str, Distribution], parts: frozenset[str], imports: Imports) -> Iterator[str]:
    """Distributions of the SDK that the project declares by themselves.

    A list of everything that is installed, as `pip freeze` writes it, names them all: there it is what first-party code
    imports that counts.
    """
    listed = all(installed[name].direct for name in parts)
    imported = _imported(imports) if listed else frozenset()
    for name in sorted(load_aws().companions):
        if name in installed and installed[name].direct and (not listed or name not in parts or name in imported):
            yield f"the project requires {name} {installed[name].version} itself"


def _imported(imports: Imports) -> frozenset[str]:
    """Distributions that first-party code imports by a literal name."""
    own = [name for name, module in imports.modules.items() if module.owner == FIRST_PARTY]
    targets = {edge.target for name in own for edge in imports.edges.get(name, ())}
    return frozenset(imports.modules[target].owner for target in targets if target in imports.modules)


def _bounded(installed: Mapping[str, Distribution], parts: frozenset[str], inventory: Inventory) -> Iterator[str]:
    """Distributions that cap the SDK's version, so that the runtime's version may be too new for them."""
    wanting = {name for name, it in installed.items() if name not in parts and load_aws().sdk.intersection(it.requires)}
    for file in inventory.files:
        if file.owner in wanting and file.path.endswith(".dist-info/METADATA"):
            for line in _pinned(read_loosely(file.source)):
                yield f"{file.owner} allows only `{line}`"


def _pinned(metadata: str) -> Iterable[str]:
    """Requirements on the SDK, of a distribution without extras, that exclude later versions."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    for line in HeaderParser().parsestr(metadata).get_all("Requires-Dist", ()):
        try:
            requirement = Requirement(line)
            later = requirement.specifier.contains(_FAR)
        except (ValueError, RecursionError):
            continue
        asked = canonicalize_name(requirement.name) in load_aws().sdk and "extra" not in str(requirement.marker)
        if asked and not later:
            yield f"{requirement.name}{requirement.specifier}"
