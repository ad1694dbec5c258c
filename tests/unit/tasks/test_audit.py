"""What would break on Lambda, in packages of any tool."""

import compileall
import os
import py_compile
import sys
import zipfile

import pytest

from lambda_slim.inputs.members import read_members
from lambda_slim.inputs.prebuilt import opened
from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.member import UNZIPPED_LIMIT, Member
from lambda_slim.model.target import Target
from lambda_slim.tasks.audit import audit_members, audit_zip_size
from tests.binaries import MACHO, make_elf, make_pyc

AL2023 = Target(runtimes()["python3.12"], "x86_64")
AL2 = Target(runtimes()["python3.11"], "x86_64")
HERE = Target(runtimes()[f"python3.{sys.version_info[1]}"], "x86_64")


def audit(*members, target=AL2023):
    found = audit_members([Member(*row) if isinstance(row, tuple) else row for row in members], target)
    return [(one.rule, one.level, one.file) for one in found]


def test_a_library_of_another_architecture():
    assert audit(("m.abi3.so", make_elf("aarch64"))) == [("LS101", "error", "m.abi3.so")]
    assert audit(("m.abi3.so", make_elf("aarch64")), target=Target(AL2023.runtime, "arm64")) == []


@pytest.mark.parametrize(
    ("version", "on_al2", "on_al2023"),
    [
        ("GLIBC_2.26", False, False),
        ("GLIBC_2.28", True, False),
        ("GLIBC_2.34", True, False),
        ("GLIBC_2.35", True, True),
        ("GLIBCXX_3.4.25", True, False),
        ("GLIBCXX_3.4.30", True, True),
    ],
)
def test_a_newer_c_library_than_the_runtime_has(version, on_al2, on_al2023):
    member = ("m.so", make_elf(versions=("GLIBC_2.17", version)))

    assert audit(member, target=AL2) == ([("LS102", "error", "m.so")] if on_al2 else [])
    assert audit(member, target=AL2023) == ([("LS102", "error", "m.so")] if on_al2023 else [])


def test_a_folder_that_was_zipped_with_its_own_name():
    rows = [("fn/app.py", b""), ("fn/six.py", b""), ("fn/six-1.0.dist-info/METADATA", b"")]

    assert audit(*rows) == [("LS115", "warning", "fn/")]
    assert audit(*rows, ("app.py", b"")) == []
    assert audit(*((name.replace("fn/", "python/"), data) for name, data in rows)) == []  # a layer
    assert audit(*rows[:2]) == []


def test_an_object_file_is_loaded_by_nobody_unless_it_has_a_library_s_name():
    unlinked = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x01\x00\x3e\x00" + bytes(60)

    assert audit(("build/m.o", unlinked)) == []
    assert audit(("m.so", unlinked)) == [("LS103", "error", "m.so")]


def test_a_damaged_library():
    assert audit(("m.so", make_elf()[:100])) == [("LS103", "error", "m.so")]


def test_libraries_that_are_nowhere():
    member = ("x/m.so", make_elf(needed=("libc.so.6", "libGL.so.1")))

    assert audit(member) == [("LS104", "warning", "x/m.so")]
    assert audit(member, ("lib/libGL.so.1", make_elf())) == []


def test_a_vendored_library_is_found_by_its_soname():
    """auditwheel's copies have a hash in their file name; what needs them asks for the same name."""
    member = ("x/m.so", make_elf(needed=("libgfortran-040039e1.so.5",)))

    assert audit(member, ("x.libs/other.so", make_elf(soname="libgfortran-040039e1.so.5"))) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("m.cpython-312-darwin.so", MACHO),
        ("m.abi3.so", b"\xca\xfe\xba\xbe" + bytes(40)),
        ("lib/x.dylib", MACHO),
        ("m.cp312-win_amd64.pyd", b"MZ" + bytes(40)),
        ("x.dll", b"MZ" + bytes(40)),
    ],
)
def test_wheels_of_another_system(name, data):
    assert ("LS105", "error", name) in audit((name, data))


def test_an_extension_module_of_another_python():
    assert audit(("m.cpython-311-x86_64-linux-gnu.so", make_elf()))[0][0] == "LS106"
    assert audit(("m.cpython-312-x86_64-linux-gnu.so", make_elf())) == []
    assert audit(("m.abi3.so", make_elf())) == []


def test_sourceless_bytecode_of_another_python():
    assert audit(("m.pyc", make_pyc(3495, 1))) == [("LS107", "error", "m.pyc")]
    assert audit(("m.pyc", make_pyc(3531, 1))) == []
    assert audit(("m.pyc", make_pyc(3495, 1)), ("m.py", b"")) == []


