"""Do the headers and the directory of a zip agree? Otherwise two readers may see two different packages."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import IO

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR = struct.Struct("<4sIQI")
_DESCRIPTOR, _DESCRIPTOR64 = struct.Struct("<III"), struct.Struct("<IQQ")
_LONGEST_COMMENT = 0xFFFF
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# Flags of an entry (APPNOTE 4.4.4).
_ENCRYPTED, _LATER, _PATCHED, _STRONG, _UTF8, _MASKED = 1, 8, 32, 64, 0x800, 0x2000
_ZIP64, _UNICODE_PATH = 1, 0x7075  # extra fields (APPNOTE 4.5.3, 4.6.9)


def layout_fault(raw: IO[bytes], size: int, entries: Sequence[zipfile.ZipInfo], directory: int) -> str:
    """What is wrong with a zip that Python's `zipfile` takes, "" where nothing is.

    Args:
        raw: The zip.
        size: Its bytes.
        entries: As `zipfile` reads its directory.
        directory: Where that begins.
    """
    try:
        return next(_faults(raw, size, entries, directory), "")
    except struct.error:
        return "it is cut short"


def _faults(raw: IO[bytes], size: int, entries: Sequence[zipfile.ZipInfo], directory: int) -> Iterator[str]:
    rows, stop = _central(raw, directory, len(entries))
    yield from _end_faults(raw, size, len(entries), (directory, stop))
    seen: set[str] = set()
    spans: list[tuple[int, int, str]] = []
    for entry, row in zip(entries, rows, strict=True):
        name = posixpath.normpath(entry.filename.replace("\\", "/"))  # `./a` and `a//b` are unpacked to `a` and `a/b`
        if name in seen:
            yield f"`{entry.filename[:80]}` is there twice"
        seen.add(name)
        yield from _entry_faults(entry)
        end, fault = _local(raw, entry, row)
        if fault := fault or _content_fault(raw, entry):
            yield f"`{entry.filename[:80]}`: {fault}"
        spans.append((entry.header_offset, end, entry.filename))
    yield from _overlaps(sorted(spans), directory)


def _overlaps(spans: Sequence[tuple[int, int, str]], directory: int) -> Iterator[str]:
    if spans and spans[0][0] > 0:
        yield f"{spans[0][0]} bytes lie before its first file"
    place = 0
    for start, end, name in spans:
        if start < place or end > directory:
            yield f"`{name[:80]}` overlaps with something else, or is cut short"
        place = end


def _entry_faults(entry: zipfile.ZipInfo) -> Iterator[str]:
    method = entry.compress_type
    is_no_name = not entry.filename.strip("/") or "\0" in entry.orig_filename
    is_stored = method == zipfile.ZIP_STORED
    faults = {
        "is no name": is_no_name,
        f"is compressed by method {method}; Lambda knows stored and deflated": method not in _METHODS,
        "is encrypted or a patch": entry.flag_bits & (_ENCRYPTED | _PATCHED | _STRONG | _MASKED),
        "is stored in another size than it has": is_stored and entry.compress_size != entry.file_size,
        "is a folder with content": entry.is_dir() and entry.file_size,
        "is on another disk": entry.volume,
    }
    for fault in compress(faults, faults.values()):
        yield f"`{entry.filename[:80]}` {fault}"


def _central(raw: IO[bytes], place: int, count: int) -> tuple[list[tuple[int, bytes]], int]:
    """Flags and name of every entry as the directory has them, and where that ends."""
    rows = []
    raw.seek(place)
    for _ in range(count):
        header = _CENTRAL.unpack(raw.read(_CENTRAL.size))
        if header[0] != b"PK\x01\x02":
            raise struct.error
        rows.append((header[3], raw.read(header[10])))
        raw.seek(header[11] + header[12], 1)
    return rows, raw.tell()


def _local(raw: IO[bytes], entry: zipfile.ZipInfo, row: tuple[int, bytes]) -> tuple[int, str]:
    """Where an entry's data end, and where its own header says something else than the directory."""
    raw.seek(entry.header_offset)
    head = raw.read(_LOCAL.size)
    mark, _, flags, method, _, _, crc, packed, unpacked, name_size, extra_size = _LOCAL.unpack(head)
    name, extra = raw.read(name_size), raw.read(extra_size)
    end = entry.header_offset + _LOCAL.size + name_size + extra_size + entry.compress_size
    if mark != b"PK\x03\x04":
        return end, "its header is not where the directory says"
    if name != row[1] or len(extra) < extra_size:
        return end, "its header has another name than the directory"
    if method != entry.compress_type or (flags ^ row[0]) & (_ENCRYPTED | _LATER | _UTF8):
        return end, "its header names another method than the directory"
    if _is_renamed(extra, name) or _is_renamed(entry.extra, name):
        return end, "its extra field has another name than the directory"
    if flags & _LATER:
        return _described(raw, entry, end)
    known = (entry.CRC, entry.compress_size, entry.file_size)
    same = (crc, *_sizes64(extra, packed, unpacked)) == known
    return end, "" if same else "its header has other sizes or another checksum than the directory"


