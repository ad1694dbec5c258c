"""A list of what has wheels, where nothing may be built and the rest can be named."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from lambda_slim.base.errors import NoWheelError
from lambda_slim.base.stored_tree import StoredTree
from lambda_slim.formats.names import normalise
from lambda_slim.formats.tables import as_several, as_table, table_at
from lambda_slim.inputs.declarations import names_of, read_toml
from lambda_slim.inputs.install import Installation


def partial_tree(
    work: Installation, ensure: Callable[[Installation, Sequence[str]], StoredTree]
) -> tuple[StoredTree, tuple[str, ...]]:
    """The tree of the requirements but those that would have to be built, and the names of those.

    Local projects are among those; what they require is in the tree.

    Args:
        work: What is to be installed; nothing of it is built.
        ensure: Makes the tree of an installation, of which some names are left out.

    Raises:
        ResolveError: something else is wrong.
    """
    names = list(map(normalise, declared_names(work.inputs.local) or ()))
    while True:
        try:
            with tempfile.TemporaryDirectory(prefix="lambda-slim-") as folder:
                return ensure(_without(work, names, Path(folder) / "excluded.txt"), names), tuple(names)
        except NoWheelError as error:
            name = normalise(error.name)
            if not name or name in names:
                raise
            names.append(name)


def to_be_built(folders: tuple[Path, ...], *, partial: bool) -> tuple[Path, ...]:
    """The local projects without which there is no list; none where a partial list can name them."""
    return () if partial and declared_names(folders) is not None else folders


def declared_names(folders: tuple[Path, ...]) -> tuple[str, ...] | None:
    """The names of local projects whose name and requirements stand in their pyproject.toml.

    None where one of them would have to be built to be known, or takes what it requires from other places.
    """
    return names_of(folders) if all(map(_stands_there, folders)) else None


def _stands_there(folder: Path) -> bool:
    """Whether what uv asks of a project stands in its pyproject.toml, so that uv need not build it or another one."""
    path = folder / "pyproject.toml"
    table = read_toml(path) if path.is_file() else {}
    project = as_table(table.get("project"))
    dynamic = "dependencies" in as_several(project.get("dynamic")) or " @ " in str(project.get("dependencies"))
    return isinstance(project.get("name"), str) and not dynamic and not table_at(table, "tool", "uv", "sources")


def _without(work: Installation, names: Sequence[str], file: Path) -> Installation:
    if not names:
        return work
    file.write_text("".join(f"{name}\n" for name in names), "utf-8")
    required = (("-r", str(folder / "pyproject.toml")) for folder in work.inputs.local)
    flags = ("--excludes", str(file), *chain.from_iterable(required))
    requests = ((replace(request, arguments=(*request.arguments, *flags)), source) for request, source in work.requests)
    return replace(work, requests=tuple(requests))


def unbuilt_note(names: Sequence[str]) -> str:
    """What is said of the requirements that are left out."""
    have = "has" if len(names) == 1 else "have"
    build = "`lambda-slim build` tells whether it can be built"
    return f"{', '.join(names)} {have} no wheel, and this command builds nothing: {build}"
