"""The zip: equal members give equal bytes."""

import base64
import hashlib
import itertools
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lambda_slim.base.errors import LimitError
from lambda_slim.base.files import atomic
from lambda_slim.base.machine import usable_cores
from lambda_slim.base.shelf import Memory, Shelf
from lambda_slim.base.text import clause
from lambda_slim.base.units import show_size
from lambda_slim.formats.deflation import deflate_level, deflated
from lambda_slim.model.member import UNZIPPED_LIMIT, Archive, Member

DIRECT_UPLOAD = 50 * 1024**2  # bytes of a zip that the API takes directly; larger ones go through S3
_DATE = (1 << 5) | 1  # 1980-01-01, the first day that a zip can name
_UTF8 = 0x800
_MOST_ENTRIES = 0xFFFF  # more need zip64, which no document of AWS says that Lambda reads
_STORED, _DEFLATED = 0, 8
_WORTH_A_TASK = 1 << 17  # bytes
END_BYTES = 22  # that end a zip


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    method: int
    crc: int
    data: bytes
    size: int
    mode: int


def write(
    members: Sequence[Member],
    path: Path,
    *,
    release: bool = False,
    layers_bytes: int = 0,
    limit: int = UNZIPPED_LIMIT,
) -> Archive:
    """Writes members as a zip that depends on nothing but them: sorted names, one date, fixed modes, no extra fields.

    Args:
        members: In any order; names are unique.
        path: Replaced when the zip is whole; untouched otherwise.
        release: Compress as hard as can be, see `deflate_level`.
        layers_bytes: What the layers of the function unzip to; it counts to the same limit.
        limit: Bytes unzipped; another one where the zip is only a step to a container image.

    Raises:
        LimitError: over 250 MiB unzipped, with the layers.
        WriteError: the folder cannot be written, or the disk is full.
        ValueError: two members have one name.
    """
    ordered = sorted(members, key=lambda member: member.name.encode())
    if any(first.name == second.name for first, second in itertools.pairwise(ordered)):
        raise ValueError("two members have one name")
    unzipped = sum(len(member.data) for member in ordered)
    if unzipped + layers_bytes > limit:
        beside = clause(" and its layers to {}", layers_bytes, show_size)
        raise LimitError(
            f"the package unzips to {show_size(unzipped)}{beside}; Lambda takes 250 MiB with layers",
            cause="largest: "
            + ", ".join(f"{m.name} {show_size(len(m.data))}" for m in sorted(ordered, key=lambda m: -len(m.data))[:3]),
            hint="try a higher --level (docs/levels.md), --bytecode none, or move data to S3",
        )
    entries = _entries(ordered, deflate_level(release=release, size=unzipped))
    digest = hashlib.sha256()
    with atomic(path) as out:
        for block in _blocks(entries):
            digest.update(block)
            out.write(block)
    zipped = path.stat().st_size
    return Archive(
        path=path,
        sha256=digest.hexdigest(),
        code_sha256=base64.b64encode(digest.digest()).decode(),
        zipped=zipped,
        unzipped=unzipped,
        members={member.name: (entry.size, len(entry.data)) for member, entry in zip(ordered, entries, strict=True)},
        warnings=_warnings(zipped, len(entries)),
    )


def _warnings(zipped: int, count: int) -> tuple[str, ...]:
    warnings = []
    if zipped > DIRECT_UPLOAD:
        warnings.append(f"{show_size(zipped)} zipped: over 50 MiB a zip must be uploaded through S3")
    if count > _MOST_ENTRIES:
        warnings.append(f"{count} files: more than 65535 need zip64, which Lambda is not documented to read")
    return tuple(warnings)


def pack(members: Sequence[Member], *, release: bool = False) -> bytes:
    """The bytes of a zip of members, as `write` writes it; for one that travels inside another."""
    ordered = sorted(members, key=lambda member: member.name.encode())
    return b"".join(_blocks(_entries(ordered, deflate_level(release=release))))


_PACKED: Memory[tuple[bytes, bytes | None, int]] = Memory(1 << 29)


def _entries(members: Sequence[Member], level: int) -> list[_Entry]:
    """Entries; the very bytes that were packed a moment ago, for another function, are not packed again."""
    known = {id(member.data): _PACKED.find((id(member.data), level)) for member in members}
    new = [member.data for member in members if known[id(member.data)] is None]
    for data, packed in zip(new, compress(new, level), strict=True):
        # The bytes are held with what was made of them, so no others can have their id.
        row = (data, packed, zlib.crc32(data))
        known[id(data)] = _PACKED.put((id(data), level), row, len(data) + len(packed or b""))
    entries = []
    for member in members:
        _, packed, crc = known[id(member.data)] or (b"", None, 0)
        entries.append(_entry(member, packed, crc))
    return entries