def counted(members, target=HERE):
    (found,) = [one for one in audit_members(members, target) if one.rule == "LS108"]
    return int(found.message.partition(" ")[0])


def package(folder, count=7):
    for number in range(count):
        (folder / f"pkg{number % 2}").mkdir(exist_ok=True)
        (folder / f"pkg{number % 2}" / f"m{number}.py").write_text(f"x = {number}\n")
    return count


def zipped(folder, path, date=None):
    with zipfile.ZipFile(path, "w") as file:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                name = one.relative_to(folder).as_posix()
                file.writestr(zipfile.ZipInfo(name, date), one.read_bytes()) if date else file.write(one, name)
    return path


@pytest.mark.parametrize("date", [None, (1980, 1, 1, 0, 0, 0)], ids=["own dates", "1980"])
def test_dated_bytecode_is_found_to_the_last_file(tmp_path, date):
    """aws-lambda-builders#924: every .pyc that pip, compileall or uv wrote is stale once it was zipped."""
    folder = tmp_path / "package"
    folder.mkdir()
    count = package(folder)
    for path in folder.rglob("*.py"):
        os.utime(path, ns=(1_700_000_001_123_456_789,) * 2)  # an odd second, and no whole one
    compileall.compile_dir(folder, quiet=1, workers=1, invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP)

    with opened(zipped(folder, tmp_path / "p.zip", date)) as inner:
        assert counted(read_members(inner)) == count


def test_hashed_bytecode_is_used():
    magic = AL2023.runtime.magic or 0

    assert audit(("__pycache__/m.cpython-312.pyc", make_pyc(magic, 1)), ("m.py", b"")) == []
    assert audit(("__pycache__/m.cpython-312.pyc", make_pyc(magic, 3)), ("m.py", b"")) == []


@pytest.mark.parametrize("data", [make_pyc(3495, 1), b"", b"damaged", make_pyc(3531, 0)])
def test_bytecode_that_is_not_used_is_counted(data):
    members = [Member("__pycache__/m.cpython-312.pyc", data), Member("m.py", b"")]

    assert counted(members, AL2023) == 1


def test_names_that_differ_only_in_case():
    assert audit(("a/Readme.txt", b""), ("a/README.txt", b"")) == [("LS109", "warning", "a/README.txt")]


def test_a_name_too_long_for_any_file_system():
    found = audit(("x" * 256, b""), ("é" * 128 + "/a.py", b""), ("y" * 255, b""))

    assert [row[:2] for row in found] == [("LS110", "error"), ("LS110", "error")]


@pytest.mark.parametrize("name", ["json.py", "email/__init__.py", "typing.py"])
def test_modules_in_the_place_of_the_standard_library(name):
    assert audit((name, b"")) == [("LS111", "warning", name)]


@pytest.mark.parametrize("name", ["app.py", "svc/json.py", "json.txt", "email/x.py", "jsonschema/__init__.py"])
def test_and_those_that_are_not(name):
    assert audit((name, b"")) == []


def test_limits(tmp_path):
    half = bytes(UNZIPPED_LIMIT // 2)
    assert audit(("a", half), ("b", half)) == []
    assert audit(("a", half), ("b", half), ("c", b"1")) == [("LS112", "error", "")]

    with (tmp_path / "x.zip").open("wb") as file:
        file.truncate(50 * 1024**2 + 1)
    assert [one.rule for one in audit_zip_size(tmp_path / "x.zip")] == ["LS113"]
    assert audit_zip_size(tmp_path) == ()


def test_a_distribution_in_two_versions():
    """pypa/pip#13763: `pip install --target --upgrade` leaves the older version's metadata."""
    names = ("Foo_bar-1.0.dist-info", "foo_bar-1.1.dist-info", "foo-1.0.dist-info")

    assert audit(*((f"{name}/METADATA", b"") for name in names)) == [("LS116", "warning", "")]


def test_errors_come_first():
    rows = audit(("json.py", b""), ("m.so", make_elf("aarch64")))

    assert [level for _, level, _ in rows] == ["error", "warning"]


def test_a_folder_with_names_that_are_no_text(tmp_path):
    (tmp_path / "app.py").write_text("")
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"x")
    (tmp_path / "loop").symlink_to("loop")

    findings = audit_members(read_members(tmp_path), AL2023)

    assert [one.rule for one in findings] == ["LS114"]
