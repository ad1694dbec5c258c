"""Real wheels from the index: the right ones, or a clear error."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile

import pytest
import uv

from tests.e2e.conftest import PYTHON, ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.network]


def project(tool, requirements, name="requirements.txt", source="def handler(event, context):\n    return 1\n"):
    folder = tool.folder / "projéct with spaces"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(requirements)
    (folder / "app.py").write_text(source)
    return folder


def files_of(tool, folder, *flags, env=None):
    """What `files` lists of a project that was built once: `files` itself builds no sources."""
    tool("build", folder, *flags, "--bytecode", "none", "-o", tool.folder / "built.zip", env=env)
    return tool("files", folder, *flags, env=env)


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
        ("six==1.16.99\n", "a version does not exist"),
        ("numpy==1.21.0\n", "numpy==1.26.0 has one; numpy==1.21.0 has one for python3.9 (--python)"),
        ("numpy<1.22\n", "numpy<1.22 has one for python3.9, python3.10 (--python)"),
        ("requests==2.31.0\nurllib3<1.20\n", "the requirements cannot be met together"),
        ("requests===\n", "a line of the requirements cannot be read"),
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
    told = files_of(tool, project(tool, "docopt==0.6.2\n"), "--python", PYTHON)

    assert "docopt.py" in told


def test_what_lists_files_builds_nothing(tool):
    """A build runs code of whoever wrote the sources."""
    cold = {"LAMBDA_SLIM_CACHE": str(tool.folder / "cache"), "UV_CACHE_DIR": str(tool.folder / "uv")}
    folder = project(tool, "docopt==0.6.2\nsix==1.16.0\n")
    told = tool("files", folder, "--python", PYTHON, env=cold)

    assert "docopt has no wheel, and this command builds nothing" in told
    assert "six.py" in told
    assert "docopt.py" not in told


def test_includes_and_constraints(tool):
    folder = project(tool, "-r more.txt\n-c limits.txt\n")
    (folder / "more.txt").write_text("six\n")
    (folder / "limits.txt").write_text("six==1.16.0\n")

    assert "six-1.16.0.dist-info" in tool("files", folder, "--python", PYTHON)


def test_only_what_has_no_wheel_at_all_is_built(tool):
    """docopt is source only; numpy's newest wheels need a newer glibc than python3.11 has, and an older one does."""
    folder = project(tool, "docopt==0.6.2\nnumpy\nblinker\n")

    told = files_of(tool, folder, "--python", "3.11", "--arch", "x86_64")

    assert "docopt.py" in told
    assert re.search(r"numpy-2\.[0-3]\.\d+\.dist-info", told)


BACKEND = """
import zipfile

def build_wheel(folder, settings=None, metadata=None):
    info, name = "ours-1.0.dist-info", "ours-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("ours.py", "NEW = True")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: ours\\nVersion: 1.0\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", f"ours.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
    return name
"""


def sources_of_ours(links, backend, name="ours"):
    needs = "" if name == "ours" else "Requires-Dist: ours\n"
    backend = backend.replace("ours", name).replace("Version: 1.0\\n", "Version: 1.0\\n" + needs.replace("\n", "\\n"))
    source = links / f"{name}-1.0"
    source.mkdir()
    (source / "backend.py").write_text(backend)
    (source / "PKG-INFO").write_text(f"Metadata-Version: 2.2\nName: {name}\nVersion: 1.0\n{needs}")
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        f'[project]\nname = "{name}"\nversion = "1.0"\n'
    )
    if name != "ours":
        (source / "pyproject.toml").open("a").write('dependencies = ["ours"]\n')
    with tarfile.open(links / f"{name}-1.0.tar.gz", "w:gz") as sources:
        sources.add(source, f"{name}-1.0")
    shutil.rmtree(source)


