"""gzip files packed again with a better deflate: what a reader unpacks stays the same."""

import zlib

from lambda_slim.formats.deflation import deflated

_LARGEST = 64 * 1024**2  # bytes unpacked; larger files are left alone
_FLAGS_WITH_FIELDS = 0b11110  # header CRC, extra, name, comment


def regzip(data: bytes, level: int) -> bytes:
    """The same content in fewer bytes, or `data` itself where there is nothing to gain.

    Only plain single-member files are touched; header, CRC and length stay as they are.
    """
    if len(data) < 18 or data[:3] != b"\x1f\x8b\x08" or data[3] & _FLAGS_WITH_FIELDS & ~0b1000:
        return data
    start = 10 if not data[3] & 0b1000 else data.find(b"\0", 10) + 1
    unpacker = zlib.decompressobj(-15)
    try:
        content = unpacker.decompress(data[start:], _LARGEST)
    except zlib.error:
        return data
    trailer = unpacker.unused_data
    if not unpacker.eof or len(trailer) != 8 or int.from_bytes(trailer[:4], "little") != zlib.crc32(content):
        return data
    packed = deflated(content, level)
    return data[:start] + packed + trailer if len(packed) < len(data) - start - 8 else data
