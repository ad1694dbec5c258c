"""Texts of Cython 3.3's compiled modules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.imports.binary.lzss import MARK, decompress, unpacked
from tests.unit.imports.test_files import LIB, elf

TEXT = b"(tree fragment)?a bandthe bandrasterio.serdeasyncio to_jsoncline_in_traceback__reduce_cython__ " + bytes(
    byte for n in range(300) for byte in b"name%dnom%d" % (n, n * 7)
)


def compress(text: bytes) -> bytes:
    """As `Cython/LZSS.py` writes it, but greedy: the first three of its codes."""
    tokens, place = [], 0
    while place < len(text):
        length = next((n for n in range(34, 2, -1) if text.rfind(text[place : place + n], 0, place) >= 0), 0)
        length = min(length, len(text) - place)
        back = place - text.rfind(text[place : place + length], 0, place) - length if length >= 3 else -1
        if 0 <= back < 0x80:
            tokens.append(bytes([back, length - 3]))
        elif 0x80 <= back < 0x280:
            tokens.append(bytes([(back - 0x80) & 0x7F | 0x80, ((back - 0x80) & 0x180) >> 2 | length - 3]))
        elif back >= 0x280:
            tokens.append(bytes([(back - 0x80) & 0x7F | 0x80, (back - 0x80) >> 7 | 0x80, length - 3]))
        else:
            length = 1
            tokens.append(text[place : place + 1])
        place += length
    groups = [tokens[n : n + 8] for n in range(0, len(tokens), 8)]
    return b"".join(
        bytes([sum(1 << n for n, token in enumerate(group) if len(token) == 1)]) + b"".join(group) for group in groups
    )


@given(st.text("ab_.", min_size=1, max_size=400))
def test_what_was_compressed_comes_back(text):
    assert decompress(compress(text.encode()), 0, len(text)).startswith(text.encode())


@pytest.mark.parametrize("first", [b"", b"\0", b"aaaaaaaaaaaaaaaa", b"\n\n    "])
@pytest.mark.parametrize("before", [b"", b"\xff\xff\xff\xff\0\0\0\0", b"plain text says go, who knew\0"])
def test_it_is_found_among_other_data(first, before):
    text = first + TEXT
    data = before + compress(text) + bytes(100) + b"\x93\0\1\2" * 4000

    assert any(text in found for found in unpacked(data))


def test_other_data_is_none():
    assert list(unpacked(bytes(range(256)) * 40 + b"text, words and\0such\0" * 500 + b"\xff" * 4000)) == []


def test_a_compiled_module_with_one_names_its_imports(tree):
    data = MARK + b"\0" + compress(TEXT + b"lib.acline")
    tree.write("lib", {**LIB, "lib/sub/fast.abi3.so": elf(data)}).add(app="import lib.sub.fast")

    assert "lib.a" in tree.reached()
    assert "lib.b" not in tree.reached()