def wheel_of(links, name, version, file, requires=""):
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(links / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(file, "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", f"{file},,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")


@pytest.mark.parametrize("built", [False, True], ids=["wheel", "built too"])
def test_what_a_requirement_needs_is_built_too(tool, built):
    """sumy: its oldest release has no wheel either, which uv tells first; what is missing is a requirement of it.

    pybars3: both have none, and where one may not be built, uv tries older releases of the other, which are broken.
    """
    folder = project(tool, "--no-index\n--find-links links\napp\n")
    links = folder / "links"
    links.mkdir()
    sources_of_ours(links, BACKEND)
    if built:
        sources_of_ours(links, BACKEND, "app")
    else:
        wheel_of(links, "app", "2.0", "app.py", "Requires-Dist: ours\n")
    with tarfile.open(links / "app-0.1.tar.gz", "w:gz") as old:
        old.add(folder / "requirements.txt", "app-0.1/requirements.txt")

    told = files_of(tool, folder, "--python", PYTHON, env={"UV_CACHE_DIR": str(tool.folder / "uv")})

    assert f"app-{'1' if built else '2'}.0.dist-info" in told
    assert "ours.py" in told


@pytest.mark.parametrize("broken", [False, True])
def test_a_newer_version_of_pure_sources_is_better_than_an_old_wheel(tool, broken):
    """xero-python: its one wheel is an empty stub of version 0.1.0, and every release since comes as sources."""
    folder = project(tool, "--no-index\n--find-links links\nours\n")
    links = folder / "links"
    links.mkdir()
    sources_of_ours(links, "import nowhere" if broken else BACKEND)
    wheel_of(links, "ours", "0.1", "ours_stub.py")

    told = files_of(tool, folder, "--python", PYTHON, env={"UV_CACHE_DIR": str(tool.folder / "uv")})

    assert ("ours_stub.py" in told) is broken
    assert f"ours-{'0.1' if broken else '1.0'}.dist-info" in told


def test_a_newer_version_that_needs_pure_sources_is_better_than_an_old_one_that_does_not(tool):
    """hydra-core: its releases since 1.0 need antlr4-python3-runtime, which comes as sources alone."""
    folder = project(tool, "--no-index\n--find-links links\napp\n")
    links = folder / "links"
    links.mkdir()
    sources_of_ours(links, BACKEND)
    wheel_of(links, "app", "2.0", "app.py", "Requires-Dist: ours\n")
    wheel_of(links, "app", "0.1", "app.py")

    told = files_of(tool, folder, "--python", PYTHON, env={"UV_CACHE_DIR": str(tool.folder / "uv")})

    assert "app-2.0.dist-info" in told
    assert "ours.py" in told


HASHES = {
    "six": "8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254",
    "attrs": "81921eb96de3191c8258c199618104dd27ac608d9366f5e35d011eae1867ede2",
}


def test_includes_with_hashes_that_hold_and_one_that_does_not(tool):
    folder = project(tool, "-r sub/more.txt\n" + f"six==1.16.0 \\\n    --hash=sha256:{HASHES['six']}\n")
    (folder / "sub").mkdir()
    (folder / "sub" / "more.txt").write_text(f"attrs==24.2.0 --hash=sha256:{HASHES['attrs']}\n")

    told = tool("files", folder, "--python", "3.12")
    assert "six.py" in told
    assert "attrs-24.2.0.dist-info" in told

    (folder / "sub" / "more.txt").write_text(f"attrs==24.2.0 --hash=sha256:{'1' * 64}\n")
    assert "does not have the hash" in tool("files", folder, "--python", "3.12", code=3)


def test_constraints_that_conflict(tool):
    folder = project(tool, "requests==2.32.3\n-c limits.txt\n")
    (folder / "limits.txt").write_text("urllib3<1.20\n")

    assert "cannot be met together" in tool("files", folder, "--python", "3.12", code=3)


def test_extras(tool):
    folder = project(tool, "requests[socks]==2.32.3\n")

    assert "socks.py" in tool("files", folder, "--python", "3.12")


LIBRARY = """\
[project]
name = "lib-of-ours"
version = "0.1"
requires-python = ">=3.11"
dependencies = ["attrs==24.2.0"]
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[tool.hatch.build.targets.wheel]
packages = ["lib_of_ours"]
"""


def library(folder):
    (folder / "lib_of_ours").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(LIBRARY)
    (folder / "lib_of_ours" / "__init__.py").write_text("ANSWER = 'first'\n")
    return folder


def answer(tool, folder, *arguments):
    (folder / "app.py").write_text(
        "import attrs, lib_of_ours\ndef handler(event, context):\n    return lib_of_ours.ANSWER\n"
    )
    (tool.folder / "e.json").write_text("{}")
    tool("build", folder, "--python", PYTHON, "--handler", "app.handler", "-o", tool.folder / "x.zip", *arguments)
    shutil.rmtree(tool.folder / "x-unpacked", ignore_errors=True)
    package = tool.unpack(tool.folder / "x.zip")
    assert not list(package.glob("*.pth"))  # no link to this machine
    assert not any(str(folder.parent).encode() in path.read_bytes() for path in package.rglob("*") if path.is_file())
    return tool.invoke(package, "app.handler", [tool.folder / "e.json"])


@pytest.mark.parametrize("line", ["./lib", "-e ./lib", "lib-of-ours @ file://{folder}/lib", "--editable=./lib"])
def test_a_local_project_ships_as_a_package_and_never_as_a_link(tool, line):
    """aws-lambda-builders#892: an editable install is a .pth that names a folder of the machine that built it."""
    folder = project(tool, "")
    library(folder / "lib")
    (folder / "requirements.txt").write_text(line.format(folder=str(folder).replace(" ", "%20")) + "\n")

    assert answer(tool, folder, "--exclude", "/lib/") == ["first"]

    (folder / "lib/lib_of_ours/__init__.py").write_text("ANSWER = 'second'\n")
    assert answer(tool, folder, "--exclude", "/lib/") == ["second"]


def test_pyproject_with_an_extra_and_a_local_path(tool):
    folder = project(
        tool,
        '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["lib-of-ours", "requests[socks]==2.32.3"]\n'
        '[tool.uv.sources]\nlib-of-ours = { path = "../lib", editable = true }\n',
        "pyproject.toml",
    )
    library(tool.folder / "lib")

    assert answer(tool, folder) == ["first"]
    assert (tool.folder / "x-unpacked" / "socks.py").is_file()

    (tool.folder / "lib/lib_of_ours/__init__.py").write_text("ANSWER = 'second'\n")
    assert answer(tool, folder) == ["second"]


@pytest.fixture
def workspace(tool):
    """A uv workspace with a function and a library, locked."""

    root = tool.folder / "wörk space"
    (root / "functions" / "orders").mkdir(parents=True)
    library(root / "lib")
    (root / "pyproject.toml").write_text(
        '[project]\nname = "root"\nversion = "0"\nrequires-python = ">=3.11"\ndependencies = ["idna"]\n'
        '[tool.uv.workspace]\nmembers = ["functions/*", "lib"]\n'
    )
    (root / "functions/orders/pyproject.toml").write_text(
        '[project]\nname = "orders"\nversion = "0"\nrequires-python = ">=3.11"\n'
        'dependencies = ["lib-of-ours", "six<1.17"]\n[dependency-groups]\ndev = ["pytest"]\n'
        "[tool.uv.sources]\nlib-of-ours = { workspace = true }\n"
    )
    subprocess.run([uv.find_uv_bin(), "lock", "-q"], cwd=root, check=True)
    return root


def test_a_workspace_member_gets_what_the_lock_says_and_no_more(tool, workspace):
    """aws-sam-cli#7744, uv#14963: the members it requires as packages, not the root's dependencies, no groups."""
    folder = workspace / "functions" / "orders"

    assert answer(tool, folder) == ["first"]

    names = {path.name for path in (tool.folder / "x-unpacked").iterdir()}
    assert {"six.py", "lib_of_ours", "attrs"} <= names
    assert not names & {"idna", "pytest", "orders"}

    (workspace / "lib/lib_of_ours/__init__.py").write_text("ANSWER = 'second'\n")
    assert answer(tool, folder) == ["second"]


def test_a_workspace_without_a_lock(tool, workspace):
    (workspace / "uv.lock").unlink()
    folder = workspace / "functions" / "orders"

    assert answer(tool, folder) == ["first"]

    (workspace / "lib/lib_of_ours/__init__.py").write_text("ANSWER = 'second'\n")
    assert answer(tool, folder) == ["second"]


def test_a_lock_is_kept_to_offline(tool, workspace):
    folder = workspace / "functions" / "orders"
    lock = (workspace / "uv.lock").read_text()
    answer(tool, folder)
    env = {"LAMBDA_SLIM_CACHE": str(tool.folder / "cold")}

    (folder / "app.py").write_text("import six\ndef handler(event, context):\n    return 1\n")
    assert "six-1.16.0.dist-info" in files_of(tool, folder, "--python", PYTHON, "--offline", env=env)
    assert (workspace / "uv.lock").read_text() == lock


def test_a_lock_that_is_damaged_or_old(tool, workspace):
    folder = workspace / "functions" / "orders"
    (folder / "app.py").write_text("def handler(event, context):\n    return 1\n")
    (workspace / "uv.lock").write_text("version = 1\n[[package\n")

    told = tool("build", folder, "--python", PYTHON, "-o", tool.folder / "x.zip", code=3)

    assert "`uv.lock` cannot be used" in told
    assert told.count("\n") <= 3


def test_a_pylock_with_hashes(tool):

    folder = project(tool, "six==1.16.0\n", "requirements.in")
    compile_lock = [uv.find_uv_bin(), "pip", "compile", "-q", "--python-version", PYTHON, "-o", "pylock.toml"]
    subprocess.run([*compile_lock, "requirements.in"], cwd=folder, check=True, capture_output=True)

    assert "six-1.16.0.dist-info" in tool("files", folder, "--python", PYTHON)

    text = (folder / "pylock.toml").read_text()
    assert "sha256" in text

    (folder / "pylock.toml").write_text(re.sub(r"[0-9a-f]{64}", "0" * 64, text))
    assert "does not have the hash" in tool("files", folder, "--python", PYTHON, code=3)


def test_credentials_of_an_index_are_nowhere(tool):
    """aws-cdk#27903: tokens in logs, cache keys and packages."""
    folder = project(tool, "--index-url https://user:s3cr3t-t0ken@127.0.0.1:9/simple\nsix\n")
    env = {"LAMBDA_SLIM_CACHE": str(tool.folder / "cold"), "UV_HTTP_TIMEOUT": "2", "UV_HTTP_RETRIES": "0"}

    told = tool("build", folder, "--python", PYTHON, "-vv", "-o", tool.folder / "x.zip", code=3, env=env)

    assert "s3cr3t" not in told
    files = [path for path in (tool.folder / "cold").rglob("*") if path.is_file()]
    assert not any(b"s3cr3t" in path.read_bytes() for path in files)


def test_two_builds_at_once_on_one_cold_cache(tool):

    folder = project(tool, "jinja2==3.1.4\nattrs==24.2.0\n")
    env = {"PYTHONPATH": str(ROOT), "LAMBDA_SLIM_CACHE": str(tool.folder / "cold")}
    command = [sys.executable, "-m", "lambda_slim", "build", str(folder), "--python", PYTHON, "-q", "-o"]

    children = [
        subprocess.Popen([*command, f"{n}.zip"], cwd=tool.folder, env={**os.environ, **env}, stderr=subprocess.PIPE)
        for n in range(3)
    ]

    assert [(one.wait(), one.stderr.read()) for one in children] == [(0, b"")] * 3
    assert len({(tool.folder / f"{n}.zip").read_bytes() for n in range(3)}) == 1
    assert not list((tool.folder / "cold" / "trees").rglob(".*[!k]/"))


def test_pyproject_dependencies(tool):
    folder = project(tool, '[project]\nname = "x"\nversion = "1"\ndependencies = ["six==1.16.0"]\n', "pyproject.toml")

    assert "six.py" in tool("files", folder, "--python", PYTHON)


def test_packages_of_other_tools_are_slimmed_too(tool):
    """Adoption in one command: a folder that another tool built, then the zip of it."""

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
