"""Bytecode files: which Python they are for, and whether it would use them."""

import re
import struct
from collections.abc import Iterator
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


# A text in marshal's format: a type (with or without the flag of a reference), its length, its bytes.
_SHORT = re.compile(rb"[zZ\xfa\xda](?=(.))", re.DOTALL)
_LONG = re.compile(rb"[aAut\xe1\xc1\xf5\xf4](?=(.{4}))", re.DOTALL)
_LONGEST = 100_000  # bytes of one text


def texts_in(data: bytes) -> Iterator[str]:
    """Every text in bytecode of any Python, names and constants alike; some may be no texts of the program."""
    for pattern in (_SHORT, _LONG):
        for match in pattern.finditer(data):
            size = int.from_bytes(match[1], "little")
            start = match.end(1)
            part = data[start : start + size]
            if 0 < size <= _LONGEST and len(part) == size:
                try:
                    text = part.decode()
                except UnicodeDecodeError:
                    continue
                if text.isprintable() or "\n" in text:
                    yield text
