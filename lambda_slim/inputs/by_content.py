"""Distributions in a package without their metadata, recognised by their modules."""

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from pathlib import Path

from lambda_slim.base.files import read_loosely
from lambda_slim.formats.names import normalise
from lambda_slim.knowledge.contents import distribution_with

_ENDINGS = (".pyc", ".py")


def distributions_by_content(rows: Iterable[tuple[str, Path, int]], claimed: Collection[str]) -> dict[str, str]:
    """Top-level names at the root of a package to the distribution that has them.

    Args:
        rows: Package path, source and size of its files.
        claimed: Top-level names whose distribution is known.
    """
    folders: dict[str, set[str]] = {}
    files: dict[str, Path] = {}
    for path, source, _ in rows:
        top, below, inner = path.partition("/")
        if below:
            folders.setdefault(top, set()).update(_module(inner))
        elif path.endswith(".py"):
            files[path.removesuffix(".py")] = source
    known = [(top, distribution_with(top, modules, str)) for top, modules in folders.items()]
    known += [(top, distribution_with(top, (), partial(read_loosely, place))) for top, place in files.items()]
    return {top: normalise(owner) for top, owner in known if owner and top not in claimed}


def _module(path: str) -> Iterator[str]:
    """The path of a module without its ending; nothing for other files."""
    ending = next((ending for ending in _ENDINGS if path.endswith(ending)), "")
    if ending:
        yield path.removesuffix(ending)