def _described(raw: IO[bytes], entry: zipfile.ZipInfo, end: int) -> tuple[int, str]:
    """Where the sizes and the checksum behind an entry's data end, and whether they are others than the directory's."""
    raw.seek(end)
    told = raw.read(_DESCRIPTOR64.size + 4)
    numbers = (entry.CRC, entry.compress_size, entry.file_size)
    for form in (_DESCRIPTOR.pack(*(number & 0xFFFFFFFF for number in numbers)), _DESCRIPTOR64.pack(*numbers)):
        for descriptor in (b"PK\x07\x08" + form, form):
            if told.startswith(descriptor):
                return end + len(descriptor), ""
    return end, "the sizes and the checksum behind its data are not those of the directory"


def _content_fault(raw: IO[bytes], entry: zipfile.ZipInfo) -> str:
    """Whether an entry that is declared empty has content, which `zipfile` does not check."""
    if entry.file_size or not entry.compress_size:
        return ""
    raw.seek(entry.header_offset + 26)
    raw.seek(sum(struct.unpack("<HH", raw.read(4))), 1)
    try:
        empty = not zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw.read(min(entry.compress_size, 1 << 16)), 1)
    except zlib.error:
        empty = False
    return "" if empty else "it has content, and the directory says that it is empty"


def _is_renamed(extra: bytes, name: bytes) -> bool:
    """Whether an extra field has another name for an entry than its header, which any reader could show."""
    for kind, data in _fields(extra):
        if kind == _UNICODE_PATH and name.isascii() and data[:5] == struct.pack("<BI", 1, zlib.crc32(name)):
            return data[5:] != name
    return False


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of an extra field, each with its number."""
    place = 0
    while place + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, place)
        yield kind, extra[place + 4 : place + 4 + size]
        place += 4 + size


def _sizes64(extra: bytes, packed: int, unpacked: int) -> tuple[int, int]:
    """The sizes of a header with those of its ZIP64 field."""
    data = next((data for kind, data in _fields(extra) if kind == _ZIP64), None)
    if data is None:
        return packed, unpacked
    numbers = iter(struct.unpack_from(f"<{min(len(data), 32) // 8}Q", data))
    unpacked = next(numbers, -1) if unpacked == 0xFFFFFFFF else unpacked
    packed = next(numbers, -1) if packed == 0xFFFFFFFF else packed
    return packed, unpacked


def _end_faults(raw: IO[bytes], size: int, count: int, directory: tuple[int, int]) -> Iterator[str]:
    start = max(0, size - _END.size - _LONGEST_COMMENT)
    raw.seek(start)
    tail = raw.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0:
        yield "it has no end of a directory"
        return
    _, disk, first, here, total, length, offset, comment = _END.unpack_from(tail, place)
    if start + place + _END.size + comment != size:
        yield "bytes follow its end, or its comment is cut short"
    ends = start + place
    if 0xFFFF in (disk, first, here, total) or 0xFFFFFFFF in (length, offset):
        ends, values = _end64(raw, ends)
        disk, first, here, total, length, offset = values
    if (disk, first, here) != (0, 0, total):
        yield "it is a part of a zip on several disks"
    if total != count:
        yield f"its end speaks of {total} files and its directory has {count}"
    if (offset, offset + length) != directory or directory[1] != ends:
        yield "its directory is not where its end says"


def _end64(raw: IO[bytes], end: int) -> tuple[int, tuple[int, int, int, int, int, int]]:
    """Where the ZIP64 end lies, and what it says in place of the other; numbers that fit nothing where it is broken."""
    raw.seek(max(0, end - _LOCATOR.size))
    mark, disk, place, disks = _LOCATOR.unpack(raw.read(_LOCATOR.size))
    if mark != b"PK\x06\x07" or disks > 1 or disk:
        return end, (0, 0, 0, 0, 0, -1)
    raw.seek(place)
    mark, _, _, _, own, first, here, total, length, offset = _END64.unpack(raw.read(_END64.size))
    if mark != b"PK\x06\x06":
        return end, (0, 0, 0, 0, 0, -1)
    return place, (own, first, here, total, length, offset)
