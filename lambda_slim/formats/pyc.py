"""Bytecode files: which Python they are for, and whether it would use them."""

import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pyc:
    """The header of a .pyc (PEP 552).

    Attributes:
        magic: The number of the Python minor version.
        kind: `timestamp`, `checked-hash` or `unchecked-hash`.
        mtime: Of the source, for a timestamp .pyc; else 0.
        size: Of the source, for a timestamp .pyc; else 0.
    """

    magic: int
    kind: str
    mtime: int = 0
    size: int = 0


def parse_pyc(data: bytes) -> Pyc | None:
    """The header, or None where the bytes are not bytecode."""
    if len(data) < 16 or data[2:4] != b"\r\n":
        return None
    magic, flags, first, second = struct.unpack("<HxxIII", data[:16])
    if flags == 0:
        return Pyc(magic, "timestamp", first, second)
    return Pyc(magic, "checked-hash" if flags & 2 else "unchecked-hash")
