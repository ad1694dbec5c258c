"""Runtimes of Lambda and the target that a package is built for."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Runtime:
    """One managed runtime, from `knowledge/runtimes.toml` (each row there has its source and the day it was checked).

    Attributes:
        name: Lambda's identifier, e.g. `python3.12`.
        glibc: Version of the C library, e.g. (2, 34).
        glibcxx: Highest GLIBCXX symbol version of libstdc++, e.g. (3, 4, 29).
        magic: The bytecode magic number of the minor version, None where not known.
        deprecated: The day AWS stops patching it, None where not announced.
        preview: Not yet generally available.
    """

    name: str
    os: str
    glibc: tuple[int, int]
    glibcxx: tuple[int, int, int]
    magic: int | None
    deprecated: date | None
    preview: bool

    @property
    def python(self) -> str:
        """The minor version: `3.12`."""
        return self.name.removeprefix("python")

    @property
    def version(self) -> tuple[int, int]:
        """The minor version as numbers: (3, 12)."""
        major, minor = self.python.split(".")
        return int(major), int(minor)


@dataclass(frozen=True, slots=True)
class Target:
    """What the package must run on: a runtime and an architecture (`x86_64` or `arm64`)."""

    runtime: Runtime
    architecture: str

    @property
    def machine(self) -> str:
        """The architecture as wheels and ELF call it: `x86_64` or `aarch64`."""
        return "aarch64" if self.architecture == "arm64" else "x86_64"

    @property
    def platform(self) -> str:
        """The platform for uv: `x86_64-manylinux_2_34`; the glibc number is the runtime's, never uv's default."""
        return f"{self.machine}-manylinux_{self.runtime.glibc[0]}_{self.runtime.glibc[1]}"

    @property
    def label(self) -> str:
        """For people: `python3.12 x86_64`."""
        return f"{self.runtime.name} {self.architecture}"
