"""The zip: same members, same bytes, every time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Archive:
    """A written zip. Sizes in bytes; `members` maps each name to (unzipped, zipped)."""

    path: Path
    sha256: str  # hex
    code_sha256: str  # base64, Lambda's CodeSha256 and Terraform's source_code_hash
    zipped: int
    unzipped: int
    members: Mapping[str, tuple[int, int]] = field(default_factory=dict)
