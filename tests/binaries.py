"""Files for tests: compiled ones, made byte by byte without a compiler, and such as nobody may read."""

import os
import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

MACHINE = {"x86_64": 62, "aarch64": 183}
MACHO = b"\xcf\xfa\xed\xfe" + bytes(60)
PAGE = 0x1000


def make_elf(
    machine: str = "x86_64",
    *,
    needed: Sequence[str] = ("libc.so.6",),
    soname: str = "",
    versions: Sequence[str] = ("GLIBC_2.17",),
    symbols: bytes = b"",
    gap: int = 0,
) -> bytes:
    """A shared object with a dynamic section.

    Args:
        machine: `x86_64` or `aarch64`.
        needed: DT_NEEDED.
        soname: DT_SONAME.
        versions: Symbol versions needed of the first library.
        symbols: Bytes of a section that no loader maps, at the end.
        gap: Pages of such bytes between the two loaded segments.
    """
    strings = b"\0"
    places: dict[str, int] = {}
    for text in (*needed, soname, *versions):
        if text and text not in places:
            places[text] = len(strings)
            strings += text.encode() + b"\0"
    strings_at = 64 + 3 * 56
    versions_at = strings_at + len(strings)
    need = b""
    if versions:
        need = struct.pack("<HHIII", 1, len(versions), places[needed[0]], 16, 0)
        for index, version in enumerate(versions):
            step = 16 if index + 1 < len(versions) else 0
            need += struct.pack("<IHHII", 0, 0, index + 2, places[version], step)
    dynamic_at = versions_at + len(need)
    tags = [(1, places[name]) for name in needed] + ([(14, places[soname])] if soname else [])
    tags += [(5, strings_at)] + ([(0x6FFFFFFE, versions_at), (0x6FFFFFFF, 1)] if versions else []) + [(0, 0)]
    dynamic = b"".join(struct.pack("<qQ", *tag) for tag in tags)
    first_end = dynamic_at + len(dynamic)
    second_at = -(-first_end // PAGE) * PAGE + gap * PAGE
    data = b"loaded too" * 3
    names = b"\0.dynstr\0.debug_info\0.shstrtab\0"
    symbols_at = second_at + len(data)
    names_at = symbols_at + len(symbols)
    sections_at = names_at + len(names)
    sections = [
        (0,) * 10,
        (1, 3, 2, strings_at, strings_at, len(strings), 0, 0, 1, 0),
        (9, 1, 0, 0, symbols_at, len(symbols), 0, 0, 1, 0),
        (21, 3, 0, 0, names_at, len(names), 0, 0, 1, 0),
    ]
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 3, MACHINE[machine], 1, 0, 64, sections_at, 0, 64, 56, 3, 64, 4, 3)
    programs = [
        (1, 5, 0, 0, 0, first_end, first_end, PAGE),
        (1, 6, second_at, second_at + PAGE, second_at + PAGE, len(data), len(data), PAGE),
        (2, 6, dynamic_at, dynamic_at, dynamic_at, len(dynamic), len(dynamic), 8),
    ]
    body = header + b"".join(struct.pack("<IIQQQQQQ", *row) for row in programs) + strings + need + dynamic
    body += b"\xaa" * (second_at - len(body)) + data + symbols + names
    return body + b"".join(struct.pack("<IIQQQQIIQQ", *row) for row in sections)


def make_pyc(magic: int, flags: int = 0, *, mtime: int = 1, size: int = 1) -> bytes:
    """The header of a .pyc and some code that is none."""
    return struct.pack("<H2sIII", magic, b"\r\n", flags, mtime, size) + b"code"


def lock(path: Path, mode: int = 0) -> None:
    """Takes rights of a file or folder away; skips the test where that changes nothing, as for root."""
    path.chmod(mode)
    if os.access(path, os.W_OK):
        pytest.skip("this user may do everything")
