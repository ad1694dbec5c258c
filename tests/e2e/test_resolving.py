"""Real wheels from the index: the right ones, or a clear error."""

import pytest

from tests.e2e.conftest import PYTHON, ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.network]


def project(tool, requirements, name="requirements.txt", source="def handler(event, context):\n    return 1\n"):
    folder = tool.folder / "projéct with spaces"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(requirements)
    (folder / "app.py").write_text(source)
    return folder


def test_a_wheel_that_needs_a_newer_glibc_is_not_taken(tool):
    """cryptography 43.0.1 has a manylinux_2_28 wheel, which python3.11 on Amazon Linux 2 (glibc 2.26) cannot load."""
    folder = project(tool, "cryptography==43.0.1\n")

    tool("build", folder, "--python", "3.11", "--bytecode", "none", "-o", tool.folder / "x.zip")

    assert "nothing that would break" in tool("audit", tool.folder / "x.zip", "--python", "3.11")


def test_an_architecture_of_its_own(tool):
    folder = project(tool, "markupsafe==3.0.2\n")

    tool("build", folder, "--python", "3.12", "--arch", "arm64", "--bytecode", "none", "-o", tool.folder / "x.zip")

    assert "nothing that would break" in tool("audit", tool.folder / "x.zip", "--python", "3.12", "--arch", "arm64")
    told = tool("audit", tool.folder / "x.zip", "--python", "3.12", "--arch", "x86_64", code=1)
    assert "is built for aarch64" in told


@pytest.mark.parametrize(
    ("requirements", "message"),
    [
        ("surely-no-such-thing-9d1f\n", "a requirement does not exist"),
        ("numpy==1.21.0\n", "no wheel for python3.12 x86_64"),
        ("requests==2.31.0\nurllib3<1.20\n", "the requirements cannot be met together"),
        (f"six==1.16.0 --hash=sha256:{'0' * 64}\n", "a file does not have the hash"),
    ],
)
def test_what_cannot_be_resolved_says_why(tool, requirements, message):
    told = tool("build", project(tool, requirements), "--python", "3.12", "-o", tool.folder / "x.zip", code=3)

    assert message in told
    assert told.count("\n") <= 3
    assert "Traceback" not in told
    assert not (tool.folder / "x.zip").exists()


def test_offline_with_a_cold_cache(tool):
    env = {"LAMBDA_SLIM_CACHE": str(tool.folder / "cache"), "UV_CACHE_DIR": str(tool.folder / "uv")}

    told = tool(
        "build", project(tool, "six\n"), "--python", "3.12", "--offline", "-o", tool.folder / "x.zip", code=3, env=env
    )

    assert "not in the cache" in told


def test_markers_are_those_of_the_target(tool):
    folder = project(tool, 'tomli==2.0.1 ; python_version < "3.11"\nsix==1.16.0 ; python_version >= "3.12"\n')

    told = tool("files", folder, "--python", "3.12")

    assert "six.py" in told
    assert "tomli" not in told


def test_a_pure_python_sdist_is_built(tool):
    told = tool("files", project(tool, "docopt==0.6.2\n"), "--python", PYTHON)

    assert "docopt.py" in told


def test_includes_and_constraints(tool):
    folder = project(tool, "-r more.txt\n-c limits.txt\n")
    (folder / "more.txt").write_text("six\n")
    (folder / "limits.txt").write_text("six==1.16.0\n")

    assert "six-1.16.0.dist-info" in tool("files", folder, "--python", PYTHON)


def test_pyproject_dependencies(tool):
    folder = project(tool, '[project]\nname = "x"\nversion = "1"\ndependencies = ["six==1.16.0"]\n', "pyproject.toml")

    assert "six.py" in tool("files", folder, "--python", PYTHON)


def test_packages_of_other_tools_are_slimmed_too(tool):
    """Adoption in one command: a folder that another tool built, then the zip of it."""
    import subprocess
    import sys

    import uv

    folder = project(
        tool,
        "jinja2==3.1.4\n",
        source="import jinja2\ndef handler(e, c):\n    return jinja2.Template('{{ x }}').render(e)\n",
    )
    install = [uv.find_uv_bin(), "pip", "install", "-q", "--python", sys.executable, "--target", str(folder)]
    subprocess.run([*install, "-r", str(folder / "requirements.txt")], check=True)

    tool("build", folder, "--python", PYTHON, "--level", "reach", "-o", tool.folder / "slim.zip")
    tool(
        "build",
        tool.folder / "slim.zip",
        "--python",
        PYTHON,
        "--handler",
        "app.handler",
        "-o",
        tool.folder / "again.zip",
    )

    (tool.folder / "event.json").write_text('{"x": 7}')
    package = tool.unpack(tool.folder / "again.zip")
    assert tool.invoke(package, "app.handler", [tool.folder / "event.json"]) == ["7"]


def test_nothing_changed_is_said_to_be_the_same(tool):
    first = tool.folder / "x.zip"
    tool("build", ROOT / "fixtures" / "svc", "--python", PYTHON, "-o", first)
    before = first.stat().st_mtime_ns

    tool("build", ROOT / "fixtures" / "svc", "--python", PYTHON, "-o", first)

    assert first.stat().st_mtime_ns == before