def header_bytes(name: str) -> int:
    """What a member takes in a zip beside its data: the headers before it and in the directory."""
    return 30 + 46 + 2 * len(name.encode())


def compress(contents: Sequence[bytes], level: int) -> list[bytes | None]:
    """Raw deflate streams, None where storing is smaller; made in parallel, kept by content."""
    return _compress(contents, level, Shelf("deflated"))


def _compress(contents: Sequence[bytes], level: int, shelf: Shelf) -> list[bytes | None]:
    label = b"libdeflate %d" % level
    keys = [shelf.key(label, data) for data in contents]
    packed: list[bytes | None] = [shelf.find(key) for key in keys]
    missing = [index for index, data in enumerate(packed) if data is None]
    for index, data in _deflate_all(contents, missing, level):
        shelf.put(keys[index], data)
        packed[index] = data
    shelf.close()
    return [data or None for data in packed]


def pack_and_weigh(contents: Sequence[bytes], level: int, shelf: Shelf) -> list[int]:
    """As `packed_sizes`; the streams are kept for `compress` to find."""
    packed = _compress(contents, level, shelf)
    return [len(content) if data is None else len(data) for content, data in zip(contents, packed, strict=True)]


def packed_sizes(contents: Sequence[bytes], level: int, shelf: Shelf) -> list[int]:
    """Bytes of each content in a zip, without headers; made in parallel, and only the sizes are kept."""
    label = b"libdeflate size %d" % level
    keys = [shelf.key(label, data) for data in contents]
    known = [shelf.find(key) for key in keys]
    missing = [index for index, size in enumerate(known) if size is None]
    for index, data in _deflate_all(contents, missing, level):
        known[index] = (len(data) or len(contents[index])).to_bytes(8, "little")
        shelf.put(keys[index], known[index] or b"")
    return [int.from_bytes(size or b"", "little") for size in known]


def _deflate_all(contents: Sequence[bytes], indexes: Sequence[int], level: int) -> Iterator[tuple[int, bytes]]:
    """Index and stream; the largest first, so that no thread is left alone with a big one at the end."""
    ordered = sorted(indexes, key=lambda index: -len(contents[index]))
    if not ordered:
        return
    with ThreadPoolExecutor(usable_cores()) as pool:
        for part, streams in pool.map(lambda part: (part, _streams(contents, part, level)), _parts(contents, ordered)):
            yield from zip(part, streams, strict=True)


def _streams(contents: Sequence[bytes], indexes: Iterable[int], level: int) -> list[bytes]:
    return [_deflate(contents[index], level) for index in indexes]


def _parts(contents: Sequence[bytes], indexes: Iterable[int]) -> Iterator[list[int]]:
    """Indexes in parts that are worth the way to a thread, which costs more than deflating a small file."""
    part: list[int] = []
    size = 0
    for index in indexes:
        part.append(index)
        size += len(contents[index])
        if size >= _WORTH_A_TASK:
            yield part
            part, size = [], 0
    if part:
        yield part


def _deflate(data: bytes, level: int) -> bytes:
    """A raw deflate stream, b"" where storing is no larger."""
    packed = deflated(data, level) if data else b""
    return packed if 0 < len(packed) < len(data) else b""


def _entry(member: Member, packed: bytes | None, crc: int) -> _Entry:
    name = member.name.encode()
    return _Entry(
        name=name,
        flags=0 if member.name.isascii() else _UTF8,
        method=_STORED if packed is None else _DEFLATED,
        crc=crc,
        data=member.data if packed is None else packed,
        size=len(member.data),
        mode=0o100755 if member.executable else 0o100644,
    )


def _blocks(entries: Sequence[_Entry]) -> list[bytes]:
    """The parts of a zip (APPNOTE 6.3.10): local headers with data, the central directory, its end."""
    blocks: list[bytes] = []
    directory: list[bytes] = []
    place = 0
    for entry in entries:
        fields = (20, entry.flags, entry.method, 0, _DATE, entry.crc, len(entry.data), entry.size, len(entry.name), 0)
        head = struct.pack("<IHHHHHIIIHH", 0x04034B50, *fields) + entry.name
        directory.append(
            struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 3 << 8 | 20, *fields, 0, 0, 0, entry.mode << 16, place)
            + entry.name
        )
        blocks += [head, entry.data]
        place += len(head) + len(entry.data)
    central = b"".join(directory)
    blocks.append(central)
    count = len(entries)
    if count > _MOST_ENTRIES:
        blocks.append(
            struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 3 << 8 | 45, 45, 0, 0, count, count, len(central), place)
        )
        blocks.append(struct.pack("<IIQI", 0x07064B50, 0, place + len(central), 1))
    short = min(count, _MOST_ENTRIES)
    blocks.append(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, short, short, len(central), place, 0))
    return blocks
