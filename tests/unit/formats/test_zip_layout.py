"""Zips that say one thing here and another there are refused; those that tools make are taken."""

import io
import shutil
import struct
import subprocess
import zipfile
import zlib

import pytest

from lambda_slim.base.errors import PackageError
from lambda_slim.formats.zip_layout import _entry_faults, _overlaps, _sizes64
from lambda_slim.inputs.members import read_package
from lambda_slim.inputs.zips import contents

NAMES = ("app.py", "lib/__init__.py")


def made(method=zipfile.ZIP_DEFLATED, names=NAMES, data=b"x = 1\n" * 40):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name in names:
            file.writestr(zipfile.ZipInfo(name), data, method)
    return bytearray(out.getvalue())


def refused(data, tmp_path):
    place = tmp_path / "x.zip"
    place.write_bytes(data)
    with pytest.raises(PackageError) as caught:
        list(contents(place))
    return f"{caught.value.message} {caught.value.cause}"


def central(data):
    return data.index(b"PK\x01\x02")


def end(data):
    return data.rindex(b"PK\x05\x06")


def changed(data, place, new):
    data[place : place + len(new)] = new
    return data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d[:-1], "zip|follow"),
        (lambda d: d[: len(d) // 2], "zip"),
        (lambda d: d + b"more", "follow its end"),
        (lambda d: b"#!/bin/sh\n" + d, "not where its end says"),
        (lambda d: changed(d, 30, b"bad.py"), "another name"),
        (lambda d: changed(d, 8, b"\0"), "another method"),
        (lambda d: changed(d, 6, b"\x01"), "another method"),
        (lambda d: changed(d, 14, b"\0\0\0\0"), "checksum"),
        (lambda d: changed(d, 22, b"\1\0\0\0"), "other sizes"),
        (lambda d: changed(changed(d, 14, b"\0\0\0\0"), central(d) + 16, b"\0\0\0\0"), "damaged"),
        (lambda d: changed(d, 40, b"\xff\xff\xff"), "damaged"),
        (lambda d: changed(d, central(d) + 42, b"\1\0\0\0"), "zip|header|damaged"),
        (lambda d: changed(d, central(d) + 8, b"\1\0"), "encrypted"),
        (lambda d: changed(changed(d, central(d) + 10, b"\x0c\0"), 8, b"\x0c\0"), "method 12"),
        (lambda d: changed(changed(d, central(d) + 10, b"\x63\0"), 8, b"\x63\0"), "method 99|zip"),
        (lambda d: changed(d, end(d) + 10, b"\7\0"), "several disks|speaks of"),
        (lambda d: changed(changed(d, end(d) + 8, b"\7\0"), end(d) + 10, b"\7\0"), "speaks of 7"),
        (lambda d: changed(d, end(d) + 4, b"\1\0"), "several disks"),
        (lambda d: changed(d, end(d) + 16, b"\xff\xff\xff\xff"), "zip|not where|damaged"),
        (lambda d: changed(d, end(d) + 20, b"\5\0"), "zip|cut short"),
    ],
)
def test_what_was_changed_is_seen(tmp_path, change, message):
    said = refused(change(made()), tmp_path)
    assert any(word in said for word in message.split("|")), said


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("/etc/x.py",), "leads out"),
        (("a/../../x.py",), "leads out"),
        (("C:\\x.py",), "leads out"),
        (("a.py", "a.py"), "twice"),
        (("a/b.py", "a\\b.py"), "twice"),
        (("a", "a/b.py"), "cannot be unpacked"),
        (("x" * 300,), "too long"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_no_system_or_two_systems_take_differently(tmp_path, names, message):
    assert message in refused(made(names=names), tmp_path)


def test_two_entries_that_share_their_bytes_are_no_package(tmp_path):
    data = made(names=("a.py", "b.py"))
    second = data.index(b"PK\x01\x02", central(data) + 4)
    assert "header" in refused(changed(data, second + 42, struct.pack("<I", 0)), tmp_path)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_tools_make_is_taken(tmp_path, method):
    class Stream(io.RawIOBase):
        """As a pipe: sizes follow the data."""

        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", method) as file:
        file.comment = b"made by a test"
        file.mkdir("lib")
        file.writestr("app.py", b"x" * 5000)
        with file.open("é.py", "w", force_zip64=True) as entry:
            entry.write(b"y" * 10)
        file.writestr("empty.py", b"")
    (tmp_path / "x.zip").write_bytes(stream.data)
    assert dict(contents(tmp_path / "x.zip")) == {"app.py": b"x" * 5000, "é.py": b"y" * 10, "empty.py": b""}


@pytest.mark.skipif(shutil.which("zip") is None, reason="no zip here")
@pytest.mark.parametrize("options", [["-q"], ["-q", "-fz"], ["-q", "-0"], ["-q", "-r"]])
def test_what_zip_makes_is_taken(tmp_path, options):
    (tmp_path / "app.py").write_text("x = 1\n")
    (tmp_path / "lib").mkdir()
    subprocess.run(["zip", *options, "x.zip", "app.py", "lib"], cwd=tmp_path, check=True, capture_output=True)
    assert dict(contents(tmp_path / "x.zip"))["app.py"] == b"x = 1\n"


@pytest.mark.parametrize(
    ("name", "fields", "message"),
    [
        ("app.py", {"flag_bits": 1}, "`app.py` is encrypted or a patch"),
        ("app.py", {"flag_bits": 64}, "`app.py` is encrypted or a patch"),
        ("app.py", {"file_size": 3, "compress_size": 2}, "`app.py` is stored in another size than it has"),
        ("lib/", {"file_size": 3, "compress_size": 3}, "`lib/` is a folder with content"),
        ("app.py", {"volume": 1}, "`app.py` is on another disk"),
        ("/", {}, "`/` is no name"),
        ("app.py", {"orig_filename": "app.py\0.txt"}, "`app.py` is no name"),
        ("app.py", {"compress_type": 12}, "`app.py` is compressed by method 12; Lambda knows stored and deflated"),
    ],
)
def test_entries_that_lambda_would_take_otherwise(name, fields, message):
    entry = zipfile.ZipInfo(name)
    for key, value in {"file_size": 0, "compress_size": 0, **fields}.items():
        setattr(entry, key, value)

    assert list(_entry_faults(entry)) == [message]


@pytest.mark.parametrize(
    ("spans", "messages"),
    [
        ([(0, 10, "a"), (10, 20, "b")], []),
        ([(3, 10, "a")], ["3 bytes lie before its first file"]),
        ([(0, 10, "a"), (9, 20, "b")], ["`b` overlaps with something else, or is cut short"]),
        ([(0, 21, "a")], ["`a` overlaps with something else, or is cut short"]),
    ],
)
def test_data_that_lies_over_other_data(spans, messages):
    assert list(_overlaps(spans, 20)) == messages


@pytest.mark.parametrize(
    ("extra", "sizes"),
    [
        (b"", (0xFFFFFFFF, 0xFFFFFFFF)),
        (struct.pack("<HHQQ", 1, 16, 7, 5), (5, 7)),  # unpacked first
        (struct.pack("<HHxxHHQQ", 9, 2, 1, 16, 7, 5), (5, 7)),  # behind another field
        (struct.pack("<HHQ", 1, 8, 7), (-1, 7)),
    ],
)
def test_sizes_of_a_zip64_field(extra, sizes):
    assert _sizes64(extra, 0xFFFFFFFF, 0xFFFFFFFF) == sizes


def streamed(descriptor, flags=8, size=6, data=b"x = 1\n", extra=b""):
    """A zip whose one entry says behind its data what they are, or not."""
    name, crc = b"app.py", zlib.crc32(data[:size])
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    start = (
        struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, flags, 8, 0, 0x21, 0, 0, 0, len(name), len(extra)) + name + extra
    )
    body = start + packed + descriptor.replace(b"RIGHT", struct.pack("<III", crc, len(packed), size))
    fixed = (0x02014B50, 20, 20, flags, 8, 0, 0x21, crc, len(packed), size, len(name), len(extra), 0, 0, 0, 0, 0)
    row = struct.pack("<IHHHHHHIIIHHHHHII", *fixed) + name + extra
    return body + row + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(row), len(body), 0)


