"""The zip: what is in its bytes, and what is not."""

import base64
import hashlib
import struct
import zipfile

import pytest

from lambda_slim.base.errors import LimitError, WriteError
from lambda_slim.base.shelf import Shelf
from lambda_slim.bundle import archive as zips
from lambda_slim.bundle.archive import (
    DIRECT_UPLOAD,
    END_BYTES,
    compress,
    header_bytes,
    pack,
    packed_sizes,
    write,
)
from lambda_slim.formats.deflation import deflate_level
from lambda_slim.model.member import UNZIPPED_LIMIT, Member


def members(**more):
    return [
        Member("b/run.sh", b"#!/bin/sh\n", executable=True),
        Member("a.py", b"x = 1\n" * 50),
        Member("é.txt", "é".encode()),
        Member("empty", b""),
    ]


def test_names_are_sorted_and_nothing_is_of_this_machine(tmp_path):
    write(members(), tmp_path / "x.zip")

    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        assert file.testzip() is None
        infos = file.infolist()
    assert [info.filename for info in infos] == ["a.py", "b/run.sh", "empty", "é.txt"]
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert [oct(info.external_attr >> 16) for info in infos] == ["0o100644", "0o100755", "0o100644", "0o100644"]
    assert {info.create_system for info in infos} == {3}
    assert not any(info.extra or info.comment for info in infos)
    assert {info.flag_bits for info in infos} == {0, 0x800}


