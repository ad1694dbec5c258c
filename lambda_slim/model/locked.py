"""What a lock says, whichever tool wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lambda_slim.base.text import clause

PYPI = "pypi"  # the public index, or what the environment names in its place


@dataclass(frozen=True, slots=True)
class DeclaredSources:
    """The package indexes that a project declares for another tool than uv.

    Attributes:
        order: Names of those that any requirement may come from, the first to be asked first; `PYPI` alone where the
            project says nothing else.
        urls: Names to addresses. An address may carry a credential.
        claimed: Requirements that come from one index, which is not the only one, to its name.
        insecure: Hosts whose certificates are not looked at.
        lock: The command that writes a lock.
    """

    order: tuple[str, ...] = (PYPI,)
    urls: Mapping[str, str] = field(default_factory=dict)
    claimed: Mapping[str, str] = field(default_factory=dict)
    insecure: tuple[str, ...] = ()
    lock: str = ""


@dataclass(frozen=True, slots=True)
class LockedPackage:
    """One distribution of a lock.

    Attributes:
        name: Normalised (PEP 503).
        version: "" where only its place is locked.
        place: ` @ URL` for what comes from no index.
        hashes: `sha256:…`, of all its files.
        index: Its index, a name in `Lock.indexes`; "" for the one that the environment names.
        marker: Where it is wanted; "" for everywhere.
        requires: What it requires itself (PEP 508).
        extras: What each of its extras requires besides.
    """

    name: str
    version: str
    place: str = ""
    hashes: tuple[str, ...] = ()
    index: str = ""
    marker: str = ""
    requires: tuple[str, ...] = ()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The line of a requirements file that asks for exactly this."""
        asked = self.place or clause("=={}", self.version)
        return " ".join([f"{self.name}{asked}", *(f"--hash={text}" for text in self.hashes)])


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock.

    Attributes:
        packages: In the order of the file.
        indexes: Names to addresses of its package indexes. An address may carry a credential.
        roots: What the project itself requires (PEP 508); None where all packages are wanted.
        insecure: Hosts whose certificates are not looked at.
        common: Names of indexes that are asked, in this order, for packages that name none; `pypi` is the last to be.
    """

    packages: tuple[LockedPackage, ...]
    indexes: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] | None = None
    insecure: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
