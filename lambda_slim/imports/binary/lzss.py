"""Strings in modules that Cython 3.3 compiled: one compressed block without a mark where it begins.

The encoding is that of `Cython/LZSS.py`: a byte of eight flags, lowest first, each for a literal byte (1) or a
reference back (0). The first three flags are set, since nothing precedes them. A reference leads to bytes that precede
it. Other data hardly ever fulfils this by chance, and that is how the block is found.
"""

import contextlib
import re
from collections.abc import Iterator

MARK = b"LZSS string data decompression failed"  # the error message of the unpacking code
_TEXT = rb"[\x00-\xf4]"  # a first text may well be a NUL; more than a few of them are none
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WINDOW = 4096  # bytes; a window that is not text is behind the end
_ENOUGH = 200  # bytes, of which nine in ten are text; a table that saves less is not compressed
_LARGEST = 4_000_000


def _beginnings() -> re.Pattern[bytes]:
    """A flag byte, as many text bytes as it has low bits set, and a reference that stays within them."""
    choices = [rb"\xff" + _TEXT + rb"{8}"]
    for count in range(3, 8):
        flags = [n for n in range(256) if n & (1 << count + 1) - 1 == (1 << count) - 1]
        most = f"\\x{count - 3:02x}".encode()
        flag = b"".join(f"\\x{n:02x}".encode() for n in flags)
        choices.append(rb"[%s]%s{%d}[\x00-%s][\x00-%s]" % (flag, _TEXT, count, most, most))
    return re.compile(rb"(?=" + rb"|".join(choices) + rb")", re.DOTALL)


_BEGINNINGS = _beginnings()


def unpacked(data: bytes) -> Iterator[bytes]:
    """Every compressed text in some bytes; more than the text where others follow it."""
    left = _LARGEST
    for match in _BEGINNINGS.finditer(data):
        sample = decompress(data, match.start(), _ENOUGH)
        if len(sample) >= _ENOUGH and len(_CONTROL.findall(sample)) * 10 < len(sample):
            text = decompress(data, match.start(), left)
            left -= len(text)
            yield text


def decompress(data: bytes, start: int, largest: int) -> bytes:
    """The text that begins somewhere, up to a reference to nothing, what is no text, or `largest` bytes."""
    out = bytearray()
    place, window = start, _WINDOW
    with contextlib.suppress(IndexError):
        while len(out) < largest:
            flags, place = data[place] | 0x100, place + 1
            while flags > 1:
                if flags & 1:
                    out.append(data[place])
                    place += 1
                else:
                    back, length, place = _reference(data, place)
                    begin = len(out) - back - length
                    if begin < 0:
                        return bytes(out)
                    out += out[begin : begin + length]
                flags >>= 1
            if len(out) >= window:
                if len(_CONTROL.findall(out, window - _WINDOW)) > _WINDOW // 4:
                    break
                window = len(out) + _WINDOW
    return bytes(out)


def _reference(data: bytes, place: int) -> tuple[int, int, int]:
    """How far back from the end of the match, how long, and the next place."""
    low, high = data[place], data[place + 1]
    if low < 0x80:
        return low, high + 3, place + 2
    if high < 0x80:
        return 0x80 + ((high << 2 & 0x180) | low & 0x7F), (high & 0x1F) + 3, place + 2
    return 0x80 + ((high & 0x7F) << 7 | low & 0x7F), data[place + 2] + 3, place + 3