def test_local_headers_say_the_same_as_the_directory(tmp_path):
    write(members(), tmp_path / "x.zip")

    data = (tmp_path / "x.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        for info in file.infolist():
            head = struct.unpack_from("<IHHHHHIIIHH", data, info.header_offset)
            assert head[0] == 0x04034B50
            assert (head[6], head[7], head[8], head[10]) == (info.CRC, info.compress_size, info.file_size, 0)


def test_digests_are_those_of_the_file(tmp_path):
    archive = write(members(), tmp_path / "x.zip")

    digest = hashlib.sha256((tmp_path / "x.zip").read_bytes())
    assert archive.sha256 == digest.hexdigest()
    assert archive.code_sha256 == base64.b64encode(digest.digest()).decode()
    assert archive.zipped == (tmp_path / "x.zip").stat().st_size
    assert archive.unzipped == sum(len(member.data) for member in members())


def test_what_does_not_shrink_is_stored(tmp_path):
    archive = write(
        [Member("noise", bytes(hashlib.sha256(b"x").digest())), Member("zeros", bytes(5000))], tmp_path / "x.zip"
    )

    assert archive.members["noise"] == (32, 32)
    assert archive.members["zeros"][1] < 100


def test_the_second_time_nothing_is_compressed_again():
    first = compress([b"abc" * 1000], 10)

    assert compress([b"abc" * 1000], 10) == first


def test_release_is_no_larger():
    text = b"".join(b"%d: a line of text that repeats\n" % n for n in range(5000))

    (normal,), (release,) = (compress([text], deflate_level(release=hard)) for hard in (False, True))

    assert normal
    assert release
    assert len(release) <= len(normal)


def test_over_the_limit_nothing_is_written(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"old")

    with pytest.raises(LimitError, match="unzips to") as caught:
        write([Member("big", bytes(UNZIPPED_LIMIT)), Member("one", b"1")], tmp_path / "x.zip")

    assert "big 250.0 MiB" in caught.value.cause
    assert (tmp_path / "x.zip").read_bytes() == b"old"


def test_one_name_twice_is_our_mistake(tmp_path):
    with pytest.raises(ValueError, match="one name"):
        write([Member("a", b"1"), Member("a", b"2")], tmp_path / "x.zip")


def test_more_than_65535_files_are_read_back_and_warned_of(tmp_path):
    archive = write([Member(f"{n:05}", b"") for n in range(65_536)], tmp_path / "x.zip")

    assert "zip64" in archive.warnings[0]
    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        assert len(file.infolist()) == 65_536


def test_no_file_at_all(tmp_path):
    write([], tmp_path / "x.zip")

    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        assert file.infolist() == []


@pytest.mark.parametrize("place", ["file/x.zip", "folder.zip", "x" * 300 + ".zip"])
def test_a_place_that_cannot_be_written(tmp_path, place):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder.zip").mkdir()

    with pytest.raises(WriteError, match="cannot write"):
        write(members(), tmp_path / place)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.zip"]


def test_bytes_that_were_packed_for_another_function_are_packed_the_same(tmp_path):
    shared = Member("pkg/a.py", b"x = 1\n" * 400)
    first = write([shared, Member("app.py", b"a")], tmp_path / "a.zip")
    again = write([shared, Member("app.py", b"b" * 50)], tmp_path / "b.zip")
    fresh = write([Member("pkg/a.py", bytes(bytearray(shared.data))), Member("app.py", b"b" * 50)], tmp_path / "c.zip")

    assert again.sha256 == fresh.sha256 != first.sha256


def test_layers_count_to_the_limit(tmp_path):
    files = [Member(name, bytes(size)) for name, size in (("d", 1), ("a", 40), ("c", 10), ("b", 30))]

    assert write(files, tmp_path / "x.zip", layers_bytes=19, limit=100).unzipped == 81
    with pytest.raises(LimitError, match=r"unzips to 81 B and its layers to 20 B; Lambda takes") as caught:
        write(files, tmp_path / "x.zip", layers_bytes=20, limit=100)
    assert caught.value.cause == "largest: a 40 B, b 30 B, c 10 B"
    with pytest.raises(LimitError, match=r"unzips to 101 B; Lambda"):
        write([Member("a", bytes(101))], tmp_path / "x.zip", limit=100)


def test_warnings_from_the_first_byte_and_file_too_many():
    assert zips._warnings(DIRECT_UPLOAD, 65_535) == ()
    assert len(zips._warnings(DIRECT_UPLOAD + 1, 0)) == 1
    assert len(zips._warnings(0, 65_536)) == 1
    assert len(zips._warnings(DIRECT_UPLOAD + 1, 65_536)) == 2


def test_a_zip_that_travels_inside_another_is_the_same(tmp_path):
    write(members(), tmp_path / "x.zip")

    assert pack(members()) == pack(members()[::-1]) == (tmp_path / "x.zip").read_bytes()


def test_the_bytes_of_headers():
    """APPNOTE 6.3.10: made by Unix for version 2.0; deflated or stored; no zip64 for what fits without."""
    data = pack([Member("a.sh", b"ab" * 50, executable=True)])
    size = len(zips._deflate(b"ab" * 50, 12))
    local = struct.unpack_from("<IHHHHHIIIHH", data)
    directory = struct.unpack_from("<IHHHHHHIIIHHHHHII", data, 30 + 4 + local[7])
    end = struct.unpack_from("<IHHHHIIH", data, len(data) - 22)

    assert local[:6] == (0x04034B50, 20, 0, 8, 0, 0x21)
    assert local[8:] == (100, 4, 0)
    assert local[7] <= size
    assert directory[:3] == (0x02014B50, 3 << 8 | 20, 20)
    assert directory[11:] == (0, 0, 0, 0, 0o100755 << 16, 0)
    assert end == (0x06054B50, 0, 0, 1, 1, 46 + 4, 34 + local[7], 0)
    assert b"PK\x06\x06" not in data


def test_zip64_says_how_many_and_where():
    count = 65_536
    data = pack([Member(f"{n:05}", b"") for n in range(count)])
    locator = struct.unpack_from("<IIQI", data, len(data) - 22 - 20)
    record = struct.unpack_from("<IQHHIIQQQQ", data, locator[2])
    end = struct.unpack_from("<IHHHHIIH", data, len(data) - 22)

    assert locator == (0x07064B50, 0, len(data) - 22 - 20 - 56, 1)
    assert record == (0x06064B50, 44, 3 << 8 | 45, 45, 0, 0, count, count, 51 * count, 35 * count)
    assert end[3:7] == (0xFFFF, 0xFFFF, 51 * count, 35 * count)


def test_nothing_is_deflated_that_does_not_get_smaller():
    assert zips._deflate(b"", 6) == b""
    assert zips._deflate(b"a", 6) == b""
    assert 0 < len(zips._deflate(b"a" * 100, 6)) < 100
    assert compress([b"", b"a" * 100, b"x"], 10)[0] is None
    assert compress([], 10) == []


def test_a_zip_is_its_headers_and_its_data():
    stored = [Member("a.bin", b"\x01\x07"), Member("é/b.bin", b"\x02"), Member("empty", b"")]

    expected = END_BYTES + sum(header_bytes(member.name) + len(member.data) for member in stored)

    assert len(pack(stored)) == expected


def test_what_was_compressed_is_there_for_the_next_process():
    text = b"a text that no other test compresses " * 40
    (packed,) = compress([text], deflate_level(release=False))

    shelf = Shelf("deflated")
    label = b"libdeflate %d" % deflate_level(release=False)

    assert shelf.find(shelf.key(label, text)) == packed


def test_sizes_are_those_of_what_is_packed_and_nothing_else_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path))
    contents = [b"", b"x", b"line\n" * 9000, bytes(range(256)) * 900, *(b"%d " % number * 40 for number in range(99))]
    shelf = Shelf("deflated")
    sizes = packed_sizes(contents, 6, shelf)
    shelf.close()
    kept = Shelf("deflated")

    assert kept.path.stat().st_size <= len(contents) * 52
    assert packed_sizes(contents, 6, kept) == sizes
    assert not kept.new
    assert sizes == [
        len(data) if packed is None else len(packed)
        for data, packed in zip(contents, compress(contents, 6), strict=True)
    ]
