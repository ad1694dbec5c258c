"""Zips and folders that others made, some of them to do harm."""

import json
import os
import struct
import zipfile
from pathlib import Path

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from tests.binaries import MACHO, lock, make_elf, make_pyc
from tests.cli.bad.conftest import HANDLER, PYTHON

MAGIC = runtimes()["python3.12"].magic or 0


def make_zip(members, path="package.zip", mode=0o644):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            file.writestr(info, data, zipfile.ZIP_DEFLATED)
    return Path(path)


def flagged(path):
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


def overlapping(path):
    """A directory that names one piece of data many times, as the densest bombs do."""
    data = path.read_bytes()
    start, end = data.index(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    rows = data[start:end] * 40_000
    tail = data[end : end + 8] + struct.pack("<HHII", 40_000, 40_000, len(rows), start) + data[end + 20 :]
    path.write_bytes(data[:start] + rows + tail)
    return path


CASES = {
    "leads out": lambda: make_zip({"app.py": HANDLER, "../evil.py": "x"}),
    "absolute": lambda: make_zip({"app.py": HANDLER, "/tmp/evil.py": "x"}),
    "drive": lambda: make_zip({"app.py": HANDLER, "C:\\evil.py": "x"}),
    "link": lambda: make_zip({"app.py": "/etc/passwd"}, mode=0o120777),
    "encrypted": lambda: flagged(make_zip({"app.py": HANDLER})),
    "bomb": lambda: make_zip({f"{n}.bin": bytes(1 << 25) for n in range(4)}),
    "overlapping bomb": lambda: overlapping(make_zip({"a.bin": bytes(1 << 20)})),
    "long name": lambda: make_zip({"app.py": HANDLER, "x" * 300: "x"}),
    "long folder": lambda: make_zip({"app.py": HANDLER, "x" * 300 + "/a.py": "x"}),
    "clash": lambda: make_zip({"app.py": HANDLER, "app.py/x": "x"}),
}


@pytest.mark.parametrize("command", ["audit", "build", "files"])
@pytest.mark.parametrize("case", CASES)
def test_zips_that_are_not_safe_are_refused(fails, case, command, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(Path("temporary").absolute()))
    Path("temporary").mkdir()
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    path = CASES[case]()

    told = fails(3, command, path, "--python", "3.12")

    assert "package.zip" in told or "the zip" in told
    assert sorted(one.name for one in Path().iterdir()) == ["package.zip", "temporary"]
    assert list(Path("temporary").iterdir()) == []
    assert not Path("/tmp/evil.py").exists()


@pytest.mark.parametrize("size", [0, 10, 100, 150])
def test_truncated_zips(fails, size):
    path = make_zip({"app.py": HANDLER * 20})
    path.write_bytes(path.read_bytes()[:size])

    assert "cannot be read as a zip" in fails(3, "audit", path, "--python", "3.12")


def test_a_damaged_file_in_a_zip(fails):
    path = make_zip({"app.py": HANDLER * 20})
    data = bytearray(path.read_bytes())
    data[50] ^= 0xFF
    path.write_bytes(data)

    assert "is damaged" in fails(3, "build", path, "--python", PYTHON)
    assert "is damaged" in fails(3, "audit", path, "--python", PYTHON)


def test_packages_of_sources_alone_are_for_the_usual_python(works):
    for wanted, runtime in (("", "python3.12"), ("3.13\n", "python3.13")):
        if wanted:
            Path(".python-version").write_text(wanted)

        told = works("audit", make_zip({"app.py": HANDLER}))

        assert f"no runtime is named; audited for {runtime}" in told
        assert f"package.zip: {runtime} x86_64" in told


def test_a_package_of_sources_alone_that_is_built_again_must_say_its_python(fails):
    """Bytecode of another Python would not start."""
    assert "which Python is `package.zip` for?" in fails(2, "build", make_zip({"app.py": HANDLER}))


@pytest.mark.parametrize(("flag", "value"), [("--python", "2.7"), ("--arch", "mips")])
def test_targets_that_are_none(fails, flag, value):
    path = make_zip({"app.py": HANDLER, "x.cpython-312-x86_64-linux-gnu.so": make_elf()})

    fails(2, "audit", path, flag, value)


def test_a_package_that_is_not_there(fails):
    assert "is not there" in fails(2, "audit", "gone.zip")


BREAKS = {
    "an arm64 library in an x86_64 package": (
        {"a.cpython-312-x86_64-linux-gnu.so": make_elf(), "b/c.abi3.so": make_elf("aarch64")},
        "LS101  b/c.abi3.so: is built for aarch64; the function runs on x86_64",
    ),
    "a newer glibc": (
        {"m.cpython-311-x86_64-linux-gnu.so": make_elf(versions=("GLIBC_2.28",))},
        "LS102  m.cpython-311-x86_64-linux-gnu.so: needs GLIBC_2.28; python3.11 has 2.26",
    ),
    "a macOS wheel": ({"m.cpython-312-darwin.so": MACHO}, "LS105  m.cpython-312-darwin.so: is built for macOS"),
    "another Python": (
        {"a.cpython-312-x86_64-linux-gnu.so": make_elf(), "b.cpython-311-x86_64-linux-gnu.so": make_elf()},
        "LS106",
    ),
}


@pytest.mark.parametrize("case", BREAKS)
def test_what_would_break_is_found(case, capsys):
    from lambda_slim.cli import main as cli

    members, told = BREAKS[case]

    assert cli.run(["audit", str(make_zip({"app.py": HANDLER, **members}))]) == 1
    out = capsys.readouterr().out
    assert told in out
    assert "1 would break on Lambda" in out


def test_what_would_only_be_slow_or_odd_is_said_and_passes(works):
    path = make_zip(
        {
            "app.py": HANDLER,
            "__pycache__/app.cpython-312.pyc": make_pyc(MAGIC),
            "json.py": "",
            "a/Readme": "",
            "a/README": "",
        }
    )

    told = works("audit", path)

    assert "1 .pyc file that Lambda does not use" in told
    assert "shadows the standard library's `json`" in told
    assert "differs from a/README only in case" in told or "differs from a/Readme only in case" in told


def test_json_of_an_audit(works):
    path = make_zip({"app.py": HANDLER, "__pycache__/app.cpython-312.pyc": make_pyc(MAGIC)})

    told = json.loads(works("audit", path, "--json", "-"))

    assert told["target"] == "python3.12 x86_64"
    assert [row["rule"] for row in told["findings"]] == ["LS108"]


def test_a_package_is_never_replaced_by_what_is_made_of_it(fails):
    path = make_zip({"app.py": HANDLER})
    before = path.read_bytes()

    for out in (".", "package.zip"):
        assert "is the package that this is made from" in fails(2, "build", path, "--python", PYTHON, "-o", out)
    assert path.read_bytes() == before


def test_what_sam_built_is_audited_function_by_function(project, capsys, fails):
    """Each function has its own runtime and architecture, and the template says which."""

    def built(architecture):
        return {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "CodeUri": architecture,
                "Handler": "app.handler",
                "Runtime": "python3.12",
                "Architectures": [architecture],
            },
        }

    files = {}
    for name, machine in (("x86_64", "x86_64"), ("arm64", "x86_64")):
        files |= {
            f"{name}/app.py": HANDLER,
            f"{name}/m-1.0.dist-info/METADATA": "",
            f"{name}/m.cpython-312-x86_64-linux-gnu.so": make_elf(machine),
        }
    template = json.dumps({"Resources": {"Good": built("x86_64"), "Bad": built("arm64")}})
    root = project({**files, "template.json": template})

    from lambda_slim.cli import main as cli

    assert cli.run(["audit", str(root)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Good: python3.12 x86_64, 3 files: nothing that would break on Lambda; its imports are there"
    assert told[1].startswith(
        "error    LS101  m.cpython-312-x86_64-linux-gnu.so: is built for x86_64; the function runs on aarch64"
    )
    assert told[-1] == "Bad: python3.12 arm64, 3 files: 1 would break on Lambda; its imports are there"

    assert cli.run(["audit", str(root), "-F", "Good", "--json", "-"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["target"], report["findings"]) == ("python3.12 x86_64", [])
    assert report["starts"]["verdict"] == "yes"

    for name in ("x86_64", "arm64"):
        (root / name / "m-1.0.dist-info/METADATA").unlink()
        (root / name / "m.cpython-312-x86_64-linux-gnu.so").unlink()
    assert "is a project, not a package" in fails(2, "audit", root)


def test_a_folder_with_anything_in_it_is_audited(works):
    root = Path("folder")
    root.mkdir()
    (root / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"x")
    (root / "loop").symlink_to("loop")
    (root / "up").symlink_to("..")
    os.mkfifo(root / "pipe")

    from lambda_slim.cli import main as cli

    assert cli.run(["audit", "folder", "--python", "3.12"]) == 1


def test_folders_of_other_tools_with_links(project, works, tmp_path):
    """serverless#3215: libX.so, libX.so.1 and libX.so.1.2 are one file; what links name ships as files."""
    root = project({"six-1.16.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n"})
    (root / "libx.so.1.2").write_bytes(make_elf())
    (root / "libx.so.1").symlink_to("libx.so.1.2")
    (root / "libx.so").symlink_to("libx.so.1")
    (root / "loop").symlink_to(".")

    works("build", root, "--python", PYTHON, "-o", "x.zip")

    with zipfile.ZipFile("x.zip") as file:
        names = {info.filename for info in file.infolist()}
        assert {info.external_attr >> 16 for info in file.infolist()} <= {0o100644, 0o100755}
    assert {"libx.so", "libx.so.1", "libx.so.1.2"} <= names
    assert not any(name.startswith("loop") for name in names)


def test_a_folder_that_cannot_be_read(fails):
    root = Path("folder")
    root.mkdir()
    (root / "app.py").write_text(HANDLER)
    lock(root / "app.py")

    assert "cannot read `app.py`" in fails(3, "audit", root, "--python", "3.12")
