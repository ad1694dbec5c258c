"""A list of what has wheels, where nothing may be built and the rest can be named."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from lambda_slim.base.errors import NoWheelError
from lambda_slim.base.stored_tree import StoredTree
from lambda_slim.formats.names import normalise
from lambda_slim.inputs.install import Installation


def partial_tree(
    work: Installation, ensure: Callable[[Installation, Sequence[str]], StoredTree]
) -> tuple[StoredTree, tuple[str, ...]]:
    """The tree of the requirements but those that would have to be built, and the names of those.

    Args:
        work: What is to be installed; nothing of it is built.
        ensure: Makes the tree of an installation, of which some names are left out.

    Raises:
        ResolveError: something else is wrong.
    """
    names: list[str] = []
    while True:
        try:
            with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
                return ensure(_without(work, names, Path(folder) / "excluded.txt"), names), tuple(names)
        except NoWheelError as error:
            name = normalise(error.name)
            if not name or name in names:
                raise
            names.append(name)


def _without(work: Installation, names: Sequence[str], file: Path) -> Installation:
    if not names:
        return work
    file.write_text("".join(f"{name}\n" for name in names), "utf-8")
    flags = ("--excludes", str(file))
    requests = ((replace(request, arguments=(*request.arguments, *flags)), source) for request, source in work.requests)
    return replace(work, requests=tuple(requests))


def unbuilt_note(names: Sequence[str]) -> str:
    """What is said of the requirements that are left out."""
    have = "has" if len(names) == 1 else "have"
    build = "`lambda-slim build` tells whether it can be built"
    return f"{', '.join(names)} {have} no wheel, and this command builds nothing: {build}"
