"""The members of the zip."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

UNZIPPED_LIMIT = 262_144_000  # bytes with layers: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the zip.

    Attributes:
        name: POSIX path in the package.
        data: Its bytes, already shaped.
        executable: 0755 instead of 0644.
        origin: Package path of the file that it was made from (a .pyc's source; itself otherwise).
    """

    name: str
    data: bytes
    executable: bool = False
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Shaped:
    """Members and how they came about.

    Attributes:
        bytecode: What was done: `auto` (in place of source, of what INIT imports), `init`, `all`, `only` or `none`.
        notes: For people: why bytecode is missing, what it costs.
        uncompiled: Sources that should have bytecode, and that the target's own Python cannot compile.
    """

    members: tuple[Member, ...]
    bytecode: str
    notes: tuple[str, ...] = ()
    uncompiled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Archive:
    """A written zip. Sizes in bytes; `members` maps each name to (unzipped, zipped)."""

    path: Path
    sha256: str  # hex
    code_sha256: str  # base64, Lambda's CodeSha256 and Terraform's source_code_hash
    zipped: int
    unzipped: int
    members: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
