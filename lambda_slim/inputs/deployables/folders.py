"""The folders below a root that may hold something to deploy."""

import os
from collections.abc import Iterator
from pathlib import Path

import pathspec

from lambda_slim.base.files import repository
from lambda_slim.inputs.git_ignored import read_ignored
from lambda_slim.inputs.images.package import is_image
from lambda_slim.inputs.project.artifacts import is_built, is_environment
from lambda_slim.inputs.project.manifest import NAME as MANIFEST

_IGNORE = ".gitignore"
# What other tools write; each is made from something that is found by itself.
_OUTPUTS = frozenset({"cdk.out", "node_modules", "site-packages", "__pycache__", "venv", "build", "dist", "wheels"})
_TESTS = frozenset({"test", "tests", "testing", "fixtures", "testdata", "docs", "doc"})

_Specs = tuple[tuple[Path, pathspec.GitIgnoreSpec], ...]


def folders(root: Path) -> Iterator[Path]:
    """The root and the folders below it, those above first, by name.

    Left out are what git ignores, hidden folders, environments, packages that are already built, the folders that
    builds write to, and those of tests and documents. Links to folders are not followed: what they lead to is found
    where it lies, or is not of this repository.
    """
    yield from _below(root, _above(root))


def _below(folder: Path, specs: _Specs) -> Iterator[Path]:
    own = folder / _IGNORE
    if own.is_file():
        specs = (*specs, (folder, read_ignored(own)))
    yield folder
    for inner in sorted(_inner(folder)):
        if not (_is_ignored(inner, specs) or _is_output(inner)):
            yield from _below(inner, specs)


def _inner(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    yield Path(entry.path)
    except PermissionError:
        return


def _is_output(folder: Path) -> bool:
    name = folder.name.lower()
    if name in _OUTPUTS | _TESTS or name.endswith((".dist-info", ".egg-info")):
        return True
    return is_environment(folder) or (folder / MANIFEST).is_file() or is_built(folder) or is_image(folder)


def _above(root: Path) -> _Specs:
    """The `.gitignore` files above the root, up to the repository's folder."""
    top = repository(root)
    between = [folder for folder in reversed(root.parents) if folder == top or top in folder.parents]
    return tuple((folder, read_ignored(folder / _IGNORE)) for folder in between if (folder / _IGNORE).is_file())


def _is_ignored(folder: Path, specs: _Specs) -> bool:
    ignored = False
    for home, spec in specs:
        opinion = spec.check_file(f"{folder.relative_to(home).as_posix()}/").include
        ignored = ignored if opinion is None else opinion
    return ignored
