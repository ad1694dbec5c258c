"""Shared objects: what they need, and a smaller copy that loads the same."""

import pytest

from lambda_slim.formats.elf import ElfError, is_elf, parse_elf
from lambda_slim.formats.elf_strip import same_when_loaded, strip_elf
from tests.binaries import MACHO, PAGE, make_elf


def test_what_a_loader_wants_to_know():
    elf = parse_elf(make_elf("aarch64", needed=("libc.so.6", "libm.so.6"), soname="libx.so.1"))

    assert (elf.machine, elf.soname, elf.needed) == ("aarch64", "libx.so.1", ("libc.so.6", "libm.so.6"))


def test_versions_are_compared_as_numbers():
    elf = parse_elf(make_elf(versions=("GLIBC_2.9", "GLIBC_2.28", "GLIBC_2.3.4", "GLIBCXX_3.4.9", "CXXABI_1.3")))

    assert (elf.glibc, elf.glibcxx) == ((2, 28), (3, 4, 9))


def test_no_versions_need_nothing():
    assert parse_elf(make_elf(versions=())).glibc == (0,)


@pytest.mark.parametrize(
    "data", [b"", b"\x7fELF", MACHO, b"\x7fELF\x01\x01" + bytes(80), b"\x7fELF\x02\x02" + bytes(80)]
)
def test_what_is_not_one_of_ours_is_an_error(data):
    with pytest.raises(ElfError):
        parse_elf(data)


def test_every_truncation_is_an_error_or_read_and_never_anything_else():
    data = make_elf(soname="libx.so.1")
    for size in range(len(data)):
        try:
            parse_elf(data[:size])
        except ElfError:
            continue
        assert size > 64 + 3 * 56


def test_symbols_go_and_what_is_loaded_stays():
    data = make_elf(symbols=b"debug" * 4000)

    small = strip_elf(data)

    assert len(data) - len(small) > 19_000
    assert same_when_loaded(data, small)
    assert parse_elf(small).aligned
    assert b"debugdebug" not in small


def test_gaps_are_cut_in_whole_pages():
    data = make_elf(gap=5)

    small = strip_elf(data)

    assert len(data) - len(small) > 4 * PAGE
    assert all(s.offset % PAGE == s.address % PAGE for s in parse_elf(small).segments if s.kind == 1)
    assert same_when_loaded(data, small)


def test_where_nothing_is_saved_the_file_itself_comes_back():
    for data in (b"no elf", MACHO, make_elf()[:300], strip_elf(make_elf(symbols=b"x" * 999))):
        assert strip_elf(data) is data


@pytest.mark.parametrize("place", [70, 300, 4100])
def test_a_changed_byte_that_is_loaded_is_no_proof(place):
    data = make_elf()
    changed = bytearray(data)
    changed[place] ^= 1

    assert not same_when_loaded(data, bytes(changed))


def test_a_misaligned_copy_is_no_proof():
    """numpy#20101: a stripped copy whose offsets are not congruent to addresses cannot be loaded."""
    data = make_elf()
    broken = bytearray(data)
    at = 64 + 56 + 8  # the second segment's offset
    broken[at : at + 8] = (int.from_bytes(data[at : at + 8], "little") + 8).to_bytes(8, "little")

    assert not parse_elf(bytes(broken)).aligned
    assert not same_when_loaded(data, bytes(broken))


def test_elf_by_its_first_bytes():
    assert is_elf(make_elf())
    assert not is_elf(MACHO)
