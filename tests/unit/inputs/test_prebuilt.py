"""Packages of other tools, and what somebody may have put into a zip."""

import struct
import zipfile

import pytest

from lambda_slim.base.errors import PackageError
from lambda_slim.inputs.prebuilt import Recognised, opened, recognise, unpack
from lambda_slim.inputs.zips import check_names, contents
from tests.binaries import MACHO, make_elf, make_pyc


def make_zip(path, members, mode=0o644, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = compression
            file.writestr(info, data)
    return path


def encrypted(path):
    """A zip whose directory says that its member has a password."""
    data = bytearray(make_zip(path, {"a.py": b"x = 1\n"}).read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


def test_files_and_executables_come_out(tmp_path):
    make_zip(tmp_path / "p.zip", {"a/b.py": b"x", "c.txt": b"", "folder/": b""})

    with opened(tmp_path / "p.zip") as folder:
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert found == {"a/b.py": b"x", "c.txt": b""}
    assert not folder.exists()


def test_the_executable_bit_stays(tmp_path):
    make_zip(tmp_path / "p.zip", {"run": b"#!/bin/sh\n"}, mode=0o755)

    with opened(tmp_path / "p.zip") as folder:
        assert (folder / "run").stat().st_mode & 0o111


def test_a_folder_is_looked_at_where_it_is(tmp_path):
    with opened(tmp_path) as folder:
        assert folder == tmp_path
    assert tmp_path.exists()


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "\\a", "a\\..\\b", "C:/a", "c:\\a"])
def test_names_that_lead_out(name):
    with pytest.raises(PackageError, match="leads out"):
        check_names(["fine.py", name])


def test_names_with_dots_that_do_not():
    check_names(["a..b", "..a/b", "a/.../b", ".hidden"])


def test_a_zip_that_leads_out_writes_nothing(tmp_path):
    make_zip(tmp_path / "p.zip", {"a.py": b"x", "../evil.py": b"x"})

    with pytest.raises(PackageError, match="leads out"):
        unpack(tmp_path / "p.zip", tmp_path / "inner")

    assert not (tmp_path / "evil.py").exists()
    assert not (tmp_path / "inner").exists()


@pytest.mark.parametrize("target", [b"/etc/passwd", b"../x", b"b/../../x", b"."])
def test_links_that_lead_out(tmp_path, target):
    make_zip(tmp_path / "p.zip", {"a": target}, mode=0o120777)

    with pytest.raises(PackageError, match="leads out"):
        unpack(tmp_path / "p.zip", tmp_path / "inner")


def test_links_are_followed(tmp_path):
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("real/pkg/a.py", "a = 1")
        for name, target in (("pkg", "real/pkg"), ("b.py", "pkg/a.py"), ("lost", "nowhere")):
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, 0o120777 << 16
            archive.writestr(entry, target)

    unpack(tmp_path / "p.zip", tmp_path / "inner")

    found = {path.relative_to(tmp_path / "inner").as_posix() for path in (tmp_path / "inner").rglob("*.py")}
    assert found == {"real/pkg/a.py", "pkg/a.py", "b.py"}
    assert dict(contents(tmp_path / "p.zip")) == dict.fromkeys(found, b"a = 1")


def test_a_colon_in_a_name_is_a_name(tmp_path):
    make_zip(tmp_path / "p.zip", {"a:b.py": b"x = 1"})

    unpack(tmp_path / "p.zip", tmp_path / "inner")

    assert (tmp_path / "inner" / "a:b.py").read_bytes() == b"x = 1"


def test_encryption(tmp_path):
    with pytest.raises(PackageError, match="encrypted"):
        unpack(encrypted(tmp_path / "p.zip"), tmp_path / "inner")


def test_a_bomb_is_not_unpacked(tmp_path):
    make_zip(tmp_path / "p.zip", {f"{n}": bytes(1 << 24) for n in range(8)})

    with pytest.raises(PackageError, match="unpacks to") as caught:
        unpack(tmp_path / "p.zip", tmp_path / "inner")

    assert caught.value.cause == "it looks like a zip bomb"


def test_a_bomb_that_lies_about_its_size(tmp_path):
    """No more is written than the directory promised."""
    path = make_zip(tmp_path / "p.zip", {"a": bytes(1 << 20)})
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, 22, 100)
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 24, 100)
    path.write_bytes(data)

    with pytest.raises(PackageError, match="damaged"):
        unpack(path, tmp_path / "inner")

    assert (tmp_path / "inner" / "a").stat().st_size <= 100


def test_every_truncation_is_one_clear_error(tmp_path):
    path = make_zip(tmp_path / "p.zip", {"a.py": b"x = 1\n" * 30, "b.py": b"y"})
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        with pytest.raises(PackageError):
            unpack(path, tmp_path / "inner")


def test_every_damaged_byte_is_an_error_or_harmless(tmp_path):
    path = make_zip(tmp_path / "p.zip", {"a.py": b"x = 1\n" * 30})
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        try:
            unpack(path, tmp_path / f"inner{place}")
        except PackageError:
            continue


@pytest.mark.parametrize("name", ["x" * 300, "x" * 300 + "/a.py", "a/" * 3000 + "b"])
def test_names_that_no_file_system_takes(tmp_path, name):
    with pytest.raises(PackageError, match="cannot be unpacked"):
        unpack(make_zip(tmp_path / "p.zip", {name: b"x"}), tmp_path / "inner")


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a")])
def test_a_file_where_a_folder_is(tmp_path, names):
    with pytest.raises(PackageError, match="cannot be unpacked"):
        unpack(make_zip(tmp_path / "p.zip", dict.fromkeys(names, b"x")), tmp_path / "inner")


def test_names_in_an_old_encoding_are_read_as_zips_say(tmp_path):
    path = make_zip(tmp_path / "p.zip", {"aaaa": b"x"})
    path.write_bytes(path.read_bytes().replace(b"aaaa", b"a\x81\xffa"))

    unpack(path, tmp_path / "inner")

    assert [child.name for child in (tmp_path / "inner").iterdir()] == ["aü\xa0a"]


@pytest.mark.parametrize("data", [b"", b"PK", b"plain text", bytes(500)])
def test_what_is_no_zip(tmp_path, data):
    (tmp_path / "p.zip").write_bytes(data)

    with pytest.raises(PackageError, match="cannot be read as a zip"):
        unpack(tmp_path / "p.zip", tmp_path / "inner")


def test_another_compression_than_lambda_reads(tmp_path):
    path = make_zip(tmp_path / "p.zip", {"a.py": b"x = 1\n" * 99}, compression=zipfile.ZIP_LZMA)
    data = bytearray(path.read_bytes())
    for place, sign in ((8, 97), (data.rindex(b"PK\x01\x02") + 10, 97)):
        struct.pack_into("<H", data, place, sign)
    path.write_bytes(data)

    with pytest.raises(PackageError, match="damaged"):
        unpack(path, tmp_path / "inner")


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("x.cpython-312-x86_64-linux-gnu.so", make_elf(), Recognised("3.12", "x86_64")),
        ("x.cpython-311-aarch64-linux-gnu.so", make_elf("aarch64"), Recognised("3.11", "arm64")),
        ("x.cpython-312-darwin.so", MACHO, Recognised("3.12", "")),
        ("x.abi3.so", make_elf("aarch64"), Recognised("", "arm64")),
        ("__pycache__/x.cpython-310.pyc", make_pyc(3439), Recognised("3.10", "")),
        ("x.py", b"", Recognised("", "")),
    ],
)
def test_what_a_package_says_of_its_target(tmp_path, name, data, found):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(data)

    assert recognise(tmp_path) == found