OTHER_NAME = struct.pack("<HHBI", 0x7075, 12, 1, zlib.crc32(b"app.py")) + b"evil.py"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (streamed(b""), "behind its data"),
        (streamed(b"PK\7\x08" + b"\0" * 12), "behind its data"),
        (streamed(b"RIGHT", size=0), "says that it is empty"),
        (streamed(b"RIGHT", extra=OTHER_NAME), "extra field has another name"),
        (streamed(b"RIGHT", flags=0x2008), "encrypted"),
        (made(names=("app.py", "./app.py")), "twice"),
        (made(names=("a//b.py", "a/b.py")), "twice"),
    ],
)
def test_what_another_reader_sees_otherwise(tmp_path, data, message):
    assert message in refused(data, tmp_path)


@pytest.mark.parametrize("descriptor", [b"RIGHT", b"PK\7\x08RIGHT"])
@pytest.mark.parametrize("extra", [b"", OTHER_NAME.replace(b"evil.py", b"app.py").replace(b"\x0c\0", b"\x0b\0", 1)])
def test_both_forms_of_what_follows_the_data_are_taken(tmp_path, descriptor, extra):
    (tmp_path / "x.zip").write_bytes(streamed(descriptor, extra=extra))
    assert dict(contents(tmp_path / "x.zip")) == {"app.py": b"x = 1\n"}


def test_a_package_without_files_is_none(tmp_path):
    (tmp_path / "x.zip").write_bytes(made(names=()))
    with pytest.raises(PackageError, match=r"`x\.zip` has no files"):
        read_package(tmp_path / "x.zip")
