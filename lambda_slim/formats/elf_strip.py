"""A copy of a shared object without what no loader maps, and the proof that a loader sees no difference."""

import struct
from collections.abc import Callable

from lambda_slim.formats.elf import DAMAGE, LOAD, LONGEST_NAME, Elf, ElfError, Segment, parse_elf

_DYN = 3
_ALLOC, _NOBITS = 2, 8
_SECTION = "<IIQQQQIIQQ"  # a row of the section table
_PART = 1 << 20  # bytes that are compared at a time


def strip_elf(data: bytes) -> bytes:
    """A copy without the sections that no loader maps (symbols, debugging), or `data` itself where that saves nothing.

    Gaps between what program headers and allocated sections cover are cut out in multiples of the largest alignment, so
    every offset stays congruent to its address; what is left of a gap becomes zeros. The result is proved by
    `same_when_loaded`; without that proof the original is given back.
    """
    try:
        small = _without_gaps(data)
    except DAMAGE:  # ElfError is a ValueError
        return data
    return small if len(small) < len(data) and same_when_loaded(data, small) else data


def same_when_loaded(before: bytes, after: bytes) -> bool:
    """Whether two files give a loader the same bytes at the same addresses, and agree in every header field it reads.

    The program header table itself may differ in its offsets, and only in those.
    """
    try:
        old, new = parse_elf(before), parse_elf(after)
    except ElfError:
        return False
    if not new.aligned or _read_by_loaders(before, old) != _read_by_loaders(after, new):
        return False
    tables = [_table_span(data) for data in (before, after)]
    return all(
        _masked(before, segment, tables[0], at) == _masked(after, other, tables[1], at)
        for segment, other in zip(old.segments, new.segments, strict=True)
        for at in range(0, segment.file_size, _PART)
    )


def _read_by_loaders(data: bytes, elf: Elf) -> tuple[object, ...]:
    """What a loader reads of a file beside its segments: all but offsets, and the section table."""
    shape = tuple((s.kind, s.address, s.file_size, s.align) for s in elf.segments)
    names = (elf.machine, elf.soname, elf.needed, elf.paths, elf.glibc, elf.glibcxx)
    return (*names, shape, data[:32], data[48:58], _rows(data))


def _table_span(data: bytes) -> tuple[int, int]:
    start, size, count = struct.unpack_from("<Q", data, 32)[0], *struct.unpack_from("<HH", data, 54)
    return start, start + size * count


def _rows(data: bytes) -> list[bytes]:
    """The rows of the program header table, without their offsets."""
    (start, stop), size = _table_span(data), struct.unpack_from("<H", data, 54)[0]
    return [data[at : at + 8] + data[at + 16 : at + size] for at in range(start, stop, size or 1)]


def _masked(data: bytes, segment: Segment, table: tuple[int, int], at: int) -> bytes:
    """A part of a segment, with the ELF header's own offsets and the program header table blanked."""
    start = segment.offset + at
    stop = min(start + _PART, segment.offset + segment.file_size)
    masked = bytearray(memoryview(data)[start:stop])
    for first, last in ((32, 48), (58, 64), table):
        low, high = max(first, start), min(last, stop)
        if low < high:
            masked[low - start : high - start] = bytes(high - low)
    return bytes(masked)


def _without_gaps(data: bytes) -> bytes:
    elf = parse_elf(data)
    sections = _sections(data)
    if not sections:
        return data
    kept = [0] + [n for n, section in enumerate(sections) if n and section[2] & _ALLOC]
    table, names = _section_table(data, sections, kept)
    align = max([segment.align for segment in elf.segments if segment.kind == LOAD] + [4096])
    body, cuts = _cut(data, _spans(data, elf, table), align)

    def moved(offset: int) -> int:
        return offset - sum(size for place, size in cuts if place < offset)

    _move_programs(body, data, elf, moved)
    for row in table:
        row[4] = moved(row[4])
    table[-1][4], table[-1][5] = len(body), len(names)
    body += names + b"\0" * (-(len(body) + len(names)) % 8)
    struct.pack_into("<Q", body, 40, len(body))
    struct.pack_into("<HH", body, 60, len(table), len(table) - 1)
    body += b"".join(struct.pack(_SECTION, *row) for row in table)
    return bytes(body)


def _sections(data: bytes) -> list[list[int]]:
    """The rows of the section table; none where the file is no shared object, or a section lies beyond its end."""
    (kind,), (start,) = struct.unpack_from("<H", data, 16), struct.unpack_from("<Q", data, 40)
    size, count = struct.unpack_from("<HH", data, 58)
    if kind != _DYN or not start or size != 64:
        return []
    sections = [list(struct.unpack_from(_SECTION, data, start + size * n)) for n in range(count)]
    if any(row[1] != _NOBITS and row[4] + row[5] > len(data) for row in sections):
        return []
    return sections


def _spans(data: bytes, elf: Elf, table: list[list[int]]) -> list[tuple[int, int]]:
    """(start, stop) of all that stays: the ELF header, the program headers, the segments and the kept sections."""
    segments = [(segment.offset, segment.offset + segment.file_size) for segment in elf.segments if segment.file_size]
    sections = [(row[4], row[4] + row[5]) for row in table if row[1] not in (0, _NOBITS) and row[5]]
    return [(0, 64), _table_span(data), *segments, *sections]


def _section_table(data: bytes, sections: list[list[int]], kept: list[int]) -> tuple[list[list[int]], bytes]:
    """The rows of kept sections, a last one for their names, and those names."""
    (names_index,) = struct.unpack_from("<H", data, 62)
    names_at = sections[names_index][4]
    place_of = {old: new for new, old in enumerate(kept)}
    names = bytearray(b"\0")
    table = []
    for n in kept:
        row = list(sections[n])
        if n:
            start = names_at + row[0]
            row[0] = len(names)
            names += data[start : data.index(b"\0", start, start + LONGEST_NAME)] + b"\0"
            if len(names) > len(data):
                raise ValueError("names of sections overlap")
        row[6] = place_of.get(row[6], 0)
        if row[1] in (4, 9):  # relocations: sh_info names the section that they apply to
            row[7] = place_of.get(row[7], 0)
        table.append(row)
    own_name = len(names)
    names += b".shstrtab\0"
    table.append([own_name, 3, 0, 0, 0, 0, 0, 0, 1, 0])
    return table, bytes(names)


def _cut(data: bytes, spans: list[tuple[int, int]], align: int) -> tuple[bytearray, list[tuple[int, int]]]:
    """The file up to the end of the last span, gaps cut; and where how many bytes were cut."""
    body = bytearray(memoryview(data)[: max(stop for _, stop in spans)])  # one copy: libraries are large
    cuts = []
    place = 0
    for start, stop in sorted(spans):
        if start > place:
            whole = (start - place) // align * align
            body[place:start] = bytes(start - place)
            if whole:
                cuts.append((place, whole))
        place = max(place, stop)
    for start, size in reversed(cuts):
        del body[start : start + size]
    return body, cuts


def _move_programs(body: bytearray, data: bytes, elf: Elf, moved: Callable[[int], int]) -> None:
    start, _ = _table_span(data)
    (size,) = struct.unpack_from("<H", data, 54)
    struct.pack_into("<Q", body, 32, moved(start))
    for index, segment in enumerate(elf.segments):
        struct.pack_into("<Q", body, moved(start) + index * size + 8, moved(segment.offset))
