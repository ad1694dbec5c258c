"""A folder that a deployment tool has filled, with the packages in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lambda_slim.inputs.functions.records import Declared


@dataclass(frozen=True, slots=True)
class ToolPackage:
    """A folder or zip that functions are deployed from.

    Attributes:
        place: The folder or zip, links followed.
        functions: The Python functions that it is the code of.
        why: Why it is left alone; "" where it is not.
    """

    place: Path
    functions: tuple[Declared, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class ToolLayer:
    """A layer that is built with the functions of a deployment.

    Attributes:
        name: Its logical id.
        place: The folder or zip that it is made of, links followed.
        why: Why it is left alone whatever is asked for; "" where it is not.
        shared: Why it is left alone unless it is asked for: something that is not known here may use it.
    """

    name: str
    place: Path
    why: str = ""
    shared: str = ""


@dataclass(frozen=True, slots=True)
class Digests:
    """What a package was and is, for files that name it.

    Attributes:
        zip: SHA-256 of the slim package as a zip, hex.
        before: SHA-256 of the zip that it was, hex; "" for a folder.
    """

    zip: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Edits:
    """What else changes with packages.

    Attributes:
        texts: Files that name them, with their new bytes.
        places: Packages that get another name, with it.
    """

    texts: Mapping[Path, bytes] = field(default_factory=dict)
    places: Mapping[Path, Path] = field(default_factory=dict)


def no_edits(_: Mapping[Path, Digests]) -> Edits:
    """Of tools that look at the packages when they deploy."""
    return Edits()


@dataclass(frozen=True, slots=True)
class BuildOutput:
    """What a deployment tool has built.

    Attributes:
        kind: What people call it.
        folder: The folder that was named, or that a zip lies in.
        packages: Its packages.
        others: (function, why) of what is none of ours: other languages, images.
        edits: From packages that change to the rest that has to change with them.
        aside: The folder in which former states may lie without being deployed.
        layers: The layers that are built with its functions.
        asked: Names of the functions that are meant, where one of its packages was named; () for all.
    """

    kind: str
    folder: Path
    packages: tuple[ToolPackage, ...]
    others: tuple[tuple[str, str], ...] = ()
    edits: Callable[[Mapping[Path, Digests]], Edits] = no_edits
    aside: Path = Path()
    layers: tuple[ToolLayer, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[Path, ...]:
        """Where its packages and layers lie."""
        return (*(package.place for package in self.packages), *(layer.place for layer in self.layers))
