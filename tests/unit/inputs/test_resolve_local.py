"""Requirements from a folder of wheels and sources: what is installed, kept, known and refused."""

import tarfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from lambda_slim.base.errors import ResolveError
from lambda_slim.inputs.resolve import check_tree, known_resolution, resolve, static, with_carried
from lambda_slim.model.distribution import Resolution
from lambda_slim.model.file import File, FileKind, Inventory
from lambda_slim.model.function import Function, Requirements, RequirementsKind
from lambda_slim.model.settings import Settings
from tests.indexes import file_name, wheel
from tests.unit.factory import TARGET

# A build backend of a few lines: it packs one module, and needs nothing that would have to be fetched.
BACKEND = """
import zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "own_source-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as file:
        file.write("own_source.py")
        info = "own_source-1.0.dist-info"
        file.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: own-source\\nVersion: 1.0\\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        file.writestr(f"{info}/RECORD", "")
    return name
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


@pytest.fixture(autouse=True)
def _own_caches(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))


def function_of(folder: Path, line: str) -> Function:
    """A function with one requirement, found in the folder `links`."""
    (folder / "links").mkdir(exist_ok=True)
    (folder / "requirements.txt").write_text(f"--no-index\n--find-links {folder / 'links'}\n{line}\n")
    requirements = Requirements(RequirementsKind.REQUIREMENTS, folder / "requirements.txt")
    return Function("F", "app.handler", folder, TARGET, requirements=requirements)


def test_a_wheel_of_a_folder_is_installed_kept_and_known(tmp_path):
    function = function_of(tmp_path, "internal-lib")
    (tmp_path / "links" / file_name()).write_bytes(wheel("us"))
    assert known_resolution(function) is None
    told = []

    first = resolve(function, Settings(tmp_path), told.append)
    again = resolve(function, Settings(tmp_path), told.append)

    assert [(row.name, row.version, row.direct, row.where) for row in first.distributions] == [
        ("internal-lib", "1.0", True, "requirements.txt:3")
    ]
    assert (first.tree / "internal_lib.py").read_text() == "WHO = 'us'\n"
    assert again == first == replace(known_resolution(function), notes=first.notes)
    assert [line for line in told if line.startswith("installing")] == [
        f"installing requirements.txt for {TARGET.label}"
    ]
    check_tree(first)
    (first.tree / "internal_lib.py").write_text("WHO = 'another'\n")
    with pytest.raises(ResolveError, match="changed during the build"):
        check_tree(first)


def source_of(folder: Path) -> None:
    with tarfile.open(folder / "own_source-1.0.tar.gz", "w:gz") as archive:
        for name, text in {
            "PKG-INFO": "Metadata-Version: 2.1\nName: own-source\nVersion: 1.0\n",
            "pyproject.toml": PROJECT,
            "backend.py": BACKEND,
            "own_source.py": "X = 1\n",
        }.items():
            row = tarfile.TarInfo(f"own_source-1.0/{name}")
            row.size = len(text.encode())
            archive.addfile(row, BytesIO(text.encode()))


def test_pure_sources_are_built_but_not_by_a_static_command(tmp_path):
    function = function_of(tmp_path, "own-source")
    source_of(tmp_path / "links")

    with pytest.raises(ResolveError, match="no wheel of own-source, and nothing is built"):
        resolve(function, Settings(tmp_path, static=True))

    partial = resolve(function, Settings(tmp_path, static=True, partial=True))
    assert (partial.unbuilt, partial.distributions) == (("own-source",), ())
    assert "own-source has no wheel, and this command builds nothing" in partial.notes[-1]
    assert known_resolution(function) is None, "what is left out is not known to `lint`"

    built = resolve(function, Settings(tmp_path))
    assert (built.tree / "own_source.py").read_text() == "X = 1\n"
    assert not resolve(function, Settings(tmp_path, static=True, partial=True)).unbuilt, "it was built, and is kept"


def test_a_requirement_that_nobody_has(tmp_path):
    with pytest.raises(ResolveError, match="a requirement does not exist") as raised:
        resolve(function_of(tmp_path, "internal-lib"), Settings(tmp_path))

    assert "internal-lib" in raised.value.cause


def test_a_local_project_is_not_built_by_a_static_command(tmp_path):
    with pytest.raises(ResolveError, match="a local project would have to be built") as raised, static([tmp_path]):
        pass

    assert tmp_path.name in raised.value.cause


LOCAL = '[project]\nname = "own-lib"\nversion = "1"\n{}\n' + PROJECT
RUNS = "import pathlib\npathlib.Path(__file__).with_name('RAN').write_text('x')\n"


@pytest.mark.parametrize("line", ["./lib", "-e ./lib", "own-lib @ file://{}/lib", "./lib[more]"])
def test_a_local_project_is_named_and_what_it_requires_is_there(tmp_path, line):
    function = function_of(tmp_path, line.format(tmp_path))
    (tmp_path / "links" / file_name()).write_bytes(wheel("us"))
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/pyproject.toml").write_text(LOCAL.format('dependencies = ["internal-lib"]'))
    (tmp_path / "lib/backend.py").write_text(RUNS + BACKEND)

    partial = resolve(function, Settings(tmp_path, static=True, partial=True))

    assert partial.unbuilt == ("own-lib",)
    assert [row.name for row in partial.distributions] == ["internal-lib"]
    assert not (tmp_path / "lib/RAN").exists()
    with pytest.raises(ResolveError, match="a local project would have to be built"):
        resolve(function, Settings(tmp_path, static=True))


@pytest.mark.parametrize(
    "rest",
    [
        'dynamic = ["dependencies"]',
        'dependencies = ["other @ file:///nowhere"]',
        'dependencies = ["other"]\n[tool.uv.sources]\nother = {path = "../other"}',
    ],
)
def test_a_local_project_that_a_build_alone_knows_is_no_list(tmp_path, rest):
    function = function_of(tmp_path, "./lib")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/pyproject.toml").write_text(LOCAL.format(rest))
    (tmp_path / "lib/backend.py").write_text(RUNS + BACKEND)
    with pytest.raises(ResolveError, match="a local project would have to be built"):
        resolve(function, Settings(tmp_path, static=True, partial=True))
    assert not (tmp_path / "lib/RAN").exists()


def test_what_lies_in_the_code_counts_as_a_distribution_once(tmp_path):
    for folder, name in (("vendored", "carried-2.0"), ("vendored", "known-1.0"), ("more", "carried-3.0")):
        info = tmp_path / folder / f"{name}.dist-info"
        info.mkdir(parents=True)
        title, _, version = name.partition("-")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {title}\nVersion: {version}\n")
    paths = sorted(path for path in tmp_path.rglob("METADATA"))
    files = [File(str(path.relative_to(tmp_path)), path, 1, "", FileKind.METADATA) for path in paths]
    known = with_carried(Resolution(None, (), "nothing"), Inventory(tuple(files)))

    assert [(row.name, row.version) for row in known.distributions] == [("carried", "3.0"), ("known", "1.0")]
