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
        site: The folder of the package that an import starts from, where that is not the root: `vendored`.
    """

    path: str
    source: Path
    size: int
    owner: str
    kind: FileKind
    site: str = ""

    @property
    def installed_path(self) -> str:
        """Its path below the folder that an import starts from, as a wheel has it."""
        return self.path[len(self.site) + 1 :] if self.site else self.path

    @property
    def is_read_by_python(self) -> bool:
        """Whether Python reads it without an import: a distribution's metadata, a `.pth` file."""
        return self.kind is FileKind.METADATA or self.path.endswith(".pth")


@dataclass(frozen=True, slots=True)
class Inventory:
    """All candidate files of one function, sorted by path; first-party files win over a distribution's.

    Attributes:
        files: What could ship.
        beside: What layers put at /opt, by the path that an import finds it by; it never ships.
    """

    files: tuple[File, ...]
    warnings: tuple[str, ...] = ()
    beside: tuple[File, ...] = ()

    @property
    def importable(self) -> tuple[File, ...]:
        """Everything that the function can import: a package's file wins over a layer's of the same path."""
        own = {file.path for file in self.files}
        return (*self.files, *(file for file in self.beside if file.path not in own))
