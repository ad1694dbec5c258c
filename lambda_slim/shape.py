"""What a kept file becomes in the package: as it is, compiled, or stripped."""

from dataclasses import dataclass


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
