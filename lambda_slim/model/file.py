"""The files that could ship."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FIRST_PARTY = ""  # the owner of first-party files


class FileKind(StrEnum):
    """What a file is, by its name and place."""

    SOURCE = "python source"
    BYTECODE = "bytecode"
    LIBRARY = "compiled library"
    STUB = "stub"
    NATIVE = "native source"  # C, Cython, headers, static libraries
    METADATA = "metadata"  # *.dist-info
    LICENCE = "licence"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class File:
    """One file that could ship.

    Attributes:
        path: Its name in the package: POSIX, relative.
        source: Where its bytes are now.
        size: Bytes.
        owner: Normalised name of its distribution, `FIRST_PARTY` for the function's own files.
    """

    path: str
    source: Path
    size: int
    owner: str
    kind: FileKind


@dataclass(frozen=True, slots=True)
class Inventory:
    """All candidate files of one function, sorted by path; first-party files win over a distribution's."""

    files: tuple[File, ...]
    warnings: tuple[str, ...] = ()
