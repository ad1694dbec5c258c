"""Installed distributions and how they depend on each other."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Distribution:
    """One installed distribution.

    Attributes:
        name: Normalised (PEP 503).
        requires: Names of the installed distributions it requires on the target.
        direct: The project itself requires it.
        where: The line that asks for it, `requirements.txt:3`, when direct and known.
    """

    name: str
    version: str
    requires: tuple[str, ...] = ()
    direct: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The installed dependency tree of one (requirements, target) pair.

    Attributes:
        tree: The folder that stands for site-packages; None when there is no dependency. Shared: never write into it.
        key: Digest of the tree's content, and of what was asked for.
        notes: What does not fit, where that was to be passed over.
        unbuilt: Names of the requirements that would have to be built, and are not in the tree.
    """

    tree: Path | None
    distributions: tuple[Distribution, ...]
    key: str
    notes: tuple[str, ...] = ()
    unbuilt: tuple[str, ...] = ()
