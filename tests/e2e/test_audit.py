"""What other tools really ship, found in their packages: wrong wheels and bytecode that no start will use."""

import json
import subprocess
import sys
import zipfile

import pytest
import uv

from tests.e2e.conftest import PYTHON

pytestmark = [pytest.mark.e2e, pytest.mark.network]


def install(folder, *arguments, python=PYTHON, platform=None):
    """A package as `uv pip install --target` makes it."""
    command = [uv.find_uv_bin(), "pip", "install", "-q", "--python", sys.executable, "--target", str(folder)]
    command += ["--python-version", python, "--only-binary", ":all:"]
    command += ["--python-platform", platform] if platform else []
    subprocess.run([*command, *arguments], check=True)
    (folder / "app.py").write_text("def handler(event, context):\n    return 1\n")
    return folder


def zipped(folder, path, date=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                name = one.relative_to(folder).as_posix()
                if date:
                    info = zipfile.ZipInfo(name, date)
                    info.external_attr = 0o644 << 16
                    file.writestr(info, one.read_bytes())
                else:
                    file.write(one, name)
    return path


def findings(tool, package, *arguments, code=0):
    tool("audit", package, *arguments, "--json", tool.folder / "found.json", code=code)
    return json.loads((tool.folder / "found.json").read_text("utf-8"))["findings"]


def test_a_wheel_for_a_newer_glibc_than_the_runtime_has(tool):
    """pyca/cryptography#6390, serverless-python-requirements#765: the 2_28 wheel does not load on python3.11."""
    package = install(tool.folder / "p", "cryptography==43.0.1", python="3.11", platform="x86_64-manylinux_2_28")

    found = findings(tool, zipped(package, tool.folder / "p.zip"), "--python", "3.11", "--arch", "x86_64", code=1)

    (one,) = [row for row in found if row["rule"] == "LS102"]
    assert one["file"] == "cryptography/hazmat/bindings/_rust.abi3.so"
    assert one["message"] == "needs GLIBC_2.28; python3.11 has 2.26"
    assert "manylinux_2_26" in one["hint"]
    found = findings(tool, tool.folder / "p.zip", "--python", "3.12", "--arch", "x86_64", code=1)
    assert [row["rule"] for row in found] == ["LS106"]  # cffi's module is for CPython 3.11; the glibc is new enough


def test_a_wheel_for_macos(tool):
    """pydantic/pydantic#6557: `invalid ELF header`, built on a Mac."""
    package = install(tool.folder / "p", "markupsafe==3.0.2", python="3.12", platform="aarch64-apple-darwin")

    found = findings(tool, package, "--arch", "x86_64", code=1)

    assert [row["rule"] for row in found if row["level"] == "error"] == ["LS105"]
    assert found[0]["file"].endswith("-darwin.so")


def test_a_wheel_for_windows(tool):
    package = install(tool.folder / "p", "markupsafe==3.0.2", python="3.12", platform="x86_64-pc-windows-msvc")

    assert "LS105" in [row["rule"] for row in findings(tool, package, "--python", "3.12", code=1)]


def test_an_arm64_library_in_an_x86_64_package(tool):
    package = install(tool.folder / "p", "pyyaml==6.0.2", python="3.12", platform="x86_64-manylinux_2_17")
    install(package, "markupsafe==3.0.2", python="3.12", platform="aarch64-manylinux_2_17")

    found = findings(tool, package, "--arch", "x86_64", code=1)

    assert [row["file"].split("/")[0] for row in found if row["rule"] == "LS101"] == ["markupsafe"]


@pytest.mark.parametrize("how", ["uv", "pip"])
@pytest.mark.parametrize("date", [None, (1980, 1, 1, 0, 0, 0)], ids=["own dates", "1980"])
def test_bytecode_that_was_stale_on_arrival(tool, how, date):
    """aws-lambda-builders#924: what pip and uv compile compares dates, which no zip keeps. Not one is missed."""
    folder = tool.folder / "p"
    if how == "uv":
        install(folder, "jinja2==3.1.4", "--compile-bytecode")
    else:
        install(folder, "jinja2==3.1.4")
        subprocess.run([sys.executable, "-m", "compileall", "-q", str(folder)], check=True)
    count = len(list(folder.rglob("*.pyc")))
    assert count > 20

    (one,) = [
        r
        for r in findings(tool, zipped(folder, tool.folder / "p.zip", date), "--python", PYTHON)
        if r["rule"] == "LS108"
    ]

    told = one["message"]
    assert told.startswith(f"{count} .pyc files that Lambda does not use ({count} dated, 0 of another Python)")
    assert one["saves_bytes"] == sum(path.stat().st_size for path in folder.rglob("*.pyc"))


def test_what_we_build_has_none_of_it(tool):
    package = install(tool.folder / "p", "jinja2==3.1.4", "--compile-bytecode")

    tool(
        "build",
        package,
        "--python",
        PYTHON,
        "--handler",
        "app.handler",
        "--bytecode",
        "all",
        "-o",
        tool.folder / "x.zip",
    )

    assert findings(tool, tool.folder / "x.zip", "--python", PYTHON) == []
    with zipfile.ZipFile(tool.folder / "x.zip") as file:
        assert sum(name.endswith(".pyc") for name in file.namelist()) > 20


def test_the_audit_of_a_large_package_takes_a_few_seconds_of_work(tool):
    """Not timed to the millisecond: the CPU time of the child; it reads every import, to say whether it can start."""
    import resource

    wheels = ("numpy==2.1.0", "cryptography==43.0.1")
    package = install(tool.folder / "p", *wheels, python="3.12", platform="x86_64-manylinux_2_17")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)

    findings(tool, package, "--python", "3.12", "--arch", "x86_64")

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 20
