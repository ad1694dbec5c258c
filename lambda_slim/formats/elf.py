"""ELF shared objects: what they are for and what they need."""

import mmap
import re
import struct
from dataclasses import dataclass

LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRTAB, _SONAME, _RPATH, _RUNPATH, _VERNEED, _VERNEEDNUM = 1, 5, 14, 15, 29, 0x6FFFFFFE, 0x6FFFFFFF
# More than any linker writes; a damaged count would be believed.
_MOST_SEGMENTS, _MOST_TAGS, _MOST_VERSIONS, LONGEST_NAME = 1024, 16_384, 16_384, 65_536
_VERSION = re.compile(r"^(GLIBC|GLIBCXX)_(\d+(?:\.\d+)*)$")
MACHINES = {62: "x86_64", 183: "aarch64", 3: "i386", 40: "arm"}


class ElfError(ValueError):
    """The bytes are not an ELF file that we understand (64-bit, little-endian), or are damaged."""


DAMAGE = (struct.error, IndexError, ValueError, OverflowError)
Mapped = bytes | mmap.mmap  # of a file that is mapped only the pages that are looked at are read


@dataclass(frozen=True, slots=True)
class Segment:
    """A program header."""

    kind: int
    offset: int
    address: int
    file_size: int
    align: int


@dataclass(frozen=True, slots=True)
class Elf:
    """What matters of a shared object.

    Attributes:
        machine: `x86_64`, `aarch64`, or a number.
        needed: DT_NEEDED names.
        paths: DT_RUNPATH or DT_RPATH, split.
        glibc: Highest GLIBC symbol version needed, (0,) for none; likewise glibcxx.
    """

    machine: str
    soname: str
    needed: tuple[str, ...]
    paths: tuple[str, ...]
    glibc: tuple[int, ...]
    glibcxx: tuple[int, ...]
    segments: tuple[Segment, ...]

    @property
    def aligned(self) -> bool:
        """Whether every loaded segment's offset and address agree modulo its alignment, as the loader demands."""
        return all(s.offset % s.align == s.address % s.align for s in self.segments if s.kind == LOAD and s.align > 1)


def is_elf(data: Mapped) -> bool:
    """Whether bytes begin as an ELF file does."""
    return data[:4] == b"\x7fELF"


def is_object_file(data: Mapped) -> bool:
    """Whether bytes are what a compiler gives to a linker (`*.o`, ET_REL): no loader ever takes such a file."""
    return is_elf(data) and data[16:18] == b"\x01\x00"


def parse_elf(data: Mapped) -> Elf:
    """Reads the headers and the dynamic section.

    Raises:
        ElfError: not a 64-bit little-endian ELF file, or damaged.
    """
    _check_identity(data)
    try:
        machine = struct.unpack_from("<H", data, 18)[0]
        segments = _segments(data)
        tags = _dynamic(data, segments)
        strings = _offset(segments, _first(tags, _STRTAB))
        texts = _texts(data, tags, strings)
        versions = _versions(data, segments, tags, strings)
    except DAMAGE as error:
        raise ElfError(f"damaged ELF file: {error}") from error
    paths = texts[_RUNPATH] or texts[_RPATH]
    return Elf(
        machine=MACHINES.get(machine, str(machine)),
        soname=next(iter(texts[_SONAME]), ""),
        needed=tuple(texts[_NEEDED]),
        paths=tuple(part for path in paths for part in path.split(":") if part),
        glibc=versions["GLIBC"],
        glibcxx=versions["GLIBCXX"],
        segments=segments,
    )


def _check_identity(data: Mapped) -> None:
    if len(data) < 64 or not is_elf(data):
        raise ElfError("not an ELF file")
    if data[4] != 2 or data[5] != 1:
        raise ElfError("not a 64-bit little-endian ELF file")


def _texts(data: Mapped, tags: list[tuple[int, int]], strings: int) -> dict[int, list[str]]:
    """What the dynamic section names, by tag; `strings` is where its names begin."""
    texts: dict[int, list[str]] = {tag: [] for tag in (_NEEDED, _SONAME, _RPATH, _RUNPATH)}
    for tag, value in tags:
        if tag in texts:
            texts[tag].append(_string(data, strings + value))
    return texts


def _segments(data: Mapped) -> tuple[Segment, ...]:
    start, size, count = struct.unpack_from("<Q", data, 32)[0], *struct.unpack_from("<HH", data, 54)
    if count > _MOST_SEGMENTS or size < 56:
        raise ValueError(f"{count} program headers of {size} bytes")
    segments = []
    for index in range(count):
        kind, _, offset, address, _, file_size, _, align = struct.unpack_from("<IIQQQQQQ", data, start + index * size)
        if file_size and offset + file_size > len(data):
            raise ValueError("a segment lies beyond the end of the file")
        segments.append(Segment(kind, offset, address, file_size, align))
    if sum(segment.file_size for segment in segments) > 8 * len(data):
        raise ValueError("segments overlap")
    return tuple(segments)


def _dynamic(data: Mapped, segments: tuple[Segment, ...]) -> list[tuple[int, int]]:
    tags: list[tuple[int, int]] = []
    for segment in segments:
        if segment.kind == _DYNAMIC:
            for place in range(segment.offset, segment.offset + segment.file_size, 16):
                tag, value = struct.unpack_from("<qQ", data, place)
                if tag == 0:
                    break
                tags.append((tag, value))
                if len(tags) > _MOST_TAGS:
                    raise ValueError("too many entries in the dynamic section")
    return tags


def _first(tags: list[tuple[int, int]], wanted: int) -> int:
    return next((value for tag, value in tags if tag == wanted), 0)


def _offset(segments: tuple[Segment, ...], address: int) -> int:
    for segment in segments:
        if segment.kind == LOAD and segment.address <= address < segment.address + segment.file_size:
            return address - segment.address + segment.offset
    return 0


def _string(data: Mapped, place: int) -> str:
    end = data.find(b"\0", place, place + LONGEST_NAME)
    if end < 0:
        raise ValueError("a name without an end")
    return data[place:end].decode("utf-8", "replace")


def _versions(
    data: Mapped, segments: tuple[Segment, ...], tags: list[tuple[int, int]], strings: int
) -> dict[str, tuple[int, ...]]:
    highest: dict[str, tuple[int, ...]] = {"GLIBC": (0,), "GLIBCXX": (0,)}
    place, seen = _offset(segments, _first(tags, _VERNEED)), 0
    for _ in range(_first(tags, _VERNEEDNUM) if place else 0):
        _, count, _, first, following = struct.unpack_from("<HHIII", data, place)
        entry, seen = place + first, seen + 1 + count
        if seen > _MOST_VERSIONS:
            raise ValueError("too many symbol versions")
        for _ in range(count):
            _, _, _, name, step = struct.unpack_from("<IHHII", data, entry)
            if match := _VERSION.match(_string(data, strings + name)):
                version = tuple(int(part) for part in match[2].split("."))
                highest[match[1]] = max(highest[match[1]], version)
            entry += step
        if not following:
            break
        place += following
    return highest
